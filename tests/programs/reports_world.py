"""An extension worker of Belu with an account and a running contract, and his reports in every status."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from programs.facts.contract_periods import months_after
from tests import factories
from tests.factories_contracts import make_contract, make_worker


def this_month() -> dt.date:
    """The month that runs now."""
    return timezone.localdate().replace(day=1)


def last_month() -> dt.date:
    """The month before."""
    return months_after(this_month(), -1)


def contracted(user: Any, name: str = "Penyuluh Belu Contoh", regency: str = "53.04", **values: Any) -> Any:
    """A worker under contract since the first day of last month."""
    if not user.positions.exists():
        factories.make_position(user, "tpl", factories.lead_agency(regency))
    worker = make_worker(name, regency, user=user, status="kontrak")
    make_contract(
        worker=worker,
        regency=regency,
        status="aktif",
        **{"starts_on": last_month(), "placement": "Sentra", "contract_year": 1, **values},
    )
    return worker


def make_report(
    worker: Any, month: dt.date | None = None, *, by: Any = None, visits: int = 1, whole: bool = True
) -> Any:
    """A draft; a whole one can be handed in."""
    from programs.actions.reports import open_report, save_report

    by = by or worker.user
    report = open_report(worker, month or last_month(), by=by)
    if whole:
        save_report(report, {"plan": "Mendampingi uji P-IRT."}, base=None, by=by)
    for number in range(visits):
        add_visit(report, f"IKM {number:02}", by=by)
    return report


def add_visit(report: Any, ikm: str = "Tenun Fafinesu", *, by: Any = None, **values: Any) -> Any:
    """One visit on the second day of the month."""
    from programs.actions.reports_visits import save_visit

    values = {"on": report.month.replace(day=2), "ikm": ikm, "topic": "Pewarnaan", "is_new": True, **values}
    visit, _result = save_visit(report, uuid.uuid4(), values, base=None, by=by or report.worker.user)
    return visit


def submitted(worker: Any, month: dt.date | None = None, **more: Any) -> Any:
    """A report that waits for approval."""
    from programs.actions.reports import submit_report

    return submit_report(make_report(worker, month, **more), by=worker.user)
