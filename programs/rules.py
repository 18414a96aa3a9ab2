"""Who may do what with proposals. A refusal is a sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.decision import Decision, allow_if, deny
from regencies.rules import PROVINCIAL, REGIONAL, Role, has_role, office_holders, regency_ids, roles

WRITABLE = ("konsep", "dikembalikan")
"""Statuses in which the regency changes a proposal."""

AGREED = ("disepakati", "perbaikan")
"""The verdicts whose money counts as agreed (domain §8.3)."""

NOT_AGREED = ("ditunda", "tidak_disepakati", "dialihkan")

DECIDED = (*AGREED, *NOT_AGREED)
"""Statuses that a desk, the plenary or an addendum gave: the five verdicts."""

SENT = ("diajukan", "dikembalikan", "lolos", "siap_desk", "ditarik", *DECIDED)
"""Statuses in which the province has seen the proposal. A returned one is shown to it as it was last sent."""

BEFORE_SENDING = ("konsep", "menunggu_kadis")
"""Statuses that are the regency's own business. What was sent before and has them again is returned to the province."""

RETURNED = "dikembalikan"

AT_DESK = ("siap_desk", *DECIDED)
"""Statuses of what a desk has before it or has decided: the regency can neither change nor withdraw it."""

IN_PROCESS = ("diajukan", "lolos", *AT_DESK)
"""Statuses whose live figures count in the province's comparison."""


def reads_internal(user: Any) -> bool:
    """Whether the user reads the provincial office's internal notes: its own staff, not observers."""
    return bool(roles(user) & PROVINCIAL)


def readers(user: Any) -> Decision:
    """Setiap pemegang jabatan yang sedang berlaku."""
    return office_holders(user)


def province_readers(user: Any) -> Decision:
    """Dinas provinsi dan pengamat.

    They follow every regency: what each of them sent, every desk, the whole agreement.
    """
    return has_role(user, *sorted(PROVINCIAL), Role.PENGAMAT)


def writers(user: Any) -> Decision:
    """Operator kabupaten/kota."""
    return has_role(user, Role.OPERATOR_KAB)


def heads(user: Any) -> Decision:
    """Kepala Dinas Kabupaten/Kota."""
    return has_role(user, Role.KADIS_KAB)


def verifiers(user: Any) -> Decision:
    """Verifikator dan Kepala Bidang Provinsi."""
    return has_role(user, Role.VERIFIKATOR, Role.KABID_PROV)


def commentators(user: Any) -> Decision:
    """Verifikator, Kepala Bidang, operator dan Kepala Dinas Kabupaten/Kota."""
    return has_role(user, Role.VERIFIKATOR, Role.KABID_PROV, *sorted(REGIONAL))


def movers(user: Any) -> Decision:
    """Operator dan Kepala Dinas Kabupaten/Kota, Verifikator, Kepala Bidang dan Panitia Provinsi."""
    return has_role(user, *sorted(REGIONAL), Role.VERIFIKATOR, Role.KABID_PROV, Role.PANITIA)


def round_keepers(user: Any) -> Decision:
    """Panitia dan Kepala Bidang Provinsi."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV)


def desk_preparers(user: Any) -> Decision:
    """Panitia, Kepala Bidang Provinsi dan Verifikator."""
    return has_role(user, Role.PANITIA, Role.KABID_PROV, Role.VERIFIKATOR)


def division_heads(user: Any) -> Decision:
    """Kepala Bidang Provinsi."""
    return has_role(user, Role.KABID_PROV)


def _own(user: Any, regency_id: int, role: str) -> Decision:
    return allow_if(regency_id in regency_ids(user, role), _("Usulan ini milik kabupaten/kota lain."))


def may_create(user: Any, regency_id: int) -> Decision:
    """Begin a proposal of that regency: its own operators."""
    return writers(user) & _own(user, regency_id, Role.OPERATOR_KAB)


def may_write(user: Any, proposal: Any) -> Decision:
    """Change a proposal: the regency's operators, while it is a draft or was returned."""
    own = writers(user) & _own(user, proposal.regency_id, Role.OPERATOR_KAB)
    if own and proposal.deleted_at is not None:
        return deny(_("Usulan ini sudah dibuang. Kembalikan dahulu bila masih diperlukan."))
    if own and proposal.status not in WRITABLE:
        return deny(
            _("Usulan ini berstatus “%(status)s”, jadi tidak dapat diubah. Isian yang belum terkirim tidak hilang.")
            % {"status": _(proposal.state.label)}
        )
    return own


