"""A server whose disk is full: every page that takes a file says so, keeps what was typed, and stores nothing.

tests/full_disk.py makes the kernel refuse for real.
"""

from __future__ import annotations

import io
import uuid
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from programs.actions import signing
from programs.actions.attachments import add_attachment
from programs.actions.uploads import begin_upload
from programs.models import Attachment, ReportPhoto, Revision, Upload
from rakor.actions import agreements
from rakor.actions.invitations import accept
from rakor.models import Agreement, Invitation, SessionPhoto
from tests.factories import make_meeting
from tests.factories_agreements import make_decided_meeting, make_scan
from tests.factories_ceremonies import make_signing_session, picture
from tests.factories_guests import make_invitation
from tests.factories_programs import make_proposal
from tests.factories_signing import SIGNERS, make_frozen, place
from tests.full_disk import no_room, stored
from tests.programs import files
from tests.programs.reports_world import contracted, last_month, make_report

pytestmark = pytest.mark.django_db
FULL = "Server kehabisan tempat penyimpanan"
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def refused(client_of: Callable) -> Callable[..., str]:
    """Post to a disk without room: the answer, of that status, says so; no file is there more than before."""

    def post(who: Any, address: str, data: Any, status: int = 422, **how: Any) -> str:
        client, before = client_of(who), stored()
        with no_room():
            answer = client.post(address, data, **how)
        assert answer.status_code == status
        assert FULL in answer.text
        assert stored() == before
        return answer.text

    return post


def big_pdf(size: int = 9000, *, pages: int = 1) -> bytes:
    """A whole PDF of more than so many bytes."""
    stream = io.BytesIO()
    with pikepdf.new() as made:
        for _page in range(pages):
            made.add_blank_page()
        made.Root.Padding = made.make_stream(Random(size).randbytes(size))  # noqa: S311  a repeatable die
        made.save(stream)
    return stream.getvalue()


def test_a_surat_tugas(cast: Any, published_meeting: Any, refused: Callable) -> None:
    invited = make_invitation(published_meeting, by=cast.panitia)
    accept(invited, by=cast.operator_belu, base_version=1)
    address = reverse("invitation_assignment", args=[invited.meeting.slug, invited.pk])
    text = refused(
        cast.operator_belu, address, {"number": "094/1/2019", "on": "2019-04-20", "file": make_scan(big_pdf())}
    )
    assert 'value="094/1/2019"' in text and 'value="2019-04-20"' in text
    assert not Invitation.objects.get().assignment_file


def test_the_scan_of_an_agreement(cast: Any, refused: Callable) -> None:
    meeting = make_decided_meeting()
    agreed = agreements.agree(agreements.start_agreement(meeting, by=cast.panitia), by=cast.kadis_prov)
    data = {"signed_on": meeting.ends_on.isoformat(), "scan": make_scan(big_pdf())}
    text = refused(cast.panitia, reverse("agreement_scan", args=[meeting.slug]), data)
    assert f'value="{meeting.ends_on.isoformat()}"' in text
    assert FULL in text[text.index('id="id_scan_error"') :][:200], "at the file, not at the day"
    assert Agreement.objects.get(pk=agreed.pk).status == "disepakati"


def test_the_scan_of_a_contract(cast: Any, refused: Callable) -> None:
    contract = make_frozen(cast, route="basah")
    for name in SIGNERS:
        signing.record_wet(place(contract, cast[name]), by=cast.panitia)
    data = {"scan": make_scan(big_pdf(pages=6))}
    refused(cast.panitia, reverse("contract_scan", args=[contract.pk]), data)
    assert not Revision.objects.filter(kind="pindaian").exists()


def test_a_photo_of_a_session(cast: Any, refused: Callable) -> None:
    session = make_signing_session(make_meeting(status="berlangsung"))
    photo = SimpleUploadedFile("foto.jpg", picture(size=(1600, 1200)))
    data = {"photo": photo, "caption": "Bupati Belu menyaksikan", "photographer": "Humas Contoh"}
    text = refused(cast.panitia, reverse("session_photo_add", args=[session.meeting.slug, session.pk]), data)
    assert "Bupati Belu menyaksikan" in text and 'value="Humas Contoh"' in text
    assert not SessionPhoto.objects.exists()


@pytest.mark.parametrize("script", [True, False])
def test_a_photo_of_a_report(cast: Any, refused: Callable, script: bool) -> None:
    report = make_report(contracted(cast.tpl_belu), last_month(), by=cast.tpl_belu)
    photo = SimpleUploadedFile("foto.jpg", files.photo(size=(1600, 1200)))
    data = {"key": str(uuid.uuid4()), "caption": "Penenun di alatnya", "file": photo}
    refused(cast.tpl_belu, reverse("report_photo_add", args=[report.pk]), data, headers=FETCH if script else {})
    assert not ReportPhoto.objects.exists()


@pytest.mark.parametrize("size", [9_000, 1_500_000], ids=["kept in memory", "moved to the disk while it comes in"])
def test_files_of_a_proposal(cast: Any, refused: Callable, size: int) -> None:
    proposal = make_proposal()
    small, large = make_scan(files.pdf("kecil"), "kecil.pdf"), make_scan(big_pdf(size), "besar.pdf")
    address = reverse("attachment_add", args=[proposal.pk])
    add_attachment(proposal, "kecil.pdf", files.pdf("kecil"), by=cast.operator_belu)
    text = refused(cast.operator_belu, address, {"item": "", "berkas": [large, small]})
    assert f"besar.pdf: {FULL}" in text and f"kecil.pdf: {FULL}" not in text
    assert [row.name for row in Attachment.objects.all()] == ["kecil.pdf"]


def test_a_piece_of_a_file(cast: Any, refused: Callable, client_of: Callable) -> None:
    """The script hears the sentence; what came before stays, and the same piece is taken when there is room again."""
    proposal, data = make_proposal(), big_pdf()
    begun = begin_upload(
        proposal, key=uuid.uuid4(), name="a.pdf", size=len(data), crc32=zlib.crc32(data), by=cast.operator_belu
    )
    address = f"{reverse('upload_piece', args=[proposal.pk, begun.key])}?dari=0"
    binary = {"content_type": "application/octet-stream", "headers": FETCH}
    refused(cast.operator_belu, address, data, 409, **binary)
    assert Upload.objects.get().received == 0
    assert client_of(cast.operator_belu).post(address, data, **binary).json()["done"]


def test_a_database_without_room(cast: Any, client_of: Callable) -> None:
    """PostgreSQL's own error for a full disk, raised by PostgreSQL: the page of that error, and nothing is stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END$$"
        )
        cursor.execute("CREATE TRIGGER no_room BEFORE INSERT ON programs_attachment EXECUTE FUNCTION no_room()")
    proposal, before = make_proposal(), stored()
    data = {"item": "", "berkas": make_scan(files.pdf())}
    answer = client_of(cast.operator_belu).post(reverse("attachment_add", args=[proposal.pk]), data)
    assert answer.status_code == 507 and FULL in answer.text
    assert stored() == before and not Attachment.objects.exists()
