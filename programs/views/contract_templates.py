"""Pages of contract templates: the list, one with its versions, a version to read, compare and publish."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.journal.queries import history_of
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text, whole_number
from portal.web.submissions import differences, form_status, sent
from programs import contract_rules as rules
from programs.actions import contract_templates as actions
from programs.forms.contract_templates import NewTemplateForm, TemplateForm, part_labels
from programs.models import ContractKind, TemplateVersion
from programs.queries import contract_templates as queries
from programs.workflow import TEMPLATE

PER_PAGE = 25


def version_or_404(pk: int) -> TemplateVersion:
    """The version with template, publisher and authors."""
    return get_object_or_404(queries.versions(), pk=pk)


@page(who=rules.province_internal, reads=True)
def contract_templates(request: HttpRequest) -> HttpResponse:
    """All templates: search, filters, order, Excel."""
    wanted = {name: search_text(request, name) for name in ("q", "jenis", "keadaan", "sort")}
    rows = queries.listed(text=wanted["q"], kind=wanted["jenis"], state=wanted["keadaan"], sort=wanted["sort"])
    if request.GET.get("format") == "xlsx":
        return _excel(rows)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    states = [(key, _(label)) for key, label in queries.STATES.items()]
    context = {
        "page": shown, "q": wanted["q"], "sort": wanted["sort"] or "name",
        "sorts": [(key, _(label)) for key, (label, _order) in queries.SORTS.items()],
        "filters": [
            {"name": "jenis", "label": _("Jenis"), "value": wanted["jenis"], "choices": ContractKind.choices},
            {"name": "keadaan", "label": _("Keadaan"), "value": wanted["keadaan"], "choices": states},
        ],
        "excel": f"?{query_with(request, format='xlsx')}", "narrowed": any(wanted.values()),
        "count": ngettext("%(n)s templat", "%(n)s templat", shown.paginator.count) % {"n": shown.paginator.count},
        "may_write": rules.drafters(request.user),
    }  # fmt: skip
    return render(request, "programs/contract_templates/list.html", context)


def _excel(rows: Any) -> HttpResponse:
    header = [
        _("Nama"), _("Jenis"), _("Dipakai"), _("Versi terbit"), _("Diterbitkan"), _("Konsep versi"), _("Naskah dibuat"),
    ]  # fmt: skip
    return excel_response(
        "templat-kontrak", _("Templat kontrak"), header,
        (
            [row.name, row.get_kind_display(), _("ya") if row.active else _("tidak"), row.in_force,
             timezone.localtime(row.published_at).date() if row.published_at else None, row.draft, row.used]
            for row in rows
        ),
    )  # fmt: skip


@page(who=rules.drafters, writes=True)
def contract_template_new(request: HttpRequest) -> HttpResponse:
    """The form of a new template; it goes on in the editor of its first version."""
    form = NewTemplateForm(sent(request), initial={"client_key": uuid.uuid4(), "kind": request.GET.get("jenis")})
    status = form_status(request)
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.new_template(**form.cleaned_data, by=request.user)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            return redirect("contract_template_edit", version.pk)
    context = {"form": form, "back": reverse("contract_templates")}
    return render(request, "programs/contract_templates/new.html", context, status=status)


@page(who=rules.province_internal, reads=True)
def contract_template(request: HttpRequest, pk: int) -> HttpResponse:
    """A template: its versions, who wrote and published them, and what was done with it."""
    row = get_object_or_404(queries.with_versions(pk))
    draft = next((version for version in row.all_versions if version.status == TEMPLATE.initial), None)
    in_force = next((version for version in row.all_versions if version.status == "terbit"), None)
    context = {
        "template": row, "draft": draft, "in_force": in_force, "may_write": rules.drafters(request.user),
        "history": history_of(row, *row.all_versions, limit=10),
        "used": sum(version.used for version in row.all_versions),
    }  # fmt: skip
    return render(request, "programs/contract_templates/detail.html", context)


@page(who=rules.drafters, writes=True)
def contract_template_name(request: HttpRequest, pk: int) -> HttpResponse:
    """Name of a template, and whether it is used; what was typed stays when somebody else was faster."""
    row = get_object_or_404(queries.with_versions(pk))
    form = TemplateForm(
        sent(request), instance=row, initial={"seen_name": row.name, "seen_active": row.active}
    )  # fmt: skip
    status, theirs = form_status(request), None
    stored = (row.name, row.active)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("name", "active")}
        base = (form.cleaned_data["seen_name"], form.cleaned_data["seen_active"])
        try:
            actions.change_template(row, **values, base=base, by=request.user)
        except StaleVersion as stale:
            status, theirs = 409, differences(stale.current, values)
            form.data = form.data.copy()
            form.data["seen_name"], form.data["seen_active"] = stored[0], "on" if stored[1] else ""
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect("contract_template", pk)
    context = {"form": form, "template": row, "stored_name": stored[0], "theirs": theirs,
               "back": reverse("contract_template", args=[pk])}  # fmt: skip
    return render(request, "programs/contract_templates/name.html", context, status=status)


@page(who=rules.drafters, writes=True)
def contract_template_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next version from the newest one, and go on in its editor."""
    row = get_object_or_404(queries.with_versions(pk))
    if request.method != "POST":
        return redirect(row)
    return redirect("contract_template_edit", actions.new_version(row, by=request.user).pk)


@page(who=rules.province_internal, reads=True)
def contract_template_version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version as the paper prints it with sample values, and how it differs from another."""
    version = version_or_404(pk)
    others = list(version.template.versions.exclude(pk=pk).order_by("-number").values_list("number", flat=True))
    wanted = whole_number(request.GET.get("banding"))
    earlier = max((number for number in others if number < version.number), default=None)
    number = wanted if wanted in others else earlier
    other = version.template.versions.get(number=number) if number else None
    older, newer = sorted((version, other), key=lambda row: row.number) if other else (None, version)
    context = {
        "version": version, "made": queries.preview_of(version), "others": others, "other": other, "older": older,
        "newer": newer, "changes": queries.difference(older, newer) if older else [],
        "own": queries.own_entries(version), "may_write": rules.may_write_template(request.user, version),
        "may_publish": rules.may_publish_template(request.user, version),
        "history": history_of(version, limit=15), "labels": part_labels(),
    }  # fmt: skip
    return render(request, "programs/contract_templates/version.html", context)


@page(who=rules.province_internal, writes=True)
def contract_template_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a version that one has read; it is frozen then."""
    version = version_or_404(pk)
    ensure(rules.may_publish_template(request.user, version))
    wrong, blocked, status = queries.faults(version), "", 200
    if request.method == "POST":
        try:
            actions.publish_version(version, base_version=whole_number(request.POST.get("version")) or 0,
                                    by=request.user)  # fmt: skip
        except (StaleVersion, Blocked) as error:
            blocked, status = str(error), 409
            version, wrong = version_or_404(pk), []
        else:
            messages.success(request, _("%(version)s terbit dan dibekukan.") % {"version": version})
            return redirect("contract_template", version.template_id)
    context = {"version": version, "faults": wrong, "blocked": blocked}
    return render(request, "programs/contract_templates/publish.html", context, status=status)


@page(who=rules.drafters, writes=True)
def contract_template_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, after a question."""
    version = version_or_404(pk)
    ensure(rules.may_write_template(request.user, version))
    if request.method == "POST":
        template = actions.discard_version(version, by=request.user)
        messages.success(request, _("Konsep dibuang. Naskahnya masih ada dalam jurnal."))
        return redirect(template)
    return render(request, "programs/contract_templates/discard.html", {"version": version})
