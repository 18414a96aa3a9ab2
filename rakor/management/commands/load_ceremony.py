"""`manage.py load_ceremony belu-2019` or `jatim-2012 --sign`: the contracts of a real ceremony in the demo.

Without --sign they wait for a ceremony of today, with today's numbers and a period that begins today. With --sign all
is as it was: numbers of the working day before, signatures of the day itself, in force since then; contracts whose
last day has passed are ended by the portal's clock as any others.
"""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.documents.actions import render_now
from portal.kernel.dates import long_date
from portal.kernel.errors import PortalError
from programs.actions.signing import freeze_contract
from programs.models import Contract
from programs.queries.contracts_signers import stored_signers
from rakor.actions import ceremony_loading as loading
from rakor.actions import demo
from rakor.actions.ceremonies import close_ceremony, open_ceremony, record_signature
from rakor.actions.loading import load_meeting
from rakor.forms.files import read_file
from rakor.forms.meeting_file import check_meeting_file
from rakor.models import Ceremony, Meeting
from regencies.actions.stand_ins import hang_stand_ins

FOLDER = Path(__file__).resolve().parents[2] / "data" / "ceremony"
CEREMONIES = ("belu-2019", "jatim-2012")
EACH, BETWEEN = dt.timedelta(seconds=150), dt.timedelta(seconds=40)
"""Between two papers, and between two signatures of a paper."""


class Command(BaseCommand):
    """Brings the people, the papers and the order of a ceremony in by the screens' own verbs; again without doubles."""

    help = "Memuat naskah sebuah penandatanganan sampai siap ditandatangani; hanya dalam mode lokal dan uji."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ceremony", choices=CEREMONIES)
        parser.add_argument(
            "--sign", action="store_true", help="cetak tanpa pekerja, dan catat semua tanda tangan pada hari aslinya"
        )

    def handle(self, *args: Any, ceremony: str, sign: bool, verbosity: int, **options: Any) -> None:
        """Load what is missing, then say what there is."""
        data = ceremony_data(ceremony) if sign else loading.moved_to_today(ceremony_data(ceremony))
        since = data.get("since", demo.SINCE)
        with translation.override("id"):
            try:
                demo.ensure_demo_allowed()
                demo.create_demo_accounts(since=since)
                hang_stand_ins(by=demo.demo_user("admin"))
                loading.create_people(data["people"], since=since)
                self._edition(data)
                papers = loading.make_papers(data)
                loading.set_the_stage(data["edition"], papers)
                if sign:
                    self._sign([contract for contract, _stage in papers], loading.office_moment(data, 15))
            except PortalError as error:
                raise CommandError(str(error)) from error
            if verbosity:
                self._tell([contract.pk for contract, _stage in papers])

    def _edition(self, data: dict[str, Any]) -> None:
        """The edition of the file, where it is not one of load_demo."""
        if "file" not in data or Meeting.objects.filter(slug=data["edition"]).exists():
            return
        plan, errors = check_meeting_file(read_file(FOLDER / data["file"]))
        if plan is None:
            raise CommandError("\n".join(errors))
        meeting = load_meeting(plan, by=demo.demo_user("panitia")).meeting
        demo.bring_forward(meeting, "schedule", "open")

    def _sign(self, contracts: Sequence[Contract], frozen_at: dt.datetime | None) -> None:
        """Print and freeze every paper here, then record each signature in its order, as the committee would."""
        by = demo.demo_user("panitia")
        for contract in contracts:
            row = Contract.objects.select_related("document").get(pk=contract.pk)
            if row.status == "siap_ttd" and row.frozen_at is None:
                render_now(row.document)
                freeze_contract(row, at=frozen_at if frozen_at and row.approved_at < frozen_at else None)
        ceremony = Ceremony.objects.select_related("session").get(items__contract=contracts[0])
        if ceremony.opened_at is None:
            open_ceremony(ceremony, by=by, at=ceremony.session.starts_at)
        last = None
        for number, contract in enumerate(contracts):
            begin = ceremony.session.starts_at + number * EACH
            row = Contract.objects.get(pk=contract.pk)
            if row.frozen_at is None or row.frozen_at > begin:
                begin = None  # loaded before to be signed today
            for place, signer in enumerate(sorted(stored_signers(row), key=lambda signer: (signer.step, signer.order))):
                if not hasattr(signer, "signature"):
                    last = begin and begin + place * BETWEEN
                    record_signature(ceremony, signer, by=by, at=last)
        ceremony.refresh_from_db()
        if ceremony.closed_at is None:
            close_ceremony(ceremony, by=by, at=last)

    def _tell(self, pks: Sequence[int]) -> None:
        for row in Contract.objects.filter(pk__in=pks).select_related("number", "regency").order_by("pk"):
            begins = long_date(row.starts_on) if row.starts_on else "–"
            until = long_date(row.ends_on) if row.ends_on else "–"
            number = row.number.text if row.number else "–"
            label = translation.gettext(row.state.label)
            self.stdout.write(f"{row.regency.name:<30} {number:<28} {label:<22} {begins} – {until}")


def ceremony_data(name: str) -> dict[str, Any]:
    """What the file of that ceremony says."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
