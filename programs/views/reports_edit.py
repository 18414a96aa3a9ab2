"""The editor of a monthly report: the report and each visit save themselves field by field."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import clock
from portal.kernel.errors import Blocked, ensure
from portal.web.access import is_background, page
from portal.web.submissions import shown
from programs import contract_rules as rules
from programs.actions import reports as actions
from programs.actions import reports_visits as visit_actions
from programs.actions.proposals import SaveResult
from programs.forms.reports import CaptionForm, PhotoForm, ReportForm, SentFields, VisitForm, text_of
from programs.models import MonthlyReport, ReportPhoto, Visit
from programs.queries import reports as queries
from programs.views.reports import offered_moves, report_or_404

NEW = "00000000-0000-0000-0000-000000000000"
"""Stands in the pattern of a visit for the key that the script makes."""


@dataclass(frozen=True)
class EditorField:
    """A field of the editor: bound, with the texts that its writer has seen, and what stands instead of his."""

    bound: Any
    base: list[str]
    stored: str | None = None


@dataclass(frozen=True)
class Unsaved:
    """What a plain form brought and was not stored whole: the key of its visit ("" for the report), data, conflicts."""

    key: str
    data: Any
    conflicts: dict[str, Any]


def editor_fields(form: forms.BaseForm, row: Any, conflicts: dict[str, Any] | None = None) -> dict[str, EditorField]:
    """The fields of a form, each with the stored text as its base."""
    stored = {name: text_of(field, getattr(row, name)) for name, field in form.fields.items()}
    conflicts = conflicts or {}
    return {
        name: EditorField(form[name], [text], shown(conflicts[name]) if name in conflicts else None)
        for name, text in stored.items()
    }


@page(who=rules.report_writers, writes=True)
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor. A POST saves the fields that it names: a plain form all of them, a script one by one."""
    row = report_or_404(request, pk)
    if request.method != "POST":
        return editor(request, row) if rules.may_write_report(request.user, row) else redirect(row)
    ensure(rules.may_write_report(request.user, row))
    fields = SentFields(request.POST, ReportForm(instance=row))
    if fields.errors:
        return _wrong(request, row, fields, "")
    try:
        result = actions.save_report(row, fields.values, base=fields.base, by=request.user)
    except Blocked as error:
        return _blocked(request, error)
    return saved(request, row, row, ReportForm(), result, key="")


