"""Emblems: which pictures are taken and what becomes of them, who may, where they are shown and printed."""

from __future__ import annotations

import errno
import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from portal.journal.models import Entry
from portal.kernel.errors import Denied, WrongFile
from portal.web.storage import NotWritten
from regencies.actions import emblems as verbs
from regencies.actions.emblems import keep_emblem, remove_emblem
from regencies.actions.stand_ins import hang_stand_ins
from regencies.facts import letterhead_facts
from regencies.facts.emblem_pictures import LARGEST, emblem_picture
from regencies.models import Agency, Emblem, Province
from regencies.queries import emblem_places, home_province
from tests.cast import Cast
from tests.factories import lead_agency, regency


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def disc(size: tuple[int, int] = (400, 440), colour: str = "#1d3b8b", mode: str = "RGBA") -> Image.Image:
    """A disc on nothing, or on white where the mode knows no transparency."""
    picture = Image.new(mode, size, (0, 0, 0, 0) if mode == "RGBA" else "white")
    ImageDraw.Draw(picture).ellipse([4, 4, size[0] - 5, size[1] - 5], fill=colour)
    return picture


def sent(picture: Image.Image, kind: str = "PNG", **how) -> bytes:
    """The picture as somebody would upload it."""
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def kept(data: bytes) -> Image.Image:
    """The picture as it would be stored."""
    return Image.open(io.BytesIO(emblem_picture(data, size=len(data), largest=2**20)), formats=["PNG"])


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


# -- pictures ---------------------------------------------------------------------------------------------------------


def test_transparency_stays_and_metadata_goes() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Seseorang", zip=True)
    exif = Image.Exif()
    exif[0x010E] = "di rumah"
    picture = kept(sent(disc(), pnginfo=info, exif=exif, dpi=(72, 72)))
    assert picture.mode == "RGBA" and picture.size == (400, 440)
    assert picture.getpixel((0, 0))[3] == 0 and picture.getpixel((200, 220)) == (0x1D, 0x3B, 0x8B, 255)
    assert picture.info == {} and not picture.getexif()


def test_a_large_picture_is_made_smaller_and_a_right_sized_one_is_not() -> None:
    assert kept(sent(disc((2000, 1500)))).size == (LARGEST, 450)
    assert kept(sent(disc((310, 290)))).size == (310, 290)


def test_a_photo_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert kept(sent(disc((500, 400), mode="RGB"), "JPEG", exif=exif)).size == (400, 500)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "I;16"])
def test_every_kind_of_png_is_drawn(mode: str) -> None:
    drawn = disc(mode="RGB").convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        drawn = Image.frombytes("I;16", drawn.size, b"".join(bytes((0, level)) for level in drawn.tobytes()))
    picture = kept(sent(drawn)).convert("RGB")
    assert picture.getpixel((0, 0)) == (255, 255, 255) and sum(picture.getpixel((200, 220))) < 400


def test_a_palette_keeps_its_transparency() -> None:
    drawn = disc(mode="RGB").convert("P", palette=Image.Palette.ADAPTIVE)
    picture = kept(sent(drawn, transparency=drawn.getpixel((0, 0))))
    assert (picture.getpixel((0, 0))[3], picture.getpixel((200, 220))[3]) == (0, 255)


def test_cmyk_comes_out_in_screen_colours() -> None:
    picture = kept(sent(disc(mode="RGB", colour="#c02020").convert("CMYK"), "JPEG", quality=95))
    red, green, blue = picture.getpixel((200, 220))
    assert picture.mode == "RGB" and red > 150 and green < 80 and blue < 80


def test_a_profile_is_reckoned_in_and_a_broken_one_is_left_out() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    drawn = disc(mode="RGB")
    for profile in (lab, b"rusak" * 40):
        assert kept(sent(drawn, icc_profile=profile)).getpixel((200, 220)) == (0x1D, 0x3B, 0x8B)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = kept(sent(drawn, icc_profile=srgb))
    assert all(abs(a - b) <= 2 for a, b in zip(found.getpixel((200, 220)), (0x1D, 0x3B, 0x8B), strict=True))
    assert "icc_profile" not in found.info


