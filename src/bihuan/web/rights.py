"""Who may call a page. A view without a class is refused; `tests/web` walks every route."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from django.http import HttpResponseBase

from bihuan.core.orgs.types import Actor

Kind = Literal["public", "demo", "account", "post", "duty"]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True, slots=True)
class Rights:
    """The class of one page.

    public   anybody
    demo     anybody, in the demonstration only
    account  whoever is signed in, even without a post
    post     whoever acts in a post
    duty     whoever acts in a post with one of `duties`
    """

    kind: Kind
    duties: tuple[str, ...] = ()
    past: bool = False

    def admits(self, actor: Actor) -> bool:
        """Whether a post may call the page."""
        return self.kind != "duty" or any(actor.has(duty) for duty in self.duties)

    def __str__(self) -> str:
        return f"duty:{'|'.join(self.duties)}" if self.duties else self.kind


def page(
    kind: Kind = "duty", *, duty: str | tuple[str, ...] = "", past: bool = False
) -> Callable[[View], View]:
    """Classify a view: `@page("public")`, `@page(duty="people.manage")`.

    Several duties mean any of them. `past` lets a reading page be asked "as of" a moment.
    """
    duties = (duty,) if isinstance(duty, str) and duty else tuple(duty)
    if (kind == "duty") != bool(duties):
        raise TypeError("name a duty, or one of the kinds without")

    def classified(view: View) -> View:
        view.rights = Rights(kind, duties, past)  # type: ignore[attr-defined]
        return view

    return classified


def rights_of(view: Callable[..., object]) -> Rights | None:
    """The class of a view, None when nobody gave it one."""
    found = getattr(view, "rights", None)
    return found if isinstance(found, Rights) else None
