"""Pages of invitations and participants: what each may see and do, what happens with odd input, how many queries."""

from __future__ import annotations

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image

from rakor.models import Invitation, LetterCopy, Registration
from tests.factories_guests import BUPATI, accept, delegate, guest, make_invitation

NIP, PHONE, MAIL = "197001011995031001", "0812777888", "rahasia@contoh.test"


@pytest.fixture
def invited(published_meeting, cast):
    return make_invitation(published_meeting, by=cast.panitia)


@pytest.fixture
def coming(invited, cast):
    return accept(invited, by=cast.operator_belu)


@pytest.fixture
def place(coming, cast):
    return delegate(
        coming,
        "Maria Rahasia",
        by=cast.operator_belu,
        employee_number=NIP,
        phone=PHONE,
        email=MAIL,
        arrival="feri 17.00",
    )


def url(name, invitation, *more):
    return reverse(name, args=[invitation.meeting.slug, invitation.pk, *more])


def photo():
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(out, "JPEG")
    return out.getvalue()


def text(response):
    return response.content.decode()


# -- the invited office


def test_the_office_finds_its_own_invitation(invited, cast, client_of):
    client = client_of(cast.operator_belu)
    found = client.get(reverse("invitations", args=[invited.meeting.slug]), follow=True)
    assert found.redirect_chain == [(invited.get_absolute_url(), 302)]
    assert "Apakah kantor Anda hadir?" in text(found)
    assert "Mohon dijawab paling lambat" in text(found)
    assert reverse("invitations", args=[invited.meeting.slug]) in text(client.get(invited.meeting.get_absolute_url()))
    home = text(client.get("/"))
    assert "Jawab undangan Rakor Atambua 2019" in home


def test_answer_name_delegate_and_hand_in_from_a_phone(invited, cast, client_of):
    client = client_of(cast.operator_belu)
    assert client.post(url("invitation_open", invited), headers={"HX-Request": "true"}).status_code == 204
    assert LetterCopy.objects.get().read_by == cast.operator_belu
    page = client.post(url("invitation_accept", invited), {"version": 1}, follow=True)
    assert "Daftarkan utusan" in text(page)
    key = str(uuid.uuid4())
    form = {"name": "Maria Contoh", "title": "Kepala Seksi", "phone": PHONE, "employee_number": NIP, "client_key": key}
    for _click in "ab":
        page = client.post(url("delegate_add", invited), form, follow=True)
    assert Registration.objects.count() == 1
    assert "Maria Contoh" in text(page)
    file = SimpleUploadedFile("tugas.jpg", photo(), "image/jpeg")
    sent = {"number": "094/1/2019", "on": "2019-04-20", "file": file}
    page = client.post(url("invitation_assignment", invited), sent, follow=True)
    assert "094/1/2019" in text(page)
    assert "sudah dijawab lengkap" in text(page)
    late = {"number": "094/2/2019", "on": "2019-04-21", "file": SimpleUploadedFile("b.jpg", photo(), "image/jpeg")}
    both = client.post(url("invitation_assignment", invited), late)
    assert both.status_code == 409 and "094/1/2019" in text(both) and 'value="094/2/2019"' in text(both)
    shown = client.get(url("invitation_assignment_file", invited))
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "Jawab undangan" not in text(client.get("/"))


def test_the_form_is_filled_from_the_own_office(coming, cast, client_of):
    client = client_of(cast.operator_belu)
    page = text(client.get(url("delegate_add", coming)))
    assert "Kadis Belu Contoh" in page
    assert "Kadis Ende Contoh" not in page
    position = cast.kadis_belu.positions.get()
    filled = text(client.get(f"{url('delegate_add', coming)}?orang={position.pk}"))
    assert 'value="Kadis Belu Contoh"' in filled
    foreign = cast.kadis_ende.positions.get()
    assert "Kadis Ende" not in text(client.get(f"{url('delegate_add', coming)}?orang={foreign.pk}"))
    values = {"name": "Kadis Belu Contoh", "user": cast.kadis_belu.pk, "client_key": str(uuid.uuid4())}
    client.post(url("delegate_add", coming), values)
    assert Registration.objects.get().user == cast.kadis_belu
    values = {"name": "Orang Lain", "user": cast.kadis_ende.pk, "client_key": str(uuid.uuid4())}
    assert client.post(url("delegate_add", coming), values).status_code == 422


def test_a_full_quota_is_told_and_nothing_typed_is_lost(coming, cast, client_of):
    client = client_of(cast.operator_belu)
    for name in ("Satu Orang", "Dua Orang"):
        delegate(coming, name, by=cast.operator_belu)
    assert "Jatah utusan sudah penuh" in text(client.get(coming.get_absolute_url()))
    refused = client.post(url("delegate_add", coming), {"name": "Tiga Orang", "phone": PHONE})
    assert refused.status_code == 422
    assert "sudah penuh" in text(refused)
    assert PHONE in text(refused)


