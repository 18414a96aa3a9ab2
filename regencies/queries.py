"""Reading: positions as hats, the province, its regencies and offices."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, When
from django.utils.translation import gettext_noop as _

from portal.accounts.hats import Hat
from portal.accounts.models import User
from regencies.facts.numbers import NumberParts, format_number
from regencies.models import Agency, Emblem, LetterNumber, Position, Province, Regency, Register, RegisterYear
from regencies.models.offices import EMBLEMS
from regencies.rules import OFFICE, PROVINCIAL, Role

_RANKING = {role: number for number, role in enumerate(Role.values)}
WEST_END = 180

SORTS = {
    "code": (_("Kode"), lambda regency: regency.code),
    "west": (
        _("Barat ke timur"),
        lambda regency: (WEST_END if regency.longitude is None else regency.longitude, regency.code),
    ),
    "name": (_("Nama"), lambda regency: (regency.bare_name, regency.kind)),
    "population": (_("Penduduk terbanyak"), lambda regency: (-(regency.population or 0), regency.code)),
}
"""Orders people expect; by name always without "Kabupaten" (domain §4.1)."""

PEOPLE_SORTS = {
    "name": (_("Nama"), ("full_name", "pk")),
    "newest": (_("Akun terbaru"), ("-date_joined", "-pk")),
    "login": (_("Terakhir masuk"), (F("last_login").desc(nulls_last=True), "full_name", "pk")),
}
"""Orders of the list of accounts."""

NUMBER_SORTS = {
    "newest": (_("Nomor terbaru"), ("-sequence", "-suffix")),
    "oldest": (_("Nomor terlama"), ("sequence", "suffix")),
    "date": (_("Tanggal terbaru"), ("-on", "-sequence", "-suffix")),
}
"""Orders of the book of a register."""

NUMBER_STATES = {
    "berlaku": (_("Berlaku"), Q(voided_at__isnull=True)),
    "batal": (_("Dibatalkan"), Q(voided_at__isnull=False)),
    "sisipan": (_("Sisipan"), ~Q(suffix="")),
    "manual": (_("Diambil manual"), Q(subject_id="")),
}
"""What the book can be narrowed to."""


def hats_from_positions(user: Any) -> Iterable[Hat]:
    """The user's positions in force today as hats, the highest role first."""
    held = Position.objects.in_force().filter(person=user).select_related("agency")
    return [
        Hat(
            role=position.role,
            title=position.full_title,
            agency_id=position.agency_id,
            agency_name=position.agency.name,
            regency_id=position.agency.regency_id,
            position_id=position.pk,
            administers=position.role == Role.ADMIN,
            needs_second_factor=position.role in PROVINCIAL,
        )
        for position in sorted(held, key=lambda position: _RANKING[position.role])
    ]


def people_of_keys(keys: Collection[str]) -> list[User]:
    """The accounts that answer for any of these keys of posts and offices today (regencies.rules). One statement."""
    wanted = Q(pk__in=[])
    for key in keys:
        name, _at, number = key.partition("@")
        regency = {"agency__regency": int(number)} if number else {"agency__regency__isnull": True}
        if name == OFFICE:
            wanted |= Q(agency=int(number), agency__regency__isnull=True)
        elif name in Role.values:
            wanted |= Q(role=name, **regency)
    held = Position.objects.in_force().filter(wanted, person__is_active=True).select_related("person")
    return list({position.person_id: position.person for position in held.order_by("pk")}.values())


def home_province() -> Province:
    """The province this portal serves (setting RAKOR_PROVINCE)."""
    return Province.objects.get(code=settings.PROVINCE_CODE)


def province_name() -> str:
    """The name of the portal's province; its code while it is not loaded yet."""
    found = Province.objects.filter(code=settings.PROVINCE_CODE).values_list("name", flat=True).first()
    return found or settings.PROVINCE_CODE


def lead_agency() -> Agency:
    """The provincial office in charge of industry: organiser and letterhead."""
    return Agency.objects.select_related(*EMBLEMS).get(
        is_lead=True, level=Agency.Level.PROVINCE, province__code=settings.PROVINCE_CODE
    )


def registers() -> QuerySet[Register]:
    """The registers of numbers of the provincial office, and of its neighbours that number letters of the portal."""
    return Register.objects.filter(agency__in=register_offices()).select_related("agency")


def register_offices() -> QuerySet[Agency]:
    """The offices that may have a register: those of the province, the one in charge of industry first."""
    held = Agency.objects.filter(level=Agency.Level.PROVINCE, province__code=settings.PROVINCE_CODE)
    return held.order_by("-is_lead", "name")


def register_for(key: str) -> Register:
    """The register of that key, e.g. "kontrak-tpl" or "mou": the ready ones of regencies/data/registers.csv are there.

    Errors: Register.DoesNotExist.
    """
    return registers().get(key=key, agency__is_lead=True)


