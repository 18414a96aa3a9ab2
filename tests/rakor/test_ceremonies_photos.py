"""Photos of a session: captions by people, nothing personal within the file, hostile files, order, undo, access."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from portal.kernel.errors import Blocked, Denied, WrongFile
from rakor.actions import ceremonies_photos as actions
from rakor.actions.sessions import delete_session
from rakor.facts.session_photos import LARGEST, SMALL, read_photo
from rakor.models import SessionPhoto
from tests.factories import make_meeting
from tests.factories_ceremonies import make_signing_session, picture

pytestmark = pytest.mark.django_db
CAPTION = "Bupati Belu menyaksikan penandatanganan kontrak TPL-IKM"


@pytest.fixture
def session(cast: Any) -> Any:
    """A signing session of a running edition."""
    return make_signing_session(make_meeting(status="berlangsung"))


def ready(data: bytes | None = None, name: str = "foto.jpg") -> Any:
    data = picture() if data is None else data
    return read_photo(name, data, size=len(data), largest=10 * 2**20)


def add(session: Any, by: Any, caption: str = CAPTION, shade: int = 0, **values: Any) -> SessionPhoto:
    return actions.add_photo(session, ready(picture(size=(300 + shade, 200))), caption, by=by, **values)


def url(session: Any, name: str = "session_photos", *args: Any) -> str:
    return reverse(name, args=[session.meeting.slug, session.pk, *args])


def kept(photo: SessionPhoto, small: bool = False) -> Image.Image:
    name = actions.small_name(photo.file.name) if small else photo.file.name
    with default_storage.open(name) as file:
        return Image.open(io.BytesIO(file.read()))


# --- the picture ---


def test_a_photo_is_kept_small_upright_and_without_its_metadata(session, cast):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Pabrik Kamera"
    exif[0x8825] = {1: "S", 2: (9.0, 6.0, 0.0), 3: "E", 4: (124.0, 53.0, 0.0)}
    data = picture(size=(3000, 2000), exif=exif.tobytes(), comment=b"rahasia")
    photo = actions.add_photo(session, ready(data), CAPTION, by=cast.panitia)
    large, small = kept(photo), kept(photo, small=True)
    assert large.size == (photo.width, photo.height) == (LARGEST * 2 // 3, LARGEST)
    assert max(small.size) == SMALL
    for each in (large, small):
        assert each.format == "JPEG"
        assert dict(each.getexif()) == {}
        assert not {"comment", "exif", "xmp"} & set(each.info)


def test_a_png_with_transparency_lies_on_white(session, cast):
    out = io.BytesIO()
    Image.new("RGBA", (200, 100), (0, 0, 0, 0)).save(out, "PNG")
    photo = actions.add_photo(session, ready(out.getvalue(), "foto.png"), CAPTION, by=cast.panitia)
    assert kept(photo).convert("RGB").getpixel((50, 50)) == (255, 255, 255)


def bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("foto.jpg", b"", "kosong"),
        ("foto.jpg", b"<script>alert(1)</script>", "Jenis berkas ini tidak diterima"),
        ("foto.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "tidak diterima"),
        ("foto.svg", picture(), "tidak diterima"),
        ("foto.png", picture(), "isinya berkas JPEG"),
        ("foto.jpg", picture()[:-200], "rusak"),
        ("foto.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 400, "rusak"),
        ("foto.jpg", picture(size=(20, 300)), "terlalu kecil"),
        ("foto.gif", picture("GIF"), "tidak diterima"),
    ],
)
def test_hostile_and_broken_files_are_refused_with_a_sentence(name, data, sentence):
    with pytest.raises(WrongFile, match=sentence):
        ready(data, name)


def test_a_picture_that_unpacks_to_gigabytes_is_refused_unopened():
    with pytest.raises(WrongFile, match="terlalu besar"):
        ready(bomb(), "foto.png")


def test_a_large_png_within_the_limit_of_photos_is_refused_before_it_is_drawn():
    with pytest.raises(WrongFile, match="Simpan sebagai JPEG"):
        ready(picture("PNG", size=(6000, 5000)), "foto.png")


def test_what_hangs_behind_the_picture_is_not_kept(session, cast):
    photo = actions.add_photo(session, ready(picture() + b"<script>alert(1)</script>"), CAPTION, by=cast.panitia)
    with default_storage.open(photo.file.name) as file:
        assert b"script" not in file.read()


# --- caption, order, undo ---


@pytest.mark.parametrize("caption", ["", "   ", "foto"])
def test_a_photo_without_a_caption_is_refused_and_leaves_no_file(session, cast, caption):
    with pytest.raises(Blocked, match="Tulis keterangan foto"):
        add(session, cast.panitia, caption)
    assert not SessionPhoto.objects.exists()


def test_the_same_photo_twice_is_one(session, cast):
    assert add(session, cast.panitia) == add(session, cast.notulis, "Keterangan yang lain")


def test_order_and_undo(session, cast):
    first, second = add(session, cast.panitia), add(session, cast.panitia, "Hadirin di aula", shade=1)
    actions.step_photo(second, -1, by=cast.notulis)
    assert list(session.photos.all()) == [second, first]
    actions.delete_photo(second, by=cast.panitia)
    assert list(session.photos.filter(deleted_at=None)) == [first]
    actions.restore_photo(second, by=cast.panitia)
    assert list(session.photos.filter(deleted_at=None)) == [second, first]


def test_a_session_with_photos_stays_in_the_programme(session, cast):
    photo = add(session, cast.panitia)
    with pytest.raises(Blocked, match="sudah mempunyai foto"):
        delete_session(session, by=cast.panitia)
    actions.delete_photo(photo, by=cast.panitia)
    delete_session(session, by=cast.panitia)


def test_an_archived_edition_takes_no_photos(session, cast):
    type(session.meeting).objects.update(status="arsip")
    session.meeting.refresh_from_db()
    with pytest.raises(Denied, match="diarsipkan"):
        add(session, cast.panitia)


# --- pages ---


def test_uploading_by_the_form(session, cast, client_of):
    file = SimpleUploadedFile("IMG_0001.JPG", picture(), "image/jpeg")
    sent = {"photo": file, "caption": CAPTION, "photographer": "Tim Humas"}
    page = client_of(cast.notulis).post(url(session, "session_photo_add"), sent, follow=True).content.decode()
    assert CAPTION in page
    assert "Tim Humas" in page
    photo = SessionPhoto.objects.get()
    assert f'alt="{CAPTION}"' in client_of(cast.operator_ende).get(session.get_absolute_url()).content.decode()
    assert photo.by == cast.notulis


def test_a_wrong_file_is_refused_at_its_field(session, cast, client_of):
    file = SimpleUploadedFile("foto.jpg", b"<html>", "image/jpeg")
    answer = client_of(cast.panitia).post(url(session, "session_photo_add"), {"photo": file, "caption": CAPTION})
    assert answer.status_code == 422
    assert "Jenis berkas ini tidak diterima" in answer.content.decode()
    assert CAPTION in answer.content.decode()


def test_a_photo_that_is_too_large_is_not_even_kept(session, cast, client_of, settings):
    settings.ATTACHMENT_MAX_MB = 1
    file = SimpleUploadedFile("foto.jpg", picture() + b"\0" * 2**21, "image/jpeg")
    answer = client_of(cast.panitia).post(url(session, "session_photo_add"), {"photo": file, "caption": CAPTION})
    assert "paling besar 1 MB" in answer.content.decode()


def test_captions_change_and_a_caption_stays_mandatory(session, cast, client_of):
    photo = add(session, cast.panitia)
    edit = url(session, "session_photo_edit", photo.pk)
    assert client_of(cast.panitia).post(edit, {"caption": " "}).status_code == 422
    client_of(cast.panitia).post(edit, {"caption": "Kepala dinas menandatangani", "photographer": "Humas"})
    photo.refresh_from_db()
    assert (photo.caption, photo.photographer) == ("Kepala dinas menandatangani", "Humas")


def test_markup_in_a_caption_stays_text(session, cast, client_of):
    add(session, cast.panitia, '<img src=x onerror="alert(1)"> penandatanganan')
    assert "<img src=x" not in client_of(cast.kadis_belu).get(url(session)).content.decode()


def test_the_picture_is_served_to_who_sees_the_edition_and_never_as_a_page(session, cast, client_of):
    photo = add(session, cast.panitia)
    for size in ("besar", "kecil"):
        answer = client_of(cast.operator_ende).get(url(session, "session_photo", photo.pk, size))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        again = client_of(cast.operator_ende).get(
            url(session, "session_photo", photo.pk, size), HTTP_IF_NONE_MATCH=answer["ETag"]
        )
        assert (again.status_code, again.content) == (304, b"")
    assert client_of(cast.panitia).get(url(session, "session_photo", photo.pk, "asli")).status_code == 404
    assert client_of(cast.stranger).get(url(session, "session_photo", photo.pk, "besar")).status_code == 403
    assert client_of().get(url(session, "session_photo", photo.pk, "besar")).status_code == 302
    actions.delete_photo(photo, by=cast.panitia)
    assert client_of(cast.panitia).get(url(session, "session_photo", photo.pk, "besar")).status_code == 404


def test_photos_of_a_draft_are_internal(session, cast, client_of):
    photo = add(session, cast.panitia)
    type(session.meeting).objects.update(status="persiapan", published=False)
    for name, *args in (("session_photos",), ("session_photo", photo.pk, "besar")):
        assert client_of(cast.kadis_belu).get(url(session, name, *args)).status_code == 404
        assert client_of(cast.verifikator).get(url(session, name, *args)).status_code == 200


@pytest.mark.parametrize("person", ["verifikator", "kadis_belu", "bupati_belu", "observer"])
def test_only_the_committee_and_the_minute_taker_keep_photos(session, cast, client_of, person):
    photo = add(session, cast.panitia)
    client = client_of(cast[person])
    for name in ("session_photo_edit", "session_photo_delete", "session_photo_restore", "session_photo_move"):
        assert client.post(url(session, name, photo.pk)).status_code == 403
    assert client.get(url(session, "session_photo_add")).status_code == 403
    assert "Tambah foto" not in client.get(url(session)).content.decode()
    with pytest.raises(Denied):
        actions.delete_photo(photo, by=cast[person])
