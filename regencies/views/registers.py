"""Registers of numbers: the list, the book of a year, its settings, and numbers taken, inserted and voided by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
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
from portal.web.forms import ReasonForm
from portal.web.parameters import query_with, search_text, whole_number
from portal.web.submissions import differences, form_status, see_version, sent
from regencies import queries, rules
from regencies.actions import registers as verbs
from regencies.facts.numbers import LARGEST, NumberParts, format_number, missing_codes, pattern_faults
from regencies.forms.registers import FIRST_YEAR, LAST_YEAR, NumberForm, RegisterForm, code_choices
from regencies.models import LetterNumber, Register

PAGE = 25
SHOWN_HISTORY = 20


@page(who=rules.number_keepers, reads=True)
def register_list(request: HttpRequest) -> HttpResponse:
    """Every register of the office with its last and its next number."""
    today = timezone.localdate()
    context = {
        "registers": queries.registers_listed(today), "year": today.year,
        "may_keep": rules.pattern_keepers(request.user),
    }  # fmt: skip
    return render(request, "regencies/registers/list.html", context)


@page(who=rules.number_keepers, reads=True)
def register_book(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers of one year: search, filter, order, pages, Excel."""
    register = _register(pk)
    today = timezone.localdate()
    asked = whole_number(request.GET.get("tahun"), largest=LAST_YEAR)
    year = asked if asked and asked >= FIRST_YEAR else today.year
    wanted = {
        "text": search_text(request),
        "state": search_text(request, "keadaan"),
        "sort": search_text(request, "sort"),
    }
    found = queries.book(register, year, **wanted)
    if request.GET.get("format") == "xlsx":
        return _excel(register, year, found)
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    last = queries.last_number(register, today.year)
    context = {
        "register": register, "year": year, "years": queries.register_years(register, year, today.year),
        "page": shown, "numbers": queries.with_bearers(shown.object_list),
        "count": ngettext("%(n)s nomor", "%(n)s nomor", shown.paginator.count) % {"n": shown.paginator.count},
        "filtered": bool(wanted["text"] or wanted["state"]),
        "q": wanted["text"], "hidden": [("tahun", str(year))],
        "filters": [{"name": "keadaan", "label": _("Keadaan"), "value": wanted["state"],
                     "choices": [(key, _(label)) for key, (label, _rows) in queries.NUMBER_STATES.items()]}],
        "sorts": [(key, _(label)) for key, (label, _order) in queries.NUMBER_SORTS.items()],
        "sort": wanted["sort"] or "newest",
        "excel": f"?{query_with(request, format='xlsx')}",
        "next_text": queries.next_text(register, today, last), "last": last, "today": today,
        "may_keep": rules.pattern_keepers(request.user),
        "history": history_of(register, limit=SHOWN_HISTORY),
    }  # fmt: skip
    return render(request, "regencies/registers/book.html", context)


def _excel(register: Register, year: int, found: Any) -> HttpResponse:
    header = [
        _("Nomor"), _("Tanggal"), _("Hal"), _("Naskah di portal"), _("Diambil oleh"), _("Diambil pada"), _("Keadaan"),
        _("Alasan pembatalan"),
    ]  # fmt: skip
    rows = [
        [
            number.text, number.on, number.title, str(number.bearer or ""),
            number.taken_by.display_name if number.taken_by else _("Portal"),
            timezone.localtime(number.taken_at).replace(tzinfo=None, microsecond=0),
            _("Dibatalkan") if number.voided_at else _("Berlaku"), number.void_reason,
        ]
        for number in queries.with_bearers(found)
    ]  # fmt: skip
    return excel_response(f"register-{register.key}-{year}", f"{register.name} {year}", header, rows)


@page(who=rules.pattern_keepers, writes=True)
def register_new(request: HttpRequest) -> HttpResponse:
    """The form of a new register."""
    form = RegisterForm(sent(request))
    if form.is_valid():
        data = form.cleaned_data
        made = _tried(
            form, lambda: verbs.add_register(data["key"], form.values(), by=request.user, agency=data.get("agency"))
        )
        if made:
            _continue(request, form, made)
            messages.success(request, _("Register tersimpan."))
            return redirect("register", made.pk)
    return _settings_page(request, form, None, status=form_status(request))


@page(who=rules.pattern_keepers, writes=True)
def register_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The settings; after somebody else's save both versions are shown and nothing typed is lost."""
    register = _register(pk)
    form = RegisterForm(
        sent(request), instance=_register(pk), last=queries.last_number(register, timezone.localdate().year)
    )
    theirs, status = None, form_status(request)
    if form.is_valid():
        values, version = form.values(), form.cleaned_data["version"]
        try:
            changed = _tried(
                form, lambda: verbs.change_register(register, values, base_version=version, by=request.user)
            )
        except StaleVersion as stale:
            status, theirs = 409, differences(stale.current, values)
            see_version(form, stale.current.version)
        else:
            if changed and _continue(request, form, changed):
                messages.success(request, _("Register tersimpan."))
                return redirect("register", pk)
    return _settings_page(request, form, register, theirs=theirs, status=status)


def _continue(request: HttpRequest, form: RegisterForm, register: Register) -> bool:
    """Whether the counter goes on after the number of the form, if one was given."""
    last, year = form.cleaned_data["last"], timezone.localdate().year
    if last is None or last == queries.last_number(register, year):
        return True
    return bool(_tried(form, lambda: verbs.continue_after(register, year, last, by=request.user), field="last"))


