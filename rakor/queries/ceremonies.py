"""Reading signing ceremonies: the papers with who signs and whose turn it is, what the hall sees, what may be added."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from portal.kernel.workflow import Status
from programs.contract_rules import province_readers
from programs.models import Contract, Signer
from programs.models.contracts import INTERNAL, SIGNABLE, signs_as
from programs.queries.contracts_turns import TURN, Place, places, why_not_yet
from rakor import rules
from rakor.models import Ceremony, CeremonyItem, Session
from regencies.rules import province_staff

STATES = {
    "preparing": Status("preparing", _("Disiapkan"), "neutral"),
    "open": Status("open", _("Sedang berlangsung"), "progress"),
    "closed": Status("closed", _("Selesai"), "success"),
}

SHOWN = 3
"""Papers that the hall's screen names before and behind the one that is signed."""

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def signing_sessions(user: Any, slug: str) -> QuerySet[Session]:
    """The signing sessions of an edition that this user may know of, with edition, room and ceremony."""
    found = Session.objects.filter(kind=Session.Kind.SIGNING, meeting__slug=slug)
    if not rules.sees_drafts(user):
        found = found.filter(meeting__published=True)
    return found.select_related("meeting", "room", "ceremony")


def ceremony_of(session: Session) -> Ceremony:
    """The ceremony of a session; an unsaved one when nobody has begun it yet."""
    found = getattr(session, "ceremony", None) or Ceremony(session=session)
    found.session = session
    return found


def state_of(ceremony: Ceremony) -> Status:
    """Being prepared, open or closed."""
    if ceremony.closed_at:
        return STATES["closed"]
    return STATES["open" if ceremony.opened_at else "preparing"]


def on_other_day(ceremony: Ceremony) -> bool:
    """Whether it was opened on a day other than the one the agenda names."""
    planned = timezone.localdate(ceremony.session.starts_at)
    return ceremony.opened_at is not None and timezone.localdate(ceremony.opened_at) != planned


@dataclass
class Paper:
    """A contract of the ceremony with everybody who signs, in the order of the steps."""

    item: CeremonyItem
    contract: Contract
    places: list[Place]

    @property
    def given(self) -> int:
        """How many have signed."""
        return sum(place.signature is not None for place in self.places)

    @property
    def signed(self) -> bool:
        """Whether all have signed."""
        return bool(self.places) and self.given == len(self.places)

    @property
    def turn(self) -> list[Place]:
        """Who may sign now."""
        return [place for place in self.places if place.state is TURN]

    @property
    def begun(self) -> bool:
        """Whether some have signed, but not all."""
        return bool(self.given) and not self.signed

    @property
    def waits(self) -> bool:
        """Whether signatures are missing that can still be given."""
        return not self.signed and self.contract.status in SIGNABLE

    @property
    def withdrawn(self) -> bool:
        """Whether it was cancelled, or is a draft again: it does not count among those to be signed."""
        return self.contract.status in (*INTERNAL, "dibatalkan")

    @property
    def electronic(self) -> bool:
        """Whether each signs from his own account."""
        return self.contract.route == Contract.Route.ELECTRONIC

    @property
    def asks_me(self) -> bool:
        """Whether the reader may sign it himself now."""
        return self.electronic and any(place.mine for place in self.turn)

    @property
    def opened(self) -> bool:
        """Whether the list shows its signers at once: some have signed already, or the reader can."""
        return self.begun or self.asks_me


def items_of(ceremony: Ceremony, user: Any = None) -> QuerySet[CeremonyItem]:
    """The items in order, of the contracts this user sees; all of them for the hall (None)."""
    found = CeremonyItem.objects.filter(ceremony=ceremony.pk or 0)
    if user is not None and not province_readers(user):
        found = found.filter(contract__in=Contract.objects.visible_to(user))
    related = ("contract__regency", "contract__number", "contract__worker")
    return found.select_related(*related).order_by("-on_stage", "order", "pk")


def papers_of(ceremony: Ceremony, user: Any, *, of_all: bool = False) -> list[Paper]:
    """The papers of the ceremony that this user reads, or all of them for the hall. Two statements."""
    items = list(items_of(ceremony, None if of_all else user))
    by_contract: dict[int, list[Signer]] = {}
    rows = Signer.objects.filter(contract__in=[item.contract_id for item in items]).select_related(
        "position__person", "position__agency", "worker", "person", "signature", "witnesses"
    )
    for signer in rows.order_by("kind", "order"):
        by_contract.setdefault(signer.contract_id, []).append(signer)
    return [
        Paper(item, item.contract, places(item.contract, by_contract.get(item.contract_id, []), user))
        for item in items
    ]  # fmt: skip


def current(papers: Iterable[Paper]) -> Paper | None:
    """The paper that is signed now: the first in order that somebody may sign, else the first that still waits."""
    waiting = [paper for paper in papers if paper.waits]
    return next((paper for paper in waiting if paper.turn), waiting[0] if waiting else None)


