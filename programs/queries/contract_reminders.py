"""Reading whose contract ends soon and was not announced yet, and who is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from portal.journal.models import object_type
from portal.outbox.facts import Recipient, person_key
from portal.outbox.models import Message
from portal.outbox.workflow import FAILED, OPEN
from programs.facts.contract_news import ENDING, ending_key
from programs.models import Contract, ExtensionWorker
from programs.queries.contracts import NEAR, URGENT, ending_within
from regencies.models import Agency, Position
from regencies.rules import Role, post_key

DISTANCES = (NEAR, URGENT)
"""So many days before the end people are reminded."""

PROVINCIAL_ROLES = (Role.PANITIA, Role.KABID_PROV)
REGIONAL_ROLES = (Role.KADIS_KAB, Role.KABID_KAB)


@dataclass
class Notice:
    """What one recipient is told: contracts in the order of their last days."""

    recipient: Recipient
    contracts: list[Contract] = field(default_factory=list)


def ending_soon(today: dt.date) -> QuerySet[Contract]:
    """Contracts in force within the first distance of their end that nobody renews."""
    renewed = Contract.objects.filter(previous=OuterRef("pk"))
    return ending_within(Contract.objects.all(), NEAR, today).exclude(Exists(renewed)).order_by("ends_on", "pk")


def reached(contract: Contract, today: dt.date) -> list[int]:
    """The distances that this contract has come to, the farthest first."""
    left = (contract.ends_on - today).days
    return [days for days in DISTANCES if left <= days]


def notices(
    contracts: Iterable[Contract], sender: Agency, today: dt.date, *, by_email: bool
) -> list[Notice]:  # fmt: skip
    """Whom to tell of these contracts: one message for each office, read there by whoever holds its posts.

    With e-mail the office's message goes to the first of them who has an address; each of the others gets a
    message of his own that the portal does not show, with whatever the first has not told him. Two statements.
    """
    rows = list(contracts)
    held = Position.objects.in_force(today).filter(role__in=[*PROVINCIAL_ROLES, *REGIONAL_ROLES])
    held = held.filter(person__is_active=True).select_related("person", "agency").order_by("pk")
    people = list(held)
    offices = {agency.regency_id: agency for agency in Agency.objects.filter(is_lead=True, regency__isnull=False)}
    found, mailed, rest = [], set(), []
    for regency in [None, *dict.fromkeys(row.regency_id for row in rows)]:
        own = rows if regency is None else [row for row in rows if row.regency_id == regency]
        known = _with_addresses(people, regency) if by_email else []
        found.append(Notice(_office(sender, offices, regency, known[0] if known else None), own))
        mailed |= {(position.person_id, row.pk) for position in known[:1] for row in own}
        rest += [(position, row) for position in known[1:] for row in own]
    return found + _copies(rest, mailed)


def _with_addresses(people: Iterable[Position], regency: int | None) -> list[Position]:
    """Those who are told for that regency, or for the province, and have an address: the first role first."""
    roles = REGIONAL_ROLES if regency else PROVINCIAL_ROLES
    own = [row for row in people if row.role in roles and row.agency.regency_id == regency and row.person.email]
    return sorted(own, key=lambda row: roles.index(row.role))


def _office(sender: Agency, offices: dict[int, Agency], regency: int | None, first: Position | None) -> Recipient:
    roles = REGIONAL_ROLES if regency else PROVINCIAL_ROLES
    name = f"Panitia dan Kepala Bidang, {sender.name}"
    if regency:
        name = f"Kepala {offices[regency].name}" if regency in offices else "Kepala dinas yang membidangi perindustrian"
    key = f"kontrak-{regency}" if regency else "kontrak"
    audience = tuple(post_key(role, regency) for role in roles)
    person = first.person if first else None
    return Recipient(key, name, person.email if person else "", person.phone if person else "", audience)


def _copies(rest: Iterable[tuple[Position, Contract]], mailed: Collection[tuple[int, int]]) -> list[Notice]:
    """One notice for everybody whom the offices' own messages leave out, with all that he has not been told."""
    found: dict[int, Notice] = {}
    for position, contract in rest:
        person = position.person
        if (person.pk, contract.pk) in mailed:
            continue
        recipient = Recipient(f"surel-{person.pk}", person.display_name, person.email, person.phone)
        notice = found.setdefault(person.pk, Notice(recipient))
        if contract not in notice.contracts:
            notice.contracts.append(contract)
    return list(found.values())


def worker_recipient(worker: ExtensionWorker, *, by_email: bool) -> Recipient | None:
    """The worker himself; None when neither his account nor e-mail reaches him. Needs `user`."""
    user = worker.user if worker.user and worker.user.is_active else None
    email = worker.email or (user.email if user else "")
    if user is None and not (email and by_email):
        return None
    audience = (person_key(user.pk),) if user else ()
    return Recipient(f"tpl-{worker.pk}", worker.name, email, worker.phone, audience)


def outdated(topic: Agency, today: dt.date) -> list[tuple[str, str]]:
    """(recipient, part) of what messages that did not leave say of contracts that do not end soon any more."""
    keys = {ending_key(pk) for pk in ending_soon(today).values_list("pk", flat=True)}
    rows = Message.objects.filter(topic_type=object_type(topic), topic_id=str(topic.pk), status__in=[*OPEN, FAILED])
    return [
        (recipient, part["key"])
        for recipient, parts in rows.values_list("recipient_key", "parts")
        for part in parts
        if part["key"].startswith(ENDING) and part["key"] not in keys
    ]
