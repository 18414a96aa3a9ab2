"""What the province does with a sent proposal: take it, score it, return it with points, pass it; both sides' words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from programs import rules
from programs.actions.moves import move_proposal
from programs.actions.scores import recompute_scores
from programs.models import Comment, Proposal, ReturnPoint, RubricStep, Score, Submission
from programs.queries.points import Target, targets_of
from programs.queries.scoring import number, rubric
from programs.queries.verification import verifiers_in_office
from regencies.rules import Role, roles

ASSIGNABLE = ("diajukan", "dikembalikan", "lolos")
"""Statuses in which a proposal has somebody who looks after it."""


@transaction.atomic
def assign(proposals: Iterable[Proposal], verifier: Any, *, by: Any) -> list[Proposal]:
    """Those that have another verifier now (None: nobody). All or nothing.

    Errors: Denied for others than verifiers and the division head; Blocked when a verifier gives work to somebody
    else or takes what a colleague has, when the person is no verifier, or a proposal is not with the province.
    """
    ensure(rules.verifiers(by))
    head = Role.KABID_PROV in roles(by)
    if not head and verifier is not None and verifier.pk != by.pk:
        raise Blocked(_("Verifikator hanya dapat mengambil usulan untuk dirinya sendiri; Kepala Bidang membagi tugas."))
    if verifier is not None and not verifiers_in_office().filter(pk=verifier.pk).exists():
        raise Blocked(_("%(name)s tidak memegang jabatan verifikator.") % {"name": verifier})
    keys = [proposal.pk for proposal in proposals]
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("regency", "verifier").order_by("pk")
    changed = []
    for row in rows.filter(pk__in=keys):
        if row.told_state.key not in ASSIGNABLE or row.deleted_at:
            raise Blocked(_("%(code)s tidak sedang diverifikasi, jadi tidak dapat dibagi.") % {"code": row.code})
        if row.verifier_id == (verifier.pk if verifier else None):
            continue
        if row.verifier_id not in (None, by.pk) and not head:
            raise Blocked(_("%(code)s sudah diambil oleh %(name)s.") % {"code": row.code, "name": row.verifier})
        _give(row, verifier, by=by)
        changed.append(row)
    return changed


def _give(row: Proposal, verifier: Any, *, by: Any) -> None:
    changes = {str(Proposal._meta.get_field("verifier").verbose_name): [_name(row.verifier), _name(verifier)]}
    row.verifier = verifier
    row.save(update_fields=["verifier"])
    record(gettext_noop("Menetapkan verifikator"), row, by=by, changes=changes)


def _name(person: Any) -> str | None:
    return str(person) if person else None


@transaction.atomic
def take_next(year: int, *, by: Any) -> Proposal | None:
    """The proposal that waits longest and has no verifier, now this user's; None when there is none.

    Two verifiers at once get two different ones.
    """
    ensure(rules.verifiers(by))
    waiting = Proposal.objects.kept().filter(year=year, status="diajukan", verifier__isnull=True)
    row = (
        waiting.select_related("regency").select_for_update(of=("self",), skip_locked=True)
        .order_by("sent_at", "pk").first()
    )  # fmt: skip
    if row is not None:
        _give(row, by, by=by)
    return row


def _locked(proposal: Proposal) -> Proposal:
    """The proposal, alone for this transaction."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("regency", "verifier")
    return rows.get(pk=proposal.pk)


@transaction.atomic
def score_proposal(
    proposal: Proposal, steps: dict[str, int | None], why: dict[str, str] | None = None, *, by: Any,
    base: dict[str, int | None] | None = None,
) -> Proposal:  # fmt: skip
    """The proposal with the chosen steps {indicator key: step pk or None} stored and its total computed anew.

    Who scores a proposal that nobody has becomes its verifier. `base`: the steps the user saw when choosing.
    Errors: Denied; Blocked when it does not wait for verification or a step is not one of that indicator;
    StaleVersion when a colleague chose something else for an indicator since `base`.
    """
    row = _locked(proposal)
    ensure(rules.may_verify(by, row))
    if row.status != "diajukan":
        raise Blocked(
            _("Usulan ini berstatus “%(status)s”; nilai hanya diubah selama verifikasi.")
            % {"status": _(row.told_state.label)}
        )
    items = {item.key: item for item in rubric() if not item.computed}
    stored = {score.item_id: score for score in row.scores.select_related("step")}
    changes = {}
    for key, step_id in steps.items():
        item = items.get(key)
        if item is None:
            raise Blocked(_("Indikator ini tidak ada lagi atau dihitung otomatis. Muat ulang halaman ini."))
        old, reason = stored.get(item.pk), (why or {}).get(key, old_why(stored.get(item.pk))).strip()
        old_step = old.step_id if old else None
        if base is not None and key in base and base[key] != old_step and step_id != old_step:
            raise StaleVersion(
                _("“%(item)s” sudah dinilai orang lain sejak Anda membuka lembar ini.") % {"item": item.name},
                current=row, yours=steps,
            )  # fmt: skip
        if (step_id, reason) != (old_step, old_why(old)):
            changes |= _store_choice(row, item, step_id, reason, old, by=by)
    if row.verifier_id is None:
        _give(row, by, by=by)
    recompute_scores(row)
    if changes:
        # About the version that was sent: the journal of the proposal itself is read by its regency, scores are not.
        record(gettext_noop("Menilai usulan"), row.submissions.latest("number"), by=by, changes=changes)
    return row


def old_why(score: Score | None) -> str:
    """The stored reason, "" without one."""
    return score.why if score else ""


