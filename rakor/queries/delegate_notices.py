"""Reading which named delegates are told by themselves, beside their office, and what they were told already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from portal.journal.models import Entry, object_type
from portal.outbox.facts import Recipient, person_key
from portal.outbox.models import Message
from portal.outbox.workflow import DROPPED, FAILED, MESSAGE, OPEN
from rakor.facts.notices import DELEGATE, NO_DELEGATE
from rakor.models import Meeting, Registration
from rakor.queries.notices import audience_of, recipients_of, told
from regencies.models import Position
from regencies.rules import office_key, post_key

KEY = "utusan-"
"""So the key of a delegate's messages begins."""


@dataclass
class Delegate:
    """A delegate and what the portal's messages say to him.

    `said` is the key of the last part about his place, `said_card` the card that it named.
    """

    registration: Registration
    recipient: Recipient
    stands: bool
    said: str = ""
    said_card: str = ""
    unsent: dict[str, dict[str, str]] = field(default_factory=dict)
    unsent_to: tuple[str, str] = ("", "")

    @property
    def card(self) -> str:
        """The address of his card."""
        return reverse("attendance_pass", args=[self.registration.token])

    @property
    def reachable(self) -> bool:
        """Whether a message reaches him: his account reads it, or e-mail does."""
        return bool(self.recipient.audience or (self.recipient.email and settings.EMAIL_HOST))


def delegates_to_tell(meeting: Meeting) -> list[Delegate]:
    """Everybody named for an invitation that was sent, and whoever was told so before. Six statements or seven."""
    messages = _messages(meeting)
    invitations = {row.pk: row for row in told(meeting)}
    known = [int(key.removeprefix(KEY)) for key in messages]
    rows = meeting.registrations.filter(Q(invitation__in=invitations, status="terdaftar") | Q(pk__in=known))
    rows = list(rows.select_related("participant", "user", "invitation").order_by("pk"))
    offices = recipients_of(row.invitation for row in rows if row.invitation)
    posts = _keys_of_users(row.user_id for row in rows if row.user_id)
    found = []
    for row in rows:
        office = offices[row.invitation_id] if row.invitation_id else Recipient("", "")
        stands = row.status == Registration.Status.EXPECTED and row.invitation_id in invitations
        delegate = Delegate(row, _recipient(row, office, posts[row.user_id or 0]), stands)
        _add_messages(delegate, messages[delegate.recipient.key])
        found.append(delegate)
    return found


def _messages(meeting: Meeting) -> dict[str, list[Message]]:
    rows = Message.objects.filter(topic_type=object_type(meeting), topic_id=str(meeting.pk))
    rows = list(rows.filter(recipient_key__startswith=KEY).order_by("pk"))
    thrown_away = _dropped_by_people([row.pk for row in rows if row.status == DROPPED])
    found: dict[str, list[Message]] = defaultdict(list)
    for message in rows:
        if message.status != DROPPED or message.pk in thrown_away:
            found[message.recipient_key].append(message)
    return found


def _dropped_by_people(pks: list[int]) -> set[int]:
    """Which of these messages a keeper threw away: they are not put in again. The clock's own drops are no decision."""
    if not pks:
        return set()
    acts = Entry.objects.filter(object_type=object_type(Message), object_id__in=[str(pk) for pk in pks])
    acts = acts.filter(verb=MESSAGE.move("drop").label, actor__isnull=False)
    return {int(pk) for pk in acts.values_list("object_id", flat=True)}


def _keys_of_users(users: Iterable[int]) -> dict[int, set[str]]:
    """The keys of the posts and offices that these accounts answer for today. One statement."""
    found: dict[int, set[str]] = defaultdict(set)
    for row in Position.objects.in_force().filter(person__in=set(users)).select_related("agency"):
        regency = row.agency.regency_id
        found[row.person_id].add(post_key(row.role, regency) if regency else office_key(row.agency_id))
    return found


def _recipient(row: Registration, office: Recipient, posts: set[str]) -> Recipient:
    """Where the office's own message does not reach him: his account unless it reads for the office, his address."""
    user = row.user if row.user and row.user.is_active else None
    email = row.email or (user.email if user else "")
    reads_office = bool(row.invitation_id and posts & set(audience_of(row.invitation)))
    audience = (person_key(user.pk),) if user and not reads_office else ()
    if email.casefold() == office.email.casefold():
        email = ""
    return Recipient(f"{KEY}{row.pk}", row.participant.name, email, row.phone, audience)


def _add_messages(delegate: Delegate, messages: Iterable[Message]) -> None:
    for message in messages:
        parts = {part["key"]: part for part in message.parts}
        for key in (DELEGATE, NO_DELEGATE):
            if key in parts:
                delegate.said, delegate.said_card = key, parts[key]["url"]
        if message.status in (*OPEN, FAILED):  # what a server refused is taken up again with what is put
            delegate.unsent, delegate.unsent_to = parts, (message.name, message.email)


def delegates_who_know(meeting: Meeting) -> list[Delegate]:
    """Those who were told, or are about to be, that they are delegates: changes of the programme are for them too."""
    return [each for each in delegates_to_tell(meeting) if each.stands and each.said == DELEGATE and each.reachable]
