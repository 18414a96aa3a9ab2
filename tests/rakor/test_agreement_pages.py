"""The pages of an agreement: what each person is shown, forms, stale versions, files, addresses that are guessed."""

from __future__ import annotations

from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from programs.models import Proposal
from rakor.actions import agreements as actions
from rakor.models import Addendum, Agreement
from rakor.queries.tasks import tasks_for
from tests import factories
from tests.factories_agreements import make_addendum, make_agreement, make_decided_meeting, make_pdf, make_scan
from tests.factories_programs import make_desk, make_proposal

pytestmark = pytest.mark.django_db
ROOT = "/rakor/rakor-atambua/kesepakatan/"


@pytest.fixture
def recap(cast) -> Agreement:
    return make_agreement(cast)


@pytest.fixture
def agreed(cast) -> Agreement:
    return make_agreement(cast, "disepakati")


def belu(status: str = "disepakati") -> Proposal:
    return Proposal.objects.get(regency__code="53.04", status=status)


def text(client, path: str = "", **options) -> str:
    return client.get(f"{ROOT}{path}", **options).content.decode()


# -- beginning and agreeing --------------------------------------------------------------------------------------------


def test_from_the_first_page_to_the_signed_scan(cast, client_of):
    meeting = make_decided_meeting()
    panitia, kadis = client_of(cast.panitia), client_of(cast.kadis_prov)
    assert "Mulai rekap kesepakatan" in [task.title[:23] for task in tasks_for(cast.panitia)]
    assert "Rekap kesepakatan belum dimulai" in text(panitia)
    assert panitia.post(f"{ROOT}mulai/").status_code == 302
    assert "Siapkan pleno kesepakatan Rakor Atambua 2019" in [task.title for task in tasks_for(cast.panitia)]
    assert "Sahkan kesepakatan Rakor Atambua 2019 dalam pleno" in [task.title for task in tasks_for(cast.kadis_prov)]
    assert "Hanya untuk Kepala Bidang Provinsi, Kepala Dinas Provinsi." in text(panitia)
    answer = kadis.post(f"{ROOT}langkah/agree/", follow=True).content.decode()
    assert "Kesepakatan disahkan." in answer
    assert "document_progress" not in answer and "/kemajuan/" in answer
    assert "Unggah pindaian berita acara Rakor Atambua 2019" in [task.title for task in tasks_for(cast.panitia)]
    data = {"signed_on": meeting.ends_on.isoformat(), "scan": make_scan(make_pdf(5))}
    answer = panitia.post(f"{ROOT}pindaian/", data, follow=True).content.decode()
    row = Agreement.objects.get()
    assert (row.status, row.scan_pages) == ("ditandatangani", 5)
    assert row.scan_sha256 in answer
    assert not [task for task in tasks_for(cast.panitia) if "kesepakatan" in task.url]
    file = client_of(cast.operator_ende).get(f"{ROOT}pindaian/unduh/")
    assert b"".join(file.streaming_content)[:5] == b"%PDF-"
    assert (file["X-Content-Type-Options"], file["Content-Type"]) == ("nosniff", "application/pdf")
    assert file["Content-Disposition"].startswith("attachment;")


def test_an_open_desk_is_named_on_the_page_and_the_plenary_is_refused(recap, cast, client_of):
    make_desk(recap.meeting, "53.04")
    make_proposal("53.04", status="siap_desk", title="Garam rakyat")
    client = client_of(cast.kabid)
    for page in (text(client), text(client, "langkah/agree/")):
        assert "1 desk belum ditutup: Kabupaten Belu." in page
        assert "1 usulan belum diputuskan: Kabupaten Belu – Garam rakyat." in page
    answer = client.post(f"{ROOT}langkah/agree/")
    assert answer.status_code == 409
    assert "1 desk belum ditutup" in answer.content.decode()
    assert not [task for task in tasks_for(cast.kabid) if "kesepakatan" in task.url]


def test_the_tabs_of_the_edition_lead_to_what_one_may_see(recap, cast, client_of):
    for who, shown in (("panitia", True), ("operator_belu", False), ("observer", False)):
        page = client_of(cast[who]).get("/rakor/rakor-atambua/").content.decode()
        assert ('href="/rakor/rakor-atambua/kesepakatan/"' in page) is shown
        assert 'href="/rakor/rakor-atambua/desk/"' in page
    actions.agree(recap, by=cast.kabid)
    page = client_of(cast.operator_belu).get("/rakor/rakor-atambua/").content.decode()
    assert 'href="/rakor/rakor-atambua/kesepakatan/"' in page
    assert "Baca kesepakatan Rakor Atambua 2019" in [task.title for task in tasks_for(cast.operator_belu)]


