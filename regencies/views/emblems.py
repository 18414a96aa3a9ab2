"""Emblems: the list of places, uploading and replacing, removing, and the pictures themselves."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.journal.models import object_type
from portal.journal.queries import Filters, search, told
from portal.kernel.errors import Blocked, WrongFile, ensure
from portal.web.access import page
from portal.web.files import file_response
from portal.web.submissions import form_status, sent
from portal.web.uploads import takes_file
from regencies.actions.emblems import keep_emblem, largest, remove_emblem
from regencies.facts.emblem_pictures import SMALLEST
from regencies.forms.emblems import EmblemForm
from regencies.models import Emblem
from regencies.queries import emblem_at, emblem_places
from regencies.rules import may_edit_emblem, may_edit_emblems, office_holders, sees_all_names

LATEST = 20
"""Acts shown below the list."""


@page(who=office_holders, reads=True)
def emblem_list(request: HttpRequest) -> HttpResponse:
    """Every place for an emblem, with where it is printed."""
    places = emblem_places(request.user)
    rows = [{"place": place, "may_edit": may_edit_emblem(request.user, place.emblem)} for place in places]
    entries = search(Filters(kind=object_type(Emblem)))[:LATEST] if sees_all_names(request.user) else []
    context = {
        "rows": rows,
        "stored": sum(place.emblem.pk is not None for place in places),
        "entries": [{**told(entry), "what": f"{_(entry.verb)}: {entry.object_label}"} for entry in entries],
    }
    return render(request, "regencies/emblems/list.html", context)


@takes_file(largest)
@page(who=may_edit_emblems, writes=True)
def emblem_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Upload an emblem, or another in its place; a wrong file is refused at its field."""
    emblem = _emblem(request, key)
    form = EmblemForm(sent(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        file = form.cleaned_data["picture"]
        try:
            keep_emblem(emblem, file.read(), size=file.size, by=request.user)
        except (Blocked, WrongFile) as error:
            form.add_error("picture", str(error))
        else:
            messages.success(request, _("%(emblem)s disimpan.") % {"emblem": emblem})
            return redirect(_back(key))
    context = {
        "emblem": emblem, "key": key, "form": form, "limit": settings.ATTACHMENT_MAX_MB, "least": SMALLEST,
    }  # fmt: skip
    return render(request, "regencies/emblems/edit.html", context, status=form_status(request))


@page(who=may_edit_emblems, writes=True)
def emblem_remove(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then take the emblem out of the kop of papers to come."""
    emblem = _emblem(request, key)
    if emblem.pk is None:
        return redirect(_back(key))
    if request.method == "POST":
        remove_emblem(emblem, by=request.user)
        messages.success(request, _("%(emblem)s dihapus.") % {"emblem": emblem})
        return redirect(_back(key))
    return render(request, "regencies/emblems/remove.html", {"emblem": emblem, "key": key})


@page(who=office_holders, reads=True)
def emblem_picture(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """The picture of a stored emblem. Its address holds its hash, so a browser need not ask again."""
    emblem = Emblem.objects.filter(sha256=sha256).order_by("pk").first()
    if emblem is None:
        raise Http404
    response = file_response(
        request, emblem.file, sha256=sha256, filename="lambang.png", content_type="image/png", shown=True
    )
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _emblem(request: HttpRequest, key: str) -> Emblem:
    """The emblem that is to be changed, stored or not.

    Errors: Http404; Denied when it is another regency's.
    """
    emblem = emblem_at(request.user, key)
    if emblem is None:
        raise Http404
    ensure(may_edit_emblem(request.user, emblem))
    return emblem


def _back(key: str) -> str:
    return f"{reverse('emblems')}#lambang-{key}"