@dataclass
class Hall:
    """What the screen of the hall shows: the paper that is signed now, what follows, and how far it is."""

    now: Paper | None
    following: list[Paper]
    done: list[Paper]
    total: int
    state: Status

    @property
    def soon(self) -> list[Paper]:
        """The next few: more are not read from afar."""
        return self.following[:SHOWN]

    @property
    def later(self) -> int:
        """How many follow behind these."""
        return len(self.following) - len(self.soon)

    @property
    def lately(self) -> list[Paper]:
        """The few that were signed last, the last one first."""
        return sorted(self.done, key=lambda paper: paper.contract.signed_at or NEVER, reverse=True)[:SHOWN]

    @property
    def earlier(self) -> int:
        """How many were signed before these."""
        return len(self.done) - len(self.lately)


def shows_names(ceremony: Ceremony, user: Any) -> bool:
    """Whether the hall's screen names papers and signers: to all once it was opened, before to the province's staff."""
    return ceremony.opened_at is not None or bool(province_staff(user))


def hall_of(ceremony: Ceremony, user: Any) -> Hall | None:
    """The screen of the hall: papers that were not withdrawn, for everybody who may know of the edition.

    None while it shows no names to this user, so that he waits for the opening.
    """
    if not shows_names(ceremony, user):
        return None
    papers = [paper for paper in papers_of(ceremony, None, of_all=True) if not paper.withdrawn]
    state = state_of(ceremony)
    now = current(papers) if state is not STATES["closed"] else None
    done = [paper for paper in papers if paper.signed]
    following = [paper for paper in papers if paper.waits and paper is not now]
    return Hall(now, following, done, len(papers), state)


def pulse(ceremony: Ceremony) -> str:
    """A mark that changes with everything a screen of the ceremony shows, also with signatures given elsewhere.

    One statement: `change` counts the steps of the ceremony, the rest comes from the contracts themselves.
    """
    rows = (
        CeremonyItem.objects.filter(ceremony=ceremony.pk or 0)
        .annotate(given=Count("contract__signatures"))
        .order_by("pk")
        .values_list("pk", "order", "on_stage", "contract__status", "contract__frozen_at", "contract__version", "given")
    )
    told = (ceremony.pk, ceremony.change, ceremony.opened_at, ceremony.closed_at, timezone.localdate(), get_language())
    return hashlib.sha256(repr((told, list(rows))).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Asked:
    """Which contracts somebody looks for to add. None or "" means all."""

    kind: str = ""
    regency: int | None = None
    cohort: int | None = None


def addable(asked: Asked) -> QuerySet[Contract]:
    """Contracts that wait for signatures and are in no ceremony yet."""
    exact = {"kind": asked.kind, "regency": asked.regency, "worker__cohort": asked.cohort}
    return (
        Contract.objects.filter(status__in=SIGNABLE, ceremony_item__isnull=True)
        .filter(**{name: value for name, value in exact.items() if value})
        .select_related("regency", "worker", "number")
        .order_by("kind", "regency__code", "title", "pk")
    )


def addable_cohorts() -> list[int]:
    """Cohorts among the contracts that can be added, the newest first."""
    found = addable(Asked()).filter(worker__isnull=False).order_by("-worker__cohort")
    return list(found.values_list("worker__cohort", flat=True).distinct())


def missing(papers: Iterable[Paper]) -> list[tuple[Paper, list[str]]]:
    """The papers that are not signed by all, each with who has not signed."""
    return [
        (paper, [place.signer.name for place in paper.places if place.signature is None])
        for paper in papers if not paper.signed
    ]  # fmt: skip


def signer_of(ceremony: Ceremony, pk: int) -> QuerySet[Signer]:
    """A signer of a contract of this ceremony."""
    found = Signer.objects.filter(pk=pk, contract__ceremony_item__ceremony=ceremony.pk or 0)
    return found.select_related("contract", "position__person", "position__agency", "worker", "signature")


def refusal(signer: Signer) -> str:
    """Why this place cannot be signed now; "" when it can."""
    contract = signer.contract
    rows = contract.signers.select_related("position__person", "worker", "signature", "witnesses")
    return why_not_yet(contract, signer, list(rows))


def own_ceremonies(user: Any) -> QuerySet[Ceremony]:
    """Ceremonies to come in which this user has to sign, with `mine`: how many papers."""
    pk = getattr(user, "pk", None) or 0
    me = signs_as(pk, "items__contract__signers__")
    unsigned = Q(items__contract__signers__signature__isnull=True, items__contract__status__in=SIGNABLE)
    found = Ceremony.objects.filter(
        closed_at__isnull=True, session__meeting__published=True,
        session__meeting__status__in=["terjadwal", "berlangsung"],
    )  # fmt: skip
    return (
        found.annotate(mine=Count("items__contract", filter=me & unsigned, distinct=True))
        .filter(mine__gt=0)
        .select_related("session__meeting", "session__room")
        .order_by("session__starts_at", "pk")
    )
