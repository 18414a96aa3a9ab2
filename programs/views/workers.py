"""The register of extension workers: list, page of one, form, placement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.rules import administrators
from portal.journal.queries import history_of
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text, whole_number
from portal.web.submissions import differences, form_status, see_version, sent
from programs import contract_rules as rules
from programs.actions.workers import add_worker, change_worker, place_worker
from programs.forms.workers import PlacementForm, WorkerForm
from programs.models import ExtensionWorker
from programs.queries import workers as queries
from programs.queries.contracts_new import contractable
from programs.workflow import WORKER
from regencies.models import Regency
from regencies.rules import Role, roles

PAGE = 25
SHOWN_REPORTS = 12
SHOWN_HISTORY = 30
LAST_YEAR = 2100


@page(who=rules.worker_readers, reads=True)
def worker_list(request: HttpRequest) -> HttpResponse:
    """Search, filters, sort, pages, Excel; a worker goes to his own page."""
    if roles(request.user) == {Role.TPL} and (own := queries.own_worker(request.user)):
        return redirect("worker", own.pk)
    wanted = _wanted(request)
    found = queries.listed(request.user, **wanted)
    if request.GET.get("format") == "xlsx":
        return _excel(request, found)
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "count": ngettext("%(n)s penyuluh", "%(n)s penyuluh", shown.paginator.count) % {"n": shown.paginator.count},
        "totals": queries.totals(request.user), "soon_days": queries.SOON_DAYS,
        "filtered": any(value for name, value in wanted.items() if name != "sort"),
        "q": wanted["text"], "sort": wanted["sort"],
        "sorts": [(key, _(label)) for key, (label, _order) in queries.SORTS.items()],
        "filters": _filters(request, wanted),
        "excel": f"?{query_with(request, format='xlsx')}",
        "may_keep": rules.may_keep_workers(request.user),
        "unlinked": roles(request.user) == {Role.TPL},
    }  # fmt: skip
    return render(request, "programs/workers/list.html", context)


def _wanted(request: HttpRequest) -> dict[str, Any]:
    return {
        "text": search_text(request),
        "scheme": search_text(request, "jenis"),
        "cohort": whole_number(request.GET.get("angkatan"), largest=LAST_YEAR),
        "regency": whole_number(request.GET.get("kabupaten")),
        "status": search_text(request, "status"),
        "sort": search_text(request, "sort") or "regency",
    }


def _filters(request: HttpRequest, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    found = [
        {"name": "status", "label": _("Status"), "value": wanted["status"],
         "choices": [(key, _(str(label))) for key, label in WORKER.choices]},
        {"name": "angkatan", "label": _("Angkatan"), "value": wanted["cohort"] or "",
         "choices": [(year, str(year)) for year in queries.cohorts(request.user)]},
        {"name": "jenis", "label": _("Jenis penyuluh"), "value": wanted["scheme"],
         "choices": ExtensionWorker.Scheme.choices},
    ]  # fmt: skip
    if rules.province_readers(request.user):
        regencies = Regency.objects.visible_to(request.user).values_list("pk", "name")
        found.append({"name": "kabupaten", "label": _("Kabupaten/kota"), "value": wanted["regency"] or "",
                      "choices": regencies})  # fmt: skip
    return found


def _excel(request: HttpRequest, found: Any) -> HttpResponse:
    """The list; personal data only for those who may read everybody's."""
    header = [
        _("Nama"), _("Jenis penyuluh"), _("Angkatan"), _("Perguruan tinggi"), _("Program studi"), _("Kabupaten/kota"),
        _("Wilayah kerja"), _("Status"), _("Tahun kontrak"), _("Nomor kontrak"), _("Mulai"), _("Berakhir"),
    ]  # fmt: skip
    personal = queries.PERSONAL if rules.province_internal(request.user) else ()
    header += [str(ExtensionWorker._meta.get_field(name).verbose_name).capitalize() for name in personal]
    rows = [
        [
            worker.name, worker.get_scheme_display(), worker.cohort, worker.school, worker.programme,
            str(worker.regency or ""), worker.placement, _(worker.state.label), worker.contract_year or None,
            worker.contract_number or "", worker.contract_starts_on, worker.contract_ends_on,
            *(getattr(worker, name) for name in personal),
        ]
        for worker in found
    ]  # fmt: skip
    return excel_response("penyuluh", _("Penyuluh"), header, rows)


