"""The first page: each role begins with its own work."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from rakor.models import Minutes
from rakor.queries.tasks import tasks_for
from tests.factories import at, make_meeting, make_minutes, make_programme, make_session, make_user


def titles(user) -> list[str]:
    """What the user has to do, freshly read."""
    user.__dict__.pop("hats", None)
    return [task.title for task in tasks_for(user)]


def test_anonymous_goes_to_the_login_page(db, client):
    answer = client.get("/")
    assert answer.status_code == 302 and answer["Location"].startswith("/masuk/")


@pytest.mark.parametrize("name", ["admin", "kadis_prov", "panitia", "notulis", "operator_belu", "observer", "stranger"])
def test_page_begins_with_the_tasks(cast, client_of, name, published_meeting):
    page = client_of(cast[name]).get("/").content.decode()
    assert "Yang perlu Anda lakukan" in page
    assert (published_meeting.title in page) == (name != "stranger")


class TestTasks:
    def test_planners(self, cast):
        today = timezone.localdate()
        ahead = today + dt.timedelta(days=98 + (5 - today.weekday()) % 7)  # a Saturday
        meeting = make_meeting(starts_on=ahead, ends_on=ahead, town="Soe")
        assert "Susun acara Rakor Soe 2019" in titles(cast.panitia)
        make_session(meeting, starts_at=at(9, day=ahead), ends_at=at(10, day=ahead))
        found = titles(cast.kabid)
        assert "1 sesi belum mempunyai ruang" in found and "1 sesi belum mempunyai notulis" in found
        assert "Tetapkan jadwal Rakor Soe 2019" in found
        assert any(title.startswith("Periksa tanggal") for title in found)
        assert not set(found) & set(titles(cast.notulis))

    def test_breaks_need_no_minute_taker(self, cast):
        meeting = make_meeting()
        make_session(meeting, kind="istirahat")
        assert not any("notulis" in title for title in titles(cast.panitia))

    def test_minute_takers(self, cast, monkeypatch):
        meeting = make_programme(make_meeting(status="berlangsung"))
        assert "3 sesi belum dinotulakan" in titles(cast.notulis)
        make_minutes(meeting.sessions.get(title="Pleno"))
        found = titles(cast.notulis)
        assert "Lanjutkan notula “Pleno”" in found and "2 sesi belum dinotulakan" in found

    def test_checkers(self, cast):
        minutes = make_minutes(make_programme(make_meeting(status="berlangsung")).sessions.first())
        Minutes.objects.filter(pk=minutes.pk).update(status="diperiksa")
        assert "Periksa notula “Pembukaan”" in titles(cast.kabid)
        assert "Periksa notula “Pembukaan”" in titles(cast.kadis_prov)
        assert not any("Periksa notula" in title for title in titles(cast.operator_belu))

    def test_regencies(self, cast, draft_meeting):
        assert titles(cast.operator_belu) == []
        coming = make_programme(make_meeting(slug="terbit", status="terjadwal", title="Rakor Terbit"))
        assert titles(cast.operator_belu) == ["Siapkan diri untuk Rakor Terbit"]
        position = cast.kadis_prov.positions.get()
        make_minutes(
            coming.sessions.first(), status="final", chair=position, recorder=position, finalised_at=timezone.now()
        )
        assert "Baca notula final “Pembukaan”" in titles(cast.kadis_ende)

    def test_admin(self, cast):
        assert "1 akun tanpa jabatan" in titles(cast.admin)  # the stranger
        make_user("orang_baru")
        assert "2 akun tanpa jabatan" in titles(cast.admin)

    def test_without_position(self, cast):
        assert titles(cast.stranger) == ["Minta jabatan kepada admin portal"]


def test_budget_does_not_grow(cast, client_of, assert_queries):
    client = client_of(cast.panitia)
    for count in (1, 6):
        for number in range(count):
            make_programme(make_meeting(slug=f"r{count}{number}", status="terjadwal"))
        with assert_queries(24):
            client.get("/")
