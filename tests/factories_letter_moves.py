"""The Sekda of the province for tests, and a letter moved as far as it should be by the people who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.cast import Cast
from tests.factories import make_meeting, make_position, make_programme, make_user
from tests.factories_letters import make_invitation


def make_province_head(title: str = "Sekretaris Daerah", username: str = "sekda", **values: Any) -> Any:
    """The position of somebody who signs for the Governor, or of the Governor himself."""
    from regencies.models import Agency, Province

    office, _new = Agency.objects.get_or_create(
        name="Pemerintah Provinsi Nusa Tenggara Timur", level="provinsi", province=Province.objects.get(code="53")
    )
    return make_position(make_user(username), "pimpinan", office, title=title, **values)


def moved_letter(
    cast: Cast, status: str = "konsep", *, group: str = "kadis_kab", meeting: Any = None, **values: Any
) -> Any:
    """A letter that panitia wrote, moved on by the people who may: kabid, kadis, panitia. Its recipients are there."""
    from rakor.actions.letters import draft_letter, move_letter
    from rakor.queries.letters import usual_content
    from rakor.queries.signers import usual_signer

    meeting = meeting or make_programme(make_meeting(status="terjadwal"))
    if not meeting.invitations.filter(group=group).exists():
        for code in ("53.04", "53.08"):
            make_invitation(meeting, code, group)
            if group == "instansi":
                break
    signer = usual_signer(group, dt.date.today()) or make_province_head()
    values = {
        "group": group, "subject": f"Undangan {meeting.title}", "content": usual_content(meeting, group).stored(),
        "signer": signer, **values,
    }  # fmt: skip
    letter = draft_letter(meeting, "undangan", values, by=cast.panitia)
    steps = [("initial", cast.kabid, "diparaf"), ("approve", cast.kadis_prov, "disetujui"),
             ("send", cast.panitia, "terkirim")]  # fmt: skip
    for move, who, reached in steps:
        if letter.status == status:
            break
        letter = move_letter(letter, move, by=who)
        assert letter.status == reached
    return letter
