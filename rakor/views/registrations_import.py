"""Participants by Excel: the template out, a filled list in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal.kernel.errors import WrongFile, ensure
from portal.web.access import page
from portal.web.excel import TYPE
from portal.web.submissions import form_status
from portal.web.uploads import takes_file
from rakor import rules
from rakor.actions.participants_import import import_participants
from rakor.forms.participants_file import read_list, template_bytes
from rakor.models import Meeting

LARGEST = 5 * 2**20
SHOWN = 100
"""Errors that the page shows; more are only counted."""


@page(who=rules.guest_keepers, reads=True)
def registrations_template(request: HttpRequest, slug: str) -> HttpResponse:
    """The empty list to fill in."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("province"), slug=slug)
    with override("id"):  # the file is read back by its Indonesian words
        names = meeting.province.regencies.values_list("name", flat=True)
        data = template_bytes(f"Daftar peserta {meeting.short_name}", list(names))
    response = HttpResponse(data, content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="peserta-{slug}-templat.xlsx"'
    return response


@takes_file(lambda: LARGEST)
@page(who=rules.guest_keepers, writes=True)
def registrations_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a filled list: every error with its row and column, or all of it."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("province"), slug=slug)
    ensure(rules.may_keep_guests(request.user, meeting))
    context: dict[str, Any] = {"meeting": meeting, "sentence": "", "errors": [], "more": 0, "name": ""}
    if request.method == "POST" and _receive(request, meeting, context):
        return render(request, "rakor/registrations/imported.html", context)
    return render(request, "rakor/registrations/import.html", context, status=form_status(request))


def _receive(request: HttpRequest, meeting: Meeting, context: dict[str, Any]) -> bool:
    """Whether the list was taken; what there is to say goes into the context."""
    file = request.FILES.get("file")
    if file is None or not file.size:
        context["sentence"] = _("Pilih berkas Excel (.xlsx) yang sudah diisi.")
        return False
    context["name"] = file.name
    if file.size > LARGEST:
        context["sentence"] = _("Berkas ini terlalu besar; paling besar %(most)s MB.") % {"most": LARGEST // 2**20}
        return False
    try:
        rows, errors = read_list(file.name, file.read())
    except WrongFile as error:
        context["sentence"] = str(error)
        return False
    if not rows and not errors:
        context["sentence"] = _("Daftar ini kosong: tidak ada nama di bawah judul kolom.")
        return False
    if not errors:
        taken = context["taken"] = import_participants(meeting, rows, by=request.user)
        errors = taken.errors
    if errors:
        context |= {"errors": errors[:SHOWN], "more": max(len(errors) - SHOWN, 0)}
        return False
    made = len(taken.made)
    context["done"] = ngettext("%(n)s peserta baru.", "%(n)s peserta baru.", made) % {"n": made}
    return True
