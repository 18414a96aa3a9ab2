"""What a contract still lacks before it may be initialled and approved, and what deserves a second look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.dates import short_date
from programs.facts.contract_periods import last_day
from programs.facts.contract_variables import label_of
from programs.models import Contract, ContractKind, Signer
from programs.queries.contract_papers import contract_preview
from programs.queries.contracts_new import newest_numbers
from programs.queries.contracts_signers import PARTY, stored_signers, with_signers

SAID_ABOVE = {
    "tempat", "tanggal_mulai", "tanggal_berakhir", "jangka_waktu", "honorarium", "wilayah_kerja", "bidang_mandat",
    "jumlah_bidang", "nomor",
}  # fmt: skip
"""Variables whose entries are looked at here by themselves; of parties only that there are two."""

PARTIES = ((1, "pihak_kesatu"), (2, "pihak_kedua"))
TPL_MONTHS = 12
"""A contract of a field extension worker runs one year (domain §2.2 G)."""


@dataclass(frozen=True)
class Remark:
    """One sentence about a contract; `blocks` when it must be mended before approval."""

    sentence: str
    blocks: bool = True


def remarks(contract: Contract) -> list[Remark]:
    """Everything to be said about a contract that is not signed yet, what blocks first."""
    return remarks_of([contract])[contract.pk]


def remarks_of(contracts: Sequence[Contract]) -> dict[int, list[Remark]]:
    """`remarks` of several contracts, by their keys; after `loaded` in two statements for all."""
    newest, others = newest_numbers(contracts), _others_of_workers(contracts)
    return {contract.pk: _remarks(contract, newest, others) for contract in contracts}


def loaded(contracts: QuerySet[Contract]) -> list[Contract]:
    """The contracts with all that their checks, their papers and their moves ask of them, in a fixed number of
    statements."""
    rows = contracts.select_related(
        "template__template", "register", "number", "worker__regency", "regency__province", "checked_by"
    )
    return list(rows.prefetch_related("authors", "mandate_fields", with_signers()))


def _remarks(contract: Contract, newest: dict[int, int], others: dict[int, list[Contract]]) -> list[Remark]:
    signers = stored_signers(contract)
    found = [
        *_parts(contract, newest.get(contract.template.template_id, 0)),
        *(_worker(contract, others) if contract.kind == ContractKind.TPL else _mandate(contract)),
        *_signers(contract, signers),
        *_text(contract, signers),
    ]
    return sorted(found, key=lambda remark: not remark.blocks)


def _others_of_workers(contracts: Iterable[Contract]) -> dict[int, list[Contract]]:
    """Contracts of the same workers that were initialled or more and stand, by worker."""
    workers = {contract.worker_id for contract in contracts if contract.worker_id}
    found: dict[int, list[Contract]] = {}
    if workers:
        rows = Contract.objects.filter(worker__in=workers).exclude(status__in=["dibatalkan", "konsep", "diputus"])
        for row in rows.only("title", "worker", "starts_on", "ends_on"):
            found.setdefault(row.worker_id, []).append(row)
    return found


def overlapping(contract: Contract, others: Iterable[Contract]) -> Remark | None:
    """What is said when the contract's period meets that of another contract of its worker; None when it does not."""
    if not (contract.worker_id and contract.starts_on and contract.ends_on):
        return None
    for other in others:
        same = other.worker_id == contract.worker_id and other.pk != contract.pk
        dated = same and other.starts_on and other.ends_on
        if dated and other.starts_on <= contract.ends_on and other.ends_on >= contract.starts_on:
            return Remark(_("Masanya bertumpang tindih dengan “%(title)s”.") % {"title": other})
    return None


def blockers(contract: Contract) -> list[Remark]:
    """Only what must be mended."""
    return [remark for remark in remarks(contract) if remark.blocks]


def _parts(contract: Contract, newest: int) -> Iterable[Remark]:
    if not contract.register.active:
        yield Remark(_("Register “%(name)s” tidak dipakai lagi, jadi nomornya tidak dapat diambil.")
                     % {"name": contract.register})  # fmt: skip
    if not contract.place:
        yield Remark(_("Tempat penandatanganan belum diisi."))
    if contract.signing_on is None:
        yield Remark(_("Tanggal penandatanganan belum diisi; di naskah menjadi titik-titik."), blocks=False)
    elif contract.signing_on < timezone.localdate():
        sentence = _("Tanggal penandatanganan %(day)s sudah lewat.") % {"day": short_date(contract.signing_on)}
        yield Remark(sentence, blocks=False)
    if newest > contract.template.number:
        sentence = _("Templatnya sudah mempunyai versi %(n)s yang lebih baru.") % {"n": newest}
        yield Remark(sentence, blocks=False)


