"""Ordering the payment list of a month."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.documents.models import Document
from portal.kernel.errors import ensure
from programs.contract_rules import payment_readers
from programs.queries.reports_papers import payment_paper
from programs.queries.reports_payments import payments
from regencies.models import Regency


@transaction.atomic
def order_payments(month: dt.date, regency: Regency | None, *, by: Any) -> Document:
    """The ordered paper of the payment list as it stands now; the same list is never made twice.

    Errors: Denied; Blocked when there is nobody to pay or nobody to sign.
    """
    ensure(payment_readers(by))
    rows = payments(month, regency=regency.pk if regency else None)
    return payment_paper(month, regency, rows, by=by, on=timezone.localdate())
