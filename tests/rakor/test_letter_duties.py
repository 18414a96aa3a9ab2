"""Letters where people slip: two letters to one group, a text by his own hand, a decree with NIP, a letter by a link."""

from __future__ import annotations

from typing import Any

import pytest

from portal.documents.actions import order_document
from portal.kernel.errors import Denied
from rakor.actions import committee
from rakor.actions import letters as actions
from rakor.actions.recipients import add_recipient
from rakor.facts.letters import InvitationContent
from rakor.models import Letter, LetterCopy
from rakor.queries import letters as queries
from rakor.queries.letter_text_papers import may_read_text, readable_texts, text_facts
from tests.cast import Cast
from tests.factories import lead_agency, make_position, make_user, regency
from tests.factories_letter_moves import moved_letter

pytestmark = pytest.mark.django_db


# -- two letters to one group -----------------------------------------------------------------------------------------


def added(letter: Letter, code: str, by: Any) -> Any:
    values = {"group": letter.group, "regency": regency(code), "addressee": f"Kepala Dinas {code}", "place": "Kota"}
    return add_recipient(letter.meeting, values, by=by)


def test_a_recipient_between_two_letters_gets_one_number(cast: Cast) -> None:
    first = moved_letter(cast, "terkirim")
    between = added(first, "53.01", cast.panitia)
    assert list(queries.late_recipients(first)) == [between]
    second = moved_letter(cast, "terkirim", meeting=first.meeting)
    assert not queries.late_recipients(first) and not queries.late_recipients(second)
    assert actions.number_late_copies(first, by=cast.kadis_prov) == 0
    assert LetterCopy.objects.get(invitation=between).letter == second


def test_a_recipient_after_two_letters_is_late_for_the_last_one_alone(cast: Cast) -> None:
    first = moved_letter(cast, "terkirim")
    second = moved_letter(cast, "disetujui", meeting=first.meeting)
    third = moved_letter(cast, meeting=first.meeting)
    after = added(first, "53.01", cast.panitia)
    assert not queries.late_recipients(first) and not queries.late_recipients(third)
    assert list(queries.late_recipients(second)) == [after]
    actions.move_letter(second, "cancel", by=cast.kadis_prov, note="Keliru")
    assert list(queries.late_recipients(first)) == [after]
    assert actions.number_late_copies(first, by=cast.kadis_prov) == 1
    assert LetterCopy.objects.standing().get(invitation=after).letter == first


# -- who wrote does not say yes ---------------------------------------------------------------------------------------


def test_who_changed_the_text_does_not_initial_it(cast: Cast, client_of: Any) -> None:
    letter = moved_letter(cast)
    words = InvitationContent.of(letter.content).stored() | {"dress": "Tenun"}
    actions.save_letter(letter, {"content": words}, by=cast.kabid, base_version=1)
    with pytest.raises(Denied, match="ikut menulis"):
        actions.move_letter(letter, "initial", by=cast.kabid)
    other = make_user("kabid_dua")
    make_position(other, "kabid_prov", lead_agency(), title="Kepala Bidang")
    assert actions.move_letter(letter, "initial", by=other).status == "diparaf"


def test_a_division_head_is_told_before_he_writes(cast: Cast, client_of: Any) -> None:
    letter = moved_letter(cast)
    told = "Bila Anda mengubah naskah ini, pejabat lain yang memarafnya"
    assert told in client_of(cast.kabid).get(f"{letter.get_absolute_url()}ubah/").text
    assert told not in client_of(cast.panitia).get(f"{letter.get_absolute_url()}ubah/").text


# -- a decree is an official paper, NIP are personal data -------------------------------------------------------------


def test_a_decree_with_nip_is_its_keepers(cast: Cast, published_meeting: Any) -> None:
    values = {"seat": "ketua", "name": "Maria", "title": "", "employee_number": "198001012005032001"}
    committee.add_member(published_meeting, values, by=cast.panitia)
    letter = committee.start_text(published_meeting, "sk_panitia", by=cast.panitia)
    plain = order_document("sk_panitia", text_facts(letter), subject=letter, by=cast.panitia)
    letter.content = letter.content | {"numbers": True}
    printed = order_document("sk_panitia", text_facts(letter), subject=letter, by=cast.panitia)
    keepers = {"panitia", "kabid", "kadis_prov"}
    staff = keepers | {"verifikator", "notulis", "admin"}
    for paper, readers in ((plain, staff), (printed, keepers)):
        rows = type(paper).objects.filter(pk=paper.pk)
        for name in (*staff, "kadis_belu", "observer", "stranger"):
            assert bool(may_read_text(cast[name], paper)) == (name in readers), name
            assert readable_texts(cast[name], rows).exists() == (name in readers), name
