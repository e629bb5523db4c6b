import tree_sitter_json
from tree_sitter import Language, Parser


def check():
    root = Parser(Language(tree_sitter_json.language())).parse(b'[{"a": -1.5e3}, "\\n", null]').root_node
    kinds = [node.type for node in root.child(0).named_children]
    assert kinds == ["object", "string", "null"] and root.descendant_for_byte_range(7, 8).text == b"-1.5e3"
    assert Parser(Language(tree_sitter_json.language())).parse(b"[1,").root_node.has_error