def test_bytes_decide_and_not_the_name(cast: Cast, client_of) -> None:
    data = sent(disc(mode="RGB"), "JPEG")
    answer = client_of(cast.panitia).post(
        "/kantor/lambang/negara/", {"picture": SimpleUploadedFile("lambang.png", data, "image/png")}
    )
    assert answer.status_code == 302
    assert (settings.MEDIA_ROOT / Emblem.objects.get().file).read_bytes().startswith(b"\x89PNG")


def test_what_hangs_behind_a_picture_does_not_survive() -> None:
    page = b"<html><script>alert(1)</script></html>PK\x03\x04"
    for data in (sent(disc()) + page, sent(disc(mode="RGB"), "JPEG") + page):
        out = emblem_picture(data, size=len(data), largest=2**20)
        assert b"<script" not in out and out.endswith(b"IEND\xaeB`\x82")


def test_an_animation_gives_its_first_picture() -> None:
    first, second = disc(colour="#107010"), disc(colour="#c02020")
    picture = kept(sent(first, save_all=True, append_images=[second], duration=100))
    assert not getattr(picture, "is_animated", False) and picture.getpixel((200, 220)) == (0x10, 0x70, 0x10, 255)


def wide_png(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unfolds to that many black pixels; in RGBA it would take 32 times its rows."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes((width // 8 + 1) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A right PNG with a text of 64 MB folded into it."""
    data = sent(disc())
    return data[:33] + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(2**26), 9)) + data[33:]


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "kosong"),
        (SVG, "PNG atau JPEG"),
        (sent(disc(mode="RGB"), "GIF"), "PNG atau JPEG"),
        (sent(disc(mode="RGB"), "WEBP"), "PNG atau JPEG"),
        (b"%PDF-1.7\n%%EOF", "PNG atau JPEG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "PNG atau JPEG"),
        (sent(disc())[:-40], "rusak"),
        (sent(disc(mode="RGB"), "JPEG")[:-400], "rusak"),
        (sent(disc())[:8] + b"<script>" * 40, "rusak"),
        (b"\xff\xd8\xff\xd9", "rusak"),
        (sent(Image.new("RGB", (1, 1))), "1 × 1 piksel"),
        (sent(disc((299, 200))), "299 × 200 piksel"),
        (sent(disc((900, 100))), "terlalu pipih"),
        (sent(Image.new("RGBA", (400, 400))), "tembus pandang"),
        (wide_png(5000, 4000), "16 megapiksel"),
        (wide_png(16_000, 16_000), "50 megapiksel"),
    ],
    ids=[
        "empty", "svg", "gif", "webp", "pdf", "heic", "cut-png", "cut-jpeg", "no-chunks", "no-picture", "one-pixel",
        "small", "line", "nothing-to-see", "wide", "bomb",
    ],
)  # fmt: skip
def test_what_cannot_be_taken_says_why(data: bytes, sentence: str) -> None:
    with pytest.raises(WrongFile, match=sentence):
        emblem_picture(data, size=len(data), largest=2**20)


def test_a_text_bomb_costs_nothing() -> None:
    data = text_bomb()
    try:
        out = emblem_picture(data, size=len(data), largest=2**20)
    except WrongFile:
        return
    assert len(out) < 50_000


def test_a_file_that_was_too_large_to_be_kept_is_told_its_size() -> None:
    with pytest.raises(WrongFile, match="12 MB; paling besar 10 MB"):
        emblem_picture(b"", size=12 * 2**20 - 5, largest=10 * 2**20)


# -- keeping and removing ---------------------------------------------------------------------------------------------


