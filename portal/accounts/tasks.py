"""Work outside the request: the e-mail with a link, so that neither words nor time tell whether an account exists."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.core.exceptions import MultipleObjectsReturned
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from portal.accounts import witness
from portal.accounts.mail import send_password_link
from portal.accounts.models import PasswordLink, User


@shared_task(max_retries=3, autoretry_for=(OSError,), retry_backoff=10)
def mail_password_link(login: str) -> None:
    """Send a link to the account of that user name or e-mail address, if there is one that has an address."""
    try:
        user = User.objects.exclude(email="").get(Q(username__iexact=login) | Q(email__iexact=login), is_active=True)
    except (User.DoesNotExist, MultipleObjectsReturned):
        return
    with transaction.atomic():
        secret = PasswordLink.objects.issue(user)
        witness.record(gettext_noop("Meminta tautan kata sandi lewat surel"), user, by=user)
    send_password_link(user, f"{settings.PUBLIC_URL}{reverse('new_password', args=[secret])}")
