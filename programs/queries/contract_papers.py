"""Contracts and memoranda as papers: kinds, who may read them, what they say, and where people sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.documents.actions import Order, order_documents
from portal.documents.kinds import DocumentKind
from portal.documents.models import Document
from portal.documents.shape_parts import Letterhead
from portal.documents.shapes_contracts import ContractPaper
from portal.kernel.dates import short_date, words_date
from portal.kernel.decision import Decision, allow_if
from portal.kernel.errors import Blocked
from portal.kernel.money import rupiah_in_words
from portal.kernel.terbilang import terbilang
from programs import contract_rules as rules
from programs.facts.contract_paper import (
    BOX_HEIGHT_MM,
    BOX_WIDTH_MM,
    Signatory,
    Wording,
    anchor_of,
    paper_facts,
    wording,
)
from programs.facts.contract_periods import days_after, months_after
from programs.facts.contract_samples import sample_letterheads, sample_signatories
from programs.facts.contract_text import in_sentence, own_variables, texts_of
from programs.facts.contract_variables import DOTS, MOU, TPL, label_of, own_key, own_label, sample_values
from programs.models import Contract, Signer, TemplateVersion
from programs.models.contracts import signs_as
from programs.queries.contracts_public import examine, public_panel
from programs.queries.contracts_signers import stored_signers
from regencies.facts import letterhead_facts, spaced_nip
from regencies.queries import lead_agency

if TYPE_CHECKING:
    from portal.signing.fields import Place

YEARS = {1: "pertama", 2: "kedua", 3: "ketiga", 4: "keempat", 5: "kelima"}
NO_DATE = f"hari ini {DOTS}, tanggal {DOTS}, bulan {DOTS}, tahun {DOTS}"
"""Without a planned day the paper leaves it to be written by hand."""


# -- who may read -----------------------------------------------------------------------------------------------------


def readable_memoranda(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """The papers of the contracts this user sees; a withdrawn one only within the provincial office."""
    seen = Contract.objects.visible_to(user)
    return _papers_of(seen, documents, withdrawn=bool(rules.province_internal(user)))


def readable_contracts(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """An employment contract names NIK, address and pay: the provincial office, the worker and who signs it."""
    seen, internal = Contract.objects.visible_to(user), bool(rules.province_internal(user))
    if not internal:
        pk = getattr(user, "pk", None) or 0
        signs = Exists(Signer.objects.filter(signs_as(pk), contract=OuterRef("pk")))
        seen = seen.filter(Q(worker__user=pk) | Q(signs))
    return _papers_of(seen, documents, withdrawn=internal)


def _papers_of(
    contracts: QuerySet[Contract], documents: QuerySet[Document], *, withdrawn: bool
) -> QuerySet[Document]:  # fmt: skip
    """The papers of these contracts: of each the one in force, or all of them with those that were `withdrawn`."""
    if not withdrawn:
        return documents.filter(pk__in=contracts.order_by().values("document"))
    keys = contracts.annotate(key=Cast("pk", CharField())).order_by().values("key")
    return documents.filter(subject_type="programs.contract", subject_id__in=keys)


def may_read_memorandum(user: Any, document: Document) -> Decision:
    """Whoever sees the memorandum."""
    seen = readable_memoranda(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Nota kesepahaman ini tidak menyangkut Anda atau belum disetujui."))


def may_read_contract(user: Any, document: Document) -> Decision:
    """The provincial office, the worker, and who signs it."""
    seen = readable_contracts(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(
        seen, _("Kontrak kerja memuat data pribadi: hanya untuk dinas provinsi, penyuluhnya, dan para penanda tangan.")
    )


def contract_summary(document: Document) -> list[tuple[str, str]]:
    """What anybody who holds the paper may check: number and offices of the parties; no name, no pay.

    Nothing of its wording either, which may hold any variable.
    """
    facts = document.facts
    places = [place for row in facts["signatures"] for place in row["places"]]
    return [
        (_("Nomor"), "; ".join(number for number in facts["numbers"] if number.strip(".")) or "–"),
        *((place["caption"], place["office"]) for place in sorted(places, key=lambda place: place["anchor"])),
        *([(_("Status"), _("Konsep: bukan dokumen resmi."))] if facts["status"] else []),
    ]


KINDS = (
    DocumentKind(
        key=TPL, version=2, title=gettext_lazy("Kontrak kerja TPL-IKM"), may_read=may_read_contract,
        readable=readable_contracts, public_summary=contract_summary, public_panel=public_panel, examine=examine,
    ),
    DocumentKind(
        key=MOU, version=2, title=gettext_lazy("Nota kesepahaman (MOU)"), may_read=may_read_memorandum,
        readable=readable_memoranda, public_summary=contract_summary, public_panel=public_panel, examine=examine,
    ),
)  # fmt: skip


# -- what a paper says ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """A paper as it would be now. `missing` and `unknown` name variables, both stand in <mark> in its texts."""

    kind: str
    facts: ContractPaper
    missing: list[str]
    unknown: list[str]

    @property
    def lacks(self) -> list[str]:
        """A sentence for each thing that keeps it from being printed."""
        return [
            *(_("%(name)s belum diisi.") % {"name": _(label_of(self.kind, name))} for name in self.missing),
            *(_("“{%(name)s}” bukan variabel yang dikenal.") % {"name": name} for name in self.unknown),
        ]


def contract_facts(contract: Contract) -> ContractPaper:
    """The facts of its paper as the contract stands now, marked KONSEP while it has no number."""
    return contract_preview(contract).facts


def contract_preview(contract: Contract) -> Preview:
    """The paper as the contract stands now, with what it still lacks. The number of statements is fixed."""
    return _built(contract, draft=contract.number_id is None)


def contract_paper(contract: Contract, *, by: Any) -> Document:
    """The ordered paper of a contract that has its number.

    Errors: Blocked naming what the wording asks for and the contract lacks.
    """
    return contract_papers([contract], by=by)[0]


def contract_papers(contracts: Sequence[Contract], *, by: Any) -> list[Document]:
    """`contract_paper` for several contracts, in their order: as many statements for all of a kind as for one.

    Errors: as contract_paper, before anything is ordered.
    """
    orders: dict[str, dict[int, Order]] = {}
    for contract in contracts:
        made = _built(contract, draft=False)
        if made.lacks:
            raise Blocked(_("Naskah belum lengkap: %(lacks)s") % {"lacks": " ".join(made.lacks)})
        orders.setdefault(contract.kind, {})[contract.pk] = Order(made.facts, contract, _public_title(contract))
    found: dict[int, Document] = {}
    for kind, each in orders.items():
        found |= dict(zip(each, order_documents(kind, list(each.values()), by=by), strict=True))
    return [found[contract.pk] for contract in contracts]


def _public_title(contract: Contract) -> str:
    """What lists and the public page of verification call it: without the name of an extension worker."""
    if contract.kind == MOU:
        return contract.title
    with override("id"):
        number = contract.number.text if contract.number_id else ""
        return f"{contract.get_kind_display()} {contract.regency.name} {number}".strip()


def sign_places(contract: Contract) -> list[Place]:
    """The places of all who sign, parties first: where the PDF gets its signature fields."""
    from portal.signing.fields import Place

    return [
        Place(
            name=anchor, anchor=anchor, width_mm=BOX_WIDTH_MM, height_mm=BOX_HEIGHT_MM,
            tooltip=f"Tanda tangan {signer.label}: {signer.name}",
        )
        for signer, anchor in ((signer, place_name(signer)) for signer in stored_signers(contract))
    ]  # fmt: skip


def place_name(signer: Signer) -> str:
    """The name of this signer's place, and of the signature field there: "ttd-saksi-1"."""
    return anchor_of(signer.kind, signer.order)


