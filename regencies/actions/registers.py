"""Numbers of letters, contracts and decisions: taken under the counter's lock, so never twice and without a gap.

Whoever takes a number holds the counter of that register and year until his transaction ends: when it is rolled back,
the next one gets the same number. Lock the thing that bears the number first, the counter last.
"""

from __future__ import annotations

import datetime as dt
import string
import uuid
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, record
from portal.journal.models import object_type
from portal.kernel.dates import long_date
from portal.kernel.errors import Blocked, StaleVersion, ensure
from regencies.facts.numbers import LARGEST, LONGEST, NumberParts, format_number, missing_codes, pattern_faults
from regencies.models import LetterNumber, Register, RegisterYear
from regencies.queries import lead_agency
from regencies.rules import may_void_by_hand, number_keepers, pattern_keepers

FIELDS = ["name", "pattern", "classification", "office_code", "active"]


@transaction.atomic
def take_number(
    register: Register, *, on: dt.date, by: Any, subject: models.Model | None = None, title: str = "",
    classification: str = "", client_key: uuid.UUID | None = None,
) -> LetterNumber:  # fmt: skip
    """The next number of that register in the year of `on`; a subject that bears one of this register keeps it.

    Whether `by` may have a number is decided by whoever approves the paper. `classification` replaces the register's
    own code for this one number. The same `client_key` twice is one number.
    Errors: Blocked when the register is closed or the number would be printed twice.
    """
    counter = _held(register, on.year)
    if taken := _taken_before(register, subject, client_key):
        return taken
    counter.last += 1
    if counter.last > LARGEST:
        raise Blocked(_("Register ini sudah sampai pada nomor terbesar."))
    counter.save(update_fields=["last"])
    return _written(
        register, counter.last, "", on=on, by=by, subject=subject, title=title, classification=classification,
        client_key=client_key,
    )  # fmt: skip


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
    if taken := _taken_before(register, subject, client_key):
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
    number = _written(
        register, after.sequence, suffix, on=on, by=by, subject=subject, title=title, classification=classification,
        client_key=client_key,
    )  # fmt: skip
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
    if taken := _taken_before(register, None, client_key):
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
def add_register(key: str, values: dict[str, Any], *, by: Any) -> Register:
    """A new register of the province's office.

    Shape: values by FIELDS.
    Errors: Denied; Blocked by the pattern; ValidationError by field name.
    """
    ensure(pattern_keepers(by))
    register = Register(agency=lead_agency(), key=key)
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


def _taken_before(
    register: Register, subject: models.Model | None, client_key: uuid.UUID | None
) -> LetterNumber | None:
    """The number that this subject bears, or that this click took already."""
    numbers = LetterNumber.objects.filter(register=register)
    if client_key and (found := numbers.filter(client_key=client_key).first()):
        return found
    if subject is None:
        return None
    return numbers.filter(
        subject_type=object_type(subject), subject_id=str(subject.pk), voided_at__isnull=True
    ).first()  # fmt: skip


def _written(
    register: Register, sequence: int, suffix: str, *, on: dt.date, by: Any, subject: models.Model | None, title: str,
    classification: str, client_key: uuid.UUID | None,
) -> LetterNumber:  # fmt: skip
    """The number as a row of the book.

    Errors: Blocked when another number is printed the same, which a change of the pattern can bring about.
    """
    parts = NumberParts(sequence, on, suffix, classification or register.classification, register.office_code)
    number = LetterNumber(
        register=register, year=on.year, sequence=sequence, suffix=suffix, on=on, client_key=client_key,
        text=format_number(register.pattern, parts), taken_by=by if getattr(by, "pk", None) else None,
        title=(title.strip() or str(subject or ""))[:300],
        subject_type=object_type(subject) if subject else "", subject_id=str(subject.pk) if subject else "",
    )  # fmt: skip
    try:
        with transaction.atomic():
            number.save(force_insert=True)
    except IntegrityError as error:
        raise Blocked(
            _("Nomor %(number)s sudah ada di register tahun ini. Periksa pola nomornya.") % {"number": number.text}
        ) from error
    return number


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