def test_a_kept_emblem_lies_under_its_hash_and_is_journaled(cast: Cast) -> None:
    row = keep_emblem(Emblem(regency=regency("53.04")), sent(disc()), by=cast.operator_belu)
    file = settings.MEDIA_ROOT / row.file
    assert hashlib.sha256(file.read_bytes()).hexdigest() == row.sha256 == file.stem
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    entry = Entry.objects.get()
    assert (entry.verb, entry.object_label, entry.actor) == (
        "Mengunggah lambang", "Lambang Kabupaten Belu", cast.operator_belu,
    )  # fmt: skip
    assert entry.changes == {"sha256": ["", row.sha256]}


def test_the_same_picture_again_changes_nothing_and_mends_a_lost_file(cast: Cast) -> None:
    row = keep_emblem(Emblem(of_state=True), sent(disc()), by=cast.panitia)
    (settings.MEDIA_ROOT / row.file).unlink()
    assert keep_emblem(row, sent(disc()), by=cast.panitia) == row
    assert (settings.MEDIA_ROOT / row.file).exists() and Entry.objects.count() == 1


def test_replacing_and_removing_leave_the_pictures_that_papers_name(cast: Cast) -> None:
    old = keep_emblem(Emblem(province=home_province()), sent(disc()), by=cast.panitia)
    new = keep_emblem(Emblem(province=home_province()), sent(disc(colour="#c02020")), by=cast.admin)
    assert old.pk == new.pk and old.sha256 != new.sha256
    remove_emblem(new, by=cast.panitia)
    remove_emblem(new, by=cast.panitia)
    assert not Emblem.objects.exists()
    assert all((settings.MEDIA_ROOT / each.file).exists() for each in (old, new))
    told = [(entry.verb, entry.changes["sha256"]) for entry in Entry.objects.order_by("pk")]
    assert told == [
        ("Mengunggah lambang", ["", old.sha256]), ("Mengganti lambang", [old.sha256, new.sha256]),
        ("Menghapus lambang", [new.sha256, ""]),
    ]  # fmt: skip


@pytest.mark.parametrize("call", ["fsync", "fdopen"])
def test_a_full_disk_leaves_nothing(cast: Cast, monkeypatch, call: str) -> None:
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(verbs.os, call, full)
    with pytest.raises(NotWritten, match="kehabisan tempat penyimpanan"):
        keep_emblem(Emblem(of_state=True), sent(disc()), by=cast.panitia)
    monkeypatch.undo()
    assert not Emblem.objects.exists() and not Entry.objects.exists()
    assert not list((settings.MEDIA_ROOT / "emblems").iterdir())


def test_a_picture_is_readable_for_whoever_makes_papers(cast: Cast) -> None:
    row = keep_emblem(Emblem(of_state=True), sent(disc()), by=cast.panitia)
    assert (settings.MEDIA_ROOT / row.file).stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "name", ["kadis_prov", "kabid", "notulis", "verifikator", "kabid_belu", "bupati_belu", "tpl_belu", "observer",
             "stranger", "kadis_ende", "operator_ende"],
)  # fmt: skip
def test_nobody_else_touches_the_emblem_of_belu(cast: Cast, name: str) -> None:
    row = keep_emblem(Emblem(regency=regency("53.04")), sent(disc()), by=cast.panitia)
    with pytest.raises(Denied):
        keep_emblem(row, sent(disc(colour="#c02020")), by=cast[name])
    with pytest.raises(Denied):
        remove_emblem(row, by=cast[name])
    assert Emblem.objects.get().sha256 == row.sha256


@pytest.mark.parametrize("name", ["kadis_belu", "operator_belu"])
def test_a_regency_keeps_its_own_and_nothing_else(cast: Cast, name: str) -> None:
    keep_emblem(Emblem(regency=regency("53.04")), sent(disc()), by=cast[name])
    ministry = Agency.objects.filter(level="pusat").first()
    others = (Emblem(of_state=True), Emblem(province=home_province()), Emblem(regency=regency("53.08")),
              Emblem(agency=ministry), Emblem(agency=lead_agency("53.04")))  # fmt: skip
    for other in others:
        with pytest.raises(Denied):
            keep_emblem(other, sent(disc()), by=cast[name])


# -- in the kop -------------------------------------------------------------------------------------------------------