def preview(kind: str, content: dict[str, Any], *, title: str) -> Preview:
    """A wording with sample values, as the paper would print it.

    Shape: content as programs.facts.contract_text.PARTS.
    """
    values = sample_values(kind) | {
        name: f"[{own_label(name)}]" for name in own_variables(*texts_of(content))
    }  # fmt: skip
    said = wording(content, values)
    numbers = [str(values["nomor"]), *([str(values["nomor_pihak_lain"])] if kind == MOU else [])]
    facts = paper_facts(
        kind, said, title=title, letterheads=sample_letterheads(kind), numbers=numbers,
        signatories=sample_signatories(kind), draft=True, stamped=True,
    )  # fmt: skip
    return Preview(kind, facts, said.missing, said.unknown)


def preview_facts(version: TemplateVersion) -> ContractPaper:
    """The facts of a paper of this wording with sample values."""
    return preview(version.template.kind, version.content, title=str(version)).facts


def asked_for(version: TemplateVersion) -> list[tuple[str, str]]:
    """(key in `Contract.extra`, label) of each entry that this wording asks the contract's form for."""
    return [(own_key(name), own_label(name)) for name in own_variables(*texts_of(version.content))]


# -- from rows to facts -----------------------------------------------------------------------------------------------


def _built(contract: Contract, *, draft: bool) -> Preview:
    signers = stored_signers(contract)
    with override("id"):
        said = wording(contract.template.content, _values(contract, signers))
        facts = paper_facts(
            contract.kind, said, title=contract.title, letterheads=_letterheads(contract, signers),
            numbers=_numbers(contract), signatories=[_signatory(signer) for signer in signers], draft=draft,
            stamped=contract.route == Contract.Route.PAPER,
        )  # fmt: skip
    missing = [*said.missing, *_nobody(said, signers)]
    return Preview(contract.kind, facts, missing, said.unknown)


