"""Verdicts on proposals and their cost lines: pending at the desk, in force when it is closed, changed with a reason.

At a desk use `rakor.actions.desks.decide`: it counts the change, so that a confirmation is worth only what it was given
for. Every answer that ever stood is kept as a VerdictRevision; a late writer is refused, never merged.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import Step, make_moves, record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.kernel.money import rupiah
from programs import rules
from programs.models import CostLine, Decision, Funding, FundingSource, LineVerdict, Proposal, Verdict, VerdictRevision
from programs.models.proposals import LARGEST_RUPIAH
from programs.queries.verdicts import Given, agreed_by_source, verdict_content
from programs.workflow import PROPOSAL, VERDICT_MOVES

Stage = VerdictRevision.Stage
REASON_LENGTH = 2000


@transaction.atomic
def put_verdict(
    proposal: Proposal, decision: str, *, by: Any, lines: dict[int, dict[str, Any]] | None = None, reason: str = "",
    redirect_to: FundingSource | str | None = None, base_version: int,
) -> Verdict:  # fmt: skip
    """The pending answer to a proposal.

    `lines` = {pk: {"decision", "agreed_rupiah", "reason", "redirect_to"}} replaces all answers to its lines; None keeps
    them while the proposal stays agreed with changes. Lines that differ make "disepakati" a "perbaikan".
    `base_version` is the version the writer saw, 0 for none.
    Errors: Denied; Blocked with what is missing; StaleVersion when somebody decided in between.
    """
    row = _locked(proposal)
    ensure(rules.may_decide(by, row))
    return _put(row, decision, lines, reason, redirect_to, by=by, base_version=base_version)


@transaction.atomic
def put_line_verdict(
    line: CostLine, decision: str, *, by: Any, agreed_rupiah: int | None = None, reason: str = "",
    redirect_to: FundingSource | str | None = None, base_version: int,
) -> LineVerdict | None:  # fmt: skip
    """The pending answer to one cost line; None when it is agreed as proposed, which needs no row.

    A line that differs makes its proposal agreed with changes. `base_version` is the line's version, 0 for none.
    Errors: Denied; Blocked; StaleVersion when somebody decided this line in between.
    """
    row = _locked(line.proposal)
    ensure(rules.may_decide(by, row))
    wanted = {"decision": decision, "agreed_rupiah": agreed_rupiah, "reason": reason, "redirect_to": redirect_to}
    lines = _kept_lines(row)
    if line.pk not in lines:
        raise Blocked(_("Rincian biaya ini sudah tidak ada."))
    verdict = _verdict(row)
    answers = _line_answers(verdict)
    current = answers.get(line.pk)
    _same_version(current, base_version, wanted)
    if verdict and verdict.decision not in rules.AGREED:
        raise Blocked(
            _("Usulan ini “%(decision)s”. Ubah dahulu putusan usulannya sebelum memutus per rincian.")
            % {"decision": verdict.get_decision_display()}
        )
    answer = _line_answer(lines[line.pk], wanted)
    if current is None and answer.decision == Decision.AGREED:
        return None
    before = verdict_content(verdict, answers.values())
    verdict = verdict or Verdict(proposal=row, version=_last_version(row))
    _follow_line(verdict, answer, current, others=len(answers) - (1 if current else 0))
    verdict.agreed_rupiah = _agreed(verdict.decision, lines, {**answers, line.pk: answer})
    _save(verdict, by)
    saved = _save_line(verdict, answer, current, by)
    _remember(row, verdict, before, by=by, stage=Stage.DESK)
    return saved


@transaction.atomic
def clear_verdict(proposal: Proposal, *, by: Any, base_version: int) -> None:
    """Take a pending answer back; it stays in the revisions. Also for proposals taken out of the desk meanwhile.

    Errors: Denied; Blocked when it is in force; StaleVersion.
    """
    row = _locked(proposal)
    ensure(rules.verifiers(by))
    verdict = _verdict(row)
    _same_version(verdict, base_version, None)
    if verdict is None:
        return
    if verdict.applied_at:
        raise Blocked(_("Putusan ini sudah berlaku; perubahan hanya melalui pleno atau adendum."))
    before = verdict_content(verdict, _line_answers(verdict).values())
    version = verdict.version + 1
    verdict.delete()
    _revise(row, version, verdict_content(None), before, by=by, stage=Stage.DESK)


@transaction.atomic
def apply_verdicts(proposals: Iterable[Proposal], *, by: Any) -> None:
    """Put pending answers in force: statuses move, agreed money is written per proposal and source.

    Errors: Denied; Blocked naming the proposal that has no answer, or whose lines changed after the answer.
    """
    ensure(rules.verifiers(by))
    rows = _all_locked(proposals)
    answers = {verdict.proposal_id: verdict for verdict in Verdict.objects.filter(proposal__in=rows)}
    given = agreed_by_source(rows)
    for row in rows:
        ensure(rules.may_decide(by, row))
        verdict = answers.get(row.pk)
        if verdict is None:
            raise Blocked(_("Usulan “%(title)s” belum diputuskan.") % {"title": row})
        if verdict.agreed_rupiah != sum(each.agreed_rupiah for each in given[row.pk] if each.in_budget):
            raise Blocked(_("Rincian usulan “%(title)s” berubah sesudah diputuskan. Putuskan lagi.") % {"title": row})
    Verdict.objects.filter(proposal__in=rows).update(applied_at=timezone.now())
    _enforce({row: answers[row.pk] for row in rows}, given, by=by)


@transaction.atomic
def change_verdict(
    proposal: Proposal, decision: str, *, by: Any, stage: str, note: str,
    lines: dict[int, dict[str, Any]] | None = None, reason: str = "",
    redirect_to: FundingSource | str | None = None, base_version: int,
) -> Verdict:  # fmt: skip
    """The answer after the plenary or an addendum changed it; in force at once. `note` says why it was changed.

    Errors: Denied; Blocked when no desk decided yet or the reason is missing; StaleVersion.
    """
    row = _locked(proposal)
    ensure(rules.may_change_decided(by, row))
    if not note.strip():
        raise Blocked(_("Alasan perubahan wajib diisi."))
    verdict = _put(
        row, decision, lines, reason, redirect_to, by=by, base_version=base_version, stage=stage, note=note.strip()
    )
    if verdict.applied_at is None:
        raise Blocked(_("Usulan ini belum diputuskan di desk."))
    _enforce({row: verdict}, agreed_by_source([row]), by=by, note=note.strip())
    return verdict


# --- what they share ---


def _locked(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update(of=("self",)).select_related("regency").get(pk=proposal.pk)


def _all_locked(proposals: Iterable[Proposal]) -> list[Proposal]:
    """The rows in the order given, locked by number as whoever takes several does."""
    wanted = [proposal.pk for proposal in proposals]
    needed = ("status", "title", "year", "number", "change", "budget_rupiah", "regency__code", "regency__short")
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("regency").only(*needed)
    rows = {row.pk: row for row in locked.filter(pk__in=wanted).order_by("pk")}
    return [rows[pk] for pk in wanted]


def _verdict(proposal: Proposal) -> Verdict | None:
    return Verdict.objects.select_related("redirect_to").filter(proposal=proposal).first()


def _line_answers(verdict: Verdict | None) -> dict[int, LineVerdict]:
    if verdict is None:
        return {}
    return {each.line_id: each for each in verdict.lines.select_related("redirect_to")}


def _kept_lines(proposal: Proposal) -> dict[int, CostLine]:
    return {line.pk: line for line in proposal.lines.kept().select_related("source")}


def _last_version(proposal: Proposal) -> int:
    """The newest version that ever stood: a verdict that was taken back does not begin at 1 again."""
    return proposal.verdict_revisions.aggregate(last=Max("version"))["last"] or 0


def _same_version(current: Verdict | LineVerdict | None, base_version: int, yours: Any) -> None:
    if (current.version if current else 0) != base_version:
        raise StaleVersion(
            _("Putusan ini sudah diubah orang lain sejak Anda membacanya. Tidak ada yang ditimpa."),
            current=current, yours=yours,
        )  # fmt: skip


def _put(
    row: Proposal, decision: str, lines: dict[int, dict[str, Any]] | None, reason: str,
    redirect_to: FundingSource | str | None, *, by: Any, base_version: int, stage: str = Stage.DESK, note: str = "",
) -> Verdict:  # fmt: skip
    """Store the answer to a locked proposal and its lines, as its next version."""
    verdict = _verdict(row)
    _same_version(verdict, base_version, {"decision": decision, "reason": reason, "redirect_to": redirect_to})
    cost = _kept_lines(row)
    stored = _line_answers(verdict)
    before = verdict_content(verdict, stored.values())
    if lines is None and decision == Decision.AMENDED:
        answers = stored
    else:
        if unknown := set(lines or ()) - cost.keys():
            raise Blocked(_("Rincian biaya %(n)s bukan bagian dari usulan ini.") % {"n": min(unknown)})
        answers = {pk: _line_answer(cost[pk], wanted) for pk, wanted in (lines or {}).items()}
        answers = {pk: each for pk, each in answers.items() if each.decision != Decision.AGREED}
    if answers and decision == Decision.AGREED:
        decision = Decision.AMENDED
    if answers and decision != Decision.AMENDED:
        raise Blocked(_("Putusan per rincian hanya untuk usulan yang disepakati dengan perbaikan."))
    checked = _answer(decision, reason, redirect_to)
    verdict = verdict or Verdict(proposal=row, version=_last_version(row))
    for name, value in checked.items():
        setattr(verdict, name, value)
    verdict.agreed_rupiah = _agreed(verdict.decision, cost, answers)
    _save(verdict, by)
    if answers is not stored:
        LineVerdict.objects.filter(verdict=verdict).delete()
        for answer in answers.values():
            _save_line(verdict, answer, None, by)
    _remember(row, verdict, before, by=by, stage=stage, note=note)
    return verdict


def _answer(
    decision: str, reason: str, redirect_to: FundingSource | str | None, *, longest: int = REASON_LENGTH
) -> dict[str, Any]:
    """The checked answer: reason for all but the first, a source exactly when money is redirected."""
    if decision not in Decision.values:
        raise Blocked(_("Putusan itu tidak dikenal."))
    reason = reason.strip()
    if decision != Decision.AGREED and not reason:
        raise Blocked(_("Alasan wajib diisi untuk “%(move)s”.") % {"move": Decision(decision).label})
    if len(reason) > longest or "\x00" in reason:
        raise Blocked(_("Alasan paling panjang %(n)s huruf, tanpa tanda yang tak tercetak.") % {"n": longest})
    source = None
    if decision == Decision.REDIRECTED:
        source = _source(redirect_to)
        if source is None:
            raise Blocked(_("Pilih sumber dana tujuan pengalihan."))
    return {"decision": decision, "reason": reason, "redirect_to": source}


def _source(wanted: FundingSource | str | None) -> FundingSource | None:
    if isinstance(wanted, FundingSource) or not wanted:
        return wanted or None
    return FundingSource.objects.filter(key=wanted, is_active=True).first()


def _line_answer(line: CostLine, wanted: dict[str, Any]) -> LineVerdict:
    """The checked answer to a line, not stored yet."""
    decision = wanted.get("decision") or ""
    checked = _answer(decision, wanted.get("reason") or "", wanted.get("redirect_to"), longest=REASON_LENGTH // 2)
    amount = 0
    if decision == Decision.AGREED:
        amount = line.amount_rupiah
    elif decision == Decision.AMENDED:
        amount = wanted.get("agreed_rupiah")
        if amount is None:
            raise Blocked(_("Isi jumlah yang disepakati untuk rincian ini."))
        if not 0 <= amount <= LARGEST_RUPIAH:
            raise Blocked(_("Jumlah yang disepakati tidak masuk akal."))
    if decision == Decision.REDIRECTED and checked["redirect_to"].pk == line.source_id:
        raise Blocked(_("Rincian ini memang sudah dari sumber dana itu. Pilih sumber yang lain."))
    return LineVerdict(line=line, agreed_rupiah=amount, **checked)


def _follow_line(verdict: Verdict, answer: LineVerdict, current: LineVerdict | None, *, others: int) -> None:
    """What an answer to one line makes of the answer to the proposal."""
    if answer.decision != Decision.AGREED:
        if verdict.decision != Decision.AMENDED:
            verdict.decision, verdict.reason = Decision.AMENDED, answer.reason
        elif current and not others and verdict.reason == current.reason:
            verdict.reason = answer.reason
    elif not others and current and verdict.reason == current.reason:
        verdict.decision, verdict.reason = Decision.AGREED, ""


def _agreed(decision: str, lines: dict[int, CostLine], answers: dict[int, LineVerdict]) -> int:
    """Budget money by these answers."""
    if decision not in rules.AGREED:
        return 0
    return sum(
        answers[pk].agreed_rupiah if pk in answers else line.amount_rupiah
        for pk, line in lines.items()
        if line.source and line.source.in_budget
    )


def _save(verdict: Verdict, by: Any) -> None:
    if verdict.agreed_rupiah > LARGEST_RUPIAH:
        raise Blocked(_("Jumlah yang disepakati tidak masuk akal."))
    verdict.version += 1
    verdict.by = by
    verdict.save()


def _save_line(verdict: Verdict, answer: LineVerdict, current: LineVerdict | None, by: Any) -> LineVerdict | None:
    """Store the answer to a line. Its version is that of the whole, which never begins anew."""
    if answer.decision == Decision.AGREED:
        if current:
            current.delete()
        return None
    answer.pk = current.pk if current else None
    answer.version, answer.verdict, answer.by = verdict.version, verdict, by
    answer.save()
    return answer


def _remember(row: Proposal, verdict: Verdict, before: dict[str, Any], *, by: Any, stage: str, note: str = "") -> None:
    _revise(
        row, verdict.version, verdict_content(verdict, _line_answers(verdict).values()), before,
        by=by, stage=stage, note=note,
    )  # fmt: skip


def _revise(row: Proposal, version: int, content: dict, before: dict, *, by: Any, stage: str, note: str = "") -> None:
    """Keep the answer for good, and tell the journal what became of what."""
    VerdictRevision.objects.create(proposal=row, version=version, stage=stage, content=content, note=note, by=by)
    Proposal.objects.filter(pk=row.pk).update(change=F("change") + 1)
    verbs = {
        Stage.DESK: gettext_noop("Memutuskan di desk"),
        Stage.PLENARY: gettext_noop("Mengubah putusan di pleno"),
        Stage.ADDENDUM: gettext_noop("Mengubah putusan dengan adendum"),
    }
    shown = (
        (gettext_noop("putusan"), "decision", lambda key: PROPOSAL.status(key).label if key else "–"),
        (gettext_noop("pagu disepakati"), "agreed_rupiah", rupiah),
        (gettext_noop("alasan"), "reason", str),
    )
    changes = {
        label: [show(before[key]), show(content[key])] for label, key, show in shown if before[key] != content[key]
    }
    record(verbs[Stage(stage)], row, by=by, note=note, changes=changes)


def _enforce(
    decided: dict[Proposal, Verdict], given: dict[int, list[Given]], *, by: Any, note: str | None = None
) -> None:
    """Money per source and the statuses of locked rows, by the answers that now stand; as many statements for one row.

    `given` as agreed_by_source tells it; `note` goes to the journal, the answers' own reasons when it is None.
    Errors: Blocked for an agreement that gives nothing: it would count as agreed.
    """
    for row, verdict in decided.items():
        if verdict.decision == Decision.AMENDED and not verdict.agreed_rupiah and row.budget_rupiah:
            raise Blocked(
                _("Usulan “%(title)s” disepakati dengan perbaikan, tetapi tidak ada rincian yang disepakati.")
                % {"title": row}
            )
    money = [
        Funding(proposal_id=pk, source_id=each.source_id, share_rupiah=0, agreed_rupiah=each.agreed_rupiah)
        for pk, own in given.items()
        for each in own
    ]
    Funding.objects.filter(proposal__in=decided).update(agreed_rupiah=0)  # of sources that have no line any more
    Funding.objects.bulk_create(
        money, update_conflicts=True, unique_fields=["proposal", "source"], update_fields=["agreed_rupiah"]
    )
    steps = [
        Step(
            row, VERDICT_MOVES[verdict.decision], verdict.reason if note is None else note,
            {"agreed_rupiah": verdict.agreed_rupiah, "change": row.change + 1},
        )
        for row, verdict in decided.items()
    ]  # fmt: skip
    make_moves(PROPOSAL, steps, by=by)
