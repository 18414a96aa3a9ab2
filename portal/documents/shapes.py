"""The facts each published template understands, and the check that says in a sentence what is missing.

`templates/pdf/<kind>/v<version>/sample.json` is a full example of each shape. Texts are plain and get escaped;
only fields of type `Html` may hold markup, made by `portal.kernel.markup.to_html`. Every date, time and amount is
already a formatted Indonesian text, so that a paper does not change when a formatting function does.
An empty text means "leave it out".
"""

from __future__ import annotations

from functools import cache
from typing import Any, NotRequired, TypedDict, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from portal.documents.shape_parts import Html, Letterhead, Signature
from portal.documents.shapes_agreements import Addendum, AgreementRecord, DeskRecord
from portal.documents.shapes_attendance import AttendanceSheet, Cards, Certificates
from portal.documents.shapes_contracts import ContractPaper
from portal.documents.shapes_letter_texts import CommitteeReport, Decree, SummedReport
from portal.documents.shapes_letters import InvitationLetter
from portal.documents.shapes_programs import Kak, ProposalBundle, Rab
from portal.documents.shapes_reports import PaymentList, WorkerReport
from portal.documents.shapes_stamps import Stamps
from portal.kernel.errors import PortalError

__all__ = [
    "Addendum", "Agenda", "AgendaDay", "AgendaRow", "AgreementRecord", "ContractPaper", "DeskRecord", "FactsError",
    "FollowUp", "Html", "Kak", "Letterhead", "Minutes", "MinutesPart", "ProposalBundle", "Rab", "Signature", "Turn",
    "check_shape",
]  # fmt: skip

MAX_TEXT = 200_000
"""Characters of one text in a paper."""


class FactsError(PortalError):
    """The facts do not fit the template; the sentence names the place."""


class AgendaRow(TypedDict):
    """One session. `is_break` rows (registration, rest, meal, prayer) are tinted."""

    time: str  # "09.00–09.45"
    title: str
    details: list[str]  # lines under the title: "Sambutan Gubernur …, dibacakan oleh Bupati Belu"
    speakers: list[str]  # Narasumber/Penanggung jawab
    moderator: str
    minute_taker: str
    room: str
    note: str
    is_break: bool


class AgendaDay(TypedDict):
    """One day: `name` "Hari pertama", `date` "Rabu, 24 April 2019"."""

    name: str
    date: str
    rows: list[AgendaRow]


class Agenda(TypedDict):
    """Susunan acara (domain §2.2 C)."""

    title: str  # metadata and lists: "Susunan Acara Rapat Koordinasi …"
    short_title: str  # foot of every page: "Susunan Acara – Rakor Atambua 2019"
    letterhead: Letterhead
    meeting: str  # full name of the edition
    dates: str  # "24–26 April 2019"
    place: str
    zone: str  # "WITA"
    status: str  # "Final", "Rancangan"
    days: list[AgendaDay]
    notes: list[str]  # printed under the table
    signatures: list[Signature]  # left to right; the last stands at the right


class Turn(TypedDict):
    """One contribution to the discussion, or one problem, with the answer it got."""

    speaker: str
    institution: str
    text: Html
    response: Html
    responder: str


class FollowUp(TypedDict):
    """One row of the table tindak lanjut: what, who, until when."""

    text: Html
    owner: str
    due: str


class MinutesPart(TypedDict):
    """The minutes of one session; a notula holds one or several."""

    title: str  # printed as heading when there are several parts
    meeting: str  # Sidang/Rapat
    day: str  # Hari/Tanggal
    invitation: str  # Surat Undangan: number and date
    called_at: str  # Waktu panggilan: "08.00 WITA"
    held_at: str  # Waktu rapat: "09.00–10.00 WITA"
    place: str
    agenda: list[str]  # Acara
    chair: str
    secretary: str
    recorder: str
    participants: list[str]
    opening: Html  # 1. Kata pembukaan
    discussion: list[Turn]  # 2. Pembahasan
    problems: list[Turn]  # Permasalahan
    conclusions: list[Html]  # 3. Peraturan/kesimpulan (keputusan)
    follow_ups: list[FollowUp]  # Tindak lanjut
    closing: Html
    signatures: list[Signature]  # Pencatat left, Pimpinan right: each session has its own


class Minutes(TypedDict):
    """Notula (domain §2.2 D)."""

    title: str
    short_title: str
    letterhead: Letterhead
    meeting: str
    dates: str
    status: str  # "Final", "Konsep"
    version: str  # "Versi 2" or ""
    parts: list[MinutesPart]
    attachments: list[str]  # "Daftar hadir"


