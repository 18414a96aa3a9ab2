"""Berita acara of one desk: who sat there, what was agreed, and the matrix (domain §2.2 E). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from portal.documents.shape_parts import Signature
from portal.documents.shapes_agreements import DeskRecord, Party
from portal.kernel import dates
from portal.kernel.terbilang import terbilang
from rakor.facts.agenda import place_of
from rakor.facts.decisions import Decided, row_facts, totals
from regencies.facts import letterhead_facts, spaced_nip

DRAFT = "KONSEP"
FIRST, SECOND = "Pihak Pertama", "Pihak Kedua"


def desk_record_facts(
    desk: Any, rows: Sequence[Decided], *, at: dt.datetime, agency: Any, first: Signature, second: Signature,
    draft: bool,
) -> DeskRecord:  # fmt: skip
    """The facts of template ba_desk (v1 and v2 differ in their look only).

    `at` is the moment of closing in the portal's time zone, `agency` the provincial office; `first` and `second` are
    the signature blocks of province and regency.
    """
    session, meeting = desk.session, desk.session.meeting
    regency, year = session.regency.name, meeting.planning_year
    sums = totals(rows)
    zone = dates.zone_label(at.tzinfo, at.replace(tzinfo=None))
    place = ", ".join(part for part in (str(session.room or ""), place_of(meeting)) if part)
    return {
        "title": f"Berita Acara Desk {regency} – {meeting.title}",
        "short_title": f"Berita Acara Desk {regency} – Rakor {meeting.town} {meeting.execution_year}",
        "letterhead": letterhead_facts(agency),
        "status": DRAFT if draft else "",
        "heading": [f"Desk pembahasan usulan program tahun {year}", regency],
        "number": desk.number,
        "opening": f"Pada {dates.words_date(at.date())}, pukul {dates.clock(at)} {zone}, bertempat di {place}, "
        "kami masing-masing:",
        "parties": [
            _party(FIRST, first, f"Pemerintah {agency.province}" if agency.province else agency.name),
            _party(SECOND, second, f"Pemerintah {regency}"),
        ],
        "recital": f"dalam rangka {meeting.title} telah bersama-sama membahas {sums['count']} "
        f"({terbilang(len(rows))}) usulan program {regency} tahun anggaran {year} dan menyepakati hal-hal berikut:",
        "clauses": _clauses(sums, rows),
        "closing": "Berita acara ini dibuat dengan sesungguhnya dalam rangkap 2 (dua), masing-masing untuk Pihak "
        "Pertama dan Pihak Kedua, untuk dipergunakan sebagaimana mestinya.",
        "matrix_title": [f"Matriks hasil desk {regency}", f"Usulan program tahun {year}"],
        "rows": [row_facts(row) for row in rows],
        "totals": sums,
        "signatures": [{**second, "caption": SECOND}, {**first, "caption": FIRST}],
    }


def named_block(name: str, title: str, *, number: str = "", place_date: str = "") -> Signature:
    """The block of somebody who holds no position in the portal: a delegate who came with a letter of assignment."""
    return {
        "caption": "",
        "place_date": place_date,
        "on_behalf": "",
        "office": title,
        "name": name,
        "rank": "",
        "nip": spaced_nip(number),
    }


def _party(role: str, block: Signature, represents: str) -> Party:
    return {
        "role": role,
        "name": block["name"],
        "nip": block["nip"],
        "office": block["office"],
        "represents": represents,
    }


def _clauses(sums: Any, rows: Sequence[Decided]) -> list[str]:
    if not rows:
        return ["Tidak ada usulan program yang dibahas pada desk ini."]
    found = [
        f"{sums['agreed_count']} ({terbilang(int(sums['agreed_count']))}) usulan disepakati, sebagaimana diusulkan "
        f"atau dengan perbaikan, dengan jumlah pagu {sums['agreed_words']}.",
    ]
    if sums["other_count"] != "0":
        found.append(
            f"{sums['other_count']} ({terbilang(int(sums['other_count']))}) usulan ditunda, tidak disepakati, atau "
            f"dialihkan ke sumber dana lain, dengan jumlah pagu usulan Rp{sums['other_proposed']}, "
            "disertai alasan masing-masing."
        )
    found.append(
        "Putusan atas setiap usulan beserta perubahan rinciannya tercantum dalam matriks terlampir yang merupakan "
        "bagian tidak terpisahkan dari berita acara ini."
    )
    found.append(
        "Hasil desk ini disampaikan kepada sidang pleno sebagai bahan kesepakatan rapat koordinasi; usulan yang telah "
        "diputuskan tidak diubah selain oleh sidang pleno atau dengan adendum."
    )
    return found
