"""Pengguna & jabatan: the admin makes accounts, gives positions and takes them away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.accounts import actions as accounts
from portal.accounts.models import User
from portal.accounts.queries import has_second_factor
from portal.accounts.rules import administrators, may_deactivate, may_replace_secrets
from portal.journal.queries import history_of
from portal.kernel.errors import Blocked, ensure
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.forms import ReasonForm
from portal.web.parameters import search_text, whole_number
from portal.web.submissions import form_status, sent
from regencies.actions import people as actions
from regencies.forms.people import AccountForm, EndPositionForm, PositionForm
from regencies.models import Position, Regency
from regencies.queries import PEOPLE_SORTS, people
from regencies.rules import Role

PAGE = 25


@page(who=administrators, reads=True)
def people_list(request: HttpRequest) -> HttpResponse:
    """Accounts with their positions of today: search, filters, sort, pages."""
    wanted = _wanted(request)
    shown = Paginator(people(**wanted), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": shown,
        "q": wanted["text"],
        "filters": _filters(request, wanted),
        "sorts": [(key, _(label)) for key, (label, _order) in PEOPLE_SORTS.items()],
        "sort": wanted["sort"],
        "query": query.urlencode(),
    }
    return render(request, "regencies/people_list.html", context)


@page(who=administrators, reads=True)
def people_excel(request: HttpRequest) -> HttpResponse:
    """The same list as an Excel file."""
    header = [_("Nama"), _("Nama pengguna"), _("Surel"), _("Telepon"), _("Jabatan hari ini"), _("Kantor"), _("Keadaan")]
    rows = [
        [
            person.full_name,
            person.username,
            person.email,
            person.phone,
            "; ".join(position.full_title for position in person.held),
            "; ".join(position.agency.name for position in person.held),
            _("Aktif") if person.is_active else _("Nonaktif"),
        ]
        for person in people(**_wanted(request))
    ]
    return excel_response("pengguna", _("Pengguna"), header, rows)


@page(who=administrators, writes=True)
def person_new(request: HttpRequest) -> HttpResponse:
    """A new account with its first position."""
    account, position = AccountForm(sent(request)), PositionForm(sent(request))
    if request.method == "POST" and all([account.is_valid(), position.is_valid()]):
        values = position.cleaned_data
        person = _tried(position, lambda: actions.add_person(account.cleaned_data, values, by=request.user))
        if person:
            messages.success(request, _("Akun tersimpan. Buat tautan kata sandi, lalu serahkan kepada pemiliknya."))
            return redirect("person", person.pk)
    context = {"account": account, "position": position}
    return render(request, "regencies/people_new.html", context, status=form_status(request))


@page(who=administrators, reads=True)
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: data, positions in time, security, history."""
    person = get_object_or_404(User, pk=pk)
    today = timezone.localdate()
    context = {
        "person": person,
        "positions": [(position, _state(position, today)) for position in _positions_of(person)],
        "second_factor": has_second_factor(person),
        "may_deactivate": may_deactivate(request.user, person),
        "may_replace": may_replace_secrets(request.user, person),
        "entries": history_of(person),
    }
    return render(request, "regencies/people_detail.html", context)


@page(who=administrators, writes=True)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, e-mail or phone."""
    person = get_object_or_404(User, pk=pk)
    form = AccountForm(sent(request), instance=get_object_or_404(User, pk=pk))
    if form.is_valid() and _tried(form, lambda: accounts.update_user(person, form.cleaned_data, by=request.user)):
        messages.success(request, _("Data akun tersimpan."))
        return redirect("person", pk)
    return _form_page(request, person, form, title=_("Ubah data akun"), label=_("Simpan"))


@page(who=administrators, writes=True)
def position_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One more position for this person."""
    person = get_object_or_404(User, pk=pk)
    form = PositionForm(sent(request))
    if form.is_valid() and _tried(form, lambda: actions.add_position(person, form.cleaned_data, by=request.user)):
        messages.success(request, _("Jabatan ditambahkan."))
        return redirect("person", pk)
    return _form_page(request, person, form, title=_("Tambah jabatan"), label=_("Simpan jabatan"))


@page(who=administrators, writes=True)
def position_edit(request: HttpRequest, pk: int, position_pk: int) -> HttpResponse:
    """Correct a position."""
    position = get_object_or_404(Position.objects.select_related("person"), pk=position_pk, person=pk)
    form = PositionForm(sent(request), instance=get_object_or_404(Position, pk=position_pk))
    if form.is_valid() and _tried(form, lambda: actions.change_position(position, form.cleaned_data, by=request.user)):
        messages.success(request, _("Jabatan tersimpan."))
        return redirect("person", pk)
    return _form_page(request, position.person, form, title=_("Ubah jabatan"), label=_("Simpan jabatan"))


@page(who=administrators, writes=True)
def position_end(request: HttpRequest, pk: int, position_pk: int) -> HttpResponse:
    """Say on which day a position ends."""
    position = get_object_or_404(Position.objects.select_related("person"), pk=position_pk, person=pk)
    form = EndPositionForm(sent(request))
    if form.is_valid() and _tried(
        form, lambda: actions.end_position(position, form.cleaned_data["last_day"], by=request.user)
    ):
        messages.success(request, _("Jabatan diakhiri."))
        return redirect("person", pk)
    title = _("Akhiri jabatan: %s") % position.full_title
    return _form_page(request, position.person, form, title=title, label=_("Akhiri jabatan"), style="danger")


