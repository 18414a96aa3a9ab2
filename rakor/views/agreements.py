"""The agreement of an edition: recap of all desks, head and signatures, the moves, the scan, the history."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portal.journal.queries import history_of
from portal.kernel.errors import Blocked, StaleVersion, WrongFile, ensure
from portal.web.access import page
from portal.web.forms import ReasonForm
from portal.web.storage import NotWritten
from portal.web.submissions import differences, form_status, see_version, sent
from portal.web.uploads import takes_file
from programs.queries.agreed import recap
from programs.rules import province_readers
from rakor import rules
from rakor.actions import agreements as actions
from rakor.forms.agreements import HeadForm, RepresentativeForm, ScanForm
from rakor.models import Agreement, Meeting
from rakor.queries import agreements as queries
from rakor.views.agreement_frame import agreement_or_404, frame, recap_tiles, tile_legend
from rakor.workflow import AGREEMENT
from regencies.models import Regency
from regencies.rules import regency_ids

DONE = {
    "agree": gettext_noop("Kesepakatan disahkan. Berita acara sedang disusun."),
    "reopen": gettext_noop("Pleno dibuka kembali; kabupaten/kota tidak melihatnya sampai disahkan lagi."),
}


@page(who=rules.readers, reads=True)
def agreement_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The recap and what is still missing; regencies are led to their own copy."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("province"), slug=slug)
    agreement = queries.agreements_of(request.user, slug).first()
    if not province_readers(request.user):
        return _own_copy(request, agreement)
    if agreement is None and not rules.sees_drafts(request.user):
        raise Http404
    sums = recap(meeting.planning_year, meeting.province_id)
    context = {
        "meeting": meeting, "agreement": agreement, "recap": sums, "tiles": recap_tiles(sums, slug, agreement),
        "legend": tile_legend(),
    }  # fmt: skip
    if agreement is None:
        waiting = queries.open_desks(meeting)
        context |= {"open_desks": waiting, "may_start": rules.may_start_agreement(request.user, meeting)}
        return render(request, "rakor/agreements/not_begun.html", context)
    inside = rules.sees_drafts(request.user)
    context |= frame(request, agreement, "recap", count=sums.total.count)
    context |= {
        "todo": _todo(request, agreement) if inside else [],
        "history": history_of(agreement, limit=8) if inside else [],
    }
    return render(request, "rakor/agreements/page.html", context)


def _own_copy(request: HttpRequest, agreement: Agreement | None) -> HttpResponse:
    """A regency's officer goes to what concerns him.

    Errors: Http404 while nothing is agreed.
    """
    own = Regency.objects.filter(pk__in=regency_ids(request.user)).order_by("code").first()
    if agreement is None or own is None:
        raise Http404
    return redirect("agreement_regency", agreement.meeting.slug, own.code)


def _todo(request: HttpRequest, agreement: Agreement) -> list[dict[str, str]]:
    """What the plenary waits for, as the lines of "Yang perlu Anda lakukan"."""
    slug = agreement.meeting.slug
    if agreement.status == "rekap":
        found = [
            {"title": sentence, "tone": "warning", "icon": "problem", "url": reverse(name, args=[slug])}
            for sentence, name in queries.missing(agreement)
        ]
        if nameless := queries.nameless(agreement):
            title = ngettext(
                "%(n)s kabupaten/kota belum mempunyai wakil penanda tangan: %(names)s.",
                "%(n)s kabupaten/kota belum mempunyai wakil penanda tangan: %(names)s.",
                len(nameless),
            ) % {"n": len(nameless), "names": queries.named(nameless)}
            note = _("Tidak menghalangi: namanya dapat ditulis tangan.")
            url = reverse("agreement_people", args=[slug])
            found.append({"title": title, "tone": "info", "icon": "signature", "url": url, "note": note})
        return found
    if agreement.status == "disepakati":
        title = _("Unggah pindaian berita acara yang sudah ditandatangani")
        note = _("Sesudah itu perubahan hanya melalui adendum.")
        return [{"title": title, "tone": "warning", "icon": "upload", "note": note,
                 "url": reverse("agreement_scan", args=[slug])}]  # fmt: skip
    return []


@page(who=rules.leaders, writes=True)
def agreement_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin the recap; a second click finds it begun."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    if request.method == "POST":
        actions.start_agreement(meeting, by=request.user)
        messages.success(request, _("Rekap dimulai. Periksa wakil kabupaten/kota dan pimpinan sidang."))
    return redirect("agreement", slug)


@page(who=rules.leaders, writes=True)
def agreement_head(request: HttpRequest, slug: str) -> HttpResponse:
    """Number, chair and words of the berita acara; who is late sees both versions."""
    agreement = agreement_or_404(request, slug)
    editing = rules.may_edit_agreement(request.user, agreement)
    form = HeadForm(sent(request), agreement=agreement)
    status, theirs = form_status(request), []
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_head(agreement, form.head, head_version=form.cleaned_data["head_version"], by=request.user)
        except StaleVersion as stale:
            status, theirs = 409, differences(stale.current, form.head)
            see_version(form, stale.current.head_version, "head_version")
        else:
            messages.success(request, _("Kepala berita acara tersimpan."))
            return redirect("agreement", slug)
    context = frame(request, agreement, "head") | {
        "form": form, "editing": editing, "theirs": theirs, "stale": status == 409,
        "fresh_url": reverse("agreement_head", args=[slug]),
    }  # fmt: skip
    return render(request, "rakor/agreements/head.html", context, status=status)


@page(who=rules.leaders, writes=True)
def agreement_people(request: HttpRequest, slug: str) -> HttpResponse:
    """The table of signatures: every regency's representative, two people may fill it in together."""
    agreement = agreement_or_404(request, slug)
    editing = rules.may_edit_agreement(request.user, agreement)
    if request.method == "POST" and "isi-ulang" in request.POST:
        actions.refill_representatives(agreement, by=request.user)
        messages.success(request, _("Wakil diisi ulang dari jabatan dan konfirmasi desk."))
        return redirect("agreement_people", slug)
    forms = [
        RepresentativeForm(sent(request), instance=row, prefix=f"wakil-{row.regency_id}")
        for row in queries.representatives(agreement)
    ]
    status, blocked = form_status(request), ""
    valid = request.method == "POST" and all(form.is_valid() for form in forms)
    if valid:
        wanted = {form.instance.regency_id: form.values for form in forms}
        base = {form.instance.regency_id: form.cleaned_data["base"] for form in forms}
        try:
            actions.save_representatives(agreement, wanted, base=base, by=request.user)
        except StaleVersion as stale:
            status, blocked = 409, str(stale)
            theirs = {row.regency_id: row for row in stale.current}
            for form in forms:
                form.theirs = theirs.get(form.instance.regency_id)
        else:
            messages.success(request, _("Tabel tanda tangan tersimpan."))
            return redirect("agreement_people", slug)
    context = frame(request, agreement, "people") | {
        "forms": forms, "editing": editing, "blocked": blocked, "invalid": request.method == "POST" and not valid,
    }  # fmt: skip
    return render(request, "rakor/agreements/people.html", context, status=status)


