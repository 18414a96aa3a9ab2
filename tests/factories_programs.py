"""Rounds, proposals, cost lines and desks for tests: plain functions as in tests/factories.py."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

from django.db.models import Max, Sum
from django.utils import timezone

from tests import factories

SENT_AT = dt.datetime(2019, 3, 20, 9, 0, tzinfo=factories.WITA)

CONTENT = {
    "product": "Tenun ikat",
    "district": "Atambua Selatan",
    "village": "Fatukbot",
    "background": "Kelompok penenun memakai alat tua.",
    "problem": "Produksi rendah dan mutu tidak tetap.",
    "purpose": "Menaikkan produksi dan mutu.",
    "method": "Pelatihan dan bantuan alat.",
    "executor": "Bidang Pemberdayaan IKM",
    "ikm_count": 30,
    "group_count": 3,
    "male_workers": 5,
    "female_workers": 40,
    "starts_month": 3,
    "ends_month": 8,
}
"""What a proposal says and counts unless a test says otherwise."""


def make_round(year: int = 2020, *, open: bool = True, **values: Any) -> Any:
    """The round of that year: open until a month from now, or closed since yesterday."""
    from programs.models import Round

    now = timezone.now()
    values.setdefault("opens_at", now - dt.timedelta(days=60))
    values.setdefault("closes_at", now + dt.timedelta(days=30 if open else -1))
    return Round.objects.update_or_create(year=year, defaults=values)[0]


def sub_activity(code: str = "3.31.02.2.01.0005") -> Any:
    """A sub-kegiatan of the nomenclature; empowerment of industry in a regency if none is named."""
    from programs.models import SubActivity

    return SubActivity.objects.get(code=code)


def sector(key: str = "tenun_ikat") -> Any:
    """An industry sector."""
    from programs.models import Sector

    return Sector.objects.get(key=key)


def source(key: str = "APBD_II") -> Any:
    """A source of funds."""
    from programs.models import FundingSource

    return FundingSource.objects.get(key=key)


def head_of(regency: Any) -> Any:
    """Somebody who holds the position kadis_kab in that regency: of the cast, or made now."""
    return _holder(regency, "kadis_kab")


def operator_of(regency: Any) -> Any:
    """Somebody who holds the position operator_kab in that regency: of the cast, or made now."""
    return _holder(regency, "operator_kab")


def make_proposal(
    regency: Any = "53.04", year: int = 2020, status: str = "konsep", lines: int = 3, source: str = "APBD_II",
    **fields: Any,
) -> Any:  # fmt: skip
    """A complete proposal, valid for its status: sent ones with a Submission, decided ones with an applied verdict.

    It stands last in its regency's order unless `rank` is given. Each line costs 10 × Rp1.000.000.
    """
    from programs.models import HelpKind, Proposal
    from programs.rules import SENT

    regency = factories.regency(regency) if isinstance(regency, str) else regency
    by = fields.pop("by", None) or operator_of(regency)
    last = Proposal.objects.filter(regency=regency, year=year).aggregate(number=Max("number"), rank=Max("rank"))
    number = (last["number"] or 0) + 1
    values: dict[str, Any] = {
        "number": number,
        "rank": (last["rank"] or 0) + 1,
        "title": f"Pengembangan sentra tenun ikat {number}",
        **CONTENT,
        "created_by": by,
    }
    values |= fields
    for name, find in (
        ("sub_activity", sub_activity),
        ("sector", sector),
        ("help_kind", lambda: HelpKind.objects.get(key="diklat")),
    ):
        if name not in values:
            values[name] = find()
    if "kbli" not in values and values["sector"]:
        values["kbli"] = values["sector"].classes.first()
    if status in SENT:
        values = {"sent_at": SENT_AT, "sent_by": head_of(regency), **values}
    proposal = Proposal.objects.create(regency=regency, year=year, **values)
    proposal.authors.add(by)
    proposal.indicators.create(name="Jumlah IKM dilatih", target=30, unit="IKM", position=1)
    proposal.indicators.create(kind="hasil", name="Pertumbuhan omzet", baseline=0, target=10, unit="%", position=1)
    for _number in range(lines):
        make_line(proposal, source=source)
    _reach(proposal, status)
    return proposal


def make_line(proposal: Any, *, source: Any = "APBD_II", **values: Any) -> Any:
    """One more cost line of 10 × Rp1.000.000; the proposal's sums and its shares follow."""
    from programs.models import CostLine, FundingSource

    position = proposal.lines.count() + 1
    values = {
        "position": position,
        "description": f"Pelatihan tahap {position}",
        "quantity_text": "10 orang",
        "quantity": Decimal(10),
        "unit": "orang",
        "unit_price_rupiah": 1_000_000,
        **values,
    }
    if isinstance(source, str):
        source = FundingSource.objects.get(key=source)
    line = CostLine.objects.create(proposal=proposal, source=source, **values)
    _sum_up(proposal)
    return line


