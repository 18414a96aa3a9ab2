"""From the closed desks to the signed berita acara: recap, changes in the plenary, agreement, scan; then addenda.

Locks are taken in one order: the agreement's row first, then the proposal's.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.documents.actions import order_document
from portal.journal.actions import make_move, record
from portal.kernel.errors import Blocked, PortalError, StaleVersion, ensure
from programs.actions.verdicts import change_verdict
from programs.facts.scans import read_scan
from programs.models import Decision, Proposal
from programs.rules import DECIDED
from rakor import rules
from rakor.actions.heads import take_head
from rakor.models import Agreement, AgreementChange, Meeting, Representative
from rakor.queries import agreements as queries
from rakor.queries.agreement_papers import agreement_paper
from rakor.workflow import AGREEMENT

HEAD = ["number", "considerations", "clauses", "chair"]
SIGNER = ("name", "title", "agency", "address")
PLENARY, ADDENDUM = "pleno", "adendum"


def start_agreement(meeting: Meeting, *, by: Any) -> Agreement:
    """The agreement of the edition, begun when there was none; a double click begins one.

    The chair, what was heard and the 22 representatives are filled in from positions, programme and desks.
    Errors: Denied.
    """
    ensure(rules.may_start_agreement(by, meeting))
    with transaction.atomic():
        agreement, new = Agreement.objects.get_or_create(
            meeting=meeting,
            defaults={
                "chair": queries.usual_chair(meeting), "considerations": queries.usual_considerations(meeting),
            },
        )  # fmt: skip
        if new:
            Representative.objects.bulk_create(
                Representative(agreement=agreement, **row) for row in queries.usual_representatives(meeting)
            )
            record(gettext_noop("Memulai rekap kesepakatan"), agreement, by=by)
    return agreement


@transaction.atomic
def save_head(agreement: Agreement, head: dict[str, Any], *, head_version: int, by: Any) -> Agreement:
    """The agreement with number, considerations, clauses and chair as given.

    Errors: Denied; StaleVersion when somebody saved the head since `head_version`.
    """
    row = locked(agreement)
    ensure(rules.may_edit_agreement(by, row))
    sentence = _("Kepala berita acara ini baru saja diubah orang lain. Periksa isian yang tersimpan di bawah ini.")
    changes = take_head(row, head, names=HEAD, head_version=head_version, sentence=sentence)
    if changes:
        row.save(update_fields=[*head, "head_version"])
        record(gettext_noop("Mengubah kepala berita acara"), row, by=by, changes=changes)
    return row


@transaction.atomic
def save_representatives(
    agreement: Agreement, rows: dict[int, dict[str, str]], *, base: dict[int, dict[str, str]], by: Any
) -> int:
    """How many regencies got another representative.

    `base` is what the writer saw: only what he changed is written, so that two people fill in the table together.
    Shape: {regency pk: {"name", "title", "agency", "address"}}.
    Errors: Denied; StaleVersion naming the regencies that somebody else changed to something else meanwhile.
    """
    row = locked(agreement)
    ensure(rules.may_edit_agreement(by, row))
    stored = {each.regency_id: each for each in row.representatives.select_related("regency")}
    wanted = {pk: values for pk, values in rows.items() if pk in stored and values != base.get(pk)}
    lost = [
        each for pk, values in wanted.items()
        if signer(each := stored[pk]) not in (base.get(pk), values)
    ]  # fmt: skip
    if lost:
        names = queries.named([each.regency.name for each in lost])
        raise StaleVersion(
            _("Wakil %(names)s baru saja diubah orang lain. Isian Anda masih ada; bandingkan, lalu simpan lagi.")
            % {"names": names},
            current=lost, yours=wanted,
        )  # fmt: skip
    changes = {}
    for pk, values in wanted.items():
        each = stored[pk]
        if signer(each) != values:
            changes[each.regency.name] = [_who(signer(each)), _who(values)]
            Representative.objects.filter(pk=each.pk).update(**values)
    if changes:
        record(gettext_noop("Mengubah wakil kabupaten/kota"), row, by=by, changes=changes)
    return len(changes)


@transaction.atomic
def refill_representatives(agreement: Agreement, *, by: Any) -> int:
    """How many regencies got another representative when the table was filled in anew from positions and desks."""
    row = locked(agreement)
    base = {each.regency_id: signer(each) for each in row.representatives.all()}
    usual = {
        each["regency"].pk: {name: each[name] for name in SIGNER} for each in queries.usual_representatives(row.meeting)
    }
    return save_representatives(row, usual, base=base, by=by)


def signer(row: Representative) -> dict[str, str]:
    """What the table says of a representative."""
    return {name: getattr(row, name) for name in SIGNER}


def _who(values: dict[str, str]) -> str:
    return ", ".join(value for value in values.values() if value) or "–"


@transaction.atomic
def change_in_plenary(
    agreement: Agreement, proposal: Proposal, decision: str, *, reason: str, by: Any, base_version: int,
    lines: dict[int, dict[str, Any]] | None = None, redirect_to: Any = None,
) -> AgreementChange:  # fmt: skip
    """The change as the history keeps it; the agreement is one version further.

    `reason` is written to the verdict as well, so that the list of what was not agreed tells it. `base_version` is the
    version of the verdict that the writer saw.
    Errors: Denied; Blocked without a reason or when nothing changes; StaleVersion when somebody changed it in between.
    """
    row = locked(agreement)
    ensure(rules.may_change_agreement(by, row))
    before, after = put_in_force(
        row, proposal, decision, stage=PLENARY, reason=reason, by=by, base_version=base_version, lines=lines,
        redirect_to=redirect_to,
    )  # fmt: skip
    row.version += 1
    row.save(update_fields=["version"])
    change = AgreementChange.objects.create(
        agreement=row, version=row.version, proposal=proposal, before=before, after=after, reason=reason.strip(), by=by
    )
    record(
        gettext_noop("Mengubah putusan di pleno"), row, by=by, note=f"{proposal.code} {proposal}: {reason.strip()}",
        changes={gettext_noop("versi"): [row.version - 1, row.version]},
    )  # fmt: skip
    return change


def put_in_force(
    agreement: Agreement, proposal: Proposal, decision: str, *, stage: str, reason: str, by: Any, base_version: int,
    lines: dict[int, dict[str, Any]] | None, redirect_to: Any,
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    """Another answer to a decided proposal, in force at once: what it said before and says now.

    Errors: Blocked without a reason or when nothing changes; StaleVersion.
    """
    belongs(agreement, proposal)
    if not reason.strip():
        raise Blocked(_("Alasan perubahan wajib diisi."))
    _verdict, before = queries.verdict_now(proposal)
    change_verdict(
        proposal, decision, by=by, stage=stage, note=reason, lines=lines, reason=reason, redirect_to=redirect_to,
        base_version=base_version,
    )  # fmt: skip
    _verdict, after = queries.verdict_now(proposal)
    if _substance(before) == _substance(after):
        raise Blocked(_("Putusan ini sama dengan yang berlaku sekarang; tidak ada yang berubah."))
    return before, after


def _substance(content: dict[str, Any]) -> dict[str, Any]:
    """The answer without words that no list prints: reasons of lines, and of what is agreed as proposed."""
    lines = {pk: {**line, "reason": ""} for pk, line in content["lines"].items()}
    reason = "" if content["decision"] == Decision.AGREED else content["reason"]
    return {**content, "reason": reason, "lines": lines}


def belongs(agreement: Agreement, proposal: Proposal) -> None:
    """Return when the proposal is one that this edition decided on.

    Errors: Blocked.
    """
    meeting = agreement.meeting
    if proposal.year != meeting.planning_year or proposal.regency.province_id != meeting.province_id:
        raise Blocked(_("Usulan ini bukan bagian dari rakor ini."))
    if proposal.status not in DECIDED:
        raise Blocked(_("Usulan ini belum diputuskan di desk."))


@transaction.atomic
def agree(agreement: Agreement, *, by: Any, agreed_at: Any = None) -> Agreement:
    """The agreement as the plenary took it, with its berita acara ordered in the same transaction.

    Errors: Denied; Blocked naming everything that is missing, or when somebody agreed first.
    """
    row = locked(agreement)
    ensure(rules.may_move_agreement(by, row, "agree"))
    in_source(row, "agree")
    if missing := queries.missing_parts(row):
        raise Blocked(" ".join(missing))
    row.agreed_at = agreed_at or timezone.now()
    document = order_document("ba_kesepakatan", agreement_paper(row), subject=row, by=by)
    return make_move(AGREEMENT, "agree", row, by=by, agreed_at=row.agreed_at, chair=row.chair, document=document)


@transaction.atomic
def reopen(agreement: Agreement, *, by: Any, note: str) -> Agreement:
    """The recap again, hidden from regencies until the plenary agrees anew; the old paper stays.

    Errors: Denied; Blocked without a reason or when it is signed.
    """
    row = locked(agreement)
    ensure(rules.may_move_agreement(by, row, "reopen"))
    return make_move(AGREEMENT, "reopen", row, by=by, note=note)


@transaction.atomic
def store_scan(agreement: Agreement, file: UploadedFile, signed_on: dt.date, *, by: Any) -> Agreement:
    """The signed agreement with the scan of its berita acara; from now on only addenda change it.

    Errors: Denied; WrongFile when the file is no whole PDF or too large; Blocked when it is the unsigned paper itself,
    the day is not possible, or it was signed already.
    """
    row = locked(agreement)
    ensure(rules.may_move_agreement(by, row, "sign"))
    in_source(row, "sign")
    if not row.meeting.starts_on <= signed_on <= timezone.localdate():
        raise Blocked(_("Tanggal tanda tangan berada di antara hari pertama rakor dan hari ini."))
    scan = read_scan(file.name, file.read(), size=file.size, largest=settings.SCAN_LARGEST)
    if scan.sha256 == row.document.sha256:
        raise Blocked(_("Berkas ini adalah PDF dari portal yang belum ditandatangani. Unggah hasil pindaiannya."))
    name = default_storage.save(f"agreements/{row.pk}-{scan.sha256[:16]}.pdf", ContentFile(scan.data))
    try:
        with transaction.atomic():
            return make_move(
                AGREEMENT, "sign", row, by=by, note=f"sha256 {scan.sha256}", signed_on=signed_on, scan=name,
                scan_sha256=scan.sha256, scan_pages=scan.pages, scanned_by=by,
            )  # fmt: skip
    except PortalError:
        default_storage.delete(name)
        raise


def in_source(row: Agreement, move: str) -> None:
    """Return when the table allows the move now: a plain sentence before any work is done.

    Errors: Blocked.
    """
    if row.status not in AGREEMENT.move(move).source:
        raise Blocked(
            _("“%(move)s” tidak dapat dilakukan: kesepakatan sudah berstatus “%(status)s”.")
            % {"move": _(AGREEMENT.move(move).label), "status": _(row.state.label)}
        )


def locked(agreement: Agreement) -> Agreement:
    """The row, held until the transaction ends, with what its verbs need."""
    rows = Agreement.objects.select_for_update(of=("self",)).select_related(
        "meeting__province", "chair__person", "chair__agency"
    )
    return rows.get(pk=agreement.pk)