def _nobody(said: Wording, signers: Sequence[Signer]) -> list[str]:
    """The parties that a paper needs whatever its wording asks for."""
    there = {signer.order for signer in signers if signer.kind == Signer.Kind.PARTY}
    wanted = {1: "pihak_kesatu_nama", 2: "pihak_kedua_nama"}
    return [name for order, name in wanted.items() if order not in there and name not in said.missing]


def _numbers(contract: Contract) -> list[str]:
    own = contract.number.text if contract.number_id else ""
    return [own, contract.other_number] if contract.kind == MOU else [own]


def _letterheads(contract: Contract, signers: Sequence[Signer]) -> list[Letterhead]:
    """The office of the first party; of a memorandum the offices of both."""
    offices = [signer.position.agency for signer in signers if signer.kind == Signer.Kind.PARTY and signer.position_id]
    wanted = 2 if contract.kind == MOU else 1
    return [letterhead_facts(agency) for agency in (offices or [lead_agency()])[:wanted]]


def _signatory(signer: Signer) -> Signatory:
    witnessed = f"menyaksikan tanda tangan {signer.witnesses.label}" if signer.witnesses_id else ""
    if signer.worker_id:
        worker = signer.worker
        return Signatory(
            seat=(signer.kind, signer.order), label=signer.label, name=worker.name, office=signer.title,
            rows=[
                ("Nama", worker.name), ("NIK", worker.identity_number),
                ("Tempat, tanggal lahir", _born(worker)), ("Pendidikan", _schooling(worker)),
                ("Alamat", worker.address),
            ],
            acts_for=signer.acts_for or "untuk dan atas nama diri sendiri", witnesses=witnessed,
        )  # fmt: skip
    position = signer.position
    office = signer.title
    nip = spaced_nip(position.employee_number)
    return Signatory(
        seat=(signer.kind, signer.order), label=signer.label, name=signer.name, office=office, rank=position.rank,
        nip=nip, on_behalf=signer.on_behalf, witnesses=witnessed, acts_for=signer.acts_for,
        rows=[("Nama", signer.name), ("NIP", nip), ("Jabatan", office)],
    )  # fmt: skip


def _born(worker: Any) -> str:
    return ", ".join(filter(None, (worker.birth_place, short_date(worker.birth_on) if worker.birth_on else "")))


