import cmarkgfm
from cmarkgfm import cmark
from cmarkgfm._cmark import ffi, lib

TEXT = """# Wasm & *me*

| a | b |
|:-:|---|
| 1 | ~~2~~ |

- [x] done at www.example.com
- [ ] <title>x</title>
"""


def check():
    assert cmarkgfm.markdown_to_html("Über *uns*") == "<p>Über <em>uns</em></p>\n"
    html = cmarkgfm.github_flavored_markdown_to_html(TEXT, cmark.Options.CMARK_OPT_UNSAFE)
    for part in [
        "<h1>Wasm &amp; <em>me</em></h1>", '<th align="center">a</th>', "<td><del>2</del></td>",
        'type="checkbox" checked="" disabled="" /> done', '<a href="http://www.example.com">', "&lt;title>x",
    ]:
        assert part in html, html
    assert "<table>" not in cmarkgfm.markdown_to_html(TEXT)
    assert "“a” – b" in cmarkgfm.markdown_to_html('"a" -- b', cmark.Options.CMARK_OPT_SMART)
    footnote = cmarkgfm.markdown_to_html("a[^1]\n\n[^1]: b", cmark.Options.CMARK_OPT_FOOTNOTES)
    assert 'href="#fn-1"' in footnote and 'id="fn-1"' in footnote, footnote
    try:
        cmark.markdown_to_html_with_extensions("a", extensions=["none"])
    except ValueError as error:
        assert "none" in str(error)
    else:
        raise AssertionError("there is no such extension")
    pointers()


def pointers():
    # Functions are called by their names, and by pointers to them, too.
    tree = cmark.parse_document("a")
    render = ffi.addressof(lib, "cmark_render_html")
    assert ffi.string(render(tree, cmark.Options.CMARK_OPT_SOURCEPOS, ffi.NULL)) == b'<p data-sourcepos="1:1-1:1">a</p>\n'
    assert ffi.addressof(lib, "cmark_node_get_type")(tree) == lib.cmark_node_get_type(tree) != lib.CMARK_NODE_NONE
    for wrong in lambda: render(tree), lambda: lib.cmark_parse_document("text", 4, 0), lambda: lib.nothing:
        try:
            wrong()
        except (TypeError, AttributeError):
            continue
        raise AssertionError("it is no call")