def _store_choice(row: Proposal, item: Any, step_id: int | None, why: str, old: Score | None, *, by: Any) -> dict:
    """What changed, for the journal."""
    step = next((step for step in item.steps.all() if step.pk == step_id), None)
    if step_id is not None and step is None:
        raise Blocked(_("Tingkat ini sudah diubah. Muat ulang halaman ini."))
    if step is None:
        Score.objects.filter(proposal=row, item=item).delete()
    else:
        values = {"step": step, "points": step.points, "why": why[:1000], "by": by}
        Score.objects.update_or_create(proposal=row, item=item, defaults=values)
    return {item.name: [_choice(old.step if old else None), _choice(step)]}


def _choice(step: RubricStep | None) -> str | None:
    return f"{step.label} ({number(step.points)})" if step else None


@transaction.atomic
def return_proposal(
    proposal: Proposal, points: list[dict[str, str]], *, by: Any, note: str = "", submission: int | None = None
) -> Proposal:
    """The returned proposal with its points, each {"target": key of programs.queries.points, "note": text}.

    `submission`: number of the version that was read. Without a note the points themselves are the reason.
    Errors: Denied; Blocked without anything to mend, or when a point is about something that is not there;
    StaleVersion when a newer version was sent meanwhile.
    """
    row = _locked(proposal)
    ensure(rules.may_verify(by, row))
    latest = _same_version(row, submission, yours=points)
    known = targets_of(row)
    found = [(_target(known, point["target"]), point["note"].strip()) for point in points if point["note"].strip()]
    if not found and not note.strip():
        raise Blocked(_("Tulis sedikitnya satu catatan: bagian mana yang perlu diperbaiki, dan bagaimana."))
    told = note.strip() or "\n".join(f"{target.label}: {text}" for target, text in found)
    moved = move_proposal(row, "return", by=by, note=told[:4000])
    ReturnPoint.objects.bulk_create(
        ReturnPoint(
            proposal=row, submission=latest, by=by, note=text[:1000],
            field=target.field, line_id=target.line_id, label=target.label[:200],
        )
        for target, text in found
    )  # fmt: skip
    return moved


def _target(known: dict[str, Target], key: str) -> Target:
    if key not in known:
        raise Blocked(_("Bagian yang ditunjuk tidak ada lagi dalam usulan ini. Muat ulang halaman ini."))
    return known[key]


def _same_version(row: Proposal, seen: int | None, *, yours: Any) -> Submission:
    """The version that was last sent.

    Errors: StaleVersion when the user read another one; Blocked when nothing was sent.
    """
    latest = row.submissions.order_by("-number").first()
    if latest is None:
        raise Blocked(_("Usulan ini belum pernah dikirim."))
    if seen is not None and seen != latest.number:
        raise StaleVersion(
            _("Kabupaten/kota sudah mengirim versi %(number)s sejak Anda membuka halaman ini. Periksa bedanya dahulu.")
            % {"number": latest.number},
            current=latest, yours=yours,
        )  # fmt: skip
    return latest


@transaction.atomic
def pass_proposal(proposal: Proposal, *, by: Any, submission: int | None = None, note: str = "") -> Proposal:
    """The proposal that passed verification, with its final score.

    Errors: Denied; Blocked while points are missing or authority has 0; StaleVersion when a newer version was sent.
    """
    row = _locked(proposal)
    ensure(rules.may_verify(by, row))
    _same_version(row, submission, yours=None)
    return move_proposal(row, "pass", by=by, note=note)


@transaction.atomic
def comment(
    proposal: Proposal, text: str, *, by: Any, internal: bool = False, client_key: uuid.UUID | None = None
) -> Comment:
    """The new word to the other side, or the note inside the provincial office; the earlier one when sent twice.

    Errors: Denied for who may not; Blocked without a text.
    """
    ensure(rules.verifiers(by) if internal else rules.may_comment(by, proposal))
    text = text.strip()
    if not text:
        raise Blocked(_("Tulis dahulu catatannya.") if internal else _("Tulis dahulu komentarnya."))
    if client_key and (known := Comment.objects.filter(client_key=client_key, by=by).first()):
        return known
    try:
        with transaction.atomic():
            made = Comment.objects.create(
                proposal=proposal, text=text[:4000], by=by, internal=internal, client_key=client_key
            )
    except IntegrityError:
        known = Comment.objects.filter(client_key=client_key, by=by).first()
        if known is None:
            raise Blocked(_("Komentar ini sudah dikirim.")) from None
        return known
    if not internal:  # the journal of a proposal is read by its regency: notes of the office stay out of it
        record(gettext_noop("Mengomentari usulan"), proposal, by=by, note=made.text)
    return made


@transaction.atomic
def answer_point(point: ReturnPoint, answer: str, *, by: Any, done: bool = True) -> ReturnPoint:
    """The point with the regency's word and whether it is mended. The province reads it when the regency sends again.

    Errors: Denied for all but the regency's writers while the proposal is returned; Blocked for a point of an earlier
    return, whose answer the province has read.
    """
    row = ReturnPoint.objects.select_for_update(of=("self",)).select_related("proposal__regency").get(pk=point.pk)
    ensure(rules.may_write(by, row.proposal))
    if row.proposal.return_points.filter(submission__gt=row.submission_id).exists():
        raise Blocked(_("Catatan ini dari pengembalian sebelumnya; jawabannya sudah dibaca provinsi."))
    row.answer = answer.strip()[:1000]
    row.answered_at = (row.answered_at or timezone.now()) if done else None
    row.save(update_fields=["answer", "answered_at"])
    row.proposal.authors.add(by)
    verb = gettext_noop("Menjawab catatan pengembalian") if done else gettext_noop("Membuka lagi catatan pengembalian")
    record(verb, row.proposal, by=by, note=f"{row.label}: {row.note}", changes={"Jawaban": [None, row.answer]})
    return row