def _schooling(worker: Any) -> str:
    return ", ".join(filter(None, (worker.school, worker.programme)))


def _values(contract: Contract, signers: Sequence[Signer]) -> dict[str, str | list[str]]:
    """Every variable of the kind; "" for what the contract does not say yet."""
    regency, day = contract.regency, contract.signing_on
    parties = {signer.order: signer for signer in signers if signer.kind == Signer.Kind.PARTY}
    witnesses = [_signatory(signer) for signer in signers if signer.kind == Signer.Kind.WITNESS]
    values: dict[str, str | list[str]] = {
        "nomor": contract.number.text if contract.number_id else DOTS,
        "tempat": contract.place,
        "tanggal_penandatanganan": short_date(day) if day else DOTS,
        "tanggal_terbilang": words_date(day) if day else NO_DATE,
        "tahun": str(day.year) if day else DOTS,
        "provinsi": f"Provinsi {regency.province.name}",
        "kabupaten": regency.name,
        "ibu_kota": regency.capital,
        "saksi": [f"{each.name}, {each.office}" for each in witnesses],
        "saksi_jabatan": [each.office for each in witnesses],
        **_party_values("pihak_kesatu", parties.get(1)),
        **{f"isian_{key}": str(value) for key, value in (contract.extra or {}).items()},
    }
    return values | (_memorandum(contract, parties.get(2)) if contract.kind == MOU else _employment(contract))


def _party_values(prefix: str, signer: Signer | None) -> dict[str, str]:
    each = _signatory(signer) if signer else None
    agency = signer.position.agency.name if signer and signer.position_id else ""
    return {
        f"{prefix}_nama": each.name if each else "",
        f"{prefix}_jabatan": each.office if each else "",
        f"{prefix}_instansi": agency,
        f"{prefix}_bertindak": each.acts_for.removeprefix("bertindak ") if each else "",
    }


def _memorandum(contract: Contract, second: Signer | None) -> dict[str, str | list[str]]:
    fields = [in_sentence(field.name) for field in contract.mandate_fields.all()]
    return {
        **_party_values("pihak_kedua", second),
        "nomor_pihak_lain": contract.other_number or DOTS,
        "bidang_mandat": fields,
        "jumlah_bidang": _counted(len(fields), "") if fields else "",
        "jangka_waktu": _counted(contract.duration_months, " bulan") if contract.duration_months else "",
    }


def _employment(contract: Contract) -> dict[str, str | list[str]]:
    worker, year = contract.worker, contract.contract_year or 0
    return {
        "penyuluh_nama": worker.name,
        "penyuluh_nik": worker.identity_number,
        "penyuluh_lahir": _born(worker),
        "penyuluh_alamat": worker.address,
        "penyuluh_pendidikan": _schooling(worker),
        "angkatan": str(worker.cohort or ""),
        "jenis_penyuluh": str(worker.get_scheme_display()),
        "wilayah_kerja": contract.placement or worker.placement or contract.regency.name,
        "tahun_kontrak": YEARS.get(year, f"ke-{year}" if year else ""),
        "tanggal_mulai": short_date(contract.starts_on) if contract.starts_on else "",
        "tanggal_berakhir": short_date(contract.ends_on) if contract.ends_on else "",
        "jangka_waktu": _length(contract),
        "honorarium": _money(contract.honorarium_rupiah),
        "biaya_operasional": _money(contract.operational_rupiah),
    }


def _money(amount: int | None) -> str:
    return "" if amount is None else rupiah_in_words(amount)


def _counted(number: int, unit: str) -> str:
    return f"{number} ({terbilang(number)}){unit}"


def _length(contract: Contract) -> str:
    """From the first to the last day: in months where it is whole months, else in days."""
    first, last = contract.starts_on, contract.ends_on
    if first is None or last is None:
        return ""
    after = days_after(last, 1)
    months = (after.year - first.year) * 12 + after.month - first.month
    if months > 0 and months_after(first, months) == after:
        return _counted(months, " bulan")
    return _counted((after - first).days, " hari kalender")
