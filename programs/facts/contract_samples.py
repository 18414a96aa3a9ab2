"""Invented people and offices with which a wording is shown before anybody uses it."""

from __future__ import annotations

from portal.documents.shape_parts import Letterhead
from programs.facts.contract_paper import Signatory
from programs.facts.contract_variables import MOU, sample_values

_PROVINCE: Letterhead = {
    "lines": ["Pemerintah Provinsi Nusa Tenggara Timur"],
    "office": "Dinas Perindustrian dan Perdagangan",
    "address": [],
}
_REGENCY: Letterhead = {
    "lines": ["Pemerintah Kabupaten Belu"],
    "office": "Dinas Perdagangan dan Perindustrian",
    "address": [],
}


def sample_letterheads(kind: str) -> list[Letterhead]:
    """The heads of a sample paper: of a memorandum both offices."""
    return [_PROVINCE, _REGENCY] if kind == MOU else [_REGENCY]


def sample_signatories(kind: str) -> list[Signatory]:
    """Who signs a sample paper: two parties and their witnesses."""
    return _memorandum() if kind == MOU else _employment()


def _text(kind: str, name: str) -> str:
    return str(sample_values(kind)[name])


def _head(kind: str, prefix: str, seat: tuple[str, int], label: str, nip: str) -> Signatory:
    name, office = _text(kind, f"{prefix}_nama"), _text(kind, f"{prefix}_jabatan")
    return Signatory(
        seat=seat, label=label, name=name, office=office, rank="Pembina Utama Muda", nip=nip,
        rows=[("Nama", name), ("NIP", nip), ("Jabatan", office)], acts_for=_text(kind, f"{prefix}_bertindak"),
    )  # fmt: skip


def _witness(order: int, name: str, office: str, *, rank: str = "", nip: str = "", witnesses: str) -> Signatory:
    return Signatory(
        seat=("saksi", order), label="Saksi", name=name, office=office, rank=rank, nip=nip, rows=[], acts_for="",
        witnesses=f"menyaksikan tanda tangan {witnesses}",
    )  # fmt: skip


def _employment() -> list[Signatory]:
    kind = "kontrak_tpl"
    name = _text(kind, "penyuluh_nama")
    worker = Signatory(
        seat=("pihak", 2), label="PIHAK KEDUA", name=name, office="Tenaga Penyuluh Lapangan IKM",
        rows=[
            ("Nama", name), ("NIK", _text(kind, "penyuluh_nik")),
            ("Tempat, tanggal lahir", _text(kind, "penyuluh_lahir")),
            ("Pendidikan", _text(kind, "penyuluh_pendidikan")), ("Alamat", _text(kind, "penyuluh_alamat")),
        ],
        acts_for="untuk dan atas nama diri sendiri",
    )  # fmt: skip
    head = _head(kind, "pihak_kesatu", ("pihak", 1), "PIHAK KESATU", "19680101 199403 1 003")
    return [
        head, worker,
        _witness(1, "Nama Bupati Contoh", "Bupati Belu", witnesses=head.label),
        _witness(
            2, "Nama Plt. Kepala Dinas Contoh, S.Sos., M.Si.",
            "Plt. Kepala Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur",
            rank="Pembina Utama Muda", nip="19650101 199003 1 001", witnesses=head.label,
        ),
    ]  # fmt: skip


def _memorandum() -> list[Signatory]:
    first = _head(MOU, "pihak_kesatu", ("pihak", 1), "PIHAK KESATU", "19650101 199003 1 001")
    second = _head(MOU, "pihak_kedua", ("pihak", 2), "PIHAK KEDUA", "19680101 199403 1 003")
    governor = _witness(1, "Nama Gubernur Contoh", "Gubernur Nusa Tenggara Timur", witnesses=first.label)
    return [first, second, governor]
