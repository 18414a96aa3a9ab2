"""Agreements for tests: made by the verbs of the screens, as far as a test wants them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from tests import factories
from tests.cast import Cast
from tests.factories_programs import make_proposal

DECISIONS = {"53.04": ("disepakati", "perbaikan", "ditunda"), "53.08": ("disepakati",)}
"""What desks said: Belu got two programs and lost one, Ende got one."""


def make_decided_meeting(decisions: dict[str, tuple[str, ...]] | None = None, **values: Any) -> Any:
    """A running edition of Atambua whose desks have decided."""
    values = {"slug": "rakor-atambua", "status": "berlangsung", **values}
    meeting = factories.make_programme(factories.make_meeting(**values))
    for code, statuses in (DECISIONS if decisions is None else decisions).items():
        for status in statuses:
            make_proposal(code, year=meeting.planning_year, status=status)
    return meeting


def make_agreement(cast: Cast, status: str = "rekap", meeting: Any = None) -> Any:
    """The agreement of a decided edition: begun, agreed by the plenary ("disepakati"), or signed ("ditandatangani")."""
    from rakor.actions import agreements

    agreement = agreements.start_agreement(meeting or make_decided_meeting(), by=cast.panitia)
    if status != "rekap":
        agreement = agreements.agree(agreement, by=cast.kadis_prov)
    if status == "ditandatangani":
        agreement = agreements.store_scan(agreement, make_scan(), agreement.meeting.ends_on, by=cast.panitia)
    return agreement


def make_addendum(cast: Cast, agreement: Any = None, *, issued: bool = False) -> Any:
    """A draft that takes Ende's program back, or the issued addendum."""
    from programs.models import Proposal
    from rakor.actions import addenda

    agreement = agreement or make_agreement(cast, "ditandatangani")
    found = Proposal.objects.select_related("regency").get(regency__code="53.08")
    addendum = addenda.start_addendum(agreement, reason="Pergeseran anggaran.", number="AD/1", by=cast.kabid)
    addenda.change_by_addendum(
        addendum, found, "ditunda", reason="Lahan belum siap.", by=cast.kabid, base_version=found.verdict.version
    )
    return addenda.issue_addendum(addendum, by=cast.kabid) if issued else addendum


def make_pdf(pages: int = 3) -> bytes:
    """A PDF of empty pages."""
    import pikepdf

    stream = BytesIO()
    with pikepdf.new() as made:
        for _n in range(pages):
            made.add_blank_page()
        made.save(stream)
    return stream.getvalue()


def make_scan(data: bytes | None = None, name: str = "pindaian.pdf") -> Any:
    """The file that somebody uploads."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, make_pdf() if data is None else data)
