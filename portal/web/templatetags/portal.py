"""Filters of every template: Indonesian dates, times, money and Markdown-light; queries kept while paging."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.kernel import dates, markup, money

register = template.Library()


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    """Stored moments are UTC; people read the province's time."""
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


@register.filter
def long_date(value: dt.date | None) -> str:
    """Rabu, 24 April 2019."""
    return dates.long_date(_local(value)) if value else ""


@register.filter
def short_date(value: dt.date | None) -> str:
    """24 April 2019."""
    return dates.short_date(_local(value)) if value else ""


@register.filter
def month_year(value: dt.date | None) -> str:
    """April 2019."""
    return dates.month_year(_local(value)) if value else ""


@register.filter
def clock(value: dt.time | dt.datetime | None) -> str:
    """09.00 (add the zone yourself: `{{ zone }}`)."""
    return dates.clock(_local(value)) if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """24 April 2019 pukul 09.00 WITA."""
    if not value:
        return ""
    local = timezone.localtime(value)
    zone = dates.zone_label(local.tzinfo, local.replace(tzinfo=None))
    return f"{dates.short_date(local)} {_('pukul')} {dates.clock(local)} {zone}"


@register.filter
def rupiah(value: int | None) -> str:
    """Rp1.250.000."""
    return money.rupiah(value) if value is not None else ""


@register.filter
def markup_html(value: str) -> SafeString:
    """Markdown-light as safe HTML."""
    return mark_safe(markup.to_html(value))  # noqa: S308  sanitised by nh3 in the kernel


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: object) -> str:
    """The address's query string with some values replaced: `{% query_with page=3 %}`; None removes one."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = value
    return f"?{query.urlencode()}"
