"""What an attacker tried on invitations, letters, participants and the door, and what is said to him."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.kernel.errors import Blocked, Denied
from rakor.actions.committee import add_member, change_member
from rakor.actions.letters import number_late_copies, save_letter
from rakor.actions.recipients import change_recipient
from rakor.actions.registrations import register, replace_registration
from rakor.facts.addressees import names_head_of_region
from rakor.models import LetterCopy, Registration
from tests.factories import lead_agency, make_position
from tests.factories_attendance import make_registration
from tests.factories_guests import make_invitation, make_letter

pytestmark = pytest.mark.django_db

NUL_IN_A_COOKIE = '"aaaaaaaa\\000"'
"""As a browser's quoted cookie spells it."""


@pytest.mark.parametrize("name", ["rakor_kartu", "sessionid"])
def test_a_cookie_with_nul_is_no_cookie(name: str, client_of: Any, cast: Any) -> None:
    answer = client_of().get(reverse("attendance_arrive"), HTTP_COOKIE=f"{name}={NUL_IN_A_COOKIE}")
    assert answer.status_code == 200


def test_a_form_that_made_a_place_in_another_edition_is_refused(
    cast: Any, client_of: Any, published_meeting: Any, draft_meeting: Any
) -> None:
    browser, key = client_of(cast.panitia), uuid.uuid4()
    form = {"name": "Ana Contoh", "institution": "RRI", "category": "pers", "client_key": str(key)}
    assert browser.post(reverse("registration_new", args=[published_meeting.slug]), form).status_code == 302
    answer = browser.post(reverse("registration_new", args=[draft_meeting.slug]), form)
    assert answer.status_code == 422 and "sudah dipakai pada rakor lain" in answer.content.decode()
    place = register(draft_meeting, {"name": "Budi Contoh", "institution": "RRI"}, by=cast.panitia, source="panitia")
    with pytest.raises(Blocked, match="rakor lain"):
        replace_registration(place, {"name": "Cici Contoh"}, "Sakit", by=cast.panitia, client_key=key)
    assert Registration.objects.get(pk=place.pk).status == "terdaftar"


@pytest.mark.parametrize("who", ["operator_belu", "panitia"])
def test_a_place_with_an_account_is_corrected_and_keeps_its_account(
    who: str, cast: Any, client_of: Any, published_meeting: Any
) -> None:
    invitation = make_invitation(published_meeting, by=cast.panitia)
    place = make_registration(published_meeting, invitation=invitation, user=cast.operator_belu)
    slug = published_meeting.slug
    form = {"name": "Maria Dua", "institution": "Dinas", "category": "utusan", "user": cast.operator_ende.pk}
    address = (
        reverse("registration_edit", args=[slug, place.pk]) if who == "panitia"
        else reverse("delegate_edit", args=[slug, invitation.pk, place.pk])
    )  # fmt: skip
    stale = client_of(cast[who]).post(address, form | {"version": place.version + 1})
    assert stale.status_code == 409 and "Maria Contoh" in stale.content.decode()
    assert client_of(cast[who]).post(address, form | {"version": place.version}).status_code == 302
    place = Registration.objects.select_related("participant").get(pk=place.pk)
    assert (place.participant.name, place.user_id) == ("Maria Dua", cast.operator_belu.pk)


def test_a_second_click_for_somebody_with_an_account_finds_the_first(
    cast: Any, client_of: Any, published_meeting: Any
) -> None:
    invitation = make_invitation(published_meeting, by=cast.panitia, answer="hadir", answered_at=timezone.now())
    browser, place = client_of(cast.operator_belu), [published_meeting.slug, invitation.pk]
    add = {"name": "Kadis Belu", "user": cast.kadis_belu.pk, "client_key": str(uuid.uuid4())}
    assert [browser.post(reverse("delegate_add", args=place), add).status_code for _click in range(2)] == [302, 302]
    again = browser.post(reverse("delegate_add", args=place), add | {"name": "Lain", "client_key": str(uuid.uuid4())})
    assert again.status_code == 422 and "Akun ini sudah terdaftar" in again.content.decode()
    address = reverse("delegate_replace", args=[*place, Registration.objects.get().pk])
    other = {"name": "Kabid", "user": cast.kabid_belu.pk, "client_key": str(uuid.uuid4()), "reason": "Sakit"}
    assert [browser.post(address, other).status_code for _click in range(2)] == [302, 302]
    assert Registration.objects.count() == 2