@page(who=administrators, writes=True)
@never_cache
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time link, shown this once, with the text to hand it over by WhatsApp."""
    person = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return redirect("person", pk)
    url = accounts.set_password_link(person, by=request.user)
    text = _(
        "Yth. %(name)s, silakan buat kata sandi Portal Rakor lewat tautan ini: %(url)s – nama pengguna: %(username)s. "
        "Tautan hanya dapat dipakai sekali; jangan diteruskan kepada orang lain."
    ) % {"name": person.display_name, "url": url, "username": person.username}
    context = {"person": person, "url": url, "text": text, "whatsapp": _whatsapp(person.phone, text)}
    return render(request, "regencies/people_link.html", context)


@page(who=administrators, writes=True)
def person_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, with a reason."""
    person = get_object_or_404(User, pk=pk)
    ensure(may_deactivate(request.user, person))
    text = _("Semua sesinya berakhir seketika dan ia tidak dapat masuk lagi. Jabatan dan catatannya tetap ada.")
    return _with_reason(
        request, person, accounts.deactivate, done=_("Akun dinonaktifkan."), title=_("Nonaktifkan akun"), text=text,
        style="danger",
    )  # fmt: skip


@page(who=administrators, writes=True)
def person_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account again, with a reason."""
    person = get_object_or_404(User, pk=pk)
    return _with_reason(
        request, person, accounts.reactivate, done=_("Akun aktif kembali."), title=_("Aktifkan kembali akun")
    )


@page(who=administrators, writes=True)
def person_reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Disconnect somebody's authenticator app, with a reason."""
    person = get_object_or_404(User, pk=pk)
    ensure(may_replace_secrets(request.user, person))
    text = _("Lakukan hanya setelah Anda yakin permintaan ini dari orangnya sendiri. Semua sesinya berakhir.")
    return _with_reason(
        request, person, accounts.reset_second_factor, done=_("Verifikasi dua langkah direset."),
        title=_("Reset verifikasi dua langkah"), text=text, style="danger",
    )  # fmt: skip


def _wanted(request: HttpRequest) -> dict[str, Any]:
    get = request.GET
    return {
        "text": search_text(request),
        "role": get.get("peran", ""),
        "regency": whole_number(get.get("kabupaten")),
        "active": {"aktif": True, "nonaktif": False}.get(get.get("keadaan", "")),
        "sort": get.get("sort", "name"),
    }


def _filters(request: HttpRequest, wanted: dict[str, Any]) -> list[dict]:
    regencies = Regency.objects.visible_to(request.user).values_list("pk", "name")
    return [
        {"name": "peran", "label": _("Peran"), "value": wanted["role"],
         "choices": [*Role.choices, ("none", _("Tanpa jabatan"))]},
        {"name": "kabupaten", "label": _("Kabupaten/kota"), "value": wanted["regency"] or "", "choices": regencies},
        {"name": "keadaan", "label": _("Keadaan"), "value": request.GET.get("keadaan", ""),
         "choices": [("aktif", _("Aktif")), ("nonaktif", _("Nonaktif"))]},
    ]  # fmt: skip


def _positions_of(person: User) -> Any:
    return person.positions.select_related("agency").order_by("-starts_on", "-pk")


def _state(position: Position, today: Any) -> tuple[str, str]:
    """(word, tone): in force, still to come, or over."""
    if position.starts_on > today:
        return _("Akan datang"), "info"
    if position.ends_on and position.ends_on < today:
        return _("Berakhir"), "neutral"
    return _("Berlaku"), "success"


def _tried(form: Any, act: Callable[[], Any]) -> Any:
    """What the act returns; None when it was refused, with the sentences in the form."""
    try:
        return act()
    except Blocked as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None


def _form_page(
    request: HttpRequest, person: User, form: Any, *, title: str, label: str, text: str = "", style: str = "primary"
) -> HttpResponse:
    context = {"person": person, "form": form, "title": title, "label": label, "text": text, "style": style}
    return render(request, "regencies/people_form.html", context, status=form_status(request))


def _with_reason(
    request: HttpRequest, person: User, act: Any, *, done: str, title: str, text: str = "", style: str = "primary"
) -> HttpResponse:
    """The page that asks for the reason of an act, and the act."""
    form = ReasonForm(sent(request))
    if form.is_valid():
        note = form.cleaned_data["note"]
        if _tried(form, lambda: act(person, note=note, by=request.user) or True):
            messages.success(request, done)
            return redirect("person", person.pk)
    return _form_page(request, person, form, title=title, label=title, text=text, style=style)


def _whatsapp(phone: str, text: str) -> str:
    """WhatsApp's address for a message to this number; without a number one chooses the contact there."""
    digits = "".join(filter(str.isdigit, phone))
    return f"https://wa.me/{'62' + digits[1:] if digits.startswith('0') else digits}?text={quote(text)}"