def last_number(register: Register, year: int) -> int:
    """The last number that was given in that year; 0 before the first."""
    return RegisterYear.objects.filter(register=register, year=year).values_list("last", flat=True).first() or 0


def next_text(register: Register, on: dt.date, last: int) -> str:
    """How the number after `last` would be printed on that day; "" while the pattern has a fault."""
    parts = NumberParts(last + 1, on, "", register.classification, register.office_code)
    try:
        return format_number(register.pattern, parts)
    except ValueError:
        return ""


def registers_listed(on: dt.date) -> list[Register]:
    """The registers by name with `last` of that year and `next_text`; those no longer used at the end."""
    rows = list(registers().order_by("-active", "-agency__is_lead", "agency__name", "name"))
    counters = dict(RegisterYear.objects.filter(register__in=rows, year=on.year).values_list("register", "last"))
    for row in rows:
        row.last = counters.get(row.pk, 0)
        row.next_text = next_text(row, on, row.last)
    return rows


def register_years(register: Register, *also: int) -> list[int]:
    """The years in which the register counted, and those asked for too, the latest first."""
    return sorted({*register.years.values_list("year", flat=True), *also}, reverse=True)


def book(
    register: Register, year: int, *, text: str = "", state: str = "", sort: str = "newest"
) -> QuerySet[LetterNumber]:
    """The numbers of a year whose print, subject line or taker holds every word."""
    found = register.numbers.filter(year=year).select_related("taken_by")
    if state in NUMBER_STATES:
        found = found.filter(NUMBER_STATES[state][1])
    for word in text.split():
        found = found.filter(
            Q(text__icontains=word) | Q(title__icontains=word) | Q(taken_by__full_name__icontains=word)
        )
    return found.order_by(*NUMBER_SORTS.get(sort, NUMBER_SORTS["newest"])[1])


def with_bearers(numbers: Iterable[LetterNumber]) -> list[LetterNumber]:
    """The numbers, each with `bearer`: the paper of the portal that bears it, or None. One statement per kind of paper.

    Whoever keeps the numbers may open every paper: the rule of the pages.
    """
    rows = list(numbers)
    found = {}
    for kind in {row.subject_type for row in rows if row.subject_type}:
        wanted = {row.subject_id for row in rows if row.subject_type == kind}
        model = apps.get_model(kind)
        papers = model._base_manager.all()
        if named_by := getattr(model, "NAMED_BY", ()):
            papers = papers.select_related(*named_by)
        found |= {(kind, str(pk)): paper for pk, paper in papers.in_bulk(wanted).items()}
    for row in rows:
        row.bearer = found.get((row.subject_type, row.subject_id))
    return rows


def head_on(agency: Agency, day: dt.date, role: str = Role.KADIS_PROV) -> Position | None:
    """Who signed as head of that office on that day: a stand-in goes before the head he stands in for."""
    acting = Case(When(standing="plh", then=0), When(standing="plt", then=1), When(standing="pj", then=2), default=3)
    held = Position.objects.in_force(day).filter(agency=agency, role=role).select_related("person", "agency")
    return held.order_by(acting, "-starts_on", "pk").first()


def search_regencies(user: Any, *, text: str = "", sort: str = "code") -> list[Regency]:
    """The regencies, with lead offices, whose name, other name, capital or one of whose two codes holds every word."""
    found = Regency.objects.visible_to(user).prefetch_related(
        Prefetch("agencies", Agency.objects.filter(is_lead=True), to_attr="lead_offices")
    )
    for word in text.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(aliases__icontains=word)
            | Q(short__iexact=word)
            | Q(capital__icontains=word)
            | Q(code__startswith=word)
            | Q(bps_code__startswith=word)
        )
    _label, key = SORTS.get(sort) or SORTS["code"]
    return sorted(found, key=key)


def staffing() -> dict[int, set[str]]:
    """Which roles are held today in each regency: {regency pk: {"kadis_kab", "operator_kab"}}."""
    held: dict[int, set[str]] = {}
    rows = Position.objects.in_force().filter(agency__regency__isnull=False).values_list("agency__regency", "role")
    for regency_id, role in rows.distinct():
        held.setdefault(regency_id, set()).add(role)
    return held


def offices(user: Any) -> QuerySet[Agency]:
    """The offices this user may see, each with the visible positions in force as `people`."""
    return (
        Agency.objects.visible_to(user)
        .select_related("regency", "province")
        .prefetch_related(Prefetch("positions", positions_in_force(user), to_attr="people"))
    )


def search_offices(user: Any, text: str = "") -> QuerySet[Agency]:
    """The offices whose name, short name or other name holds every word: the province's first, then by regency code."""
    found = offices(user)
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(short_name__icontains=word) | Q(aliases__icontains=word))
    return found.in_order()


