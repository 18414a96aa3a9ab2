"""Wordings of contracts: written by several, published by somebody else, and never changed after that."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, StaleVersion
from programs.actions.contract_templates import (
    change_template,
    change_version,
    discard_version,
    new_template,
    new_version,
    publish_version,
)
from programs.facts.contract_text import digest
from programs.forms.contract_templates import arranged
from programs.models import ContractTemplate, TemplateVersion
from programs.queries.contract_templates import difference, faults, listed, variable_groups
from tests.factories_contracts import make_contract, make_template

pytestmark = pytest.mark.django_db
TPL, MOU = "kontrak_tpl", "nota_kesepahaman"
CLAUSE = {"heading": "Tugas", "body": "1. Mendampingi IKM di {wilayah_kerja}."}
EDIT, VERSION, PUBLISH = (f"/kontrak/templat/versi/{{}}/{part}" for part in ("ubah/", "", "terbitkan/"))
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


def draft(**values: Any) -> Any:
    return make_template(status="konsep", **values)


def ready_to_publish(by: Any) -> Any:
    version = new_template(TPL, "Kontrak uji", by=by)
    change_version(version, {"title": "Kontrak uji", "clauses": [CLAUSE]}, by=by)
    return version


def test_the_portal_brings_two_wordings_in_force() -> None:
    for kind, fields in ((TPL, "wilayah_kerja"), (MOU, "bidang_mandat")):
        version = TemplateVersion.objects.get(template__kind=kind)
        assert (version.number, version.status, version.sha256) == (1, "terbit", digest(version.content))
        assert faults(version) == [] and f"{{{fields}}}" in str(version.clauses)


def test_a_template_begins_with_the_wording_of_another_once(cast: Any) -> None:
    source, key = TemplateVersion.objects.get(template__kind=TPL), uuid.uuid4()
    first = new_template(TPL, "  Kontrak   konsultan ", source=source, client_key=key, by=cast.panitia)
    again = new_template(TPL, "Kontrak konsultan", source=source, client_key=key, by=cast.panitia)
    assert first == again and first.clauses == source.clauses and first.template.name == "Kontrak konsultan"
    assert first.author_ids == {cast.panitia.pk}
    other = new_template(TPL, "Kontrak konsultan", by=cast.panitia)
    assert other.template.key == "kontrak-konsultan-2" and other.title == "Kontrak konsultan"
    with pytest.raises(Blocked, match="jenis lain"):
        new_template(MOU, "MOU", source=source, by=cast.panitia)
    with pytest.raises(Denied):
        new_template(TPL, "Kontrak", by=cast.kadis_prov)


def test_parts_of_a_draft_are_merged_one_by_one(cast: Any) -> None:
    version = draft(closing="Demikian.")
    stale = TemplateVersion.objects.get(pk=version.pk)
    change_version(version, {"opening": "Milik panitia"}, base={"opening": [version.opening]}, by=cast.panitia)
    result = change_version(
        stale, {"opening": "Milik kabid", "closing": "Sekian."},
        base={"opening": [stale.opening], "closing": [stale.closing]}, by=cast.kabid,
    )  # fmt: skip
    assert result.saved == ["closing"] and result.conflicts == {"opening": "Milik panitia"}
    version.refresh_from_db()
    assert (version.opening, version.closing, version.version) == ("Milik panitia", "Sekian.", 3)
    assert version.author_ids == {cast.panitia.pk, cast.kabid.pk}
    # an answer that was lost: what was sent before counts as known
    tried = {"opening": ["Yang bertanda tangan di bawah ini:", "Milik panitia"]}
    assert change_version(version, {"opening": "Milik panitia 2"}, base=tried, by=cast.panitia).conflicts == {}
    # the same text twice is one change and one entry
    entries = Entry.objects.count()
    change_version(version, {"opening": "Milik panitia 2"}, base={"opening": ["?"]}, by=cast.panitia)
    assert Entry.objects.count() == entries


def test_a_whole_save_is_guarded_by_its_version(cast: Any) -> None:
    version = draft()
    change_version(version, {"title": "Satu"}, base_version=1, by=cast.panitia)
    with pytest.raises(StaleVersion) as error:
        change_version(version, {"title": "Dua"}, base_version=1, by=cast.kabid)
    assert error.value.current.title == "Satu" and error.value.yours["title"] == "Dua"


def test_clauses_are_cleaned_counted_and_measured(cast: Any) -> None:
    version = draft()
    rows = [{"heading": " Tugas\r\n pokok ", "body": "a\r\nb\x00 "}, {"heading": "", "body": " "}, {"body": "x"}]
    change_version(version, {"clauses": rows}, by=cast.panitia)
    assert version.clauses == [{"heading": "Tugas pokok", "body": "a\nb"}, {"heading": "", "body": "x"}]
    for wrong, why in (
        ([CLAUSE] * 61, "terlalu banyak"), ([{"heading": "x" * 151, "body": "y"}], "Pasal 1 terlalu panjang"),
        ([{"heading": "x", "body": "y" * 8001}], "terlalu panjang"), ("pasal", "tidak terbaca"), ([1], "tidak terbaca"),
    ):  # fmt: skip
        with pytest.raises(Blocked, match=why):
            change_version(version, {"clauses": wrong}, by=cast.panitia)
    with pytest.raises(Blocked, match="Pembukaan"):
        change_version(version, {"opening": "x" * 5_000_000}, by=cast.panitia)
    version.refresh_from_db()
    assert len(version.clauses) == 2 and len(version.opening) < 100


def test_the_journal_keeps_which_pasal_changed(cast: Any) -> None:
    version = draft(clauses=[CLAUSE, {"heading": "Hak", "body": "Honorarium."}])
    change_version(version, {"clauses": [CLAUSE, {"heading": "Hak", "body": "Upah."}]}, by=cast.panitia)
    assert Entry.objects.latest("pk").changes == {"Pasal 2": ["Hak\nHonorarium.", "Hak\nUpah."]}


def test_whoever_wrote_in_it_does_not_publish_it(cast: Any) -> None:
    version = ready_to_publish(cast.kabid)
    for person, why in (("kabid", "ikut menulis"), ("panitia", "Hanya untuk"), ("admin", "Hanya untuk")):
        with pytest.raises(Denied, match=why):
            publish_version(version, base_version=version.version, by=cast[person])
    publish_version(version, base_version=version.version, by=cast.kadis_prov)
    assert version.status == "terbit" and version.published_by == cast.kadis_prov
    assert version.sha256 == digest(version.content) and len(version.sha256) == 64


def test_only_what_was_read_and_can_be_printed_is_published(cast: Any) -> None:
    version = ready_to_publish(cast.panitia)
    read = version.version
    change_version(version, {"opening": "Di {entah}, {tempat}"}, by=cast.panitia)
    with pytest.raises(StaleVersion, match="diubah sejak Anda membacanya"):
        publish_version(version, base_version=read, by=cast.kabid)
    with pytest.raises(Blocked, match=r"“\{entah\}” bukan variabel"):
        publish_version(version, base_version=version.version, by=cast.kabid)
    change_version(version, {"opening": "", "clauses": [{"heading": "Tanpa isi", "body": ""}]}, by=cast.panitia)
    with pytest.raises(Blocked, match="Pasal 1 belum berjudul atau belum berisi"):
        publish_version(version, base_version=version.version, by=cast.kabid)
    change_version(version, {"clauses": []}, by=cast.panitia)
    assert faults(version) == ["Belum ada pasal."]


def test_a_published_version_stays_in_the_portal_and_in_sql(cast: Any) -> None:
    version = ready_to_publish(cast.panitia)
    publish_version(version, base_version=version.version, by=cast.kabid)
    with pytest.raises(Denied, match="dibekukan"):
        change_version(version, {"title": "Lain"}, by=cast.panitia)
    with pytest.raises(Denied, match="dibekukan"):
        discard_version(version, by=cast.panitia)
    with pytest.raises(Denied, match="sudah terbit"):
        publish_version(version, base_version=version.version, by=cast.kadis_prov)
    for statement in (
        "UPDATE programs_templateversion SET title = 'x' WHERE id = %s",
        "UPDATE programs_templateversion SET status = 'konsep', sha256 = '', published_at = NULL WHERE id = %s",
        "DELETE FROM programs_templateversion WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [version.pk])
    TemplateVersion.objects.get(pk=version.pk, title="Kontrak uji", status="terbit")


@pytest.mark.parametrize("table", ["programs_templateversion", "programs_revisioncheck"])
def test_the_database_refuses_to_empty_the_table(db: None, table: str) -> None:
    with pytest.raises(DatabaseError, match=f"{table} is never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL rakor.allow_truncate = 'off'")  # what every server but the test's has
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_the_next_version_begins_with_the_newest_and_there_is_one_draft(cast: Any) -> None:
    version = ready_to_publish(cast.panitia)
    assert new_version(version.template, by=cast.kabid) == version  # still a draft
    publish_version(version, base_version=version.version, by=cast.kabid)
    following = new_version(version.template, by=cast.panitia)
    assert (following.number, following.status, following.clauses) == (2, "konsep", version.clauses)
    assert new_version(version.template, by=cast.kabid) == following
    template = discard_version(following, by=cast.panitia)
    assert [row.number for row in template.versions.all()] == [1]
    assert "Mendampingi IKM" in str(Entry.objects.latest("pk").changes)


def test_a_draft_with_a_contract_is_not_thrown_away(cast: Any) -> None:
    version = draft()
    make_contract(template=version)
    with pytest.raises(Blocked, match="sudah dipakai"):
        discard_version(version, by=cast.panitia)


def test_a_template_is_renamed_by_who_saw_its_name(cast: Any) -> None:
    template = draft().template
    change_template(template, name="Nama baru", active=False, base=("Kontrak uji", True), by=cast.panitia)
    with pytest.raises(StaleVersion):
        change_template(template, name="Nama lain", active=True, base=("Kontrak uji", True), by=cast.kabid)
    template.refresh_from_db()
    assert (template.name, template.active) == ("Nama baru", False)


def test_versions_are_compared_by_heading(cast: Any) -> None:
    rows = [{"heading": name, "body": f"Isi {name}."} for name in ("Satu", "Dua", "Tiga")]
    old = draft(clauses=rows)
    changed = [rows[2], {"heading": "Satu", "body": "Isi Satu berubah."}, {"heading": "Empat", "body": "Isi."}]
    new = draft(clauses=changed, title=old.title)
    found = [(change.label, change.kind) for change in difference(old, new)]
    assert found == [
        ("Pasal 2 (semula Pasal 1)", "changed"), ("Pasal 2, dihapus", "removed"), ("Pasal 3", "added"),
    ]  # fmt: skip
    assert difference(old, old) == []


def test_buttons_without_script_arrange_clauses() -> None:
    rows = [{"heading": name, "body": ""} for name in "abc"]

    def names(order: str) -> str:
        return "".join(row["heading"] for row in arranged(rows, order))

    assert [names(order) for order in ("naik-2", "turun-2", "hapus-2", "naik-1", "turun-3")] == [
        "bac", "acb", "ac", "abc", "abc",
    ]  # fmt: skip
    assert [names(order) for order in ("hapus-9", "hapus-0", "hapus--1", "entah-1", "hapus-x", "hapus-9999999999")] == [
        "abc"
    ] * 6
    assert len(arranged(rows, "tambah")) == 4


# -- pages ------------------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_for_many_templates(cast: Any, client_of: Any, assert_queries: Any) -> None:
    client = client_of(cast.panitia)
    client.get("/kontrak/templat/")
    with assert_queries(QUERIES):
        assert "2 templat" in client.get("/kontrak/templat/").content.decode()
    for _number in range(30):
        draft()
    with assert_queries(QUERIES):
        page = client.get("/kontrak/templat/?sort=used").content.decode()
    assert "32 templat" in page and "page=2" in page
    assert "1 templat" in client.get("/kontrak/templat/?q=nota+kesepahaman").content.decode()
    assert "Tidak ada templat yang cocok" in client.get("/kontrak/templat/?q=zzz").content.decode()
    assert "2 templat" in client.get("/kontrak/templat/?keadaan=terbit&sort=newest").content.decode()
    assert client.get("/kontrak/templat/?format=xlsx")["Content-Type"].endswith("sheet")


QUERIES = 5


def test_the_editor_saves_part_by_part_and_tells_both_versions(cast: Any, client_of: Any) -> None:
    version = draft(closing="Demikian.")
    client, address = client_of(cast.panitia), EDIT.format(version.pk)
    page = client.get(address).content.decode()
    assert "{wilayah_kerja}" in page and 'data-insert="{honorarium}"' in page and "Pratinjau" in page
    answer = client.post(address, {"closing": "Sekian.", "base-closing": "Demikian."}, **FETCH)
    assert answer.status_code == 200 and answer.json()["values"] == {"closing": "Sekian."}
    answer = client.post(address, {"closing": "Lain.", "base-closing": "Demikian."}, **FETCH)
    assert answer.status_code == 409
    assert answer.json()["conflicts"] == {"closing": {"value": "Sekian.", "shown": "Sekian."}}
    sent = {"clauses-sent": 1, "clause-heading": ["Satu", "Dua"], "clause-body": ["a", "b"],
            "base-clauses": json.dumps(version.clauses)}  # fmt: skip
    answer = client.post(address, sent, **FETCH)
    assert [row["heading"] for row in answer.json()["values"]["clauses"]] == ["Satu", "Dua"]
    answer = client.post(address, sent | {"clause-heading": ["Tiga"], "clause-body": ["c"]}, **FETCH)
    assert answer.status_code == 409 and "Pasal 2: Dua\nb" in answer.json()["conflicts"]["clauses"]["shown"]
    answer = client.post(address, {"note": "x" * 301, "base-note": ""}, **FETCH)
    assert answer.status_code == 422 and "Catatan versi" in answer.json()["errors"][""][0]
    for odd in ("[" * 5000, "nul", "1", "{}"):
        assert client.post(address, sent | {"base-clauses": odd}, **FETCH).status_code in (200, 409)


def test_the_editor_without_script(cast: Any, client_of: Any) -> None:
    version = draft()
    client, address = client_of(cast.panitia), EDIT.format(version.pk)
    whole = {name: getattr(version, name) for name in ("title", "opening", "recital", "closing", "note")}
    whole |= {f"base-{name}": text for name, text in whole.items()}
    rows = {"clauses-sent": 1, "clause-heading": ["Satu", "Dua"], "clause-body": ["a", "b"],
            "base-clauses": json.dumps(version.clauses)}  # fmt: skip
    assert client.post(address, whole | rows | {"atur": "turun-1"}).status_code == 302
    version.refresh_from_db()
    assert [row["heading"] for row in version.clauses] == ["Dua", "Satu"]
    answer = client.post(address, {**whole, "opening": "Terlambat", "base-opening": "Lama sekali"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Terlambat" in page and "Orang lain sudah menyimpan" in page
    answer = client.post(address, {**whole, "closing": "x" * 4001})
    assert answer.status_code == 422 and "x" * 4001 in answer.content.decode()
    current = json.dumps(version.clauses)
    page = client.post(address, whole | rows | {"base-clauses": current, "atur": "tambah"}).content.decode()
    assert page.count('name="clause-heading"') == 4  # two, the new one, and the pattern
    assert client.post(address, {"title": ""}).status_code == 409  # nothing was seen, so nothing is overwritten


def test_the_preview_shows_what_is_missing_in_red_and_runs_nothing(cast: Any, client_of: Any) -> None:
    evil = "<script>alert(1)</script> {__class__} {% include 'x' %} {{ tempat }} {isian_dana} **{kabupaten}**"
    version = draft(opening=evil, clauses=[{"heading": "<b>{tempat}", "body": evil}])
    page = client_of(cast.panitia).get(f"/kontrak/templat/versi/{version.pk}/pratinjau/").content.decode()
    assert "<script>" not in page and "&lt;script&gt;" in page and "&lt;b&gt;Atambua" in page
    assert '<mark class="unknown">{__class__}</mark>' in page and "“{__class__}” bukan variabel" in page
    assert "{Atambua}" in page  # "{{ tempat }}" is a variable within braces, nothing else
    assert "[Dana]" in page and "<strong>Kabupaten Belu</strong>" in page


def test_the_paper_stays_indonesian_for_who_reads_english(cast: Any, client_of: Any) -> None:
    version = TemplateVersion.objects.get(template__kind=TPL)
    client = client_of(cast.panitia)
    client.cookies["bahasa"] = "en"
    page = client.get(f"/kontrak/templat/versi/{version.pk}/").content.decode()
    assert 'lang="en"' in page and "selanjutnya disebut" in page and "hereinafter" not in page


def test_publishing_asks_first_and_is_refused_after_a_change(cast: Any, client_of: Any) -> None:
    version = ready_to_publish(cast.panitia)
    client, address = client_of(cast.kadis_prov), PUBLISH.format(version.pk)
    page = client.get(address).content.decode()
    seen = re.search(r'name="version" value="(\d+)"', page)[1]
    change_version(version, {"closing": "Lain."}, by=cast.panitia)
    answer = client.post(address, {"version": seen})
    assert answer.status_code == 409 and "Baca dahulu yang baru" in answer.content.decode()
    assert client.post(address, {"version": str(version.version)}).status_code == 302
    page = client.get(VERSION.format(version.pk)).content.decode()
    assert TemplateVersion.objects.get(pk=version.pk).sha256 in page and "Kepala Dinas Contoh" in page
    assert client.post(address, {"version": str(version.version)}).status_code == 403
    assert client_of(cast.panitia).get(EDIT.format(version.pk)).status_code == 302
    answer = client_of(cast.panitia).post(EDIT.format(version.pk), {"title": "x", "base-title": "y"}, **FETCH)
    assert answer.status_code == 403 and "dibekukan" in answer.content.decode()


def test_the_reason_of_a_refusal_stands_on_the_page(cast: Any, client_of: Any) -> None:
    version = ready_to_publish(cast.kabid)
    page = client_of(cast.kabid).get(VERSION.format(version.pk)).content.decode()
    assert "Anda ikut menulis versi ini" in page and f'href="{PUBLISH.format(version.pk)}"' not in page


def test_pages_of_a_template_and_its_versions(cast: Any, client_of: Any) -> None:
    client = client_of(cast.panitia)
    template = ContractTemplate.objects.get(kind=MOU)
    assert client.post(f"/kontrak/templat/{template.pk}/versi-baru/").status_code == 302
    following = template.versions.get(number=2)
    change_version(following, {"closing": "Berbeda sekali."}, by=cast.panitia)
    page = client.get(f"/kontrak/templat/{template.pk}/").content.decode()
    assert "Lanjutkan konsep" in page and "dipakai sekarang" in page and "bawaan portal" in page
    assert "Belum ada catatan" not in page and "Mengubah" in page.partition("Riwayat")[2]  # what was done with versions
    page = client.get(VERSION.format(following.pk)).content.decode()
    assert "Dari versi 1 ke versi 2" in page and "<ins>" in page
    assert client.get(VERSION.format(following.pk) + "?banding=77").status_code == 200
    answer = client.post(f"/kontrak/templat/{template.pk}/nama/", {
        "name": "Nota baru", "seen_name": template.name, "seen_active": "True",
    })  # fmt: skip
    assert answer.status_code == 302 and not ContractTemplate.objects.get(pk=template.pk).active
    answer = client.post(f"/kontrak/templat/{template.pk}/nama/", {
        "name": "Nota lain", "active": "on", "seen_name": template.name, "seen_active": "True",
    })  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 409 and 'name="seen_name" value="Nota baru"' in page and 'value="Nota lain"' in page
    key = str(uuid.uuid4())
    for _twice in range(2):
        answer = client.post("/kontrak/templat/baru/", {"kind": TPL, "name": "Kontrak PFPP", "client_key": key})
        assert answer.status_code == 302
    assert listed(text="pfpp").count() == 1
    made = TemplateVersion.objects.get(template__name="Kontrak PFPP")
    assert client.get(f"/kontrak/templat/versi/{made.pk}/buang/").status_code == 200
    assert client.post(f"/kontrak/templat/versi/{made.pk}/buang/").status_code == 302
    assert "belum bernaskah" in client.get(f"/kontrak/templat/{made.template_id}/").content.decode()


def test_templates_are_for_the_provincial_office(cast: Any, client_of: Any) -> None:
    for person in ("kadis_belu", "operator_belu", "tpl_belu", "observer", "bupati_belu"):
        assert client_of(cast[person]).get("/kontrak/templat/").status_code == 403


def test_every_variable_stands_in_the_editor() -> None:
    for kind in (TPL, MOU):
        codes = [row.code for group in variable_groups(kind) for row in group.rows]
        assert len(codes) == len(set(codes)) > 15


def test_a_template_costs_the_same_with_many_versions(cast: Any, client_of: Any, assert_queries: Any) -> None:
    client, template = client_of(cast.panitia), draft().template
    address = f"/kontrak/templat/{template.pk}/"
    client.get(address)
    with assert_queries(7):
        client.get(address)
    for number in range(2, 12):
        make_template(template=template, number=number).authors.add(cast.kabid)
    with assert_queries(7):
        assert "Versi 11" in client.get(address).content.decode()
    newest = template.versions.get(number=11)
    with assert_queries(8):
        client.get(VERSION.format(newest.pk))
    editing = template.versions.get(number=1)
    with assert_queries(5):
        client.get(EDIT.format(editing.pk))
