"""`manage.py load_scenario atambua [--through]`: 132 proposals with known totals, and the decisions on them."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from portal.documents.actions import render_now
from portal.documents.models import Document
from portal.kernel.errors import PortalError
from portal.kernel.money import thousands
from programs.queries.agreed import Line, Recap, recap
from rakor.actions.scenario import load_proposals, open_next_round
from rakor.actions.scenario_guests import load_guests, open_door
from rakor.actions.scenario_meeting import hold_desks, hold_plenary
from rakor.models import Agreement, Meeting

EDITIONS = {"atambua": "atambua-2019"}
PRESENT = 88
"""Of 96 on the first morning: 92 % (domain §8.1)."""


class Command(BaseCommand):
    """Brings the synthetic edition in by the verbs of the screens, and prints its totals from the database."""

    help = "Memuat edisi sintetis dengan 132 usulan; hanya dalam mode lokal dan uji."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", choices=sorted(EDITIONS))
        parser.add_argument("--desks", type=int, default=0, help="banyaknya desk pertama yang langsung ditutup")
        parser.add_argument(
            "--guests",
            action="store_true",
            help="juga panitia, undangan, jawaban, peserta, dan pintu",
        )
        parser.add_argument(
            "--through", action="store_true", help="juga 22 desk, pleno, dan cetak semua berita acara tanpa pekerja"
        )

    def handle(
        self, *args: Any, edition: str, through: bool, guests: bool, desks: int, verbosity: int, **options: Any
    ) -> None:
        """Load what is missing, print what the database says."""
        self.loud = verbosity > 0
        with translation.override("id"):
            try:
                meeting = self._load(EDITIONS[edition], desks)
                if guests:
                    self._invite(meeting)
                if through:
                    self._go_through(meeting)
            except PortalError as error:
                raise CommandError(str(error)) from error
            if self.loud:
                self.stdout.write("\n" + tables(recap(meeting.planning_year, meeting.province_id)))

    def _load(self, slug: str, desks: int) -> Meeting:
        call_command("load_demo", verbosity=0)
        meeting = Meeting.objects.select_related("province").get(slug=slug)
        with self._timed("Usulan sampai siap desk"):
            new = load_proposals(meeting)
        open_next_round(Meeting.objects.filter(starts_on__gt=timezone.localdate()).order_by("starts_on").first())
        if new:
            hold_desks(meeting, only=desks)
        return meeting

    def _invite(self, meeting: Meeting) -> None:
        with self._timed("Undangan, jawaban, dan peserta"):
            load_guests(meeting)
            open_door(meeting, count=PRESENT)

    def _go_through(self, meeting: Meeting) -> None:
        with self._timed("22 desk"):
            desks = hold_desks(meeting)
        with self._timed("Pleno"):
            agreement = hold_plenary(meeting)
        with self._timed("Cetak berita acara"):
            self._print([desk.document for desk in desks], agreement)

    def _timed(self, what: str) -> Any:
        return _Timed(self.stdout if self.loud else None, what)

    def _print(self, papers: Iterable[Document], agreement: Agreement) -> None:
        """Render what was ordered, here and now: nobody else works in this database."""
        for paper in [*papers, agreement.document]:
            render_now(paper)
            self.stdout.write(f"  {paper.pages or 0:>3} halaman  {paper.title}")


class _Timed:
    """Says how long a step took."""

    def __init__(self, out: Any, what: str) -> None:
        self.out, self.what = out, what

    def __enter__(self) -> None:
        self.begin = time.monotonic()

    def __exit__(self, kind: Any, *_rest: Any) -> None:
        if kind is None and self.out:
            self.out.write(f"  {self.what}: {time.monotonic() - self.begin:.1f} s")


def tables(found: Recap) -> str:
    """The recap as the tables of the acceptance scenario, money as "91.650.000.000"."""
    total = found.total
    rows = [("SUMBER DANA", "Usulan", "Pagu usulan", "Disepakati", "Pagu disepakati")]
    rows += [_row(line.source.key, line) for line in found.sources]
    rows += [_row("Jumlah", total), ("",) * 5, ("PUTUSAN", "Usulan", "Pagu usulan", "", "")]
    rows += [
        (str(line.decision.label), str(line.count), thousands(line.proposed_rupiah), "", "") for line in found.decisions
    ]
    rows += [("Jumlah", str(total.count), thousands(total.proposed_rupiah), "", ""), ("",) * 5]
    rows += [("KABUPATEN/KOTA", "Usulan", "Pagu usulan", "Disepakati", "Pagu disepakati")]
    rows += [_row(f"{line.regency.code} {line.regency.short}", line) for line in found.regencies]
    rows += [_row("Jumlah", total)]
    lines = [
        f"{name:<28}{count:>7}{money:>18}{agreed:>12}{agreed_money:>18}".rstrip()
        for name, count, money, agreed, agreed_money in rows
    ]
    agreed = f"Disepakati: {found.agreed.count} program, Rp{thousands(found.agreed.agreed_rupiah)}"
    return "\n".join([*lines, "", agreed, f"Belum diputuskan: {found.undecided}"])


def _row(name: str, line: Line) -> tuple[str, str, str, str, str]:
    return (
        name, str(line.count), thousands(line.proposed_rupiah), str(line.agreed_count), thousands(line.agreed_rupiah)
    )  # fmt: skip
