"""Pages that move proposals: the buttons, the head's page, the self-check with its links."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from programs.models import Proposal, RubricItem, Submission
from programs.queries.moves import offered_moves
from programs.queries.selfcheck import findings
from tests.cast import Cast
from tests.factories_programs import make_attachments, make_line, make_proposal, make_round


def offered(user: object, row: Proposal) -> dict[str, bool]:
    """The buttons of this user, and whether they work."""
    return {move.key: bool(move.decision) for move in offered_moves(user, row)}


def test_everybody_is_offered_his_own_work(cast: Cast) -> None:
    make_round()
    waiting = make_attachments(make_proposal(status="menunggu_kadis"))
    assert offered(cast.operator_belu, waiting) == {"recall": True}
    assert offered(cast.kadis_belu, waiting) == {"decline": True, "send": True}
    assert offered(cast.operator_ende, waiting) == offered(cast.kadis_ende, waiting) == {}
    assert offered(cast.observer, waiting) == offered(cast.stranger, waiting) == offered(cast.admin, waiting) == {}
    passed = make_proposal(status="lolos")
    assert offered(cast.panitia, passed) == {"ready": True}
    assert offered(cast.verifikator, passed) == {"ready": True, "reopen": True}
    assert offered(cast.kadis_belu, passed) == {"withdraw": True}
    assert offered(cast.operator_belu, passed) == {}
    for status in ("disepakati", "ditarik", "dialihkan"):
        row = make_proposal(status=status)
        assert not any(offered(cast[name], row) for name in ("operator_belu", "kadis_belu", "verifikator", "kabid"))


def test_a_refused_button_says_why(cast: Cast) -> None:
    draft = make_proposal()
    (submit,) = offered_moves(cast.operator_belu, draft)
    assert submit.decision.reason == "Periksa mandiri masih menemukan 2 hal yang harus dibereskan."
    waiting = make_attachments(make_proposal(status="menunggu_kadis", title="Lain", village="Lain"))
    send = next(move for move in offered_moves(cast.kadis_belu, waiting) if move.key == "send")
    assert "belum dibuka provinsi" in send.decision.reason
    waiting.authors.add(cast.kadis_belu)
    waiting = Proposal.objects.get(pk=waiting.pk)
    send = next(move for move in offered_moves(cast.kadis_belu, waiting) if move.key == "send")
    assert "ikut menulis" in send.decision.reason


def test_the_head_sends_everything(cast: Cast, client_of: Callable) -> None:
    make_round()
    good = make_attachments(make_proposal(status="menunggu_kadis", title="Garam rakyat"))
    bad = make_proposal(status="menunggu_kadis", title="Kelor bubuk", village="Lain")
    make_proposal("53.08", status="menunggu_kadis", title="Tenun Ende")
    client = client_of(cast.kadis_belu)
    page = client.get("/usulan/persetujuan/").content.decode()
    assert "Garam rakyat" in page
    assert "Kelor bubuk" in page
    assert "Tenun Ende" not in page
    assert "Setujui dan kirim 1 usulan" in page
    assert "RAB bertanda tangan" in page
    answer = client.post("/usulan/persetujuan/kirim/", {"year": "2020"}, follow=True).content.decode()
    assert "1 usulan dikirim ke provinsi." in answer
    assert "“Kelor bubuk” tidak terkirim" in answer
    assert set(Submission.objects.values_list("proposal", flat=True)) == {good.pk}
    bad.refresh_from_db()
    assert bad.status == "menunggu_kadis"
    again = client.post("/usulan/persetujuan/kirim/", {"year": "2020"}, follow=True).content.decode()
    assert "Kelor bubuk" in again
    assert Submission.objects.count() == 1
    for odd in ("", "x", "-1", "99999999999"):
        assert client.post("/usulan/persetujuan/kirim/", {"year": odd}).status_code == 409
    assert "Tidak ada usulan yang menunggu" in client.get("/usulan/persetujuan/?tahun=2031").content.decode()


@pytest.mark.parametrize("many", [1, 40])
def test_the_heads_page_asks_as_often_for_many(
    cast: Cast, client_of: Callable, assert_queries: Callable, many: int
) -> None:
    make_round()
    for number in range(many):
        make_attachments(make_proposal(status="menunggu_kadis", title=f"Usulan {number}", village=f"Desa {number}"))
    client = client_of(cast.kadis_belu)
    client.get("/usulan/persetujuan/?tahun=2020")
    with assert_queries(17):
        client.get("/usulan/persetujuan/?tahun=2020")


def test_a_move_by_its_page(cast: Cast, client_of: Callable) -> None:
    row = make_proposal(status="menunggu_kadis")
    client, address = client_of(cast.kadis_belu), f"/usulan/{row.pk}/langkah/decline/"
    assert "Alasan" in client.get(address).content.decode()
    assert client.post(address, {"note": " "}).status_code == 422
    done = client.post(address, {"note": "Judulnya kurang jelas."}, follow=True)
    assert "sekarang berstatus Konsep" in done.content.decode()
    stale = client.post(address, {"note": "Sekali lagi, alasan panjang."})
    assert stale.status_code == 409
    text = stale.content.decode()
    assert "sudah berstatus" in text
    assert "Sekali lagi, alasan panjang." in text
    late = make_attachments(make_proposal(status="menunggu_kadis"))
    refused = client.post(f"/usulan/{late.pk}/langkah/send/")
    assert refused.status_code == 409
    assert "belum dibuka provinsi" in refused.content.decode()


def test_each_finding_leads_to_its_place_in_the_editor(cast: Cast, client_of: Callable) -> None:
    empty = dict.fromkeys(("title", "district", "background", "problem", "purpose", "method", "executor"), "")
    row = make_proposal(
        **empty, sub_activity=None, help_kind=None, sector=None, starts_month=None, ends_month=None, ikm_count=None,
        group_count=None, male_workers=None, female_workers=None, source="DAK_FISIK",
    )  # fmt: skip
    row.shares.all().delete()
    row.indicators.all().delete()
    make_line(row, source=None, description="", quantity=Decimal(0))
    client = client_of(cast.operator_belu)
    page = client.get(f"/usulan/{row.pk}/periksa/").content.decode()
    editor = client.get(f"/usulan/{row.pk}/ubah/").content.decode()
    links = set(re.findall(rf'href="/usulan/{row.pk}/ubah/#([^"]+)"', page))
    assert links == {finding.place for finding in findings(row)}
    assert len(links) >= 26
    missing = {link for link in links if f'id="{link}"' not in editor}
    assert not missing


def test_the_check_of_what_is_being_mended_is_the_regencys(cast: Cast, client_of: Callable) -> None:
    row = make_proposal(status="dikembalikan", background="")
    assert "Latar belakang" in client_of(cast.kadis_belu).get(f"/usulan/{row.pk}/periksa/").content.decode()
    province = client_of(cast.verifikator).get(f"/usulan/{row.pk}/periksa/").content.decode()
    assert "Latar belakang" not in province
    assert "sedang diperbaiki" in province


@pytest.mark.parametrize("move", ["pass", "return"])
def test_verdicts_of_verification_have_a_page_of_their_own(cast: Cast, client_of: Callable, move: str) -> None:
    """That page knows which version was read; here somebody could pass one that nobody has seen."""
    row = make_proposal(status="diajukan", score=Decimal(80))
    for item in RubricItem.objects.filter(is_active=True):
        row.scores.create(item=item, step=item.steps.first(), points=item.weight, by=cast.verifikator)
    client, address = client_of(cast.verifikator), f"/usulan/{row.pk}/langkah/{move}/"
    for answer in (client.get(address), client.post(address, {"note": "Perbaiki."})):
        assert (answer.status_code, answer["Location"]) == (302, f"/verifikasi/{row.pk}/")
    row.refresh_from_db()
    assert row.status == "diajukan"
    assert client_of(cast.operator_belu).post(address, {"note": "Perbaiki."}).status_code == 403
