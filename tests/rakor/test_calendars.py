"""Calendars that phones subscribe to: whose sessions, unguessable, revocable, following every change."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from django.utils import timezone

from portal.journal.models import Entry
from portal.kernel.errors import Denied
from rakor.actions.calendars import change_address, subscribe, unsubscribe
from rakor.actions.cards import renew_card
from rakor.models import CalendarFeed, Meeting, Session
from tests import factories_guests as guests
from tests.factories import at, make_session, regency
from tests.factories_attendance import make_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(published_meeting):
    """An edition that calendars still hold."""
    ahead = timezone.localdate() + dt.timedelta(days=30)
    Meeting.objects.filter(pk=published_meeting.pk).update(starts_on=ahead, ends_on=ahead + dt.timedelta(days=2))
    published_meeting.refresh_from_db()
    return published_meeting


def titles(client, feed: CalendarFeed) -> list[str]:
    answer = client.get(f"/kalender/{feed.key}.ics")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    return sorted(str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_an_office_sees_the_editions_it_is_invited_to_with_its_own_desk(meeting, cast, client_of):
    feed = subscribe(user=cast.operator_belu)
    assert titles(client_of(), feed) == []
    guests.make_invitation(meeting, by=cast.panitia)
    make_session(meeting, "Desk Belu", starts_at=at(20), ends_at=at(21), kind="desk", regency=regency("53.04"))
    make_session(meeting, "Desk Ende", starts_at=at(20), ends_at=at(21), kind="desk", regency=regency("53.08"))
    found = titles(client_of(), feed)
    assert "Desk Belu" in found and "Desk Ende" not in found and "Pembukaan" in found


def test_a_participant_without_account(meeting, cast, client_of):
    registration = make_registration(meeting)
    feed = subscribe(registration=registration)
    assert "Pembukaan" in titles(client_of(), feed)
    type(registration).objects.filter(pk=registration.pk).update(status="batal")
    assert titles(client_of(), feed) == []


def test_a_time_change_reaches_it(meeting, cast, client_of):
    feed, client = subscribe(user=cast.panitia), client_of()
    address = f"/kalender/{feed.key}.ics"
    first = client.get(address)
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    session = meeting.sessions.order_by("starts_at").first()
    Session.objects.filter(pk=session.pk).update(
        starts_at=session.starts_at - dt.timedelta(hours=1), version=session.version + 1
    )
    second = client.get(address, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200

    def event(answer):
        rows = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        return next(row for row in rows if row["UID"].startswith(f"sesi-{session.pk}@"))

    assert event(second)["SEQUENCE"] == event(first)["SEQUENCE"] + 1
    assert event(first)["DTSTART"].dt - event(second)["DTSTART"].dt == dt.timedelta(hours=1)


def test_addresses_are_secret_and_can_be_taken_back(meeting, cast, client_of):
    feed, client = subscribe(user=cast.panitia), client_of()
    old = feed.key
    assert len(old) >= 32 and subscribe(user=cast.panitia) == feed
    change_address(feed)
    assert client.get(f"/kalender/{old}.ics").status_code == 404
    assert client.get(f"/kalender/{feed.key}.ics").status_code == 200
    cast.panitia.is_active = False
    cast.panitia.save()
    assert client.get(f"/kalender/{feed.key}.ics").status_code == 404
    unsubscribe(feed)
    assert client.get("/kalender/tidak-ada.ics").status_code == 404


def test_nothing_before_the_programme_is_published(cast, client_of, draft_meeting):
    feed = subscribe(registration=make_registration(draft_meeting))
    assert titles(client_of(), feed) == [draft_meeting.title]


def test_pages(meeting, cast, client_of):
    client = client_of(cast.operator_belu)
    assert "Buat alamat kalender" in client.get("/kalender/").content.decode()
    client.post("/kalender/", {"tindakan": "buat"})
    feed = CalendarFeed.objects.get(user=cast.operator_belu)
    page = client.get("/kalender/").content.decode()
    assert feed.key in page and "webcal://" in page
    client.post("/kalender/", {"tindakan": "ganti"})
    assert feed.key not in client.get("/kalender/").content.decode()
    client.post("/kalender/", {"tindakan": "henti"})
    client.post("/kalender/", {"tindakan": "aneh"})
    assert not CalendarFeed.objects.exists()
    registration = make_registration(meeting)
    own = f"/kalender/peserta/{registration.token}/"
    assert client_of().post(own, {"tindakan": "buat"}).status_code == 302
    assert "/kalender/" in client_of().get(own).content.decode()
    assert client_of().get("/kalender/peserta/salah/").status_code == 404


def test_who_photographs_a_card_changes_nothing(meeting, client_of):
    """The pass page makes the address once; it neither replaces nor stops what the card's owner subscribed to."""
    registration = make_registration(meeting)
    feed = subscribe(registration=registration)
    own = f"/kalender/peserta/{registration.token}/"
    for act in ("ganti", "henti", "buat"):
        assert client_of().post(own, {"tindakan": act}).status_code == 302
    assert CalendarFeed.objects.get().key == feed.key
    page = client_of().get(own).content.decode()
    assert feed.key in page and "henti" not in page and "kartu baru" in page


def test_a_new_card_takes_the_old_address_back(meeting, cast, client_of):
    registration = make_registration(meeting)
    old_feed, old_card = subscribe(registration=registration).key, registration.token
    page = f"/rakor/{meeting.slug}/peserta/{registration.pk}/kartu/"
    client = client_of(cast.panitia)
    assert "Ganti kartu" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    registration.refresh_from_db()
    assert registration.token != old_card and registration.version == 2
    anybody = client_of()
    assert anybody.get(f"/kalender/{old_feed}.ics").status_code == 404
    assert anybody.get(f"/hadir/{old_card}/").status_code == 404
    assert anybody.get(f"/hadir/{registration.token}/").status_code == 200
    assert Entry.objects.filter(verb="Membuat kartu baru", object_id=str(registration.pk)).count() == 1
    with pytest.raises(Denied):
        renew_card(registration, by=cast.operator_belu)


def test_budget(meeting, cast, client_of, assert_queries):
    feed = subscribe(user=cast.operator_belu)
    guests.make_invitation(meeting, by=cast.panitia)
    client = client_of()
    with assert_queries(5):
        client.get(f"/kalender/{feed.key}.ics")
    for number in range(8):
        make_session(meeting, f"Acara {number}", starts_at=at(20 + number % 3), ends_at=at(21 + number % 3), room=None)
    with assert_queries(5):
        client.get(f"/kalender/{feed.key}.ics")
