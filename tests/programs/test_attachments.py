"""Files of proposals: what is stored, who sees it, what a bad link, a late click and a hostile file come to."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zlib
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal.journal.models import Entry
from portal.kernel.errors import Blocked, Denied, WrongFile
from programs.actions.attachments import (
    add_attachment,
    change_attachment,
    clean_name,
    delete_attachment,
    restore_attachment,
)
from programs.actions.uploads import PIECES, begin_upload, cancel_upload, receive_piece, sweep_uploads
from programs.clock import sweep_attachments
from programs.models import Attachment, Proposal, ReadinessItem, Upload
from programs.queries.attachments import attachments_context, seen_attachments
from programs.queries.snapshots import content_of
from tests.factories_programs import make_proposal
from tests.programs import files

KEY = uuid.UUID(int=7)


@pytest.fixture
def proposal(cast: Any) -> Proposal:
    """A draft of Belu, paid by the regency's own budget."""
    return make_proposal()


def item(key: str = "kak") -> ReadinessItem:
    return ReadinessItem.objects.get(key=key)


def upload(client: Client, proposal: Proposal, *sent: tuple[str, bytes], **fields: Any) -> Any:
    """The answer to a plain form with these files."""
    data = {"item": "kak", "berkas": [SimpleUploadedFile(name, content) for name, content in sent]} | fields
    return client.post(reverse("attachment_add", args=[proposal.pk]), data)


def begin(client: Client, proposal: Proposal, name: str, data: bytes, key: uuid.UUID = KEY, **fields: Any) -> Any:
    """The answer to the announcement of a file that a script will send in pieces."""
    values = {"key": key, "name": name, "size": len(data), "crc32": zlib.crc32(data), "item": "foto_nol"} | fields
    return client.post(reverse("upload_begin", args=[proposal.pk]), values)


def send(client: Client, url: str, offset: int, piece: bytes) -> Any:
    """The answer to one piece."""
    return client.post(f"{url}?dari={offset}", piece, content_type="application/octet-stream")


def stored_files() -> list[str]:
    """Everything below usulan/ in the storage."""
    found = []
    folders = ["usulan"]
    while folders:
        folder = folders.pop()
        try:
            inside, names = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        folders += [f"{folder}/{name}" for name in inside]
        found += [f"{folder}/{name}" for name in names]
    return sorted(found)


def empty_storage() -> None:
    """Delete everything below usulan/."""
    for path in stored_files():
        default_storage.delete(path)


@pytest.fixture(autouse=True)
def _empty_storage() -> Any:
    empty_storage()  # tests of other modules leave files, and which of them ran before depends on the worker
    yield
    empty_storage()


# -- the verbs --------------------------------------------------------------------------------------------------------


def test_a_file_is_stored_under_a_random_name_and_told(proposal: Proposal, cast: Any) -> None:
    change = proposal.change
    found = add_attachment(proposal, "C:\\surat\\KAK  final.pdf", files.pdf(), by=cast.operator_belu, item=item())
    assert (found.name, found.kind, found.size) == ("KAK final.pdf", "pdf", len(files.pdf()))
    assert found.file.name.startswith(f"usulan/{proposal.pk}/") and "KAK" not in found.file.name
    assert default_storage.open(found.file.name).read() == files.pdf()
    proposal.refresh_from_db()
    assert proposal.change == change + 1
    assert cast.operator_belu in proposal.authors.all()
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.note) == ("Menambahkan lampiran", f"{item().name}: KAK final.pdf")


def test_the_same_file_twice_is_one(proposal: Proposal, cast: Any) -> None:
    for _again in range(2):
        add_attachment(proposal, "KAK.pdf", files.pdf(), by=cast.operator_belu, item=item())
    assert proposal.attachments.count() == 1
    assert len(stored_files()) == 1
    add_attachment(proposal, "KAK.pdf", files.pdf(), by=cast.operator_belu, item=item("rab"))
    assert proposal.attachments.count() == 2