# -- regencies and their copies ----------------------------------------------------------------------------------------


def test_a_regency_reads_its_own_copy_and_no_line_of_others(agreed, cast, client_of):
    Proposal.objects.filter(regency__code="53.08").update(title="Rahasia Ende")
    client = client_of(cast.operator_belu)
    answer = client.get(ROOT)
    assert (answer.status_code, answer["Location"]) == (302, f"{ROOT}53.04/")
    page = text(client, "53.04/")
    assert "Program yang disepakati" in page and "Usulan yang tidak disepakati" in page
    assert agreed.document.get_absolute_url() in page
    assert "Kesepakatan program IKM 2020 – Kabupaten Belu" in page
    assert "2 dari 3 usulan disepakati: Rp60.000.000" in page
    assert "Rahasia Ende" not in page
    for path in ("53.08/", "putusan/", "riwayat/", "layar/", "adendum/", "99.99/", "53.8/", "%00/", "x/"):
        assert client.get(f"{ROOT}{path}").status_code in (404, 400), path
    for path in ("kepala/", "tanda-tangan/", "pindaian/", "langkah/agree/", f"putusan/{belu().pk}/ubah/"):
        assert client.get(f"{ROOT}{path}").status_code == 403, path


def test_nothing_is_agreed_for_regencies_and_observers_before_the_plenary(recap, cast, client_of):
    for who in ("operator_belu", "kadis_ende", "observer"):
        for path in ("", "53.04/", "sipd/", "krisna/", "pindaian/unduh/", "putusan/"):
            assert client_of(cast[who]).get(f"{ROOT}{path}").status_code == 404


def test_observers_read_everything_after_the_agreement_and_change_nothing(agreed, cast, client_of):
    client = client_of(cast.observer)
    page = text(client)
    assert "Per kabupaten/kota" in page and "Yang perlu Anda lakukan" not in page
    assert "Pengembangan sentra tenun ikat" in text(client, "putusan/")
    assert "/ubah/" not in text(client, "putusan/")
    assert client.post(f"{ROOT}langkah/reopen/", {"note": "x"}).status_code == 403


# -- decisions ---------------------------------------------------------------------------------------------------------


def test_the_list_is_searched_filtered_sorted_and_paged(recap, cast, client_of):
    make_proposal("53.10", status="tidak_disepakati", title="Garam beryodium", source="APBN")
    client = client_of(cast.panitia)
    assert "5 putusan" in text(client, "putusan/")
    assert "1 putusan" in text(client, "putusan/?q=garam")
    assert "1 putusan" in text(client, "putusan/?source=APBN")
    assert "3 putusan" in text(client, "putusan/?regency=53.04")
    assert "3 putusan" in text(client, "putusan/?decision=agreed")
    assert "2 putusan" in text(client, "putusan/?decision=not_agreed")
    assert "1 putusan" in text(client, "putusan/?decision=perbaikan")
    assert "Tidak ada putusan yang cocok" in text(client, "putusan/?q=tidak-ada-ini")
    assert "5 putusan" in text(client, "putusan/?sort=jahat&per=999999&page=x&decision=x%27")
    assert "0 putusan" in text(client, "putusan/?regency=%22&source=%00&q=%27")
    for n in range(30):
        make_proposal("53.10", status="disepakati", title=f"Usulan {n}", lines=1)
    assert "1–25 dari 35" in text(client, "putusan/")
    assert "1–35" not in text(client, "putusan/?per=50") and "35 putusan" in text(client, "putusan/?per=50")


def change(client, found: Proposal, **values):
    data = {"decision": "tidak_disepakati", "reason": "Sudah dibiayai APBN.", "base_version": found.verdict.version}
    return client.post(f"{ROOT}putusan/{found.pk}/ubah/", data | values)


def test_a_change_moves_the_proposal_from_one_list_to_the_other(recap, cast, client_of):
    client, found = client_of(cast.kadis_prov), belu()
    assert "Simpan sebagai versi baru" in text(client, f"putusan/{found.pk}/ubah/")
    assert change(client, found).status_code == 302
    assert "2 putusan" in text(client, "putusan/?decision=agreed")
    assert "2 putusan" in text(client, "putusan/?decision=not_agreed")
    history = text(client, "riwayat/")
    assert "Versi 2" in history and "Sudah dibiayai APBN." in history
    assert "versi 2" in text(client)


