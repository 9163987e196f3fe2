"""Twins among Chinese names: what is said, what is miswritten, and what is somebody else."""

import pytest

from bihuan.core.vault.rules import LIKELY, POSSIBLE, keys, near_number, similarity
from bihuan.core.vault.types import Identity

ONE = Identity(name="张伟强", id_number="110101198503076218", phone="13800001111",
               born="1985-03-07", sex="m")  # fmt: skip


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (Identity(name="章伟强", phone="13800001111", born="1985-03-07"), "name.sounds_same"),
        (Identity(name="张强伟", phone="13800001111", born="1985-03-07"), "name.transposed"),
        (Identity(name="张炜强", id_number="110101198503076281"), "id.near"),
        (Identity(name="张伟强", id_number="110101198503076219"), "id.near"),
        (Identity(name="张玮强", phone="13800001112", born="1985-03-07"), "phone.near"),
        (Identity(name="张伟祥", phone="13800001111", born="1985-03-07"), "name.one_character"),
    ],
)
def test_a_miswritten_person_is_found_and_the_reason_said(other, reason):
    score, reasons = similarity(ONE, other)
    assert score >= LIKELY
    assert reason in reasons
    assert keys(ONE) & keys(other)


@pytest.mark.parametrize(
    "other",
    [
        Identity(name="张伟强", id_number="440301199911112345", born="1999-11-11"),
        Identity(name="王芳", phone="13912345678", born="1985-03-07"),
        Identity(name="张伟强"),
    ],
)
def test_a_common_name_alone_is_not_the_same_person(other):
    assert similarity(ONE, other)[0] < LIKELY


def test_a_name_and_a_day_of_birth_are_worth_a_look():
    score, _ = similarity(ONE, Identity(name="张伟强", born="1985-03-07"))
    assert POSSIBLE <= score <= LIKELY


def test_a_number_is_near_with_one_wrong_digit_or_two_swapped():
    assert near_number("12345", "12395")
    assert near_number("12345", "12354")
    assert not near_number("12345", "12435" + "1")
    assert not near_number("12345", "21354")