def _worker(contract: Contract, others: dict[int, list[Contract]]) -> Iterable[Remark]:
    worker = contract.worker
    if contract.contract_year > settings.TPL_MAX_YEARS:
        yield Remark(_("Kontrak TPL paling banyak %(n)s tahun.") % {"n": settings.TPL_MAX_YEARS})
    if worker.status == "lulus":
        yield Remark(_("%(name)s belum ditempatkan.") % {"name": worker})
    elif worker.status == "diputus":
        yield Remark(_("Kontrak %(name)s pernah diputus; tempatkan kembali dahulu.") % {"name": worker})
    elif worker.regency_id != contract.regency_id:
        yield Remark(_("%(name)s ditempatkan di wilayah lain, yaitu %(place)s.")
                     % {"name": worker, "place": worker.regency})  # fmt: skip
    if contract.starts_on is None or contract.ends_on is None:
        yield Remark(_("Masa kontrak belum lengkap: isi tanggal mulai dan tanggal berakhir."))
    else:
        yield from _period(contract, others.get(contract.worker_id, ()))
    if not contract.honorarium_rupiah:
        yield Remark(_("Honorarium sebulan belum diisi."))
    if not contract.placement:
        yield Remark(_("Wilayah kerja belum diisi."))


def _period(contract: Contract, others: Iterable[Contract]) -> Iterable[Remark]:
    if contract.ends_on > last_day(contract.starts_on, TPL_MONTHS):
        yield Remark(_("Masa kontraknya lebih dari satu tahun."), blocks=False)
    if remark := overlapping(contract, others):
        yield remark


def _mandate(contract: Contract) -> Iterable[Remark]:
    if not contract.duration_months:
        yield Remark(_("Jangka waktu belum diisi."))
    if not contract.mandate_fields.exists():
        yield Remark(_("Bidang mandat belum dipilih."))


def _signers(contract: Contract, signers: list[Signer]) -> Iterable[Remark]:
    if sum(signer.kind == PARTY for signer in signers) < 2:
        yield Remark(_("Naskah memerlukan sedikitnya dua pihak."))
    today = timezone.localdate()
    for signer in signers:
        if signer.worker_id:
            if signer.account_id is None and contract.route == Contract.Route.ELECTRONIC:
                yield Remark(_("%(name)s belum mempunyai akun, jadi tidak dapat menandatangani secara elektronik.")
                             % {"name": signer.name})  # fmt: skip
            continue
        yield from _held(contract, signer, today)


def _held(contract: Contract, signer: Signer, today: object) -> Iterable[Remark]:
    """Whether the position is held today, and on the day of signing."""
    position, ends_on = signer.position, signer.position.ends_on
    named = {"name": signer.name, "title": signer.title}
    if ends_on is not None and ends_on < today:
        yield Remark(_("Jabatan %(name)s sebagai %(title)s sudah berakhir pada %(day)s.")
                     % {**named, "day": short_date(ends_on)})  # fmt: skip
    elif ends_on is not None and contract.signing_on and ends_on < contract.signing_on:
        yield Remark(_("Jabatan %(name)s sebagai %(title)s berakhir pada %(day)s, sebelum penandatanganan.")
                     % {**named, "day": short_date(ends_on)}, blocks=False)  # fmt: skip
    elif position.starts_on > (contract.signing_on or today):
        yield Remark(_("Jabatan %(name)s sebagai %(title)s baru mulai pada %(day)s.")
                     % {**named, "day": short_date(position.starts_on)}, blocks=False)  # fmt: skip


def _text(contract: Contract, signers: Sequence[Signer]) -> Iterable[Remark]:
    """What the wording asks for and has no value, or cannot be printed; what an entry of the form lacks was said
    already."""
    paper = contract_preview(contract)
    absent = tuple(name for order, name in PARTIES if order not in {s.order for s in signers if s.kind == PARTY})
    told = [name for name in paper.missing if name not in SAID_ABOVE and not name.startswith(absent)]
    for name in told:
        label = _(label_of(contract.kind, name))
        yield Remark(_("Naskahnya memerlukan isian “%(label)s”.") % {"label": label})
    for name in paper.unknown:
        yield Remark(_("Naskahnya memuat “{%(name)s}”, yang bukan variabel.") % {"name": name})
