"""rakor.actions.registrations: who takes part, once, within the quota, and nobody's data on other people's pages."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from rakor.actions.registrations import (
    AlreadyRegistered,
    cancel_registration,
    change_registration,
    register,
    replace_registration,
)
from rakor.models import Participant, Registration
from tests import factories
from tests.factories_guests import accept, delegate, guest, make_invitation

NIP = "197001011995031001"


@pytest.fixture
def invited(published_meeting, cast):
    """The invitation of Belu, answered with yes."""
    return accept(make_invitation(published_meeting, by=cast.panitia), by=cast.operator_belu)


def test_an_office_names_its_delegates_up_to_the_quota(invited, cast):
    first = delegate(
        invited, "Maria Contoh", by=cast.operator_belu, employee_number="19700101 199503 1 001", phone="0812"
    )
    delegate(invited, "Yosef Contoh", by=cast.kadis_belu)
    assert (first.category, first.source, first.employee_number) == ("utusan", "kantor", NIP)
    assert first.participant.institution == invited.agency.name
    assert first.participant.regency == invited.regency
    assert len(first.token) == 16
    with pytest.raises(Blocked, match="sudah penuh"):
        delegate(invited, "Orang Ketiga", by=cast.operator_belu)
    assert invited.delegates.active().count() == 2


def test_the_committee_adds_above_the_quota(invited, cast):
    for name in ("A1", "A2"):
        delegate(invited, name, by=cast.operator_belu)
    more = register(invited.meeting, {"name": "Tambahan"}, by=cast.panitia, source="panitia", invitation=invited)
    assert more.category == "utusan"
    assert invited.delegates.active().count() == 3


@pytest.mark.parametrize(
    "who", ["operator_ende", "kadis_ende", "bupati_belu", "tpl_belu", "observer", "notulis", "stranger"]
)
def test_others_register_nobody_for_belu(who, invited, cast):
    with pytest.raises(Denied):
        delegate(invited, by=cast[who])
    with pytest.raises(Denied):
        guest(invited.meeting, "Siapa", by=cast[who])


def test_whoever_keeps_the_door_adds_people_there(published_meeting, cast):
    values = {"name": "Wartawan Contoh", "institution": "RRI Atambua", "category": "pers"}
    made = register(published_meeting, values, by=cast.notulis, source="di_tempat")
    assert (made.source, made.category) == ("di_tempat", "pers")
    with pytest.raises(Denied):
        register(published_meeting, values, by=cast.operator_belu, source="di_tempat")


def test_an_unanswered_invitation_wants_its_answer_first(published_meeting, cast):
    silent = make_invitation(published_meeting, by=cast.panitia)
    with pytest.raises(Blocked, match="Jawab undangan"):
        delegate(silent, by=cast.operator_belu)


def test_a_form_sent_twice_is_one_place(published_meeting, cast):
    key = uuid.uuid4()
    values = {"name": "Sekali Saja", "institution": "BRI"}
    made = [register(published_meeting, values, by=cast.panitia, source="panitia", client_key=key) for _each in "ab"]
    assert made[0] == made[1]
    assert Registration.objects.count() == 1
    assert Entry.objects.filter(verb="Mendaftarkan peserta").count() == 1


def test_the_same_name_and_office_is_the_same_person(published_meeting, cast):
    made = guest(published_meeting, "Maria  Contoh", by=cast.panitia)
    with pytest.raises(AlreadyRegistered) as told:
        guest(published_meeting, "maria contoh", by=cast.panitia, institution="bank ntt")
    assert told.value.registration == made
    assert guest(published_meeting, "Maria Contoh", by=cast.panitia, institution="BRI") != made


def test_somebody_of_the_programme_gets_a_place_under_the_same_row(published_meeting, cast):
    speaker = Participant.objects.create(meeting=published_meeting, name="Pemapar", institution="Bank NTT")
    made = guest(published_meeting, "PEMAPAR", by=cast.panitia, title="Direktur")
    assert made.participant == speaker
    assert Participant.objects.get().title == "Direktur"


def test_a_nip_and_an_account_take_part_once(published_meeting, cast):
    guest(published_meeting, "Satu", by=cast.panitia, employee_number=NIP, user=cast.observer)
    with pytest.raises(Blocked, match="NIP ini sudah terdaftar") as told:
        guest(published_meeting, "Dua", by=cast.panitia, employee_number=NIP)
    assert "Satu" not in str(told.value)
    with pytest.raises(Blocked, match="Akun ini"):
        guest(published_meeting, "Tiga", by=cast.panitia, user=cast.observer)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": " \n"}, {"name": "x" * 151}, {"employee_number": "123"}, {"employee_number": "١" * 18},
        {"category": "tamu"}, {"email": "bukan-surel"}, {"phone": "0" * 31}, {"institution": "y" * 151},
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_the_transaction_lives(wrong, published_meeting, cast):
    with transaction.atomic():
        with pytest.raises(Blocked):
            guest(published_meeting, **{"name": "Orang", **wrong}, by=cast.panitia)
        assert not Registration.objects.exists()


def test_texts_are_kept_on_one_line(published_meeting, cast):
    made = guest(
        published_meeting, " Maria\x00\n Contoh ", by=cast.panitia, title="Kepala\tBidang", institution=" Bank  NTT"
    )
    assert (made.participant.name, made.participant.title) == ("Maria Contoh", "Kepala Bidang")
    assert made.participant.institution == "Bank NTT"


def test_a_cancelled_delegate_gets_the_place_back_with_the_same_card(invited, cast):
    place = delegate(invited, by=cast.operator_belu)
    cancel_registration(place, "Sakit", by=cast.operator_belu)
    place.refresh_from_db()
    assert (place.status, place.status_reason) == ("batal", "Sakit")
    again = delegate(invited, by=cast.operator_belu, phone="0813")
    assert (again.pk, again.token, again.status, again.status_reason) == (place.pk, place.token, "terdaftar", "")
    assert again.version > place.version
    with pytest.raises(Blocked, match="Alasan"):
        cancel_registration(again, "  ", by=cast.operator_belu)


def test_replacing_keeps_the_quota_and_says_whose_place_it_is(invited, cast):
    first = delegate(invited, "Pertama", by=cast.operator_belu)
    delegate(invited, "Kedua", by=cast.operator_belu)
    made = replace_registration(first, {"name": "Pengganti"}, "Tugas lain", by=cast.operator_belu)
    first.refresh_from_db()
    assert (first.status, first.status_reason, made.stands_in_for) == ("diganti", "Tugas lain", first)
    assert (made.invitation, made.category, made.source) == (invited, "utusan", "kantor")
    assert invited.delegates.active().count() == 2
    with pytest.raises(Blocked, match="diganti"):
        replace_registration(first, {"name": "Lain"}, "Lagi", by=cast.operator_belu)


def test_the_first_comes_back_in_place_of_the_second(invited, cast):
    first = delegate(invited, "Pertama", by=cast.operator_belu)
    second = replace_registration(first, {"name": "Pengganti"}, "Tugas lain", by=cast.operator_belu)
    back = replace_registration(second, {"name": "Pertama"}, "Sudah bisa", by=cast.operator_belu)
    second.refresh_from_db()
    assert back.pk == first.pk
    assert (back.status, back.stands_in_for) == ("terdaftar", second)
    assert (second.status, second.stands_in_for) == ("diganti", None)


@pytest.mark.parametrize("name", ["Pertama", "Kedua"])
def test_nobody_is_replaced_by_himself_or_by_who_comes_anyway(name, invited, cast):
    first = delegate(invited, "Pertama", by=cast.operator_belu)
    delegate(invited, "Kedua", by=cast.operator_belu)
    with pytest.raises(Blocked):
        replace_registration(first, {"name": name}, "Salah", by=cast.operator_belu)
    first.refresh_from_db()
    assert first.status == "terdaftar"


def test_a_replacement_clicked_twice_is_one(invited, cast):
    first, key = delegate(invited, "Pertama", by=cast.operator_belu), uuid.uuid4()
    made = [
        replace_registration(first, {"name": "Pengganti"}, "x", by=cast.operator_belu, client_key=key) for _each in "ab"
    ]
    assert made[0] == made[1]


def test_who_saves_late_meets_what_was_saved(invited, cast):
    place = delegate(invited, by=cast.operator_belu)
    seen = place.version
    changed = change_registration(place, {"phone": "0811"}, by=cast.kadis_belu, base_version=seen)
    assert changed.version == seen + 1
    with pytest.raises(StaleVersion) as late:
        change_registration(place, {"phone": "0822"}, by=cast.operator_belu, base_version=seen)
    assert late.value.current.phone == "0811"
    same = change_registration(changed, {"phone": "0811"}, by=cast.operator_belu, base_version=changed.version)
    assert same.version == changed.version


def test_the_journal_keeps_no_personal_data(invited, cast):
    place = delegate(invited, by=cast.operator_belu, employee_number=NIP, phone="0812345", email="m@contoh.test")
    change_registration(place, {"phone": "0899999", "name": "Maria Baru"}, by=cast.operator_belu, base_version=1)
    told = str(list(Entry.objects.values_list("changes", "note", "object_label")))
    assert "Maria Baru" in told
    assert "nomor HP" in told
    for secret in (NIP, "0812345", "0899999", "m@contoh.test"):
        assert secret not in told


def test_an_office_does_not_rename_speakers_nor_change_its_institution(invited, cast):
    from rakor.models import SessionPerson

    place = delegate(invited, by=cast.operator_belu)
    changed = change_registration(
        place, {"institution": "Bank Palsu", "category": "kementerian"}, by=cast.operator_belu, base_version=1
    )
    assert (changed.participant.institution, changed.category) == (invited.agency.name, "utusan")
    session = invited.meeting.sessions.first()
    SessionPerson.objects.create(
        session=session, participant=place.participant, part="pemapar", starts_at=session.starts_at,
        ends_at=session.ends_at,
    )  # fmt: skip
    with pytest.raises(Blocked, match="susunan acara"):
        change_registration(place, {"name": "Lain"}, by=cast.operator_belu, base_version=changed.version)
    assert (
        change_registration(place, {"name": "Lain"}, by=cast.panitia, base_version=changed.version).participant.name
        == "Lain"
    )


def test_nobody_takes_another_persons_name(published_meeting, cast):
    guest(published_meeting, "Satu", by=cast.panitia)
    second = guest(published_meeting, "Dua", by=cast.panitia)
    with pytest.raises(Blocked, match="orang lain"):
        change_registration(second, {"name": "satu"}, by=cast.panitia, base_version=1)


@pytest.mark.parametrize("status", ["arsip", "dibatalkan"])
def test_an_edition_put_away_takes_nobody(status, cast):
    reason = "batal" if status == "dibatalkan" else ""
    meeting = factories.make_meeting(status=status, cancelled_reason=reason)
    with pytest.raises(Denied):
        guest(meeting, "Terlambat", by=cast.panitia)


def test_ende_neither_changes_nor_cancels_delegates_of_belu(invited, cast):
    place = delegate(invited, by=cast.operator_belu)
    for act in (
        lambda: change_registration(place, {"name": "X"}, by=cast.operator_ende, base_version=1),
        lambda: cancel_registration(place, "x", by=cast.operator_ende),
        lambda: replace_registration(place, {"name": "X y"}, "x", by=cast.operator_ende),
    ):
        with pytest.raises(Denied):
            act()
    assert not Registration.objects.visible_to(cast.operator_ende).exists()


def test_who_comes_back_after_his_wrong_nip_went_to_its_owner(published_meeting, cast):
    gone = guest(published_meeting, "Orang Batal", by=cast.panitia, employee_number=NIP)
    cancel_registration(gone, "NIP orang lain", by=cast.panitia)
    owner = guest(published_meeting, "Pemilik NIP", by=cast.panitia, employee_number=NIP)
    back = guest(published_meeting, "Orang Batal", by=cast.panitia)
    assert (back.pk, back.status, back.employee_number) == (gone.pk, "terdaftar", "")
    assert Registration.objects.get(pk=owner.pk).employee_number == NIP
