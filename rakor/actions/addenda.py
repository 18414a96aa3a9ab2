"""Addenda: what changes after the signature. Their changes are in force when the addendum is issued, not before."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.documents.actions import order_document
from portal.journal.actions import changes_between, record
from portal.kernel.errors import Blocked, PortalError, ensure
from portal.kernel.plain_text import plain
from programs.models import Proposal
from rakor import rules
from rakor.actions.agreements import ADDENDUM, locked, put_in_force
from rakor.models import Addendum, Agreement, AgreementChange
from rakor.queries.agreement_papers import addendum_paper
from rakor.queries.agreements import verdict_now


class _TryOut(Exception):
    """Takes a trial back."""


@transaction.atomic
def start_addendum(agreement: Agreement, *, reason: str, by: Any, number: str = "") -> Addendum:
    """The next addendum of a signed agreement, without changes yet.

    Errors: Denied; Blocked without a reason, or while the addendum before it is not issued.
    """
    row = locked(agreement)
    ensure(rules.may_add_addendum(by, row))
    if draft := row.addenda.filter(issued_at__isnull=True).first():
        raise Blocked(_("%(addendum)s belum ditetapkan. Tetapkan atau buang dahulu.") % {"addendum": draft})
    if not reason.strip():
        raise Blocked(_("Dasar dan alasan adendum wajib diisi."))
    last = row.addenda.aggregate(last=Max("sequence"))["last"] or 0
    addendum = Addendum.objects.create(
        agreement=row, sequence=last + 1, number=_number(number), reason=reason.strip(), by=by
    )
    record(gettext_noop("Memulai adendum"), addendum, by=by, note=addendum.reason)
    return addendum


@transaction.atomic
def save_addendum(addendum: Addendum, *, reason: str, number: str, by: Any) -> Addendum:
    """The draft with other words.

    Errors: Denied; Blocked when it is issued or without a reason.
    """
    row = _draft(addendum, by)
    if not reason.strip():
        raise Blocked(_("Dasar dan alasan adendum wajib diisi."))
    before = Addendum.objects.get(pk=row.pk)
    row.reason, row.number = reason.strip(), _number(number)
    if changes := changes_between(before, row, ["number", "reason"]):
        row.save(update_fields=["number", "reason"])
        record(gettext_noop("Mengubah adendum"), row, by=by, changes=changes)
    return row


@transaction.atomic
def change_by_addendum(
    addendum: Addendum, proposal: Proposal, decision: str, *, reason: str, by: Any, base_version: int,
    lines: dict[int, dict[str, Any]] | None = None, redirect_to: Any = None,
) -> AgreementChange:  # fmt: skip
    """What the addendum will change of a proposal; another change of the same proposal takes its place.

    The answer is tried out with all its rules and taken back: it is in force when the addendum is issued.
    Errors: Denied; Blocked without a reason or when nothing changes; StaleVersion.
    """
    row = _draft(addendum, by)
    try:
        with transaction.atomic():
            before, after = put_in_force(
                row.agreement, proposal, decision, stage=ADDENDUM, reason=reason, by=by, base_version=base_version,
                lines=lines, redirect_to=redirect_to,
            )  # fmt: skip
            raise _TryOut
    except _TryOut:
        proposal.refresh_from_db()
    row.changes.filter(proposal=proposal).delete()
    change = AgreementChange.objects.create(
        agreement=row.agreement, addendum=row, version=row.agreement.version + 1, proposal=proposal, before=before,
        after=after, reason=reason.strip(), by=by,
    )  # fmt: skip
    record(
        gettext_noop("Memasukkan perubahan ke adendum"), row, by=by, note=f"{proposal.code} {proposal}: {change.reason}"
    )
    return change


@transaction.atomic
def drop_change(addendum: Addendum, change_id: int, *, by: Any) -> None:
    """Take one change out of the draft.

    Errors: Denied; Blocked when it is issued.
    """
    row = _draft(addendum, by)
    change = row.changes.select_related("proposal__regency").filter(pk=change_id).first()
    if change:
        change.delete()
        note = f"{change.proposal.code} {change.proposal}"
        record(gettext_noop("Mengeluarkan perubahan dari adendum"), row, by=by, note=note)


@transaction.atomic
def discard_addendum(addendum: Addendum, *, by: Any) -> None:
    """Throw the draft away; the journal keeps that it was there.

    Errors: Denied; Blocked when it is issued.
    """
    row = _draft(addendum, by)
    row.changes.all().delete()
    record(gettext_noop("Membuang konsep adendum"), row, by=by, note=row.reason)
    row.delete()


@transaction.atomic
def issue_addendum(addendum: Addendum, *, by: Any) -> Addendum:
    """The addendum with its changes in force and its paper ordered; the agreement is one version further.

    Errors: Denied; Blocked when it is issued, empty, or a proposal was changed since it was written into it.
    """
    row = _draft(addendum, by)
    changes = list(row.changes.select_related("proposal__regency").order_by("pk"))
    if not changes:
        raise Blocked(_("Adendum ini belum memuat perubahan."))
    agreement = row.agreement
    agreement.version += 1
    agreement.save(update_fields=["version"])
    for change in changes:
        _enforce(agreement, change, by=by)
    row.issued_at = timezone.now()
    row.document = order_document("ba_adendum", addendum_paper(row), subject=row, by=by)
    row.save(update_fields=["issued_at", "document"])
    record(
        gettext_noop("Menetapkan adendum"), row, by=by, note=row.reason,
        changes={gettext_noop("versi"): [agreement.version - 1, agreement.version]},
    )  # fmt: skip
    return row


def _enforce(agreement: Agreement, change: AgreementChange, *, by: Any) -> None:
    verdict, now = verdict_now(change.proposal)
    if verdict is None or now != change.before:
        raise Blocked(
            _("Putusan usulan “%(title)s” berubah sesudah dimasukkan ke adendum ini. Masukkan lagi perubahannya.")
            % {"title": change.proposal}
        )
    wanted = change.after
    _before, change.after = put_in_force(
        agreement, change.proposal, wanted["decision"], stage=ADDENDUM, reason=change.reason, by=by,
        base_version=verdict.version, redirect_to=wanted["redirect_to"] or None,
        lines={int(pk): line for pk, line in wanted["lines"].items()},
    )  # fmt: skip
    change.version = agreement.version
    change.save(update_fields=["after", "version"])


def _draft(addendum: Addendum, by: Any) -> Addendum:
    """The addendum with its agreement, both held, while it can still be changed.

    Errors: Denied; Blocked.
    """
    agreement = locked(addendum.agreement)
    ensure(rules.may_add_addendum(by, agreement))
    row = Addendum.objects.select_for_update(of=("self",)).filter(pk=addendum.pk).first()
    if row is None:
        raise PortalError(_("Adendum ini sudah dibuang."))
    row.agreement = agreement
    if row.issued_at is not None:
        raise Blocked(_("%(addendum)s sudah ditetapkan dan tidak berubah lagi.") % {"addendum": row})
    return row


def _number(text: str) -> str:
    return " ".join(plain(text).split())[:80]
