"""Pages against a bare Django view with the same number of queries, and what they weigh on the line.

Measured on a throw-away portal that holds the demo; the clock runs in a process of that portal, through the whole
stack of middleware. The bare view asks the database as often, by primary key, and answers "ok".
"""

from __future__ import annotations

import gc
import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Figure

ROUNDS = 60
PAGES = {
    "agenda, regency": ("operator-blu", "/rakor/atambua-2019/agenda/"),
    "agenda, planner": ("panitia", "/rakor/atambua-2019/agenda/"),
    "agenda, planning": ("panitia", "/rakor/atambua-2019/agenda/?rencana=1"),
    "minutes, regency": ("operator-blu", "final"),
    "minutes editor, 30 entries": ("notulis", "draft-30"),
    "minutes editor, 300 entries": ("notulis", "draft-300"),
}
FOR_INFORMATION = {"minutes editor, 300 entries"}
FIRST_LOAD = 100_000
NAVIGATION = 15_000
_ASSET = re.compile(r'(?:href|src)="(/static/[^"#]+)')
_IN_STYLE = re.compile(r"url\([\"']?([^)\"'#]+)")


def measure() -> list[Figure]:
    """Ratios to the bare view, queries, and bytes of a first load and of a later navigation."""
    from bench.portals import demo_portal

    with demo_portal() as portal:
        found = portal.timed("bench.pages")
    figures = []
    for name, page in found.items():
        # An hour of minutes has some thirty entries; three hundred are shown to see how a page grows, not to pass.
        bound = name not in FOR_INFORMATION
        note = f"{page['queries']} queries; {page['page_ms']:.1f} ms against {page['bare_ms']:.1f} ms"
        figures.append(Figure(f"{name} ÷ bare view", page["ratio"], 2.0 if bound else None, note=note))
        figures.append(Figure(f"{name}, changed since ÷ bare view", page["cold"], note="nothing remembered"))
        for what, key, limit in (("first load", "first", FIRST_LOAD), ("later navigation", "later", NAVIGATION)):
            figures.append(Figure(f"{name}: {what}", page[key] / 1000, limit / 1000 if bound else None, " kB"))
    return figures


def timed() -> dict[str, dict[str, float]]:
    """The figures of each page, from inside the portal."""
    from django.http import HttpRequest, HttpResponse  # noqa: TID251  the bare view speaks HTTP too
    from django.test import Client
    from django.urls import clear_url_caches, path

    import portal.urls
    from portal.accounts.models import User
    from rakor.models import Meeting, Minutes

    asked = [0]

    def bare(request: HttpRequest) -> HttpResponse:
        for _number in range(asked[0]):
            Meeting.objects.filter(pk=1).first()
        return HttpResponse("ok" if request.user.is_authenticated else "")

    portal.urls.urlpatterns.append(path("bare/", bare))
    clear_url_caches()
    final = Minutes.objects.filter(session__meeting__slug="atambua-2019", status="final")[1]
    places = {"final": _address(final.session)}
    for number, entries in enumerate((30, 300), 1):
        places[f"draft-{entries}"] = _address(_drafted(entries, number))
    found = {}
    for name, (user, place) in PAGES.items():
        client = Client(headers={"Accept-Encoding": "br, gzip"})
        client.force_login(User.objects.get(username=user))
        found[name] = _compared(client, places.get(place, place), asked)
    return found


def _compared(client: object, address: str, asked: list[int]) -> dict[str, float]:
    """One page against the bare view, which is told through `asked` how many queries make it ask as often."""
    _queries(client, address)
    count = _queries(client, address)
    asked[0] = 0
    _queries(client, "/bare/")
    asked[0] = count - _queries(client, "/bare/")
    pairs = [(_seconds(client, "/bare/"), _seconds(client, address)) for _round in range(ROUNDS)]
    cold = [(_seconds(client, "/bare/"), _seconds(client, address, _forget)) for _round in range(ROUNDS // 3)]
    later = len(client.get(address).content)
    return {
        "ratio": statistics.median(page / bare for bare, page in pairs),
        "page_ms": statistics.median(page for _bare, page in pairs) * 1000,
        "bare_ms": statistics.median(bare for bare, _page in pairs) * 1000,
        "cold": statistics.median(page / bare for bare, page in cold),
        "queries": count,
        "later": later,
        "first": later + _weight(client, address),
    }


def _queries(client: object, url: str) -> int:
    """Statements that the answer takes.

    Errors: RuntimeError when the answer is no page.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}")
    return len(seen)


def _forget() -> None:
    """Empty both memories of rendered fragments: the programme's and the entries'."""
    from portal.web.fragments import forget_fragments
    from rakor.views.minutes_fragments import forget_entries

    forget_fragments()
    forget_entries()


def _address(session: object) -> str:
    """Where its minutes are read and written."""
    from django.urls import reverse

    return reverse("minutes", args=[session.meeting.slug, session.pk])


def _drafted(entries: int, number: int) -> object:
    """A session of the demo edition whose minutes are being written, with that many entries."""
    from portal.accounts.models import User
    from rakor.actions.minutes import save_entry, start_minutes
    from rakor.models import Session

    writer = User.objects.get(username="notulis")
    session = Session.objects.filter(meeting__slug="atambua-2019", kind="desk")[number]
    minutes = start_minutes(session, by=writer)
    for turn in range(entries):
        words = {
            "kind": ("pembahasan", "permasalahan", "keputusan", "tindak_lanjut")[turn % 4],
            "speaker": f"Peserta {turn % 60}", "institution": "Dinas Perindustrian",
            "text": f"Butir **{turn}**: data IKM disampaikan setiap triwulan.\n\n- satu\n- dua",
        }  # fmt: skip
        save_entry(minutes, words, by=writer)
    return session


def _seconds(client: object, url: str, before: Callable[[], None] = gc.collect) -> float:
    before()
    begin = time.perf_counter()
    client.get(url)
    return time.perf_counter() - begin


def _weight(client: object, address: str) -> int:
    """Compressed bytes of everything that the page loads besides itself."""
    text = client.get(address, headers={"Accept-Encoding": "identity"}).content.decode()
    return sum(_compressed(name) for name in _loaded(set(_ASSET.findall(text))))


def _loaded(names: set[str]) -> set[str]:
    """The assets with those that their style sheets name in turn."""
    from django.conf import settings

    inner = set()
    for name in names:
        if name.endswith(".css"):
            file = Path(settings.STATIC_ROOT) / name.removeprefix("/static/")
            for reference in _IN_STYLE.findall(file.read_text()):
                if not reference.startswith("data:"):
                    target = (file.parent / reference).resolve().relative_to(Path(settings.STATIC_ROOT).resolve())
                    inner.add(f"/static/{target}")
    return names | inner


def _compressed(name: str) -> int:
    """Bytes of the file as browsers get it over HTTPS, which production demands: brotli, else as it is."""
    from django.conf import settings

    file = Path(settings.STATIC_ROOT) / name.removeprefix("/static/")
    for suffix in (".br", ""):
        packed = file.with_name(file.name + suffix)
        if packed.exists():
            return packed.stat().st_size
    return 0


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(timed(), sys.stdout)
    print()
