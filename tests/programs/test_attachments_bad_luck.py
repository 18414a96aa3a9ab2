"""Files of proposals under bad luck: two tabs at the same moment, and whatever a form can be filled with."""

from __future__ import annotations

import io
import threading
import uuid
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from programs.actions.attachments import add_attachment
from programs.actions.uploads import begin_upload, receive_piece
from programs.models import Attachment, Proposal, ReadinessItem, Upload
from tests.cast import build_cast
from tests.factories_programs import make_proposal
from tests.programs import files

ODD = (
    "", " ", "0", "-1", "999999999999999999999", "1e400", "NaN", "٣", "' OR 1=1 --", "<script>alert(1)</script>",
    "=1+1",
    "../../../etc/passwd", "..\\..\\x.pdf", "\x00", "a\x00b.pdf", "\u202egnp.exe.pdf", "x" * 5000,
    "é" * 300 + ".pdf",
    "kak", "a.pdf", "A.PDF", ".pdf", "con.pdf", "a.pdf.exe", "%00.pdf", "a\r\nX: y.pdf", '"; filename="x.pdf', "🙂.pdf",
    "null", "[]", "{}", "true", str(uuid.UUID(int=3)), "00000000-0000-0000-0000-00000000000g",
)  # fmt: skip


def at_once(*calls: Callable[[], Any]) -> list[Exception]:
    """Run all calls in threads of their own, as near to the same moment as can be; what they raised."""
    start, raised = threading.Barrier(len(calls)), list[Exception]()

    def run(call: Callable[[], Any]) -> None:
        start.wait()
        try:
            call()
        except Exception as error:  # noqa: BLE001  the test looks at whatever it was
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_the_same_file_from_two_tabs_at_once_is_one_file() -> None:
    cast = build_cast()
    by, data = cast.operator_belu, files.photo(size=(1200, 900))
    proposal, item = make_proposal(), ReadinessItem.objects.get(key="foto")
    assert not at_once(*[lambda: add_attachment(proposal, "a.jpg", data, by=by, item=item)] * 3)
    assert proposal.attachments.count() == 1

    proposal, half = make_proposal(), len(data) // 2

    def tab() -> None:
        begun = begin_upload(
            proposal, key=uuid.uuid4(), name="a.jpg", size=len(data), crc32=zlib.crc32(data), by=by, item=item
        )
        while begun.attachment is None:
            piece = data[begun.received : begun.received + half]
            begun = receive_piece(proposal, begun.key, begun.received, piece, by=by)

    assert not at_once(tab, tab, tab)
    assert proposal.attachments.count() == 1
    assert Upload.objects.filter(proposal=proposal).count() == 1
    _folders, names = default_storage.listdir("usulan/potongan")
    assert names == []


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once(settings: Any) -> None:
    settings.ATTACHMENT_MAX_COUNT = 1
    cast, proposal = build_cast(), make_proposal()
    calls = [lambda n=n: add_attachment(proposal, "a.pdf", files.pdf(str(n)), by=cast.operator_belu) for n in range(3)]
    assert len(at_once(*calls)) == 2
    assert proposal.attachments.count() == 1


def test_hostile_inputs(cast: Any, client_of: Any) -> None:
    """No 500, no change, a sentence each time."""
    chance, proposal, client = Random(3), make_proposal(), client_of(cast.operator_belu)  # noqa: S311  a repeatable die
    stored = add_attachment(proposal, "a.pdf", files.pdf(), by=cast.operator_belu)

    def odd() -> str:
        return chance.choice(ODD)

    def one(number: int) -> Any:
        address = [
            (
                "upload_begin",
                [proposal.pk],
                {"key": odd(), "name": odd(), "size": odd(), "crc32": odd(), "item": odd()},
            ),
            (
                "attachment_add",
                [proposal.pk],
                {"item": odd(), "keeps_place": odd(), "next": odd(), "berkas": _file(odd())},
            ),
            ("attachment_add", [proposal.pk], {"item": "kak", "berkas": [_file(odd(), chance), odd()]}),
            ("attachment_edit", [proposal.pk, stored.public_id], {"item": odd(), "caption": odd() * 60}),
            ("upload_piece", [proposal.pk, uuid.UUID(int=3)], {"dari": odd()}),
        ][number % 5]
        return client.post(reverse(address[0], args=address[1]), address[2])

    for number in range(250):
        answer = one(number)
        assert answer.status_code in (200, 302, 400, 403, 404, 409, 422), number
    for text in ODD:
        assert client.get(reverse("attachments", args=[proposal.pk]), {"berkas": text}).status_code in (200, 400)
    assert set(Attachment.objects.values_list("kind", flat=True)) == {"pdf"}
    assert all(".." not in path and "/etc" not in path for path in Attachment.objects.values_list("file", flat=True))
    assert Proposal.objects.get().status == "konsep"


def _file(name: str, chance: Random | None = None) -> io.BytesIO:
    """A file of any name, with hostile or right content."""
    file = io.BytesIO(files.pdf() if chance is None else chance.randbytes(200))
    file.name = name
    return file