def test_replace_and_cancel_ask_why(place, cast, client_of):
    client, invitation = client_of(cast.operator_belu), place.invitation
    assert client.post(url("delegate_replace", invitation, place.pk), {"name": "Baru Orang"}).status_code == 422
    done = client.post(
        url("delegate_replace", invitation, place.pk),
        {"name": "Baru Orang", "reason": "Sakit", "client_key": str(uuid.uuid4())}, follow=True,
    )  # fmt: skip
    assert "menggantikan Maria Rahasia" in text(done)
    new = Registration.objects.active().get()
    assert client.post(url("delegate_cancel", invitation, new.pk), {"note": " "}).status_code == 422
    client.post(url("delegate_cancel", invitation, new.pk), {"note": "Batal berangkat"})
    assert not Registration.objects.active().exists()


def test_two_editors_both_see_both(place, cast, client_of):
    address = url("delegate_edit", place.invitation, place.pk)
    first, second = client_of(cast.operator_belu), client_of(cast.kadis_belu)
    version = place.version
    assert first.post(address, {"name": "Maria Pertama", "phone": "0811", "version": version}).status_code == 302
    late = second.post(address, {"name": "Maria Kedua", "phone": "0822", "version": version})
    assert late.status_code == 409
    assert "Maria Pertama" in text(late)
    assert "Maria Kedua" in text(late)
    assert "Orang lain sudah menyimpan perubahan" in text(late)
    again = second.post(address, {"name": "Maria Kedua", "phone": "0822", "version": version + 1})
    assert again.status_code == 302
    place.refresh_from_db()
    assert (place.phone, place.participant.name) == ("0822", "Maria Kedua")


def test_two_answers_at_once_are_both_shown(invited, cast, client_of):
    client_of(cast.kadis_belu).post(url("invitation_accept", invited), {"version": 1})
    late = client_of(cast.operator_belu).post(url("invitation_decline", invited), {"version": 1, "reason": "Sakit"})
    assert late.status_code == 409
    assert "Orang lain sudah menyimpan" in text(late)
    assert "Hadir" in text(late)
    assert Invitation.objects.get().answer == "hadir"


@pytest.mark.parametrize(
    "form", [{}, {"version": "x"}, {"version": "-1"}, {"version": "9" * 30}, {"version": "1", "reason": ""}]
)
def test_odd_answers_are_told_not_crashed(form, invited, cast, client_of):
    assert client_of(cast.operator_belu).post(url("invitation_decline", invited), form).status_code == 422


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (("tugas.pdf", b"MZ\x90\x00program"), "tidak diterima"),
        (("tugas.pdf", photo()), "isinya berkas JPEG"),
        (("tugas.jpg", b"<html><script>alert(1)</script>"), "tidak diterima"),
        (("tugas.jpg", b""), "kosong"),
    ],
)
def test_a_mislabelled_file_is_refused_at_its_field(file, told, coming, cast, client_of):
    sent = {"number": "1", "on": "2019-04-20", "file": SimpleUploadedFile(*file)}
    refused = client_of(cast.operator_belu).post(url("invitation_assignment", coming), sent)
    assert refused.status_code == 422
    assert told in text(refused)
    assert not Invitation.objects.get().assignment_file


@pytest.mark.parametrize("on", ["2099-01-01", "1999-01-01", "kemarin", ""])
def test_an_odd_day_is_told(on, coming, cast, client_of):
    sent = {"number": "1", "on": on, "file": SimpleUploadedFile("tugas.jpg", photo())}
    assert client_of(cast.operator_belu).post(url("invitation_assignment", coming), sent).status_code == 422


# -- everybody else


ADDRESSES = (
    "invitation", "invitation_open", "invitation_accept", "invitation_decline", "invitation_assignment",
    "invitation_assignment_file", "delegate_add",
)  # fmt: skip
OF_DELEGATES = ("delegate_edit", "delegate_replace", "delegate_cancel")
OF_GUESTS = ("registration_edit", "registration_replace", "registration_cancel")


