"""Signing a paper one after another, and everything that must not go through."""

from __future__ import annotations

import datetime as dt
import io
import logging
import shutil
import subprocess
import time

import pikepdf
import pypdf
import pytest
from django.core import serializers
from django.db import connection, transaction
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from portal.accounts.models import Throttle
from portal.documents import rendering
from portal.journal.models import Entry
from portal.signing import actions, authority, checking
from portal.signing.actions import SigningError
from portal.signing.fields import Place, prepare, spot_of
from portal.signing.models import SigningIdentity
from portal.signing.revisions import only_signatures_added
from portal.signing.stamps import Card, address_of, stamps_pdf
from tests.signing import (
    FIELDS,
    PASSPHRASE,
    Stranger,
    identity_of,
    marks,
    paint_over,
    places,
    plain_paper,
    prepared_paper,
    sign,
    stamps,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(cast):
    """Three people with a certificate each."""
    people = (cast.kadis_belu, cast.tpl_belu, cast.bupati_belu)
    for person in people:
        identity_of(person)
    return people


@pytest.fixture
def signed(three):
    """The paper after each of the three signatures."""
    states = [prepared_paper()]
    for number, person in enumerate(three, start=1):
        states.append(sign(states[-1], person, number).content)
    return states


# -- fields -----------------------------------------------------------------------------------------------------------


def test_prepared_fields_are_tagged_printed_and_empty():
    with pikepdf.open(io.BytesIO(prepared_paper())) as pdf:
        fields = list(pdf.Root.AcroForm.Fields)
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        assert [str(field.T) for field in fields] == list(FIELDS)
        for field in fields:
            assert str(field.TU).startswith("Tanda tangan orang") and int(field.F) == 132 and "/V" not in field
            assert field.AP.N.BBox is not None and field.P.Tabs == pikepdf.Name.S
            element = parents[int(field.StructParent)]
            assert pikepdf.Name.Form == element.S and element.K.Obj.objgen == field.objgen
            assert element.objgen in [child.objgen for child in element.P.K]
        assert int(pdf.Root.AcroForm.SigFlags) == 3


def test_preparing_changes_nothing_else_and_gives_the_same_bytes_again():
    before, after = marks(plain_paper()), marks(prepared_paper())
    assert sorted([*before.pop("structure"), *["/Form"] * 3]) == after.pop("structure")
    assert before == after and before["pdfa"] and before["pdfua"] and before["attachments"]
    first = prepare(plain_paper(), places())
    time.sleep(1.1)  # a file's identity must not come from the clock
    assert prepare(plain_paper(), places()) == first


def test_a_field_lies_where_its_box_is():
    spot = spot_of(prepared_paper(), FIELDS[1])
    assert round(spot.width / 72 * 25.4, 1) == 62 and round(spot.height / 72 * 25.4, 1) == 24
    assert spot.page == len(marks(plain_paper())["pages"])
    with pytest.raises(SigningError, match="tidak ada di naskah"):
        spot_of(prepared_paper(), "ttd-saksi-9")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ([Place("a", "ttd-saksi-9", 62, 24, "Pihak Kesatu")], "“Pihak Kesatu” tidak ditemukan"),
        ([Place("a", FIELDS[0], 62, 24, "A"), Place("a", FIELDS[1], 62, 24, "B")], "nama yang sama"),
        ([Place("a", FIELDS[0], 300, 24, "Terlalu lebar")], "tidak muat"),
    ],
)
def test_places_that_cannot_be_are_sentences(changed, sentence):
    with pytest.raises(SigningError, match=sentence):
        prepare(plain_paper(), changed)


def test_a_paper_is_prepared_once():
    with pytest.raises(SigningError, match="sudah mempunyai kolom"):
        prepare(prepared_paper(), places())


# -- signing ----------------------------------------------------------------------------------------------------------


def test_three_sign_and_every_signature_stays_good(three):
    content = prepared_paper()
    for number, person in enumerate(three, start=1):
        done = sign(content, person, number)
        assert done.content.startswith(content) and 8_000 < len(done.content) - len(content) < 30_000
        content = done.content
        assert (done.kind, done.certificate) == ("lokal", person.display_name)
        assert done.serial == SigningIdentity.objects.of(person).serial
        verdict = checking.check(content)
        assert verdict.as_json() == done.verdict and verdict.trusted and verdict.whole
        assert [one.name for one in verdict.signatures] == [one.display_name for one in three[:number]]
        assert all(one.valid and one.intact and one.kind == "lokal" for one in verdict.signatures)
        assert [one.covers_all for one in verdict.signatures] == [False] * (number - 1) + [True]
        assert "tidak tersertifikasi" in verdict.sentence
        assert abs(done.signed_at - timezone.now()) < dt.timedelta(minutes=1)


