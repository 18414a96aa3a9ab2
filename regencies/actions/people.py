"""Who holds which position when. Only the admin of the portal changes that; it gives nobody a right to approve."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.accounts.actions import create_user
from portal.accounts.models import PasswordLink, User
from portal.accounts.rules import administrators
from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked, ensure
from regencies.models import Position
from regencies.queries import lead_agency
from regencies.rules import APPROVING, Role

POSITION_FIELDS = ["role", "agency", "title", "standing", "starts_on", "ends_on", "rank", "employee_number"]


@transaction.atomic
def add_person(account: dict[str, str], position: dict[str, Any], *, by: Any) -> Any:
    """A new account with its first position.

    Shape: account as the arguments of create_user; position by POSITION_FIELDS.
    Errors: Denied, ValidationError by field name.
    """
    ensure(administrators(by))
    person = create_user(**account, by=by)
    add_position(person, position, by=by)
    return person


@transaction.atomic
def make_first_admin(username: str, full_name: str) -> str:
    """The one-time address with which the first admin of an empty portal sets a password (good for one hour).

    Errors: Blocked while an admin is in office; ValidationError by field name.
    """
    if Position.objects.in_force().filter(role=Role.ADMIN, person__is_active=True).exists():
        raise Blocked(_("Portal ini sudah mempunyai admin. Admin baru ditambahkan lewat “Pengguna & jabatan”."))
    person = create_user(username, full_name, by=None)
    position = Position(
        person=person,
        agency=lead_agency(),
        role=Role.ADMIN,
        title=_("Pengelola Portal"),
        starts_on=timezone.localdate(),
    )
    _store(position)
    changes = changes_between(None, position, POSITION_FIELDS)
    record(gettext_noop("Menambah jabatan"), person, by=None, changes=changes)
    return f"{settings.PUBLIC_URL}{reverse('new_password', args=[PasswordLink.objects.issue(person)])}"


@transaction.atomic
def add_position(person: Any, values: dict[str, Any], *, by: Any) -> Position:
    """This person holds one more position.

    Errors: Denied, Blocked for an approving role of one's own, ValidationError, e.g. when the office has a definitive
    head in these days already.
    """
    ensure(administrators(by))
    User.objects.select_for_update().get(pk=person.pk)  # a second click waits, and then finds the position of the first
    position = Position(person=person, **values)
    _refuse_own_approval(position, by)
    _refuse_double(position)
    _store(position)
    record(gettext_noop("Menambah jabatan"), person, by=by, changes=changes_between(None, position, POSITION_FIELDS))
    return position


@transaction.atomic
def change_position(position: Position, values: dict[str, Any], *, by: Any) -> Position:
    """The position with other values; nothing is written when nothing differs.

    Errors: Denied, Blocked for one's own last admin position and for an approving role of one's own, ValidationError.
    """
    ensure(administrators(by))
    row = Position.objects.select_for_update(of=("self",)).select_related("person", "agency").get(pk=position.pk)
    before = copy.copy(row)
    for name, value in values.items():
        setattr(row, name, value)
    changes = changes_between(before, row, POSITION_FIELDS)
    if changes:
        _keep_own_admin(before, row, by)
        _refuse_own_approval(row, by)
        _store(row)
        record(gettext_noop("Mengubah jabatan"), row.person, by=by, note=row.full_title, changes=changes)
    return row


@transaction.atomic
def end_position(position: Position, last_day: dt.date, *, by: Any) -> Position:
    """The position with its last day.

    Errors: Denied, Blocked for one's own last admin position, ValidationError when it would end before it began.
    """
    ensure(administrators(by))
    row = Position.objects.select_for_update(of=("self",)).select_related("person", "agency").get(pk=position.pk)
    before = copy.copy(row)
    row.ends_on = last_day
    _keep_own_admin(before, row, by)
    _store(row)
    changes = changes_between(before, row, ["ends_on"])
    record(gettext_noop("Mengakhiri jabatan"), row.person, by=by, note=row.full_title, changes=changes)
    return row


def _refuse_own_approval(position: Position, by: Any) -> None:
    """Return unless who keeps the accounts would give himself the say over what others wrote.

    Errors: Blocked.
    """
    if position.person_id == by.pk and position.role in APPROVING:
        raise Blocked(_("Jabatan yang menyetujui tidak dapat Anda berikan kepada diri sendiri. Minta admin lain."))


def _refuse_double(position: Position) -> None:
    """Return when this person does not hold the same role in the same office in these days.

    Errors: ValidationError.
    """
    same = Position.objects.filter(person=position.person_id, agency=position.agency, role=position.role)
    same = same.exclude(ends_on__lt=position.starts_on)
    if position.ends_on:
        same = same.exclude(starts_on__gt=position.ends_on)
    if same.exists():
        raise ValidationError(_("Orang ini sudah memegang peran yang sama di kantor itu pada masa itu."))


def _store(position: Position) -> None:
    """Save what is valid; two admins at the same moment are told by the database's own constraint."""
    position.full_clean()
    try:
        with transaction.atomic():
            position.save()
    except IntegrityError as error:
        sentence = _("Jabatan ini bertabrakan dengan jabatan lain yang baru saja disimpan. Muat ulang, lalu periksa.")
        raise ValidationError(sentence) from error


def _keep_own_admin(before: Position, after: Position, by: Any) -> None:
    """Nobody locks himself out: without another admin position of one's own, one's last may not be cut short.

    Errors: Blocked.
    """
    if before.person_id != by.pk or before.role != Role.ADMIN:
        return
    today = timezone.localdate()
    others = Position.objects.in_force().filter(person=by, role=Role.ADMIN, ends_on=None).exclude(pk=before.pk)
    shorter = after.ends_on is not None and (before.ends_on is None or after.ends_on < before.ends_on)
    if (after.role != Role.ADMIN or shorter or after.starts_on > today) and not others.exists():
        raise Blocked(_("Ini jabatan admin terakhir Anda. Minta admin lain yang mengubahnya."))