@pytest.mark.parametrize("who", ["operator_ende", "kadis_ende", "bupati_belu", "tpl_belu", "observer"])
def test_others_find_nothing_under_any_address_of_belu(who, place, cast, client_of):
    client, invitation = client_of(cast[who]), place.invitation
    addresses = [url(name, invitation) for name in ADDRESSES]
    addresses += [url(name, invitation, place.pk) for name in OF_DELEGATES]
    before = list(Registration.objects.values()), list(Invitation.objects.values())
    for address in addresses:
        assert client.get(address).status_code == 404, address
        form = {"version": invitation.version, "name": "Penyusup", "reason": "x", "note": "x", "number": "1"}
        answer = client.post(address, form)
        assert answer.status_code in (404, 405), address
    assert client.get(reverse("invitations", args=[invitation.meeting.slug])).status_code == 404
    for name in OF_GUESTS:
        assert client.get(reverse(name, args=[invitation.meeting.slug, place.pk])).status_code == 403
    assert client.get(reverse("registrations", args=[invitation.meeting.slug])).status_code == 403
    assert (list(Registration.objects.values()), list(Invitation.objects.values())) == before


def test_the_own_invitation_does_not_open_another_ones_delegates(place, published_meeting, cast, client_of):
    ende = make_invitation(published_meeting, "53.08", by=cast.panitia)
    client = client_of(cast.operator_ende)
    for name in OF_DELEGATES:
        assert client.get(url(name, ende, place.pk)).status_code == 404
        assert (
            client.post(url(name, ende, place.pk), {"name": "Penyusup", "reason": "x", "note": "x"}).status_code == 404
        )
    wrong = reverse("invitation", args=["rakor-lain", ende.pk])
    assert client.get(wrong).status_code == 404


def test_personal_data_never_reach_another_regency(place, published_meeting, cast, client_of):
    guest(published_meeting, "Tamu Bank", by=cast.panitia, phone=PHONE, employee_number="198001011995031009")
    ende = accept(make_invitation(published_meeting, "53.08", by=cast.panitia), by=cast.operator_ende)
    delegate(ende, "Orang Ende", by=cast.operator_ende)
    client, slug = client_of(cast.operator_ende), published_meeting.slug
    pages = [
        "/", published_meeting.get_absolute_url(), reverse("agenda", args=[slug]), ende.get_absolute_url(),
        url("delegate_add", ende), reverse("minutes_list", args=[slug]), reverse("regency", args=["53.04"]),
    ]  # fmt: skip
    for address in pages:
        shown = text(client.get(address))
        for secret in (NIP, PHONE, MAIL, "Maria Rahasia", place.token):
            assert secret not in shown, (address, secret)
    own = text(client_of(cast.operator_belu).get(place.invitation.get_absolute_url()))
    assert all(known in own for known in (NIP, PHONE, MAIL))


@pytest.mark.parametrize(("who", "reads"), [("panitia", True), ("kabid", True), ("notulis", False), ("admin", False)])
def test_in_the_province_only_who_keeps_guests_reads_personal_data(who, reads, place, cast, client_of):
    client, slug = client_of(cast[who]), place.meeting.slug
    listed = reverse("registrations", args=[slug])
    for address in (place.invitation.get_absolute_url(), listed, f"{listed}?q={PHONE[:6]}"):
        page = client.get(address)
        assert page.status_code == 200
        assert (PHONE in text(page).replace(f'value="{PHONE[:6]}"', "")) is reads, address
    book = load_workbook(io.BytesIO(client.get(f"{listed}?format=xlsx").content))
    cells = [str(cell) for row in book.active.values for cell in row]
    assert ("Maria Rahasia" in cells, PHONE in cells) == (True, reads)


def test_a_withdrawn_invitation_says_so_and_why_and_shows_nothing_else(place, cast, client_of):
    from django.utils import timezone

    Invitation.objects.update(withdrawn_at=timezone.now(), withdrawn_reason="Pejabat berganti")
    LetterCopy.objects.update(voided_at=timezone.now(), void_reason="Pejabat berganti")
    client = client_of(cast.operator_belu)
    page = client.get(place.invitation.get_absolute_url())
    assert page.status_code == 200
    assert "sudah ditarik" in text(page) and "Alasan: Pejabat berganti" in text(page)
    assert not any(hidden in text(page) for hidden in (NIP, PHONE, "Maria Rahasia"))
    assert client.post(url("invitation_accept", place.invitation), {"version": 2}).status_code == 404
    assert client_of(cast.operator_ende).get(place.invitation.get_absolute_url()).status_code == 404
    assert "Pejabat berganti" in text(client_of(cast.panitia).get(place.invitation.get_absolute_url()))


# -- the committee