def test_the_full_analysis_agrees(signed):
    verdict = checking.check(signed[-1], full=True)
    assert verdict.trusted and len(verdict.signatures) == 3


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler's pdfsig is not on this machine")
def test_another_reader_agrees(signed, tmp_path):
    (tmp_path / "a.pdf").write_bytes(signed[-1])
    told = subprocess.run(["pdfsig", "-nocert", tmp_path / "a.pdf"], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature is Valid.") == 3 and told.count("Total document signed") == 1


def test_archival_and_accessible_before_and_after(signed):
    first = marks(signed[0])
    assert first["pdfa"] and first["pdfua"] and first["marked"]
    for state in signed[1:]:
        assert marks(state) == first


def test_the_stamp_is_seen_in_the_field(signed):
    with pikepdf.open(io.BytesIO(signed[-1])) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            assert field.AP.N.Resources.XObject and "/V" in field and int(field.F) == 132


def test_signing_renders_nothing(three, monkeypatch):
    prepared_paper(), stamps()

    def never():
        raise AssertionError("rendered")

    monkeypatch.setattr(rendering, "press", never)
    monkeypatch.setattr(rendering.Press, "__init__", lambda *_args: never())
    assert sign(prepared_paper(), three[0]).content


def test_a_field_is_signed_once(three, signed):
    with pytest.raises(SigningError, match="sudah terisi"):
        sign(signed[1], three[1], 1, first=False)


def test_a_broken_file_is_not_signed(three):
    with pytest.raises(SigningError):
        sign(b"%PDF-1.7 nothing", three[0])


# -- tampering --------------------------------------------------------------------------------------------------------


def test_one_changed_byte_is_found_wherever_it_is(signed):
    whole = signed[-1]
    for place in (2_000, len(signed[0]) // 2, len(signed[1]) - 400, len(whole) - 300):
        changed = bytearray(whole)
        changed[place] ^= 1
        verdict = checking.check(bytes(changed))
        assert not verdict.whole and not verdict.trusted, place


def test_what_is_appended_after_the_last_signature_is_found(signed):
    verdict = checking.check(paint_over(signed[-1]))
    assert not verdict.whole and "diubah" in verdict.sentence
    assert all(one.intact for one in verdict.signatures), "each signature alone would still look good"


def test_even_a_harmless_update_after_the_last_signature_is_found(signed):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed[-1]))
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert only_signatures_added(signed[-1], out.getvalue()) and not checking.check(out.getvalue()).whole


def test_what_is_appended_between_two_signatures_is_found(three, signed):
    painted = paint_over(signed[1])
    with pytest.raises(SigningError, match="tidak lolos"):
        sign(painted, three[1], 2)
    sneaked = Stranger().sign(painted, FIELDS[1])
    verdict = checking.check(sneaked)
    assert verdict.signatures[-1].covers_all and not verdict.whole


def test_a_file_saved_anew_is_found(signed):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed[-1])) as pdf:
        pdf.save(out)
    assert not checking.check(out.getvalue()).whole


def test_what_counts_as_only_signatures(signed):
    def again(content, change):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(content)) as pdf:
            change(pdf)
            pdf.save(out)
        return out.getvalue()

    assert only_signatures_added(signed[0], signed[1]) and only_signatures_added(signed[1], signed[3])
    assert only_signatures_added(signed[1], signed[1])
    assert not only_signatures_added(signed[1], signed[0])
    assert not only_signatures_added(signed[0], paint_over(signed[0]))
    assert not only_signatures_added(signed[0], again(signed[0], lambda pdf: None)), "the same, but saved anew"
    assert not only_signatures_added(b"no pdf", b"no pdf at all")
    remark = bytearray(signed[1])
    assert remark[9:10] == b"%"
    remark[11] ^= 1  # in a remark that no reader looks at: the same objects, not the same file
    assert not only_signatures_added(signed[0], bytes(remark))


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\nstartxref\n9\n%%EOF"])
def test_what_is_no_paper_gets_a_sentence(content):
    verdict = checking.check(content)
    assert not verdict.whole and not verdict.signatures and verdict.sentence


def test_a_paper_without_signatures_says_so():
    assert "tidak memuat tanda tangan" in checking.check(plain_paper()).sentence
    assert "tidak memuat tanda tangan" in checking.check(prepared_paper()).sentence


# -- whose certificate ------------------------------------------------------------------------------------------------


def test_a_stranger_is_not_trusted_whatever_he_calls_himself(three, signed):
    authority_name = authority.authority_certificate().subject.rfc4514_string().removeprefix("CN=")
    for name in (authority_name, "OSD LU Kelas 2"):
        verdict = checking.check(Stranger(name).sign(signed[1], FIELDS[1]))
        newest = verdict.signatures[-1]
        assert verdict.whole and not verdict.trusted
        assert (newest.kind, newest.trusted, newest.valid, newest.intact) == ("tidak_dikenal", False, False, True)
        assert "tidak dikenal" in newest.sentence


def test_a_certificate_that_was_never_issued_is_not_trusted(three):
    """Who steals the authority's key can make certificates, but no row of ours."""
    done = sign(prepared_paper(), three[0])
    SigningIdentity.objects.filter(user=three[0]).update(serial="abc")
    verdict = checking.check(done.content)
    assert not verdict.trusted and "tidak pernah diterbitkan" in verdict.signatures[0].sentence


