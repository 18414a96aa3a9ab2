"""The pages of minutes and what their scripts are told: visibility, budgets, plain forms, JSON, hostile texts."""

from __future__ import annotations

import json
import uuid

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisDown

from rakor.actions.minutes import save_entry, start_minutes
from rakor.actions.minutes_drafts import save_draft
from rakor.actions.minutes_moves import move_minutes
from rakor.models import EntryDraft, MinuteEntry, Minutes
from tests import factories
from tests.rakor.test_minutes import complete, finalised, minutes, position, session, words

pytestmark = pytest.mark.django_db
__all__ = ["complete", "minutes", "session"]  # fixtures

LIST = "/rakor/rakor-atambua/notulen/"
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def url(minutes) -> str:
    return f"{LIST}{minutes.session_id}/"


@pytest.fixture
def notulis(client_of, cast):
    return client_of(cast.notulis)


def sent(text: str = "Data IKM disampaikan.", **values) -> dict:
    plain = {name: "" if value is None else value for name, value in words(text).items()}
    return plain | values


# -- who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["operator_belu", "kadis_ende", "observer"])
def test_others_see_final_minutes_only_and_drafts_are_not_even_counted(complete, cast, client_of, who):
    client, page = client_of(cast[who]), f"{LIST}{complete.session_id}/"
    assert client.get(page).status_code == 404
    listed = client.get(LIST).content.decode()
    assert "Pleno" not in listed
    assert "Konsep" not in listed
    assert "Belum ada notula" in listed
    move_minutes(complete, "submit", by=cast.notulis)
    assert client.get(page).status_code == 404
    move_minutes(complete, "finalise", by=cast.kabid)
    shown = client.get(page).content.decode()
    assert "Data IKM disampaikan." in shown
    assert "Riwayat notula" not in shown
    assert client.get(f"{page}riwayat/").status_code == 403
    assert "Pleno" in client.get(LIST).content.decode()


def test_a_reopened_notula_is_a_draft_again_but_its_paper_stays_listed(complete, cast, client_of):
    final = finalised(complete, cast)
    paper = final.releases.get().document
    move_minutes(final, "reopen", by=cast.kadis_prov, note="Sebab rahasia.")
    client = client_of(cast.operator_belu)
    listed = client.get(LIST).content.decode()
    assert paper.get_absolute_url() in listed
    assert "rahasia" not in listed
    assert client.get(f"{LIST}{final.session_id}/").status_code == 404
    own = client_of(cast.notulis).get(f"{LIST}{final.session_id}/").content.decode()
    assert paper.get_absolute_url() in own
    assert "Sebab rahasia." in own


def test_a_session_without_minutes_invites_minute_takers_and_is_unknown_to_others(session, cast, client_of):
    page = f"{LIST}{session.pk}/"
    assert "Mulai menulis" in client_of(cast.notulis).get(page).content.decode()
    refused = client_of(cast.kabid).get(page).content.decode()
    assert "aria-disabled" in refused
    assert "Hanya untuk Notulis, Panitia." in refused
    assert client_of(cast.operator_belu).get(page).status_code == 404


def test_starting_opens_the_editor(session, notulis):
    answer = notulis.post(f"{LIST}{session.pk}/mulai/", follow=True)
    assert "Butir baru" in answer.content.decode()
    assert notulis.post(f"{LIST}{session.pk}/mulai/").status_code == 302
    assert Minutes.objects.count() == 1


def test_disabled_buttons_say_why(complete, cast, client_of):
    page = f"{LIST}{complete.session_id}/"
    assert "Hanya untuk Notulis, Panitia." in client_of(cast.kabid).get(page).content.decode()
    move_minutes(complete, "submit", by=cast.notulis)
    shown = client_of(cast.notulis).get(page).content.decode()
    assert "Notula ini sedang diperiksa pimpinan sidang." in shown
    assert "Hanya untuk Kepala Bidang Provinsi, Kepala Dinas Provinsi." in shown


# -- budgets: literal, the same with 30 and with 300 entries -----------------------------------------------------------


def fill(minutes, number: int) -> None:
    by = minutes.recorder.person
    MinuteEntry.objects.bulk_create(
        MinuteEntry(minutes=minutes, position=n, text=f"Butir **{n}**", speaker=f"Utusan {n}", changed_by=by)
        for n in range(number)
    )


@pytest.mark.parametrize("number", [30, 300])
def test_editor_budget(minutes, notulis, url, assert_queries, number):
    fill(minutes, number)
    with assert_queries(10):
        assert notulis.get(url).status_code == 200


