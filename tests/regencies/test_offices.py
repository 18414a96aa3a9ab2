"""Changing an office: by the admin, with a journal entry, never over somebody else's change."""

from __future__ import annotations

import pytest

from portal.journal.models import Entry
from portal.kernel.errors import Denied, StaleVersion
from regencies.actions.offices import change_agency
from tests.cast import Cast
from tests.factories import lead_agency


def test_a_change_is_stored_with_what_was_before(cast: Cast) -> None:
    agency = lead_agency()
    changed = change_agency(agency, version=1, by=cast.admin, letterhead_address="Jalan Contoh 1, Kupang")
    assert (changed.version, lead_agency().letterhead_address) == (2, "Jalan Contoh 1, Kupang")
    entry = Entry.objects.about(agency).get()
    assert (entry.actor, entry.changes) == (cast.admin, {"kop alamat": ["", "Jalan Contoh 1, Kupang"]})


def test_the_same_values_again_are_no_change(cast: Cast) -> None:
    agency = lead_agency()
    assert change_agency(agency, version=1, by=cast.admin, name=agency.name).version == 1
    assert not Entry.objects.exists()


def test_an_old_version_is_refused_and_both_texts_are_kept(cast: Cast) -> None:
    agency = lead_agency()
    change_agency(agency, version=1, by=cast.admin, short_name="Disperindag")
    with pytest.raises(StaleVersion) as stale:
        change_agency(agency, version=1, by=cast.admin, short_name="Perindag")
    assert (stale.value.current.short_name, stale.value.yours) == ("Disperindag", {"short_name": "Perindag"})


@pytest.mark.parametrize("name", ["kadis_prov", "panitia", "kadis_belu", "stranger"])
def test_nobody_but_the_admin(cast: Cast, name: str) -> None:
    with pytest.raises(Denied):
        change_agency(lead_agency(), version=1, by=cast[name], short_name="X")
