"""The account of an extension worker: the admin makes or links it, and its position follows the placement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.accounts.rules import administrators
from portal.journal.actions import record
from portal.kernel.errors import Blocked, ensure
from programs.actions.workers import OPEN
from programs.models import Contract, ExtensionWorker, Signer
from programs.queries.workers import held_positions, office_of
from regencies.actions.people import add_person, add_position, end_position
from regencies.models import Agency
from regencies.rules import Role

ACCOUNT = gettext_noop("Akun")


@transaction.atomic
def create_account(worker: ExtensionWorker, username: str, *, by: Any) -> ExtensionWorker:
    """The worker with a new account and a position in the office where he is placed.

    Errors: Denied; Blocked when he has one or is placed nowhere; ValidationError by field name.
    """
    row = _free(worker, by)
    account = {"username": username, "full_name": row.name, "email": row.email, "phone": row.phone}
    person = add_person(account, _position(row, _office(row)), by=by)
    return _linked(row, person, by=by)


@transaction.atomic
def link_account(worker: ExtensionWorker, person: Any, *, by: Any) -> ExtensionWorker:
    """The worker with an account that is there, and the position that belongs to his placement.

    Errors: Denied; Blocked when he has one, is placed nowhere, the account is another worker's, or its person signs an
    open paper of this worker in another place.
    """
    row = _free(worker, by)
    office = _office(row)
    if not person.is_active:
        raise Blocked(_("Akun %(name)s dinonaktifkan.") % {"name": person.username})
    if ExtensionWorker.objects.filter(user=person).exists():
        raise Blocked(_("Akun %(name)s milik penyuluh lain.") % {"name": person.username})
    _refuse_other_signer(row, person)
    row.user = person
    if not any(position.agency_id == office.pk for position in held_positions(row)):
        add_position(person, _position(row, office), by=by)
    return _linked(row, person, by=by)


@transaction.atomic
def unlink_account(worker: ExtensionWorker, *, by: Any) -> ExtensionWorker:
    """The worker without account; its positions as an extension worker end.

    Errors: Denied.
    """
    ensure(administrators(by))
    row = _locked(worker)
    if row.user_id:
        for position in held_positions(row):
            end_position(position, _last_day(position), by=by)
        person, row.user = row.user, None
        row.save(update_fields=["user"])
        _unsigned_places(row).update(person=None)
        record(gettext_noop("Melepas akun penyuluh"), row, by=by, changes={ACCOUNT: [person.username, None]})
    return row


@transaction.atomic
def align_position(worker: ExtensionWorker, *, by: Any) -> ExtensionWorker:
    """The worker whose account has exactly the position of his placement; none once he works no more.

    Errors: Denied.
    """
    ensure(administrators(by))
    row = _locked(worker)
    if not row.user_id:
        return row
    office = office_of(row)
    held = held_positions(row)
    for position in held:
        if office is None or position.agency_id != office.pk:
            end_position(position, _last_day(position), by=by)
    if office is not None and all(position.agency_id != office.pk for position in held):
        add_position(row.user, _position(row, office), by=by)
    return row


def _locked(worker: ExtensionWorker) -> ExtensionWorker:
    """The worker, after his open papers: signing takes them in this order too."""
    papers = Contract.objects.select_for_update(of=("self",)).filter(worker=worker.pk, status__in=OPEN)
    list(papers.order_by("pk").values_list("pk", flat=True))
    return ExtensionWorker.objects.select_for_update(of=("self",)).select_related("regency", "user").get(pk=worker.pk)


def _free(worker: ExtensionWorker, by: Any) -> ExtensionWorker:
    """The worker, locked, when he has no account yet.

    Errors: Denied, Blocked.
    """
    ensure(administrators(by))
    row = _locked(worker)
    if row.user_id:
        raise Blocked(_("%(name)s sudah mempunyai akun.") % {"name": row})
    return row


def _office(worker: ExtensionWorker) -> Agency:
    office = office_of(worker)
    if office is None:
        raise Blocked(_("%(name)s belum ditempatkan, jadi akunnya belum dapat diberi jabatan.") % {"name": worker})
    return office


def _position(worker: ExtensionWorker, office: Agency) -> dict[str, Any]:
    """What add_position takes."""
    scheme = ExtensionWorker.Scheme(worker.scheme)
    tpl = scheme in (ExtensionWorker.Scheme.SCHOLARSHIP, ExtensionWorker.Scheme.CONSULTANT)
    title = gettext_noop("Tenaga Penyuluh Lapangan IKM") if tpl else gettext_noop("Penyuluh")
    return {"role": Role.TPL, "agency": office, "title": title, "starts_on": timezone.localdate()}


def _linked(worker: ExtensionWorker, person: Any, *, by: Any) -> ExtensionWorker:
    worker.user = person
    worker.save(update_fields=["user"])
    _unsigned_places(worker).update(person=person)
    record(gettext_noop("Menghubungkan akun penyuluh"), worker, by=by, changes={ACCOUNT: [None, person.username]})
    return worker


def _unsigned_places(worker: ExtensionWorker) -> QuerySet[Signer]:
    """Where he is still to sign."""
    return Signer.objects.filter(worker=worker, contract__status__in=OPEN, signature__isnull=True)


def _refuse_other_signer(worker: ExtensionWorker, person: Any) -> None:
    """Return unless this person signs an open paper of the worker in another place: nobody signs one paper twice.

    Errors: Blocked.
    """
    places = Signer.objects.filter(contract__worker=worker, contract__status__in=OPEN, person=person)
    if found := places.filter(worker__isnull=True).select_related("contract").first():
        raise Blocked(
            _("Akun %(name)s sudah menjadi penanda tangan “%(contract)s” sebagai %(label)s.")
            % {"name": person.username, "contract": found.contract, "label": found.label}
        )


def _last_day(position: Any) -> dt.date:
    """Yesterday, so that the right ends now; a position that began today has today as its only day."""
    return max(position.starts_on, timezone.localdate() - dt.timedelta(days=1))
