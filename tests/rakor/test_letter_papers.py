"""The paper of a surat undangan: head by who signs, the recipient's own place, who may read it."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from portal.documents import rendering
from portal.documents.actions import render_now
from portal.documents.models import Bundle
from portal.documents.shapes import check_shape
from portal.documents.tasks import pack_bundle
from rakor.facts.invitation_letter import behalf_lines
from rakor.queries.letter_papers import (
    letter_summary,
    may_read_letter,
    order_copies,
    order_copy,
    preview_facts,
    readable_letters,
)
from tests import factories
from tests.factories_letters import make_copy, make_invitation, make_letter
from tests.portal.documents.papers import VERIFY, envelope, sample

pytestmark = pytest.mark.django_db


def head_of_office(cast: Any) -> Any:
    return cast.kadis_prov.positions.get()


def approved(cast: Any) -> dict[str, Any]:
    """What a letter has when its copies bear numbers."""
    now = timezone.now()
    return {
        "status": "disetujui", "initialled_at": now, "initialled_by": cast.kabid, "approved_at": now,
        "approved_by": cast.kadis_prov,
    }  # fmt: skip


def test_the_preview_says_what_the_letter_will_say(cast: Any, published_meeting: Any) -> None:
    belu = make_invitation(published_meeting)
    make_invitation(published_meeting, "53.08")
    letter = make_letter(published_meeting, cast.panitia, head_of_office(cast))
    facts = preview_facts(letter, belu)
    check_shape("undangan", 1, facts)
    assert facts["status"] == "RANCANGAN" and "…" in facts["number"]
    assert facts["letterhead"]["office"] == "Dinas Perindustrian dan Perdagangan" and not facts["head_of_region"]
    assert facts["signer"]["office"].startswith("Kepala Dinas Perindustrian dan Perdagangan Provinsi")
    assert [row["label"] for row in facts["when"]] == ["hari, tanggal", "waktu", "tempat", "acara", "pakaian"]
    assert facts["when"][0]["lines"] == ["Rabu–Jumat, 24–26 April 2019"]
    assert facts["when"][1]["lines"] == ["pukul 09.00 WITA s.d. selesai"]
    assert facts["attached"] == "3 (tiga) berkas"
    assert [facts[part] for part in ("invited_title", "programme_title", "data_title")] == [
        "Lampiran I", "Lampiran II", "Lampiran III",
    ]  # fmt: skip
    assert [row["place"] for row in facts["invited"]] == ["Atambua", "Ende"]
    assert any("2 (dua) orang" in note for note in facts["notes"])
    assert any("Jumat, 12 April 2019" in note for note in facts["notes"])


def test_the_secretary_signs_for_the_governor_on_his_own_head(cast: Any, published_meeting: Any) -> None:
    from regencies.models import Agency

    province = published_meeting.province
    name = "Sekretariat Daerah Provinsi Nusa Tenggara Timur"
    office = Agency.objects.create(name=name, level="provinsi", province=province)
    sekda = factories.make_position(
        factories.make_user("sekda"), "pimpinan", office, title="Sekretaris Daerah", rank="Pembina Utama"
    )
    bupati = make_invitation(published_meeting, group="kepala_daerah", addressee="Bupati Belu")
    letter = make_letter(
        published_meeting, cast.panitia, sekda, group="kepala_daerah", on_behalf="Gubernur Nusa Tenggara Timur"
    )
    facts = preview_facts(letter, bupati)
    assert facts["letterhead"]["lines"] == ["Pemerintah Provinsi Nusa Tenggara Timur"]
    assert facts["letterhead"]["office"] == "Sekretariat Daerah" and not facts["head_of_region"]
    assert facts["signer"]["on_behalf"] == ["a.n. Gubernur Nusa Tenggara Timur"]
    assert facts["signer"]["office"] == "Sekretaris Daerah" and facts["signer"]["rank"] == "Pembina Utama"
    assert facts["annex_of"] == "Surat Gubernur Nusa Tenggara Timur"
    assert not any("surat tugas" in note for note in facts["notes"]), "a Bupati bears no surat tugas"


def test_the_governor_signs_with_his_name_alone(cast: Any, published_meeting: Any) -> None:
    from regencies.models import Agency

    office = Agency.objects.create(name="Gubernur", level="provinsi", province=published_meeting.province)
    governor = factories.make_position(
        factories.make_user("gubernur"), "pimpinan", office, title="Gubernur Nusa Tenggara Timur", rank="Pangkat",
        employee_number="1" * 18,
    )  # fmt: skip
    bupati = make_invitation(published_meeting, group="kepala_daerah", addressee="Bupati Belu")
    facts = preview_facts(make_letter(published_meeting, cast.panitia, governor, group="kepala_daerah"), bupati)
    assert facts["head_of_region"] and facts["letterhead"]["office"] == "Gubernur Nusa Tenggara Timur"
    assert facts["letterhead"]["lines"] == [] and facts["signer"]["rank"] == "" and facts["signer"]["nip"] == ""
    assert facts["signer"]["office"] == "Gubernur Nusa Tenggara Timur"
    assert facts["copies_to"] == [], "nobody gets a copy of his own letter"


def test_one_who_signs_for_another_in_the_secretary_s_place() -> None:
    assert behalf_lines("") == []
    assert behalf_lines("a.n. Gubernur X") == ["a.n. Gubernur X"]
    assert behalf_lines("Gubernur X; Sekretaris Daerah") == ["a.n. Gubernur X", "Sekretaris Daerah,", "u.b."]
    assert behalf_lines("a.n. Gubernur X; Sekretaris Daerah; u.b.") == behalf_lines("Gubernur X; Sekretaris Daerah")


def test_a_copy_is_read_by_the_province_and_once_sent_by_its_office(cast: Any, published_meeting: Any) -> None:
    letter = make_letter(published_meeting, cast.panitia, head_of_office(cast))
    belu = make_copy(letter, make_invitation(published_meeting), by=cast.kadis_prov)
    document = order_copy(belu, by=cast.kadis_prov)
    assert belu.document == document and document.facts["number"] == belu.number.text
    assert order_copy(belu, by=cast.kadis_prov) == document
    people = ("panitia", "kadis_belu", "operator_belu", "operator_ende", "bupati_belu", "observer", "stranger")

    def readers() -> list[str]:
        found = [name for name in people if may_read_letter(cast[name], document)]
        rows = type(document).objects.filter(kind="undangan")
        assert found == [name for name in people if document in readable_letters(cast[name], rows)]
        return found

    assert readers() == ["panitia"]
    belu.sent_at = timezone.now()
    belu.save()
    assert readers() == ["panitia", "kadis_belu", "operator_belu"]
    belu.voided_at, belu.void_reason = timezone.now(), "Penerima diganti"
    belu.save()
    assert readers() == ["panitia"]


def test_many_copies_take_as_many_statements_as_one(cast: Any, published_meeting: Any, assert_queries: Any) -> None:
    letter = make_letter(published_meeting, cast.panitia, head_of_office(cast))
    copies = [
        make_copy(letter, make_invitation(published_meeting, code), by=cast.kadis_prov)
        for code in ("53.04", "53.05", "53.06", "53.08")
    ]
    with assert_queries(10):
        order_copy(copies[0], by=cast.kadis_prov)
    with assert_queries(10):
        documents = order_copies(letter, copies[1:], by=cast.kadis_prov)
    assert len({document.facts_hash for document in documents}) == 3
    assert [document.facts["place"] for document in documents] == ["Kalabahi", "Larantuka", "Ende"]
    stored = type(letter).objects.get().copies.order_by("pk").values_list("document", flat=True)
    assert list(stored)[1:] == [document.pk for document in documents]


def test_parallel_desks_are_one_row_that_names_the_recipient_s_own(cast: Any, published_meeting: Any) -> None:
    from rakor.models import Room

    for number, code in enumerate(("53.04", "53.08", "53.05"), 1):
        factories.make_session(
            published_meeting, f"Desk {code}", kind="desk", regency=factories.regency(code),
            room=Room.objects.create(meeting=published_meeting, name=f"Meja {number}"), starts_at=factories.at(13),
            ends_at=factories.at(13, 45),
        )  # fmt: skip
    belu = make_invitation(published_meeting)
    letter = make_letter(published_meeting, cast.panitia, head_of_office(cast))
    rows = preview_facts(letter, belu)["programme"][0]["rows"]
    assert [row["title"] for row in rows][-2:] == ["Pleno", "Desk usulan program 3 kabupaten/kota"]
    assert rows[-1]["details"] == ["Kabupaten Belu: pukul 13.00–13.45, Meja 1"]
    assert (rows[-1]["time"], rows[-1]["room"]) == ("13.00–13.45", "Meja 1 s.d. Meja 3")


def test_what_is_empty_is_left_out(cast: Any, draft_meeting: Any) -> None:
    draft_meeting.sessions.all().delete()
    agency = make_invitation(draft_meeting, group="instansi", quota=0, place="")
    letter = make_letter(
        draft_meeting, cast.panitia, head_of_office(cast), group="instansi", content={"attachments": ["jadwal", "data"]}
    )
    facts = preview_facts(letter, agency)
    check_shape("undangan", 1, facts)
    assert facts["attached"] == "–" and facts["programme_title"] == "" and facts["data_title"] == ""
    assert facts["when"] == [] and facts["notes"] == [] and facts["copies_to"] == [] and facts["closing"] == []
    assert facts["place"] == "Tempat" and facts["opening"] == [
        "Dengan hormat, kami mengundang Saudara untuk hadir pada:"
    ]


@pytest.mark.parametrize(("words", "sheets"), [(60, 1), (110, 2), (240, 2)])
def test_a_letter_too_long_for_one_sheet_ends_with_its_last_sentence_and_signature(words: int, sheets: int) -> None:
    facts = sample("undangan")
    facts["opening"] = [" ".join(["pembinaan industri kecil"] * (words // 3)), facts["opening"][-1]]
    facts["invited_title"] = facts["programme_title"] = facts["data_title"] = ""
    done = rendering.press().render(envelope("undangan", **facts), VERIFY)
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(done.content)).pages]
    assert len(pages) == sheets
    assert "diucapkan terima kasih." in pages[-1] and "NIP 19650101 199003 1 001" in pages[-1]


def test_the_code_on_the_letter_tells_whether_it_stands(cast: Any, published_meeting: Any) -> None:
    letter = make_letter(published_meeting, cast.panitia, head_of_office(cast))
    copy = make_copy(letter, make_invitation(published_meeting), by=cast.kadis_prov)
    document = order_copy(copy, by=cast.kadis_prov)
    assert letter_summary(document)[-1] == ("Keberlakuan", "Berlaku.")
    copy.voided_at, copy.void_reason = timezone.now(), "Penerima diganti"
    copy.save()
    assert letter_summary(document)[-1] == ("Keberlakuan", "Bukan surat yang berlaku.")
    shown = str(letter_summary(document))
    assert copy.number.text in shown and "Sekretariat (0380)" not in shown


def test_the_print_bundle_of_a_letter_begins_each_copy_on_a_new_sheet(
    cast: Any, client_of: Any, published_meeting: Any
) -> None:
    """Rendered, bound by the worker and downloaded, by the buttons of the page."""
    letter = make_letter(published_meeting, cast.panitia, head_of_office(cast), **approved(cast))
    copies = [
        make_copy(letter, make_invitation(published_meeting, code), by=cast.kadis_prov) for code in ("53.04", "53.08")
    ]
    for document in order_copies(letter, copies, by=cast.kadis_prov):
        assert render_now(document).is_ready
    client = client_of(cast.panitia)
    answer = client.post(reverse("letter_print", args=[published_meeting.slug, letter.pk]))
    bundle = Bundle.objects.get()
    assert answer["Location"] == bundle.get_absolute_url() and bundle.form == "pdf"
    assert pack_bundle(bundle.pk) == "ready"
    content = b"".join(client.get(reverse("bundle_download", args=[bundle.public_id])).streaming_content)
    reader = pypdf.PdfReader(io.BytesIO(content))
    first = [number for number, page in enumerate(reader.pages, 1) if "Yth." in page.extract_text()]
    assert first == [1, 5] and len(reader.pages) == 8
    marks = [str(mark["/Title"]) for mark in reader.outline]
    assert marks == [f"{copy.number.sequence:03} {copy.addressee}" for copy in copies]
