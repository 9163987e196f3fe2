"""The left rail: nine groups, shown by duty, each with what its areas bring."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.types import Actor
from bihuan.web.areas import gathered

Words = str | Promise

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

    def admits(self, actor: Actor) -> bool:
        """Whether a post sees the line."""
        duties = (self.duty,) if isinstance(self.duty, str) else self.duty
        return not duties or any(actor.has(duty) for duty in duties)


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
    seen = [entry for entry in entries() if entry.admits(actor)]
    hrefs = {entry.url_name: reverse(entry.url_name) for entry in seen}
    here = _nearest(path, hrefs.values())
    groups = []
    for key, (label, icon) in GROUPS.items():
        lines = tuple(
            Line(
                e.label, hrefs[e.url_name], e.icon, hrefs[e.url_name] == here,
                e.count(actor, at) if e.count else 0, e.phone,
            )
            for e in seen
            if e.group == key
        )  # fmt: skip
        if lines:
            groups.append(Group(key, label, icon, lines))
    return tuple(groups)


def _nearest(path: str, hrefs: Iterable[str]) -> str:
    """The longest address that the path lies under."""
    under = [href for href in hrefs if path == href or (href != "/" and path.startswith(href))]
    return max(under, key=len, default="")