@pytest.mark.parametrize("number", [30, 300])
def test_reading_budget(minutes, cast, client_of, assert_queries, number):
    fill(minutes, number)
    Minutes.objects.filter(pk=minutes.pk).update(
        status="final", chair=position(cast.kadis_prov), finalised_at=minutes.opened_at
    )
    client = client_of(cast.operator_belu)
    with assert_queries(7):
        assert client.get(f"{LIST}{minutes.session_id}/").status_code == 200


@pytest.mark.parametrize("number", [3, 300])
def test_list_budget(published_meeting, cast, notulis, assert_queries, number):
    for n in range(number - 3):
        day = published_meeting.starts_on.replace(day=1 + n % 28)
        factories.make_session(published_meeting, f"Desk {n}", starts_at=factories.at(n % 20, day=day),
                               ends_at=factories.at(n % 20 + 1, day=day))  # fmt: skip
    for one in published_meeting.sessions.all()[:50]:
        start_minutes(one, by=cast.notulis)
    with assert_queries(8):
        assert notulis.get(LIST).status_code == 200


@pytest.mark.parametrize("number", [30, 300])
def test_pulse_budget(minutes, notulis, url, assert_queries, number):
    fill(minutes, number)
    with assert_queries(4):
        quiet = notulis.get(f"{url}denyut/?since=0", headers={"X-Requested-With": "poll"}).json()
    assert quiet == {"change": 0, "status": "konsep", "people": []}
    save_entry(minutes, words(), by=minutes.recorder.person)
    with assert_queries(6):
        news = notulis.get(f"{url}denyut/?since=0").json()
    assert len(news["entries"]) == 1
    assert len(news["order"]) == number + 1


# -- plain forms -------------------------------------------------------------------------------------------------------


def test_everything_works_without_javascript(minutes, notulis, url, cast):
    notulis.post(f"{url}butir/", sent("satu"))
    notulis.post(f"{url}butir/", sent("dua"))
    first, second = minutes.entries.kept()
    assert notulis.get(f"{url}butir/{first.pk}/").status_code == 200
    notulis.post(f"{url}butir/{first.pk}/", sent("satu lagi", base_version=1))
    notulis.post(f"{url}butir/{first.pk}/tempat/", {"before": "akhir"})
    assert [entry.text for entry in minutes.entries.kept()] == ["dua", "satu lagi"]
    answer = notulis.post(f"{url}butir/{second.pk}/hapus/", {"base_version": 1}, follow=True).content.decode()
    assert "Butir dihapus." in answer
    assert f'action="{url}butir/{second.pk}/kembalikan/"' in answer
    notulis.post(f"{url}butir/{second.pk}/kembalikan/")
    assert minutes.entries.kept().count() == 2
    assert "Isi butir belum ditulis." in notulis.post(f"{url}butir/", sent("")).content.decode()


def test_a_conflict_without_javascript_shows_both_texts_and_saves_the_choice(minutes, notulis, url, cast):
    entry = save_entry(minutes, words("Data lama dikirim."), by=cast.notulis)
    save_entry(minutes, words("Data baru dikirim."), by=cast.panitia, entry_id=entry.pk, base_version=1)
    answer = notulis.post(f"{url}butir/{entry.pk}/", sent("Data saya dikirim.", base_version=1))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert '<del><span class="visually-hidden">dihapus: </span>baru </del>' in page
    assert '<ins><span class="visually-hidden">ditambahkan: </span>saya </ins>' in page
    assert "Pakai punya saya" in page
    settled = notulis.post(f"{url}butir/{entry.pk}/konflik/", sent("Data saya dikirim.", choice="mine", base_version=2))
    assert settled.status_code == 302
    entry.refresh_from_db()
    assert entry.text == "Data saya dikirim."


def test_history_compares_any_two_versions_and_restores(minutes, notulis, url, cast):
    entry = save_entry(minutes, words("satu"), by=cast.notulis)
    save_entry(minutes, words("dua"), by=cast.panitia, entry_id=entry.pk, base_version=1)
    save_entry(minutes, words("tiga"), by=cast.notulis, entry_id=entry.pk, base_version=2)
    one, three = entry.revisions.get(version=1), entry.revisions.get(version=3)
    page = notulis.get(f"{url}butir/{entry.pk}/riwayat/?a={one.pk}&b={three.pk}").content.decode()
    assert "satu</del>" in page
    assert "tiga</ins>" in page
    notulis.post(f"{url}butir/{entry.pk}/riwayat/{one.pk}/pulihkan/", {"base_version": 3})
    entry.refresh_from_db()
    assert (entry.text, entry.version) == ("satu", 4)
    assert "Versi 4, dipulihkan dari versi 1" in notulis.get(f"{url}butir/{entry.pk}/riwayat/").content.decode()
    assert "Mulai menulis notula" in notulis.get(f"{url}riwayat/").content.decode()


