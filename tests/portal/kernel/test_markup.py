"""What people type becomes safe text."""

from html.parser import HTMLParser

import pytest

from portal.kernel.markup import to_html, to_plain


def test_emphasis_and_lists():
    assert to_html("**garam** dan *kelor*") == "<p><strong>garam</strong> dan <em>kelor</em></p>\n"
    assert "<li>satu</li>" in to_html("- satu\n- dua")


def test_a_line_break_stays_a_line_break():
    assert to_html("satu\ndua") == "<p>satu<br>\ndua</p>\n"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src="file:///etc/passwd">',
        "![x](http://169.254.169.254/latest)",
        "[x](javascript:alert(1))",
        '<link rel=attachment href="file:///etc/passwd">',
        '<p style="background:url(http://127.0.0.1/)">x</p>',
        "<!-- x -->",
    ],
)
def test_nothing_hostile_becomes_markup(hostile):
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append((tag, attrs))
    parser.handle_comment = lambda data: found.append(("comment", data))
    parser.feed(to_html(hostile))
    assert found == [("p", [])]


def test_plain_text_is_one_line():
    assert to_plain("**Garam**\n\n- satu\n- dua") == "Garam satu dua"
