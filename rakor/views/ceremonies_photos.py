"""Photos of a session: the page, uploading, captions, and the pictures themselves."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from portal.kernel.errors import Blocked, WrongFile, ensure
from portal.web.access import page
from portal.web.storage import NotWritten
from portal.web.submissions import form_status, sent
from portal.web.uploads import takes_file
from rakor import rules
from rakor.actions import ceremonies_photos as actions
from rakor.facts.session_photos import read_photo
from rakor.forms.ceremonies import CaptionForm, PhotoForm
from rakor.models import Session, SessionPhoto
from rakor.queries.ceremonies_photos import photos_of
from rakor.views.agenda import visible_meeting

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def _session(request: HttpRequest, slug: str, session_id: int) -> Session:
    meeting = visible_meeting(request, slug)
    session = get_object_or_404(Session, meeting=meeting, pk=session_id)
    session.meeting = meeting
    return session


def _photo(request: HttpRequest, slug: str, session_id: int, pk: int) -> SessionPhoto:
    return get_object_or_404(_photos(_session(request, slug, session_id)), pk=pk)


def _photos(session: Session) -> QuerySet[SessionPhoto]:
    return SessionPhoto.objects.filter(session=session).select_related("session__meeting")


def _back(slug: str, session_id: int, pk: int | None = None) -> str:
    address = reverse("session_photos", args=[slug, session_id])
    return f"{address}#foto-{pk}" if pk else address


@page(who=rules.readers, reads=True)
def session_photos(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """The photos of a session with their captions."""
    session = _session(request, slug, session_id)
    context = {
        "meeting": session.meeting, "session": session, "photos": photos_of(session.pk),
        "keeps": bool(rules.photo_keepers(request.user)),
        "may_keep": rules.may_keep_photos(request.user, session.meeting),
    }  # fmt: skip
    return render(request, "rakor/ceremonies/photos.html", context)


def largest() -> int:
    """Bytes that a photo may have."""
    return settings.ATTACHMENT_MAX_MB * 2**20


@takes_file(largest)
@page(who=rules.photo_keepers, writes=True)
def session_photo_add(request: HttpRequest, slug: str, session_id: int) -> HttpResponse:
    """Upload a photo with its caption; a wrong file is refused at its field."""
    session = _session(request, slug, session_id)
    ensure(rules.may_keep_photos(request.user, session.meeting))
    form = PhotoForm(sent(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        file = data["photo"]
        try:
            ready = read_photo(file.name, file.read(), size=file.size, largest=largest())
            made = actions.add_photo(
                session, ready, data["caption"], photographer=data["photographer"], by=request.user
            )
        except (WrongFile, NotWritten) as error:
            form.add_error("photo", str(error))
        except Blocked as error:
            form.add_error("caption", str(error))
        else:
            messages.success(request, _("Foto disimpan."))
            return redirect(_back(slug, session_id, made.pk))
    context = {"meeting": session.meeting, "session": session, "form": form, "limit": settings.ATTACHMENT_MAX_MB}
    return render(request, "rakor/ceremonies/photo_add.html", context, status=form_status(request))


@page(who=rules.photo_keepers, writes=True)
def session_photo_edit(request: HttpRequest, slug: str, session_id: int, pk: int) -> HttpResponse:
    """Another caption, or another photographer."""
    photo = _photo(request, slug, session_id, pk)
    ensure(rules.may_keep_photos(request.user, photo.session.meeting))
    initial = {"caption": photo.caption, "photographer": photo.photographer}
    form = CaptionForm(sent(request), initial=initial)
    if form.is_valid():
        try:
            actions.change_photo(
                photo, form.cleaned_data["caption"], form.cleaned_data["photographer"], by=request.user
            )
        except Blocked as error:
            form.add_error("caption", str(error))
        else:
            messages.success(request, _("Keterangan foto disimpan."))
            return redirect(_back(slug, session_id, pk))
    context = {"meeting": photo.session.meeting, "session": photo.session, "form": form, "photo": photo}
    return render(request, "rakor/ceremonies/photo_edit.html", context, status=form_status(request))


@page(who=rules.photo_keepers, writes=True)
def session_photo_move(request: HttpRequest, slug: str, session_id: int, pk: int) -> HttpResponse:
    """Show a photo one place earlier or later."""
    photo = _photo(request, slug, session_id, pk)
    if request.method == "POST":
        actions.step_photo(photo, -1 if request.POST.get("step") == "-1" else 1, by=request.user)
    return redirect(_back(slug, session_id, pk))


@page(who=rules.photo_keepers, writes=True)
def session_photo_delete(request: HttpRequest, slug: str, session_id: int, pk: int) -> HttpResponse:
    """Take a photo away; the message can bring it back."""
    photo = _photo(request, slug, session_id, pk)
    if request.method == "POST":
        actions.delete_photo(photo, by=request.user)
        undo = reverse("session_photo_restore", args=[slug, session_id, pk])
        messages.success(
            request, _("Foto dihapus: %(caption)s") % {"caption": photo.caption}, extra_tags=f"undo:{undo}"
        )
    return redirect(_back(slug, session_id))


@page(who=rules.photo_keepers, writes=True)
def session_photo_restore(request: HttpRequest, slug: str, session_id: int, pk: int) -> HttpResponse:
    """Bring a photo back."""
    photo = _photo(request, slug, session_id, pk)
    if request.method == "POST":
        actions.restore_photo(photo, by=request.user)
        messages.success(request, _("Foto dikembalikan."))
    return redirect(_back(slug, session_id, pk))


@page(who=rules.readers, reads=True)
def session_photo(request: HttpRequest, slug: str, session_id: int, pk: int, size: str) -> HttpResponseBase:
    """The picture itself, `besar` or `kecil`: for everybody who may see the edition."""
    photo = _photo(request, slug, session_id, pk)
    if size not in ("besar", "kecil") or photo.deleted_at is not None:
        raise Http404
    tag = f'"{photo.sha256}-{size}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if response is None:
        name = photo.file.name if size == "besar" else actions.small_name(photo.file.name)
        try:
            file = default_storage.open(name)
        except FileNotFoundError as error:
            raise Http404 from error
        response = FileResponse(file, filename=f"foto-{pk}.jpg", content_type="image/jpeg")
        response["Content-Encoding"] = "identity"  # gzip would only hide the length from the browser
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = POLICY
    return response
