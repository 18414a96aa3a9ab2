"""The account of an extension worker: the admin makes, links or lets go of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.rules import administrators
from portal.web.access import page
from portal.web.submissions import form_status
from programs.actions.workers_accounts import align_position, create_account, link_account, unlink_account
from programs.forms.workers import LinkAccountForm, NewAccountForm
from programs.models import ExtensionWorker
from programs.queries import workers as queries
from programs.views.workers import tried


@page(who=administrators, writes=True)
def worker_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Who logs in as this worker, with which position; `do` says which of the four buttons was pressed."""
    rows = ExtensionWorker.objects.visible_to(request.user).select_related("regency", "user")
    worker = get_object_or_404(rows, pk=pk)
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    data = {name: request.POST if asked == name else None for name in ("create", "link")}
    create, link = (
        NewAccountForm(data["create"], initial={"username": _suggested(worker)}),
        LinkAccountForm(data["link"]),
    )
    verbs: dict[str, Callable[[], str]] = {
        "create": lambda: _created(request, worker, create),
        "link": lambda: _linked(request, worker, link),
        "align": lambda: align_position(worker, by=request.user) and _("Jabatan akun sesuai penempatan."),
        "unlink": lambda: unlink_account(worker, by=request.user) and _("Akun dilepas dari penyuluh ini."),
    }
    if asked in verbs and (told := verbs[asked]()):
        messages.success(request, told)
        return redirect("worker_account", pk)
    context = {
        "worker": worker, "create": create, "link": link, "office": queries.office_of(worker),
        "positions": queries.held_positions(worker), "fault": queries.account_fault(worker),
    }  # fmt: skip
    return render(request, "programs/workers/account.html", context, status=form_status(request))


def _created(request: HttpRequest, worker: ExtensionWorker, form: NewAccountForm) -> str:
    """What to say after an account was made; "" when the form was refused."""
    made = form.is_valid() and tried(
        form, lambda: create_account(worker, form.cleaned_data["username"], by=request.user)
    )  # fmt: skip
    return _("Akun dibuat. Buat tautan kata sandi di halaman akunnya, lalu serahkan kepada penyuluh.") if made else ""


def _linked(request: HttpRequest, worker: ExtensionWorker, form: LinkAccountForm) -> str:
    """What to say after an account was linked; "" when the form was refused."""
    if not form.is_valid():
        return ""
    person = User.objects.filter(username=form.cleaned_data["existing"].strip().lower()).first()
    if person is None:
        form.add_error("existing", _("Tidak ada akun dengan nama pengguna itu."))
        return ""
    done: Any = tried(form, lambda: link_account(worker, person, by=request.user))
    return _("Akun dihubungkan.") if done else ""


def _suggested(worker: ExtensionWorker) -> str:
    """A user name made of the first two words of the name: "maria.bere"."""
    words = ["".join(filter(str.isalnum, word)) for word in worker.name.split(",")[0].lower().split()]
    return ".".join(word for word in words[:2] if word.isascii())