SHAPES: dict[tuple[str, int], type] = {
    ("agenda", 1): Agenda,
    ("agenda", 2): Agenda,
    ("notula", 1): Minutes,
    ("notula", 2): Minutes,
    ("kak", 1): Kak,
    ("kak", 2): Kak,
    ("rab", 1): Rab,
    ("rab", 2): Rab,
    ("usulan_bundel", 1): ProposalBundle,
    ("usulan_bundel", 2): ProposalBundle,
    ("ba_desk", 1): DeskRecord,
    ("ba_desk", 2): DeskRecord,
    ("ba_desk", 3): DeskRecord,
    ("ba_kesepakatan", 1): AgreementRecord,
    ("ba_kesepakatan", 2): AgreementRecord,
    ("ba_adendum", 1): Addendum,
    ("ba_adendum", 2): Addendum,
    ("tera", 1): Stamps,
    ("kontrak_tpl", 1): ContractPaper,
    ("kontrak_tpl", 2): ContractPaper,
    ("nota_kesepahaman", 1): ContractPaper,
    ("nota_kesepahaman", 2): ContractPaper,
    ("laporan_tpl", 1): WorkerReport,
    ("laporan_tpl", 2): WorkerReport,
    ("daftar_pembayaran", 1): PaymentList,
    ("daftar_pembayaran", 2): PaymentList,
    ("sk_panitia", 1): Decree,
    ("sk_panitia", 2): Decree,
    ("laporan_panitia", 1): CommitteeReport,
    ("laporan_panitia", 2): SummedReport,
    ("undangan", 1): InvitationLetter,
    ("undangan", 2): InvitationLetter,
    ("daftar_hadir", 1): AttendanceSheet,
    ("daftar_hadir", 2): AttendanceSheet,
    ("kartu_peserta", 1): Cards,
    ("kartu_peserta", 2): Cards,
    ("sertifikat", 1): Certificates,
    ("sertifikat", 2): Certificates,
}


def check_shape(kind: str, version: int, facts: Any) -> None:
    """Return when the facts are what the template of that kind and version expects.

    Errors: FactsError naming the first place that does not fit.
    """
    shape = SHAPES.get((kind, version))
    if shape is not None:
        _check(shape, facts, "")
    elif not isinstance(facts, dict):
        raise _misfit("", _("kelompok data"))


def _check(shape: Any, value: Any, place: str) -> None:
    if get_origin(shape) is list:
        if not isinstance(value, list):
            raise _misfit(place, _("daftar"))
        for number, item in enumerate(value):
            _check(get_args(shape)[0], item, f"{place}[{number}]")
    elif isinstance(shape, type) and issubclass(shape, dict):
        _check_fields(shape, value, place)
    elif shape is bool:
        if not isinstance(value, bool):
            raise _misfit(place, _("ya atau tidak"))
    elif not isinstance(value, str):
        raise _misfit(place, _("teks"))
    elif len(value) > MAX_TEXT:
        raise FactsError(
            _("Teks pada «%(place)s» terlalu panjang (%(length)s huruf); batasnya %(limit)s huruf.")
            % {"place": place, "length": len(value), "limit": MAX_TEXT}
        )


def _check_fields(shape: type, value: Any, place: str) -> None:
    if not isinstance(value, dict):
        raise _misfit(place, _("kelompok data"))
    fields = _fields(shape)
    for name in sorted(fields.keys() | value.keys()):
        inner = f"{place}.{name}" if place else name
        if name not in value:
            if name in _optional(shape):
                continue
            raise FactsError(_("Isi dokumen tidak lengkap: «%(place)s» belum ada.") % {"place": inner})
        if name not in fields:
            raise FactsError(_("Isi dokumen memuat «%(place)s», yang tidak dikenal templat ini.") % {"place": inner})
        _check(fields[name], value[name], inner)


@cache
def _fields(shape: type) -> dict[str, Any]:
    return get_type_hints(shape)


@cache
def _optional(shape: type) -> frozenset[str]:
    """Fields that may be missing; `__optional_keys__` is empty where annotations are texts."""
    hints = get_type_hints(shape, include_extras=True)
    return frozenset(name for name, hint in hints.items() if get_origin(hint) is NotRequired)


def _misfit(place: str, wanted: str) -> FactsError:
    return FactsError(
        _("Isi dokumen tidak sesuai: «%(place)s» harus berupa %(wanted)s.")
        % {"place": place or _("seluruh isi"), "wanted": wanted}
    )
