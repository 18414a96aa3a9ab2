"""The pages of letters and recipients: who sees what, wrong forms, two editors, budgets."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.documents.actions import render_now
from portal.documents.models import Bundle, Document
from portal.documents.tasks import pack_bundle
from portal.kernel.errors import Blocked
from rakor.actions import recipients as recipient_actions
from rakor.actions.letters import move_letter, save_letter
from rakor.models import Invitation, Letter, LetterCopy
from rakor.queries.letter_bundles import bundle_entries, may_read_letter_bundle
from rakor.queries.tasks import tasks_for
from tests.cast import Cast
from tests.factories import make_meeting
from tests.factories_letter_moves import make_province_head, moved_letter
from tests.factories_letters import make_invitation

pytestmark = pytest.mark.django_db
OUTSIDE = ("operator_belu", "kadis_belu", "bupati_belu", "observer", "stranger", "tpl_belu")


def address(name: str, letter: Letter, *more: Any) -> str:
    return reverse(name, args=[letter.meeting.slug, letter.pk, *more])


def form_of(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """What the form of that page sends when only `changes` are typed."""
    form = client.get(url).context["form"]
    found = {}
    for field in form:
        value = field.field.prepare_value(field.value()) if field.value() is not None else ""
        value = [str(each) for each in value] if isinstance(value, list) else str(value)
        if value:
            found[field.html_name] = value[:5] if field.name == "starts_at" else value
    return {**found, **changes}


# -- who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_committees_pages_are_not_for_others(cast: Cast, client_of, name: str) -> None:
    letter = moved_letter(cast, "terkirim")
    slug, copy = letter.meeting.slug, letter.copies.first()
    client = client_of(cast[name])
    pages = [reverse(each, args=[slug]) for each in ("letters", "letter_new", "recipients", "recipient_new",
             "recipients_paste", "recipients_template")]  # fmt: skip
    pages += [address(each, letter) for each in ("letter", "letter_edit", "letter_copies", "letter_progress")]
    pages += [reverse("letter_copy", args=[copy.pk]), address("letter_preview", letter, copy.invitation_id)]
    assert {client.get(url).status_code for url in pages} == {403}
    posts = [reverse("recipients_all", args=[slug]), address("letter_zip", letter), address("letter_print", letter),
             address("letter_late", letter), address("letter_move", letter, "cancel")]  # fmt: skip
    assert {client.post(url).status_code for url in posts} == {403}


def test_no_regency_reads_the_copy_of_another(cast: Cast, client_of) -> None:
    letter = moved_letter(cast, "terkirim")
    belu = letter.copies.select_related("document", "invitation").get(invitation__regency__code="53.04")
    paper = reverse("document", args=[belu.document.public_id])
    invitation = belu.invitation.get_absolute_url()
    for name in ("operator_belu", "kadis_belu"):
        assert client_of(cast[name]).get(paper).status_code == 200
        assert client_of(cast[name]).get(invitation).status_code == 200
    for name in ("operator_ende", "kadis_ende", "bupati_belu", "observer", "stranger", "tpl_belu"):
        assert client_of(cast[name]).get(paper).status_code in (403, 404), name
        assert client_of(cast[name]).get(invitation).status_code in (403, 404), name
    page = client_of(cast.operator_ende).get(reverse("invitations", args=[letter.meeting.slug]), follow=True)
    assert belu.addressee not in page.content.decode() and str(belu.number) not in page.content.decode()


def test_a_bupati_reads_his_own_letter_and_not_his_offices(cast: Cast, client_of) -> None:
    letter = moved_letter(cast, "terkirim", group="kepala_daerah")
    own = letter.copies.select_related("document").get(invitation__regency__code="53.04")
    url = reverse("document", args=[own.document.public_id])
    assert client_of(cast.bupati_belu).get(url).status_code == 200
    assert client_of(cast.operator_belu).get(url).status_code in (403, 404)


@pytest.mark.parametrize("status", ["diparaf", "disetujui"])
def test_nobody_outside_reads_a_letter_before_it_is_sent(cast: Cast, client_of, status: str) -> None:
    letter = moved_letter(cast, status)
    invitation = letter.meeting.invitations.get(regency__code="53.04")
    assert client_of(cast.operator_belu).get(invitation.get_absolute_url()).status_code == 404
    for document in Document.objects.all():
        url = reverse("document", args=[document.public_id])
        assert client_of(cast.operator_belu).get(url).status_code in (403, 404)


def test_a_preview_as_pdf_stays_inside(cast: Cast, client_of) -> None:
    letter = moved_letter(cast)
    invitation = letter.meeting.invitations.first()
    url = address("letter_preview", letter, invitation.pk)
    page = client_of(cast.panitia).get(url).content.decode()
    assert invitation.addressee in page and "RANCANGAN" in page
    paper = client_of(cast.panitia).post(url).url
    assert client_of(cast.kadis_prov).get(paper).status_code == 200
    assert client_of(cast.operator_belu).get(paper).status_code in (403, 404)


def test_telephones_of_offices_are_the_committees(cast: Cast, client_of) -> None:
    meeting = make_meeting()
    make_invitation(meeting, phone="0812-3456", email="dinas@contoh.test")
    url = reverse("recipients", args=[meeting.slug])
    assert "0812-3456" in client_of(cast.panitia).get(url).content.decode()
    for name in ("notulis", "verifikator", "kadis_prov"):
        page = client_of(cast[name]).get(url).content.decode()
        assert "0812-3456" not in page and "dinas@contoh.test" not in page


# -- forms ------------------------------------------------------------------------------------------------------------


def test_a_letter_is_written_with_what_the_form_offers(cast: Cast, client_of) -> None:
    meeting, client = make_meeting(), client_of(cast.panitia)
    url = f"{reverse('letter_new', args=[meeting.slug])}?untuk=kadis_kab"
    data = form_of(client, url, venue="Aula Eltari")
    for _click in "ab":
        assert client.post(url, data).status_code == 302
    letter = Letter.objects.get()
    assert (letter.content["venue"], letter.author, letter.signer) == (
        "Aula Eltari", cast.panitia, cast.kadis_prov.positions.get(),
    )  # fmt: skip


@pytest.mark.parametrize("group", ["kadis_kab", "kepala_daerah"])
def test_the_form_takes_no_other_signer(cast: Cast, client_of, group: str) -> None:
    head, secretary = cast.kadis_prov.positions.get(), make_province_head()
    wrong = head if group == "kepala_daerah" else secretary
    client = client_of(cast.panitia)
    url = f"{reverse('letter_new', args=[make_meeting().slug])}?untuk={group}"
    offered = [position.pk for position in client.get(url).context["form"].fields["signer"].queryset]
    assert offered == [secretary.pk if group == "kepala_daerah" else head.pk]
    for signer in (wrong.pk, cast.bupati_belu.positions.get().pk, 999_999, "x"):
        assert client.post(url, form_of(client, url, signer=signer)).status_code == 422
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"subject": ""}, {"subject": "x" * 251}, {"starts_on": "kemarin"}, {"starts_at": "25:00"}, {"venue": ""},
     {"agenda": "\n \n"}, {"attachments": ["rahasia"]}, {"register": "999999"}, {"urgency": "kilat"},
     {"ends_on": "2019-04-01"}, {"confirm_by": "2030-01-01"}, {"opening": "x" * 4001}, {"client_key": "bukan-kunci"},
     {"register": ["1", "x"]}, {"venue": "\x00"}],
)  # fmt: skip
def test_a_wrong_form_is_answered_with_the_form(cast: Cast, client_of, changes: dict[str, Any]) -> None:
    client = client_of(cast.panitia)
    url = f"{reverse('letter_new', args=[make_meeting().slug])}?untuk=instansi"
    assert client.post(url, form_of(client, url, **changes)).status_code in (400, 422)
    assert not Letter.objects.exists()


def test_who_saves_a_letter_too_late_sees_both_texts(cast: Cast, client_of) -> None:
    letter = moved_letter(cast)
    client, url = client_of(cast.panitia), address("letter_edit", letter)
    data = form_of(client, url, venue="Aula B")
    save_letter(letter, {"content": {**letter.content, "venue": "Aula A"}}, by=cast.kabid, base_version=1)
    answer = client.post(url, data)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Aula A" in page and "Aula B" in page
    assert client.post(url, form_of_answer(answer)).status_code == 302
    letter.refresh_from_db()
    assert letter.content["venue"] == "Aula B"


def form_of_answer(answer: Any) -> dict[str, Any]:
    form = answer.context["form"]
    return {name: form.data.getlist(name) if name == "attachments" else value for name, value in form.data.items()}


@pytest.mark.parametrize("field", ["version"])
@pytest.mark.parametrize("value", ["", "0", "-1", "99999999999", "x"])
def test_a_strange_version_saves_nothing(cast: Cast, client_of, field: str, value: str) -> None:
    letter = moved_letter(cast)
    client, url = client_of(cast.panitia), address("letter_edit", letter)
    assert client.post(url, form_of(client, url, **{field: value, "venue": "Lain"})).status_code in (409, 422)
    letter.refresh_from_db()
    assert letter.content["venue"] != "Lain"


def test_who_changes_a_recipient_too_late_sees_both(cast: Cast, client_of) -> None:
    invitation = make_invitation(make_meeting())
    client = client_of(cast.panitia)
    url = reverse("recipient_edit", args=[invitation.meeting.slug, invitation.pk])
    data = form_of(client, url, phone="0811")
    recipient_actions.change_recipient(invitation, {"phone": "0822"}, by=cast.kabid, base_version=1)
    answer = client.post(url, data)
    assert answer.status_code == 409 and "0822" in answer.content.decode() and "0811" in answer.content.decode()


@pytest.mark.parametrize("move", ["initial", "approve", "cancel", "return", "terbang"])
def test_no_move_out_of_turn(cast: Cast, client_of, move: str) -> None:
    letter = moved_letter(cast, "terkirim")
    for name in ("panitia", "kabid", "kadis_prov"):
        answer = client_of(cast[name]).post(address("letter_move", letter, move), {"note": "x", "version": 1})
        assert answer.status_code in (403, 404, 422)
    letter.refresh_from_db()
    assert letter.status == "terkirim"


@pytest.mark.parametrize(
    ("move", "name", "before"), [("approve", "kadis_prov", "diparaf"), ("send", "panitia", "disetujui")]
)
def test_a_second_click_finds_the_move_made(cast: Cast, client_of, move: str, name: str, before: str) -> None:
    letter = moved_letter(cast, before)
    client, url = client_of(cast[name]), address("letter_move", letter, move)
    assert [client.post(url, {"version": 1}).status_code for _click in "ab"] == [302, 302]
    assert letter.copies.count() == 2


def test_another_text_than_was_read_is_not_approved(cast: Cast, client_of) -> None:
    letter = moved_letter(cast, "diparaf")
    Letter.objects.filter(pk=letter.pk).update(version=2)
    client, url = client_of(cast.kadis_prov), address("letter_move", letter, "approve")
    assert client.post(url).status_code == 422
    answer = client.post(url, {"version": 1})
    assert answer.status_code == 409 and "diubah orang lain" in answer.content.decode()
    assert client.post(url, {"version": 2}).status_code == 302


def test_a_letter_is_returned_only_with_a_reason(cast: Cast, client_of) -> None:
    letter = moved_letter(cast, "diparaf")
    client, url = client_of(cast.kadis_prov), address("letter_move", letter, "return")
    assert client.post(url, {"version": 1}).status_code == 422
    assert client.post(url, {"version": 1, "note": "Tempatnya salah"}).status_code == 302


@pytest.mark.parametrize(
    "changes",
    [{"group": "raja"}, {"group": "kadis_kab", "regency": ""}, {"addressee": ""}, {"quota": "-1"}, {"quota": "x"},
     {"email": "salah"}, {"agency": "999999"}, {"addressee": "Bupati Belu"}, {"regency": "9999999999999999999999"}],
)  # fmt: skip
def test_a_wrong_recipient_is_answered_with_the_form(cast: Cast, client_of, changes: dict[str, Any]) -> None:
    client = client_of(cast.panitia)
    url = reverse("recipient_new", args=[make_meeting().slug])
    right = {"group": "instansi", "addressee": "Kepala BPOM", "quota": "1"}
    assert client.post(url, {**right, **changes}).status_code == 422
    assert not Invitation.objects.exists()
    assert client.post(url, right).status_code == 302


@pytest.mark.parametrize(
    "query", ["?page=x", "?page=999", "?per=7", "?sort=x&state=y&group=z", "?q=%00", "?q=" + "a" * 999]
)
def test_strange_addresses_of_lists_are_lists(cast: Cast, client_of, query: str) -> None:
    letter = moved_letter(cast, "disetujui")
    client = client_of(cast.panitia)
    for url in (reverse("recipients", args=[letter.meeting.slug]), address("letter_copies", letter)):
        assert client.get(url + query).status_code in (200, 400)


# -- everything at once -----------------------------------------------------------------------------------------------


def test_a_bundle_holds_what_is_ready_and_ends_with_a_withdrawal(cast: Cast, client_of) -> None:
    letter = moved_letter(cast, "disetujui")
    assert bundle_entries(letter.copies.all()) == ([], 2)
    answer = client_of(cast.panitia).post(address("letter_zip", letter), follow=True)
    assert "Tidak ada berkas" in answer.content.decode()
    copy = letter.copies.first()
    bundle = Bundle(kind="letters", entries=[{"name": "a.pdf", "about": copy.pk, "document": copy.document_id}])
    assert may_read_letter_bundle(cast.panitia, bundle)
    assert not may_read_letter_bundle(cast.operator_belu, bundle)
    recipient_actions.withdraw_recipient(copy.invitation, "Salah", by=cast.panitia)
    assert "ditarik" in may_read_letter_bundle(cast.panitia, bundle).reason


@pytest.mark.parametrize(("name", "form"), [("letters_zip", "zip"), ("letters_print", "pdf")])
def test_the_invitations_of_all_groups_come_in_one_file(cast: Cast, client_of, name: str, form: str) -> None:
    letter = moved_letter(cast, "disetujui")
    meeting = letter.meeting
    moved_letter(cast, "disetujui", group="instansi", meeting=meeting)
    page, order = reverse("letters", args=[meeting.slug]), reverse(name, args=[meeting.slug])
    client = client_of(cast.panitia)
    assert order not in client.get(page).content.decode(), "nothing is printed yet"
    copies = list(LetterCopy.objects.filter(letter__meeting=meeting).select_related("document").order_by("pk"))
    for copy in copies:
        assert render_now(copy.document).is_ready
    assert order in client.get(page).content.decode()
    assert client.get(order)["Location"] == page
    client.post(order)
    client.post(order)
    bundle = Bundle.objects.get()
    assert bundle.form == form and pack_bundle(bundle.pk) == "ready"
    assert [entry["about"] for entry in bundle.entries] == [copy.pk for copy in copies] and len(copies) == 3
    assert may_read_letter_bundle(cast.panitia, bundle)


def test_excel_of_every_list(cast: Cast, client_of) -> None:
    letter = moved_letter(cast, "terkirim")
    client = client_of(cast.panitia)
    slug = letter.meeting.slug
    for url in (reverse("letters", args=[slug]), reverse("recipients", args=[slug]), address("letter_copies", letter)):
        answer = client.get(f"{url}?format=xlsx")
        assert answer["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_first_page_tells_who_is_next(cast: Cast) -> None:
    def told(user: Any) -> list[str]:
        user.__dict__.pop("hats", None)
        return [task.title for task in tasks_for(user) if "surat kepada" in task.title]

    letter = moved_letter(cast)
    assert told(cast.kabid) == ["Periksa dan paraf surat kepada Kepala dinas kabupaten/kota"]
    assert told(cast.kadis_prov) == told(cast.panitia) == []
    move_letter(letter, "initial", by=cast.kabid)
    assert told(cast.kadis_prov) == ["Setujui surat kepada Kepala dinas kabupaten/kota"]
    move_letter(letter, "approve", by=cast.kadis_prov)
    assert told(cast.panitia) == ["Kirim surat kepada Kepala dinas kabupaten/kota"]
    move_letter(letter, "send", by=cast.panitia)
    assert told(cast.panitia) == told(cast.kadis_prov) == told(cast.operator_belu) == []


# -- budgets ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(cast: Cast) -> Letter:
    """An approved letter with a copy for each of the 22."""
    meeting = make_meeting(status="terjadwal")
    recipient_actions.invite_all(meeting, "kadis_kab", by=cast.panitia)
    return moved_letter(cast, "disetujui", meeting=meeting)


def test_lists_ask_the_same_however_long_they_are(cast: Cast, client_of, many: Letter, assert_queries) -> None:
    few = moved_letter(cast, "disetujui", meeting=make_meeting(slug="dua", status="terjadwal"))
    client = client_of(cast.panitia)
    client.get("/rakor/")
    for letter in (few, many):
        with assert_queries(COPIES):
            assert len(client.get(address("letter_copies", letter)).context["rows"]) == letter.copies.count()
        with assert_queries(RECIPIENTS):
            client.get(reverse("recipients", args=[letter.meeting.slug]))
        with assert_queries(LETTERS):
            client.get(reverse("letters", args=[letter.meeting.slug]))


COPIES, RECIPIENTS, LETTERS = 8, 9, 6


def test_the_register_names_its_letters_in_as_many_statements(cast: Cast, client_of, many: Letter) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, url = client_of(cast.panitia), many.register.get_absolute_url()
    with CaptureQueriesContext(connection) as asked:
        page = client.get(url).content.decode()
    assert reverse("letter_copy", args=[many.copies.first().pk]) in page
    assert len(asked) < 20


def test_a_wrong_row_blocks_the_whole_list(cast: Cast) -> None:
    meeting = make_meeting()
    rows = [{"group": "instansi", "addressee": name, "place": "Kupang", "quota": 1} for name in ("A", "B", "A")]
    with pytest.raises(Blocked, match="Baris 3"):
        recipient_actions.add_recipients(meeting, rows, by=cast.panitia)
