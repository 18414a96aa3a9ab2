"""Contracts and memoranda in print: from rows to facts to PDF."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pikepdf
import pypdf
import pytest

from portal.documents import rendering
from portal.documents.facts import Envelope
from portal.documents.models import Document
from portal.documents.rules import may_read
from portal.documents.shapes import check_shape
from portal.kernel.errors import Blocked
from programs.models import ContractTemplate
from programs.queries.contract_papers import (
    asked_for,
    contract_facts,
    contract_paper,
    contract_preview,
    contract_summary,
    preview,
    preview_facts,
    sign_places,
)
from tests.factories_contracts import make_contract, make_governor, make_template, make_worker
from tests.portal.documents.papers import VERIFY

pytestmark = pytest.mark.django_db
TPL, MOU = "kontrak_tpl", "nota_kesepahaman"
DAY = dt.date(2019, 4, 24)


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.documents import actions

    monkeypatch.setattr(actions, "send_hint", lambda pk: None)


def ready(kind: str) -> Any:
    """The wording that the portal brings."""
    return ContractTemplate.objects.get(
        kind=kind, key__in=("kontrak-tpl-ikm", "nota-kesepahaman-mandat")
    ).versions.get()


def contract_of(kind: str, cast: Any, **values: Any) -> Any:
    """A draft of Belu on the ready wording, to be signed on 24 April 2019 in Atambua."""
    if kind == TPL:
        values.setdefault("worker", make_worker(
            "Maria Contoh, A.Md.", user=cast.tpl_belu, identity_number="5304014205950001", address="Jalan Contoh 1"
        ))  # fmt: skip
        values = {"starts_on": dt.date(2019, 5, 1), "honorarium_rupiah": 2_400_000, **values}
    else:
        make_governor()
    return make_contract(kind, template=ready(kind), signing_on=DAY, place="Atambua", **values)


def pages_of(facts: Any, kind: str, paper: str = "A4") -> list[str]:
    done = rendering.press().render(Envelope(kind, 1, paper, facts), VERIFY)
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(done.content)).pages]


def in_order(text: str, parts: list[str]) -> None:
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part!r} is missing or out of order"
        place = found


def test_the_contract_of_a_worker_says_what_the_row_says(cast: Any) -> None:
    """Source: domain §2.2 G."""
    contract = contract_of(TPL, cast)
    made = contract_preview(contract)
    assert made.lacks == []
    check_shape(TPL, 1, made.facts)
    pages = pages_of(made.facts, TPL)
    assert len(pages) in (5, 6)
    in_order(" ".join(pages), [
        "KONTRAK KERJA TAHUN PERTAMA", "TENAGA PENYULUH LAPANGAN", "ANGKATAN 2015", "NOMOR: ....", "Status: KONSEP",
        "Pada hari ini Rabu, tanggal dua puluh empat, bulan April, tahun dua ribu sembilan belas, bertempat di Atambua",
        "Kadis Belu Contoh", "selanjutnya disebut PIHAK KESATU;", "Maria Contoh, A.Md.", "NIK : 5304014205950001",
        "Tempat, tanggal lahir : Atambua, 2 Mei 1994", "selanjutnya disebut PIHAK KEDUA.", "PARA PIHAK",
        "Pasal 1 Maksud dan Tujuan", "Tugas", "Wilayah Kerja dan Penempatan", "Sentra tenun ikat",
        "selama 12 (dua belas) bulan, terhitung mulai tanggal 1 Mei 2019 sampai dengan tanggal 30 April 2020",
        "Rp2.400.000 (dua juta empat ratus ribu rupiah)", "Rp500.000 (lima ratus ribu rupiah)", "Laporan Bulanan",
        "Larangan", "Sanksi", "Berakhirnya dan Pemutusan Kontrak", "Keadaan Kahar", "Penyelesaian Perselisihan",
        "Pasal 18 Penutup", "PIHAK KEDUA, PIHAK KESATU,", "Meterai", "Saksi-saksi:",
        "menyaksikan tanda tangan PIHAK KESATU", "Bupati Belu",
    ])  # fmt: skip


def test_the_second_year_and_other_lengths(cast: Any) -> None:
    contract = contract_of(TPL, cast, contract_year=2, ends_on=dt.date(2019, 12, 15), route="elektronik")
    facts = contract_facts(contract)
    assert facts["heading"][0] == "Kontrak Kerja Tahun kedua"
    assert "selama 229 (dua ratus dua puluh sembilan) hari kalender" in str(facts["clauses"])
    assert "Meterai" not in str(facts["signatures"])


def test_the_memorandum_has_two_numbers_and_its_fields(cast: Any) -> None:
    """Source: domain §2.2 F and §1.5."""
    from programs.models import MandateField

    contract = contract_of(MOU, cast, other_number="530/41/IV/2019", duration_months=36,
                           mandate_fields=MandateField.objects.all())  # fmt: skip
    made = contract_preview(contract)
    assert made.lacks == []
    check_shape(MOU, 1, made.facts)
    pages = pages_of(made.facts, MOU)
    assert len(pages) in (4, 5)
    in_order(" ".join(pages), [
        "NOTA KESEPAHAMAN", "ANTARA", "DENGAN", "TENTANG",
        "PENGEMBANGAN INDUSTRI KOMPETENSI INTI DAERAH, ONE VILLAGE ONE PRODUCT (OVOP), INDUSTRI KREATIF, DAN INDUSTRI "
        "AGRO", "NOMOR: ....", "NOMOR: 530/41/IV/2019", "PIHAK KESATU", "PIHAK KEDUA", "PARA PIHAK",
        "Pasal 1 Maksud dan Tujuan", "Pasal 2 Mandat dan Ruang Lingkup", "4 (empat) bidang",
        "industri kompetensi inti daerah;", "dan", "industri agro.", "Mandat",
            "berlaku terhitung sejak hari ditandatanganinya", "Pelaksanaan", "Jangka Waktu",
        "selama 36 (tiga puluh enam) bulan terhitung sejak hari ditandatangani", "Pembiayaan", "Korespondensi",
        "Penyelesaian Perselisihan", "Keadaan Kahar", "Lain-lain", "Pasal 11 Penutup", "PIHAK KEDUA, PIHAK KESATU,",
        "Disaksikan oleh:", "menyaksikan tanda tangan PIHAK KESATU",
    ])  # fmt: skip
    assert len(made.facts["letterheads"]) == 2


@pytest.mark.parametrize("kind", [TPL, MOU])
@pytest.mark.parametrize("paper", ["A4", "F4"])
def test_signatures_never_stand_alone(kind: str, paper: str) -> None:
    """Whatever the length of the text before them, closing words stand on the page of the signatures."""
    version = ready(kind)
    for lines in range(0, 44, 6):
        content = version.content
        content["clauses"] = [{"heading": "Isi", "body": "\n\n".join(["Satu baris."] * lines + ["Akhir isi."])}]
        facts = preview(kind, content, title="Uji").facts
        pages = pages_of(facts, kind, paper)
        signed = [page for page in pages if "PIHAK KEDUA, PIHAK KESATU," in page]
        assert len(signed) == 1 and "Demikian" in signed[0], (paper, lines)
        assert "menyaksikan tanda tangan" in signed[0] and "Keaslian dokumen" in pages[-1]
        assert "Demikian" in pages[-1], "the seal left the signatures"


@pytest.mark.parametrize("kind", [TPL, MOU])
def test_every_place_is_a_named_destination_with_room(kind: str, cast: Any) -> None:
    contract = contract_of(kind, cast)
    places = sign_places(contract)
    wanted = ["ttd-pihak-1", "ttd-pihak-2", "ttd-saksi-1"] + (["ttd-saksi-2"] if kind == TPL else [])
    assert [place.anchor for place in places] == wanted == [place.name for place in places]
    assert {(place.width_mm, place.height_mm) for place in places} == {(62.0, 24.0)}
    assert places[0].tooltip.startswith("Tanda tangan PIHAK KESATU: ")
    for paper in ("A4", "F4"):
        content = rendering.press().render(Envelope(kind, 1, paper, contract_facts(contract)), VERIFY).content
        pdf = pikepdf.open(io.BytesIO(content))
        found = dict(zip(*[iter(list(pdf.Root.Names.Dests.Names))] * 2, strict=True))
        spots = {str(name): (pdf.pages.index(pikepdf.Page(spot[0])), float(spot[2]), float(spot[3]))
                 for name, spot in found.items()}  # fmt: skip
        assert sorted(spots) == sorted(wanted)
        width = float(pdf.pages[0].mediabox[2])
        for page, x, y in spots.values():
            assert page == len(pdf.pages) - 1 and y - 24 / 25.4 * 72 > 70
            assert x > 80 and x + 62 / 25.4 * 72 < width - 50
        right, left = spots["ttd-pihak-1"][1], spots["ttd-pihak-2"][1]
        assert right - left > 62 / 25.4 * 72  # PIHAK KEDUA left, PIHAK KESATU right, and no box over another


def test_without_a_day_the_date_is_left_to_the_hand(cast: Any) -> None:
    contract = contract_of(TPL, cast)
    contract.signing_on = None
    facts = contract_facts(contract)
    assert "Pada hari ini ........................, tanggal ........" in facts["opening"]
    assert contract_preview(contract).lacks == []


def test_a_lacking_paper_is_a_sentence_and_never_ordered(cast: Any) -> None:
    contract = contract_of(TPL, cast)
    contract.honorarium_rupiah, contract.place = None, ""
    made = contract_preview(contract)
    assert made.missing == ["tempat", "honorarium"]
    with pytest.raises(Blocked, match=r"Tempat penandatanganan belum diisi\. Honorarium sebulan"):
        contract_paper(contract, by=cast.kadis_prov)
    assert not Document.objects.exists()
    contract.signers.all().delete()
    assert "Nama PIHAK KESATU belum diisi." in contract_preview(contract).lacks


def test_entries_of_the_template_come_from_the_contract(cast: Any) -> None:
    version = make_template(opening="Dibiayai {isian_sumber_dana}, {isian_dipa}. {entah}")
    assert asked_for(version) == [("sumber_dana", "Sumber dana"), ("dipa", "Dipa")]
    contract = make_contract(template=version, extra={"sumber_dana": "**APBN** {tempat}"})
    made = contract_preview(contract)
    assert "Dibiayai **APBN** {tempat}," in made.facts["opening"]
    assert made.lacks == ["Dipa belum diisi.", "“{entah}” bukan variabel yang dikenal."]
    assert "[Dipa]" in preview_facts(version)["opening"]


def in_force(contract: Any, cast: Any) -> Document:
    """Its paper, ordered and put in force as an approval does."""
    contract.document = contract_paper(contract, by=cast.kadis_prov)
    contract.save(update_fields=["document"])
    return contract.document


def test_a_withdrawn_paper_stays_within_the_provincial_office(cast: Any) -> None:
    for kind in (TPL, MOU):
        contract = contract_of(kind, cast, status="siap_ttd")
        old = in_force(contract, cast)
        contract.place = "Kupang"
        new = in_force(contract, cast)
        assert may_read(cast.panitia, old) and may_read(cast.panitia, new)
        for reader in (cast.kadis_belu, cast.tpl_belu if kind == TPL else cast.observer):
            assert not may_read(reader, old) and may_read(reader, new)
            assert list(Document.objects.visible_to(reader).filter(kind=kind)) == [new]


def test_the_paper_of_a_worker_is_for_the_province_the_worker_and_the_signers(cast: Any) -> None:
    contract = contract_of(TPL, cast, status="siap_ttd")
    document = in_force(contract, cast)
    assert document.title.startswith("Kontrak kerja TPL-IKM Kabupaten Belu ") and "Maria" not in document.title
    readers = {name for name in (*cast.__dataclass_fields__,) if may_read(cast[name], document)}
    assert readers == {
        "admin", "kadis_prov", "kabid", "panitia", "notulis", "verifikator", "kadis_belu", "bupati_belu", "tpl_belu",
    }  # fmt: skip
    assert document in Document.objects.visible_to(cast.bupati_belu)
    assert document not in Document.objects.visible_to(cast.operator_belu)
    told = contract_summary(document)
    assert told[0] == ("Nomor", contract.number.text)
    assert [label for label, _value in told] == ["Nomor", "PIHAK KESATU", "PIHAK KEDUA"]
    assert not re.search(r"Maria|Contoh|5304014|2\.400", str(told))


def test_a_wording_that_names_the_worker_in_its_title_tells_the_public_nothing(cast: Any) -> None:
    version = make_template(title="Kontrak {penyuluh_nama}\n{honorarium}")
    contract = make_contract(template=version, status="siap_ttd", worker=make_worker("Maria Contoh"))
    document = contract_paper(contract, by=cast.kadis_prov)
    assert "Maria" in str(document.facts["heading"])
    assert not re.search(r"Maria|3\.000", f"{document.title} {contract_summary(document)}")


def test_a_memorandum_is_read_by_whoever_sees_it_and_a_draft_by_the_province(cast: Any) -> None:
    contract = contract_of(MOU, cast, status="siap_ttd")
    document = in_force(contract, cast)
    names = ("panitia", "observer", "operator_belu", "kadis_belu", "operator_ende", "tpl_belu", "stranger")
    assert [name for name in names if may_read(cast[name], document)] == [
        "panitia", "observer", "operator_belu", "kadis_belu",
    ]  # fmt: skip
    draft = contract_of(MOU, cast)
    paper = contract_paper(draft, by=cast.panitia)
    assert [name for name in names if may_read(cast[name], paper)] == ["panitia"]


def test_the_facts_of_a_paper_take_one_statement_for_all_signers(cast: Any, assert_queries: Any) -> None:
    from programs.models import Contract

    few = contract_of(TPL, cast)
    assert few.signers.count() == 4
    row = Contract.objects.select_related("template", "regency__province", "worker", "number").get(pk=few.pk)
    with assert_queries(1):
        contract_facts(row)


def test_hostile_wordings_are_print_and_nothing_else(cast: Any) -> None:
    evil = (
        '<img src="file:///etc/passwd"><link rel="attachment" href="file:///etc/passwd"><script>x</script>'
        '<a href="http://169.254.169.254/">x</a> {{ facts }} {% include "/etc/passwd" %} {__class__} {tempat}'
    )
    version = make_template(title=evil, opening=evil, recital=evil, closing=evil,
                            clauses=[{"heading": evil, "body": evil}])  # fmt: skip
    contract = make_contract(template=version, place="<b>{nomor}</b> **tebal**")
    facts = contract_facts(contract)
    check_shape(TPL, 1, facts)
    done = rendering.press().render(Envelope(TPL, 1, "A4", facts), VERIFY)
    pdf = pikepdf.open(io.BytesIO(done.content))
    assert list(pdf.attachments) == ["facts.json"]
    assert b"root:" not in pdf.attachments["facts.json"].get_file().read_bytes()
    assert not any("/Annots" in page for page in pdf.pages)
    text = " ".join(pages_of(facts, TPL))
    assert "<script>x</script>" in text and "{__class__}" in text and "<b>{nomor}</b> **tebal**" in text
    assert set(contract_preview(contract).unknown) == {"facts", '% include "/etc/passwd" %', "__class__"}
