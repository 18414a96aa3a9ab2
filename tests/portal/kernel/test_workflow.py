"""Decisions and tables of moves."""

import pytest

from portal.kernel.decision import ALLOW, allow_if, deny
from portal.kernel.errors import Denied, ensure
from portal.kernel.workflow import Move, Status, Workflow

DRAFT, FINAL = Status("konsep", "Konsep"), Status("final", "Final", "success")
FLOW = Workflow("letter", (DRAFT, FINAL), (Move("finalise", "Tetapkan", ("konsep",), "final"),))


def test_a_denial_carries_its_sentence():
    decision = ALLOW & deny("Hanya untuk panitia.") & deny("tidak terbaca")
    assert not decision
    assert decision.reason == "Hanya untuk panitia."
    with pytest.raises(Denied, match=r"Hanya untuk panitia\."):
        ensure(decision)


def test_allow_if():
    assert allow_if(True, "x")
    assert allow_if(False, "x").reason == "x"


def test_the_table_answers():
    assert FLOW.initial == "konsep"
    assert FLOW.choices == [("konsep", "Konsep"), ("final", "Final")]
    assert [move.key for move in FLOW.moves_from("konsep")] == ["finalise"]
    assert FLOW.moves_from("final") == []
    assert FLOW.status("final").tone == "success"


def test_a_move_to_nowhere_is_a_mistake_found_at_start():
    with pytest.raises(ValueError, match="unknown status"):
        Workflow("x", (DRAFT,), (Move("a", "A", ("konsep",), "hilang"),))
