"""The exchange with devices at the door: two devices, resending, clocks, what people wrote, forged cards."""

from __future__ import annotations

import datetime as dt
import json
import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rakor.actions.attendance import ensure_lists
from rakor.facts.attendance import pass_hash
from rakor.models import Attendance, CheckIn, Participant, Registration
from tests.factories import OPENING, at, make_meeting
from tests.factories_attendance import make_list, make_registration, make_registrations, scan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(published_meeting: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The list of the first morning, while it is 8.30 of that day."""
    clock_at(monkeypatch, at(8, 30))
    return make_list(published_meeting)


def clock_at(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def send(client: Client, attendance_list: Any, items: list[Any], **values: Any) -> Any:
    """The server's answer to a sending by a device whose clock is right."""
    sent = {"device": "hp-1", "sent_at": timezone.now().timestamp() * 1000, "since": 0, "items": items, **values}
    url = reverse("door_sync", args=[attendance_list.meeting.slug, attendance_list.pk])
    return client.post(url, json.dumps(sent), content_type="application/json")


def results(client: Client, attendance_list: Any, items: list[Any], **values: Any) -> list[dict[str, Any]]:
    response = send(client, attendance_list, items, **values)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def outcomes(*args: Any, **values: Any) -> list[str]:
    return [each["outcome"] for each in results(*args, **values)]


def list_of(client: Client, attendance_list: Any, **headers: str) -> Any:
    url = reverse("door_list", args=[attendance_list.meeting.slug, attendance_list.pk])
    return client.get(url, headers=headers)


def test_a_list_for_every_half_day_is_made_once(published_meeting: Any) -> None:
    lists = ensure_lists(published_meeting)
    assert [(each.on, each.half) for each in lists] == [
        (OPENING + dt.timedelta(days=day), half) for day in range(3) for half in ("pagi", "siang")
    ]
    assert lists[0].late_after == at(8, 15)
    assert lists[1].late_after is None
    assert ensure_lists(published_meeting) == lists


def test_the_list_of_a_day_that_went_goes_unless_it_was_used(published_meeting: Any) -> None:
    used = ensure_lists(published_meeting)[4]
    Attendance.objects.create(
        attendance_list=used, registration=make_registration(published_meeting), state="hadir", came_at=at(8)
    )
    published_meeting.ends_on -= dt.timedelta(days=1)
    published_meeting.save()
    assert len(ensure_lists(published_meeting)) == 5


def test_a_device_gets_the_list_without_personal_data(morning: Any, cast: Any, client_of: Any) -> None:
    maria = make_registration(
        morning.meeting, employee_number="197001011990031001", phone="0812-777", email="maria@contoh.test",
        rank="Pembina", arrival="feri pukul 17.00", note="rahasia",
    )  # fmt: skip
    make_registration(morning.meeting, "Sudah Batal", status="batal", status_reason="sakit")
    response = list_of(client_of(cast.panitia), morning)
    answer = response.json()
    assert answer["people"] == [
        {
            "id": maria.pk, "name": "Maria Contoh", "title": "Kepala Bidang",
            "office": "Dinas Perindustrian Kabupaten Belu", "category": "utusan",
            "category_label": "Utusan kabupaten/kota", "pass": pass_hash(maria.token),
        }
    ]  # fmt: skip
    assert answer["list"] == {
        "id": morning.pk, "on": "2019-04-24", "half": "pagi", "label": "Rabu, 24 April 2019, pagi",
        "late_after": at(9, 15).timestamp() * 1000, "closed": False,
    }  # fmt: skip
    assert answer["counts"] == {"expected": 1, "present": 0, "late": 0, "excused": 0}
    assert answer["server_time"] == at(8, 30).timestamp() * 1000
    assert answer["csrf"]
    for secret in ("1970", "0812", "contoh.test", "Pembina", "feri", "rahasia", maria.token, morning.secret):
        assert secret not in response.content.decode()


def test_the_list_is_not_sent_again_while_nothing_changed(morning: Any, cast: Any, client_of: Any) -> None:
    client, maria = client_of(cast.panitia), make_registration(morning.meeting)
    tag = list_of(client, morning)["ETag"]
    again = list_of(client, morning, if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    send(client, morning, [scan_of(maria)])
    changed = list_of(client, morning, if_none_match=tag)
    assert changed.status_code == 200
    make_registration(morning.meeting, "Yang Baru")
    assert list_of(client, morning, if_none_match=changed["ETag"]).status_code == 200


def test_two_devices_check_in_the_same_person(morning: Any, cast: Any, client_of: Any) -> None:
    """The earliest counts, on one row; both scans are kept."""
    client, maria = client_of(cast.panitia), make_registration(morning.meeting)
    first, second = scan_of(maria, at(8, 20)), scan_of(maria, at(8, 10))
    assert outcomes(client, morning, [first]) == ["dihitung"]
    answer = send(client, morning, [second], device="hp-2").json()
    assert answer["results"][0]["outcome"] == "ganda"
    assert answer["results"][0]["sentence"] == "Maria Contoh sudah tercatat sejak pukul 08.10."
    row = Attendance.objects.get()
    assert (row.state, row.came_at, row.version) == ("hadir", at(8, 10), 2)
    assert answer["rows"] == {str(maria.pk): {"state": "hadir", "came_at": at(8, 10).timestamp() * 1000, "hand": False}}
    assert answer["counts"]["present"] == 1
    assert set(CheckIn.objects.values_list("device", "came_at")) == {("hp-1", at(8, 20)), ("hp-2", at(8, 10))}


def test_an_earlier_scan_of_another_device_makes_the_late_punctual(
    morning: Any, cast: Any, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_at(monkeypatch, at(9, 40))
    client, maria = client_of(cast.panitia), make_registration(morning.meeting)
    [late] = results(client, morning, [scan_of(maria)])
    assert late["sentence"] == "Maria Contoh tercatat terlambat, pukul 09.40."
    assert send(client, morning, []).json()["counts"] == {"expected": 1, "present": 1, "late": 1, "excused": 0}
    send(client, morning, [scan_of(maria, at(9, 5))])
    assert Attendance.objects.get().state == "hadir"


def test_a_sending_that_comes_again_changes_nothing(morning: Any, cast: Any, client_of: Any) -> None:
    client = client_of(cast.panitia)
    items = [scan_of(each) for each in make_registrations(morning.meeting, 3)]
    new = {"name": "Tamu Baru", "institution": "Bank NTT", "title": "", "category": "mitra"}
    items.append(scan_of(new=new))
    first = send(client, morning, items).json()
    assert [each["outcome"] for each in first["results"]] == ["dihitung"] * 4
    again = send(client, morning, items, since=first["change"]).json()
    assert again["results"] == first["results"]
    assert (again["rows"], again["people"], again["change"]) == ({}, [], first["change"])
    assert (CheckIn.objects.count(), Attendance.objects.count(), Registration.objects.count()) == (4, 4, 4)


def test_a_key_twice_in_one_sending_is_one_scan(morning: Any, cast: Any, client_of: Any) -> None:
    item = scan_of(make_registration(morning.meeting))
    assert outcomes(client_of(cast.panitia), morning, [item, item]) == ["dihitung", "dihitung"]
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize("hours", [-9, 5, 24 * 365])
def test_ten_minutes_offline_with_a_clock_that_is_off(morning: Any, cast: Any, client_of: Any, hours: int) -> None:
    off, maria = dt.timedelta(hours=hours), make_registration(morning.meeting)
    sent_at = (at(8, 30) + off).timestamp() * 1000
    send(client_of(cast.panitia), morning, [scan_of(maria, at(8, 20) + off)], sent_at=sent_at)
    assert Attendance.objects.get().came_at == at(8, 20)


@pytest.mark.parametrize(
    "ago",
    [dt.timedelta(minutes=-5), dt.timedelta(hours=9), dt.timedelta(days=4000)],
    ids=["in the future", "before the day began", "years ago"],
)
def test_a_clock_that_jumped_makes_nobody_first(morning: Any, cast: Any, client_of: Any, ago: dt.timedelta) -> None:
    maria = make_registration(morning.meeting)
    send(client_of(cast.panitia), morning, [scan_of(maria, at(8, 30) - ago)])
    assert Attendance.objects.get().came_at == at(8, 30)


def test_nobody_is_late_on_a_list_that_is_filled_in_afterwards(
    morning: Any, cast: Any, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_at(monkeypatch, at(16, day=OPENING + dt.timedelta(days=2)))
    [result] = results(client_of(cast.panitia), morning, [scan_of(make_registration(morning.meeting))])
    assert result["sentence"] == "Maria Contoh tercatat pada daftar Rabu, 24 April 2019, pagi."
    assert Attendance.objects.get().state == "hadir"


def test_what_people_wrote_beats_scans(morning: Any, cast: Any, client_of: Any) -> None:
    maria = make_registration(morning.meeting)
    Attendance.objects.create(
        attendance_list=morning, registration=maria, state="izin", note="Sakit", corrected_by=cast.panitia
    )
    [result] = results(client_of(cast.notulis), morning, [scan_of(maria)])
    assert result["outcome"] == "disimpan"
    assert result["sentence"] == "Maria Contoh: panitia sudah mencatat “Izin”, pemindaian hanya disimpan."
    assert Attendance.objects.get().state == "izin"
    assert CheckIn.objects.get().outcome == "disimpan"


def test_a_closed_list_only_keeps_scans(morning: Any, cast: Any, client_of: Any) -> None:
    maria = make_registration(morning.meeting)
    morning.closed_at, morning.closed_by = at(8, 25), cast.panitia
    morning.save()
    answer = send(client_of(cast.panitia), morning, [scan_of(maria, at(8, 5))]).json()
    assert answer["results"][0]["outcome"] == "disimpan"
    assert answer["list"]["closed"]
    assert not Attendance.objects.exists()
    assert CheckIn.objects.get().came_at == at(8, 5)


def test_scans_that_come_after_the_edition_ended_are_kept(morning: Any, cast: Any, client_of: Any) -> None:
    type(morning.meeting).objects.update(status="selesai")
    maria = make_registration(morning.meeting)
    assert outcomes(client_of(cast.panitia), morning, [scan_of(maria)]) == ["disimpan"]
    type(morning.meeting).objects.update(status="arsip")
    response = send(client_of(cast.panitia), morning, [scan_of(maria)])
    assert response.status_code == 403
    assert "diarsipkan" in response.json()["sentence"]


def test_a_card_is_known_by_its_hash(morning: Any, cast: Any, client_of: Any) -> None:
    maria = make_registration(morning.meeting)
    item = scan_of(**{"pass": pass_hash(maria.token), "method": "qr"})
    [result] = results(client_of(cast.panitia), morning, [item])
    assert (result["outcome"], result["person"]) == ("dihitung", maria.pk)
    assert result["sentence"] == "Maria Contoh tercatat hadir, pukul 08.30."


def test_cards_and_people_that_do_not_belong_here(morning: Any, cast: Any, client_of: Any) -> None:
    other = make_meeting(slug="rakor-ende", town="Ende", status="terjadwal")
    elsewhere = make_registration(other, "Dari Ende")
    cancelled = make_registration(morning.meeting, "Yang Batal", status="batal", status_reason="sakit keras")
    replaced = make_registration(morning.meeting, "Yang Lama", status="diganti", status_reason="pindah")
    make_registration(morning.meeting, "Yang Baru", stands_in_for=replaced)
    items = [
        scan_of(**{"pass": pass_hash("tebakan")}),
        scan_of(**{"pass": pass_hash(elsewhere.token)}),
        scan_of(elsewhere),
        scan_of(person=2**60),
        scan_of(**{"pass": pass_hash(cancelled.token)}),
        scan_of(replaced),
    ]
    told = results(client_of(cast.panitia), morning, items)
    assert {each["outcome"] for each in told} == {"ditolak"}
    assert [each["sentence"] for each in told] == [
        "Kode QR ini tidak dikenal: bukan kartu peserta yang dibuat portal ini.",
        f"Kartu ini dari Rakor Ende {other.execution_year}, bukan dari rakor ini.",
        f"Peserta ini terdaftar pada Rakor Ende {other.execution_year}, bukan pada rakor ini.",
        "Peserta ini tidak terdaftar. Cari namanya, atau tambahkan di pintu.",
        "Pendaftaran Yang Batal sudah dibatalkan.",
        "Yang Lama digantikan oleh Yang Baru. Catat penggantinya.",
    ]
    assert not CheckIn.objects.exists()


BROKEN = [
    None, 7, "halo", [], {}, {"key": "bukan-uuid"}, {"key": 5}, {"person": None}, {"person": "12"}, {"person": True},
    {"person": -1}, {"person": 2**70}, {"at": None}, {"at": "pagi"}, {"at": True}, {"at": 1e400}, {"method": "kode"},
    {"method": ["qr"]}, {"pass": "zz"}, {"pass": 5}, {"pass": "G" * 16}, {"new": "Tamu"}, {"new": []},
    {"new": {"name": ""}}, {"new": {"name": "x" * 200}}, {"new": {"name": ["a"]}}, {"new": {"name": "\x00"}},
]  # fmt: skip


def test_broken_scans_among_good_ones(morning: Any, cast: Any, client_of: Any) -> None:
    maria, yoseph = make_registrations(morning.meeting, 2)
    bad = [scan_of(maria) | each if isinstance(each, dict) and each else each for each in BROKEN]
    told = outcomes(client_of(cast.panitia), morning, [scan_of(maria), *bad, scan_of(yoseph)])
    assert told == ["dihitung", *["ditolak"] * len(bad), "dihitung"]
    assert Registration.objects.count() == 2


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"5", b'{"items": 5}', b'{"items": [{}]}', b"\xff", b"[" * 100_000],
    ids=["empty", "cut", "list", "number", "items", "no clock", "bytes", "deep"],
)  # fmt: skip
def test_a_sending_that_cannot_be_read(morning: Any, cast: Any, client_of: Any, body: bytes) -> None:
    url = reverse("door_sync", args=[morning.meeting.slug, morning.pk])
    response = client_of(cast.panitia).post(url, body, content_type="application/json")
    assert response.status_code == 422
    assert response.json()["sentence"]


def test_more_than_200_at_once_are_refused(morning: Any, cast: Any, client_of: Any) -> None:
    response = send(client_of(cast.panitia), morning, [scan_of(person=1)] * 201)
    assert response.status_code == 422
    assert response.json()["sentence"] == "Paling banyak 200 pemindaian sekali kirim."


@pytest.mark.parametrize(("since", "device"), [("x", 5), (-4, None), (2**80, "d" * 99), (True, ["a"])])
def test_odd_heads_do_no_harm(morning: Any, cast: Any, client_of: Any, since: Any, device: Any) -> None:
    maria = make_registration(morning.meeting)
    assert outcomes(client_of(cast.panitia), morning, [scan_of(maria)], since=since, device=device) == ["dihitung"]


def test_somebody_is_added_at_the_door(morning: Any, cast: Any, client_of: Any) -> None:
    client = client_of(cast.notulis)
    known = send(client, morning, []).json()
    new = {"name": " Tamu  Baru ", "institution": "Bank NTT", "title": "Analis", "category": "tak dikenal"}
    answer = send(client, morning, [scan_of(new=new)], since=known["change"]).json()
    place = Registration.objects.get()
    assert (place.participant.name, place.source, place.category, place.by) == (
        "Tamu Baru", "di_tempat", "lain", cast.notulis,
    )  # fmt: skip
    assert answer["results"][0] | {"key": ""} == {
        "key": "", "outcome": "dihitung", "sentence": "Tamu Baru tercatat hadir, pukul 08.30.", "person": place.pk,
    }  # fmt: skip
    assert [each["name"] for each in answer["people"]] == ["Tamu Baru"]
    assert list(answer["rows"]) == [str(place.pk)]


def test_two_devices_add_the_same_guest(morning: Any, cast: Any, client_of: Any) -> None:
    client, new = client_of(cast.panitia), {"name": "Tamu Baru", "institution": "Bank NTT"}
    assert outcomes(client, morning, [scan_of(new=new)]) == ["dihitung"]
    assert outcomes(client, morning, [scan_of(new={**new, "name": "tamu baru"})]) == ["ganda"]
    assert Participant.objects.filter(name__iexact="tamu baru").count() == 1


def test_a_device_hears_only_what_it_does_not_know(morning: Any, cast: Any, client_of: Any) -> None:
    client = client_of(cast.panitia)
    maria, yoseph = make_registrations(morning.meeting, 2)
    one = send(client, morning, [scan_of(maria)]).json()
    two = send(client, morning, [scan_of(yoseph)], since=one["change"]).json()
    assert list(two["rows"]) == [str(yoseph.pk)]
    assert two["change"] > one["change"]
    Registration.objects.filter(pk=maria.pk).update(status="batal", status_reason="sakit", version=2)
    three = send(client, morning, [], since=two["change"]).json()
    assert three["rows"] == {}
    beyond = send(client, morning, [], since=three["change"] + 10**9).json()
    assert set(beyond["rows"]) == {str(maria.pk), str(yoseph.pk)}
    assert [(each["id"], each.get("gone", False)) for each in three["people"]] == [(maria.pk, True), (yoseph.pk, False)]
    assert three["counts"] == {"expected": 2, "present": 2, "late": 0, "excused": 0}


@pytest.mark.parametrize("size", [1, 200])
def test_the_statements_of_a_sending(
    morning: Any, cast: Any, client_of: Any, assert_queries: Any, size: int
) -> None:  # fmt: skip
    """One scan or 200, of 200 people: the same few statements."""
    people = make_registrations(morning.meeting, 200)
    client = client_of(cast.panitia)
    send(client, morning, [])
    with assert_queries(14):
        answer = send(client, morning, [scan_of(each) for each in people[:size]]).json()
    assert answer["counts"] == {"expected": 200, "present": size, "late": 0, "excused": 0}


def test_strange_cards_cost_two_statements(
    morning: Any, cast: Any, client_of: Any, assert_queries: Any
) -> None:  # fmt: skip
    client = client_of(cast.panitia)
    send(client, morning, [])
    strange = [scan_of(**{"pass": pass_hash(str(number))}) for number in range(99)]
    with assert_queries(13):
        send(client, morning, [*strange, *(scan_of(person=10**9 + number) for number in range(99))])


def test_the_statements_of_the_list(morning: Any, cast: Any, client_of: Any, assert_queries: Any) -> None:
    client = client_of(cast.panitia)
    list_of(client, morning)
    for n in (1, 199):
        make_registrations(morning.meeting, n, first=n)
        with assert_queries(7):
            assert len(list_of(client, morning).json()["people"]) in (1, 200)


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_the_same_moment(published_meeting: Any, cast: Any, client_of: Any) -> None:
    """Eight threads send the same 20 persons and the same guest: one row each, one guest, every scan kept."""
    morning = make_list(published_meeting)
    people = make_registrations(published_meeting, 20)
    new = {"name": "Tamu Baru", "institution": "Bank NTT"}
    client_of(cast.panitia)
    statuses: list[int] = []

    def device(number: int) -> None:
        try:
            items = [scan_of(each) for each in people[:: 1 if number % 2 else -1]]
            response = send(client_of(cast.panitia), morning, [*items, scan_of(new=new)], device=f"hp-{number}")
            statuses.append(response.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=device, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 8
    assert Attendance.objects.count() == 21
    assert Registration.objects.count() == 21
    assert CheckIn.objects.count() == 8 * 21
    assert CheckIn.objects.filter(outcome="dihitung").count() == 21


def test_the_end_of_the_session_is_told_in_json(morning: Any, client_of: Any) -> None:
    for response in (list_of(client_of(), morning), send(client_of(), morning, [])):
        assert response.status_code == 401
        assert response.json() == {"login": "/masuk/?next=%2Frakor%2Frakor-atambua%2Fpintu%2F"}
        assert response["X-Login-Required"] == "1"


def test_an_idle_session_is_told_in_json_too(morning: Any, cast: Any, client_of: Any) -> None:
    client = client_of(cast.panitia)
    session = client.session
    session["last_seen"] = 1
    session.save()
    response = send(client, morning, [scan_of(make_registration(morning.meeting))])
    assert (response.status_code, list(response.json())) == (401, ["login"])
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("who", ["operator_belu", "kadis_belu", "observer", "stranger", "verifikator", "kadis_prov"])
def test_who_does_not_keep_the_door(morning: Any, cast: Any, client_of: Any, who: str) -> None:
    for response in (list_of(client_of(cast[who]), morning), send(client_of(cast[who]), morning, [])):
        assert response.status_code == 403
        assert list(response.json()) == ["sentence"]


def test_a_list_of_another_edition_is_not_found(morning: Any, cast: Any, client_of: Any) -> None:
    make_meeting(slug="rakor-ende", status="terjadwal")
    url = reverse("door_list", args=["rakor-ende", morning.pk])
    assert client_of(cast.panitia).get(url).status_code == 404


def test_a_key_of_another_list_is_refused(morning: Any, cast: Any, client_of: Any) -> None:
    afternoon, item = make_list(morning.meeting, "siang"), scan_of(make_registration(morning.meeting))
    assert outcomes(client_of(cast.panitia), morning, [item]) == ["dihitung"]
    assert outcomes(client_of(cast.panitia), afternoon, [item]) == ["ditolak"]
    assert str(uuid.UUID(item["key"])) == item["key"]