def may_head(user: Any, regency_id: int) -> Decision:
    """Act as head of that regency's office."""
    return heads(user) & _own(user, regency_id, Role.KADIS_KAB)


def may_move(user: Any, proposal: Any, move: str) -> Decision:
    """Operators submit and recall, the head declines, sends and withdraws; the province verifies and readies.

    Whoever wrote anything in it does not send it (domain §7: approver ≠ author).
    """
    if move in ("submit", "recall"):
        return writers(user) & _own(user, proposal.regency_id, Role.OPERATOR_KAB)
    if move == "decline":
        return may_head(user, proposal.regency_id)
    if move == "withdraw":
        return may_head(user, proposal.regency_id) & allow_if(
            proposal.sent_at is not None, _("Usulan ini belum pernah dikirim; operator dapat membuangnya.")
        )
    if move == "send":
        head = may_head(user, proposal.regency_id)
        return head & allow_if(
            not head or user.pk not in proposal.author_ids,
            _("Anda ikut menulis usulan ini, jadi persetujuannya dilakukan oleh pejabat lain."),
        )
    if move in ("return", "pass", "reopen"):
        return may_verify(user, proposal)
    if move in ("ready", "unready"):
        return desk_preparers(user)
    return deny(_("Keputusan usulan hanya diambil di desk, pleno, atau adendum."))


def may_verify(user: Any, proposal: Any) -> Decision:
    """Score, return or pass: the division head, and the verifier who has it or nobody's verifier. Needs `verifier`."""
    held = not proposal.verifier_id or proposal.verifier_id == getattr(user, "pk", None)
    return verifiers(user) & allow_if(
        held or Role.KABID_PROV in roles(user),
        _("Usulan ini sedang diperiksa oleh %(name)s.") % {"name": proposal.verifier or "–"},
    )


def may_comment(user: Any, proposal: Any) -> Decision:
    """Write to the other side: verifiers, and the proposal's own regency."""
    own = proposal.regency_id in regency_ids(user)
    return commentators(user) & allow_if(own or bool(verifiers(user)), _("Usulan ini milik kabupaten/kota lain."))


def may_decide(user: Any, proposal: Any) -> Decision:
    """Give a pending verdict at the desk: verifiers and the division head, while the proposal is ready for its desk."""
    return verifiers(user) & allow_if(
        proposal.status == "siap_desk",
        _("Usulan ini berstatus “%(status)s”; putusan hanya diberikan atas usulan yang siap desk.")
        % {"status": _(proposal.state.label)},
    )


def may_change_decided(user: Any, proposal: Any) -> Decision:
    """Change a verdict that is in force, in the plenary or by addendum: division head and head of office."""
    return has_role(user, Role.KABID_PROV, Role.KADIS_PROV) & allow_if(
        proposal.status in DECIDED, _("Usulan ini belum diputuskan di desk.")
    )


def may_read_attachment(user: Any, attachment: Any) -> Decision:
    """The files of a proposal go with the proposal: whoever sees it reads them."""
    proposal = attachment.proposal
    seen = proposal.regency_id in regency_ids(user) or (province_readers(user) and proposal.sent_at is not None)
    return allow_if(seen, _("Berkas ini milik usulan kabupaten/kota lain."))


def may_report(user: Any, proposal: Any) -> Decision:
    """Report the realisation of an agreed program: the regency's operators."""
    own = writers(user) & _own(user, proposal.regency_id, Role.OPERATOR_KAB)
    return own & allow_if(proposal.status in AGREED, _("Realisasi hanya dilaporkan untuk program yang disepakati."))