def test_head_form(minutes, notulis, url, cast):
    page = notulis.get(f"{url}kepala/").content.decode()
    assert 'value="10:00"' in page
    assert "Kepala Dinas Contoh – Kepala Dinas" in page
    assert "Admin Portal – " not in page
    values = {
        "called": "09:45", "opened": "10:05", "closed": "11:00", "head_version": 1, "attendance": "22 kabupaten\r\nTPL",
        "chair": position(cast.kadis_prov).pk, "recorder": position(cast.notulis).pk, "secretary": "",
    }  # fmt: skip
    assert notulis.post(f"{url}kepala/", values).status_code == 302
    minutes.refresh_from_db()
    assert (minutes.attendance, minutes.head_version) == ("22 kabupaten\nTPL", 2)
    assert minutes.chair == position(cast.kadis_prov)
    outdated = notulis.post(f"{url}kepala/", values | {"attendance": "lain"})
    assert outdated.status_code == 422
    assert "baru saja diubah orang lain" in outdated.content.decode()
    same = notulis.post(f"{url}kepala/", values | {"recorder": values["chair"], "head_version": 2})
    assert "tidak boleh orang yang sama" in same.content.decode()


def test_unsaved_texts_of_others_are_shown_before_submitting(complete, notulis, url, cast):
    save_draft(complete, str(uuid.uuid4()), words("belum selesai ditulis"), base_version=0, seq=1, by=cast.panitia)
    page = notulis.get(f"{url}langkah/submit/").content.decode()
    assert "belum selesai ditulis" in page
    assert "Panitia Contoh" in page
    assert notulis.post(f"{url}langkah/submit/").status_code == 302
    complete.refresh_from_db()
    assert complete.status == "diperiksa"


def test_empty_minutes_show_what_is_missing_and_refuse(minutes, notulis, url):
    page = notulis.get(f"{url}langkah/submit/").content.decode()
    assert "sekurang-kurangnya satu butir" in page
    assert 'aria-disabled="true" aria-describedby="sebab"' in page
    refused = notulis.post(f"{url}langkah/submit/")
    assert refused.status_code == 409
    assert "Notula belum lengkap." in refused.content.decode()


def test_a_return_needs_a_reason(complete, cast, client_of, url):
    move_minutes(complete, "submit", by=cast.notulis)
    kabid = client_of(cast.kabid)
    assert kabid.post(f"{url}langkah/return/").status_code == 422
    assert kabid.post(f"{url}langkah/return/", {"note": "Lengkapi."}).status_code == 302


def test_final_minutes_lead_to_the_paper(complete, cast, client_of, url):
    final = finalised(complete, cast)
    paper = final.releases.get().document
    assert paper.get_absolute_url() in client_of(cast.operator_belu).get(url).content.decode()
    assert client_of(cast.observer).post(f"{LIST}himpunan/").status_code == 302


# -- what scripts are told ---------------------------------------------------------------------------------------------


def test_a_saved_entry_comes_back_as_the_fragment_of_the_page(minutes, notulis, url):
    answer = notulis.post(f"{url}butir/", sent(key=str(uuid.uuid4())), headers=FETCH).json()
    assert answer["html"].strip() in notulis.get(url).content.decode()
    assert notulis.get(f"{url}denyut/?since=0").json()["entries"][0]["html"] == answer["html"]


def test_a_conflict_comes_back_as_a_panel(minutes, notulis, url, cast):
    entry = save_entry(minutes, words("asal"), by=cast.notulis)
    save_entry(minutes, words("milik panitia"), by=cast.panitia, entry_id=entry.pk, base_version=1)
    answer = notulis.post(f"{url}butir/{entry.pk}/", sent("milik saya", base_version=1), headers=FETCH)
    assert answer.status_code == 409
    assert answer.json()["version"] == 2
    assert "Pakai yang tersimpan" in answer.json()["conflict"]


def test_drafts_are_kept_and_offered_again(minutes, notulis, url):
    key = str(uuid.uuid4())
    form = sent("sedang diket", key=key, seq=5, base_version=0)
    answer = notulis.post(f"{url}konsep/", form, headers=FETCH).json()
    assert answer["seq"] == 5
    assert len(answer["at"]) == 5
    page = notulis.get(url).content.decode()
    setup = json.loads(page.split('id="notula-setup" type="application/json">')[1].split("</script>")[0])
    assert setup["drafts"][0]["words"]["text"] == "sedang diket"
    notulis.post(f"{url}konsep/", form | {"seq": 6, "discard": 1}, headers=FETCH)
    assert not EntryDraft.objects.open().exists()


