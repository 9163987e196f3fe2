"""Error code → words, from one table: the kernel's and those of every area."""

from collections.abc import Iterable, Mapping
from functools import cache

from django.utils.functional import Promise

from bihuan.core.errors import Refused
from bihuan.web.areas import gathered
from bihuan.web.kernel_messages import MESSAGES
from bihuan.web.words import duty_words

Words = str | Promise


@cache
def table() -> dict[str, Words]:
    """Every code with its words. Raises ValueError for a code that two areas explain."""
    whole: dict[str, Words] = dict(MESSAGES)
    for part in gathered("messages", "MESSAGES"):
        twice = sorted(whole.keys() & part.keys())
        if twice:
            raise ValueError(f"explained twice: {twice}")
        whole.update(part)
    return whole


class _Facts(dict[str, object]):
    """Facts for a sentence; what is not known shows as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def words(code: str, /, **facts: object) -> str:
    """The words for a code with its facts filled in; the code itself when nobody explained it."""
    told = {key: _plain(value) for key, value in facts.items()}
    if "duty" in facts:
        told["duty"] = " / ".join(str(duty_words(duty)) for duty in duties_in(facts))
    return str(table().get(code, code)).format_map(_Facts(told))


def words_for(refused: Refused) -> str:
    """The words for a refusal."""
    return words(refused.code, **refused.facts)


def duties_in(facts: Mapping[str, object]) -> tuple[str, ...]:
    """The duties that a refusal asks for: one of them would do."""
    asked = facts.get("duty", ())
    return tuple(asked) if isinstance(asked, tuple) else (str(asked),)


def _plain(value: object) -> object:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "、".join(str(part) for part in value)
    return value
