"""Invitations and letters for tests, as plain functions with believable defaults."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests import factories

DATED = dt.date(2019, 3, 13)

CONTENT: dict[str, Any] = {
    "opening": "Dalam rangka menyepakati program IKM tahun 2020, dengan ini kami mengundang Saudara untuk hadir pada:",
    "starts_on": "2019-04-24", "ends_on": "2019-04-26", "starts_at": "09:00", "until": "selesai",
    "venue": "Hotel Matahari, Atambua", "agenda": ["Evaluasi kegiatan 2019", "Penyusunan program 2020"],
    "dress": "Pakaian dinas harian", "notes": [], "confirm_by": "2019-04-12", "contact": "Sekretariat (0380) 000000",
    "closing": "Demikian disampaikan, atas perhatian Saudara diucapkan terima kasih.",
    "data_to_bring": ["Realisasi triwulan I"],
    "copies_to": ["Gubernur Nusa Tenggara Timur di Kupang (sebagai laporan)"],
    "attachments": ["daftar", "jadwal", "data"],
}  # fmt: skip


def make_invitation(meeting: Any, code: str = "53.04", group: str = "kadis_kab", **values: Any) -> Any:
    """The head of office of that regency is invited; other groups on demand."""
    from rakor.models import Invitation

    regency = factories.regency(code) if group != "instansi" else None
    addressee = f"Kepala Dinas Perindustrian {regency.name}" if regency else "Kepala Bappeda Provinsi"
    defaults = {"addressee": addressee, "place": regency.capital if regency else "Kupang", "regency": regency}
    return Invitation.objects.create(meeting=meeting, group=group, **defaults | values)


def make_letter(meeting: Any, author: Any, signer: Any, **values: Any) -> Any:
    """A draft to the heads of office, signed by that position."""
    from rakor.models import Letter
    from regencies.queries import register_for

    defaults = {
        "kind": "undangan", "group": "kadis_kab", "subject": "Undangan Rapat Koordinasi", "content": CONTENT,
        "register": register_for("surat-keluar"), "dated_on": DATED,
    }  # fmt: skip
    return Letter.objects.create(meeting=meeting, author=author, signer=signer, **defaults | values)


def make_copy(letter: Any, invitation: Any, *, by: Any) -> Any:
    """A numbered copy, its paper not ordered yet."""
    from rakor.models import LetterCopy
    from regencies.actions.registers import take_number

    copy = LetterCopy.objects.create(
        letter=letter, invitation=invitation, addressee=invitation.addressee, place=invitation.place
    )
    copy.number = take_number(letter.register, on=letter.dated_on or DATED, by=by, subject=copy)
    copy.save(update_fields=["number"])
    return copy
