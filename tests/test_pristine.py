"""After a test that committed the database is as the migrations made it, also where triggers keep rows for ever."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection

from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.models import Entry
from regencies.models import Province, Regency
from tests import factories, pristine

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_of_the_test_go_and_those_of_the_migrations_come_back():
    kinds = list(ContentType.objects.order_by("pk").values_list("pk", "model"))
    regencies = list(Regency.objects.order_by("pk").values())
    user = factories.make_user("siapa_saja")
    record("created", user, by=user)
    Regency.objects.filter(code="53.04").update(name="Lain")
    ContentType.objects.create(app_label="lain", model="lain")
    assert Entry.objects.exists()

    pristine.restore()

    assert not Entry.objects.exists()
    assert not User.objects.exists()
    assert Province.objects.count() == 1
    assert list(Regency.objects.order_by("pk").values()) == regencies
    assert list(ContentType.objects.order_by("pk").values_list("pk", "model")) == kinds
    record("created", factories.make_user("orang_lain"), by=None)
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry")  # the trigger is awake again
