import tree_sitter_json
from tree_sitter import Language, Parser, Query, QueryCursor, QueryError, Tree

JSON = Language(tree_sitter_json.language())


def check():
    assert JSON.abi_version >= 14 and JSON.node_kind_for_id(JSON.id_for_node_kind("pair", True)) == "pair"
    parser = Parser(JSON)
    source = '{"é": [1, true, null],\n "b": {"c": "d"}}'.encode()
    tree = parser.parse(source)
    assert isinstance(tree, Tree) and not tree.root_node.has_error
    assert str(tree.root_node.child(0).named_child(1)) == (
        "(pair key: (string (string_content)) value: (object (pair key: (string (string_content)) "
        "value: (string (string_content)))))")
    pair = tree.root_node.descendant_for_byte_range(2, 3).parent.parent
    assert pair.type == "pair" and pair.child_by_field_name("value").text == b"[1, true, null]"
    assert pair.end_point.column == 22 and pair.next_named_sibling.start_point == (1, 1)
    query = Query(JSON, '(pair key: (string) @key value: (_) @value (#match? @key "b"))')
    captures = QueryCursor(query).captures(tree.root_node)
    assert [node.text for node in captures["key"]] == [b'"b"'] and captures["value"][0].type == "object"
    cursor, kinds = tree.walk(), []
    while cursor.goto_first_child():
        kinds.append(cursor.node.type)
    assert kinds == ["object", "{"] and cursor.goto_next_sibling() and cursor.node.type == "pair"
    at = source.index(b"true")
    changed = source.replace(b"true", b"[2]")
    tree.edit(at, at + 4, at + 3, (0, at), (0, at + 4), (0, at + 3))
    again = parser.parse(changed, tree)
    assert any(each.start_byte <= at < each.end_byte for each in tree.changed_ranges(again))
    assert again.root_node.descendant_for_byte_range(at + 1, at + 2).type == "number"
    pieces = parser.parse(lambda offset, point: changed[offset : offset + 5])
    assert str(pieces.root_node) == str(again.root_node)
    broken = parser.parse(b'{"a": }').root_node
    assert broken.has_error and "MISSING" in str(broken) or "ERROR" in str(broken)
    for wrong in lambda: Query(JSON, "(no_such_node)"), lambda: parser.parse(1), lambda: Language(0):
        try:
            wrong()
        except (QueryError, TypeError, ValueError):
            continue
        raise AssertionError("that is not possible")
