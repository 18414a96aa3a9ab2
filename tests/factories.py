"""Objects for tests, as plain functions: each makes one thing with believable defaults and takes what matters."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

WITA = ZoneInfo("Asia/Makassar")
OPENING = dt.date(2019, 4, 24)


def ensure_initial_data() -> None:
    """The province, its regencies and offices: the data migration's rows, put back after a test emptied all tables."""
    from django.apps import apps

    from programs.models import ContractTemplate, MandateField, SubActivity
    from regencies.models import Province, Register

    if not Province.objects.exists():
        import_module("regencies.migrations.0003_ntt").load(apps)
    if not Register.objects.exists():
        import_module("regencies.migrations.0006_ready_registers").load(apps)
    if not SubActivity.objects.exists():
        import_module("programs.migrations.0002_reference").load(apps)
    if not MandateField.objects.exists():
        import_module("programs.migrations.0007_signatures_stay").load(apps)
    if not ContractTemplate.objects.exists():
        import_module("programs.migrations.0010_ready_contract_templates").load(apps)


def at(hour: int, minute: int = 0, *, day: dt.date = OPENING) -> dt.datetime:
    """A moment in WITA on a day of the meeting."""
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=WITA)


def make_user(username: str, **values: Any) -> Any:
    """A person without position; the password is unusable unless given."""
    from portal.accounts.models import User

    values.setdefault("full_name", username.replace("_", " ").title())
    password = values.pop("password", None)
    user = User(username=username, **values)
    user.set_password(password)
    user.save()
    return user


def make_position(person: Any, role: str, agency: Any, **values: Any) -> Any:
    """That person's position, definitive and in force since 2015 unless told otherwise."""
    from regencies.models import Position

    values = {"title": str(role), "starts_on": dt.date(2015, 1, 1), **values}
    person.__dict__.pop("hats", None)
    return Position.objects.create(person=person, role=role, agency=agency, **values)


def regency(code: str = "53.04") -> Any:
    """A kabupaten or kota by its Kemendagri code; Belu if none is named."""
    from regencies.models import Regency

    return Regency.objects.get(code=code)


def lead_agency(code: str | None = None) -> Any:
    """The office in charge of industry: of that regency, or of the province."""
    from regencies.models import Agency

    if code is None:
        return Agency.objects.get(is_lead=True, level="provinsi", province__code="53")
    return Agency.objects.get(is_lead=True, regency__code=code)


def make_meeting(**values: Any) -> Any:
    """An edition, by default the one of Atambua 2019 in preparation; where there is one, about the next free year."""
    from rakor.models import Meeting

    taken = set(Meeting.objects.exclude(status="dibatalkan").values_list("planning_year", flat=True))
    planned = next(year for year in range(2020, 2100) if year not in taken)
    values = {
        "slug": "rakor-atambua",
        "title": "Rapat Koordinasi Pelaksanaan Kegiatan 2019 dan Penyusunan Program IKM 2020",
        "execution_year": planned - 1,
        "planning_year": planned,
        "starts_on": OPENING,
        "ends_on": OPENING + dt.timedelta(days=2),
        "venue": "Hotel Matahari",
        "town": "Atambua",
        "status": "persiapan",
        **values,
    }
    values.setdefault("published", values["status"] not in ("persiapan", "dibatalkan"))
    if "host_regency" not in values:
        values["host_regency"] = regency()
    values.setdefault("province", values["host_regency"].province)
    return Meeting.objects.create(**values)


def make_session(meeting: Any, title: str = "Pleno", **values: Any) -> Any:
    """One item of the programme, by default a plenary on the first morning without a room."""
    from rakor.models import Session

    day = meeting.starts_on
    values = {"kind": "pleno", "starts_at": at(9, day=day), "ends_at": at(10, day=day), **values}
    return Session.objects.create(meeting=meeting, title=title, **values)


def make_programme(meeting: Any) -> Any:
    """The meeting with one room and three sessions of the first morning: opening, speech, plenary."""
    from rakor.models import Room

    room, day = Room.objects.create(meeting=meeting, name="Aula"), meeting.starts_on
    for hour, kind, title in (
        (8, "pembukaan", "Pembukaan"),
        (9, "sambutan", "Sambutan Gubernur"),
        (10, "pleno", "Pleno"),
    ):
        make_session(meeting, title, kind=kind, room=room, starts_at=at(hour, day=day), ends_at=at(hour + 1, day=day))
    return meeting


def make_minutes(session: Any, **values: Any) -> Any:
    """The notula of a session, a draft unless told otherwise; a final one needs chair and recorder positions."""
    from rakor.models import Minutes

    if values.get("status") == "final":
        values.setdefault("finalised_at", session.ends_at)
    return Minutes.objects.create(session=session, **values)


def make_entry(minutes: Any, text: str = "Data IKM disampaikan setiap triwulan.", **values: Any) -> Any:
    """One entry at the end of the minutes."""
    from rakor.models import MinuteEntry

    values = {"kind": "pembahasan", "position": minutes.entries.count() + 1, "speaker": "Peserta", **values}
    return MinuteEntry.objects.create(minutes=minutes, text=text, **values)