def test_the_board_shows_the_silent_first_and_leaves_by_excel(invited, cast, client_of):
    make_invitation(invited.meeting, "53.08", by=cast.panitia)
    make_invitation(invited.meeting, "53.04", by=cast.panitia, group=BUPATI)
    accept(invited, by=cast.operator_belu)
    client, address = client_of(cast.panitia), reverse("invitations", args=[invited.meeting.slug])
    page = text(client.get(address))
    assert page.index("Kabupaten Ende</a>") < page.index(f"{invited.addressee}</a>")
    assert "2 undangan belum dijawab" in text(client.get("/"))
    assert "Tidak ada undangan yang cocok" in text(client.get(f"{address}?q=xyzzy"))
    book = load_workbook(io.BytesIO(client.get(f"{address}?format=xlsx&group=kadis_kab").content))
    assert book.active.max_row == 3
    for odd in ("?page=9999&sort=xx&group=xx&state=xx", "?q=%00", f"?q={'x' * 500}", "?page=-1"):
        assert client.get(f"{address}{odd}").status_code == 200


def test_the_board_costs_the_same_with_many(invited, cast, client_of, assert_queries):
    client, address = client_of(cast.panitia), reverse("invitations", args=[invited.meeting.slug])
    client.get(address)
    with assert_queries(10):
        client.get(address)
    letter = LetterCopy.objects.get().letter
    for code in ("53.01", "53.02", "53.03", "53.05", "53.08"):
        make_invitation(invited.meeting, code, by=cast.panitia, letter=letter)
    with assert_queries(10):
        client.get(address)


def test_the_page_of_an_invitation_costs_the_same_with_many(coming, cast, client_of, assert_queries):
    client = client_of(cast.operator_belu)
    delegate(coming, "Satu Orang", by=cast.operator_belu)
    client.get(coming.get_absolute_url())
    with assert_queries(6):
        client.get(coming.get_absolute_url())
    Invitation.objects.update(quota=9)
    for number in range(5):
        delegate(coming, f"Orang {number}", by=cast.operator_belu)
    with assert_queries(6):
        client.get(coming.get_absolute_url())


def test_the_list_of_participants_costs_the_same_with_many(published_meeting, cast, client_of, assert_queries):
    client, address = client_of(cast.panitia), reverse("registrations", args=[published_meeting.slug])
    guest(published_meeting, "Satu Orang", by=cast.panitia)
    client.get(address)
    with assert_queries(8):
        client.get(address)
    for number in range(12):
        guest(published_meeting, f"Orang {number}", by=cast.panitia)
    with assert_queries(8):
        client.get(address)


def test_the_committee_writes_down_guests(published_meeting, cast, client_of):
    client, slug = client_of(cast.panitia), published_meeting.slug
    form = {"name": "Tamu Bank", "institution": "Bank NTT", "category": "mitra", "client_key": str(uuid.uuid4())}
    for _click in "ab":
        assert client.post(reverse("registration_new", args=[slug]), form).status_code == 302
    made = Registration.objects.get()
    double = client.post(reverse("registration_new", args=[slug]), form | {"client_key": str(uuid.uuid4())})
    assert double.status_code == 422
    assert "sudah terdaftar" in text(double)
    edit = reverse("registration_edit", args=[slug, made.pk])
    client.post(
        edit, form | {"category": "pers", "regency": published_meeting.host_regency_id, "version": made.version}
    )
    made.refresh_from_db()
    assert (made.category, made.participant.regency) == ("pers", published_meeting.host_regency)
    client.post(reverse("registration_cancel", args=[slug, made.pk]), {"note": "Tidak jadi"})
    page = text(client.get(f"{reverse('registrations', args=[slug])}?status=batal"))
    assert "Tamu Bank" in page
    assert "Tidak jadi" in page


@pytest.mark.parametrize(
    "form",
    [
        {}, {"name": "x"}, {"name": "Orang", "institution": "", "category": "mitra"},
        {"name": "Orang", "institution": "BRI", "category": "raja"},
        {"name": "Orang", "institution": "BRI", "category": "mitra", "employee_number": "12"},
        {"name": "Orang", "institution": "BRI", "category": "mitra", "email": "x"},
        {"name": "Orang", "institution": "BRI", "category": "mitra", "client_key": "bukan"},
        {"name": "Orang", "institution": "BRI", "category": "mitra", "regency": "999999"},
        {"name": "O" * 5000, "institution": "BRI", "category": "mitra"},
    ],
)  # fmt: skip
def test_odd_forms_are_told_not_crashed(form, published_meeting, cast, client_of):
    address = reverse("registration_new", args=[published_meeting.slug])
    assert client_of(cast.panitia).post(address, form).status_code == 422


def test_a_delegate_that_the_committee_writes_down_is_the_offices(invited, cast, client_of):
    host = invited.regency
    form = {"name": "Utusan Telepon", "institution": invited.agency.name, "category": "utusan", "regency": host.pk}
    client_of(cast.panitia).post(reverse("registration_new", args=[invited.meeting.slug]), form)
    assert Registration.objects.get().invitation == invited
    assert "Utusan Telepon" in text(client_of(cast.operator_belu).get(invited.get_absolute_url()))
