import nh3

TABLE = nh3.Cleaner(tags={"table", "tr", "td"}, attributes={"td": {"colspan"}})


def check():
    assert nh3.clean("<b>a</b><script>alert(1)</script><img src=x onerror=y>") == '<b>a</b><img src="x">'
    assert nh3.clean('<a href="javascript:x()" title="t">k</a>') == '<a title="t" rel="noopener noreferrer">k</a>'
    assert nh3.clean("<p>žluťoučký <i>kůň</p>") == "<p>žluťoučký <i>kůň</i></p>"
    assert TABLE.clean('<table><tr><td colspan="2" class="x"><u>1</u>') == (
        '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>'.replace("<tbody>", "").replace("</tbody>", ""))
    shown = nh3.clean('<i class="a b">x</i>', attributes={"i": {"class"}}, attribute_filter=lambda tag, name, value: value.upper())
    assert shown == '<i class="A B">x</i>'
    assert nh3.clean_text("<a & b>").startswith("&lt;a") and nh3.is_html("a<b>") and not nh3.is_html("a b")
    assert "script" not in nh3.ALLOWED_TAGS
    try:
        nh3.clean(1)
    except TypeError:
        return
    raise AssertionError
