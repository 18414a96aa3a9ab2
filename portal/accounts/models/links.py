"""One-time links with which a person sets his or her own password."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

SELF_SERVICE_LIFE = dt.timedelta(hours=1)


class PasswordLinkQuerySet(models.QuerySet):
    """Rows of links."""

    def issue(self, user: Any, *, by: Any = None) -> str:
        """The secret of a new link; it is stored nowhere.

        A link of the admin (`by`) ends all earlier ones; one that somebody asked for by e-mail ends only its like, so
        that a stranger's request cannot spoil what the admin has handed over.
        """
        older = self.filter(user=user)
        (older if by else older.filter(made_by=None)).delete()
        secret = secrets.token_urlsafe(32)
        life = dt.timedelta(hours=settings.PASSWORD_LINK_HOURS) if by else SELF_SERVICE_LIFE
        self.create(
            user=user, made_by=by, digest=_digest(secret), password_mark=_mark(user), expires_at=timezone.now() + life
        )
        return secret

    def find(self, secret: str) -> PasswordLink | None:
        """The link of that secret if it can still be used: not spent, not expired, password and account as then."""
        link = self.select_related("user").filter(digest=_digest(secret), expires_at__gt=timezone.now()).first()
        if link and link.user.is_active and constant_time_compare(link.password_mark, _mark(link.user)):
            return link
        return None


class PasswordLink(models.Model):
    """One link. Only the hash of its secret is kept; using it deletes it, and any change of password voids it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    password_mark = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("berlaku sampai"))

    objects = PasswordLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("tautan sandi")
        verbose_name_plural = _("tautan sandi")

    def __str__(self) -> str:
        return f"{self.user} – {self.expires_at:%Y-%m-%d %H:%M}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _mark(user: Any) -> str:
    """Changes whenever the stored password does."""
    return salted_hmac("portal.accounts.links", f"{user.pk}:{user.password}", algorithm="sha256").hexdigest()