@pytest.mark.parametrize(
    "words",
    ["Kepada Yth. Bupati Belu", "Kepada Bupati Belu", "Yang terhormat Bupati Belu", "Bpk. Bupati Belu",
     "Para Bupati se-NTT", "Pejabat Bupati Belu", "Dr. Ir. Bupati Belu", "\u200bBupati Belu", "Bu\u00adpati Belu"],
)  # fmt: skip
def test_a_head_of_region_is_known_however_he_is_addressed(words: str) -> None:
    assert names_head_of_region(words)


def test_many_titles_are_read_at_once() -> None:
    begun = time.monotonic()
    assert not names_head_of_region("Yth. " * 40)
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("words", ["Kepala Bappeda", "Kepada Asisten Bupati Belu", "Para Kepala Dinas", "Irban Bupati"])
def test_an_office_is_no_head_of_region(words: str) -> None:
    assert not names_head_of_region(words)


def test_the_history_of_an_edition_names_no_nip(cast: Any, client_of: Any, published_meeting: Any) -> None:
    values = {"seat": "ketua", "name": "Ana Contoh", "title": "", "employee_number": "198001012005032001"}
    member = add_member(published_meeting, values, by=cast.panitia)
    change_member(member, values | {"employee_number": "198001012005032002"}, base=values, by=cast.panitia)
    page = client_of(cast.verifikator).get(reverse("history", args=["rakor.meeting", published_meeting.pk]))
    assert "Mengubah anggota panitia" in page.content.decode()
    assert "19800101200503200" not in page.content.decode()


def test_the_history_of_an_invitation_names_no_address(cast: Any, client_of: Any, published_meeting: Any) -> None:
    invitation = make_invitation(published_meeting, by=cast.panitia)
    change_recipient(
        invitation, {"email": "kantor@contoh.go.id", "phone": "081200000001"}, by=cast.panitia,
        base_version=invitation.version,
    )  # fmt: skip
    page = client_of(cast.verifikator).get(invitation.get_absolute_url()).content.decode()
    assert "Mengubah penerima undangan" in page
    assert "kantor@contoh.go.id" not in page and "081200000001" not in page
    assert "kantor@contoh.go.id" in client_of(cast.panitia).get(invitation.get_absolute_url()).content.decode()


def acting_head(person: Any) -> User:
    """The same person who also stands in for the head of office today."""
    make_position(person, "kadis_prov", lead_agency(), title="Kepala Dinas", standing="plh")
    return User.objects.get(pk=person.pk)


def test_who_initialled_a_letter_gives_no_further_copies(cast: Any, published_meeting: Any) -> None:
    letter = make_letter(published_meeting, by=cast.panitia, initialled_by=cast.kabid)
    make_invitation(published_meeting)
    with pytest.raises(Denied, match="pemaraf"):
        number_late_copies(letter, by=acting_head(cast.kabid))
    assert not LetterCopy.objects.exists()


def test_who_changed_a_letter_gives_no_further_copies(cast: Any, published_meeting: Any) -> None:
    letter = make_letter(published_meeting, by=cast.panitia, status="konsep", sent_at=None)
    save_letter(letter, {"subject": "Undangan yang diubah"}, by=cast.kabid, base_version=letter.version)
    type(letter).objects.filter(pk=letter.pk).update(status="disetujui")
    make_invitation(published_meeting)
    with pytest.raises(Denied, match="ikut menulis"):
        number_late_copies(letter, by=acting_head(cast.kabid))
    assert not LetterCopy.objects.exists()