def _settings_page(
    request: HttpRequest, form: RegisterForm, register: Register | None, *, status: int, theirs: Any = None
) -> HttpResponse:
    typed = {name: str(form[name].value() or "") for name in ("pattern", "classification", "office_code", "last")}
    context = {
        "form": form, "register": register, "theirs": theirs, "codes": code_choices(), "preview": _preview(typed),
        "back": register.get_absolute_url() if register else reverse("registers"),
    }  # fmt: skip
    return render(request, "regencies/registers/settings.html", context, status=status)


@page(who=rules.pattern_keepers, reads=True)
def register_preview(request: HttpRequest) -> HttpResponse:
    """How numbers look by the pattern being typed."""
    typed = {name: request.GET.get(name, "") for name in ("pattern", "classification", "office_code", "last")}
    return render(request, "regencies/registers/_preview.html", {"preview": _preview(typed)})


def _preview(typed: dict[str, str]) -> dict[str, Any]:
    """The next number of today and one inserted after it, or what is wrong with the pattern."""
    pattern, classification, office_code = (
        typed[name].strip()[:120] for name in ("pattern", "classification", "office_code")
    )
    faults = [*pattern_faults(pattern), *missing_codes(pattern, classification, office_code).values()]
    if faults:
        return {"faults": faults if pattern else []}
    following = (whole_number(typed["last"], largest=LARGEST - 1) or 0) + 1
    today = timezone.localdate()
    parts = [NumberParts(following, today, suffix, classification, office_code) for suffix in ("", "a")]
    return {"faults": [], "next": format_number(pattern, parts[0]), "inserted": format_number(pattern, parts[1])}


@page(who=rules.number_keepers, writes=True)
def number_take(request: HttpRequest, pk: int) -> HttpResponse:
    """A number for a paper that the portal does not make."""
    register, today = _register(pk), timezone.localdate()
    form = NumberForm(sent(request), register=register, on=today)
    if form.is_valid():
        values = form.cleaned_data
        number = _tried(form, lambda: verbs.reserve_number(register, **values, by=request.user))
        if number:
            messages.success(request, _("Nomor %(number)s diambil.") % {"number": number.text})
            return redirect(_book_url(number))
    following = queries.next_text(register, today, queries.last_number(register, today.year))
    text = _("Nomor berikutnya hari ini: %(number)s. Nomor yang diambil tidak dapat dipakai surat lain.") % {
        "number": following
    }
    return _form_page(request, register, form, title=_("Ambil nomor manual"), text=text, label=_("Ambil nomor"))


@page(who=rules.number_keepers, writes=True)
def number_insert(request: HttpRequest, pk: int, number_pk: int) -> HttpResponse:
    """A number after one of the book, for a paper of an earlier day."""
    register = _register(pk)
    after = get_object_or_404(LetterNumber, pk=number_pk, register=register)
    form = NumberForm(sent(request), register=register, on=after.on)
    if form.is_valid():
        values = form.cleaned_data
        number = _tried(form, lambda: verbs.insert_number(register, after, **values, by=request.user))
        if number:
            messages.success(request, _("Nomor %(number)s disisipkan.") % {"number": number.text})
            return redirect(_book_url(number))
    text = _("Sesudah nomor %(number)s. Sisipan mendapat huruf: a, b, dan seterusnya.") % {"number": after.text}
    return _form_page(request, register, form, title=_("Sisipkan nomor"), text=text, label=_("Sisipkan nomor"))


@page(who=rules.number_keepers, writes=True)
def number_void(request: HttpRequest, pk: int, number_pk: int) -> HttpResponse:
    """Make a number a gap with its reason."""
    register = _register(pk)
    number = get_object_or_404(LetterNumber, pk=number_pk, register=register)
    ensure(rules.may_void_by_hand(request.user, number))
    form = ReasonForm(sent(request))
    if form.is_valid() and _tried(
        form, lambda: verbs.void_by_hand(number, form.cleaned_data["note"], by=request.user)
    ):  # fmt: skip
        messages.success(request, _("Nomor %(number)s dibatalkan.") % {"number": number.text})
        return redirect(_book_url(number))
    text = _("%(number)s tidak dipakai surat lain lagi; alasannya tetap tercatat di register.") % {
        "number": number.text
    }
    return _form_page(
        request, register, form, title=_("Batalkan nomor"), text=text, label=_("Batalkan nomor"), style="danger"
    )


def _register(pk: int) -> Register:
    return get_object_or_404(queries.registers(), pk=pk)


def _book_url(number: LetterNumber) -> str:
    return f"{reverse('register', args=[number.register_id])}?tahun={number.year}"


def _form_page(
    request: HttpRequest, register: Register, form: Any, *, title: str, text: str, label: str, style: str = "primary"
) -> HttpResponse:
    context = {
        "register": register, "form": form, "title": title, "text": text, "label": label, "style": style,
        "codes": code_choices(),
    }  # fmt: skip
    return render(request, "regencies/registers/form.html", context, status=form_status(request))


def _tried(form: Any, act: Callable[[], Any], field: str | None = None) -> Any:
    """What the act returns; None when it was refused, with the sentences in the form."""
    try:
        return act()
    except Blocked as error:
        form.add_error(field, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None
