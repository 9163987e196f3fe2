"""The words of the lists in a language: what an export writes and an import understands."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bihuan.core.loops.models import Domain, Grade
from bihuan.core.orgs.models import Party
from bihuan.supervision.selectors.sheets import Say
from bihuan.web.words import STATES
from bihuan.web.work.words import ORIGINS

ACTS = {"lists.import": _("导入清单")}

_WORDS: dict[str, Mapping[str, Any]] = {
    "state": {name: words[0] for name, words in STATES.items()},
    "domain": dict(Domain.choices),
    "grade": dict(Grade.choices),
    "party": dict(Party.choices),
    "origin": dict(ORIGINS),
    "met": {"yes": _("已履行"), "no": _("未履行")},
}


def speaker(language: str) -> Say:
    """Says a code of a kind in a language; the code itself when it has no word."""

    def say(kind: str, code: str) -> str:
        with override(language):
            return str(_WORDS[kind].get(code, code))

    return say


def speakers() -> tuple[Say, ...]:
    """Every language a file may be written in."""
    return speaker("zh-hans"), speaker("en")
