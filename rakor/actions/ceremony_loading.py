"""Contracts of a real ceremony for the demo: people, workers, papers ready to be signed, and the session's order.

Everything goes through the verbs of the screens, by three demo people: one writes, one initials, one approves. Either
as it was, with the days of the file (the working day before for initial, number and approval), or moved to today: a
demo in which the papers wait to be signed would else show contracts that ended years ago.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.kernel.errors import Blocked
from programs.actions.contracts import SignerDraft, approve_contract, check_contract, create_contract
from programs.actions.workers import FIELDS, add_worker
from programs.actions.workers_accounts import link_account
from programs.facts.contract_periods import last_day
from programs.models import Contract, ContractKind, ExtensionWorker, MandateField, TemplateVersion
from programs.queries.contracts_mous import draft_mous
from programs.queries.contracts_new import first_values, tpl_title
from rakor.actions.ceremonies import add_contracts, mark_on_stage, start_ceremony
from rakor.actions.demo import PASSWORD, SINCE, DemoAccount, demo_user, ensure_demo_allowed
from rakor.models import Ceremony, Meeting, Session
from rakor.rules import may_prepare_signing
from regencies.models import Agency, Position, Regency
from regencies.queries import head_on, home_province, lead_agency
from regencies.rules import Role

KEYS = uuid.UUID("1d0c7c2e-2019-4a24-9b53-045304be1a19")
"""Names workers and contracts, so that loading again makes no doubles."""

FOR = "untuk dan atas nama"
GOVERNMENTS = {"pemerintah": "Pemerintah", "sekretariat": "Sekretariat Daerah"}
"""What the first word of an office stands for (office_of)."""


def moved_to_today(data: Mapping[str, Any]) -> dict[str, Any]:
    """The file's ceremony with papers that are signed today and, where they name a period, run a year from now on."""
    today = timezone.localdate()
    moved = dict(data) | {"signing_on": today}
    if "starts_on" in data:
        moved |= {"starts_on": today, "ends_on": last_day(today, 12)}
    return moved


def office_moment(data: Mapping[str, Any], hour: int) -> dt.datetime | None:
    """That hour of the working day before the signing; None when the signing is today, so that it is now."""
    day = data["signing_on"]
    if day >= timezone.localdate():
        return None
    eve = day - dt.timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))
    return dt.datetime.combine(eve, dt.time(hour), timezone.get_default_timezone())


@transaction.atomic
def create_people(people: Sequence[Mapping[str, str]], *, since: dt.date = SINCE) -> int:
    """Make the accounts and positions (from that day on) that are missing; how many. What people changed stays.

    Errors: Blocked in production: the demo's password is public.
    """
    ensure_demo_allowed()
    known = set(User.objects.values_list("username", flat=True))
    missing = [row for row in people if row["username"] not in known]
    password = make_password(PASSWORD) if missing else ""
    for row in missing:
        person = User.objects.create(username=row["username"], full_name=row["name"], password=password)
        if row["role"] != Role.TPL:  # his position comes with his placement
            Position.objects.create(
                person=person, agency=office_of(row["office"]), role=row["role"], title=row["title"],
                standing=row.get("standing", "definitif"), starts_on=row.get("since", since),
            )  # fmt: skip
    return len(missing)


def ceremony_accounts(people: Sequence[Mapping[str, str]]) -> list[DemoAccount]:
    """The same people as the table of demo accounts lists them, as far as they are there."""
    there = set(User.objects.filter(is_active=True).values_list("username", flat=True))
    return [
        DemoAccount(row["username"], row["name"], row["role"], row["title"], office_of(row["office"]))
        for row in people
        if row["username"] in there
    ]


def office_of(name: str) -> Agency:
    """The office that "provinsi", "53.04", "pemerintah 53.04" or "sekretariat provinsi" means.

    A government or its secretariat is made when it is missing.
    """
    government, _blank, place = name.rpartition(" ")
    regency = None if place == "provinsi" else Regency.objects.get(code=place)
    if not government:
        return lead_agency() if regency is None else Agency.objects.get(is_lead=True, regency=regency)
    if regency is None:
        province = home_province()
        values: dict[str, Any] = {"level": Agency.Level.PROVINCE, "province": province}
        title = f"{GOVERNMENTS[government]} Provinsi {province.name}"
    else:
        values = {"level": Agency.Level.REGENCY}
        title = f"{GOVERNMENTS[government]} {regency.name}"
    return Agency.objects.get_or_create(name=title, regency=regency, is_lead=False, defaults=values)[0]


def make_papers(data: Mapping[str, Any], *, approve: bool = True) -> list[tuple[Contract, bool]]:
    """The contracts of the file in its order, ready to be signed, and which of them stand on the stage.

    Without `approve` new ones only have their initial. One that is there already stays as people left it.
    Errors: Blocked, Denied.
    """
    ensure_demo_allowed()
    if data["kind"] == ContractKind.TPL:
        return [
            (_employment(data, row, approve), bool(row.get("on_stage"))) for row in data["workers"]
        ]  # fmt: skip
    return [(contract, bool(data.get("on_stage"))) for contract in _memoranda(data, approve)]