def test_the_place_of_a_photo_is_kept_only_on_purpose(proposal: Proposal, cast: Any) -> None:
    gone = add_attachment(proposal, "a.jpg", files.photo(), by=cast.operator_belu, item=item("foto"))
    kept = add_attachment(proposal, "b.jpg", files.photo(), by=cast.operator_belu, item=item("foto"), keeps_place=True)
    none = add_attachment(
        proposal, "c.jpg", files.photo(place=False), by=cast.operator_belu, item=item("foto_nol"), keeps_place=True
    )
    assert [row.keeps_place for row in (gone, kept, none)] == [False, True, False]
    with Image.open(default_storage.open(gone.file.name)) as picture:
        assert not picture.getexif().get_ifd(0x8825)
        assert picture.getexif()[0x0112] == 6
    assert default_storage.open(kept.file.name).read() == files.photo()


def test_a_refused_file_leaves_nothing(proposal: Proposal, cast: Any) -> None:
    with pytest.raises(WrongFile):
        add_attachment(proposal, "KAK.pdf", files.photo(), by=cast.operator_belu, item=item())
    assert stored_files() == []
    with pytest.raises(RuntimeError), transaction.atomic():
        proposal.authors.clear()
        _break_the_journal(proposal, cast)
    assert stored_files() == []


