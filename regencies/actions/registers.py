"""Numbers of letters, contracts and decisions: taken under the counter's lock, so never twice and without a gap.

Whoever takes a number holds the counter of that register and year until his transaction ends: when it is rolled back,
the next one gets the same number. Lock the thing that bears the number first, the counter last.
"""

from __future__ import annotations

import datetime as dt
import string
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, record
from portal.journal.models import object_type
from portal.kernel.dates import long_date
from portal.kernel.errors import Blocked, StaleVersion, ensure
from regencies.facts.numbers import LARGEST, LONGEST, NumberParts, format_number, missing_codes, pattern_faults
from regencies.models import Agency, LetterNumber, Register, RegisterYear
from regencies.queries import lead_agency, register_offices
from regencies.rules import may_void_by_hand, number_keepers, pattern_keepers

FIELDS = ["name", "pattern", "classification", "office_code", "active"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """What one of `take_numbers` is for. Other words as for `take_number`."""

    subject: models.Model | None = None
    title: str = ""
    classification: str = ""
    client_key: uuid.UUID | None = None


def take_number(
    register: Register, *, on: dt.date, by: Any, subject: models.Model | None = None, title: str = "",
    classification: str = "", client_key: uuid.UUID | None = None,
) -> LetterNumber:  # fmt: skip
    """The next number of that register in the year of `on`; a subject that bears one of this register keeps it.

    Whether `by` may have a number is decided by whoever approves the paper. `classification` replaces the register's
    own code for this one number. The same `client_key` twice is one number.
    Errors: Blocked when the register is closed or the number would be printed twice.
    """
    return take_numbers(register, [Bearer(subject, title, classification, client_key)], on=on, by=by)[0]


@transaction.atomic
def take_numbers(register: Register, bearers: Sequence[Bearer], *, on: dt.date, by: Any) -> list[LetterNumber]:
    """`take_number` for several papers in their order, without a gap between them: as many statements as for one.

    Errors: as take_number, before any of them has a number.
    """
    counter = _held(register, on.year)
    taken = _taken_before(register, bearers)
    new = [
        _number(register, counter.last + place, "", bearer, on=on, by=by)
        for place, bearer in enumerate((each for each, old in zip(bearers, taken, strict=True) if old is None), start=1)
    ]
    if new:
        counter.last += len(new)
        if counter.last > LARGEST:
            raise Blocked(_("Register ini sudah sampai pada nomor terbesar."))
        counter.save(update_fields=["last"])
        _write(new)
    fresh = iter(new)
    return [old or next(fresh) for old in taken]


@transaction.atomic
def insert_number(
    register: Register, after: LetterNumber, *, on: dt.date, by: Any, subject: models.Model | None = None,
    title: str = "", classification: str = "", client_key: uuid.UUID | None = None,
) -> LetterNumber:  # fmt: skip
    """A number between `after` and the next one (nomor sisipan): 123.a, then 123.b, for a paper of an earlier day.

    Errors: Denied; Blocked when the day is of another year or before that of `after`, or when all letters are used.
    """
    ensure(number_keepers(by))
    counter = _held(register, after.year)
    bearer = Bearer(subject, title, classification, client_key)
    if taken := _taken_before(register, [bearer])[0]:
        return taken
    if after.register_id != counter.register_id or on.year != after.year:
        raise Blocked(_("Nomor sisipan ada dalam register dan tahun yang sama dengan nomor sebelumnya."))
    if on < after.on:
        raise Blocked(
            _("Nomor %(number)s bertanggal %(day)s; nomor sesudahnya tidak bertanggal lebih awal.")
            % {"number": after.text, "day": long_date(after.on)}
        )
    same = LetterNumber.objects.filter(register=register, year=after.year, sequence=after.sequence)
    last = same.aggregate(last=Max("suffix"))["last"] or ""
    if last >= string.ascii_lowercase[-1]:
        raise Blocked(_("Semua sisipan a sampai z sesudah nomor ini sudah dipakai. Pilih nomor lain."))
    suffix = chr(ord(last) + 1) if last else "a"
    number = _number(register, after.sequence, suffix, bearer, on=on, by=by)
    _write([number])
    changes = {gettext_noop("Nomor"): [after.text, number.text]}
    record(gettext_noop("Menyisipkan nomor"), register, by=by, note=number.title, changes=changes)
    return number


@transaction.atomic
def reserve_number(
    register: Register, *, on: dt.date, title: str, by: Any, classification: str = "",
    client_key: uuid.UUID | None = None,
) -> LetterNumber:  # fmt: skip
    """A number taken by hand, for a paper that the portal does not make.

    Errors: Denied; Blocked without a subject line, or when a later number bears an earlier date.
    """
    ensure(number_keepers(by))
    if not title.strip():
        raise Blocked(_("Tulis halnya: untuk surat apa nomor ini."))
    _held(register, on.year)
    if taken := _taken_before(register, [Bearer(client_key=client_key)])[0]:
        return taken
    numbers = LetterNumber.objects.filter(register=register, year=on.year, voided_at__isnull=True)
    latest = numbers.aggregate(on=Max("on"))["on"]
    if latest and on < latest:
        raise Blocked(
            _("Nomor terakhir bertanggal %(day)s. Untuk surat sebelum hari itu, sisipkan nomor.")
            % {"day": long_date(latest)}
        )
    number = take_number(register, on=on, by=by, title=title, classification=classification, client_key=client_key)
    changes = {gettext_noop("Nomor"): [None, number.text]}
    record(gettext_noop("Mengambil nomor manual"), register, by=by, note=number.title, changes=changes)
    return number


@transaction.atomic
def void_number(number: LetterNumber, reason: str, *, by: Any) -> LetterNumber:
    """The number as a gap with its reason: it is given to nothing else, and what bore it may take another one.

    Errors: Denied; Blocked without a reason, or when it is void already.
    """
    ensure(number_keepers(by))
    reason = reason.strip()
    if not reason:
        raise Blocked(_("Alasan wajib diisi."))
    row = LetterNumber.objects.select_for_update(of=("self",)).select_related("register").get(pk=number.pk)
    if row.voided_at:
        raise Blocked(_("Nomor %(number)s sudah dibatalkan.") % {"number": row.text})
    row.voided_at, row.void_reason = timezone.now(), reason[:300]
    row.save(update_fields=["voided_at", "void_reason"])
    changes = {gettext_noop("Nomor"): [row.text, None]}
    record(gettext_noop("Membatalkan nomor"), row.register, by=by, note=row.void_reason, changes=changes)
    return row


@transaction.atomic
def void_by_hand(number: LetterNumber, reason: str, *, by: Any) -> LetterNumber:
    """`void_number` for a number that no paper of the portal bears.

    Errors: Denied, also for a number of a paper: that is cancelled on its own page; Blocked as void_number.
    """
    ensure(may_void_by_hand(by, number))
    return void_number(number, reason, by=by)


@transaction.atomic
def add_register(key: str, values: dict[str, Any], *, by: Any, agency: Agency | None = None) -> Register:
    """A new register of the province's office, or of that neighbour of it.

    Shape: values by FIELDS.
    Errors: Denied; Blocked by the pattern; ValidationError by field name.
    """
    ensure(pattern_keepers(by))
    if agency is not None and not register_offices().filter(pk=agency.pk).exists():
        raise Blocked(_("Register nomor hanya milik kantor provinsi."))
    register = Register(agency=agency or lead_agency(), key=key)
    _fill(register, values)
    register.full_clean()
    register.save()
    record(gettext_noop("Menambah register nomor"), register, by=by, changes=changes_between(None, register, FIELDS))
    return register


@transaction.atomic
def change_register(register: Register, values: dict[str, Any], *, base_version: int, by: Any) -> Register:
    """The register with other values; numbers taken before stay as they were printed.

    Errors: Denied; StaleVersion; Blocked by the pattern; ValidationError by field name.
    """
    ensure(pattern_keepers(by))
    row = Register.objects.select_for_update().get(pk=register.pk)
    if row.version != base_version:
        raise StaleVersion(_("Register ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values)
    before = Register.objects.get(pk=row.pk)
    _fill(row, values)
    changes = changes_between(before, row, FIELDS)
    if changes:
        row.version += 1
        row.full_clean()
        row.save()
        record(gettext_noop("Mengubah register nomor"), row, by=by, changes=changes)
    return row


@transaction.atomic
def continue_after(register: Register, year: int, last: int, *, by: Any) -> RegisterYear:
    """The counter goes on after `last`: for the numbers that were given on paper before the portal was there.

    Errors: Denied; Blocked when it would go back: a number is never given twice.
    """
    ensure(pattern_keepers(by))
    counter = _held(register, year, closed=True)
    if last < counter.last:
        raise Blocked(
            _("Nomor %(last)s sudah terpakai pada tahun %(year)s, jadi hitungan tidak dapat mundur.")
            % {"last": counter.last, "year": year}
        )
    if last > counter.last:
        changes = {_("nomor terakhir"): [counter.last, last], _("tahun"): [None, year]}
        counter.last = last
        counter.save(update_fields=["last"])
        record(gettext_noop("Melanjutkan hitungan register"), register, by=by, changes=changes)
    return counter


def _held(register: Register, year: int, *, closed: bool = False) -> RegisterYear:
    """The counter of that year, locked until the transaction ends; `register` as it is stored now.

    Errors: Blocked when the register is no longer used, unless `closed` registers will do.
    """
    RegisterYear.objects.get_or_create(register=register, year=year)
    counter = RegisterYear.objects.select_for_update().get(register=register, year=year)
    register.refresh_from_db()
    if not (register.active or closed):
        raise Blocked(_("Register “%(name)s” tidak dipakai lagi.") % {"name": register})
    return counter


def _taken_before(register: Register, bearers: Sequence[Bearer]) -> list[LetterNumber | None]:
    """For each of them the number that this click took already, or that its subject bears; None where there is none."""
    keys = {bearer.client_key for bearer in bearers if bearer.client_key}
    names = {_name(bearer.subject) for bearer in bearers if bearer.subject}
    if not keys and not names:
        return [None] * len(bearers)
    types, ids = {kind for kind, _pk in names}, {pk for _kind, pk in names}
    borne = Q(subject_type__in=types, subject_id__in=ids, voided_at__isnull=True)
    found = list(LetterNumber.objects.filter(Q(client_key__in=keys) | borne, register=register))
    by_key = {number.client_key: number for number in found if number.client_key}
    by_name = {(number.subject_type, number.subject_id): number for number in found if number.voided_at is None}
    return [
        by_key.get(bearer.client_key) or (by_name.get(_name(bearer.subject)) if bearer.subject else None)
        for bearer in bearers
    ]  # fmt: skip


def _name(subject: models.Model | None) -> tuple[str, str]:
    """How a number names what bears it."""
    return (object_type(subject), str(subject.pk)) if subject else ("", "")


def _number(
    register: Register, sequence: int, suffix: str, bearer: Bearer, *, on: dt.date, by: Any
) -> LetterNumber:  # fmt: skip
    """The number as a row of the book, not written yet."""
    parts = NumberParts(sequence, on, suffix, bearer.classification or register.classification, register.office_code)
    subject_type, subject_id = _name(bearer.subject)
    return LetterNumber(
        register=register, year=on.year, sequence=sequence, suffix=suffix, on=on, client_key=bearer.client_key,
        text=format_number(register.pattern, parts), taken_by=by if getattr(by, "pk", None) else None,
        title=(bearer.title.strip() or str(bearer.subject or ""))[:300],
        subject_type=subject_type, subject_id=subject_id,
    )  # fmt: skip


def _write(numbers: Sequence[LetterNumber]) -> None:
    """Put numbers of one register and year into the book.

    Errors: Blocked when another number is printed the same, which a change of the pattern can bring about.
    """
    try:
        with transaction.atomic():
            LetterNumber.objects.bulk_create(numbers)
    except IntegrityError as error:
        texts = [number.text for number in numbers]
        same = LetterNumber.objects.filter(register=numbers[0].register, year=numbers[0].year, text__in=texts)
        text = same.order_by("pk").values_list("text", flat=True).first() or texts[0]
        raise Blocked(
            _("Nomor %(number)s sudah ada di register tahun ini. Periksa pola nomornya.") % {"number": text}
        ) from error


def _fill(register: Register, values: dict[str, Any]) -> None:
    """Give the register these values.

    Errors: Blocked with the first fault of the pattern, however the values came here.
    """
    for name in FIELDS:
        setattr(register, name, values.get(name, getattr(register, name)))
    faults = [
        *pattern_faults(register.pattern),
        *missing_codes(register.pattern, register.classification, register.office_code).values(),
    ]
    if faults:
        raise Blocked(faults[0])
    longest = NumberParts(LARGEST, dt.date(2028, 8, 1), "a", register.classification, register.office_code)
    if len(format_number(register.pattern, longest)) > LONGEST:
        raise Blocked(_("Nomor menurut pola ini lebih panjang daripada %(n)s huruf.") % {"n": LONGEST})
