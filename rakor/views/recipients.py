"""The list of the invited: regencies at once, other agencies one by one or from a list; changes, replacements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.web.access import page
from portal.web.excel import excel_response
from portal.web.parameters import query_with, search_text, whole_number
from portal.web.submissions import differences, form_status, see_version, sent
from portal.web.uploads import takes_file
from rakor import rules
from rakor.actions import recipients as actions
from rakor.forms.recipients import RecipientForm, RecipientListForm, ReplacementForm, WithdrawalForm
from rakor.models import Invitation, Meeting
from rakor.queries import recipients as queries
from rakor.views.letter_frame import edition_or_404, frame
from regencies.rules import province_staff

LARGEST_FILE = 2_000_000
GROUPS = Invitation.Group


@page(who=province_staff, reads=True)
def recipients(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is invited, with search, filters, order, paging and Excel."""
    meeting = edition_or_404(request, slug)
    wanted = {name: search_text(request, name) for name in ("q", "group", "state", "sort")}
    rows = queries.recipients_listed(request.user, meeting, **wanted)
    if request.GET.get("format") == "xlsx":
        return _excel(request, meeting, rows)
    per_page = whole_number(request.GET.get("per")) or queries.PER_PAGE[0]
    found = Paginator(rows, per_page if per_page in queries.PER_PAGE else queries.PER_PAGE[0]).get_page(
        request.GET.get("page")
    )
    total, invites = found.paginator.count, rules.may_invite(request.user, meeting)
    missing = queries.uninvited(meeting)
    context = frame(request.user, meeting, "recipients") | {
        "page": found, "q": wanted["q"], "sort": wanted["sort"] or "order", "keeps": _keeps(request),
        "sorts": [(key, _(label)) for key, (label, _order) in queries.SORTS.items()],
        "filters": [
            {"name": "group", "label": _("Golongan"), "value": wanted["group"], "choices": GROUPS.choices},
            {"name": "state", "label": _("Keadaan"), "value": wanted["state"],
             "choices": [(key, _(label)) for key, (label, _rows) in queries.STATES.items()]},
        ],
        "narrowed": any(wanted[name] for name in ("q", "group", "state")), "may_invite": invites,
        "at_once": [
            {"key": key, "label": GROUPS(key).label, "missing": count} for key, count in missing.items() if count
        ],
        "initialled": [GROUPS(key).label for key in sorted(queries.initialled_groups(meeting))],
        "excel": f"?{query_with(request, format='xlsx')}",
        "count": ngettext("%(n)s penerima", "%(n)s penerima", total) % {"n": total},
    }  # fmt: skip
    return render(request, "rakor/letters/recipients.html", context)


def _keeps(request: HttpRequest) -> bool:
    """Whether telephone and e-mail of the offices are this user's business."""
    return bool(rules.guest_keepers(request.user))


def _excel(request: HttpRequest, meeting: Meeting, rows: QuerySet[Invitation]) -> HttpResponse:
    keeps = _keeps(request)
    header = [
        _("Golongan"), _("Yang terhormat"), _("di"), _("Kabupaten/kota"), _("Kantor"), _("Jumlah utusan"),
        _("Sudah bernomor"), _("Dibatalkan"), *([_("Surel"), _("Telepon")] if keeps else []),
    ]  # fmt: skip
    return excel_response(
        f"penerima-{meeting.slug}", _("Penerima"), header,
        (
            [row.get_group_display(), row.addressee, row.place, row.regency.name if row.regency else "",
             row.agency.name if row.agency else "", row.quota, _("ya") if row.lettered else _("tidak"),
             row.withdrawn_reason, *([row.email, row.phone] if keeps else [])]
            for row in rows
        ),
    )  # fmt: skip


@page(who=rules.guest_keepers, writes=True)
def recipients_all(request: HttpRequest, slug: str) -> HttpResponse:
    """Put every regency on the list that is not there yet: its head of office, or its head of region."""
    meeting = edition_or_404(request, slug)
    if request.method == "POST":
        group = request.POST.get("group", "")
        try:
            count = actions.invite_all(meeting, group, by=request.user)
        except Blocked as error:
            messages.error(request, str(error))
        else:
            told = ngettext("%(n)s penerima ditambahkan.", "%(n)s penerima ditambahkan.", count) % {"n": count}
            messages.success(request, told if count else _("Semua kabupaten/kota sudah ada dalam daftar."))
    return redirect("recipients", slug)


@page(who=rules.guest_keepers, writes=True)
def recipient_new(request: HttpRequest, slug: str) -> HttpResponse:
    """One more recipient; the same form sent twice makes one."""
    meeting = edition_or_404(request, slug)
    ensure(rules.may_invite(request.user, meeting))
    form = RecipientForm(sent(request), initial={"group": search_text(request, "group") or GROUPS.OTHER})
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_recipient(
                meeting, form.values, by=request.user, client_key=form.cleaned_data["client_key"]
            )
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(name)s ada dalam daftar undangan.") % {"name": added})
            return redirect("recipients", slug)
    context = frame(request.user, meeting, "recipients") | {
        "form": form,
        "title": _("Tambah penerima"),
        "keep": f"penerima-{slug}",
    }
    return render(request, "rakor/letters/recipient_form.html", context, status=form_status(request))


