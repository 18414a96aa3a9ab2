"""The photos of a monthly report: upload, caption, delete, and each photo itself."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked, WrongFile, ensure
from portal.web.access import is_background, page
from portal.web.uploads import takes_file
from programs import contract_rules as rules
from programs.actions import reports_photos as actions
from programs.actions.attachments import check_size
from programs.forms.reports import CaptionForm, PhotoForm, SentFields
from programs.models import MonthlyReport
from programs.queries.reports import kept_photos
from programs.views.reports import report_or_404
from programs.views.reports_edit import editor, photo_rows, put_aside, saved

CONTENT_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}


@takes_file(lambda: settings.ATTACHMENT_MAX_MB * 2**20)
@page(who=rules.report_writers, writes=True)
def report_photo_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one photo with its caption; sent again under the same key it is stored once."""
    row = report_or_404(request, pk)
    if request.method != "POST":
        return redirect(f"{reverse('report_edit', args=[pk])}#foto")
    ensure(rules.may_write_report(request.user, row))
    form, file = PhotoForm(request.POST), request.FILES.get("file")
    if file is None:
        form.add_error(None, _("Pilih foto yang hendak diunggah."))
    if form.is_valid():
        try:
            _take(row, form, file, request)
        except (WrongFile, Blocked) as error:
            form.add_error(None, str(error))
    if form.errors:
        if is_background(request):
            errors = {name: [str(error) for error in found] for name, found in form.errors.items()}
            return JsonResponse({"errors": errors}, status=422)
        return editor(request, row, photo_form=form, status=422)
    if is_background(request):
        context = {"report": row, "photo_rows": photo_rows(kept_photos(row))}
        return render(request, "programs/reports/_photos.html", context)
    return redirect(f"{reverse('report_edit', args=[pk])}#foto")


def _take(row: MonthlyReport, form: PhotoForm, file: object, request: HttpRequest) -> None:
    values = form.cleaned_data
    check_size(file.size)
    visit = row.visits.filter(client_key=values["visit"]).first() if values["visit"] else None
    actions.add_photo(
        row, file.name, file.read(), key=values["key"], by=request.user, caption=values["caption"], visit=visit,
        with_place=values["with_place"],
    )  # fmt: skip


@page(who=rules.worker_readers, reads=True)
def report_photo(request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
    """The photo itself, as a file; a picture on a page shows it, but it never runs as part of the portal."""
    row = report_or_404(request, pk)
    photo = get_object_or_404(row.photos, client_key=key, deleted_at__isnull=True)
    suffix = f".{photo.file.name.rpartition('.')[2]}"
    response: HttpResponseBase | None = get_conditional_response(request, etag=f'"{photo.sha256}"')
    if response is None:
        try:
            file = default_storage.open(photo.file.name)
        except FileNotFoundError as error:
            raise Http404 from error
        name = f"foto-{row.month:%Y-%m}-{photo.pk}{suffix}"
        response = FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[suffix])
        response["Content-Encoding"] = "identity"  # gzip would only hide the length from the browser
    response["ETag"] = f'"{photo.sha256}"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response


@page(who=rules.report_writers, writes=True)
def report_photo_edit(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Save the caption of a photo."""
    row = report_or_404(request, pk)
    if request.method != "POST":
        return redirect(f"{reverse('report_edit', args=[pk])}#foto")
    ensure(rules.may_write_report(request.user, row))
    form = CaptionForm()
    fields = SentFields(request.POST, form)
    errors = fields.errors
    if not errors and "caption" in fields.values:
        try:
            photo, result = actions.caption_photo(row, key, fields.values["caption"], base=fields.base, by=request.user)
        except Blocked as error:
            errors = {"": [str(error)]}
        else:
            return saved(request, row, photo, form, result, key=str(key))
    if is_background(request):
        return JsonResponse({"errors": errors}, status=422)
    raise Blocked(next(iter(errors.values()), [_("Keterangan foto belum diisi.")])[0])


@page(who=rules.report_writers, writes=True)
def report_photo_delete(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Take a photo out; the message can bring it back."""
    row = report_or_404(request, pk)
    if request.method != "POST":
        return redirect(f"{reverse('report_edit', args=[pk])}#foto")
    actions.delete_photo(row, key, by=request.user)
    return put_aside(request, row, _("Foto dihapus."), reverse("report_photo_undelete", args=[pk, key]))


@page(who=rules.report_writers, writes=True)
def report_photo_undelete(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Bring a deleted photo back."""
    row = report_or_404(request, pk)
    if request.method != "POST":
        return redirect(f"{reverse('report_edit', args=[pk])}#foto")
    actions.undelete_photo(row, key, by=request.user)
    return put_aside(request, row, _("Foto dikembalikan."))
