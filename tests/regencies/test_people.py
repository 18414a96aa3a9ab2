"""Pengguna & jabatan: accounts and positions in the hands of the admin."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from portal.accounts.models import PasswordLink, User
from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied
from regencies.actions import people as actions
from regencies.models import Position
from tests import factories
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
BASE = "/pengguna/"


@pytest.fixture
def admin(cast, client_of):
    return client_of(cast.admin)


def new_person(**changes):
    return {
        "full_name": "Yohana Bria, S.E.",
        "username": "yohana.bria",
        "email": "yohana@contoh.test",
        "phone": "0812 3456 7890",
        "role": "operator_kab",
        "agency": factories.lead_agency("53.05").pk,
        "title": "Operator",
        "standing": "definitif",
        "starts_on": "2026-01-01",
        "ends_on": "",
        "rank": "Penata (III/c)",
        "employee_number": "19880214 201403 2 001",
        **changes,
    }


def position_of(person, **changes):
    return {**dict.fromkeys(("ends_on", "rank", "employee_number"), ""), "role": "operator_kab",
            "agency": factories.lead_agency("53.05").pk, "title": "Operator", "standing": "definitif",
            "starts_on": "2026-01-01", **changes}  # fmt: skip


def errors(page, form="form"):
    assert page.status_code == 422, page.status_code
    return page.context[form].errors


# -- who --------------------------------------------------------------------------------------------------------------


def test_only_the_admin(cast, client_of):
    position = cast.operator_belu.positions.get()
    paths = ["", "pengguna.xlsx", "baru/", *(
        f"{cast.operator_belu.pk}/{part}" for part in
        ("", "ubah/", "tautan-sandi/", "nonaktifkan/", "aktifkan/", "reset-verifikasi/", "jabatan/baru/",
         f"jabatan/{position.pk}/ubah/", f"jabatan/{position.pk}/akhiri/")
    )]  # fmt: skip
    for name in ("kadis_prov", "panitia", "kadis_belu", "operator_belu", "observer", "stranger"):
        client = client_of(cast[name])
        for path in paths:
            assert client.get(BASE + path).status_code == 403, (name, path)
            assert client.post(BASE + path).status_code in (403, 405), (name, path)
    for path in paths:
        assert client_of().get(BASE + path).status_code == 302


@pytest.mark.parametrize("verb", ["add", "change", "end"])
def test_the_verbs_ask_too(cast, verb):
    position = cast.operator_belu.positions.get()
    with pytest.raises(Denied):
        {
            "add": lambda: actions.add_position(cast.stranger, {}, by=cast.panitia),
            "change": lambda: actions.change_position(position, {"title": "X"}, by=cast.operator_belu),
            "end": lambda: actions.end_position(position, dt.date.today(), by=cast.kadis_prov),
        }[verb]()


# -- the list ---------------------------------------------------------------------------------------------------------


def names(client, query=""):
    return [person.username for person in client.get(BASE + query).context["page"].object_list]


def test_search_filter_and_sort(cast, admin):
    belu = factories.regency("53.04").pk
    assert len(names(admin)) == 15
    assert names(admin, "?q=operator+belu") == ["operator_belu"]
    assert names(admin, "?q=KADIS_ENDE") == ["kadis_ende"]
    assert sorted(names(admin, f"?kabupaten={belu}")) == [
        "bupati_belu", "kabid_belu", "kadis_belu", "operator_belu", "tpl_belu",
    ]  # fmt: skip
    assert names(admin, f"?kabupaten={belu}&peran=kadis_kab") == ["kadis_belu"]
    assert names(admin, "?peran=none") == ["stranger"]
    assert names(admin, "?keadaan=nonaktif") == []
    User.objects.filter(username="stranger").update(is_active=False)
    assert names(admin, "?keadaan=nonaktif") == ["stranger"]
    assert names(admin, "?sort=login")[0] == "admin"
    assert "Tidak ada pengguna yang cocok" in admin.get(BASE + "?q=zzz").content.decode()
    assert admin.get(BASE + "?kabupaten=abc&peran=x&page=zz&sort=;").status_code == 200


def test_ended_positions_do_not_count_in_the_filter(cast, admin):
    cast.operator_belu.positions.update(ends_on="2020-01-01")
    assert "operator_belu" not in names(admin, "?peran=operator_kab")
    assert "operator_belu" in names(admin, "?peran=none")


def test_pages_and_query_budget(cast, admin, assert_queries):
    admin.get(BASE)
    with assert_queries(7):
        admin.get(BASE)
    agency = factories.lead_agency()
    for number in range(60):
        factories.make_position(factories.make_user(f"orang{number:02}"), "panitia", agency)
    with assert_queries(7):
        page = admin.get(BASE + "?q=orang")
    assert page.context["page"].paginator.num_pages == 3
    assert len(names(admin, "?q=orang&page=3")) == 10


def test_excel_holds_the_filtered_list(cast, admin):
    cast.operator_belu.full_name = "=1+1"
    cast.operator_belu.save()
    sheet = load_workbook(io.BytesIO(admin.get(BASE + "pengguna.xlsx?peran=operator_kab").content)).active
    rows = list(sheet.iter_rows())
    assert len(rows) == 3
    assert {row[0].value for row in rows[1:]} == {"=1+1", "Operator Ende Contoh"}
    assert all(cell.data_type != "f" for row in rows for cell in row)


# -- a new person -----------------------------------------------------------------------------------------------------


def test_a_new_person_with_a_first_position_can_log_in(cast, admin, client_of):
    answer = admin.post(BASE + "baru/", new_person())
    person = User.objects.get(username="yohana.bria")
    assert answer.url == f"{BASE}{person.pk}/"
    held = person.positions.get()
    assert (held.role, held.agency.regency.code, held.employee_number) == (
        "operator_kab",
        "53.05",
        "198802142014032001",
    )
    assert not person.has_usable_password()
    page = admin.post(f"{BASE}{person.pk}/tautan-sandi/")
    assert "no-store" in page["Cache-Control"]
    text, url = page.content.decode(), page.context["url"]
    assert url in text and "wa.me/6281234567890?text=" in text and "data-copy" in text
    assert url.rsplit("/", 2)[1] not in admin.get(f"{BASE}{person.pk}/").content.decode()  # shown once
    client = client_of()
    path = "/sandi/" + url.partition("/sandi/")[2]
    client.post(path, {"password1": "tenun-ikat-ttu-9", "password2": "tenun-ikat-ttu-9"})
    client.post("/masuk/", {"login": "yohana.bria", "password": "tenun-ikat-ttu-9"})
    assert "Operator" in client.get("/akun/").content.decode()
    verbs = list(
        Entry.objects.filter(object_id=str(person.pk), object_type="accounts.user").values_list("verb", flat=True)
    )
    assert verbs == [
        "Membuat kata sandi baru lewat tautan",
        "Membuat tautan kata sandi",
        "Menambah jabatan",
        "Membuat akun",
    ]


@pytest.mark.parametrize(
    ("form", "field", "changes"),
    [
        ("account", "username", {"username": "PANITIA"}),
        ("account", "username", {"username": "ada spasi"}),
        ("account", "username", {"username": "a@b.id"}),
        ("account", "email", {"email": "Admin@contoh.test"}),
        ("account", "phone", {"phone": "nol delapan"}),
        ("account", "full_name", {"full_name": ""}),
        ("position", "employee_number", {"employee_number": "123"}),
        ("position", "ends_on", {"ends_on": "2025-12-31"}),
        ("position", "role", {"role": "raja"}),
    ],
)
def test_mistakes_are_told_beside_the_field_and_nothing_is_stored(cast, admin, form, field, changes):
    page = admin.post(BASE + "baru/", new_person(**changes))
    assert list(errors(page, form)) == [field]
    assert "Constraint" not in page.content.decode()
    assert field == "full_name" or "Yohana" in page.content.decode()
    assert not User.objects.filter(username__in=["yohana.bria"]).exists()


def test_the_role_fits_the_office(cast, admin):
    page = admin.post(BASE + "baru/", new_person(role="panitia"))
    assert errors(page, "position")["agency"] == ["Peran ini hanya untuk kantor provinsi."]
    page = admin.post(BASE + "baru/", new_person(agency=factories.lead_agency().pk))
    assert errors(page, "position")["agency"] == ["Peran ini hanya untuk kantor kabupaten/kota."]


# -- positions --------------------------------------------------------------------------------------------------------


def test_a_second_definitive_head_is_told_at_the_field(cast, admin):
    path = f"{BASE}{cast.stranger.pk}/jabatan/baru/"
    head = position_of(cast.stranger, role="kadis_kab", title="Kepala Dinas", agency=factories.lead_agency("53.04").pk)
    assert errors(admin.post(path, head))["starts_on"] == [
        "Kantor ini sudah mempunyai kepala definitif pada masa itu.",
        "Pejabatnya: Kadis Belu Contoh.",
    ]
    assert admin.post(path, {**head, "standing": "plh"}).status_code == 302  # a stand-in is possible
    assert cast.stranger.positions.get().full_title == "Plh. Kepala Dinas"


def test_the_database_itself_refuses_a_second_head(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_position(cast.stranger, "kadis_kab", factories.lead_agency("53.04"))


def test_two_admins_at_once_get_a_sentence(cast, monkeypatch):
    monkeypatch.setattr(Position, "full_clean", lambda self: None)  # both have checked before either has stored
    values = {
        "role": "kadis_kab",
        "agency": factories.lead_agency("53.04"),
        "title": "K",
        "starts_on": dt.date(2026, 1, 1),
    }
    with pytest.raises(ValidationError, match="bertabrakan"):
        actions.add_position(cast.stranger, values, by=cast.admin)


def test_a_double_click_adds_one_position(cast, admin):
    path, values = f"{BASE}{cast.stranger.pk}/jabatan/baru/", position_of(cast.stranger)
    assert admin.post(path, values).status_code == 302
    assert "sudah memegang peran yang sama" in admin.post(path, values).content.decode()
    assert cast.stranger.positions.count() == 1
    assert admin.post(path, position_of(cast.stranger, starts_on="2020-01-01", ends_on="2025-12-31")).status_code == 302


def test_a_successor_after_the_last_day(cast, admin):
    head = cast.kadis_belu.positions.get()
    path = f"{BASE}{cast.kadis_belu.pk}/jabatan/{head.pk}/akhiri/"
    assert errors(admin.post(path, {"last_day": "2010-01-01"})).as_text().count("mendahului") == 1
    assert admin.post(path, {"last_day": "2026-03-31"}).status_code == 302
    successor = position_of(
        cast.stranger, role="kadis_kab", agency=factories.lead_agency("53.04").pk, starts_on="2026-04-01"
    )
    assert admin.post(f"{BASE}{cast.stranger.pk}/jabatan/baru/", successor).status_code == 302
    entry = Entry.objects.filter(verb="Mengakhiri jabatan").get()
    assert entry.changes == {"sampai": [None, "2026-03-31"]} and entry.object_id == str(cast.kadis_belu.pk)


def test_editing_a_position(cast, admin):
    position = cast.operator_belu.positions.get()
    path = f"{BASE}{cast.operator_belu.pk}/jabatan/{position.pk}/ubah/"
    assert 'value="2015-01-01"' in admin.get(path).content.decode()
    data = position_of(cast.operator_belu, agency=position.agency_id, title="Operator Senior", starts_on="2015-01-01")
    assert admin.post(path, data).status_code == 302
    assert Entry.objects.first().changes == {"nama jabatan": ["Operator", "Operator Senior"]}
    count = Entry.objects.count()
    assert admin.post(path, data).status_code == 302
    assert Entry.objects.count() == count  # nothing changed, nothing written
    assert admin.get(f"{BASE}{cast.admin.pk}/jabatan/{position.pk}/ubah/").status_code == 404


def test_ending_a_position_takes_the_rights_at_once(cast, admin, client_of):
    operator, position = client_of(cast.operator_belu), cast.operator_belu.positions.get()
    assert operator.get("/kabupaten/").status_code == 200
    yesterday = dt.date.today() - dt.timedelta(days=2)
    admin.post(f"{BASE}{cast.operator_belu.pk}/jabatan/{position.pk}/akhiri/", {"last_day": yesterday.isoformat()})
    assert operator.get("/kabupaten/").status_code == 302


# -- oneself ----------------------------------------------------------------------------------------------------------


def test_nobody_takes_his_own_last_admin_position(cast, admin):
    own = cast.admin.positions.get()
    path = f"{BASE}{cast.admin.pk}/jabatan/{own.pk}/"
    page = admin.post(path + "akhiri/", {"last_day": "2030-01-01"})
    assert "jabatan admin terakhir Anda" in page.content.decode()
    values = position_of(cast.admin, role="panitia", agency=own.agency_id, title=own.title, starts_on="2015-01-01")
    assert "jabatan admin terakhir Anda" in admin.post(path + "ubah/", values).content.decode()
    own.refresh_from_db()
    assert (own.role, own.ends_on) == ("admin", None)
    factories.make_position(cast.admin, "admin", own.agency, title="Admin kedua")
    assert admin.post(path + "akhiri/", {"last_day": "2030-01-01"}).status_code == 302


def test_another_admin_may_end_it(cast):
    factories.make_position(cast.stranger, "admin", factories.lead_agency())
    other = User.objects.get(pk=cast.stranger.pk)
    actions.end_position(cast.admin.positions.get(), dt.date.today(), by=other)
    with pytest.raises(Blocked):
        actions.end_position(other.positions.get(), dt.date.today(), by=other)


def test_the_admin_does_not_make_himself_head(cast, admin):
    office = factories.lead_agency()
    for role in ("kadis_prov", "kabid_prov", "verifikator"):
        values = position_of(cast.admin, role=role, agency=office.pk, title="Kepala", standing="plt")
        page = admin.post(f"{BASE}{cast.admin.pk}/jabatan/baru/", values)
        assert "tidak dapat Anda berikan kepada diri sendiri" in page.content.decode()
    factories.make_position(cast.admin, "admin", office, title="Admin kedua")
    second = cast.admin.positions.get(title="Admin kedua")
    with pytest.raises(Blocked, match="diri sendiri"):
        actions.change_position(second, {"role": "kadis_prov", "standing": "plt"}, by=cast.admin)
    assert set(cast.admin.positions.values_list("role", flat=True)) == {"admin"}


def test_nobody_deactivates_himself(cast, admin):
    page = admin.get(f"{BASE}{cast.admin.pk}/").content.decode()
    assert "Anda tidak dapat menonaktifkan akun Anda sendiri." in page
    assert admin.post(f"{BASE}{cast.admin.pk}/nonaktifkan/", {"note": "x"}).status_code == 403


# -- accounts ---------------------------------------------------------------------------------------------------------


def test_deactivate_and_reactivate_with_reason(cast, admin, client_of):
    person = client_of()
    person.post("/masuk/", {"login": "operator_belu", "password": PASSWORD})
    path = f"{BASE}{cast.operator_belu.pk}/"
    assert errors(admin.post(path + "nonaktifkan/", {"note": " "}))["note"]
    assert admin.post(path + "nonaktifkan/", {"note": "Pindah tugas"}).status_code == 302
    assert person.get("/akun/").status_code == 302
    page = admin.get(path).content.decode()
    assert "Nonaktif" in page and "Pindah tugas" in page and "Buat tautan kata sandi" not in page
    assert "sudah dinonaktifkan" in admin.post(path + "nonaktifkan/", {"note": "lagi"}).content.decode()
    assert admin.post(path + "aktifkan/", {"note": "Kembali"}).status_code == 302
    assert person.post("/masuk/", {"login": "operator_belu", "password": PASSWORD}).status_code == 302


def test_resetting_the_second_factor(cast, admin):
    path = f"{BASE}{cast.panitia.pk}/"
    assert "Reset verifikasi" not in admin.get(path).content.decode()
    Authenticator.objects.create(user=cast.panitia, type="totp", data={})
    assert "Reset verifikasi" in admin.get(path).content.decode()
    assert admin.post(path + "reset-verifikasi/", {"note": "Ponsel hilang"}).status_code == 302
    assert not Authenticator.objects.exists()


def test_editing_data(cast, admin):
    path = f"{BASE}{cast.panitia.pk}/ubah/"
    taken = {"full_name": "Panitia", "email": "ADMIN@contoh.test", "phone": ""}
    assert errors(admin.post(path, taken))["email"] == ["Surel ini sudah dipakai akun lain."]
    assert admin.post(path, {**taken, "email": "", "username": "lain"}).status_code == 302
    cast.panitia.refresh_from_db()
    assert (cast.panitia.username, cast.panitia.full_name, cast.panitia.email) == ("panitia", "Panitia", "")


def test_a_link_is_made_by_post_only(cast, admin):
    assert admin.get(f"{BASE}{cast.panitia.pk}/tautan-sandi/").status_code == 302
    assert not PasswordLink.objects.exists()


def test_the_page_of_a_person_and_of_nobody(cast, admin, assert_queries):
    path = f"{BASE}{cast.kadis_belu.pk}/"
    admin.get(path)
    with assert_queries(7):
        page = admin.get(path).content.decode()
    assert "Kepala Dinas" in page and "Berlaku" in page
    assert admin.get(f"{BASE}999999/").status_code == 404


# -- the first admin of an empty portal -------------------------------------------------------------------------------


def test_the_first_admin_comes_from_the_shell(db, client):
    out = io.StringIO()
    call_command("create_admin", "pengelola", "Pengelola Pertama", stdout=out)
    path = "/sandi/" + out.getvalue().strip().partition("/sandi/")[2]
    client.post(path, {"password1": "tenun-ikat-ttu-9", "password2": "tenun-ikat-ttu-9"})
    client.post("/masuk/", {"login": "pengelola", "password": "tenun-ikat-ttu-9"})
    assert client.get(BASE).status_code == 200
    with pytest.raises(CommandError, match="sudah mempunyai admin"):
        call_command("create_admin", "lain", "Lain")