@takes_file(lambda: LARGEST_FILE)
@page(who=rules.guest_keepers, writes=True)
def recipients_paste(request: HttpRequest, slug: str) -> HttpResponse:
    """Other agencies from a pasted or uploaded list: looked at first, all rows stored or none."""
    meeting = edition_or_404(request, slug)
    ensure(rules.may_invite(request.user, meeting))
    files = request.FILES if request.method == "POST" else None
    form = RecipientListForm(sent(request), files, meeting=meeting, largest=LARGEST_FILE)
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.add_recipients(
                meeting, form.values, by=request.user, client_key=form.cleaned_data["client_key"]
            )
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            told = ngettext("%(n)s penerima ditambahkan.", "%(n)s penerima ditambahkan.", count) % {"n": count}
            messages.success(request, told if count else _("Daftar ini sudah tersimpan."))
            return redirect(f"{reverse('recipients', args=[slug])}?group={GROUPS.OTHER}")
    context = frame(request.user, meeting, "recipients") | {"form": form}
    return render(request, "rakor/letters/recipients_paste.html", context, status=form_status(request))


@page(who=rules.guest_keepers, reads=True)
def recipients_template(request: HttpRequest, slug: str) -> HttpResponse:
    """The empty Excel file for a list of agencies, with one example row."""
    edition_or_404(request, slug)
    header = ["Yang terhormat", "di", "Surel", "Telepon", "Jumlah utusan", "Kantor"]
    example = ["Kepala Balai Besar POM di Kupang", "Kupang", "", "", 1, ""]
    return excel_response("templat-penerima", "Penerima", header, [example])


def recipient_or_404(request: HttpRequest, slug: str, pk: int) -> Invitation:
    """The recipient of that edition, with what forms ask of it.

    Errors: Http404.
    """
    edition_or_404(request, slug)
    rows = Invitation.objects.visible_to(request.user).select_related("meeting__province", "regency", "agency")
    return get_object_or_404(rows, meeting__slug=slug, pk=pk)


@page(who=rules.guest_keepers, writes=True)
def recipient_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a recipient; after somebody else's save both versions are shown."""
    invitation = recipient_or_404(request, slug, pk)
    ensure(rules.may_invite(request.user, invitation.meeting))
    form = RecipientForm(sent(request), invitation=invitation)
    status, theirs = 200, []
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_recipient(
                invitation, form.values, by=request.user, base_version=form.cleaned_data["version"] or 0
            )
        except StaleVersion as stale:
            status, theirs = 409, differences(stale.current, form.values)
            see_version(form, stale.current.version)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect("recipients", slug)
    context = frame(request.user, invitation.meeting, "recipients") | {
        "form": form, "title": _("Ubah penerima"), "invitation": invitation, "keep": f"penerima-{pk}",
        "theirs": theirs, "stale": status == 409, "fresh_url": reverse("recipient_edit", args=[slug, pk]),
        "printed": invitation.copies.standing().filter(number__isnull=False).exists(),
    }  # fmt: skip
    status = 409 if status == 409 else form_status(request)
    return render(request, "rakor/letters/recipient_form.html", context, status=status)


@page(who=rules.guest_keepers, writes=True)
def recipient_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an invitation back, with the reason that its office reads."""
    invitation = recipient_or_404(request, slug, pk)
    ensure(rules.may_invite(request.user, invitation.meeting))
    form = WithdrawalForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_recipient(invitation, form.cleaned_data["reason"], by=request.user)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Undangan kepada %(name)s dibatalkan.") % {"name": invitation})
            return redirect("recipients", slug)
    context = frame(request.user, invitation.meeting, "recipients") | _consequences(invitation) | {"form": form}
    return render(request, "rakor/letters/recipient_withdraw.html", context, status=form_status(request))


@page(who=rules.guest_keepers, writes=True)
def recipient_replace(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another recipient in the place of this one; a numbered letter is written anew, with today's date."""
    invitation = recipient_or_404(request, slug, pk)
    ensure(rules.may_invite(request.user, invitation.meeting))
    form = ReplacementForm(sent(request), invitation=invitation)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.replace_recipient(invitation, form.values, form.cleaned_data["reason"], by=request.user)
        except Blocked as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(new)s menggantikan %(old)s.") % {"new": new, "old": invitation})
            return redirect("recipients", slug)
    context = frame(request.user, invitation.meeting, "recipients") | _consequences(invitation) | {
        "form": form, "title": _("Ganti penerima"), "keep": f"ganti-{pk}", "replacing": True,
    }  # fmt: skip
    return render(request, "rakor/letters/recipient_form.html", context, status=form_status(request))


def _consequences(invitation: Invitation) -> dict[str, Any]:
    """What taking the invitation back undoes."""
    copies = list(invitation.copies.standing().filter(number__isnull=False).select_related("number"))
    return {
        "invitation": invitation, "numbers": ", ".join(str(copy.number) for copy in copies),
        "was_sent": any(copy.sent_at for copy in copies), "delegates": invitation.delegates.active().count(),
    }  # fmt: skip
