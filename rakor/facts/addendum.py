"""Adendum of a signed berita acara kesepakatan: what changes, why, and what it comes to then. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from portal.documents.shape_parts import Signature
from portal.documents.shapes_agreements import Addendum, Change, DecisionState
from portal.kernel import dates
from portal.kernel.money import thousands
from portal.kernel.terbilang import terbilang
from rakor.facts.agenda import place_of
from rakor.facts.agreement import ORDINALS, numbered
from rakor.facts.decisions import DECISIONS, UNDECIDED, Decided, source_label, totals
from rakor.facts.desk_record import DRAFT
from regencies.facts import letterhead_facts


def addendum_facts(
    addendum: Any, changes: Sequence[Any], rows: Sequence[Decided], *, at: dt.datetime, agency: Any,
    signatures: list[Signature],
) -> Addendum:  # fmt: skip
    """The facts of template ba_adendum/v1. `rows`: every decided proposal as it stands after the addendum."""
    agreement, meeting = addendum.agreement, addendum.agreement.meeting
    which = ordinal(addendum.sequence)
    number = f" Nomor {agreement.number}" if agreement.number else ""
    signed = f", yang ditandatangani tanggal {dates.short_date(agreement.signed_on)}," if agreement.signed_on else ""
    sums = totals(rows)
    return {
        "title": f"Adendum {which.capitalize()} Berita Acara Kesepakatan {meeting.title}",
        "short_title": f"Adendum {addendum.sequence} BA Kesepakatan – Rakor {meeting.town} {meeting.execution_year}",
        "letterhead": letterhead_facts(agency),
        "status": "" if addendum.issued_at else DRAFT,
        "heading": [f"Atas berita acara kesepakatan{number}", meeting.title],
        "which": which,
        "number": addendum.number,
        "opening": f"Pada {dates.words_date(at.date())}, berita acara kesepakatan{number} yang dihasilkan sidang pleno "
        f"{meeting.title} di {place_of(meeting)}{signed} diubah dengan adendum ini.",
        "reason": addendum.reason,
        "changes": [change_facts(change) for change in changes],
        "clauses": numbered(
            [
                f"Mengubah {len(changes)} ({terbilang(len(changes))}) putusan sebagaimana tercantum dalam lampiran "
                "adendum ini.",
                f"Dengan perubahan ini program yang disepakati berjumlah {sums['agreed_count']} "
                f"({terbilang(int(sums['agreed_count']))}) program dengan jumlah pagu {sums['agreed_words']}.",
                "Ketentuan berita acara kesepakatan yang tidak diubah dengan adendum ini tetap berlaku.",
            ]
        ),
        "totals": sums,
        "closing": "Adendum ini merupakan bagian yang tidak terpisahkan dari berita acara kesepakatan dan berlaku "
        "sejak tanggal ditetapkan.",
        "signatures": signatures,
    }


def ordinal(number: int) -> str:
    """ "KESATU", "KEDUA" …; beyond the words "KE-16"."""
    return ORDINALS[number - 1] if number <= len(ORDINALS) else f"KE-{number}"


def change_facts(change: Any) -> Change:
    """One decision before and after; `change.before` and `.after` as VerdictRevision.content."""
    proposal = change.proposal
    return {
        "code": proposal.code,
        "sub_activity": proposal.sub_activity.code if proposal.sub_activity else "–",
        "regency": proposal.regency.name,
        "title": proposal.title,
        "before": state_of(change.before),
        "after": state_of(change.after),
        "reason": change.reason,
    }


def state_of(content: Mapping[str, Any]) -> DecisionState:
    """A stored verdict in words."""
    text = DECISIONS.get(content.get("decision", ""), UNDECIDED)
    redirect = content.get("redirect_to") or ""
    return {
        "decision": f"{text} ke {source_label(redirect)}" if redirect else text,
        "agreed": thousands(content.get("agreed_rupiah") or 0),
        "reason": content.get("reason") or "",
    }
