"""Steps 1–5, 9 and 10 of the acceptance scenario with their volumes, by the verbs of the screens (domain §8.2)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.outbox.models import Message
from rakor.actions.scenario_guests import load_guests, open_door
from rakor.models import Attendance, CheckIn, Invitation, Letter, LetterCopy, Meeting, Registration
from rakor.queries.signers import foreign_register
from regencies.models import LetterNumber, Register
from regencies.queries import lead_agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Any:
    call_command("load_demo", verbosity=0)
    return Meeting.objects.get(slug="atambua-2019")


def counted(queryset: Any, *names: str) -> Counter:
    return Counter(queryset.values_list(*names))


def test_everybody_is_invited_by_the_right_signer_with_a_number_of_his_own(meeting: Meeting) -> None:
    load_guests(meeting)
    letters = Letter.objects.filter(meeting=meeting).select_related("signer")
    assert {letter.status for letter in letters} == {"terkirim"}
    assert {letter.group or letter.kind: (letter.signer.role, letter.on_behalf) for letter in letters} == {
        "sk_panitia": ("kadis_prov", ""),
        "kadis_kab": ("kadis_prov", ""),
        "kepala_daerah": ("pimpinan", "Gubernur Nusa Tenggara Timur"),
        "instansi": ("kadis_prov", ""),
    }
    copies = LetterCopy.objects.filter(letter__meeting=meeting, letter__kind="undangan")
    to_regions = copies.filter(letter__group="kepala_daerah").first()
    assert to_regions.document.facts["letterhead"]["office"].upper() == "SEKRETARIAT DAERAH"
    assert counted(copies, "letter__group") == {("kadis_kab",): 22, ("kepala_daerah",): 22, ("instansi",): 14}
    own = to_regions.letter.signer.agency
    for office, count in ((lead_agency(), 36), (own, 22)):
        numbers = LetterNumber.objects.filter(register__key="surat-keluar", register__agency=office, year=2019)
        assert list(numbers.order_by("sequence").values_list("sequence", "suffix")) == [
            (number, "") for number in range(1, count + 1)
        ]
    assert "/SETDA/III/2019" in to_regions.number.text
    assert not any(foreign_register(letter.signer, letter.register) for letter in letters)
    assert len(set(copies.values_list("number__text", flat=True))) == 58
    assert {copy.sent_at.astimezone(timezone.get_default_timezone()).date().isoformat() for copy in copies} == {
        "2019-03-13"
    }
    assert Message.objects.count() >= 58 and Message.objects.values("recipient_key").distinct().count() >= 58


def test_the_22_answer_and_96_are_expected_and_loading_again_changes_nothing(meeting: Meeting) -> None:
    assert load_guests(meeting) == 96
    offices = Invitation.objects.filter(meeting=meeting, group="kadis_kab")
    assert counted(offices, "answer") == {("hadir",): 22}
    assert not offices.filter(assignment_file="").exists()
    places = Registration.objects.filter(meeting=meeting)
    assert counted(places, "category") == {
        ("utusan",): 44, ("provinsi",): 16, ("kementerian",): 3, ("tuan_rumah",): 9, ("tpl",): 12, ("mitra",): 9,
        ("pers",): 3,
    }  # fmt: skip
    kinds = (Letter, LetterCopy, LetterNumber, Register, Message)
    before = [kind.objects.count() for kind in kinds]
    assert load_guests(meeting) == 96
    assert before == [kind.objects.count() for kind in kinds]
    assert open_door(meeting, count=88) == 88 == open_door(meeting, count=88)
    assert CheckIn.objects.count() == Attendance.objects.count() == 88
    assert counted(Attendance.objects, "state") == {("hadir",): 88}


def test_the_silent_stay_silent(meeting: Meeting) -> None:
    assert load_guests(meeting, silent=("53.01", "53.71")) == 92
    silent = Invitation.objects.filter(meeting=meeting, group="kadis_kab", answer="belum")
    assert set(silent.values_list("regency__code", flat=True)) == {"53.01", "53.71"}