@transaction.atomic
def _employment(data: Mapping[str, Any], row: Mapping[str, Any], approve: bool) -> Contract:
    """One contract with its worker."""
    key = uuid.uuid5(KEYS, f"kontrak/{row['identity_number']}")
    if found := Contract.objects.filter(client_key=key).first():
        return found
    worker = _worker(row)
    names = ("place", "signing_on", "starts_on", "ends_on", "honorarium_rupiah", "operational_rupiah")
    values = first_values(ContractKind.TPL, _wording(data), worker=worker) | {name: data[name] for name in names}
    values |= {"contract_year": row["year"], "title": tpl_title(worker, row["year"])}
    signers = _signers(worker, data["witnesses"], data["signing_on"])
    made = create_contract(ContractKind.TPL, values, signers, by=demo_user("panitia"), client_key=key)
    return _through_office(made, data, approve)


def _wording(data: Mapping[str, Any]) -> TemplateVersion:
    """The newest published version of the template that the file names.

    Errors: Blocked.
    """
    found = TemplateVersion.objects.filter(template__key=data["template"], status="terbit").select_related("template")
    version = found.order_by("-number").first()
    if version is None:
        raise Blocked(_("Templat “%(name)s” belum terbit.") % {"name": data["template"]})
    return version


def _worker(row: Mapping[str, Any]) -> ExtensionWorker:
    """The worker of that row, registered and placed, with his account where the file names one."""
    writer = demo_user("panitia")
    values = {name: row[name] for name in FIELDS if name in row} | {"scheme": ExtensionWorker.Scheme.SCHOLARSHIP}
    regency = Regency.objects.get(code=row["regency"])
    key = uuid.uuid5(KEYS, f"penyuluh/{row['identity_number']}")
    worker = add_worker(values, by=writer, regency=regency, client_key=key)
    if row.get("account") and worker.user_id is None:
        worker = link_account(worker, demo_user(row["account"]), by=demo_user("admin"))
    return worker


def _signers(worker: ExtensionWorker, witnesses: Sequence[str], day: dt.date) -> list[SignerDraft]:
    """Head of the regency's office, the worker, then the witnesses of the head's signature."""
    head = head_on(Agency.objects.get(is_lead=True, regency=worker.regency), day, Role.KADIS_KAB)
    seen = [SignerDraft("saksi", "Saksi", 3, position=_position(username), witnesses_order=1) for username in witnesses]
    return [
        SignerDraft("pihak", "PIHAK KESATU", 1, position=head, acts_for=f"{FOR} Pemerintah {worker.regency.name}"),
        SignerDraft("pihak", "PIHAK KEDUA", 2, worker=worker, acts_for=f"{FOR} diri sendiri"),
        *seen,
    ]


def _position(username: str) -> Position:
    return Position.objects.in_force().filter(person__username=username).select_related("person", "agency").get()


def _memoranda(data: Mapping[str, Any], approve: bool) -> list[Contract]:
    """One text for all regencies of the file, each with its own number."""
    order = {code: number for number, code in enumerate(data["regencies"])}
    regencies = sorted(Regency.objects.filter(code__in=order), key=lambda regency: order[regency.code])
    shared = {name: data[name] for name in ("place", "signing_on", "duration_months")}
    shared |= {"template": _wording(data), "mandate_fields": list(MandateField.objects.filter(active=True))}
    return [_memorandum(row, data, approve) for row in draft_mous(shared, regencies, key=KEYS)]


@transaction.atomic
def _memorandum(row: Mapping[str, Any], data: Mapping[str, Any], approve: bool) -> Contract:
    if found := Contract.objects.filter(client_key=row["key"]).first():
        return found
    made = create_contract(
        ContractKind.MOU, row["values"], row["signers"], by=demo_user("panitia"), client_key=row["key"]
    )  # fmt: skip
    return _through_office(made, data, approve)


def _through_office(contract: Contract, data: Mapping[str, Any], approve: bool) -> Contract:
    """The draft with the initial of one, and with number and paper by the approval of another."""
    checked = check_contract(contract, by=demo_user("kabid"), at=office_moment(data, 9))
    if not approve:
        return checked
    return approve_contract(checked, by=demo_user("kadis-prov"), at=office_moment(data, 14))


@transaction.atomic
def set_the_stage(slug: str, papers: Sequence[tuple[Contract, bool]]) -> Ceremony | None:
    """The ceremony of that edition's first signing session with these papers in it.

    None when people have been at work there: it was filled, the edition is over, or the session is gone.
    """
    meeting = Meeting.objects.get(slug=slug)
    by = demo_user("panitia")
    session = meeting.sessions.filter(kind=Session.Kind.SIGNING).order_by("starts_at").first()
    filled = Ceremony.objects.filter(session__meeting=meeting).exclude(opened_at=None, items=None).exists()
    if session is None or filled or not may_prepare_signing(by, meeting):
        return None
    ceremony = start_ceremony(session, by=by)
    added = add_contracts(ceremony, [contract.pk for contract, _stage in papers], by=by)
    on_stage = {contract.pk for contract, stage in papers if stage}
    for item in added.items:
        if item.contract_id in on_stage:
            mark_on_stage(item, True, by=by)
    return ceremony
