import io

from lxml import etree, html, objectify


def check():
    text = "<?xml version='1.0' encoding='latin-1'?><a x='1'><b>é</b><b/><!-- c --></a>"
    root = etree.fromstring(text.encode("latin-1"))
    assert root.xpath("count(//b)") == 2 and root[0].text == "é" and root.get("x") == "1"
    assert etree.tostring(root, encoding="unicode") == '<a x="1"><b>é</b><b/><!-- c --></a>'
    try:
        etree.fromstring("<a><b></a>")
    except etree.XMLSyntaxError as error:
        assert error.lineno == 1, error
    else:
        raise AssertionError("b is not closed")
    style = etree.XSLT(etree.XML(
        "<x:stylesheet version='1.0' xmlns:x='http://www.w3.org/1999/XSL/Transform'><x:output method='text'/>"
        "<x:template match='/'><x:for-each select='//i'><x:sort select='.'/><x:value-of select='.'/></x:for-each>"
        "</x:template></x:stylesheet>"))
    assert str(style(etree.XML("<l><i>c</i><i>a</i><i>b</i></l>"))) == "abc"
    schema = etree.RelaxNG(etree.XML(
        "<element name='a' xmlns='http://relaxng.org/ns/structure/1.0'><zeroOrMore><element name='b'><text/></element>"
        "</zeroOrMore></element>"))
    assert schema.validate(etree.XML("<a><b/></a>")) and not schema.validate(etree.XML("<a><c/></a>"))
    page = html.fromstring("<p>One<p class=x>Two &amp; <a href='/y'>three</a>")
    page.make_links_absolute("http://h")
    assert page.xpath("//a/@href") == ["http://h/y"]
    assert objectify.fromstring("<r><n>3</n><s>t</s></r>").n + 1 == 4
    names = [element.tag for _, element in etree.iterparse(io.BytesIO(b"<r><x/><y/></r>"))]
    assert names == ["x", "y", "r"]
