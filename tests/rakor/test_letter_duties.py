"""Letters where people slip: two letters to one group, a text by his own hand, a decree with NIP, an opened link."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from portal.documents.actions import order_document, render_now
from portal.kernel.errors import Blocked, Denied
from rakor.actions import committee
from rakor.actions import letters as actions
from rakor.actions.recipients import add_recipient
from rakor.facts.letters import InvitationContent
from rakor.models import Letter, LetterCopy
from rakor.queries import letters as queries
from rakor.queries.letter_text_papers import may_read_text, readable_texts, text_facts, text_summary
from regencies.actions.registers import add_register
from regencies.models import LetterNumber
from regencies.queries import register_for
from tests.cast import Cast
from tests.factories import lead_agency, make_position, make_user, regency
from tests.factories_letter_moves import make_province_head, moved_letter

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


# -- the register of the signer's office -------------------------------------------------------------------------------


def test_a_letter_of_the_secretary_is_numbered_at_his_own_office(cast: Cast, client_of: Any) -> None:
    signer = make_province_head()
    letter = moved_letter(cast, group="kepala_daerah")
    page = client_of(cast.panitia).get(letter.get_absolute_url()).text
    assert f"{signer.agency.name} belum mempunyai register nomor" in page and "“Surat keluar”" in page
    values = {"name": "Surat keluar Setda", "pattern": "{nomor}/SETDA/{tahun}"}
    own = add_register("surat-keluar", values, by=cast.kabid, agency=signer.agency)
    assert any("bernomor dari register" in sentence for sentence in queries.missing_parts(letter))
    with pytest.raises(Blocked, match="Surat keluar Setda"):
        actions.move_letter(letter, "initial", by=cast.kabid)
    with pytest.raises(Blocked, match="bernomor dari register"):
        actions.save_letter(letter, {"subject": "Lain"}, by=cast.panitia, base_version=1)
    letter = actions.save_letter(letter, {"register": own}, by=cast.panitia, base_version=1)
    assert not queries.missing_parts(letter) and not any("milik" in told for told in queries.warnings_of(letter))
    actions.move_letter(actions.move_letter(letter, "initial", by=cast.kabid), "approve", by=cast.kadis_prov)
    assert LetterNumber.objects.filter(register=own).count() == letter.copies.count() == 2


def test_a_new_letter_offers_the_register_of_its_signer(cast: Cast, client_of: Any) -> None:
    signer = make_province_head()
    own = add_register("setda", {"name": "Setda", "pattern": "{nomor}"}, by=cast.kabid, agency=signer.agency)
    letter = moved_letter(cast, group="kepala_daerah")
    assert letter.register == own
    client = client_of(cast.panitia)
    form = client.get(f"/rakor/{letter.meeting.slug}/surat/baru/?untuk=kepala_daerah").context["form"]
    assert form["register"].value() == own.pk and f"Setda – {signer.agency.name}" in str(form["register"])
    other = client.get(f"/rakor/{letter.meeting.slug}/surat/baru/?untuk=kadis_kab").context["form"]
    assert other["register"].value() == register_for("surat-keluar").pk
    data = {name: form[name].value() for name in form.fields} | {"register": register_for("surat-keluar").pk}
    data = {name: value for name, value in data.items() if value is not None}
    refused = client.post(f"/rakor/{letter.meeting.slug}/surat/baru/?untuk=kepala_daerah", data)
    assert refused.status_code == 422 and "bernomor dari register" in refused.text


def test_a_register_belongs_to_an_office_of_the_province(cast: Cast) -> None:
    with pytest.raises(Blocked, match="kantor provinsi"):
        add_register("x", {"name": "X", "pattern": "{nomor}"}, by=cast.kabid, agency=lead_agency("53.04"))


# -- a letter opened by a link -----------------------------------------------------------------------------------------


def test_the_addressee_who_opens_the_paper_by_its_link_is_noted(cast: Cast, client_of: Any) -> None:
    letter = moved_letter(cast, "terkirim")
    copy = letter.copies.get(invitation__regency__code="53.04")
    assert render_now(copy.document).is_ready
    file = reverse("document_download", args=[copy.document.public_id])
    for name in ("panitia", "kadis_prov"):
        assert client_of(cast[name]).get(file).status_code == 200
    client = client_of(cast.operator_belu)
    answer = client.get(file)
    assert answer["Location"] == copy.document.get_absolute_url()
    shown = client.get(answer["Location"]).context["receipt"]
    copy.refresh_from_db()
    assert copy.read_at is None
    assert client.post(shown)["Location"] == file and client.get(file).status_code == 200
    copy.refresh_from_db()
    assert copy.read_at and copy.read_by == cast.operator_belu
    assert "receipt" in client.get(copy.document.get_absolute_url()).context
    assert client.get(copy.document.get_absolute_url()).context["receipt"] == ""


def test_what_is_shared_is_indonesian_whoever_copies_it(cast: Cast, client_of: Any) -> None:
    letter = moved_letter(cast, "terkirim")
    copy = letter.copies.first()
    client = client_of(cast.panitia)
    client.cookies["bahasa"] = "en"
    for address in (copy.get_absolute_url(), copy.invitation.get_absolute_url()):
        page = client.get(address)
        shared = page.context["share_text"]
        assert "Mohon dijawab paling lambat" in shared and "April 2019" in shared and 'lang="en"' in page.text


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


def test_the_copy_of_a_decree_with_nip_offers_no_paper_to_others(
    cast: Cast, published_meeting: Any, client_of: Any
) -> None:
    values = {"seat": "ketua", "name": "Maria", "title": "", "employee_number": "198001012005032001"}
    committee.add_member(published_meeting, values, by=cast.panitia)
    letter = committee.start_text(published_meeting, "sk_panitia", by=cast.panitia)
    content = letter.content | {"numbers": True}
    letter = actions.save_letter(letter, {"content": content}, by=cast.panitia, base_version=1)
    for move, who in (("initial", cast.kabid), ("approve", cast.kadis_prov)):
        letter = actions.move_letter(letter, move, by=who)
    copy = letter.copies.get()
    for address in (copy.get_absolute_url(), f"{letter.get_absolute_url()}lembar/"):
        for name in ("panitia", "notulis"):
            shown = str(copy.document.public_id) in client_of(cast[name]).get(address).text
            assert shown == (name == "panitia"), (name, address)


# -- a decree that was sent is changed by another one ------------------------------------------------------------------


def sent_decree(cast: Cast, meeting: Any) -> Letter:
    """The decree of the edition, sent."""
    committee.fill_from_positions(meeting, by=cast.panitia)
    letter = committee.start_text(meeting, "sk_panitia", by=cast.panitia)
    for move, who in (("initial", cast.kabid), ("approve", cast.kadis_prov), ("send", cast.panitia)):
        letter = actions.move_letter(letter, move, by=who)
    return letter


def test_a_sent_decree_is_revoked_by_a_new_one(cast: Cast, published_meeting: Any, client_of: Any) -> None:
    old = sent_decree(cast, published_meeting)
    number = old.copies.get().number.text
    client = client_of(cast.panitia)
    with pytest.raises(Denied, match="susun SK pengganti"):
        committee.fill_from_positions(published_meeting, by=cast.panitia)
    assert "mencabut SK ini" in client.get(old.get_absolute_url()).text
    address = reverse("letter_text_replace", args=[published_meeting.slug, old.pk])
    for _click in "ab":
        assert client.post(address).status_code == 302
    new = old.revokers.get()
    assert f"Nomor {number} tanggal" in new.content["decisions"][-2]
    assert new.content["decisions"][-1] == old.content["decisions"][-1]
    committee.remove_member(published_meeting.committee.last(), by=cast.panitia)
    reads = [may_read_text(cast.kadis_belu, old.copies.get().document)]
    assert dict(text_summary(old.copies.get().document))["Keberlakuan"] == "Versi terakhir yang berlaku."
    for move, who in (("initial", cast.kabid), ("approve", cast.kadis_prov), ("send", cast.panitia)):
        new = actions.move_letter(new, move, by=who)
    paper = new.copies.get().document
    reads += [may_read_text(cast.kadis_belu, old.copies.get().document), may_read_text(cast.kadis_belu, paper)]
    assert list(map(bool, reads)) == [True, False, True]
    told = dict(text_summary(old.copies.get().document))["Keberlakuan"]
    assert told == f"Sudah dicabut dengan Keputusan Nomor {new.copies.get().number.text}."
    assert "sudah dicabut" in client.get(old.get_absolute_url()).text
    assert "Dicabut" in client.get(reverse("letters", args=[published_meeting.slug])).text


def test_only_a_sent_decree_is_replaced(cast: Cast, published_meeting: Any) -> None:
    committee.fill_from_positions(published_meeting, by=cast.panitia)
    draft = committee.start_text(published_meeting, "sk_panitia", by=cast.panitia)
    with pytest.raises(Blocked, match="terkirim"):
        committee.replace_decree(draft, by=cast.panitia)
    with pytest.raises(Denied):
        committee.replace_decree(draft, by=cast.notulis)
    old = moved_letter(cast, "terkirim", meeting=published_meeting)
    with pytest.raises(Blocked, match="terkirim"):
        committee.replace_decree(old, by=cast.panitia)


def test_a_cancelled_replacement_leaves_the_decree_in_force(cast: Cast, published_meeting: Any) -> None:
    old = sent_decree(cast, published_meeting)
    new = committee.replace_decree(old, by=cast.panitia)
    actions.move_letter(new, "cancel", by=cast.panitia, note="Batal berubah")
    assert may_read_text(cast.kadis_belu, old.copies.get().document)
    assert committee.start_text(published_meeting, "sk_panitia", by=cast.panitia) == old
    assert committee.replace_decree(old, by=cast.panitia).pk not in (old.pk, new.pk)
