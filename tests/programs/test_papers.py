"""KAK, RAB and bundle: what they say, whom they are for, and what they cost."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pypdf
import pytest

from portal.documents import rendering
from portal.documents.actions import order_document
from portal.documents.facts import Envelope
from portal.documents.models import Document
from portal.documents.rules import may_read
from portal.documents.shapes import check_shape
from portal.kernel.errors import Blocked
from programs.models import Proposal
from programs.queries import papers
from programs.queries.papers import BundleSubject, bundle_paper, kak_paper, papers_context, rab_paper
from tests.factories import regency
from tests.factories_programs import make_line, make_proposal
from tests.portal.documents.papers import VERIFY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.documents import actions

    monkeypatch.setattr(actions, "send_hint", lambda pk: None)


def printed(kind: str, facts: Any, paper: str = "A4") -> tuple[list[str], pikepdf.Pdf]:
    done = rendering.press().render(Envelope(kind, 1, paper, facts), VERIFY)
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(done.content)).pages]
    return pages, pikepdf.open(io.BytesIO(done.content))


def test_a_draft_is_marked_and_only_its_regency_reads_it(cast: Any) -> None:
    proposal = make_proposal(status="konsep")
    facts = kak_paper(proposal, cast.operator_belu)
    check_shape("kak", 1, facts)
    assert facts["status"] == "KONSEP" and facts["version"] == ""
    assert facts["body"]["signatures"][0]["place_date"] == ""
    document = order_document("kak", facts, subject=proposal, by=cast.operator_belu)
    readers = {name for name in ("operator_belu", "kadis_belu", "operator_ende", "kabid", "observer", "stranger")
               if may_read(cast[name], document)}  # fmt: skip
    assert readers == {"operator_belu", "kadis_belu"}
    assert document not in Document.objects.visible_to(cast.kabid)
    # the same proposal once sent does not open the paper of the draft
    Proposal.objects.filter(pk=proposal.pk).update(
        status="diajukan", sent_at="2019-03-20T00:00Z", sent_by=cast.kadis_belu
    )
    assert not may_read(cast.kabid, document)


def test_what_was_sent_is_read_by_province_and_own_regency(cast: Any) -> None:
    proposal = make_proposal(status="diajukan")
    facts = kak_paper(proposal, cast.kabid)
    assert facts["status"] == "" and facts["version"] == "Versi 1"
    assert facts == kak_paper(proposal, cast.operator_belu)
    assert facts["body"]["signatures"][0]["place_date"] == "Atambua, 20 Maret 2019"
    document = order_document("kak", facts, subject=proposal, by=cast.kabid)
    readers = {name for name in ("operator_belu", "kadis_belu", "operator_ende", "kabid", "observer", "stranger")
               if may_read(cast[name], document)}  # fmt: skip
    assert readers == {"operator_belu", "kadis_belu", "kabid", "observer"}


def test_the_province_prints_a_returned_proposal_as_it_was_sent(cast: Any) -> None:
    proposal = make_proposal(status="dikembalikan", title="Judul lama")
    Proposal.objects.filter(pk=proposal.pk).update(title="Judul baru")
    proposal.refresh_from_db()
    sent, live = kak_paper(proposal, cast.kabid), kak_paper(proposal, cast.operator_belu)
    assert sent["body"]["heading"][0] == "Judul lama" and sent["status"] == "" and sent["version"] == "Versi 1"
    assert live["body"]["heading"][0] == "Judul baru" and live["status"] == "KONSEP"


def test_a_proposal_that_was_never_sent_has_nothing_for_the_province(cast: Any) -> None:
    proposal = make_proposal(status="dikembalikan")
    proposal.submissions.all().delete()
    with pytest.raises(Blocked, match="belum pernah dikirim"):
        kak_paper(proposal, cast.kabid)
    assert bundle_paper(regency(), 2020, cast.kabid)["rows"] == []


def test_the_kak_has_its_chapters_in_order(cast: Any) -> None:
    """Source: domain §3.5."""
    proposal = make_proposal(status="diajukan", policy_support="RPIK Kabupaten Belu")
    pages, _pdf = printed("kak", kak_paper(proposal, cast.kabid))
    text = " ".join(pages)
    parts = [
        "KERANGKA ACUAN KERJA (KAK)", proposal.title, "Tahun anggaran 2020", "3.31.02.2.01.0005", "A. Latar Belakang",
        "Dasar hukum", "RPIK Kabupaten Belu", "Gambaran umum", "alat tua", "Alasan", "B. Maksud dan Tujuan",
        "C. Indikator Keluaran", "Jumlah IKM dilatih", "D. Cara Pelaksanaan", "E. Tempat Pelaksanaan", "Fatukbot",
        "F. Pelaksana dan Penanggung Jawab", "G. Jadwal", "Maret–Agustus 2020 (6 bulan)", "Jan Feb Mar", "H. Biaya",
        "30.000.000", "Rp30.000.000 (tiga puluh juta rupiah)", "I. Penerima Manfaat", "45 orang",
        "Kadis Belu Contoh",
    ]  # fmt: skip
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part} is missing or out of order"
        place = found
    assert text.count("×") == 6  # months of the bar


def test_the_rab_adds_up_by_source_and_keeps_other_money_apart(cast: Any) -> None:
    proposal = make_proposal(lines=2)
    make_line(
        proposal, source="APBN", quantity_text="30 orang × 3 hari × 1 keg", quantity=90, unit_price_rupiah=150_000
    )
    make_line(proposal, source="KUR", unit_price_rupiah=7_000_000)
    facts = rab_paper(proposal, cast.operator_belu)
    check_shape("rab", 1, facts)
    costs = facts["body"]["costs"]
    assert [row["amount"] for row in costs["sources"]] == ["20.000.000", "13.500.000"]
    assert costs["total"] == "33.500.000" and costs["outside_total"] == "70.000.000"
    assert (
        facts["body"]["rows"][2]["quantity"] == "30 orang × 3 hari × 1 keg"
        and facts["body"]["rows"][2]["product"] == "90"
    )
    pages, _pdf = printed("rab", facts)
    text = " ".join(pages)
    assert "Jumlah anggaran 33.500.000" in text and "Jumlah nonanggaran 70.000.000" in text
    assert "KONSEP" in text


def test_an_empty_draft_can_be_printed(cast: Any) -> None:
    bare = Proposal.objects.create(regency=regency(), year=2020, number=1, created_by=cast.operator_belu)
    for kind, make in (("kak", kak_paper), ("rab", rab_paper)):
        pages, _pdf = printed(kind, make(bare, cast.operator_belu))
        assert "belum diisi" in " ".join(pages).lower() and "Usulan tanpa judul" in pages[0]


def test_long_texts_and_odd_letters_do_not_break_the_papers(cast: Any) -> None:
    odd = '漢字 😀 <script>alert(1)</script> & "kutip" ' + "x" * 120 + " Ba'a – ½ m² "
    proposal = make_proposal(
        lines=0, title=odd[:120], background=odd * 40, problem="a" * 3000, method="- butir\n" * 100
    )
    for number in range(300):
        make_line_quickly(proposal, number, odd[:200])
    facts = rab_paper(proposal, cast.operator_belu)
    assert len(facts["body"]["rows"]) == 300
    pages, _pdf = printed("rab", facts, "F4")
    assert 10 < len(pages) < 60
    assert all("Kode rekening" in page for page in pages[:5])
    assert "alert(1)" in " ".join(printed("kak", kak_paper(proposal, cast.operator_belu))[0])


def make_line_quickly(proposal: Any, number: int, text: str) -> None:
    from programs.models import CostLine

    CostLine.objects.create(
        proposal=proposal, position=number + 1, description=text[:250], quantity_text="2,5 ton", quantity="2.5",
        unit="ton", unit_price_rupiah=1_000_001, source=proposal.shares.first() and None,
    )  # fmt: skip


def test_a_bundle_has_a_bookmark_for_each_proposal_and_its_parts(cast: Any) -> None:
    first, second = make_proposal(status="diajukan"), make_proposal(status="diajukan")
    make_proposal(status="konsep")
    make_proposal("53.08", status="diajukan")
    facts = bundle_paper(regency(), 2020, cast.kabid)
    check_shape("usulan_bundel", 1, facts)
    assert [row["code"] for row in facts["rows"]] == [first.code, second.code] and facts["status"] == ""
    assert facts["costs"]["total"] == "60.000.000"
    pages, pdf = printed("usulan_bundel", facts)
    with pdf.open_outline() as outline:
        names = [item.title for item in outline.root]
        inside = [[child.title for child in item.children] for item in outline.root if item.title.startswith("1.")]
    assert names == ["USULAN PROGRAM", f"1. {first.code} {first.title}", f"2. {second.code} {second.title}"]
    assert inside == [["KERANGKA ACUAN KERJA (KAK)", "RENCANA ANGGARAN BIAYA (RAB)"]]
    wide = [page.mediabox[2] > page.mediabox[3] for page in pdf.pages]
    assert wide[0] is False and any(wide) and "RENCANA ANGGARAN" in pages[wide.index(True)]
    own = bundle_paper(regency(), 2020, cast.operator_belu)
    assert len(own["rows"]) == 3 and own["status"] == "KONSEP"
    subject = BundleSubject(regency(), 2020)
    sent = order_document("usulan_bundel", facts, subject=subject, by=cast.kabid)
    draft = order_document("usulan_bundel", own, subject=subject, by=cast.operator_belu)
    assert may_read(cast.kabid, sent) and may_read(cast.kadis_belu, sent) and not may_read(cast.operator_ende, sent)
    assert may_read(cast.kadis_belu, draft) and not may_read(cast.kabid, draft)


def test_what_papers_read_does_not_grow_with_the_proposals(cast: Any, assert_queries: Any) -> None:
    one = make_proposal(status="diajukan")
    roles = cast.kabid.hats
    assert roles
    with assert_queries(10):
        kak_paper(one, cast.kabid)
    with assert_queries(11):
        bundle_paper(regency(), 2020, cast.kabid)
    for _number in range(6):
        make_proposal(status="diajukan", lines=12)
    with assert_queries(11):
        bundle_paper(regency(), 2020, cast.kabid)
    with assert_queries(1):
        papers_context(one, cast.kabid)


def test_the_panel_knows_the_newest_paper(cast: Any) -> None:
    proposal = make_proposal()
    assert [row["document"] for row in papers_context(proposal, cast.operator_belu)["papers"]] == [None, None]
    document = order_document(
        papers.KAK, kak_paper(proposal, cast.operator_belu), subject=proposal, by=cast.operator_belu
    )
    shown = papers_context(proposal, cast.operator_belu)
    assert [row["document"] for row in shown["papers"]] == [document, None] and shown["paper_is_draft"]


def test_the_pages_order_papers_and_lead_to_them(cast: Any, client_of: Any) -> None:
    proposal = make_proposal(status="diajukan")
    for name in ("kak", "rab"):
        answer = client_of(cast.kabid).post(f"/usulan/{proposal.pk}/{name}/")
        document = Document.objects.get(kind=name)
        assert answer.status_code == 302 and answer.url == document.get_absolute_url()
        assert client_of(cast.operator_ende).post(f"/usulan/{proposal.pk}/{name}/").status_code == 404
        assert client_of(cast.kabid).get(f"/usulan/{proposal.pk}/{name}/").status_code == 302
    assert Document.objects.count() == 2


def test_the_page_of_bundles(cast: Any, client_of: Any, assert_queries: Any) -> None:
    make_proposal(status="diajukan")
    page = client_of(cast.kabid).get("/usulan/bundel/?tahun=2020").content.decode()
    assert page.count('name="kabupaten"') == 1 and "Kabupaten Ende" in page
    answer = client_of(cast.kabid).post("/usulan/bundel/", {"tahun": "2020", "kabupaten": "53.04"})
    assert answer.status_code == 302 and answer.url == Document.objects.get().get_absolute_url()
    own = client_of(cast.operator_ende).get("/usulan/bundel/?tahun=2020").content.decode()
    assert "Kabupaten Belu" not in own and "Belum ada usulan" in own
    for values in ({"tahun": "2020", "kabupaten": "53.04"}, {"tahun": "2020"}, {"tahun": "x" * 99, "kabupaten": "?"}):
        assert client_of(cast.operator_ende).post("/usulan/bundel/", values).status_code == 409
    client = client_of(cast.kabid)
    client.get("/usulan/bundel/")
    with assert_queries(7):
        client.get("/usulan/bundel/?tahun=2020")
    for code in ("53.01", "53.02", "53.08"):
        for _number in range(3):
            make_proposal(code, status="diajukan", lines=1)
    with assert_queries(7):
        client.get("/usulan/bundel/?tahun=2020")


def test_the_page_of_a_paper_names_no_draft_to_the_province(cast: Any, client_of: Any) -> None:
    proposal = make_proposal(status="diajukan")
    sent = order_document("kak", kak_paper(proposal, cast.kabid), subject=proposal, by=cast.kabid)
    Proposal.objects.filter(pk=proposal.pk).update(status="dikembalikan", title="Judul yang masih ditulis")
    proposal.refresh_from_db()
    live = order_document("kak", kak_paper(proposal, cast.operator_belu), subject=proposal, by=cast.operator_belu)
    seen = client_of(cast.kabid).get(sent.get_absolute_url()).content.decode()
    own = client_of(cast.operator_belu).get(sent.get_absolute_url()).content.decode()
    assert live.shown_code not in seen and live.shown_code in own
