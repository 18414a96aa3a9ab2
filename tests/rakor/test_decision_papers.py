"""Berita acara of desks, of the agreement and its addenda: what they say, whom they are for, what they cost."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pypdf
import pytest
from django.db.models import F
from django.utils import timezone

from portal.documents import rendering
from portal.documents.actions import order_document
from portal.documents.facts import Envelope
from portal.documents.models import Document
from portal.documents.rules import may_read
from portal.documents.shapes import check_shape
from rakor.facts.agreement import ORDINALS, numbered
from rakor.facts.decisions import decision_text
from rakor.queries.agreement_papers import addendum_paper, agreement_paper
from rakor.queries.desk_papers import desk_record_paper
from tests.factories import at, lead_agency, make_meeting, make_position, make_session, make_user, regency
from tests.factories_programs import make_desk, make_line, make_proposal, source
from tests.portal.documents.papers import VERIFY, sample, versions

pytestmark = pytest.mark.django_db

SOURCES = {
    "APBN": (26, 6_450_000_000), "DAK Fisik": (27, 65_500_000_000), "DAK Nonfisik": (27, 6_950_000_000),
    "APBD Provinsi": (26, 6_650_000_000), "APBD Kabupaten/Kota": (26, 6_100_000_000),
}  # fmt: skip
ANSWERS = {
    "Disepakati": (65, 41_800_000_000), "Disepakati dengan perbaikan": (26, 24_550_000_000),
    "Ditunda": (15, 15_000_000_000), "Tidak disepakati": (18, 8_750_000_000), "Dialihkan": (8, 1_550_000_000),
}  # fmt: skip
"""Source: domain §8.3."""


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.documents import actions

    monkeypatch.setattr(actions, "send_hint", lambda pk: None)


@pytest.fixture
def meeting() -> Any:
    return make_meeting(status="berlangsung")


def printed(kind: str, facts: Any, paper: str = "A4") -> list[str]:
    done = rendering.press().render(Envelope(kind, versions(kind)[-1], paper, facts), VERIFY)
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(done.content)).pages]


def amended(key: str = "53.04") -> Any:
    """A decided proposal of Rp30 million whose second line was cut by Rp4 million."""
    from programs.models import LineVerdict, Verdict

    proposal = make_proposal(key, status="perbaikan")
    line = proposal.lines.get(position=2)
    verdict = Verdict.objects.get(proposal=proposal)
    LineVerdict.objects.create(
        line=line, verdict=verdict, decision="perbaikan", agreed_rupiah=6_000_000, reason="Peserta dikurangi.",
        by=verdict.by,
    )  # fmt: skip
    Verdict.objects.filter(pk=verdict.pk).update(agreed_rupiah=26_000_000)
    proposal.shares.update(agreed_rupiah=26_000_000)
    return proposal


def closed_desk(meeting: Any, cast: Any, **values: Any) -> Any:
    desk = make_desk(meeting, leader=cast.kabid, opened_at=at(9), **values)
    desk.closed_at = at(9, 40, day=dt.date(2019, 4, 25))
    return desk


def test_the_record_of_a_desk_names_both_sides_and_every_decision(cast: Any, meeting: Any) -> None:
    make_proposal(status="disepakati")
    amended()
    make_proposal(status="dialihkan", title="Promosi")
    make_proposal("53.08", status="disepakati")
    desk = closed_desk(meeting, cast, delegate_name="Nama Utusan", delegate_title="Sekretaris Dinas",
                       delegate_number="197201011998031002", confirmed_at=at(9), confirmed_change=0)  # fmt: skip
    facts = desk_record_paper(desk)
    check_shape("ba_desk", 1, facts)
    assert facts["status"] == "" and len(facts["rows"]) == 3
    assert [block["name"] for block in facts["signatures"]] == ["Nama Utusan", "Kepala Bidang Contoh"]
    assert [block["caption"] for block in facts["signatures"]] == ["Pihak Kedua", "Pihak Pertama"]
    assert facts["signatures"][0]["nip"] == "19720101 199803 1 002"
    assert (facts["totals"]["proposed"], facts["totals"]["agreed"]) == ("90.000.000", "56.000.000")
    pages = printed("ba_desk", facts)
    text = " ".join(pages)
    parts = [
        "BERITA ACARA", "NOMOR: ....", "Pada hari ini Kamis, tanggal dua puluh lima, bulan April, tahun dua ribu "
        "sembilan belas, pukul 09.40 WITA", "Hotel Matahari, Atambua", "Kepala Bidang Contoh", "Pihak Pertama",
        "Nama Utusan", "Pihak Kedua", "3 (tiga) usulan", "Rp56.000.000 (lima puluh enam juta rupiah)",
    ]  # fmt: skip
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part} is missing or out of order"
        place = found
    assert "Pelatihan tahap 2: 10.000.000 menjadi 6.000.000; Peserta dikurangi." in text
    assert "Dialihkan ke DANA DESA" in text and "Jumlah 3 usulan 90.000.000 56.000.000" in text


def test_before_it_is_closed_a_record_is_a_draft_computed_from_the_lines(cast: Any, meeting: Any) -> None:
    from programs.models import LineVerdict, Verdict

    proposal = make_proposal(status="siap_desk")
    make_line(proposal, source="KUR")
    verdict = Verdict.objects.create(
        proposal=proposal, decision="perbaikan", agreed_rupiah=23_000_000, reason="Harga", by=cast.kabid
    )
    LineVerdict.objects.create(
        line=proposal.lines.get(position=1), verdict=verdict, decision="dialihkan", reason="APBD",
        redirect_to=source("APBD_I"), by=cast.kabid,
    )  # fmt: skip
    make_proposal(status="siap_desk")
    facts = desk_record_paper(make_desk(meeting))
    check_shape("ba_desk", 1, facts)
    assert facts["status"] == "KONSEP"
    assert [(row["decision"], row["agreed"]) for row in facts["rows"]] == [
        ("Disepakati dengan perbaikan", "20.000.000"), ("Belum diputuskan", "–")
    ]  # fmt: skip
    assert facts["totals"]["outside"][0]["proposed"] == "10.000.000" and facts["totals"]["proposed"] == "60.000.000"
    assert facts["signatures"][0]["name"] == "Kadis Belu Contoh"
    assert "KONSEP" in " ".join(printed("ba_desk", facts))


def test_province_observers_and_that_regency_read_the_record_of_a_desk(cast: Any, meeting: Any) -> None:
    desk = closed_desk(meeting, cast)
    document = order_document("ba_desk", desk_record_paper(desk), subject=desk, by=cast.kabid)
    readers = {name for name in ("kabid", "notulis", "observer", "kadis_belu", "operator_belu", "operator_ende",
                                 "stranger") if may_read(cast[name], document)}  # fmt: skip
    assert readers == {"kabid", "notulis", "observer", "kadis_belu", "operator_belu"}
    assert document in Document.objects.visible_to(cast.kadis_belu)
    assert document not in Document.objects.visible_to(cast.kadis_ende)


def make_agreement(meeting: Any, cast: Any, **values: Any) -> Any:
    from rakor.models import Agreement

    agreement = Agreement.objects.create(meeting=meeting, chair=cast.kadis_prov.positions.get(), **values)
    for code in ("53.04", "53.08"):
        agreement.representatives.create(
            regency=regency(code), name=f"Wakil {code}", title="Kepala Dinas", agency=lead_agency(code).name
        )
    return agreement


def test_the_agreement_has_its_parts_in_order(cast: Any, meeting: Any) -> None:
    from rakor.models import Participant

    make_proposal(status="disepakati")
    make_proposal("53.08", status="ditunda", title="Gedung pamer Ende")
    Participant.objects.create(meeting=meeting, name="Narasumber Pusat", institution="Kementerian")
    Participant.objects.create(meeting=meeting, name="wakil 53.04", institution="Sama orangnya")
    Participant.objects.create(meeting=meeting, name="22 wakil kabupaten/kota")
    speech = make_session(meeting, "Sambutan Gubernur", kind="sambutan")
    for name, part in (("Gubernur", "pemilik_sambutan"), ("Bupati Belu", "pembaca")):
        person = Participant.objects.create(meeting=meeting, name=name, institution="Pemerintah")
        speech.people.create(
            participant=person,
            part=part,
            starts_at=speech.starts_at,
            ends_at=speech.ends_at,
            occupies=part == "pembaca",
        )
    agreement = make_agreement(meeting, cast, considerations="Sambutan Gubernur\nPaparan Bappeda", version=3)
    agreement.agreed_at = at(9, 30, day=dt.date(2019, 4, 26))
    facts = agreement_paper(agreement)
    check_shape("ba_kesepakatan", 1, facts)
    assert [person["name"] for person in facts["attendance"]] == [
        "Wakil 53.04",
        "Wakil 53.08",
        "Narasumber Pusat",
        "Bupati Belu",
    ]
    assert len(facts["regencies"]) == 22
    pages = printed("ba_kesepakatan", facts)
    text = " ".join(pages)
    parts = [
        "BERITA ACARA KESEPAKATAN", "NOMOR: ....", "Versi 3", "Pada hari ini Jumat, tanggal dua puluh enam",
        "Setelah memperhatikan", "Sambutan Gubernur", "Paparan Bappeda", "MENYEPAKATI", "KESATU", "Lampiran II",
        "KEDUA", "KETIGA", "Lampiran III", "Pimpinan Sidang", "Kepala Dinas Contoh", "Nama Lembaga/instansi Jabatan",
        "Alamat Tanda tangan", "Wakil 53.04", "LAMPIRAN I", "Narasumber Pusat", "LAMPIRAN II", "53.04 Kabupaten Belu",
        "Jumlah Kabupaten Belu: 1 program 30.000.000 30.000.000", "Jumlah seluruhnya: 1 program disepakati 30.000.000",
        "LAMPIRAN III", "53.08 Kabupaten Ende", "Gedung pamer Ende", "Ditunda", "Sesuai pembahasan di desk.",
    ]  # fmt: skip
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part} is missing or out of order"
        place = found


def test_everybody_reads_the_agreement_once_it_is_one(cast: Any, meeting: Any) -> None:
    from rakor.models import Agreement

    agreement = make_agreement(meeting, cast)
    draft = order_document("ba_kesepakatan", agreement_paper(agreement), subject=agreement, by=cast.kabid)
    assert draft.facts["status"] == "KONSEP"
    agreement.agreed_at = at(9, day=dt.date(2019, 4, 26))
    final = order_document("ba_kesepakatan", agreement_paper(agreement), subject=agreement, by=cast.kabid)
    everybody = ("kabid", "observer", "kadis_belu", "operator_ende", "stranger")
    assert [name for name in everybody if may_read(cast[name], final)] == ["kabid"]
    Agreement.objects.filter(pk=agreement.pk).update(status="disepakati", agreed_at=agreement.agreed_at, document=final)
    assert [name for name in everybody if may_read(cast[name], final)] == list(everybody[:4])
    assert [name for name in everybody if may_read(cast[name], draft)] == ["kabid"]
    from portal.documents.kinds import kind

    assert ("Keberlakuan", "Versi terakhir yang berlaku.") in kind("ba_kesepakatan").public_summary(final)


def test_an_addendum_says_before_and_after(cast: Any, meeting: Any) -> None:
    from rakor.models import Addendum, Agreement, AgreementChange

    proposal = make_proposal(status="disepakati")
    agreement = make_agreement(meeting, cast, number="500.9/31")
    now = {"decision": "disepakati", "agreed_rupiah": 30_000_000, "reason": "", "redirect_to": "", "lines": {}}
    before = {**now, "decision": "dialihkan", "agreed_rupiah": 0, "reason": "Bukan DAK", "redirect_to": "APBD_I"}
    addendum = Addendum.objects.create(agreement=agreement, sequence=2, reason="Surat Kementerian", by=cast.kabid)
    AgreementChange.objects.create(
        agreement=agreement, addendum=addendum, version=2, proposal=proposal, before=before, after=now,
        reason="Lahan sudah jelas", by=cast.kabid,
    )  # fmt: skip
    assert addendum_paper(addendum)["status"] == "KONSEP"
    addendum.issued_at = timezone.make_aware(dt.datetime(2019, 7, 1, 10))
    facts = addendum_paper(addendum)
    check_shape("ba_adendum", 1, facts)
    text = " ".join(printed("ba_adendum", facts))
    for part in ("ADENDUM KEDUA", "Surat Kementerian", "MENETAPKAN", "Dialihkan ke APBD I 0 Disepakati 30.000.000",
                 "Lahan sudah jelas", "Rp30.000.000 (tiga puluh juta rupiah)", "Kupang, 1 Juli 2019"):  # fmt: skip
        assert part in text, part
    document = order_document("ba_adendum", facts, subject=addendum, by=cast.kabid)
    assert not may_read(cast.kadis_belu, document) and may_read(cast.kabid, document)
    Addendum.objects.filter(pk=addendum.pk).update(issued_at=addendum.issued_at, document=document)
    Agreement.objects.filter(pk=agreement.pk).update(status="disepakati", agreed_at=at(9), document=document)
    assert may_read(cast.kadis_belu, document) and not may_read(cast.stranger, document)


def test_what_records_read_does_not_grow_with_the_proposals(cast: Any, meeting: Any, assert_queries: Any) -> None:
    desk = closed_desk(meeting, cast)
    agreement = make_agreement(meeting, cast)
    amended()
    agreement_paper(agreement)  # the chair's office stays with the row
    with assert_queries(7):
        desk_record_paper(desk)
    with assert_queries(7):
        agreement_paper(agreement)
    for code in ("53.04", "53.08", "53.01"):
        for status in ("disepakati", "ditunda", "dialihkan"):
            make_proposal(code, status=status, lines=4)
        amended(code)
    with assert_queries(7):
        desk_record_paper(desk)
    with assert_queries(7):
        agreement_paper(agreement)


def test_the_known_totals_can_be_read_from_the_paper() -> None:
    """Source: domain §8.3: per source, per decision, per regency, to the last rupiah."""
    pages = printed("ba_kesepakatan", sample("ba_kesepakatan"))
    assert 18 <= len(pages) <= 23
    text = " ".join(pages)
    number = r"([\d.]+)"
    for label, (count, amount) in SOURCES.items():
        [(n, asked, yes, given)] = re.findall(
            rf"{label}[^\d]*? (\d+) {number} (\d+) {number}", text[text.index("menurut sumber dana") :]
        )[:1]
        assert (int(n), rupiah(asked)) == (count, amount), label
        assert int(yes) <= count and rupiah(given) <= amount
    for label, (count, amount) in ANSWERS.items():
        agreed = amount if "isepakati" in label and "Tidak" not in label else 0
        assert f"{label} {count} {amount:,} {agreed:,}".replace(",", ".") in text, label
    assert "Jumlah 132 91.650.000.000 66.350.000.000" in text
    assert "Jumlah 132 91.650.000.000 91 66.350.000.000" in text
    assert "53.04 Kabupaten Belu 6 3.000.000.000 4 2.300.000.000 2" in text
    assert "53.71 Kota Kupang 6 1.650.000.000 4 1.250.000.000 2" in text
    assert len(re.findall(r"Jumlah K\w+ [\w ]+: \d program ([\d.]+) ([\d.]+)", text)) == 22
    subtotals = re.findall(r"Jumlah K\w+ [\w ]+: \d program [\d.]+ ([\d.]+)", text)
    assert sum(map(rupiah, subtotals)) == 66_350_000_000
    refused = re.findall(r"Jumlah K\w+ [\w ]+: \d usulan ([\d.]+)", text)
    assert sum(map(rupiah, refused)) == 25_300_000_000
    assert len(re.findall(r"\b[A-Z]{3}-2020-0\d", text)) == 132
    heads = [page for page in pages if "Pagu disepakati (Rp)" in page]
    assert len(heads) >= 9


def rupiah(text: str) -> int:
    return int(text.replace(".", ""))


def test_clauses_are_counted_in_words_and_beyond() -> None:
    clauses = numbered(str(number) for number in range(17))
    assert [clauses[0]["ordinal"], clauses[10]["ordinal"]] == ["KESATU", "KESEBELAS"]
    assert clauses[16]["ordinal"] == "KE-17" and len(ORDINALS) == 15
    assert decision_text("ditunda") == "Ditunda" and decision_text("") == "Belum diputuskan"


@pytest.mark.parametrize(("count", "paper", "pages"), [(6, "A4", 2), (6, "F4", 2), (12, "A4", 3), (12, "F4", 3)])
def test_nobody_signs_a_sheet_with_nothing_on_it(count: int, paper: str, pages: int) -> None:
    facts = sample("ba_desk")
    facts["rows"] = [facts["rows"][number % 6] for number in range(count)]
    found = printed("ba_desk", facts, paper)
    assert len(found) == pages
    assert "Pihak Kedua, Pihak Pertama," in found[0] and "Kode dokumen" in found[0]
    signed = [page for page in found[1:] if "Pihak Kedua, Pihak Pertama," in page]
    assert len(signed) == 1 and "Rekapitulasi menurut putusan" in signed[0]


def test_the_end_of_a_long_text_goes_with_its_signatures() -> None:
    facts = sample("ba_desk")
    facts["clauses"] = facts["clauses"] * 4
    first, second = printed("ba_desk", facts)[:2]
    assert "Pihak Kedua, Pihak Pertama," not in first and "Pihak Kedua, Pihak Pertama," in second
    assert "Hasil desk ini disampaikan" in second and "Berita acara ini dibuat" in second


def test_long_and_odd_texts_do_not_break_the_records() -> None:
    odd = "漢字 😀 <b>&amp;</b> " + "x" * 90 + " " + "alasan panjang " * 60
    facts = sample("ba_desk")
    for row in facts["rows"]:
        row.update(title=odd[:250], reason=odd)
    facts["rows"] *= 12
    pages = printed("ba_desk", facts, "F4")
    assert len(pages) > 10 and all("Alasan/perbaikan" in page for page in pages[3:8])
    facts = sample("ba_adendum")
    facts["changes"] = [{**row, "reason": odd, "title": odd[:250]} for row in facts["changes"] * 20]
    assert len(printed("ba_adendum", facts)) > 5


def test_an_acting_head_signs_before_the_one_he_stands_in_for(cast: Any, meeting: Any) -> None:
    stand_in = make_user("plh_belu")
    make_position(stand_in, "kadis_kab", lead_agency("53.04"), title="Kepala Dinas", standing="plh",
                  starts_on=dt.date(2019, 4, 20))  # fmt: skip
    block = desk_record_paper(closed_desk(meeting, cast))["signatures"][0]
    assert block["name"] == "Plh Belu" and block["office"].startswith("Plh. Kepala Dinas")


def test_shares_of_several_sources_stand_beside_each_other(cast: Any, meeting: Any) -> None:
    proposal = make_proposal(status="disepakati")
    make_line(proposal, source="APBN")
    proposal.shares.update(agreed_rupiah=F("share_rupiah"))
    [row] = desk_record_paper(closed_desk(meeting, cast))["rows"]
    assert [(share["source"], share["proposed"]) for share in row["shares"]] == [
        ("APBN", "10.000.000"), ("APBD\u00a0II", "30.000.000")
    ]  # fmt: skip
    assert row["agreed"] == "40.000.000"