def test_a_change_without_reason_or_source_comes_back_with_what_was_typed(recap, cast, client_of):
    client, found = client_of(cast.kabid), belu()
    answer = change(client, found, reason="  ")
    assert answer.status_code == 422
    assert "Alasan wajib diisi." in answer.content.decode()
    answer = change(client, found, decision="dialihkan", reason="Lebih cocok dari dana desa.")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Pilih sumber dana tujuan pengalihan." in page and "Lebih cocok dari dana desa." in page
    assert change(client, found, decision="dialihkan", redirect_to="DANA_DESA").status_code == 302
    found.refresh_from_db()
    assert (found.status, found.agreed_rupiah) == ("dialihkan", 0)


def test_amounts_are_read_as_people_type_them(recap, cast, client_of):
    client, found = client_of(cast.kabid), belu()
    first, second, third = found.lines.all()
    lines = {f"line-{first.pk}": "Rp 4.500.000", f"line-{second.pk}": "10000000", f"line-{third.pk}": "0"}
    assert change(client, found, decision="perbaikan", **lines).status_code == 302
    found.refresh_from_db()
    assert (found.status, found.agreed_rupiah) == ("perbaikan", 14_500_000)
    found = Proposal.objects.get(pk=found.pk)
    answer = change(client, found, decision="perbaikan", **{f"line-{first.pk}": "empat juta"})
    assert answer.status_code == 422
    assert "empat juta" in answer.content.decode()


def test_who_is_late_sees_what_stands_and_keeps_what_he_typed(recap, cast, client_of):
    found = belu()
    change(client_of(cast.kabid), found)
    answer = change(client_of(cast.kadis_prov), found, decision="ditunda", reason="Menunggu lahan.", base_version=1)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Orang lain sudah mengubah putusan ini" in page
    assert "Sudah dibiayai APBN." in page and "Menunggu lahan." in page
    assert 'name="base_version" value="2"' in page
    assert Agreement.objects.get().version == 2


def test_the_hall_shows_both_lists_and_is_told_only_what_is_new(recap, cast, client_of):
    client = client_of(cast.kadis_prov)
    page = text(client, "layar/?regency=53.04")
    assert "Kabupaten Belu" in page and "Rp60.000.000" not in page.split("hall-list")[0].split("hall-nav")[1]
    part = "layar/?bagian=1&regency=53.04&tanda=1-rekap"
    assert client.get(f"{ROOT}{part}").status_code == 204
    change(client, belu())
    answer = client.get(f"{ROOT}{part}")
    assert answer.status_code == 200
    assert b"<html" not in answer.content and b"Sudah dibiayai APBN." in answer.content
    assert b"tanda=2-rekap" in answer.content


# -- head and signatures -----------------------------------------------------------------------------------------------


