"""Who signs: drafts of signers, who is proposed, who may be chosen, and whose turn it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Prefetch, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import short_date
from programs.models import Contract, ContractKind, ExtensionWorker, Signer
from regencies.models import Agency, Position, Regency
from regencies.models.offices import EMBLEMS
from regencies.queries import head_on, home_province, lead_agency
from regencies.rules import Role

SIGNING_ROLES = (
    Role.PIMPINAN, Role.KADIS_PROV, Role.KADIS_KAB, Role.KABID_PROV, Role.KABID_KAB, Role.PENGAMAT,
)  # fmt: skip
"""Whose names stand under contracts, in the order of the list to choose from."""

HEADS = r"^((pj|pjs|plt|plh|penjabat|pelaksana [a-z]+)[. ]+)?(gubernur|bupati|wali ?kota)"
"""How titles of heads of regions begin."""

MOST_STEPS = 20
FOR = "untuk dan atas nama"
"""How papers say whom somebody acts for."""

PARTY, WITNESS = Signer.Kind.PARTY.value, Signer.Kind.WITNESS.value


@dataclass(frozen=True)
class SignerDraft:
    """A signer before it is stored: of `position` and `worker` exactly one is given.

    `witnesses_order` says whose signature a witness sees: 1 for the first party of the list, 2 for the second.
    """

    kind: str
    label: str
    step: int
    position: Position | None = None
    worker: ExtensionWorker | None = None
    on_behalf: str = ""
    acts_for: str = ""
    witnesses_order: int | None = None

    @property
    def person_id(self) -> int | None:
        """The account behind it; None for a worker who has none."""
        return self.worker.user_id if self.worker else self.position.person_id if self.position else None

    @property
    def name(self) -> str:
        """Who it is, for sentences and the journal."""
        if self.worker:
            return self.worker.name
        return f"{self.position.person.display_name}, {self.position.full_title}" if self.position else "–"


def default_signers(kind: str, regency: Regency, worker: ExtensionWorker | None = None) -> list[SignerDraft]:
    """Who usually signs, as far as the positions are held today; a vacant place is left out.

    TPL: head of the regency's office and worker, before the head of the region and the head of the provincial office.
    MOU: heads of the provincial and the regency's office, before the governor (domain §1.1, §1.5).
    """
    today = timezone.localdate()
    province, office = home_province(), lead_agency()
    own = Agency.objects.filter(is_lead=True, regency=regency).first()
    head = head_on(own, today, Role.KADIS_KAB) if own else None
    province_head = head_on(office, today, Role.KADIS_PROV)
    if kind == ContractKind.TPL:
        rows = [
            (PARTY, "PIHAK KESATU", 1, head, None, f"{FOR} Pemerintah {regency.name}", None),
            (PARTY, "PIHAK KEDUA", 2, None, worker, f"{FOR} diri sendiri", None),
            (WITNESS, "Saksi", 3, head_of_region(regency, today), None, "", 1),
            (WITNESS, "Saksi", 3, province_head, None, "", 1),
        ]
    else:
        rows = [
            (PARTY, "PIHAK KESATU", 1, province_head, None, f"{FOR} Pemerintah Provinsi {province.name}", None),
            (PARTY, "PIHAK KEDUA", 2, head, None, f"{FOR} Pemerintah {regency.name}", None),
            (WITNESS, "Saksi", 3, head_of_region(None, today), None, "", 1),
        ]
    proposed: list[SignerDraft] = []
    for place, label, step, position, one, acts_for, seen in rows:
        draft = SignerDraft(place, label, step, position, one, "", acts_for, seen)
        vacant = position is None and one is None
        unseen = seen is not None and (not proposed or proposed[0].label != "PIHAK KESATU")
        if not vacant and not unseen and draft.person_id not in {d.person_id for d in proposed if d.person_id}:
            proposed.append(draft)
    return proposed


def head_of_region(regency: Regency | None, day: dt.date) -> Position | None:
    """The head of that region, or of the portal's province: a stand-in goes before whom he stands in for.

    Leaders are secretaries and deputies too: they do not come by themselves where the head is meant.
    """
    acting = Case(When(standing="plh", then=0), When(standing="plt", then=1), When(standing="pj", then=2), default=3)
    held = (
        Position.objects.in_force(day)
        .filter(role=Role.PIMPINAN, title__iregex=HEADS)
        .select_related("person", "agency")
    )
    if regency is not None:
        held = held.filter(agency__regency=regency)
    else:
        held = held.filter(agency__regency__isnull=True, agency__province__code=settings.PROVINCE_CODE)
    return held.order_by(acting, "-starts_on", "pk").first()


def selectable_positions(
    regency: Regency, day: dt.date | None = None, *, keep: Iterable[int] = ()
) -> QuerySet[Position]:
    """Positions that may be chosen as signers: held today or on `day`, of this regency or above regencies.

    `keep` are those chosen already: they stay to be seen, with the warning that they ended.
    """
    today = timezone.localdate()
    held = Position.objects.in_force(today) | Position.objects.in_force(day or today)
    of_region = Q(agency__regency=regency)
    above = Q(agency__regency__isnull=True) & (
        Q(agency__province__isnull=True) | Q(agency__province__code=settings.PROVINCE_CODE)
    )
    rank = Case(*(When(role=role, then=place) for place, role in enumerate(SIGNING_ROLES)), default=9)
    wanted = held.filter(of_region | above, role__in=SIGNING_ROLES).values("pk")
    found = Position.objects.filter(Q(pk__in=wanted) | Q(pk__in=list(keep)))
    return found.select_related("person", "agency").order_by(rank, "agency__regency__code", "starts_on", "pk")


def position_label(position: Position) -> str:
    """A position as it is chosen: "Plt. Kepala Dinas – Nama, Kantor (sampai 3 Mei 2019)"."""
    until = f" ({_('sampai')} {short_date(position.ends_on)})" if position.ends_on else ""
    return f"{position.full_title} – {position.person.display_name}, {position.agency.name}{until}"


def drafts_of(contract: Contract) -> list[SignerDraft]:
    """The stored signers as drafts: parties first, in their order."""
    signers = stored_signers(contract)
    place = {signer.pk: number for number, signer in enumerate((s for s in signers if s.kind == PARTY), start=1)}
    return [
        SignerDraft(
            signer.kind, signer.label, signer.step, signer.position, signer.worker, signer.on_behalf, signer.acts_for,
            place.get(signer.witnesses_id),
        )
        for signer in signers
    ]  # fmt: skip


def told_signers(drafts: Iterable[SignerDraft]) -> str:
    """The signers in one line, for the journal and for conflicts."""
    return "; ".join(f"{draft.step}. {draft.label}: {draft.name}" for draft in drafts) or "–"


def with_signers() -> Prefetch:
    """For `prefetch_related` of contracts: `stored_signers` of each then costs no statement."""
    return Prefetch("signers", _told(Signer.objects.all()))


def stored_signers(contract: Contract) -> list[Signer]:
    """Everybody who signs, with who it is and the signature if given: one statement, none after `with_signers`."""
    loaded = "signers" in getattr(contract, "_prefetched_objects_cache", {})
    rows = contract.signers.all() if loaded else _told(contract.signers.all())
    return sorted(rows, key=lambda signer: (signer.kind, signer.order))


def _told(rows: QuerySet[Signer]) -> QuerySet[Signer]:
    """The signers with who they are and what they gave, and their offices with the emblems of their kop."""
    return rows.select_related(
        "position__person", *(f"position__agency__{path}" for path in EMBLEMS), "worker", "person", "signature",
        "witnesses",
    )  # fmt: skip


def signer_errors(drafts: Sequence[SignerDraft]) -> list[tuple[int, str]]:
    """(place in the list, sentence) of everything that cannot be stored."""
    found: list[tuple[int, str]] = []
    people: set[Any] = set()
    labels: set[str] = set()
    parties = [draft for draft in drafts if draft.kind == PARTY]
    for number, draft in enumerate(drafts):
        if (draft.position is None) == (draft.worker is None):
            found.append((number, _("Pilih siapa yang menandatangani.")))
            continue
        who = draft.person_id or ("worker", draft.worker.pk if draft.worker else None)
        if who in people:
            found.append((number, _("%(name)s sudah menjadi penanda tangan naskah ini.") % {"name": draft.name}))
        people.add(who)
        if draft.kind == PARTY:
            if draft.label.casefold() in labels:
                found.append((number, _("Sebutan “%(label)s” sudah dipakai pihak lain.") % {"label": draft.label}))
            labels.add(draft.label.casefold())
        else:
            found.extend((number, sentence) for sentence in _witness_errors(draft, parties))
        if not draft.label.strip():
            found.append((number, _("Sebutan wajib diisi.")))
        if not 1 <= draft.step <= MOST_STEPS:
            found.append((number, _("Langkah tanda tangan antara 1 dan %(n)s.") % {"n": MOST_STEPS}))
    return found


def _witness_errors(draft: SignerDraft, parties: list[SignerDraft]) -> Iterable[str]:
    if draft.witnesses_order is None or not 1 <= draft.witnesses_order <= len(parties):
        yield _("Pilih tanda tangan pihak mana yang disaksikan.")
    elif draft.step < parties[draft.witnesses_order - 1].step:
        yield _("Saksi tidak menandatangani sebelum tanda tangan yang disaksikannya.")


def successors(drafts: Sequence[SignerDraft], day: dt.date) -> list[SignerDraft]:
    """The same signers for a later paper: a position that is over goes to who holds that office's role on `day`."""
    result: list[SignerDraft] = []
    for draft in drafts:
        position = draft.position
        if position is not None and position.ends_on is not None and position.ends_on < day:
            held = Position.objects.in_force(day).filter(agency=position.agency, role=position.role)
            position = held.select_related("person", "agency").order_by("-starts_on", "pk").first() or position
        result.append(
            SignerDraft(draft.kind, draft.label, draft.step, position, draft.worker, draft.on_behalf, draft.acts_for,
                        draft.witnesses_order)
        )  # fmt: skip
    return result if not signer_errors(result) else list(drafts)