def test_every_office_prints_its_own_emblem_or_that_of_its_region(cast: Cast) -> None:
    province = keep_emblem(Emblem(province=home_province()), sent(disc(colour="#101010")), by=cast.admin)
    belu = keep_emblem(Emblem(regency=regency("53.04")), sent(disc(colour="#202020")), by=cast.admin)
    keep_emblem(Emblem(of_state=True), sent(disc(colour="#303030")), by=cast.admin)
    ministry = Agency.objects.filter(level="pusat").first()
    shown = [letterhead_facts(office).get("emblem") for office in (lead_agency(), lead_agency("53.04"))]
    assert shown == [
        {"sha256": province.sha256, "name": "Lambang Provinsi Nusa Tenggara Timur"},
        {"sha256": belu.sha256, "name": "Lambang Kabupaten Belu"},
    ]
    assert "emblem" not in letterhead_facts(lead_agency("53.08"))
    assert "emblem" not in letterhead_facts(ministry)
    own = keep_emblem(Emblem(agency=ministry), sent(disc(colour="#404040")), by=cast.admin)
    assert letterhead_facts(ministry)["emblem"]["sha256"] == own.sha256


# -- pages ------------------------------------------------------------------------------------------------------------


def upload(client, key: str, data: bytes | None = None, follow: bool = False):
    """What a browser does with the form."""
    file = SimpleUploadedFile("lambang.png", sent(disc()) if data is None else data, "image/png")
    return client.post(f"/kantor/lambang/{key}/", {"picture": file}, follow=follow)


def test_the_list_names_every_place_and_who_prints_it(cast: Cast, client_of, assert_queries) -> None:
    keep_emblem(Emblem(regency=regency("53.04")), sent(disc()), by=cast.panitia)
    client = client_of(cast.panitia)
    client.get("/kantor/lambang/")
    with assert_queries(8):
        answer = client.get("/kantor/lambang/")
    assert "Terisi 1 dari 25." in answer.text and answer.text.count("Belum ada</span>") == 24
    assert "Mengunggah lambang: Lambang Kabupaten Belu" in answer.text
    places = {place.key: place for place in emblem_places(cast.panitia)}
    assert list(places)[:3] == ["negara", "provinsi", "53.01"] and places["53.04"].emblem.pk
    assert lead_agency() in places["provinsi"].offices and lead_agency("53.08") in places["53.08"].offices


def test_only_those_who_may_are_offered_the_forms(cast: Cast, client_of) -> None:
    for name, keys in (("panitia", 25), ("operator_belu", 1), ("kadis_prov", 0), ("tpl_belu", 0)):
        text = client_of(cast[name]).get("/kantor/lambang/").text
        assert text.count("Unggah<span") == keys, name
    assert 'href="/kantor/lambang/53.04/"' in client_of(cast.operator_belu).get("/kantor/lambang/").text
    assert 'id="riwayat"' not in client_of(cast.operator_belu).get("/kantor/lambang/").text


def test_upload_replace_and_remove_by_hand(cast: Cast, client_of) -> None:
    client = client_of(cast.operator_belu)
    answer = upload(client, "53.04", follow=True)
    assert answer.redirect_chain == [("/kantor/lambang/#lambang-53.04", 302)]
    assert "Lambang Kabupaten Belu disimpan." in answer.text
    form = client.get("/kantor/lambang/53.04/")
    assert 'data-confirm="Ganti lambang yang sekarang?"' in form.text
    question = client.get("/kantor/lambang/53.04/hapus/")
    assert "Hapus Lambang Kabupaten Belu?" in question.text and Emblem.objects.exists()
    gone = client.post("/kantor/lambang/53.04/hapus/", follow=True)
    assert "Lambang Kabupaten Belu dihapus." in gone.text and not Emblem.objects.exists()
    history = client_of(cast.panitia).get("/kantor/lambang/").text
    assert "Menghapus lambang: Lambang Kabupaten Belu" in history and "None" not in history
    assert client.get("/kantor/lambang/53.04/hapus/").status_code == 302


