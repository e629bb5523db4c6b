import markupsafe
import markupsafe._speedups


def check():
    assert markupsafe._escape_inner is markupsafe._speedups._escape_inner
    assert str(markupsafe.escape("<a & 'b'>")) == "&lt;a &amp; &#39;b&#39;&gt;"
    assert markupsafe.Markup("<em>%s</em>") % "<x>" == "<em>&lt;x&gt;</em>"
