"""Berita acara kesepakatan of the rakor with its three annexes (domain §2.2 E). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from portal.documents.shape_parts import Signature
from portal.documents.shapes_agreements import AgreementRecord, Clause, Representative, Totals
from portal.kernel import dates
from portal.kernel.terbilang import terbilang
from rakor.facts.agenda import place_of
from rakor.facts.decisions import Decided, blocks, per_regency, totals
from rakor.facts.desk_record import DRAFT
from regencies.facts import letterhead_facts

ORDINALS = (
    "KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA", "KEENAM", "KETUJUH", "KEDELAPAN", "KESEMBILAN", "KESEPULUH",
    "KESEBELAS", "KEDUA BELAS", "KETIGA BELAS", "KEEMPAT BELAS", "KELIMA BELAS",
)  # fmt: skip
HEARD = (
    "sambutan dan arahan pembukaan rapat koordinasi;",
    "paparan narasumber dan hasil pembahasan usulan program pada desk setiap kabupaten/kota;",
    "tanggapan dan saran seluruh peserta sidang pleno;",
)
"""What the plenary heard, when nobody wrote another list."""


def agreement_facts(
    agreement: Any, rows: Sequence[Decided], *, at: dt.datetime, agency: Any, regencies: Sequence[tuple[str, str]],
    representatives: Sequence[Representative], attendance: Sequence[Representative], chair: list[Signature],
    draft: bool,
) -> AgreementRecord:  # fmt: skip
    """The facts of template ba_kesepakatan/v1.

    `rows` are all decided proposals by regency and priority, `at` the moment of the agreement in the portal's time
    zone, `regencies` (code, name) of everybody who takes part.
    """
    meeting = agreement.meeting
    sums = totals(rows)
    return {
        "title": f"Berita Acara Kesepakatan {meeting.title}",
        "short_title": f"Berita Acara Kesepakatan – Rakor {meeting.town} {meeting.execution_year}",
        "letterhead": letterhead_facts(agency),
        "status": DRAFT if draft else "",
        "version": f"Versi {agreement.version}",
        "heading": [f"Hasil {meeting.title}"],
        "number": agreement.number,
        "opening": _opening(meeting, at, regencies),
        "considerations": lines_of(agreement.considerations) or list(HEARD),
        "decisions": numbered(_decisions(meeting, sums, lines_of(agreement.clauses))),
        "closing": f"Demikian berita acara kesepakatan ini dibuat dan disahkan di {meeting.town} pada tanggal "
        f"{dates.short_date(at.date())} untuk dipergunakan sebagaimana mestinya.",
        "chair": chair,
        "representatives": list(representatives),
        "attendance": list(attendance),
        "agreed": blocks(row for row in rows if row.is_agreed),
        "not_agreed": blocks(row for row in rows if not row.is_agreed),
        "regencies": per_regency(rows, regencies),
        "totals": sums,
    }


def lines_of(text: str) -> list[str]:
    """The filled lines of a text, one item each."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def numbered(texts: Iterable[str]) -> list[Clause]:
    """The texts as KESATU, KEDUA, …; after the last of these words as numbers."""
    return [
        {"ordinal": ORDINALS[place] if place < len(ORDINALS) else f"KE-{place + 1}", "text": text}
        for place, text in enumerate(texts)
    ]


def _opening(meeting: Any, at: dt.datetime, regencies: Sequence[Any]) -> str:
    """How many came is not said: the signatures of Lampiran I say it."""
    zone = dates.zone_label(at.tzinfo, at.replace(tzinfo=None))
    return (
        f"Pada {dates.words_date(at.date())}, pukul {dates.clock(at)} {zone}, bertempat di {place_of(meeting)}, telah "
        f"diselenggarakan sidang pleno {meeting.title} yang diikuti {len(regencies)} ({terbilang(len(regencies))}) "
        "kabupaten/kota dan dihadiri peserta sebagaimana daftar hadir pada Lampiran I."
    )


def _decisions(meeting: Any, sums: Totals, own: list[str]) -> list[str]:
    agreed, other = int(sums["agreed_count"]), int(sums["other_count"])
    return [
        f"Matriks program dan kegiatan tahun {meeting.planning_year} yang disepakati, sebanyak {agreed} "
        f"({terbilang(agreed)}) program dengan jumlah pagu {sums['agreed_words']}, sebagaimana tercantum dalam "
        "Lampiran II.",
        *(own or [
            "Kabupaten/kota dan perangkat daerah terkait menindaklanjuti program yang disepakati dalam dokumen "
            "perencanaan dan penganggaran masing-masing sesuai dengan kewenangan dan sumber dananya."
        ]),
        f"Usulan yang ditunda, tidak disepakati, atau dialihkan, sebanyak {other} ({terbilang(other)}) usulan dengan "
        f"jumlah pagu usulan Rp{sums['other_proposed']}, beserta alasannya, sebagaimana tercantum dalam Lampiran III.",
        "Lampiran I sampai dengan Lampiran III merupakan bagian yang tidak terpisahkan dari berita acara ini; sesudah "
        "ditandatangani, perubahannya hanya dilakukan dengan adendum.",
    ]  # fmt: skip