def make_desk(meeting: Any, regency: Any = "53.04", **values: Any) -> Any:
    """A waiting desk of that regency, at a table of its own on the meeting's second day."""
    from rakor.models import Desk, Room, Session

    regency = factories.regency(regency) if isinstance(regency, str) else regency
    table = Room.objects.create(meeting=meeting, name=f"Meja {regency.code}")
    day = meeting.starts_on + dt.timedelta(days=1)
    session = Session.objects.create(
        meeting=meeting, kind="desk", title=f"Desk {regency.name}", regency=regency, room=table,
        starts_at=factories.at(9, day=day), ends_at=factories.at(10, day=day),
    )  # fmt: skip
    return Desk.objects.create(session=session, **values)


# -- parts ------------------------------------------------------------------------------------------------------------


def _holder(regency: Any, role: str) -> Any:
    from portal.accounts.models import User

    agency = factories.lead_agency(regency.code)
    holder = User.objects.filter(positions__role=role, positions__agency=agency).order_by("pk").first()
    if holder is None:
        holder = factories.make_user(f"{role}_{regency.code.replace('.', '')}")
        factories.make_position(holder, role, agency)
    return holder


def _sum_up(proposal: Any) -> None:
    from programs.models import FundingSource

    kept = proposal.lines.kept()
    sums = dict(kept.filter(source__isnull=False).values_list("source").annotate(Sum("amount_rupiah")).order_by())
    in_budget = dict(FundingSource.objects.filter(pk__in=sums).values_list("pk", "in_budget"))
    proposal.budget_rupiah = sum(amount for pk, amount in sums.items() if in_budget[pk])
    proposal.other_rupiah = sum(amount for pk, amount in sums.items() if not in_budget[pk])
    proposal.save(update_fields=["budget_rupiah", "other_rupiah"])
    for pk, amount in sums.items():
        proposal.shares.update_or_create(source_id=pk, defaults={"share_rupiah": amount})
    proposal.shares.exclude(source__in=sums).delete()


def _reach(proposal: Any, status: str) -> None:
    """Put the proposal into the status, with what the steps to it leave behind."""
    from programs.models import Proposal
    from programs.rules import AGREED, DECIDED, SENT

    if status in SENT:
        make_submission(proposal)
    agreed = None
    if status in DECIDED:
        agreed = proposal.budget_rupiah if status in AGREED else 0
        _decide(proposal, status, agreed)
    Proposal.objects.filter(pk=proposal.pk).update(status=status, agreed_rupiah=agreed)
    proposal.refresh_from_db()


def make_submission(proposal: Any, **values: Any) -> Any:
    """The version as it is now, as it would be sent."""
    from programs.models import Submission
    from programs.queries.snapshots import content_of

    values = {
        "number": proposal.submissions.count() + 1,
        "content": content_of(proposal),
        "title": proposal.title,
        "budget_rupiah": proposal.budget_rupiah,
        "sent_at": proposal.sent_at or SENT_AT,
        "sent_by": proposal.sent_by or head_of(proposal.regency),
        **values,
    }
    return Submission.objects.create(proposal=proposal, **values)


def _decide(proposal: Any, status: str, agreed: int) -> None:
    from django.db.models import F

    from programs.models import Verdict
    from programs.rules import AGREED

    by = _verifier()
    Verdict.objects.create(
        proposal=proposal, decision=status, agreed_rupiah=agreed, by=by, applied_at=SENT_AT,
        reason="" if status == "disepakati" else "Sesuai pembahasan di desk.",
        redirect_to=source("DANA_DESA") if status == "dialihkan" else None,
    )  # fmt: skip
    proposal.shares.update(agreed_rupiah=F("share_rupiah") if status in AGREED else 0)


def _verifier() -> Any:
    from portal.accounts.models import User

    agency = factories.lead_agency()
    holder = User.objects.filter(positions__role="verifikator", positions__agency=agency).order_by("pk").first()
    if holder is None:
        holder = factories.make_user("verifikator_53")
        factories.make_position(holder, "verifikator", agency)
    return holder


def make_attachments(proposal: Any, *items: str) -> Any:
    """The proposal with one small PDF for each readiness item: those that every proposal needs, unless named."""
    from django.core.files.base import ContentFile

    from programs.models import Attachment, ReadinessItem
    from programs.queries.snapshots import content_of

    for item in ReadinessItem.objects.filter(key__in=items or ("kak", "rab")):
        data = f"%PDF-1.4 {item.key} {proposal.pk}".encode()
        Attachment.objects.create(
            proposal=proposal, item=item, name=f"{item.key}.pdf", kind="pdf", size=len(data),
            sha256=hashlib.sha256(data).hexdigest(), added_by=proposal.created_by,
            file=ContentFile(data, f"usulan/{proposal.pk}-{item.key}.pdf"),
        )  # fmt: skip
    if proposal.submissions.exists():
        last = proposal.submissions.order_by("-number").first()
        last.content = content_of(proposal)
        last.save(update_fields=["content"])
    return proposal
