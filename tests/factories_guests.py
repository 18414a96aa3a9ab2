"""Invitations that were sent, and people registered for them: plain functions as in tests/factories.py."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests import factories

KADIS, BUPATI, OTHER = "kadis_kab", "kepala_daerah", "instansi"


def make_letter(meeting: Any, *, by: Any, group: str = KADIS, **values: Any) -> Any:
    """A sent letter of invitation to that group, to be confirmed a week before the meeting."""
    from django.utils import timezone

    from rakor.facts.letters import InvitationContent
    from rakor.models import Letter
    from regencies.models import Position, Register

    deadline = meeting.starts_on - dt.timedelta(days=7)
    content = InvitationContent(
        opening="Dalam rangka pelaksanaan rapat koordinasi, kami mengundang Saudara.",
        starts_on=meeting.starts_on.isoformat(), ends_on=meeting.ends_on.isoformat(), starts_at="09:00",
        venue=meeting.place, agenda=("Evaluasi kegiatan", "Penyusunan program"), confirm_by=deadline.isoformat(),
    )  # fmt: skip
    now = timezone.now()
    values = {
        "subject": "Undangan Rapat Koordinasi", "status": "terkirim", "content": content.stored(), "author": by,
        "initialled_by": by, "initialled_at": now, "approved_by": by, "approved_at": now, "sent_at": now,
        "dated_on": timezone.localdate(), "signer": Position.objects.filter(role="kadis_prov").first(),
        "register": Register.objects.filter(key="surat-keluar").first(), **values,
    }  # fmt: skip
    return Letter.objects.create(meeting=meeting, kind="undangan", group=group, **values)


def make_invitation(
    meeting: Any, code: str = "53.04", *, by: Any = None, group: str = KADIS, letter: Any = None, **values: Any
) -> Any:
    """An invitation of the office (or the head) of that regency; with `by` its letter was sent today."""
    from rakor.models import Invitation

    place = factories.regency(code)
    head = group == BUPATI
    values = {
        "agency": None if head else factories.lead_agency(code),
        "addressee": f"Bupati {place.bare_name}" if head else f"Kepala {factories.lead_agency(code).name}",
        "place": place.capital, "order": int(code[-2:]), **values,
    }  # fmt: skip
    invitation = Invitation.objects.create(meeting=meeting, group=group, regency=place, **values)
    if by is not None:
        send(invitation, letter or make_letter(meeting, by=by, group=group), by=by)
    return invitation


def make_told_office(meeting: Any, *, by: Any, **values: Any) -> Any:
    """The invitation of Belu's office, told of its letter by a message that waits."""
    from rakor.actions.notices import letter_sent

    invitation = make_invitation(meeting, by=by, email="belu@example.go.id", **values)
    letter_sent(invitation.copies.all(), by=by)
    return invitation


def let_messages_go(by: Any) -> None:
    """Let everything go that waits in the outbox, and have it sent."""
    from portal.outbox.actions import release
    from portal.outbox.models import Message
    from portal.outbox.tasks import send_message

    waiting = list(Message.objects.filter(status="menunggu"))
    release(waiting, by=by)
    for message in waiting:
        assert send_message(message.pk) == "sent"


def invite_agency(meeting: Any, agency: Any, *, by: Any = None, **values: Any) -> Any:
    """An invitation of another agency, sent when `by` is given."""
    from rakor.models import Invitation

    values = {"addressee": f"Kepala {agency.name}", **values}
    invitation = Invitation.objects.create(meeting=meeting, group=OTHER, agency=agency, **values)
    if by is not None:
        send(invitation, make_letter(meeting, by=by, group=OTHER), by=by)
    return invitation


def send(invitation: Any, letter: Any, *, by: Any) -> Any:
    """The numbered copy of that letter for this recipient, sent now."""
    from django.utils import timezone

    from rakor.models import LetterCopy
    from regencies.actions.registers import take_number

    copy = LetterCopy.objects.create(
        letter=letter, invitation=invitation, addressee=invitation.addressee, place=invitation.place
    )
    copy.number = take_number(letter.register, on=timezone.localdate(), by=by, subject=copy, title=letter.subject)
    copy.sent_at = timezone.now()
    copy.save()
    return copy


def accept(invitation: Any, *, by: Any) -> Any:
    """The invitation answered with yes."""
    from rakor.actions.invitations import accept as say_yes

    invitation.refresh_from_db()
    return say_yes(invitation, by=by, base_version=invitation.version)


def assign(invitation: Any, *, by: Any) -> Any:
    """The invitation with a photo of its surat tugas."""
    import io

    from PIL import Image

    from rakor.actions.invitations import attach_assignment
    from rakor.facts.assignment import read_assignment

    out = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(out, "JPEG")
    data = out.getvalue()
    ready = read_assignment("surat-tugas.jpg", data, size=len(data))
    return attach_assignment(invitation, "094/1/2019", factories.OPENING, ready, by=by, seen=invitation.assignment_mark)


def take_back(invitation: Any) -> None:
    """The invitation and its letters, withdrawn after they were sent."""
    from django.utils import timezone

    from rakor.models import Invitation

    now = timezone.now()
    Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=now, withdrawn_reason="Salah kantor")
    invitation.copies.update(voided_at=now, void_reason="Salah kantor")


def delegate(invitation: Any, name: str = "Maria Contoh", *, by: Any, **values: Any) -> Any:
    """A delegate that the office registered."""
    from rakor.actions.registrations import register

    return register(invitation.meeting, {"name": name, **values}, by=by, source="kantor", invitation=invitation)


def guest(meeting: Any, name: str, *, by: Any, **values: Any) -> Any:
    """A participant that the committee registered."""
    from rakor.actions.registrations import register

    values = {"institution": "Bank NTT", "category": "mitra", **values}
    return register(meeting, {"name": name, **values}, by=by, source="panitia")
