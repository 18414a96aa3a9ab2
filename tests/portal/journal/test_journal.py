"""The journal cannot be changed, can be searched by the admin, and shows each object's history to whom it concerns."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from openpyxl import load_workbook

from portal.journal import histories, queries
from portal.journal.actions import record
from portal.journal.histories import register_history
from portal.journal.models import Entry
from portal.kernel.decision import allow_if
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(cast):
    """Three acts of two people on two kinds of objects."""
    record("Mengubah data kantor", factories.lead_agency(), by=cast.admin, changes={"nama": ["Lama", "Baru"]})
    record("Membuat akun", cast.operator_belu, by=cast.admin)
    record("Menonaktifkan akun", cast.operator_ende, by=cast.panitia, note="Pindah ke Kupang")
    return list(Entry.objects.order_by("pk"))


# -- append-only ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET note = 'lain'",
        "DELETE FROM journal_entry",
        "UPDATE journal_entry SET at = now() WHERE false OR id > 0",
    ],
)
def test_the_database_refuses_to_change_it(entries, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 3


def test_the_database_refuses_to_empty_it(entries):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL rakor.allow_truncate = 'off'")  # what every server but the test's has
        cursor.execute("TRUNCATE journal_entry")
    assert Entry.objects.count() == 3


def test_django_cannot_either(entries):
    entries[0].note = "lain"
    for act in (entries[0].save, entries[0].delete, lambda: Entry.objects.update(note="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# -- the admin's page -------------------------------------------------------------------------------------------------


def found(client, query=""):
    page = client.get(f"/jurnal/{query}")
    assert page.status_code == 200
    return [entry.verb for entry, _kind in page.context["rows"]]


def test_only_the_admin_reads_it(cast, entries, client_of):
    for name in ("panitia", "kadis_prov", "operator_belu", "observer", "stranger"):
        client = client_of(cast[name])
        for path in ("/jurnal/", "/jurnal/jurnal.xlsx", "/jurnal/jurnal.csv", f"/jurnal/{entries[0].pk}/"):
            assert client.get(path).status_code == 403, (name, path)
    assert client_of().get("/jurnal/").status_code == 302


def test_filters(cast, entries, client_of):
    client = client_of(cast.admin)
    assert found(client) == ["Menonaktifkan akun", "Membuat akun", "Mengubah data kantor"]
    assert found(client, f"?pelaku={cast.panitia.pk}") == ["Menonaktifkan akun"]
    assert found(client, "?jenis=regencies.agency") == ["Mengubah data kantor"]
    assert found(client, "?tindakan=Membuat+akun") == ["Membuat akun"]
    assert found(client, "?q=kupang") == ["Menonaktifkan akun"]
    assert found(client, "?q=operator+ende") == ["Menonaktifkan akun"]
    assert found(client, "?q=baru") == ["Mengubah data kantor"]  # also in what changed
    assert found(client, "?q=tidak-ada") == []
    assert "Tidak ada catatan yang cocok" in client.get("/jurnal/?q=tidak-ada").content.decode()


def test_the_period_counts_whole_local_days(cast, client_of, time_machine):
    # 16.00 UTC is midnight in WITA.
    for moment in ("2026-04-23T15:59:00Z", "2026-04-23T16:00:00Z", "2026-04-24T15:59:00Z", "2026-04-24T16:00:00Z"):
        time_machine.move_to(moment, tick=False)
        record(moment, cast.panitia, by=cast.admin)
    time_machine.move_to("2026-04-25T04:00:00Z")
    got = found(client_of(cast.admin), "?dari=2026-04-24&sampai=2026-04-24")
    assert got == ["2026-04-24T15:59:00Z", "2026-04-23T16:00:00Z"]


def test_unreadable_filters_are_told_and_not_applied(cast, entries, client_of):
    client = client_of(cast.admin)
    assert len(found(client, "?dari=kemarin&pelaku=abc&jenis=x&sebelum=zzz")) == 3


def test_pages_by_keyset(cast, client_of):
    for number in range(120):
        record(f"Tindakan {number}", cast.panitia, by=cast.admin)
    client = client_of(cast.admin)
    first = client.get("/jurnal/?jenis=accounts.user")
    assert len(first.context["rows"]) == 50 and 'rel="next"' in first.content.decode()
    seen, older = found(client, "?jenis=accounts.user"), first.context["older"]
    while older:
        page = client.get(f"/jurnal/?jenis=accounts.user&sebelum={older}")
        seen += [entry.verb for entry, _kind in page.context["rows"]]
        older = page.context["older"]
    assert seen == [f"Tindakan {number}" for number in reversed(range(120))]


@pytest.mark.parametrize("amount", [3, 40])
def test_the_same_number_of_queries_for_few_and_many(cast, client_of, assert_queries, amount):
    for number in range(amount):
        record(f"Tindakan {number}", cast.panitia, by=cast.admin)
    client = client_of(cast.admin)
    client.get("/jurnal/")
    with assert_queries(7):
        client.get("/jurnal/")


def test_one_entry_with_its_changes(cast, entries, client_of):
    page = client_of(cast.admin).get(f"/jurnal/{entries[0].pk}/").content.decode()
    assert "Lama" in page and "Baru" in page and "Mengubah data kantor" in page
    assert client_of(cast.admin).get("/jurnal/999999/").status_code == 404


def test_excel_and_csv_hold_what_is_filtered_and_no_formulas(cast, client_of):
    cast.operator_belu.full_name = '=HYPERLINK("http://jahat.example")'
    record("Membuat akun", cast.operator_belu, by=cast.admin, note="+62 812", changes={"x": ["-1", "@SUM(A1)"]})
    record("Lain", cast.panitia, by=cast.admin)
    client = client_of(cast.admin)
    text = client.get("/jurnal/jurnal.csv?tindakan=Membuat+akun").content.decode("utf-8-sig")
    assert text.count("\n") == 2
    assert "\"'=HYPERLINK(" in text and "'+62 812" in text
    book = load_workbook(io.BytesIO(client.get("/jurnal/jurnal.xlsx?tindakan=Membuat+akun").content))
    rows = list(book.active.iter_rows())
    assert len(rows) == 2
    assert all(cell.data_type != "f" for cell in rows[1])
    assert rows[1][4].value.endswith('=HYPERLINK("http://jahat.example")')


# -- the history of one object ----------------------------------------------------------------------------------------


@pytest.fixture
def open_history(monkeypatch, cast):
    monkeypatch.setattr(histories, "_rules", dict(histories._rules))
    agency = factories.lead_agency()
    register_history(type(agency), lambda user, office: allow_if(user == cast.panitia, "Hanya untuk panitia."))
    record("Mengubah data kantor", agency, by=cast.admin, changes={"nama": ["Lama", "Baru"]})
    return f"/jurnal/riwayat/regencies.agency/{agency.pk}/"


def test_history_as_fragment_and_as_page(cast, client_of, open_history):
    client = client_of(cast.panitia)
    fragment = client.get(open_history, HTTP_HX_REQUEST="true").content.decode()
    page = client.get(open_history).content.decode()
    assert "<html" not in fragment and "Mengubah data kantor" in fragment
    assert "<html" in page and fragment.strip() in page


def test_history_asks_the_rule_of_its_type(cast, client_of, open_history):
    refused = client_of(cast.operator_belu).get(open_history)
    assert refused.status_code == 403 and "Hanya untuk panitia." in refused.content.decode()
    assert client_of().get(open_history).status_code == 302
    client = client_of(cast.panitia)
    for path in ("regencies.province/1", "regencies.agency/999999", "regencies.agency/abc", "tidak.ada/1"):
        assert client.get(f"/jurnal/riwayat/{path}/").status_code == 404


def test_the_history_of_an_account_is_the_admin_s(cast, client_of, entries):
    path = f"/jurnal/riwayat/accounts.user/{cast.operator_ende.pk}/"
    assert "Pindah ke Kupang" in client_of(cast.admin).get(path).content.decode()
    assert client_of(cast.operator_ende).get(path).status_code == 403


def test_names_stay_as_they_were(cast, client_of):
    record("Membuat akun", cast.operator_belu, by=cast.panitia)
    cast.panitia.full_name = "Nama Lain"
    cast.panitia.save()
    assert queries.history_of(cast.operator_belu)[0]["who"] == "Panitia Contoh"
    assert queries.history_of(cast.operator_belu)[0]["at"] - timezone.now() < dt.timedelta(minutes=1)