def test_a_wrong_file_is_refused_at_its_field(cast: Cast, client_of) -> None:
    client = client_of(cast.panitia)
    wrong = upload(client, "provinsi", b"GIF89a")
    assert wrong.status_code == 422 and "PNG atau JPEG. Simpan" in wrong.text
    nothing = client.post("/kantor/lambang/provinsi/")
    assert nothing.status_code == 422 and "Pilih berkas gambarnya." in nothing.text
    large = upload(client, "provinsi", bytes(11 * 2**20))
    assert large.status_code == 422 and "11 MB; paling besar 10 MB" in large.text
    assert not Emblem.objects.exists()


def test_places_of_others_and_places_that_are_none(cast: Cast, client_of) -> None:
    operator = client_of(cast.operator_belu)
    for key in ("negara", "provinsi", "53.08", f"kantor-{Agency.objects.filter(level='pusat').first().pk}"):
        assert upload(operator, key).status_code == 403, key
        assert operator.post(f"/kantor/lambang/{key}/hapus/").status_code == 403, key
    admin = client_of(cast.admin)
    for key in ("garuda", "99.99", "kantor-0", f"kantor-{lead_agency('53.04').pk}", "kantor-99999999999"):
        assert upload(admin, key).status_code == 404, key
    assert not Emblem.objects.exists()


def test_pictures_are_served_to_people_of_the_portal_only(cast: Cast, client_of) -> None:
    row = keep_emblem(Emblem(of_state=True), sent(disc()), by=cast.panitia)
    address = f"/kantor/lambang/gambar/{row.sha256}.png"
    answer = client_of(cast.tpl_belu).get(address)
    assert b"".join(answer.streaming_content) == (settings.MEDIA_ROOT / row.file).read_bytes()
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert client_of().get(address).status_code == 302
    remove_emblem(row, by=cast.panitia)
    assert client_of(cast.panitia).get(address).status_code == 404  # the file is still there
    for name in ("..%2f..%2fsecret_key", "0" * 64):
        assert client_of(cast.panitia).get(f"/kantor/lambang/gambar/{name}.png").status_code == 404


def test_the_page_of_an_office_shows_its_kop_with_the_emblem(cast: Cast, client_of) -> None:
    address = f"/kantor/{lead_agency('53.04').pk}/"
    for name, may in (("operator_belu", True), ("panitia", True), ("operator_ende", False)):
        text = client_of(cast[name]).get(address).text
        assert "Kop ini belum memuat lambang." in text
        assert ('href="/kantor/lambang/53.04/"' in text) is may, name
    row = keep_emblem(Emblem(regency=regency("53.04")), sent(disc()), by=cast.panitia)
    text = client_of(cast.operator_belu).get(address).text
    assert f'src="/kantor/lambang/gambar/{row.sha256}.png" alt="Lambang Kabupaten Belu"' in text
    assert "belum memuat" not in text and "Ganti lambang" in text


# -- the demo ---------------------------------------------------------------------------------------------------------


def test_the_demo_gets_stand_ins_once(cast: Cast) -> None:
    assert hang_stand_ins(by=cast.admin) == 3
    assert {str(row) for row in Emblem.objects.all()} == {
        "Lambang Negara Garuda Pancasila", "Lambang Provinsi Nusa Tenggara Timur", "Lambang Kabupaten Belu",
    }  # fmt: skip
    assert len({row.sha256 for row in Emblem.objects.all()}) == 3
    for row in Emblem.objects.all():
        remove_emblem(row, by=cast.admin)
    assert hang_stand_ins(by=cast.admin) == 0 and not Emblem.objects.exists()  # what people changed stays


def test_another_province_gets_a_stand_in_of_its_own(cast: Cast, settings) -> None:
    Province.objects.create(code="35", name="Jawa Timur")
    settings.PROVINCE_CODE = "35"
    assert hang_stand_ins(by=cast.admin) == 2
    assert Emblem.objects.filter(province__code="35").exists() and not Emblem.objects.filter(regency__isnull=False)
