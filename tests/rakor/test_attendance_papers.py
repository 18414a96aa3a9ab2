"""Attendance sheets, cards and certificates: who is on them, what they say, who may print and read them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from portal.documents.models import Document
from portal.documents.shapes import check_shape
from rakor.facts.attendance_papers import Attendee, cards_of, in_order
from rakor.models import Attendance, CommitteeMember
from rakor.queries import attendance_papers as papers
from tests import factories
from tests.factories import at
from tests.factories_attendance import make_list, make_registration, make_registrations
from tests.factories_letters import make_invitation

pytestmark = pytest.mark.django_db


def came(attendance_list: Any, registration: Any, state: str = "hadir", **values: Any) -> Any:
    if state in ("hadir", "terlambat"):
        values.setdefault("came_at", at(8, 41))
    return Attendance.objects.create(attendance_list=attendance_list, registration=registration, state=state, **values)


@pytest.fixture
def people(published_meeting: Any) -> dict[str, Any]:
    """A delegate of Belu with NIP, one of Ende, a speaker, one who was replaced."""
    invitation = make_invitation(published_meeting)
    return {
        "belu": make_registration(
            published_meeting, "Maria Contoh", invitation=invitation, regency=factories.regency("53.04"),
            employee_number="196501011990031001", rank="Pembina, IV/a", phone="081234567890",
        ),
        "ende": make_registration(
            published_meeting, "Yohanes Contoh", institution="Dinas Perindustrian Kabupaten Ende",
            regency=factories.regency("53.08"),
        ),
        "speaker": make_registration(
            published_meeting, "Agnes Contoh", institution="Kementerian Perindustrian", category="narasumber"
        ),
        "gone": make_registration(
            published_meeting, "Simon Contoh", institution="Dinas Perindustrian Kabupaten Alor", status="diganti",
            regency=factories.regency("53.05"), status_reason="Berhalangan",
        ),
    }  # fmt: skip


def names(facts: Any) -> list[str]:
    return [row["name"] for group in facts["groups"] for row in group["rows"]]


def test_a_sheet_for_signing_holds_everybody_expected(published_meeting: Any, people: Any) -> None:
    CommitteeMember.objects.create(
        meeting=published_meeting, seat="ketua", name="Ketua Contoh", employee_number="197001011995031002"
    )
    facts = papers.list_paper(make_list(published_meeting), signing=True)
    check_shape("daftar_hadir", 1, facts)
    assert names(facts) == ["Maria Contoh", "Yohanes Contoh", "Agnes Contoh"]
    assert [group["name"] for group in facts["groups"]] == ["Utusan kabupaten/kota", "Narasumber"]
    rows = [row for group in facts["groups"] for row in group["rows"]]
    assert [row["is_odd"] for row in rows] == [True, False, True] and rows[0]["nip"] == "19650101 199003 1 001"
    assert [row["number"] for row in facts["spare"]] == [str(number) for number in range(4, 14)]
    assert "081234567890" not in str(facts), "a sheet that goes from hand to hand names no telephone"
    assert {row["label"]: row["value"] for row in facts["head"]} == {
        "Acara": "Hari pertama, pagi", "Hari/Tanggal": "Rabu, 24 April 2019", "Waktu": "pukul 08.00–11.00 WITA",
        "Tempat": "Hotel Matahari, Atambua",
    }  # fmt: skip
    assert facts["signatures"][0]["name"] == "Ketua Contoh" and facts["signatures"][0]["caption"] == "Ketua Panitia"
    assert facts["counted"] == "" and facts["totals"] == []


def test_a_filled_sheet_says_who_came_when(published_meeting: Any, people: Any) -> None:
    morning = make_list(published_meeting)
    came(morning, people["belu"])
    came(morning, people["ende"], "izin", note="Sakit")
    came(morning, people["gone"], "terlambat", came_at=at(9, 30))
    facts = papers.list_paper(morning, signing=False)
    check_shape("daftar_hadir", 1, facts)
    said = {row["name"]: (row["came"], row["state"], row["note"]) for group in facts["groups"] for row in group["rows"]}
    assert said == {
        "Maria Contoh": ("08.41", "Hadir", ""),
        "Simon Contoh": ("09.30", "Terlambat", ""),
        "Yohanes Contoh": ("", "Izin", "Sakit"),
        "Agnes Contoh": ("", "–", ""),
    }
    assert facts["spare"] == [] and facts["counted"] == "Hadir 2 (dua) orang dari 4 (empat) orang yang terdaftar."
    assert ("Belum tercatat", "1 orang") in [(row["label"], row["value"]) for row in facts["totals"]]


def test_a_desk_has_its_regency_and_who_speaks_there(published_meeting: Any, people: Any) -> None:
    from rakor.models import SessionPerson

    desk = factories.make_session(
        published_meeting, "Desk Belu", kind="desk", regency=factories.regency("53.04"), starts_at=at(13),
        ends_at=at(14),
    )  # fmt: skip
    SessionPerson.objects.create(
        session=desk, participant=people["speaker"].participant, part="moderator", starts_at=desk.starts_at,
        ends_at=desk.ends_at,
    )  # fmt: skip
    facts = papers.session_paper(desk, signing=True)
    assert names(facts) == ["Maria Contoh", "Agnes Contoh"]
    assert facts["head"][2]["value"] == "pukul 13.00–14.00 WITA"
    afternoon = make_list(published_meeting, "siang")
    came(afternoon, people["belu"], came_at=at(13, 5))
    filled = papers.session_paper(desk, signing=False)
    assert [row["came"] for group in filled["groups"] for row in group["rows"]] == ["13.05", ""]


def test_a_card_opens_its_holder_s_page(published_meeting: Any, people: Any, settings: Any) -> None:
    settings.PUBLIC_URL = "https://rakor.contoh.go.id"
    facts = papers.cards_paper(published_meeting, papers.expected_cards(published_meeting))
    check_shape("kartu_peserta", 2, facts)
    cards = cards_of(facts)
    assert [card["name"] for card in cards] == ["Maria Contoh", "Yohanes Contoh", "Agnes Contoh"]
    assert cards[0]["url"] == f"https://rakor.contoh.go.id/hadir/{people['belu'].token}/"
    only = papers.cards_paper(published_meeting, papers.expected_cards(published_meeting, category="narasumber"))
    assert [card["name"] for card in cards_of(only)] == ["Agnes Contoh"]
    lost = papers.cards_paper(published_meeting, papers.expected_cards(published_meeting, text="yohanes ende"))
    assert [card["name"] for card in cards_of(lost)] == ["Yohanes Contoh"] and "Yohanes Contoh" in lost["title"]


def test_ninety_six_cards_are_twelve_sheets(published_meeting: Any) -> None:
    make_registrations(published_meeting, 96)
    facts = papers.cards_paper(published_meeting, papers.expected_cards(published_meeting))
    assert [len(sheet["cards"]) for sheet in facts["sheets"]] == [8] * 12


def test_certificates_are_for_those_who_came(published_meeting: Any, people: Any, cast: Any) -> None:
    morning, afternoon = make_list(published_meeting), make_list(published_meeting, "siang")
    make_list(published_meeting, on=dt.date(2019, 4, 26))
    for each in (morning, afternoon):
        came(each, people["belu"])
    came(morning, people["speaker"], "terlambat")
    came(morning, people["ende"], "tidak_hadir")
    facts = papers.certificates_paper(published_meeting, papers.attended(published_meeting))
    check_shape("sertifikat", 1, facts)
    assert [(one["name"], one["role"], one["text"]) for one in facts["certificates"]] == [
        ("Maria Contoh", "Peserta", "Hadir 2 (dua) dari 2 (dua) paruh hari."),
        ("Agnes Contoh", "Narasumber", "Hadir 1 (satu) dari 2 (dua) paruh hari."),
    ]
    assert facts["signature"][0]["office"].startswith("Kepala Dinas Perindustrian")
    assert facts["signature"][0]["place_date"] == "Atambua, 26 April 2019"


def test_the_number_of_statements_does_not_grow(published_meeting: Any, cast: Any, assert_queries: Any) -> None:
    morning = make_list(published_meeting)
    few = make_registrations(published_meeting, 2)
    for count in (2, 30):
        for row in few if count == 2 else make_registrations(published_meeting, 28, first=3):
            came(morning, row)
        with assert_queries(5):
            papers.list_paper(morning, signing=False)
        with assert_queries(2):
            papers.cards_paper(published_meeting, papers.expected_cards(published_meeting))
        with assert_queries(5):
            papers.certificates_paper(published_meeting, papers.attended(published_meeting))


def test_orders_lead_to_the_paper(client_of: Any, cast: Any, published_meeting: Any, people: Any) -> None:
    morning = make_list(published_meeting)
    client, slug = client_of(cast.panitia), published_meeting.slug
    session = published_meeting.sessions.first()
    orders = [
        ("order_attendance_sheet", [slug, morning.pk], {"signatures": "1"}, "daftar_hadir"),
        ("order_attendance_sheet", [slug, morning.pk], {"signatures": "0"}, "daftar_hadir"),
        ("order_session_sheet", [slug, session.pk], {"signatures": "1"}, "daftar_hadir"),
        ("order_cards", [slug], {"golongan": ""}, "kartu_peserta"),
        ("order_cards", [slug], {"orang": str(people["belu"].pk)}, "kartu_peserta"),
    ]  # fmt: skip
    for name, args, data, kind in orders:
        answer = client.post(reverse(name, args=args), data)
        document = Document.objects.order_by("-pk").first()
        assert answer.status_code == 302 and answer["Location"] == document.get_absolute_url()
        assert document.kind == kind
    assert Document.objects.count() == len(orders)
    client.post(reverse("order_cards", args=[slug]), {"golongan": ""})
    assert Document.objects.count() == len(orders), "the same cards are not printed twice"
    page = client.get(reverse("attendance_papers", args=[slug])).content.decode()
    assert page.count("Untuk ditandatangani") > 2 and "Kartu Peserta Maria Contoh" in page


def test_what_cannot_be_printed_is_a_sentence(client_of: Any, cast: Any, published_meeting: Any, people: Any) -> None:
    client, slug = client_of(cast.panitia), published_meeting.slug
    session = published_meeting.sessions.first()
    wrong = [
        ("order_session_sheet", [slug, session.pk], {"signatures": "0"}, "belum dicatat"),
        ("order_cards", [slug], {"orang": "999999999999999999999"}, "Tidak ada peserta"),
        ("order_cards", [slug], {"orang": "' OR 1=1"}, "Tidak ada peserta"),
        ("order_cards", [slug], {"nama": "%\\"}, "Tidak ada peserta"),
        ("order_certificates", [slug], {}, "hari terakhir"),
    ]  # fmt: skip
    for name, args, data, sentence in wrong:
        answer = client.post(reverse(name, args=args), data, headers={"x-requested-with": "fetch"})
        assert answer.status_code in (403, 409, 422) and sentence in answer.content.decode(), (name, answer.content)
    assert not Document.objects.exists()


def test_only_the_committee_reads_sheets_and_cards(
    client_of: Any, cast: Any, published_meeting: Any, people: Any
) -> None:
    client_of(cast.panitia).post(reverse("order_cards", args=[published_meeting.slug]), {})
    document = Document.objects.get()
    others = ("notulis", "kadis_belu", "operator_belu", "observer", "stranger")
    for name in ("panitia", "kabid", *others):
        reads = name in ("panitia", "kabid")
        assert bool(papers.CARDS_KIND.may_read(cast[name], document)) is reads
        assert Document.objects.visible_to(cast[name]).filter(pk=document.pk).exists() is reads
        status = client_of(cast[name]).get(reverse("attendance_papers", args=[published_meeting.slug])).status_code
        assert (status == 200) is reads
    assert "Maria" not in str(papers.cards_summary(document)) and ("Kartu", "3") in papers.cards_summary(document)


def test_a_certificate_is_its_holder_s_and_his_office_s(
    client_of: Any, cast: Any, people: Any, time_machine: Any
) -> None:
    meeting = people["belu"].meeting
    type(meeting).objects.filter(pk=meeting.pk).update(status="berlangsung")
    people["speaker"].user = cast.observer
    people["speaker"].save()
    letter_sent(people["belu"].invitation, cast)
    morning = make_list(meeting)
    came(morning, people["belu"])
    came(morning, people["speaker"])
    address = reverse("order_certificate", args=[meeting.slug, people["belu"].pk])
    time_machine.move_to(at(10, day=dt.date(2019, 4, 25)))
    answer = client_of(cast.operator_belu).post(address, headers={"x-requested-with": "fetch"})
    assert answer.status_code == 403 and "hari terakhir" in answer.content.decode()
    time_machine.move_to(at(10, day=dt.date(2019, 4, 26)))
    assert client_of(cast.operator_belu).post(address).status_code == 302
    document = Document.objects.get()
    assert document.facts["certificates"][0]["name"] == "Maria Contoh"
    wanted = ("panitia", "operator_belu", "operator_ende", "observer")
    readers = [name for name in wanted if papers.may_read_certificate(cast[name], document)]
    assert readers == ["panitia", "operator_belu"]
    for name, status in (("operator_ende", 404), ("observer", 404), ("stranger", 404), ("kabid", 302)):
        assert client_of(cast[name]).post(address).status_code == status, name
    seen = client_of(cast.observer).get(reverse("certificates", args=[meeting.slug])).content.decode()
    assert "Agnes Contoh" in seen and "Maria Contoh" not in seen
    seen = client_of(cast.panitia).get(reverse("certificates", args=[meeting.slug]) + "?q=maria").content.decode()
    assert "Maria Contoh" in seen and "Agnes Contoh" not in seen and document.get_absolute_url() in seen
    address = reverse("certificates", args=[meeting.slug])
    seen = client_of(cast.panitia).get(f"{address}?category=utusan").content.decode()
    assert "Maria Contoh" in seen and "Agnes Contoh" not in seen
    seen = client_of(cast.panitia).get(f"{address}?category=pers").content.decode()
    assert "Tidak ada nama yang cocok" in seen
    excel = client_of(cast.panitia).get(reverse("certificates", args=[meeting.slug]) + "?format=xlsx")
    assert excel.status_code == 200 and "sheet" in excel["Content-Type"]


def letter_sent(invitation: Any, cast: Any) -> None:
    """The invitation is known to its office."""
    from django.utils import timezone

    from tests.factories_letters import make_copy, make_letter

    letter = make_letter(invitation.meeting, cast.panitia, cast.kadis_prov.positions.get())
    copy = make_copy(letter, invitation, by=cast.kadis_prov)
    copy.sent_at = timezone.now()
    copy.save()


def test_hostile_names_are_printed_as_they_are() -> None:
    from portal.documents import rendering
    from tests.portal.documents.papers import VERIFY, envelope, sample

    facts = sample("kartu_peserta")
    facts["sheets"] = [{"cards": [{**facts["sheets"][0]["cards"][0], "name": "</title><b>&\"Bobby' <script>"}]}]
    assert rendering.press().render(envelope("kartu_peserta", **facts), VERIFY).pages == 1


def test_sheets_are_ordered_by_group_regency_and_name() -> None:
    rows = [
        Attendee(1, "Zeta", "", "", "pers"), Attendee(2, "beta", "", "", "utusan", regency_code="53.08"),
        Attendee(3, "Alfa", "", "", "utusan", regency_code="53.08"),
        Attendee(4, "Yota", "", "", "utusan", regency_code="53.04"), Attendee(5, "Alfa", "", "", "baru"),
    ]  # fmt: skip
    assert [row.pk for row in in_order(rows)] == [4, 3, 2, 1, 5]