@page(who=rules.report_writers, writes=True)
def report_visit(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Save fields of the visit of that key; the first save makes it. Sent twice it is one visit."""
    row = report_or_404(request, pk)
    if request.method != "POST":
        return redirect("report_edit", pk)
    ensure(rules.may_write_report(request.user, row))
    form = VisitForm(month=row.month)
    fields = SentFields(request.POST, form)
    if fields.errors:
        return _wrong(request, row, fields, str(key))
    try:
        visit, result = visit_actions.save_visit(row, key, fields.values, base=fields.base, by=request.user)
    except Blocked as error:
        return _blocked(request, error)
    return saved(request, row, visit, form, result, key=str(key))


@page(who=rules.report_writers, writes=True)
def report_visit_delete(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Take a visit out; the message can bring it back."""
    row = report_or_404(request, pk)
    if request.method != "POST":
        return redirect("report_edit", pk)
    visit_actions.delete_visit(row, key, by=request.user)
    return put_aside(request, row, _("Kunjungan dihapus."), reverse("report_visit_undelete", args=[pk, key]))


@page(who=rules.report_writers, writes=True)
def report_visit_undelete(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Bring a deleted visit back."""
    row = report_or_404(request, pk)
    if request.method != "POST":
        return redirect("report_edit", pk)
    visit_actions.undelete_visit(row, key, by=request.user)
    return put_aside(request, row, _("Kunjungan dikembalikan."))


@page(who=rules.report_writers, reads=True)
def report_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers on top and what stands beside the editor, after something was saved."""
    row = report_or_404(request, pk)
    return render(request, "programs/reports/_aside.html", {"report": row, "swapping": True, **_beside(request, row)})


# -- answers ----------------------------------------------------------------------------------------------------------


def saved(
    request: HttpRequest,
    row: MonthlyReport,
    stored: models.Model,
    form: forms.BaseForm,
    result: SaveResult,
    *,
    key: str,
) -> HttpResponse:
    """JSON for scripts; for a plain form the editor, with what another device has stored meanwhile."""
    texts = {name: text_of(form.fields[name], getattr(stored, name)) for name in result.saved}
    if is_background(request):
        answer: dict[str, Any] = {"at": clock(timezone.localtime()), "change": row.change, "values": texts}
        if not result.conflicts:
            return JsonResponse(answer)
        theirs = {
            name: {"value": text_of(form.fields[name], value), "shown": shown(value)}
            for name, value in result.conflicts.items()
        }
        sentence = _("Ada isian yang sudah diubah di perangkat lain. Tidak ada yang ditimpa.")
        return JsonResponse({**answer, "sentence": sentence, "conflicts": theirs}, status=409)
    if result.conflicts:
        return editor(request, row, unsaved=Unsaved(key, request.POST, result.conflicts), status=409)
    messages.success(request, _("Laporan tersimpan."))
    return redirect("report_edit", row.pk)


def _wrong(request: HttpRequest, row: MonthlyReport, fields: SentFields, key: str) -> HttpResponse:
    if is_background(request):
        return JsonResponse({"errors": fields.errors}, status=422)
    return editor(request, row, unsaved=Unsaved(key, request.POST, {}), status=422)


def _blocked(request: HttpRequest, error: Blocked) -> HttpResponse:
    if is_background(request):
        return JsonResponse({"errors": {"": [str(error)]}}, status=422)
    raise error


def put_aside(request: HttpRequest, row: MonthlyReport, text: str, undo: str = "") -> HttpResponse:
    """JSON for scripts; else the editor with the message."""
    if is_background(request):
        return JsonResponse({"at": clock(timezone.localtime())})
    messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
    return redirect("report_edit", row.pk)


# -- the page ---------------------------------------------------------------------------------------------------------


def _beside(request: HttpRequest, row: MonthlyReport) -> dict[str, Any]:
    visits, photos = queries.kept_visits(row), queries.kept_photos(row)
    lacks = queries.lacks_of(row, visits, photos)
    return {
        "visits": visits, "photos": photos, "figures": queries.figures_of(visits), "lacks": lacks,
        "late": queries.is_late(row), "moves": offered_moves(request.user, row, lacks),
    }  # fmt: skip


def editor(
    request: HttpRequest, row: MonthlyReport, *, unsaved: Unsaved | None = None, status: int = 200,
    photo_form: PhotoForm | None = None,
) -> HttpResponse:  # fmt: skip
    """The editor as a page; `unsaved` is what a plain form brought that was not stored whole."""
    beside = _beside(request, row)
    mine = unsaved if unsaved is not None and not unsaved.key else None
    form = ReportForm(mine.data if mine else None, instance=MonthlyReport.objects.get(pk=row.pk))
    fields = editor_fields(form, row, mine.conflicts if mine else None)
    visits = [_visit_row(row, visit, unsaved) for visit in beside["visits"]]
    known = {str(visit.client_key) for visit in beside["visits"]}
    asked = "tambah" in request.GET or (unsaved is not None and unsaved.key and unsaved.key not in known)
    if asked:
        key = unsaved.key if unsaved is not None and unsaved.key else str(uuid.uuid4())
        visits.append(_visit_row(row, Visit(client_key=key), unsaved))
    context = {
        **beside, "report": row, "f": fields, "rows": visits,
        "blank": {"key": NEW, "f": editor_fields(VisitForm(month=row.month, key=NEW), Visit())},
        "photo_rows": photo_rows(beside["photos"]), "photo_key": str(uuid.uuid4()),
        "photo_form": photo_form, "theirs": unsaved.conflicts if unsaved else None,
    }  # fmt: skip
    return render(request, "programs/reports/edit.html", context, status=status)


def _visit_row(row: MonthlyReport, visit: Visit, unsaved: Unsaved | None) -> dict[str, Any]:
    key = str(visit.client_key)
    mine = unsaved if unsaved is not None and unsaved.key == key else None
    instance = Visit.objects.get(pk=visit.pk) if mine and visit.pk else Visit() if mine else visit
    form = VisitForm(mine.data if mine else None, instance=instance, month=row.month, key=key)
    return {"key": key, "f": editor_fields(form, visit, mine.conflicts if mine else None)}


def photo_rows(photos: list[ReportPhoto]) -> list[dict[str, Any]]:
    """The photos with the field of their caption."""
    return [
        {"photo": photo, "key": str(photo.client_key), "f": editor_fields(
            CaptionForm(initial={"caption": photo.caption}, key=str(photo.client_key)), photo)}
        for photo in photos
    ]  # fmt: skip