def test_the_head_is_saved_and_a_late_save_shows_both(recap, cast, client_of):
    client = client_of(cast.panitia)
    data = {"number": "BA/7", "chair": recap.chair_id, "considerations": "satu", "clauses": "", "head_version": 1}
    assert client.post(f"{ROOT}kepala/", data).status_code == 302
    answer = client.post(f"{ROOT}kepala/", data | {"number": "BA/8"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "BA/7" in page and "BA/8" in page
    assert 'name="head_version" value="2"' in page
    assert client.post(f"{ROOT}kepala/", data | {"number": "x" * 81, "head_version": 2}).status_code == 422


def people_form(client) -> dict[str, str]:
    """The fields of the table of signatures as the page shows them."""
    forms = client.get(f"{ROOT}tanda-tangan/").context["forms"]
    return {form.add_prefix(name): str(form[name].value()) for form in forms for name in form.fields}


def test_representatives_are_edited_by_two_at_once(recap, cast, client_of):
    panitia, kabid = client_of(cast.panitia), client_of(cast.kabid)
    mine, theirs = people_form(panitia), people_form(kabid)
    b, e = factories.regency("53.04").pk, factories.regency("53.08").pk
    assert panitia.post(f"{ROOT}tanda-tangan/", mine | {f"wakil-{b}-name": "Utusan Belu"}).status_code == 302
    assert kabid.post(f"{ROOT}tanda-tangan/", theirs | {f"wakil-{e}-name": "Utusan Ende"}).status_code == 302
    names = dict(recap.representatives.values_list("regency__code", "name"))
    assert (names["53.04"], names["53.08"]) == ("Utusan Belu", "Utusan Ende")
    answer = kabid.post(f"{ROOT}tanda-tangan/", theirs | {f"wakil-{b}-name": "Orang Lain"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Wakil Kabupaten Belu baru saja diubah orang lain." in page
    assert "Orang Lain" in page and "Tersimpan sekarang: Utusan Belu" in page
    assert kabid.post(f"{ROOT}tanda-tangan/", {"isi-ulang": "1"}).status_code == 302
    assert recap.representatives.get(regency__code="53.04").name == "Kadis Belu Contoh"


@pytest.mark.parametrize(("base", "code"), [("{", 409), ("[1]", 409), ("null", 409), ("", 422), ("x" * 2001, 422)])
def test_a_broken_table_changes_nothing(recap, cast, client_of, base, code):
    client = client_of(cast.panitia)
    before = list(recap.representatives.order_by("pk").values())
    pk = factories.regency("53.04").pk
    data = people_form(client) | {f"wakil-{pk}-base": base, f"wakil-{pk}-name": "Orang Lain"}
    answer = client.post(f"{ROOT}tanda-tangan/", data)
    assert (answer.status_code, "Orang Lain" in answer.content.decode()) == (code, True)
    assert client.post(f"{ROOT}tanda-tangan/", {}).status_code == 422
    assert list(recap.representatives.order_by("pk").values()) == before


# -- the scan ----------------------------------------------------------------------------------------------------------


def test_the_scan_is_read_where_the_agreement_is(agreed, cast, client_of):
    """Who has no part in it, as a worker or the head of a region, gets neither the page nor its file."""
    actions.store_scan(agreed, make_scan(make_pdf(5)), agreed.meeting.ends_on, by=cast.panitia)
    for name, found in (("observer", True), ("kadis_belu", True), ("bupati_belu", False), ("tpl_belu", False)):
        client = client_of(cast[name])
        page, file = client.get(ROOT), client.get(f"{ROOT}pindaian/unduh/")
        assert (page.status_code != 404, file.status_code == 200) == (found, found), name


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("a.pdf", b"MZ\x90\x00 bukan pdf"), "tidak diterima"),
        (SimpleUploadedFile("a.pdf", b""), "kosong"),
        (SimpleUploadedFile("foto.png", make_pdf()), "isinya berkas PDF"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.7" + b"0" * (20 * 1024 * 1024)), "terlalu besar; batasnya 15 MB"),
        (None, "Pilih berkas pindaiannya."),
    ],
)
def test_a_wrong_scan_is_refused_at_its_field(agreed, cast, client_of, file, sentence):
    data = {"signed_on": agreed.meeting.ends_on.isoformat(), **({"scan": file} if file else {})}
    if file:
        file.seek(0)
    answer = client_of(cast.panitia).post(f"{ROOT}pindaian/", data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Agreement.objects.get().status == "disepakati"


def test_a_scan_needs_the_token_and_a_possible_day(agreed, cast, client_of):
    data = {"signed_on": "2001-01-01", "scan": make_scan()}
    answer = client_of(cast.panitia).post(f"{ROOT}pindaian/", data)
    assert (answer.status_code, "Tanggal tanda tangan" in answer.content.decode()) == (422, True)
    strict = client_of(cast.panitia, enforce_csrf_checks=True)
    data = {"signed_on": agreed.meeting.ends_on.isoformat(), "scan": make_scan()}
    assert strict.post(f"{ROOT}pindaian/", data).status_code == 403
    assert Agreement.objects.get().status == "disepakati"


# -- addenda -----------------------------------------------------------------------------------------------------------


def test_an_addendum_from_reason_to_paper(cast, client_of):
    make_agreement(cast, "ditandatangani")
    client, found = client_of(cast.kabid), belu()
    answer = client.post(f"{ROOT}adendum/baru/", {"number": "ADD/1", "reason": "Pergeseran anggaran."})
    assert answer["Location"] == f"{ROOT}adendum/1/"
    assert "Adendum ke-1 belum ditetapkan" in client.post(
        f"{ROOT}adendum/baru/", {"reason": "Lagi."}
    ).content.decode()  # fmt: skip
    assert str(found.pk) in text(client, "adendum/1/?q=tenun")
    data = {"decision": "ditunda", "reason": "Lahan belum siap.", "base_version": 1}
    assert client.post(f"{ROOT}adendum/1/putusan/{found.pk}/", data).status_code == 302
    assert "Lahan belum siap." in text(client, "adendum/1/")
    assert "Adendum ke-1" not in text(client_of(cast.observer), "adendum/")
    assert client.post(f"{ROOT}adendum/1/tetapkan/").status_code == 302
    assert Proposal.objects.get(pk=found.pk).status == "ditunda"
    row = Addendum.objects.get()
    page = text(client_of(cast.operator_belu), "53.04/")
    assert row.document.get_absolute_url() in page
    assert row.document.get_absolute_url() not in text(client_of(cast.operator_ende), "53.08/")
    assert "Adendum ke-1" in text(client_of(cast.observer), "adendum/")
    assert client.post(f"{ROOT}adendum/1/buang/").status_code == 409


def test_a_draft_is_thrown_away_and_a_change_taken_out(cast, client_of):
    addendum = make_addendum(cast)
    client = client_of(cast.kadis_prov)
    client.post(f"{ROOT}adendum/1/perubahan/{addendum.changes.get().pk}/keluarkan/")
    assert not addendum.changes.exists()
    assert client.post(f"{ROOT}adendum/1/buang/")["Location"] == f"{ROOT}adendum/"
    assert not Addendum.objects.exists()
    assert client.get(f"{ROOT}adendum/99999999999999999999/").status_code == 404


def test_another_province_is_not_seen(agreed, cast, client_of):
    from regencies.models import Province, Regency

    other = Province.objects.create(code="52", name="NTB")
    Regency.objects.create(province=other, code="52.01", bps_code="5201", name="Kabupaten Lain", kind="kabupaten")
    assert client_of(cast.panitia).get(f"{ROOT}52.01/").status_code == 404
    assert factories.regency("52.01").name not in text(client_of(cast.panitia))


NASTY = [
    "", " ", "x" * 9000, "-1", "99999999999999999999", "1e9", "٣", "<script>", "' OR 1=1 --", "\x00", "😀", "dialihkan",
    "perbaikan", "DANA_DESA", "Rp 1.000,50", "2019-02-30", "null", "{}", "../../etc/passwd", "%s%n", "\u202e", "True",
]  # fmt: skip
QUERY = ("q", "regency", "decision", "source", "sort", "page", "per", "kab", "tanda", "bagian")


def test_hostile_input_is_a_sentence_never_a_500(cast, client_of):
    """Every form of the agreement with fields that hold anything: refused or stored as text, never broken."""
    random = Random(331)  # noqa: S311  the same inputs every time, no secret
    addendum = make_addendum(cast)
    forms = {
        "kepala/": ["number", "chair", "considerations", "clauses", "head_version"],
        "tanda-tangan/": [f"wakil-{factories.regency('53.04').pk}-{name}" for name in ("name", "title", "base")],
        f"putusan/{belu().pk}/ubah/": ["decision", "reason", "redirect_to", "base_version"],
        "pindaian/": ["signed_on", "scan"],
        "langkah/reopen/": ["note"],
        "adendum/baru/": ["number", "reason"],
        "adendum/1/": ["number", "reason"],
        f"adendum/1/putusan/{belu().pk}/": [
            "decision", "reason", "redirect_to", "base_version", f"line-{belu().lines.first().pk}",
        ],
        f"adendum/1/perubahan/{addendum.changes.get().pk}/keluarkan/": ["x"],
    }  # fmt: skip
    client = client_of(cast.kabid)
    for _n in range(12):
        for path, fields in forms.items():
            data = {name: random.choice(NASTY) for name in fields if random.random() < 0.9}
            answer = client.post(f"{ROOT}{path}", data)
            assert answer.status_code in (302, 403, 409, 422), (path, data)
        for path in ("", "putusan/", "layar/", "sipd/", "adendum/1/"):
            query = {name: random.choice(NASTY) for name in QUERY}
            assert client.get(f"{ROOT}{path}", query).status_code in (200, 204, 404), (path, query)
    assert Agreement.objects.get().status == "ditandatangani"


def test_an_empty_or_missing_line_is_never_taken_for_nothing(recap, client_of, cast):
    """An emptied field is an error; a field that was not sent leaves its line as it stands."""
    proposal = Proposal.objects.filter(status="disepakati").first()
    first, *others = proposal.lines.kept()
    url = f"{ROOT}putusan/{proposal.pk}/ubah/"
    data = {"decision": "perbaikan", "reason": "Harga pasar.", "base_version": proposal.verdict.version}
    client = client_of(cast.kabid)
    assert client.post(url, data | {f"line-{first.pk}": ""}).status_code == 422
    client.post(url, data | {f"line-{first.pk}": str(first.amount_rupiah - 1000)})
    proposal.refresh_from_db()
    assert proposal.agreed_rupiah == proposal.budget_rupiah - 1000 and others
