"""Flows: the table is checked when it is written."""

import pytest

from bihuan.core.errors import MoveBlocked, NoSuchMove
from bihuan.core.flow import Flow, Move
from bihuan.core.loops.rules import FLOWS


def move(name: str, source: str, target: str) -> Move:
    return Move(name, frozenset({source}), target, "duty")


def test_a_state_that_nobody_reaches_is_refused():
    with pytest.raises(ValueError, match="unreachable"):
        Flow("f", "a", frozenset({"b"}), (move("go", "a", "b"), move("odd", "c", "b")))


def test_a_state_that_never_ends_is_refused():
    with pytest.raises(ValueError, match="without end"):
        Flow("f", "a", frozenset({"b"}), (move("go", "a", "b"), move("trap", "a", "c")))


def test_a_blocked_move_names_everything_that_is_missing():
    blocked = Move(
        "go", frozenset({"a"}), "b", "d", (lambda f: "one", lambda f: None, lambda f: "two")
    )
    with pytest.raises(MoveBlocked) as refused:
        blocked.check({})
    assert refused.value.facts["missing"] == ["one", "two"]


@pytest.mark.parametrize("flow", FLOWS.values(), ids=list(FLOWS))
def test_an_end_has_no_way_out_but_reopening(flow):
    for state in flow.ends:
        assert {m.name for m in flow.moves_from(state)} <= {"reopen"}


def test_an_unknown_move_is_an_error():
    with pytest.raises(NoSuchMove):
        FLOWS["task"].find("fly", "issued")
