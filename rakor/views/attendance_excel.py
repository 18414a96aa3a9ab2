"""Attendance in Excel: one list, or all lists of an edition side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from portal.kernel.dates import short_date
from portal.web.excel import Sheet, excel_response, workbook_response
from rakor.models import AttendanceList, Meeting, Registration
from rakor.queries.attendance import label_of, lists_of
from rakor.queries.attendance_table import Entry, entries_of


def list_excel(attendance_list: AttendanceList, entries: Sequence[Entry], *, personal: bool) -> HttpResponse:
    """One list as it is shown; NIP, rank and telephone only where `personal`."""
    header = [*_person_header(personal), _("Kehadiran"), _("Jam datang"), _("Keterangan"), _("Dikoreksi oleh")]
    rows = [
        [*_person(entry.registration, personal), entry.label, entry.came, _note(entry), entry.corrected_by]
        for entry in entries
    ]
    name = f"daftar-hadir-{attendance_list.on:%Y-%m-%d}-{attendance_list.half}"
    return excel_response(name, label_of(attendance_list), header, rows)


def edition_excel(meeting: Meeting, *, personal: bool) -> HttpResponse:
    """Every person with a column per half-day. Three queries per half-day."""
    lists = list(lists_of(meeting))
    people: dict[int, Registration] = {}
    words: dict[tuple[int, int], str] = {}
    for each in lists:
        each.meeting = meeting
        for entry in entries_of(each):
            people.setdefault(entry.registration.pk, entry.registration)
            words[entry.registration.pk, each.pk] = f"{entry.label} {entry.came}".strip()
    columns = [f"{short_date(each.on)} {each.get_half_display()}" for each in lists]
    rows = [
        [*_person(place, personal), *(words.get((pk, each.pk), "") for each in lists)] for pk, place in people.items()
    ]
    sheet = Sheet(_("Daftar hadir"), [*_person_header(personal), *columns], rows)
    return workbook_response(f"daftar-hadir-{meeting.slug}", [sheet])


def _person_header(personal: bool) -> list[str]:
    extra = [_("NIP"), _("Pangkat/golongan"), _("Nomor HP")] if personal else []
    return [_("Nama"), _("Jabatan"), _("Instansi"), _("Golongan"), *extra]


def _person(place: Registration, personal: bool) -> list[Any]:
    who = place.participant
    extra = [place.employee_number, place.rank, place.phone] if personal else []
    return [who.name, who.title, who.institution, str(place.get_category_display()), *extra]


def _note(entry: Entry) -> str:
    return _("Digantikan oleh %(name)s") % {"name": entry.stand_in} if entry.stand_in else entry.note
