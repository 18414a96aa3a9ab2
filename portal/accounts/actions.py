"""What can be done to accounts. Each verb is one transaction and one journal entry."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from kombu.exceptions import OperationalError

from portal.accounts import tasks, throttling, witness
from portal.accounts.models import ParkedForm, PasswordLink, User
from portal.accounts.rules import administrators, may_deactivate, may_replace_secrets
from portal.kernel.errors import Blocked, ensure

PARKED_SIZE = 1_000_000
PARKED_COUNT = 20
EDITABLE = ["full_name", "email", "phone"]


@transaction.atomic
def create_user(username: str, full_name: str, email: str = "", phone: str = "", *, by: Any) -> User:
    """A new account without usable password: its owner sets one through a one-time link.

    Errors: ValidationError by field name, e.g. when the user name is taken.
    """
    user = User(
        username=username.strip().lower(), full_name=full_name.strip(), email=email.strip(), phone=phone.strip()
    )
    user.set_unusable_password()
    user.full_clean()
    user.save()
    changes = {gettext_noop("nama pengguna"): [None, user.username]}
    witness.record(gettext_noop("Membuat akun"), user, by=by, changes=changes)
    return user


@transaction.atomic
def update_user(user: User, values: dict[str, str], *, by: Any) -> User:
    """The account with another name, e-mail or phone; nothing is written when nothing differs.

    Errors: ValidationError by field name.
    """
    stored = User.objects.select_for_update().get(pk=user.pk)
    changes = {}
    with override(settings.LANGUAGE_CODE):  # the journal's language
        for name in EDITABLE:
            old, new = getattr(stored, name), values.get(name, getattr(stored, name)).strip()
            if old != new:
                changes[str(User._meta.get_field(name).verbose_name)] = [old, new]
                setattr(stored, name, new)
    if changes:
        stored.full_clean(exclude=["password"])
        stored.save(update_fields=EDITABLE)
        witness.record(gettext_noop("Mengubah data akun"), stored, by=by, changes=changes)
    return stored


@transaction.atomic
def set_password_link(user: User, *, by: Any) -> str:
    """The address of a new one-time link with which this person sets a password; earlier links are void.

    Errors: Denied, also for one's own account; Blocked for a deactivated one.
    """
    ensure(may_replace_secrets(by, user))
    if not user.is_active:
        raise Blocked(_("Akun ini dinonaktifkan. Aktifkan dahulu sebelum membuat tautan kata sandi."))
    secret = PasswordLink.objects.issue(user, by=by)
    witness.record(gettext_noop("Membuat tautan kata sandi"), user, by=by)
    return f"{settings.PUBLIC_URL}{reverse('new_password', args=[secret])}"


@transaction.atomic
def use_password_link(secret: str, password: str) -> User:
    """The person whose password was set; the link is spent, and every session of that person ends.

    Errors: Blocked when the link can no longer be used.
    """
    link = PasswordLink.objects.find(secret)
    if link is None or not PasswordLink.objects.filter(pk=link.pk).delete()[0]:
        raise Blocked(_("Tautan ini sudah dipakai, sudah diganti, atau sudah kedaluwarsa. Mintalah tautan baru."))
    user = User.objects.select_for_update().get(pk=link.user_id)
    user.set_password(password)
    user.save(update_fields=["password"])
    PasswordLink.objects.filter(user=user).delete()
    end_sessions(user)
    witness.record(gettext_noop("Membuat kata sandi baru lewat tautan"), user, by=user)
    return user


def ask_for_password_mail(login: str, address: str) -> None:
    """Order the e-mail with a link, if such an account has an e-mail address; takes as long if there is none.

    Errors: TooSoon; Blocked while the queue cannot be reached.
    """
    throttling.try_mail(login, address)
    try:
        tasks.mail_password_link.apply_async([login], retry=False)
    except OperationalError as error:
        sentence = _("Surel belum dapat dikirim. Coba lagi beberapa saat, atau minta tautan kepada admin portal.")
        raise Blocked(sentence) from error


@transaction.atomic
def deactivate(user: User, *, note: str, by: Any) -> None:
    """Nobody can use this account any more; all its sessions end at once.

    Errors: Denied for one's own account, Blocked without a reason.
    """
    ensure(may_deactivate(by, user))
    _switch(user, active=False, verb=gettext_noop("Menonaktifkan akun"), note=note, by=by)
    PasswordLink.objects.filter(user=user).delete()
    end_sessions(user)


@transaction.atomic
def reactivate(user: User, *, note: str, by: Any) -> None:
    """The account can be used again, with the password it had.

    Errors: Denied, Blocked without a reason.
    """
    ensure(administrators(by))
    _switch(user, active=True, verb=gettext_noop("Mengaktifkan kembali akun"), note=note, by=by)


@transaction.atomic
def reset_second_factor(user: User, *, note: str, by: Any) -> None:
    """The authenticator app is disconnected (lost phone); all sessions end.

    Errors: Denied, also for one's own account; Blocked without a reason or when no app is connected.
    """
    ensure(may_replace_secrets(by, user))
    note = _reason(note)
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise Blocked(_("Akun ini tidak memakai verifikasi dua langkah."))
    end_sessions(user)
    witness.record(gettext_noop("Mereset verifikasi dua langkah"), user, by=by, note=note)


def end_sessions(user: Any, *, keep: str = "") -> int:
    """How many sessions of this person were ended, all but the one whose key is `keep`."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=keep)
    ended = Session.objects.filter(session_key__in=rows.values("session_key")).delete()[0]
    rows.delete()
    return ended


@transaction.atomic
def end_other_sessions(user: Any, *, keep: str) -> int:
    """How many other sessions were ended, by their owner."""
    ended = end_sessions(user, keep=keep)
    witness.record(gettext_noop("Mengakhiri semua sesi lain"), user, by=user)
    return ended


@transaction.atomic
def park_form(user: Any, path: str, data: list[list[str]], files: list[str]) -> ParkedForm | None:
    """The stored form of somebody whose session had ended; None when it is too large to be kept.

    The same form sent twice is kept once. Of each person the latest are kept.
    """
    if len(path) > 2000 or sum(len(name) + len(value) for name, value in data) > PARKED_SIZE:
        return None
    form = ParkedForm.objects.of(user).filter(path=path, data=data).first()
    form = form or ParkedForm.objects.create(user=user, path=path, data=data, files=files)
    kept = list(ParkedForm.objects.of(user).values_list("pk", flat=True)[:PARKED_COUNT])
    ParkedForm.objects.filter(user=user).exclude(pk__in=kept).delete()
    return form


def discard_parked_form(user: Any, pk: Any) -> None:
    """Forget a parked form of this person; anything that names none is ignored."""
    with contextlib.suppress(ValueError):
        ParkedForm.objects.filter(user=user, pk=uuid.UUID(str(pk))).delete()


def _switch(user: User, *, active: bool, verb: str, note: str, by: Any) -> None:
    note = _reason(note)
    if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        raise Blocked(_("Akun ini sudah aktif.") if active else _("Akun ini sudah dinonaktifkan."))
    user.is_active = active
    witness.record(verb, user, by=by, note=note)


def _reason(note: str) -> str:
    if not note.strip():
        raise Blocked(_("Alasan wajib diisi."))
    return note.strip()
