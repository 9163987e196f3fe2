"""The left rail: nine groups, shown by duty, each with what its areas bring."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.types import Actor
from bihuan.web.areas import gathered

Words = str | Promise

ON_PHONE = 4  # with More five targets of 78 px on a phone of 390

GROUPS: dict[str, tuple[Words, str]] = {
    "work": (_("我的工作"), "list-check"),
    "situation": (_("态势"), "map-2"),
    "command": (_("指挥"), "speakerphone"),
    "epidemic": (_("疫情"), "virus"),
    "safety": (_("安全"), "shield-check"),
    "natural": (_("三防"), "storm"),
    "resources": (_("资源"), "package"),
    "supervision": (_("督查"), "report-search"),
    "admin": (_("管理"), "settings"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the rail. `count` is asked only for what *this* post owes."""

    group: str
    label: Words
    url_name: str
    icon: str
    duty: str | tuple[str, ...] = ()  # any of them; none: every post
    order: int = 50
    phone: bool = False  # also in the bottom bar of a phone
    count: Callable[[Actor, datetime], int] | None = None

    def admits(self, duties: frozenset[str]) -> bool:
        """Whether a post with these duties sees the line."""
        asked = (self.duty,) if isinstance(self.duty, str) else self.duty
        return not asked or not duties.isdisjoint(asked)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as drawn."""

    label: Words
    href: str
    icon: str
    here: bool
    count: int
    phone: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A group as drawn."""

    key: str
    label: Words
    icon: str
    lines: tuple[Line, ...]

    @property
    def here(self) -> bool:
        """Whether the reader stands in it."""
        return any(line.here for line in self.lines)


def entries() -> list[Entry]:
    """Every entry of every area, in the order of the rail."""
    order = list(GROUPS)
    found = [entry for entries in gathered("nav", "NAV") for entry in entries]
    return sorted(found, key=lambda e: (order.index(e.group), e.order, e.url_name))


def rail(actor: Actor, *, path: str, at: datetime) -> tuple[Group, ...]:
    """The groups this post sees, without the empty ones; counters are asked here."""
    seen = _seen(actor.duties)
    here = _nearest(path, (href for _entry, href in seen))
    groups = []
    for key, (label, icon) in GROUPS.items():
        lines = tuple(
            Line(
                entry.label, href, entry.icon, href == here,
                entry.count(actor, at) if entry.count else 0, entry.phone,
            )
            for entry, href in seen
            if entry.group == key
        )  # fmt: skip
        if lines:
            groups.append(Group(key, label, icon, lines))
    return tuple(groups)


def drawn_as(groups: Iterable[Group]) -> str:
    """All that the drawing of the rail and of the phone's bar rests on, but for the language."""
    return " ".join(
        f"{line.href}{'*' * line.here}{line.count}" for group in groups for line in group.lines
    )


def phone_lines(groups: Iterable[Group]) -> tuple[Line, ...]:
    """What the bottom bar of a phone has room for, in the order of the rail."""
    marked = (line for group in groups for line in group.lines if line.phone)
    return tuple(islice(marked, ON_PHONE))


@cache
def _seen(duties: frozenset[str]) -> tuple[tuple[Entry, str], ...]:
    """The entries for a set of duties with their addresses; there are as many sets as roles."""
    return tuple((e, reverse(e.url_name)) for e in entries() if e.admits(duties))


def _nearest(path: str, hrefs: Iterable[str]) -> str:
    """The longest address that the path lies under."""
    under = [href for href in hrefs if path == href or (href != "/" and path.startswith(href))]
    return max(under, key=len, default="")
