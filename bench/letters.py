"""58 letters approved and printed: one worker process against two, on copies of the same database; then bound.

Measured is the time from the first approval to the last paper: three letters by the verb of the page, to 22 heads of
office, 22 heads of regions and 14 other agencies, each copy with its number. As with the desks (bench.desks) the
client is warm, the end is read from the rows, and client, PostgreSQL and Redis share the processors with the workers;
the note tells how long the client approved.

The print bundle is measured in one process: rendering the 58 papers one by one, and binding them, by processor time.
"""

from __future__ import annotations

import json
import sys
import time

from bench.desks import PATIENCE, copied, ready_workers, timed_with
from bench.figures import Figure, rounds_of, seconds, two_workers

ROUNDS = 3
LETTERS = 58
OTHERS = 14


def measure() -> list[Figure]:
    """Time with two workers ÷ time with one (the issue wants one ≥ 1.7 times as long), and the print bundle."""
    from bench.portals import demo_portal

    own: dict[str, str] = {}
    with demo_portal() as portal:
        portal.run("-m", "bench.letters", "prepare")

        def timed(turn: int, workers: int) -> dict[str, float]:
            own.update(copied(portal, f"bench_letters_{turn}_{workers}"))
            return timed_with(portal, workers, own, "bench.letters", "approve")

        rounds = rounds_of(timed, ROUNDS)
        book = portal.timed("bench.letters", "bundle", **own)  # of the copy that was printed last
    also = "{clicks:.1f} s of it approving"
    sums = (
        f"{book['parts']:.1f} s the papers, {book['bound']:.2f} s binding {book['pages']} pages, {book['size']:.1f} MB"
    )
    return [
        two_workers("58 letters, two workers ÷ one", rounds, until="papers", also=also, limit=round(1 / 1.7, 3)),
        Figure("print bundle ÷ sum of its parts", 1 + book["bound"] / book["parts"], 1.2, note=sums),
    ]


def prepare() -> None:
    """An edition with 58 recipients and their three letters, initialled."""
    from django.utils import timezone

    from rakor.actions.demo import demo_user
    from rakor.actions.letters import draft_letter, move_letter
    from rakor.actions.recipients import add_recipients, invite_all
    from rakor.models import Invitation, Meeting
    from rakor.queries.signers import usual_signer
    from regencies.models import Agency, Position
    from regencies.queries import home_province

    meeting = Meeting.objects.get(ends_on__gte=timezone.localdate())  # the one that the demo plans, with a programme
    writer = demo_user("panitia")
    office = Agency.objects.create(
        name="Sekretariat Daerah Provinsi Nusa Tenggara Timur", level="provinsi", province=home_province()
    )
    Position.objects.create(
        person=demo_user("pengamat"), agency=office, role="pimpinan", title="Sekretaris Daerah", starts_on="2016-01-01"
    )
    for group in (Invitation.Group.HEAD_OF_OFFICE, Invitation.Group.HEAD_OF_REGION):
        invite_all(meeting, group, by=writer)
    group = Invitation.Group.OTHER
    others = [{"group": group, "addressee": f"Kepala Instansi Uji {number}"} for number in range(1, OTHERS + 1)]
    add_recipients(meeting, others, by=writer)
    for each in Invitation.Group.values:
        values = {
            "group": each, "subject": f"Undangan {meeting.title}", "content": _content(meeting),
            "signer": usual_signer(each, timezone.localdate()),
        }  # fmt: skip
        letter = draft_letter(meeting, "undangan", values, by=writer)
        move_letter(letter, "initial", by=demo_user("kabid"))


def _content(meeting: object) -> dict[str, object]:
    return {
        "opening": "Dalam rangka menyepakati program industri kecil dan menengah, kami mengundang Saudara pada:",
        "starts_on": meeting.starts_on.isoformat(), "ends_on": meeting.ends_on.isoformat(), "starts_at": "09:00",
        "venue": meeting.place, "agenda": ["Evaluasi pelaksanaan kegiatan", "Penyusunan program tahun depan"],
        "closing": "Demikian disampaikan, atas perhatian Saudara diucapkan terima kasih.",
        "data_to_bring": ["Realisasi fisik dan keuangan", "Usulan program dengan KAK dan RAB"],
        "copies_to": ["Gubernur (sebagai laporan)"], "attachments": ["daftar", "jadwal", "data"],
    }  # fmt: skip


def approve() -> dict[str, float]:
    """Approve the three letters one after the other, then wait for the last paper.

    Shape: {"papers": seconds from the first approval to the last paper, "clicks": seconds to the last approval}.
    """
    from django.db.models import Max
    from django.utils import timezone

    from portal.documents.models import Document
    from rakor.actions.demo import demo_user
    from rakor.actions.letters import move_letter
    from rakor.models import Letter

    head, waiting = demo_user("kadis-prov"), list(Letter.objects.filter(status="diparaf").order_by("pk"))
    _warm_up(waiting[-1], head)
    begin = timezone.now()
    for letter in waiting:
        move_letter(letter, "approve", by=head)
    clicked = timezone.now()
    papers = Document.objects.filter(kind="undangan")
    while papers.exclude(status="ready").exists():
        if (timezone.now() - begin).total_seconds() > PATIENCE:
            raise RuntimeError(f"{papers.exclude(status='ready').count()} papers are not ready")
        time.sleep(0.2)
    if papers.count() != LETTERS:
        raise RuntimeError(f"{papers.count()} papers")
    last = papers.aggregate(last=Max("finished_at"))["last"]
    return {"papers": (last - begin).total_seconds(), "clicks": (clicked - begin).total_seconds()}


def _warm_up(letter: object, head: object) -> None:
    """Approve one and take it back, and see that the workers are there."""
    from django.db import transaction

    from rakor.actions.letters import move_letter

    with transaction.atomic():
        move_letter(letter, "approve", by=head)
        transaction.set_rollback(True)
    ready_workers()


def bundle() -> dict[str, float]:
    """Render the 58 papers again one by one, and bind those that are kept.

    Shape: {"parts", "bound": seconds of processor time, "pages", "size": MB}.
    """
    from portal.documents import rendering
    from portal.documents.binding import bind
    from portal.documents.facts import Envelope
    from portal.documents.models import Document

    rendering.preload()
    rows = list(Document.objects.filter(kind="undangan").order_by("pk"))
    press, made = rendering.press(), []
    parts = sum(
        seconds(lambda row=row: press.render(Envelope(row.kind, row.template_version, row.paper, row.facts), "x"))
        for row in rows
    )
    entries = [{"name": f"{number:02}.pdf", "document": row.pk} for number, row in enumerate(rows, 1)]
    bound = seconds(lambda: made.append(bind(entries, "paket/bench.pdf", lambda _done: None)))
    pages = sum(row.pages + row.pages % 2 for row in rows)
    return {"parts": parts, "bound": bound, "pages": pages, "size": made[0].size / 1e6}


if __name__ == "__main__":
    import django

    import portal.celery  # noqa: F401  orders go to the portal's own queue

    django.setup()
    json.dump({"prepare": prepare, "approve": approve, "bundle": bundle}[sys.argv[1]](), sys.stdout)
    print()
