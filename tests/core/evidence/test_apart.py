"""Work in a process beside: in order, and nobody waits for one that is gone."""

import os
import signal
import subprocess
from types import SimpleNamespace

import pytest

from bihuan.core.evidence import apart
from bihuan.core.evidence.apart import AHEAD, each_apart


@pytest.fixture
def begun(monkeypatch):
    """The processes that were begun beside this one."""
    children = []

    def begin(*command, **options):
        children.append(subprocess.Popen(*command, **options))
        return children[-1]

    monkeypatch.setattr(apart, "subprocess", SimpleNamespace(Popen=begin, PIPE=subprocess.PIPE))
    return children


def test_answers_come_in_the_order_of_the_questions_and_larger_than_a_pipe_holds():
    items = [[f"甲{n}"] * 20_000 for n in range(AHEAD * 3)]
    assert list(each_apart(len, items)) == [20_000] * len(items)
    assert [one[0] for one in each_apart(sorted, items)] == [f"甲{n}" for n in range(AHEAD * 3)]


def test_several_processes_answer_in_the_same_order(begun):
    items = [[n] * (n % 7) for n in range(50)]
    assert list(each_apart(len, items, processes=3)) == [n % 7 for n in range(50)]
    assert len(begun) == 3
    assert None not in {child.returncode for child in begun}


def test_what_the_items_raise_is_raised_and_the_process_is_gone(begun):
    def items():
        yield [1]
        raise KeyError("table")

    with pytest.raises(KeyError):
        list(each_apart(len, items()))
    (child,) = begun
    assert child.returncode is not None, "ended, and waited for"


def test_whoever_stops_listening_ends_it(begun):
    answers = each_apart(len, [[n] for n in range(100)])
    assert next(answers) == 1
    (child,) = begun
    assert child.poll() is None
    answers.close()
    assert child.returncode is not None


def test_a_process_that_died_is_told_and_not_waited_for():
    with pytest.raises(ChildProcessError):
        list(each_apart(_die, [0]))


def _die(_item):
    os.kill(os.getpid(), signal.SIGKILL)