def positions_in_force(user: Any) -> QuerySet[Position]:
    """Positions held today that this user may see, with their people, heads first."""
    rank = Case(*(When(role=role, then=number) for role, number in _RANKING.items()), default=len(_RANKING))
    held = Position.objects.in_force().visible_to(user)
    return held.select_related("person", "agency").order_by("agency", rank, "starts_on", "pk")


def people(
    *, text: str = "", role: str = "", regency: int | None = None, active: bool | None = None, sort: str = "name"
) -> QuerySet[User]:
    """All accounts for the admin, each with its positions in force as `held`.

    `role` and `regency` look at positions held today, both at the same one; role "none" finds who holds no position.
    """
    held = Position.objects.in_force().filter(person=OuterRef("pk"))
    found = User.objects.all()
    if role == "none":
        found = found.exclude(Exists(held))
    elif role or regency:
        wanted = {"role": role, "agency__regency": regency}
        found = found.filter(Exists(held.filter(**{name: value for name, value in wanted.items() if value})))
    if active is not None:
        found = found.filter(is_active=active)
    for word in text.split():
        found = found.filter(
            Q(full_name__icontains=word)
            | Q(username__icontains=word)
            | Q(email__icontains=word)
            | Q(phone__icontains=word)
        )
    in_force = Position.objects.in_force().select_related("agency").order_by("starts_on", "pk")
    found = found.prefetch_related(Prefetch("positions", in_force, to_attr="held"))
    return found.order_by(*PEOPLE_SORTS.get(sort, PEOPLE_SORTS["name"])[1])


@dataclass(frozen=True, slots=True)
class EmblemPlace:
    """A place for an emblem: its name in addresses, the emblem (unsaved where there is none yet), who prints it."""

    key: str
    emblem: Emblem
    offices: list[Agency]


OUTSIDE = (Agency.Level.MINISTRY, Agency.Level.OTHER)
"""Levels of offices that no region's emblem stands for."""


def emblem_places(user: Any) -> list[EmblemPlace]:
    """Places in the order state, province, regencies by code, offices outside the regions or with one of their own."""
    offices = list(Agency.objects.visible_to(user).in_order())
    stored = {emblem_key(row): row for row in Emblem.objects.select_related("province", "regency", "agency")}
    holders = [Emblem(of_state=True)]
    holders += [Emblem(province=province) for province in Province.objects.filter(code=settings.PROVINCE_CODE)]
    holders += [Emblem(regency=regency) for regency in Regency.objects.visible_to(user).order_by("code")]
    alone = [Emblem(agency=office) for office in offices]
    holders += [each for each in alone if each.agency.level in OUTSIDE or emblem_key(each) in stored]
    own = {each.agency_id for each in holders if each.agency_id}
    return [
        EmblemPlace(key, stored.get(key, holder), [office for office in offices if _prints(office, holder, own)])
        for key, holder in ((emblem_key(holder), holder) for holder in holders)
    ]


def _prints(office: Agency, holder: Emblem, own: set[int]) -> bool:
    """Whether the emblem of that holder stands in the kop of the office; those in `own` have one of their own."""
    if holder.agency_id or office.pk in own:
        return office.pk == holder.agency_id
    if office.regency_id:
        return office.regency_id == holder.regency_id
    return office.level == Agency.Level.PROVINCE and office.province_id == holder.province_id is not None


def emblem_key(emblem: Emblem) -> str:
    """The name of its holder in addresses: "negara", "provinsi", the code of a regency, or "kantor-" and a number."""
    if emblem.of_state:
        return "negara"
    if emblem.regency_id:
        return emblem.regency.code
    return f"kantor-{emblem.agency_id}" if emblem.agency_id else "provinsi"


def emblem_at(user: Any, key: str) -> Emblem | None:
    """The emblem of the holder of that name, an unsaved one where it has none; None when there is no such place."""
    if key == "negara":
        holder: dict[str, Any] = {"of_state": True}
    elif key == "provinsi":
        holder = {"province": Province.objects.filter(code=settings.PROVINCE_CODE).first()}
    elif number := re.fullmatch(r"kantor-([0-9]{1,9})", key):
        outside = Q(level__in=OUTSIDE) | Q(emblem__isnull=False)
        holder = {"agency": Agency.objects.visible_to(user).filter(outside, pk=int(number[1])).first()}
    else:
        holder = {"regency": Regency.objects.visible_to(user).filter(code=key).first()}
    if None in holder.values():
        return None
    return Emblem.objects.filter(**holder).select_related("province", "regency", "agency").first() or Emblem(**holder)


def emblem_of(agency: Agency) -> Emblem:
    """Whose emblem stands in the kop of that office: an unsaved one, to say so where none is stored."""
    if agency.regency_id:
        return Emblem(regency=agency.regency)
    inside = agency.level == Agency.Level.PROVINCE
    return Emblem(province=agency.province) if inside else Emblem(agency=agency)