@pytest.mark.parametrize("field", ["base_version", "seq"])
def test_numbers_that_no_column_holds_are_refused_with_a_sentence(notulis, url, field):
    sizes = {"key": str(uuid.uuid4()), "seq": "1", "base_version": "0"} | {field: "9" * 30}
    assert notulis.post(f"{url}konsep/", sent("isi") | sizes, headers=FETCH).status_code == 422


def test_a_version_that_never_was_is_a_conflict(minutes, notulis, cast, url):
    entry = save_entry(minutes, words("tersimpan"), by=cast.panitia)
    for address in (f"butir/{entry.pk}/", f"butir/{entry.pk}/konflik/"):
        form = sent("milik saya", base_version="99999999999", seq="9" * 30, choice="mine")
        assert notulis.post(f"{url}{address}", form, headers=FETCH).status_code == 409


def test_half_a_date_is_no_reason_to_refuse_a_draft(minutes, notulis, url):
    form = sent("isi", key="1", seq=1, due_on="2019-0", kind="apa")
    assert notulis.post(f"{url}konsep/", form, headers=FETCH).status_code == 200
    assert EntryDraft.objects.get().due_on is None


def test_ended_session_answers_401_to_scripts(url, client_of, minutes):
    answer = client_of(None).post(f"{url}konsep/", sent(key="1", seq=1), headers=FETCH)
    assert (answer.status_code, answer.headers["X-Login-Required"]) == (401, "1")


def test_presence_passes_on_nothing_but_names_of_entries(notulis, client_of, cast, url):
    client_of(cast.panitia).get(f"{url}denyut/?tab=a&keys=constructor,__proto__,%3Cb%3E,²,7,baru,{'9' * 40}")
    [other] = notulis.get(f"{url}denyut/?tab=b").json()["people"]
    assert other["keys"] == ["7", "baru"]


def test_presence_shows_the_other_and_survives_a_dead_cache(notulis, client_of, cast, url, monkeypatch):
    panitia = client_of(cast.panitia)
    panitia.get(f"{url}denyut/?tab=a&keys=7,baru")
    other = {"name": "Panitia Contoh", "keys": ["7", "baru"], "self": False}
    assert notulis.get(f"{url}denyut/?tab=b&keys=9").json()["people"] == [other]
    own = {"name": "Notulis Contoh", "keys": ["9"], "self": True}
    assert notulis.get(f"{url}denyut/?tab=c").json()["people"] == [own, other]

    def dead(*args, **kwargs):
        raise RedisDown("gone")

    monkeypatch.setattr(cache, "get", dead)
    assert notulis.get(f"{url}denyut/?tab=b").json()["people"] == []


# -- hostile and huge texts --------------------------------------------------------------------------------------------

HOSTILE = [
    '<img src="file:///etc/passwd">', "<script>alert(1)</script>", "![x](http://169.254.169.254/latest/)",
    "[x](javascript:alert(1))", '"><svg onload=alert(1)>', "</script><script>alert(1)</script>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(minutes, notulis, url, text):
    fields = sent(text, speaker=text[:150], source=text[:150])
    notulis.post(f"{url}butir/", fields)
    notulis.post(f"{url}konsep/", fields | {"key": "1", "seq": 1}, headers=FETCH)
    page = notulis.get(url).content.decode()
    preview = notulis.post(f"{url}pratinjau/", {"text": text}).content.decode()
    for html in (page, preview):
        assert "<script>alert" not in html
        assert '<img src="file' not in html
        assert "<svg onload" not in html
        assert 'javascript:alert(1)"' not in html


def test_five_megabytes_are_answered_with_a_sentence_and_change_nothing(minutes, notulis, url, cast):
    entry = save_entry(minutes, words("tetap"), by=cast.notulis)
    huge = "panjang " * 655_360
    answer = notulis.post(f"{url}butir/{entry.pk}/", sent(huge, base_version=1), headers=FETCH)
    assert answer.status_code == 422
    assert "Teks terlalu panjang (5242879 huruf); batasnya 20000 huruf." in answer.json()["errors"]["text"][0]
    draft = notulis.post(f"{url}konsep/", sent(huge, key="1", seq=1), headers=FETCH)
    assert draft.status_code == 422
    entry.refresh_from_db()
    assert entry.text == "tetap"


def test_line_ends_of_plain_forms_count_once(minutes, notulis, url):
    text = "baris\r\n" * 3333  # 19,998 characters as the browser counts them
    assert notulis.post(f"{url}butir/", sent(text)).status_code == 302
    assert "\r" not in minutes.entries.get().text