@page(who=rules.worker_readers, reads=True)
def worker_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One worker: his way, contracts, reports, and for those who may the personal data and the history."""
    worker = _worker(request, pk)
    user = request.user
    personal = rules.may_read_personal(user, worker)
    reports = list(queries.reports_of(worker, user)[: SHOWN_REPORTS + 1])
    may_keep = rules.may_keep_workers(user)
    context = {
        "worker": worker, "steps": queries.path(worker), "personal": personal,
        "contracts": queries.contracts_of(worker, user), "reports": reports[:SHOWN_REPORTS],
        "more_reports": len(reports) > SHOWN_REPORTS,
        "may_keep": may_keep, "may_contract": bool(may_keep) and contractable(user).filter(pk=pk).exists(),
        "may_place": rules.may_place_worker(user, worker),
        "place_label": _place_label(worker), "is_admin": administrators(user),
        "account_fault": queries.account_fault(worker) if rules.province_internal(user) else "",
        "history": history_of(worker, limit=SHOWN_HISTORY) if rules.may_read_worker_history(user, worker) else None,
    }  # fmt: skip
    return render(request, "programs/workers/detail.html", context)


@page(who=rules.may_keep_workers, writes=True)
def worker_new(request: HttpRequest) -> HttpResponse:
    """The form of a new worker."""
    form = WorkerForm(sent(request), user=request.user)
    if form.is_valid():
        values, regency, key = form.values(), form.cleaned_data["regency"], form.cleaned_data["client_key"]
        worker = tried(form, lambda: add_worker(values, regency=regency, client_key=key, by=request.user))
        if worker:
            messages.success(request, _("%(name)s terdaftar.") % {"name": worker})
            return redirect("worker", worker.pk)
    return _form_page(request, form, None, status=form_status(request))


@page(who=rules.may_keep_workers, writes=True)
def worker_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; after somebody else's save both versions are shown and nothing typed is lost."""
    worker = _worker(request, pk)
    form = WorkerForm(sent(request), instance=_worker(request, pk), user=request.user)
    status, theirs = form_status(request), None
    if form.is_valid():
        values, version = form.values(), form.cleaned_data["version"]
        try:
            done = tried(form, lambda: change_worker(worker, values, by=request.user, base_version=version))
        except StaleVersion as stale:
            status, theirs = 409, differences(stale.current, values)
            see_version(form, stale.current.version)
        else:
            if done:
                messages.success(request, _("Data penyuluh tersimpan."))
                return redirect("worker", pk)
    return _form_page(request, form, worker, status=status, theirs=theirs)


def _form_page(
    request: HttpRequest, form: WorkerForm, worker: ExtensionWorker | None, *, status: int, theirs: Any = None
) -> HttpResponse:
    back = worker.get_absolute_url() if worker else reverse("workers")
    context = {"form": form, "worker": worker, "theirs": theirs, "back": back}
    return render(request, "programs/workers/form.html", context, status=status)


@page(who=rules.may_keep_workers, writes=True)
def worker_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Place a worker, move him elsewhere, or place him again."""
    worker = _worker(request, pk)
    ensure(rules.may_place_worker(request.user, worker))
    form = PlacementForm(sent(request), user=request.user, worker=worker)
    if form.is_valid() and tried(form, lambda: place_worker(worker, **form.cleaned_data, by=request.user)):
        messages.success(request, _("Penempatan tersimpan."))
        return redirect("worker", pk)
    context = {"form": form, "worker": worker, "title": _place_label(worker)}
    return render(request, "programs/workers/place.html", context, status=form_status(request))


def _place_label(worker: ExtensionWorker) -> str:
    if worker.status == "lulus":
        return _("Tempatkan")
    return _("Pindahkan") if worker.status == "penempatan" else _("Tempatkan kembali")


def _worker(request: HttpRequest, pk: int) -> ExtensionWorker:
    rows = ExtensionWorker.objects.visible_to(request.user).select_related("regency", "user")
    return get_object_or_404(rows, pk=pk)


def tried(form: Any, act: Callable[[], Any]) -> Any:
    """What the act returns; None when it was refused, with the sentences in the form."""
    try:
        return act()
    except Blocked as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= {*form.fields, NON_FIELD_ERRORS}
        form.add_error(None, error if known else error.messages)
    return None
