"""Signature blocks and letterheads as papers print them."""

from __future__ import annotations

import pytest

from portal.documents.shapes import Letterhead, Signature, _check
from regencies.facts import letterhead_facts, office_line, signature_block, spaced_nip
from tests.factories import lead_agency, make_position, make_user

OFFICE = "Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur"


@pytest.mark.parametrize(
    ("title", "agency", "line"),
    [
        ("Kepala Dinas", OFFICE, f"Kepala {OFFICE}"),
        ("Plt. Kepala Dinas", OFFICE, f"Plt. Kepala {OFFICE}"),
        ("Kepala", OFFICE, f"Kepala {OFFICE}"),
        (f"Kepala {OFFICE}", OFFICE, f"Kepala {OFFICE}"),
        ("Kepala Bidang Perindustrian", OFFICE, "Kepala Bidang Perindustrian"),
        ("Plt. Kepala Badan", "Badan Pangan", "Plt. Kepala Badan Pangan"),
        ("Notulis", OFFICE, "Notulis"),
    ],
)
def test_the_office_line_names_the_office_once(title: str, agency: str, line: str) -> None:
    assert office_line(title, agency) == line


def test_nip_in_groups() -> None:
    assert spaced_nip("196501011990031001") == "19650101 199003 1 001"
    assert spaced_nip("") == ""


def test_a_block_holds_what_the_paper_wants(db: None) -> None:
    person = make_user("plt", full_name="Nama Contoh, S.E., M.Si.")
    position = make_position(
        person, "kadis_prov", lead_agency(), title="Kepala Dinas", standing="plt",
        rank="Pembina Utama Muda", employee_number="196501011990031001",
    )  # fmt: skip
    block = signature_block(position, caption="Pimpinan Rapat", place_date="Atambua, 26 April 2019")
    assert block == {
        "caption": "Pimpinan Rapat",
        "place_date": "Atambua, 26 April 2019",
        "on_behalf": "",
        "office": f"Plt. Kepala {OFFICE}",
        "name": "Nama Contoh, S.E., M.Si.",
        "rank": "Pembina Utama Muda",
        "nip": "19650101 199003 1 001",
    }
    _check(Signature, block, "")


def test_a_letterhead_without_address(db: None) -> None:
    agency = lead_agency()
    assert letterhead_facts(agency) == {
        "lines": ["Pemerintah Provinsi Nusa Tenggara Timur"],
        "office": "Dinas Perindustrian dan Perdagangan",
        "address": [],
    }
    agency.letterhead_address = "Jalan Contoh Nomor 1, Kupang\n\nSurel contoh@contoh.test\n"
    assert letterhead_facts(agency)["address"] == ["Jalan Contoh Nomor 1, Kupang", "Surel contoh@contoh.test"]
    _check(Letterhead, letterhead_facts(agency), "")
    agency.letterhead_name = "DINAS PERDAGANGAN DAN PERINDUSTRIAN KABUPATEN BELU"
    assert letterhead_facts(agency)["office"].endswith("PERINDUSTRIAN KABUPATEN\u00a0BELU")
