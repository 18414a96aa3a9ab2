"""The decree that appoints the committee: what it says at first, and its facts as a paper (domain §2.2 I). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from portal.documents.shape_parts import Signature
from portal.documents.shapes_letter_texts import Decree, Seat
from rakor.facts.agreement import numbered
from rakor.facts.text_content import DRAFT, TextContent
from regencies.facts import letterhead_facts, spaced_nip

LAWS = (
    "Undang-Undang Nomor 3 Tahun 2014 tentang Perindustrian;",
    "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah sebagaimana telah beberapa kali diubah;",
    "Peraturan Pemerintah Nomor 29 Tahun 2018 tentang Pemberdayaan Industri;",
    "Peraturan Pemerintah Nomor 12 Tahun 2019 tentang Pengelolaan Keuangan Daerah;",
)
"""What such a decree rests on today; the committee reads and changes them. Source: domain §3.4, general knowledge."""


@dataclass(frozen=True, slots=True)
class DecreeContent(TextContent):
    """The text of the decree; what it is about is the letter's subject, who is on the committee its own table.

    `numbers`: whether the Lampiran prints the NIP of the members.
    """

    considering: tuple[str, ...] = ()
    recalling: tuple[str, ...] = ()
    observing: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()
    place: str = ""
    numbers: bool = False


def usual_decree(meeting: Any, *, agency: Any, host: str) -> DecreeContent:
    """The decree as it usually reads, with what the portal knows of the edition."""
    where = f"di {meeting.place} pada tanggal {meeting.dates}"
    funding = meeting.funding_document or f"Dokumen Pelaksanaan Anggaran {agency.name} Tahun {meeting.execution_year}"
    province, capital = (agency.province.name, agency.province.capital) if agency.province else ("", "")
    province = province.removeprefix("Provinsi ")
    observing = f"{meeting.funding_document};" if meeting.funding_document else ""
    return DecreeContent(
        considering=(
            f"bahwa dalam rangka {meeting.title}, yang dilaksanakan {where}, perlu dibentuk panitia agar rapat "
            "koordinasi berjalan lancar, tertib, dan mencapai hasilnya;",
            "bahwa mereka yang namanya tercantum dalam Lampiran dipandang mampu dan memenuhi syarat sebagai panitia;",
            "bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a dan huruf b, perlu menetapkan Keputusan "
            f"Kepala Dinas tentang Pembentukan Panitia {meeting.title};",
        ),
        recalling=LAWS,
        observing=(observing,) if observing else (),
        decisions=(
            f"Membentuk Panitia {meeting.title} dengan susunan sebagaimana tercantum dalam Lampiran, yang merupakan "
            "bagian tidak terpisahkan dari Keputusan ini.",
            "Panitia sebagaimana dimaksud dalam Diktum KESATU bertugas: menyiapkan undangan, bahan, dan susunan acara; "
            "menyelenggarakan registrasi, persidangan, pembahasan desk, dan pleno; menyusun notula dan berita acara; "
            "serta melaporkan pelaksanaannya secara tertulis kepada Kepala Dinas.",
            *((f"Panitia berkoordinasi dengan Pemerintah {host} sebagai tuan rumah.",) if host else ()),
            f"Segala biaya yang timbul akibat ditetapkannya Keputusan ini dibebankan pada {funding}.",
            "Keputusan ini mulai berlaku sejak tanggal ditetapkan.",
        ),
        copies_to=(
            f"Gubernur {province} di {capital or 'Tempat'} (sebagai laporan);",
            f"Inspektur Daerah Provinsi {province};",
            "Masing-masing yang bersangkutan untuk dilaksanakan.",
        ),
        place=capital,
    )  # fmt: skip


def usual_about(meeting: Any) -> str:
    """What the decree is about; short where the edition's title would not fit."""
    return fitting(f"Pembentukan Panitia {meeting.title}", f"Pembentukan Panitia Rakor {meeting.town}", meeting)


def fitting(long: str, short: str, meeting: Any) -> str:
    """The long form unless it has more letters than a subject may."""
    return long if len(long) <= 250 else f"{short} {meeting.execution_year}"


def decree_facts(
    meeting: Any, about: str, content: DecreeContent, *, agency: Any, office: str, number: str, date: str,
    signatures: list[Signature], members: Sequence[Any],
) -> Decree:  # fmt: skip
    """The facts of template sk_panitia/v1; without a number it is a draft."""
    return {
        "title": f"Keputusan {office} tentang {about}",
        "short_title": f"SK Panitia – Rakor {meeting.town} {meeting.execution_year}",
        "letterhead": letterhead_facts(agency),
        "status": "" if number else DRAFT,
        "office": office,
        "number": number,
        "about": about,
        "considering": list(content.considering),
        "recalling": list(content.recalling),
        "observing": list(content.observing),
        "decisions": numbered(content.decisions),
        "place": content.place,
        "date": date,
        "signatures": signatures,
        "copies_to": list(content.copies_to),
        "committee": f"Susunan Panitia {meeting.title}",
        "seats": seats_of(members, numbers=content.numbers),
    }


def seats_of(members: Iterable[Any], *, numbers: bool) -> list[Seat]:
    """The members, in their order, under their seats."""
    return [
        {
            "seat": seat,
            "people": [
                {"name": row.name, "nip": spaced_nip(row.employee_number) if numbers else "", "title": row.title}
                for row in people
            ],
        }
        for seat, people in groupby(members, key=lambda row: str(row.get_seat_display()))
    ]
