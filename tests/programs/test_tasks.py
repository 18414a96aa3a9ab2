"""What the first page asks people to do about proposals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from programs.actions.rounds import extend
from programs.models import ReturnPoint
from programs.queries import tasks
from tests import factories
from tests.cast import Cast
from tests.factories_programs import make_proposal, make_round

DAY = dt.timedelta(days=1)


def titles(found: object) -> list[str]:
    """The titles of tasks."""
    return [task.title for task in found]


def test_operators_draft_and_mend(cast: Cast) -> None:
    who = cast.operator_belu
    assert titles(tasks.drafting_tasks(who)) == []
    found = make_round()
    begin = next(iter(tasks.drafting_tasks(who)))
    assert (begin.title, begin.tone) == ("Susun usulan program 2020", "info")
    make_proposal()
    make_proposal("53.08")
    make_proposal("53.08", status="dikembalikan")
    assert titles(tasks.drafting_tasks(who)) == ["Lengkapi 1 konsep usulan"]
    found.closes_at = timezone.now() + 2 * DAY
    found.save()
    near = next(iter(tasks.drafting_tasks(who)))
    assert (near.tone, near.urgency) == ("warning", 1)
    extend(found, factories.regency(), until=timezone.now() + 20 * DAY, reason="Kapal", by=cast.panitia)
    assert next(iter(tasks.drafting_tasks(who))).tone == "info"
    for number in range(5):
        row = make_proposal(status="dikembalikan", title=f"Kembali {number}")
        for answered in (None, timezone.now()):
            ReturnPoint.objects.create(
                proposal=row, submission=row.submissions.get(), note="Harga", by=cast.verifikator, answered_at=answered
            )
    mend = list(tasks.drafting_tasks(who))
    assert titles(mend)[:4] == [*(f"Perbaiki usulan “Kembali {n}”" for n in range(3)), "Perbaiki 2 usulan lain"]
    assert mend[0].note == "1 catatan belum dijawab."


def test_heads_approve(cast: Cast) -> None:
    make_round()
    assert titles(tasks.approving_tasks(cast.kadis_belu)) == []
    for _number in range(2):
        make_proposal(status="menunggu_kadis")
    make_proposal("53.08", status="menunggu_kadis")
    found = list(tasks.approving_tasks(cast.kadis_belu))
    assert titles(found) == ["Periksa dan kirim 2 usulan tahun 2020"]
    assert found[0].url == "/usulan/persetujuan/?tahun=2020"


def test_verifiers_have_a_queue(cast: Cast) -> None:
    make_proposal(status="diajukan", verifier=cast.verifikator)
    make_proposal(status="diajukan", verifier=cast.kabid)
    make_proposal(status="diajukan")
    make_proposal(status="lolos")
    assert titles(tasks.verifying_tasks(cast.verifikator)) == [
        "Verifikasi 1 usulan Anda", "1 usulan belum ada verifikatornya",
    ]  # fmt: skip


def test_the_committee_keeps_the_round(cast: Cast) -> None:
    assert titles(tasks.round_tasks(cast.panitia)) == ["Buka putaran pengusulan"]
    found = make_round()
    assert titles(tasks.round_tasks(cast.panitia)) == []
    found.closes_at = timezone.now() + DAY
    found.save()
    make_proposal(status="lolos")
    assert titles(tasks.round_tasks(cast.panitia)) == ["Ingatkan 21 kabupaten/kota", "1 usulan lolos menunggu desk"]
    make_round(open=False)
    assert titles(tasks.round_tasks(cast.panitia))[0] == "21 kabupaten/kota terlambat mengirim usulan"


def test_operators_report_quarters(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.timezone, "localdate", lambda: dt.date(2020, 7, 5))
    assert titles(tasks.reporting_tasks(cast.operator_belu)) == []
    make_proposal(status="disepakati")
    make_proposal(status="ditunda")
    make_proposal("53.08", status="disepakati")
    found = list(tasks.reporting_tasks(cast.operator_belu))
    assert titles(found) == ["Laporkan realisasi TW II 2020: 1 program"]
    assert found[0].tone == "info"
    monkeypatch.setattr(tasks.timezone, "localdate", lambda: dt.date(2020, 7, 11))
    assert next(iter(tasks.reporting_tasks(cast.operator_belu))).tone == "warning"


@pytest.mark.parametrize("many", [1, 25])
def test_tasks_ask_as_often_for_many(cast: Cast, assert_queries: Callable, many: int) -> None:
    found = make_round()
    found.closes_at = timezone.now() + DAY
    found.save()
    for status in ("konsep", "menunggu_kadis", "dikembalikan", "diajukan", "lolos", "disepakati"):
        for _number in range(many):
            make_proposal(status=status, lines=0)
    budgets = (
        (tasks.drafting_tasks, cast.operator_belu, 4), (tasks.approving_tasks, cast.kadis_belu, 3),
        (tasks.verifying_tasks, cast.verifikator, 1), (tasks.round_tasks, cast.panitia, 4),
        (tasks.reporting_tasks, cast.operator_belu, 1),
    )  # fmt: skip
    for provider, user, budget in budgets:
        assert user.hats
        with assert_queries(budget):
            list(provider(user))