def _break_the_journal(proposal: Proposal, cast: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:

        def broken(*_args: Any, **_kwargs: Any) -> None:
            raise RuntimeError("no journal")

        patch.setattr("programs.actions.attachments.finish", broken)
        add_attachment(proposal, "KAK.pdf", files.pdf(), by=cast.operator_belu, item=item())


def test_count_and_total_are_limited(proposal: Proposal, cast: Any, settings: Any) -> None:
    settings.ATTACHMENT_MAX_COUNT = 2
    for n in range(2):
        add_attachment(proposal, "a.pdf", files.pdf(str(n)), by=cast.operator_belu, item=item())
    with pytest.raises(Blocked, match="2 berkas"):
        add_attachment(proposal, "a.pdf", files.pdf("x"), by=cast.operator_belu, item=item())
    settings.ATTACHMENT_MAX_COUNT, settings.ATTACHMENT_MAX_TOTAL_MB = 60, 0
    with pytest.raises(Blocked, match="0 MB"):
        add_attachment(proposal, "a.pdf", files.pdf("x"), by=cast.operator_belu, item=item())
    with pytest.raises(Blocked, match="0 MB"):
        begin_upload(proposal, key=KEY, name="a.pdf", size=9, crc32=0, by=cast.operator_belu)
    with pytest.raises(WrongFile, match="11 MB; paling besar 10 MB"):
        begin_upload(proposal, key=KEY, name="a.pdf", size=10 * 2**20 + 1, crc32=0, by=cast.operator_belu)


def test_caption_and_item_are_changed_with_a_trace(proposal: Proposal, cast: Any) -> None:
    found = add_attachment(proposal, "a.pdf", files.pdf(), by=cast.operator_belu, item=item())
    change_attachment(found, {"item": item("rab"), "caption": "  RAB\x00 final "}, by=cast.operator_belu)
    found.refresh_from_db()
    assert (found.item.key, found.caption) == ("rab", "RAB final")
    assert Entry.objects.latest("pk").changes["keterangan"] == ["", "RAB final"]
    add_attachment(proposal, "a.pdf", files.pdf(), by=cast.operator_belu, item=item())
    with pytest.raises(Blocked, match="sudah ada"):
        change_attachment(found, {"item": item(), "caption": ""}, by=cast.operator_belu)


def test_deleting_can_be_undone(proposal: Proposal, cast: Any) -> None:
    found = add_attachment(proposal, "a.pdf", files.pdf(), by=cast.operator_belu, item=item())
    for _again in range(2):
        delete_attachment(found, by=cast.operator_belu)
    assert not proposal.attachments.kept().exists()
    assert Entry.objects.filter(verb="Menghapus lampiran").count() == 1
    with pytest.raises(Blocked):
        change_attachment(found, {"item": item(), "caption": "x"}, by=cast.operator_belu)
    for _again in range(2):
        restore_attachment(found, by=cast.operator_belu)
    assert proposal.attachments.kept().get() == found
    delete_attachment(found, by=cast.operator_belu)
    newer = add_attachment(proposal, "a.pdf", files.pdf(), by=cast.operator_belu, item=item())
    assert restore_attachment(found, by=cast.operator_belu) == newer
    assert proposal.attachments.kept().get() == newer


@pytest.mark.parametrize("status", ["menunggu_kadis", "diajukan", "siap_desk", "disepakati"])
def test_after_sending_nothing_changes(cast: Any, status: str) -> None:
    proposal = make_proposal()
    found = add_attachment(proposal, "a.pdf", files.pdf(), by=cast.operator_belu, item=item())
    begun = begin_upload(proposal, key=KEY, name="b.pdf", size=9, crc32=0, by=cast.operator_belu)
    sent = make_proposal(status=status)
    Attachment.objects.filter(pk=found.pk).update(proposal=sent)
    Upload.objects.filter(pk=begun.pk).update(proposal=sent)
    found.refresh_from_db()
    for late in (
        lambda: add_attachment(sent, "c.pdf", files.pdf("c"), by=cast.operator_belu, item=item()),
        lambda: change_attachment(found, {"item": item(), "caption": "x"}, by=cast.operator_belu),
        lambda: delete_attachment(found, by=cast.operator_belu),
        lambda: restore_attachment(found, by=cast.operator_belu),
        lambda: begin_upload(sent, key=uuid.uuid4(), name="b.pdf", size=9, crc32=0, by=cast.operator_belu),
        lambda: receive_piece(sent, KEY, 0, b"x", by=cast.operator_belu),
    ):
        with pytest.raises(Denied, match="berstatus"):
            late()


def test_names_are_cleaned() -> None:
    assert clean_name("../../etc/passwd") == "passwd"
    assert clean_name("a\x00b\n c.pdf") == "ab c.pdf"
    assert clean_name("") == "berkas"
    assert len(clean_name("x" * 400 + ".pdf")) == 150
    assert clean_name("x" * 400 + ".pdf").endswith(".pdf")


# -- files in pieces --------------------------------------------------------------------------------------------------


def test_pieces_become_the_file(proposal: Proposal, cast: Any, client_of: Any) -> None:
    client, data = client_of(cast.operator_belu), files.photo(size=(900, 700))
    answer = begin(client, proposal, "foto.jpg", data).json()
    assert (answer["received"], answer["size"], answer["done"]) == (0, len(data), False)
    half = len(data) // 2
    assert send(client, answer["url"], 0, data[:half]).json()["received"] == half
    assert send(client, answer["url"], 0, data[:half]).json()["received"] == half  # a lost answer: sent again
    assert send(client, answer["url"], half + 9, data[half:]).json()["received"] == half  # a gap is not taken
    assert begin(client, proposal, "foto.jpg", data, key=uuid.uuid4()).json() == answer | {"received": half}
    assert send(client, answer["url"], half, data[half:]).json()["done"] is True
    assert send(client, answer["url"], half, data[half:]).json()["done"] is True
    assert begin(client, proposal, "foto.jpg", data).json()["done"] is True
    found = proposal.attachments.get()
    assert (found.name, found.kind, found.item.key, found.keeps_place) == ("foto.jpg", "jpeg", "foto_nol", False)
    assert Upload.objects.get().attachment == found


def test_pieces_are_thrown_away_at_the_end(
    proposal: Proposal, cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    data = files.pdf()
    begun = begin_upload(proposal, key=KEY, name="a.pdf", size=len(data), crc32=zlib.crc32(data), by=cast.operator_belu)
    receive_piece(proposal, begun.key, 0, data[:100], by=cast.operator_belu)
    assert [name for name in stored_files() if name.startswith(PIECES)]
    with django_capture_on_commit_callbacks(execute=True):
        receive_piece(proposal, begun.key, 100, data[100:], by=cast.operator_belu)
    assert stored_files() == [proposal.attachments.get().file.name]


def test_a_bad_whole_is_refused_and_forgotten(
    proposal: Proposal, cast: Any, client_of: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client, data = client_of(cast.operator_belu), files.photo()
    with django_capture_on_commit_callbacks(execute=True):
        answer = begin(client, proposal, "KAK.pdf", data).json()
        refused = send(client, answer["url"], 0, data)
    assert refused.status_code == 422
    assert "isinya berkas JPEG" in refused.content.decode()
    assert stored_files() == [] and not Upload.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = begin(client, proposal, "KAK.pdf", files.pdf(), crc32=1).json()
        refused = send(client, answer["url"], 0, files.pdf())
    assert "berubah selama diunggah" in refused.content.decode()
    assert send(client, answer["url"], 0, b"x").status_code == 404


def test_a_machine_that_died_between_file_and_row_does_no_harm(proposal: Proposal, cast: Any) -> None:
    data = files.pdf()
    begun = begin_upload(proposal, key=KEY, name="a.pdf", size=len(data), crc32=zlib.crc32(data), by=cast.operator_belu)
    default_storage.save(f"{PIECES}/{KEY}-{0:010d}", ContentFile(b"half a piece"))
    done = receive_piece(proposal, begun.key, 0, data, by=cast.operator_belu)
    assert done.attachment.sha256
    other = files.pdf("lain")
    begun = begin_upload(
        proposal, key=uuid.uuid4(), name="b.pdf", size=len(other), crc32=zlib.crc32(other), by=cast.operator_belu
    )
    Upload.objects.filter(pk=begun.pk).update(received=len(other))
    with pytest.raises(WrongFile, match="hilang di server"):
        receive_piece(proposal, begun.key, len(other), b"", by=cast.operator_belu)


def test_wrong_announcements_get_a_sentence(proposal: Proposal, cast: Any, client_of: Any) -> None:
    client = client_of(cast.operator_belu)
    for change, part in (
        ({"name": "a.exe"}, "Akhiran"),
        ({"size": 20 * 2**20}, "20 MB; paling besar 10 MB"),
        ({"size": 0}, "kosong"),
        ({"key": "bukan"}, "tidak terbaca"),
        ({"item": "tidak-ada"}, "tidak terbaca"),
        ({"crc32": "-1"}, "tidak terbaca"),
    ):
        answer = begin(client, proposal, **{"name": "a.pdf", "data": files.pdf()} | change)
        assert answer.status_code == 422
        assert part in answer.content.decode()
    url = begin(client, proposal, "a.pdf", files.pdf()).json()["url"]
    assert client.post(f"{url}?dari=x", b"x", content_type="application/octet-stream").status_code == 422
    assert send(client, url, 0, b"x" * (2**20 + 1)).status_code == 422
    assert send(client, url, 0, files.pdf() + b"more").status_code == 409


def test_an_upload_belongs_to_who_began_it(proposal: Proposal, cast: Any, client_of: Any) -> None:
    begin(client_of(cast.operator_belu), proposal, "a.pdf", files.pdf())
    own = reverse("upload_piece", args=[proposal.pk, KEY])
    theirs = make_proposal("53.08")
    stranger = client_of(cast.operator_ende)
    assert send(stranger, own, 0, b"x").status_code == 404
    assert send(stranger, reverse("upload_piece", args=[theirs.pk, KEY]), 0, b"x").status_code == 404
    assert begin(stranger, theirs, "b.pdf", files.pdf("b")).status_code == 409  # a key that somebody else uses
    stranger.post(reverse("upload_cancel", args=[theirs.pk, KEY]))
    assert Upload.objects.filter(key=KEY).exists()


def test_cancelling_forgets_the_pieces(
    proposal: Proposal, cast: Any, client_of: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(cast.operator_belu)
    url = begin(client, proposal, "a.pdf", files.pdf()).json()["url"]
    send(client, url, 0, files.pdf()[:50])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{url}batal/", headers={"X-Requested-With": "fetch"}).status_code == 204
    assert stored_files() == [] and not Upload.objects.exists()
    assert client.post(f"{url}batal/").status_code == 302


def test_a_key_belongs_to_one_file(proposal: Proposal, cast: Any, client_of: Any) -> None:
    client, data = client_of(cast.operator_belu), files.pdf()
    begun = begin(client, proposal, "a.pdf", data)
    for other in ({"size": len(data) + 1}, {"crc32": 1}):
        answer = begin(client, proposal, "a.pdf", data, **other)
        assert (answer.status_code, "berkas lain" in answer.content.decode()) == (422, True), other
    assert begin(client, proposal, "a.pdf", data).json() == begun.json()
    assert Upload.objects.get().size == len(data)


def test_the_sweep_takes_what_is_old(proposal: Proposal, cast: Any, django_capture_on_commit_callbacks: Any) -> None:
    by = cast.operator_belu
    old, young = (begin_upload(proposal, key=uuid.uuid4(), name=f"{n}.pdf", size=500, crc32=n, by=by) for n in range(2))
    for begun in (old, young):
        receive_piece(proposal, begun.key, 0, b"%PDF-", by=by)
    Upload.objects.filter(pk=old.pk).update(started_at=timezone.now() - dt.timedelta(days=8))
    sent = make_proposal(status="dikembalikan")
    deleted = [add_attachment(row, "a.pdf", files.pdf(), by=by, item=item()) for row in (proposal, sent)]
    Attachment.objects.update(deleted_at=timezone.now() - dt.timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_attachments() == 2
    assert Upload.objects.get() == young
    assert Attachment.objects.get() == deleted[1]  # was sent once: versions can be compared
    assert len(stored_files()) == 2
    assert sweep_uploads() == 0
    cancel_upload(young, by=cast.operator_ende)
    assert Upload.objects.exists()


# -- pages ------------------------------------------------------------------------------------------------------------


def test_a_plain_form_brings_several_files(proposal: Proposal, cast: Any, client_of: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.operator_belu)
    page = client.get(reverse("attachments", args=[proposal.pk])).content.decode()
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    assert upload(client, proposal, ("a.pdf", files.pdf())).status_code == 403
    answer = upload(client, proposal, ("a.pdf", files.pdf()), ("b.docx", files.docx()), csrfmiddlewaretoken=token)
    assert answer.status_code == 302
    assert set(proposal.attachments.values_list("name", "item__key")) == {("a.pdf", "kak"), ("b.docx", "kak")}


def test_of_several_files_the_right_ones_are_stored(proposal: Proposal, cast: Any, client_of: Any) -> None:
    answer = upload(
        client_of(cast.operator_belu), proposal,
        ("baik.pdf", files.pdf()), ("foto.jpg", files.pdf()), ("besar.pdf", b"%PDF-1.4" + bytes(20 * 2**20)),
        ("bom.xlsx", files.with_part(files.xlsx(), "xl/worksheets/sheet1.xml", bytes(160 * 2**20))),
        ("tawa.docx", files.with_part(files.docx(), "word/document.xml", files.BILLION_LAUGHS)),
    )  # fmt: skip
    assert answer.status_code == 422
    page = answer.content.decode()
    for part in (
        "1 berkas disimpan", "foto.jpg: Nama berkas", "besar.pdf: Berkas ini 21 MB", "bom.xlsx: Isi berkas",
        "tawa.docx: Berkas Office ini memuat deklarasi",
    ):  # fmt: skip
        assert part in page
    assert proposal.attachments.get().name == "baik.pdf"


def test_too_much_at_once_is_not_kept_in_memory(proposal: Proposal, cast: Any, client_of: Any, settings: Any) -> None:
    settings.ATTACHMENT_MAX_MB = 1
    data = files.pdf() + b"\n" * 900_000 + b"startxref\n0\n%%EOF"
    answer = upload(client_of(cast.operator_belu), proposal, *((f"{n}.pdf", data + bytes([n])) for n in range(48, 55)))
    assert answer.status_code == 422
    assert proposal.attachments.count() == 4
    assert "Terlalu banyak sekaligus" in answer.content.decode()


def test_a_form_of_two_gigabytes_is_not_read(proposal: Proposal, cast: Any, client_of: Any) -> None:
    answer = client_of(cast.operator_belu).post(
        reverse("attachment_add", args=[proposal.pk]), b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * 2**30),
    )  # fmt: skip
    assert answer.status_code == 413


def test_empty_and_late_forms_get_a_sentence(proposal: Proposal, cast: Any, client_of: Any) -> None:
    client = client_of(cast.operator_belu)
    assert "Pilih berkas" in upload(client, proposal).content.decode()
    assert upload(client, proposal, ("a.pdf", files.pdf()), item="tidak-ada").status_code == 422
    sent = make_proposal(status="diajukan")
    late = upload(client, sent, ("a.pdf", files.pdf()))
    assert late.status_code == 403
    assert "berstatus" in late.content.decode()
    assert not Attachment.objects.exists()


def test_the_file_leaves_safely(proposal: Proposal, cast: Any, client_of: Any) -> None:
    client = client_of(cast.operator_belu)
    rows = {
        name: add_attachment(proposal, name, data, by=cast.operator_belu, item=item())
        for name, data in (("a.pdf", files.pdf()), ("b.jpg", files.photo()), ("c.xlsx", files.xlsx()))
    }
    for name, row in rows.items():
        url = reverse("attachment", args=[proposal.pk, row.public_id])
        for query in ("", "?lihat"):
            answer = client.get(url + query)
            assert answer.status_code == 200
            shown = bool(query) and name != "c.xlsx"
            assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
            assert answer["X-Content-Type-Options"] == "nosniff"
            policy = answer["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "script" not in policy
            assert ("sandbox" in policy) != (shown and name == "a.pdf")
            assert answer["Cache-Control"] == "private, no-cache"
            assert b"".join(answer.streaming_content) == default_storage.open(row.file.name).read()
        assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    default_storage.delete(rows["a.pdf"].file.name)
    assert client.get(reverse("attachment", args=[proposal.pk, rows["a.pdf"].public_id])).status_code == 404


def test_another_regency_guesses_in_vain(proposal: Proposal, cast: Any, client_of: Any) -> None:
    row = add_attachment(proposal, "a.pdf", files.pdf(), by=cast.operator_belu, item=item())
    begin_upload(proposal, key=KEY, name="b.pdf", size=9, crc32=0, by=cast.operator_belu)
    theirs = make_proposal("53.08")
    client = client_of(cast.operator_ende)
    for pk in (proposal.pk, theirs.pk):
        addresses = [
            reverse(name, args=[pk, row.public_id])
            for name in ("attachment", "attachment_edit", "attachment_delete", "attachment_restore")
        ]
        addresses += [reverse(name, args=[pk, KEY]) for name in ("upload_piece",)]
        if pk == proposal.pk:
            addresses += [reverse(name, args=[pk]) for name in ("attachments", "attachment_add", "upload_begin")]
            addresses += [reverse("upload_cancel", args=[pk, KEY])]
        for address in addresses:
            answers = {client.get(address).status_code, client.post(address, {"caption": "x"}).status_code}
            assert answers <= {404, 405, 302}, address
            assert client.post(address).status_code in (404, 405), address
    row.refresh_from_db()
    assert (row.caption, row.deleted_at) == ("", None)
    for status in ("diajukan", "siap_desk"):
        sent = make_proposal(status=status)
        Attachment.objects.update(proposal=sent)
        for who, code in ((cast.operator_ende, 404), (cast.verifikator, 200), (cast.observer, 200)):
            assert client_of(who).get(reverse("attachment", args=[sent.pk, row.public_id])).status_code == code


def test_the_province_sees_a_returned_proposal_with_the_files_it_was_sent_with(cast: Any, client_of: Any) -> None:
    proposal = make_proposal(status="dikembalikan")
    by = cast.operator_belu
    old, replaced = (add_attachment(proposal, "a.pdf", files.pdf(n), by=by, item=item()) for n in "12")
    sent = proposal.submissions.latest("number")
    sent.content = content_of(proposal)
    sent.save()
    delete_attachment(replaced, by=by)
    new = add_attachment(proposal, "a.pdf", files.pdf("3"), by=by, item=item())
    assert set(seen_attachments(proposal, cast.verifikator)) == {old, replaced}
    assert set(seen_attachments(proposal, by)) == {old, new}
    codes = {
        row: [
            client_of(who).get(reverse("attachment", args=[proposal.pk, row.public_id])).status_code
            for who in (cast.verifikator, by)
        ]
        for row in (old, replaced, new)
    }
    assert codes == {old: [200, 200], replaced: [200, 200], new: [404, 200]}


def test_the_list_tells_what_is_missing(proposal: Proposal, cast: Any) -> None:
    by = cast.operator_belu
    ready = attachments_context(proposal, by)["attachments"]["readiness"]
    assert (ready.needed, ready.have, ready.percent, ready.special) == (2, 0, 0, "")
    assert [row.key for row in ready.missing] == ["kak", "rab"]
    add_attachment(proposal, "a.pdf", files.pdf(), by=by, item=item())
    add_attachment(proposal, "b.pdf", files.pdf(), by=by)
    context = attachments_context(proposal, by)["attachments"]
    assert (context["readiness"].have, context["readiness"].percent, context["chosen"]) == (1, 50, "rab")
    assert [row.name for row in context["readiness"].loose] == ["b.pdf"]
    paid_by_dak = make_proposal(source="DAK_FISIK")
    ready = attachments_context(paid_by_dak, by)["attachments"]["readiness"]
    assert ready.special and ready.needed == 12
    assert [group["aside"] for group in ready.groups] == [False, False, False]


def test_deleting_by_script_answers_with_the_list(proposal: Proposal, cast: Any, client_of: Any) -> None:
    row = add_attachment(proposal, "a.pdf", files.pdf(), by=cast.operator_belu, item=item())
    client = client_of(cast.operator_belu)
    answer = client.post(
        reverse("attachment_delete", args=[proposal.pk, row.public_id]), headers={"HX-Request": "true"}
    )
    assert 'id="daftar-lampiran"' in answer.content.decode()
    undo = reverse("attachment_restore", args=[proposal.pk, row.public_id])
    assert undo in answer["HX-Trigger"]
    answer = client.post(undo, {"next": "/usulan/"})
    assert answer["Location"] == "/usulan/#berkas"
    assert client.post(undo, {"next": "//jahat.test/"})["Location"].startswith("/usulan/")
    assert proposal.attachments.kept().exists()


def test_the_caption_form(proposal: Proposal, cast: Any, client_of: Any) -> None:
    row = add_attachment(proposal, "a.pdf", files.pdf(), by=cast.operator_belu, item=item())
    client, url = client_of(cast.operator_belu), reverse("attachment_edit", args=[proposal.pk, row.public_id])
    assert client.get(url).status_code == 200
    assert client.post(url, {"item": "rab", "caption": "x" * 251}).status_code == 422
    assert client.post(url, {"item": "rab", "caption": "Ditandatangani"}).status_code == 302
    row.refresh_from_db()
    assert (row.item.key, row.caption) == ("rab", "Ditandatangani")


@pytest.mark.parametrize("many", [1, 25])
def test_the_page_asks_the_database_as_often_for_many_files(
    proposal: Proposal, cast: Any, client_of: Any, assert_queries: Any, many: int
) -> None:
    for n in range(many):
        add_attachment(proposal, "a.pdf", files.pdf(str(n)), by=cast.operator_belu, item=item())
    for n in range(min(many, 20)):
        begin_upload(proposal, key=uuid.uuid4(), name=f"{n}.pdf", size=9, crc32=n, by=cast.operator_belu)
    client = client_of(cast.operator_belu)
    with assert_queries(8):
        assert client.get(reverse("attachments", args=[proposal.pk])).status_code == 200
    with assert_queries(8):
        client.get(reverse("attachments", args=[proposal.pk]), headers={"X-Requested-With": "fetch"})


def test_a_photo_of_real_size_passes(proposal: Proposal, cast: Any) -> None:
    """12 megapixels, as phones make them."""
    out = io.BytesIO()
    Image.effect_noise((4000, 3000), 40).convert("RGB").save(out, "JPEG", quality=60)
    found = add_attachment(proposal, "IMG_0001.JPG", out.getvalue(), by=cast.operator_belu, item=item("foto"))
    assert found.kind == "jpeg"
