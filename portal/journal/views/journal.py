"""The journal for the admin, and the history of one object for whoever may read it."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.rules import administrators
from portal.journal import queries
from portal.journal.forms import FilterForm
from portal.journal.histories import history_rule
from portal.journal.models import Entry
from portal.kernel.errors import ensure
from portal.web.access import page, signed_in
from portal.web.csv_file import csv_response
from portal.web.excel import excel_response
from portal.web.parameters import whole_number


@page(who=administrators, reads=True)
def journal(request: HttpRequest) -> HttpResponse:
    """Everything that was done, newest first."""
    form = FilterForm(request.GET)
    before = whole_number(request.GET.get("sebelum"))
    shown = queries.page_of(queries.search(form.filters), before)
    query = request.GET.copy()
    query.pop("sebelum", None)
    context = {
        "form": form,
        "rows": [(entry, queries.kind_label(entry.object_type)) for entry in shown.entries],
        "older": shown.older,
        "first": not before,
        "query": query.urlencode(),
        "export": queries.EXPORT,
    }
    return render(request, "journal/journal.html", context)


@page(who=administrators, reads=True)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with everything that changed."""
    row = get_object_or_404(Entry, pk=pk)
    context = {
        "entry": row,
        "kind": queries.kind_label(row.object_type),
        "changes": queries.changes_of(row),
        "others": Entry.objects.filter(object_type=row.object_type, object_id=row.object_id).exclude(pk=pk)[:20],
    }
    return render(request, "journal/entry.html", context)


@page(who=administrators, reads=True)
def journal_excel(request: HttpRequest) -> HttpResponse:
    """The filtered journal as an Excel file."""
    return excel_response("jurnal", _("Jurnal"), _header(), _rows(request))


@page(who=administrators, reads=True)
def journal_csv(request: HttpRequest) -> HttpResponse:
    """The filtered journal as a CSV file."""
    return csv_response("jurnal", _header(), _rows(request))


@page(who=signed_in, reads=True)
def history(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """The history of one object: a fragment for htmx, else a page. The rule is the one registered for its type."""
    found = history_rule(kind)
    if found is None:
        raise Http404
    model, may_read = found
    rows = model._default_manager.all()
    if hasattr(rows, "visible_to"):  # what is not there for this reader is not there, whatever the rule says
        rows = rows.visible_to(request.user)
    try:
        obj = rows.get(pk=pk)
    except (model.DoesNotExist, ValueError) as error:
        raise Http404 from error
    ensure(may_read(request.user, obj))
    context = {"entries": queries.history_of(obj), "object": obj}
    return render(request, "journal/history.html" if request.htmx else "journal/history_page.html", context)


def _header() -> list[str]:
    return [_("Waktu"), _("Pelaku"), _("Tindakan"), _("Jenis"), _("Objek"), _("Alasan"), _("Perubahan")]


def _rows(request: HttpRequest) -> Iterator[list]:
    for row in queries.search(FilterForm(request.GET).filters)[: queries.EXPORT].iterator():
        changes = "; ".join(f"{label}: {old or '–'} → {new or '–'}" for label, old, new in queries.changes_of(row))
        at = timezone.localtime(row.at).replace(tzinfo=None, microsecond=0)
        kind = queries.kind_label(row.object_type)
        yield [at, row.actor_name, _(row.verb), kind, row.object_label, row.note, changes]