@page(who=rules.leaders, writes=True)
def agreement_move(request: HttpRequest, slug: str, move: str) -> HttpResponse:
    """Ask, with what is missing, then agree or re-open."""
    agreement = agreement_or_404(request, slug)
    if move not in DONE:
        raise Http404
    flow = AGREEMENT.move(move)
    ensure(rules.may_move_agreement(request.user, agreement, move))
    form = ReasonForm(sent(request)) if flow.note_required else None
    if request.method == "POST" and (form is None or form.is_valid()):
        if form is None:
            actions.agree(agreement, by=request.user)
        else:
            actions.reopen(agreement, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, _(DONE[move]))
        return redirect("agreement", slug)
    possible = agreement.status in flow.source
    context = frame(request, agreement, "recap") | {
        "form": form, "label": _(flow.label), "confirm": _(flow.confirm) if flow.confirm else "", "possible": possible,
        "missing": queries.missing_parts(agreement) if move == "agree" and possible else [],
        "recap": recap(agreement.meeting.planning_year, agreement.meeting.province_id),
    }  # fmt: skip
    return render(request, "rakor/agreements/move.html", context, status=form_status(request))


@takes_file(lambda: settings.SCAN_LARGEST)
@page(who=rules.leaders, writes=True)
def agreement_scan(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload the signed scan; a wrong file is refused at its field."""
    agreement = agreement_or_404(request, slug)
    files = request.FILES if request.method == "POST" else None
    form = ScanForm(sent(request), files, initial={"signed_on": queries.plenary_day(agreement.meeting)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.store_scan(agreement, data["scan"], data["signed_on"], by=request.user)
        except (WrongFile, NotWritten) as error:
            form.add_error("scan", str(error))
        except Blocked as error:
            form.add_error("signed_on", str(error))
        else:
            messages.success(request, _("Pindaian tersimpan. Perubahan berikutnya hanya melalui adendum."))
            return redirect("agreement", slug)
    context = frame(request, agreement, "recap") | {
        "form": form, "possible": agreement.status in AGREEMENT.move("sign").source,
        "confirm": _(AGREEMENT.move("sign").confirm), "limit": settings.SCAN_LARGEST // (1024 * 1024),
    }  # fmt: skip
    return render(request, "rakor/agreements/scan.html", context, status=form_status(request))


@page(who=rules.readers, reads=True)
def agreement_scan_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The signed scan, a download that no browser opens as anything else; for whom the agreement's page is."""
    agreement = agreement_or_404(request, slug)
    if not agreement.scan or not (province_readers(request.user) or regency_ids(request.user)):
        raise Http404
    name = f"berita-acara-{slug}-bertanda-tangan.pdf"
    response = FileResponse(
        agreement.scan.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


@page(who=rules.desk_people, reads=True)
def agreement_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every change after the desks with its version and reason."""
    agreement = agreement_or_404(request, slug, every_regency=True)
    context = frame(request, agreement, "history") | {"changes": queries.changes_of(agreement)}
    return render(request, "rakor/agreements/history.html", context)