def test_revoked_later_stays_good_revoked_before_does_not(cast, three, time_machine):
    person = three[0]
    identity = SigningIdentity.objects.of(person)
    pen = actions.BACKENDS["lokal"].open(identity, PASSPHRASE)
    done = sign(prepared_paper(), person)
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    actions.revoke_identity(identity, "Ponsel hilang", by=person)
    verdict = checking.check(done.content)
    assert verdict.trusted and "dicabut kemudian" in verdict.signatures[0].sentence
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    sheet = actions.Sheet(prepared_paper(), FIELDS[0], stamps(), 0, True, "X", "", "")
    verdict = checking.check(pen.sign(sheet))
    assert not verdict.trusted and "sudah dicabut" in verdict.signatures[0].sentence


def test_expired_later_stays_good_and_cannot_sign(three, time_machine):
    done = sign(prepared_paper(), three[0])
    time_machine.move_to(timezone.now() + dt.timedelta(days=2 * 365 + 1))
    verdict = checking.check(done.content)
    assert verdict.trusted and "berakhir kemudian" in verdict.signatures[0].sentence
    with pytest.raises(SigningError, match="kedaluwarsa"):
        sign(prepared_paper(), three[0])


# -- the passphrase ---------------------------------------------------------------------------------------------------


def test_a_wrong_passphrase_signs_nothing_and_is_counted(three, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    for _try in range(3):
        with pytest.raises(SigningError, match="Frasa sandi tidak cocok"):
            sign(prepared_paper(), three[0], passphrase="kuda terbang di bukit biru")
    with pytest.raises(SigningError, match="Terlalu banyak percobaan"):
        sign(prepared_paper(), three[0])
    assert sign(prepared_paper(), three[1]).content, "nobody else has to wait"
    time_machine.shift(11)
    assert sign(prepared_paper(), three[0]).content
    assert not Throttle.objects.exists(), "success forgets"


def test_another_persons_passphrase_opens_nothing(cast, three):
    identity_of(cast.kadis_prov, "gunung tinggi dan laut dalam")
    with pytest.raises(SigningError, match="tidak cocok"):
        sign(prepared_paper(), cast.kadis_prov)


def test_without_identity_nobody_signs(cast):
    with pytest.raises(SigningError, match="belum mempunyai sertifikat"):
        sign(prepared_paper(), cast.stranger)


def test_a_revoked_identity_does_not_sign(three):
    actions.revoke_identity(SigningIdentity.objects.of(three[0]), "Lupa frasa sandi", by=three[0])
    with pytest.raises(SigningError, match="sudah dicabut"):
        sign(prepared_paper(), three[0])


@pytest.mark.django_db(transaction=True)
def test_signing_refuses_to_be_rolled_back_with_its_caller(cast):
    """Inside a transaction a refused passphrase would not stay counted."""
    identity_of(cast.kadis_belu)
    with pytest.raises(RuntimeError), transaction.atomic():
        sign(prepared_paper(), cast.kadis_belu)


def test_the_passphrase_is_found_nowhere(three, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    wrong = "rahasia yang keliru sekali"
    errors = []
    for passphrase in (wrong, PASSPHRASE):
        try:
            sign(prepared_paper(), three[0], passphrase=passphrase)
            sign(prepared_paper(), three[0], passphrase=passphrase, field="tidak-ada")
        except SigningError as error:
            errors.append("".join(map(repr, (error, error.__cause__, error.__context__, error.args))))
    assert len(errors) == 2
    journal = serializers.serialize("json", Entry.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text FROM signing_signingidentity i UNION ALL SELECT s::text FROM django_session s")
        stored = str(cursor.fetchall())
    out = capfd.readouterr()
    for text in (caplog.text, journal, stored, out.out, out.err, *errors):
        assert wrong not in text and PASSPHRASE not in text
    assert Entry.objects.filter(verb="Menerbitkan sertifikat tanda tangan", actor=three[0]).count() == 1


# -- stamps -----------------------------------------------------------------------------------------------------------


def test_stamps_are_one_page_each_without_marks_of_their_own():
    with pikepdf.open(io.BytesIO(stamps())) as pdf:
        assert len(pdf.pages) == 3 and "/StructTreeRoot" not in pdf.Root and not pdf.attachments
        for page in pdf.pages:
            assert [round(float(side) / 72 * 25.4) for side in page.mediabox] == [0, 0, 62, 24]
            assert b"BDC" not in page.Contents.read_bytes()
    assert address_of(stamps()).endswith("/v/7K3QM-9XPA2/")


def test_a_stamp_says_who_and_which_kind():
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(stamps())).pages]
    for number, text in enumerate(pages, start=1):
        assert f"Orang {number}" in text and "Kepala Dinas" in text and "Kode 7K3QM-9XPA2" in text
        assert "tidak tersertifikasi" in text


def test_long_names_stay_on_their_own_stamp():
    long = Card("Prof. Dr. " + "Nama " * 30, "Kepala Dinas " * 20, "Sertifikat portal", "7K3QM-9XPA2", "x")
    assert len(pikepdf.open(io.BytesIO(stamps_pdf([long, long]))).pages) == 2
