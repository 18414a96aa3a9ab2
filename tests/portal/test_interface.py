"""The design system: tags, includes, and the weight of the first load."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from portal.kernel.decision import ALLOW, deny
from portal.kernel.workflow import Status
from portal.web.templatetags import interface

TEMPLATES = Path(__file__).parents[2] / "templates"


def render(source: str, **context: object) -> str:
    """The HTML of a few lines of template, under the strict rules of the tests."""
    template = engines["django"].from_string("{% load i18n interface %}" + source)
    return template.render(context, RequestFactory().get("/?q=garam&page=2"))


def test_badge_has_tone_icon_and_word():
    html = render("{% badge status %}", status=Status("draft", "Konsep", "warning"))
    assert "tone-warning" in html and "#warning" in html and "Konsep" in html


def test_badge_escapes():
    assert "&lt;b&gt;" in render("{% badge label 'info' %}", label="<b>")


def test_every_icon_named_in_a_template_exists():
    known = set(re.findall(r'<symbol id="([a-z-]+)"', Path(finders.find("img/icons.svg")).read_text()))
    named = {
        name for file in TEMPLATES.rglob("*.html") for name in re.findall(r'{% icon "([a-z-]+)"', file.read_text())
    }
    assert named | set(interface.TONE_ICONS.values()) <= known


@pytest.mark.parametrize(
    ("name", "letters"), [("Panitia Contoh", "PC"), ("Maria Goreti Bria, S.E.", "MB"), ("notulis", "N"), ("", "?")]
)
def test_initials(name, letters):
    assert interface.initials(name) == letters


def tile(**changes: object) -> dict:
    return {"row": 1, "col": 11, "code": "BLU", "name": "Kabupaten Belu", **changes}


def test_tile_map_places_tiles_by_class():
    html = render("{% tile_map tiles 'Peta' legend %}", tiles=[tile(note="mengirim")], legend=[])
    assert "tile-columns-12" in html and 'class="tile-r1 tile-c11"' in html
    assert "Kabupaten Belu: mengirim" in html and "style=" not in html


@pytest.mark.parametrize("col", [None, 16, -1])
def test_tile_map_flows_when_a_place_is_missing(col):
    html = render("{% tile_map tiles %}", tiles=[tile(), tile(col=col)])
    assert "tile-map-flow" in html and "tile-c" not in html.replace("tile-code", "")


def test_action_says_why_not():
    html = render(
        '{% include "components/action.html" with decision=no label="Ubah" url="/x/" id="e" %}', no=deny("Sudah final.")
    )
    assert 'aria-disabled="true"' in html and "Sudah final." in html and "/x/" not in html


def test_action_posts_when_allowed():
    html = render(
        '{% include "components/action.html" with decision=yes label="Tutup" url="/x/" post=True %}', yes=ALLOW
    )
    assert '<form action="/x/" method="post"' in html


def test_pagination_keeps_the_query():
    page = Paginator(range(100), 5).get_page(2)
    html = render("{% pagination page %}", page=page)
    assert "?q=garam&amp;page=3" in html and 'aria-current="page">2' in html


def test_one_page_needs_no_pagination():
    assert render("{% pagination page %}", page=Paginator(range(3), 5).get_page(1)).strip() == ""


INCLUDES = {
    "tasks": {"tasks": [{"title": "Periksa notula", "url": "/x/"}]},
    "empty": {"title": "Belum ada"},
    "notice": {"text": "Libur"},
    "toolbar": {"q": "", "filters": [{"name": "a", "label": "A", "value": 1, "choices": [(1, "Satu")]}]},
    "tabs": {"label": "Bagian", "tabs": [{"url": "/x/", "label": "A", "active": True}]},
    "steps": {"steps": [{"label": "Konsep", "state": "done"}, {"label": "Final", "state": "current"}]},
    "timeline": {"entries": []},
    "progress": {"id": "doc", "title": "Sedang dibuat", "poll": "/x/"},
    "share": {"id": "a", "text": "Halo"},
    "confirm": {"question": "Hapus?", "url": "/x/", "back": "/", "label": "Hapus"},
}


@pytest.mark.parametrize("name", INCLUDES)
def test_includes_need_no_more_than_they_say(name):
    html = render(f'{{% include "components/{name}.html" %}}', **INCLUDES[name])
    assert html.strip() and "style=" not in html


@pytest.mark.parametrize("name", ["400", "403", "404", "409", "500", "403_csrf"])
def test_error_pages_stand_without_any_context(name):
    assert "<h1>" in engines["django"].get_template(f"{name}.html").render()


def test_first_load_is_light():
    """Issue 2 §6: ≤ 100 KB compressed with all assets; 15 KB of it are left to the page's own HTML."""
    head = (TEMPLATES / "components" / "head.html").read_text()
    assets = [*re.findall(r'{% static "([^"]+)" %}', head), "img/icons.svg", "img/ikat.svg", "img/ikat-side.svg"]
    weight = sum(len(gzip.compress(Path(finders.find(asset)).read_bytes(), 6)) for asset in assets)
    assert weight <= 85_000


# Chrome 70 of an old phone stops reading a script, or drops a whole rule, at any of these.
TOO_NEW = {
    "js": r"\?\.[\w(\[]|\?\?|\breplaceAll\(|\.at\(|fromEntries|structuredClone|allSettled|matchAll\(|randomUUID",
    "css": r":has\(|:is\(|:where\(|\binset\s*:|aspect-ratio|[\s:(](?:clamp|min|max)\(|@container|@layer|oklch",
}
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("kind", TOO_NEW)
def test_old_phones_can_read_it(kind):
    static = TEMPLATES.parent / "static" / kind
    found = [
        f"{file.name}: {match.group()}"
        for file in sorted(static.glob(f"*.{kind}"))
        for match in re.finditer(TOO_NEW[kind], COMMENT.sub("", file.read_text()), re.MULTILINE)
    ]
    assert found == []


def test_no_flex_row_relies_on_gap():
    """Chrome 70 knows gap in grids only: a rule with gap must say display: grid, or be an override of one that does."""
    for file in (TEMPLATES.parent / "static" / "css").glob("*.css"):
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", COMMENT.sub("", file.read_text())):
            assert not ("gap:" in body and "flex" in body), f"{file.name}: {selector.strip()}"
