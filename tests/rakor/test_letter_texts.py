"""What decree and report say at first, out of an empty portal and a full one, and as papers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone, translation

from portal.documents.actions import order_document
from portal.documents.shapes import check_shape
from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from rakor.actions import committee as actions
from rakor.actions.letters import move_letter, save_letter
from rakor.facts.committee_figures import Category, Figures, Half
from rakor.facts.committee_words import usual_report
from rakor.models import Attendance, AttendanceList, Invitation, Letter, LetterCopy, Participant, Registration
from rakor.queries.committee_figures import figures_of
from rakor.queries.letter_text_papers import (
    content_of,
    may_read_text,
    missing_text,
    order_text,
    readable_texts,
    text_facts,
    text_summary,
    usual_text,
)
from regencies.actions.registers import take_number
from regencies.queries import lead_agency
from tests import factories
from tests.factories_programs import make_desk, make_proposal
from tests.portal.documents.papers import sample

pytestmark = pytest.mark.django_db


def approved(letter: Letter, cast: Any) -> LetterCopy:
    """A numbered copy, as approving makes it."""
    copy = LetterCopy.objects.create(letter=letter)
    copy.number = take_number(letter.register, on=dt.date(2019, 3, 12), by=cast.kadis_prov, subject=copy)
    copy.save()
    return copy


def test_a_new_decree_knows_the_edition_and_asks_for_its_committee(cast: Any, draft_meeting: Any) -> None:
    letter = actions.start_text(draft_meeting, "sk_panitia", by=cast.panitia)
    assert actions.start_text(draft_meeting, "sk_panitia", by=cast.kabid) == letter
    assert letter.register.key == "sk" and letter.signer == cast.kadis_prov.positions.get()
    content = content_of(letter)
    assert draft_meeting.title in content.considering[0] and "Atambua" in content.considering[0]
    assert "Gubernur Nusa Tenggara Timur di Kupang" in content.copies_to[0]
    assert content.decisions[-1] == "Keputusan ini mulai berlaku sejak tanggal ditetapkan."
    assert missing_text(letter) == ["Susunan panitia masih kosong."]
    facts = text_facts(letter)
    check_shape("sk_panitia", 1, facts)
    assert (facts["status"], facts["number"], facts["seats"]) == ("RANCANGAN", "", [])
    assert facts["office"].startswith("Kepala Dinas Perindustrian dan Perdagangan Provinsi")
    assert facts["decisions"][0]["ordinal"] == "KESATU"


def test_an_approved_decree_bears_number_and_day(cast: Any, draft_meeting: Any) -> None:
    actions.fill_from_positions(draft_meeting, by=cast.panitia)
    letter = actions.start_text(draft_meeting, "sk_panitia", by=cast.panitia)
    assert missing_text(letter) == []
    copy = approved(letter, cast)
    document = order_text(copy, by=cast.kadis_prov)
    assert document.kind == "sk_panitia" and document.subject_id == str(copy.pk)
    assert document.facts["number"] == "100.3.3/1/DISPERINDAG/2019" and document.facts["date"] == "12 Maret 2019"
    assert document.facts["status"] == ""
    assert order_text(copy, by=cast.kadis_prov) == document
    assert document.facts["seats"][0]["seat"] == "Penanggung jawab"
    for name, allowed in (("panitia", True), ("notulis", True), ("operator_belu", False), ("observer", False)):
        assert bool(may_read_text(cast[name], document)) is allowed
        assert readable_texts(cast[name], type(document).objects.all()).exists() is allowed


def test_employee_numbers_are_printed_only_where_the_decree_says_so(cast: Any, draft_meeting: Any) -> None:
    values = {"seat": "ketua", "name": "Maria", "title": "", "employee_number": "198001012005032001"}
    actions.add_member(draft_meeting, values, by=cast.panitia)
    letter = actions.start_text(draft_meeting, "sk_panitia", by=cast.panitia)
    assert text_facts(letter)["seats"][0]["people"][0]["nip"] == ""
    letter.content |= {"numbers": True}
    assert text_facts(letter)["seats"][0]["people"][0]["nip"] == "19800101 200503 2 001"


def test_an_empty_portal_gives_whole_sentences(cast: Any, draft_meeting: Any) -> None:
    bare = factories.make_meeting(slug="rakor-kosong", planning_year=2027, execution_year=2026, funding_document="")
    with translation.override("en"):
        letter = actions.start_text(bare, "laporan_panitia", by=cast.panitia)
    content = content_of(letter)
    assert missing_text(letter) == []
    assert letter.register.key == "surat-keluar"
    assert "tidak tercatat sebagai terkirim" in content.activities and "Kehadiran tidak dicatat" in content.activities
    assert "Belum ada usulan program tahun 2027 yang diputuskan." in content.results
    assert "Berita acara kesepakatan belum disahkan" in content.results
    assert "Sumber pembiayaan belum dicatat" in content.results
    assert "Rapat koordinasi dijadwalkan di" in content.conclusions
    facts = text_facts(letter)
    check_shape("laporan_panitia", 2, facts)
    assert facts["categories_total"] == [] and facts["undecided"] == ""
    assert facts["totals"] == [] and facts["attendance"] == [] and facts["categories"] == []


def test_the_report_counts_who_came(cast: Any, published_meeting: Any, assert_queries: Any) -> None:
    make_guests(published_meeting, cast)
    figures = figures_of(published_meeting)
    assert [(row.name, row.registered, row.present) for row in figures.categories] == [
        ("Utusan kabupaten/kota", 3, 2), ("Narasumber", 1, 1),
    ]  # fmt: skip
    assert (figures.regencies_registered, figures.regencies_present, figures.regencies_all) == (2, 2, 22)
    assert figures.halves == (Half(dt.date(2019, 4, 24), "pagi", 4, 2, 1, 0, False),)
    assert figures.invitations == () and figures.desks == 0
    content = usual_report(published_meeting, figures, agency=lead_agency())
    assert "4 (empat) orang" in content.activities and "utusan kabupaten/kota 3 orang" in content.activities
    assert "hadir 3 dari 4 orang, 1 di antaranya terlambat" in content.activities
    assert "20 (dua puluh) kabupaten/kota yang tidak hadir" in content.suggestions


def test_the_figures_take_the_same_statements_with_few_and_with_many(
    cast: Any, published_meeting: Any, assert_queries: Any
) -> None:
    with assert_queries(18):
        figures_of(published_meeting)
    make_guests(published_meeting, cast)
    for code in ("53.01", "53.02"):
        Invitation.objects.create(
            meeting=published_meeting, group="kadis_kab", regency=factories.regency(code), addressee=code
        )
    with assert_queries(18):
        figures_of(published_meeting)


def test_the_report_names_what_waits_for_a_decision(cast: Any, published_meeting: Any) -> None:
    """One desk is closed, one open: its proposal and one that was only sent have no answer yet."""
    year = published_meeting.planning_year
    desk, now = make_desk(published_meeting, "53.04"), timezone.now()
    type(desk).objects.filter(pk=desk.pk).update(
        status="ditutup", opened_at=now, leader=cast.kabid, confirmed_at=now, confirmed_change=0, closed_at=now,
        closed_by=cast.kabid, delegate_name="Utusan Desk", delegate_title="Sekretaris Dinas",
        document=order_document("agenda", sample("agenda"), subject=published_meeting, by=cast.panitia),
    )  # fmt: skip
    make_desk(published_meeting, "53.08")
    make_proposal("53.08", year, "siap_desk"), make_proposal("53.08", year, "diajukan")
    letter = actions.start_text(published_meeting, "laporan_panitia", by=cast.panitia)
    assert "Sebanyak 2 (dua) usulan menunggu putusan." in content_of(letter).results
    assert text_facts(letter)["undecided"] == "", "without sums there is no Lampiran of decisions to head"
    make_proposal("53.04", year, "disepakati"), make_proposal("53.04", year, "konsep")
    make_guests(published_meeting, cast)
    content, facts = usual_text(published_meeting, "laporan_panitia")[1], text_facts(letter)
    check_shape("laporan_panitia", 2, facts)
    assert "Sebanyak 2 (dua) usulan lainnya belum diputuskan." in content.results
    assert f"2 (dua) usulan program tahun {year} belum diputuskan" in content.conclusions
    assert facts["undecided"].startswith("Pembahasan belum selesai: 1 dari 2 (dua) desk sudah ditutup; 2 (dua) usulan")
    assert facts["categories_total"] == [{"category": "Jumlah", "registered": "4", "present": "3"}]


def make_guests(meeting: Any, cast: Any) -> None:
    """Three delegates of two regencies and a speaker; one delegate stays away, one is late."""
    hall = AttendanceList.objects.create(meeting=meeting, on=dt.date(2019, 4, 24), half="pagi")
    rows = [("A", "utusan", "53.04", "hadir"), ("B", "utusan", "53.04", ""), ("C", "utusan", "53.08", "terlambat")]
    for name, category, code, state in [*rows, ("D", "narasumber", None, "hadir")]:
        regency = factories.regency(code) if code else None
        person = Participant.objects.create(meeting=meeting, name=name, institution="X", regency=regency)
        row = Registration.objects.create(participant=person, meeting=meeting, category=category, source="panitia")
        if state:
            Attendance.objects.create(attendance_list=hall, registration=row, state=state, came_at=timezone.now())


def test_a_full_report_is_read_from_every_part_of_the_portal() -> None:
    """Words alone, from figures as a finished edition has them."""
    meeting = factories.make_meeting(
        slug="rakor-penuh", status="selesai", published=True, funding_document="DIPA *2019*"
    )
    figures = Figures(
        organisers=("Kementerian Perindustrian", "Dinas Provinsi", "Pemerintah Kabupaten Belu"),
        decree="100.3.3/12/DISPERINDAG/2019", decree_on=dt.date(2019, 3, 12),
        invitations=(("kadis_kab", 22, 21), ("kepala_daerah", 22, 9)),
        invitation_numbers=tuple(f"500.9/{n}/X/2019" for n in range(1, 45)),
        categories=(Category("Utusan kabupaten/kota", 44, 40),), regencies_registered=22, regencies_present=21,
        regencies_all=22, halves=(Half(dt.date(2019, 4, 24), "pagi", 44, 38, 2, 1, True),),
        days=((dt.date(2019, 4, 24), ("Pembukaan", "Diskusi [panel]")),), minutes=3, minutes_final=2,
        minute_decisions=5, follow_ups=4, desks=22, desks_closed=20, agreement_status="ditandatangani",
        agreement_number="7/BA/2019", agreement_on=dt.date(2019, 4, 26), contracts=3, contracts_signed=3,
        memoranda=4, memoranda_signed=4,
    )  # fmt: skip
    content = usual_report(meeting, figures, agency=lead_agency())
    assert "Kementerian Perindustrian, Dinas Provinsi, dan Pemerintah Kabupaten Belu" in content.background
    assert "500.9/1/X/2019 sampai dengan 500.9/44/X/2019" in content.basis
    assert "tanggal 12 Maret 2019" in content.basis
    assert "44 (empat puluh empat) alamat: 22 kepada kepala dinas kabupaten/kota dan 22 kepada" in content.activities
    assert "2. Diskusi \\[panel\\]." in content.activities
    assert "Nomor 7/BA/2019 disahkan sidang pleno pada Jumat, 26 April 2019 dan telah ditanda" in content.results
    assert "3 dari 3 (tiga) kontrak kerja" in content.results and "4 dari 4 (empat) nota" in content.results
    assert "DIPA \\*2019\\*" in content.results
    assert "2 (dua) desk yang belum ditutup" in content.suggestions
    assert "1 (satu) kabupaten/kota yang tidak hadir" in content.suggestions
    assert "telah dilaksanakan" in content.conclusions


def test_a_part_is_filled_in_anew_and_the_others_stay(cast: Any, published_meeting: Any) -> None:
    letter = actions.start_text(published_meeting, "laporan_panitia", by=cast.panitia)
    values = {"content": content_of(letter).stored() | {"activities": "Ditulis tangan", "closing": "Sekian"}}
    letter = save_letter(letter, values, by=cast.panitia, base_version=1)
    make_guests(published_meeting, cast)
    with pytest.raises(StaleVersion):
        actions.refill_part(letter, "activities", base_version=1, by=cast.panitia)
    letter = actions.refill_part(letter, "activities", base_version=2, by=cast.kabid)
    assert "4 (empat) orang" in content_of(letter).activities and content_of(letter).closing == "Sekian"
    assert actions.refill_part(letter, "activities", base_version=3, by=cast.kabid).version == 3
    with pytest.raises(Denied):
        actions.refill_part(letter, "closing", base_version=3, by=cast.notulis)


def test_missing_parts_are_named(cast: Any, draft_meeting: Any) -> None:
    letter = actions.start_text(draft_meeting, "laporan_panitia", by=cast.panitia)
    letter.content |= {"results": "", "place": ""}
    assert missing_text(letter) == ["Belum diisi: C. Hasil yang dicapai, Tempat penandatanganan."]


def test_nobody_but_the_head_of_office_signs(cast: Any, draft_meeting: Any) -> None:
    letter = actions.start_text(draft_meeting, "sk_panitia", by=cast.panitia)
    with pytest.raises(Blocked):
        save_letter(letter, {"signer": cast.kabid.positions.get()}, by=cast.panitia, base_version=1)


def test_a_long_title_still_fits_a_subject(draft_meeting: Any) -> None:
    draft_meeting.title = "R" * 250
    for kind in ("sk_panitia", "laporan_panitia"):
        subject, _content = usual_text(draft_meeting, kind)
        assert len(subject) <= 250 and "Rakor Atambua 2019" in subject


def test_a_decree_goes_from_draft_to_sent_with_a_number_of_its_own_register(cast: Any, draft_meeting: Any) -> None:
    letter = actions.start_text(draft_meeting, "sk_panitia", by=cast.panitia)
    with pytest.raises(Blocked, match="Susunan panitia masih kosong"):
        move_letter(letter, "initial", by=cast.kabid)
    actions.fill_from_positions(draft_meeting, by=cast.panitia)
    move_letter(letter, "initial", by=cast.kabid)
    move_letter(letter, "approve", by=cast.kadis_prov)
    copy = LetterCopy.objects.get()
    assert copy.invitation is None and copy.number.register.key == "sk"
    assert copy.document.kind == "sk_panitia" and copy.document.facts["number"] == copy.number.text
    move_letter(letter, "send", by=cast.panitia)
    assert Letter.objects.get().status == "terkirim" and figures_of(draft_meeting).decree == copy.number.text


def test_a_cancelled_report_makes_room_for_another(cast: Any, draft_meeting: Any) -> None:
    letter = actions.start_text(draft_meeting, "laporan_panitia", by=cast.panitia)
    move_letter(letter, "initial", by=cast.kabid)
    move_letter(letter, "approve", by=cast.kadis_prov)
    document = LetterCopy.objects.get().document
    assert dict(text_summary(document))["Keberlakuan"] == "Versi terakhir yang berlaku."
    move_letter(letter, "cancel", by=cast.kadis_prov, note="Angka keliru")
    assert dict(text_summary(document))["Keberlakuan"] == "Bukan versi yang berlaku."
    assert actions.start_text(draft_meeting, "laporan_panitia", by=cast.panitia) != letter


def test_the_journal_names_the_parts_in_indonesian(cast: Any, draft_meeting: Any) -> None:
    letter = actions.start_text(draft_meeting, "laporan_panitia", by=cast.panitia)
    with translation.override("en"):
        values = {"content": content_of(letter).stored() | {"closing": "Sekian"}}
        save_letter(letter, values, by=cast.panitia, base_version=1)
    entry = Entry.objects.filter(verb="Mengubah surat").get()
    assert list(entry.changes) == ["E. Penutup"] and entry.changes["E. Penutup"][1] == "Sekian"


def test_others_in_office_read_a_decree_in_force(cast: Any, published_meeting: Any) -> None:
    actions.fill_from_positions(published_meeting, by=cast.panitia)
    letter = actions.start_text(published_meeting, "sk_panitia", by=cast.panitia)
    copy = approved(letter, cast)
    copy.document = order_text(copy, by=cast.kadis_prov)
    copy.save()
    readers = ("kadis_belu", "operator_ende", "observer")
    assert not any(may_read_text(cast[who], copy.document) for who in (*readers, "stranger"))
    LetterCopy.objects.update(sent_at=timezone.now())
    assert all(may_read_text(cast[who], copy.document) for who in readers)
    assert not may_read_text(cast.stranger, copy.document)
    Letter.objects.update(content=letter.content | {"numbers": True})  # what was printed does not change any more
    assert all(may_read_text(cast[who], copy.document) for who in readers)
    LetterCopy.objects.update(voided_at=timezone.now(), void_reason="Keliru")
    assert not any(may_read_text(cast[who], copy.document) for who in readers)
