"""What desks ask of somebody on the first page."""

from __future__ import annotations

from typing import Any

import pytest

from rakor.actions.closing import close_desk
from rakor.actions.desks import agree_rest, call_desk, confirm_desk, open_desk
from rakor.models import Desk
from rakor.queries.tasks import tasks_for
from tests.factories import make_meeting
from tests.factories_programs import make_desk, make_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Any) -> Desk:
    """Belu's waiting desk in a running edition, with one proposal."""
    make_proposal(status="siap_desk")
    return make_desk(make_meeting(status="berlangsung"))


def titles(user: Any) -> list[str]:
    user.__dict__.pop("hats", None)
    return [task.title for task in tasks_for(user)]


def test_a_desk_asks_its_leader_and_its_regency_step_by_step(desk, cast):
    assert "Panggil desk berikutnya: Kabupaten Belu" in titles(cast.verifikator)
    call_desk(desk, by=cast.verifikator)
    assert titles(cast.kadis_belu)[0] == "Desk Anda dipanggil"
    assert "Buka Desk Kabupaten Belu" in titles(cast.kabid)
    open_desk(desk, by=cast.verifikator)
    assert "Desk Anda sedang berlangsung" in titles(cast.operator_belu)
    assert titles(cast.verifikator)[0] == "Lanjutkan Desk Kabupaten Belu"
    assert not [title for title in titles(cast.kabid) if "Desk Kabupaten Belu" in title]
    agree_rest(desk, by=cast.verifikator)
    assert titles(cast.kadis_belu)[0] == "Konfirmasi putusan desk"
    desk.refresh_from_db()
    confirm_desk(desk, by=cast.kadis_belu, change=desk.change)
    assert titles(cast.verifikator)[0] == "Tutup Desk Kabupaten Belu"
    close_desk(desk, by=cast.verifikator)
    assert "Baca hasil desk dan unduh berita acaranya" in titles(cast.operator_belu)
    assert not [title for title in titles(cast.verifikator) if "desk" in title.lower()]


def test_others_are_not_asked(desk, cast):
    call_desk(desk, by=cast.verifikator)
    for name in ("kadis_ende", "operator_ende", "panitia", "notulis", "observer", "admin"):
        assert not [title for title in titles(cast[name]) if "dipanggil" in title or "Buka Desk" in title], name
