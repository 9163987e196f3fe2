"""The stage of the story: acts in the order of their time, each by the person who may do it.

An act later than the present is not played: what it would have done is simply still open.
"""

import heapq
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from random import Random

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org, Post
from bihuan.core.orgs.selectors import actor_in_post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.core.places.types import within

Act = Callable[[datetime], object]


class Stage:
    """Who is where, what time it is, and what comes next."""

    def __init__(self, *, province: str, at: datetime) -> None:
        self.scope = f"{province}."
        self.at = at
        self.random = Random("故事")  # noqa: S311  the same story each time
        self.queue: list[tuple[datetime, int, Act]] = []
        self.serial = count()
        inside = within("scope", self.scope)
        self.desks = dict(Post.objects.filter(inside, desk=True).values_list("place_id", "pk"))
        self.actor = cache(self._actor)
        self.holder = cache(self._holder)
        self.department = cache(self._department)
        self.bodies = cache(self._bodies)
        self.children = cache(self._children)

    def play(self, progress: Callable[[float], object]) -> None:
        """Play every act up to the present, in the order of time; tell how far it is, 0 to 1."""
        begun = self.queue[0][0]
        while self.queue:
            moment, _number, act = heapq.heappop(self.queue)
            act(moment)
            progress((moment - begun) / (self.at - begun))

    def later(self, moment: datetime, act: Act) -> None:
        """Put an act on the plan, unless it lies in the future."""
        if moment < self.at:
            heapq.heappush(self.queue, (moment, next(self.serial), act))

    def after(self, moment: datetime, least: float, most: float) -> datetime:
        """A moment between `least` and `most` hours after another."""
        return moment + timedelta(hours=self.random.uniform(least, most))

    def desk(self, place_id: int) -> Actor:
        """Whoever holds the desk of a place."""
        return self.actor(self.desks[place_id])

    def owner(self, row: Obligation) -> Actor:
        """Whoever owes an obligation."""
        return self.actor(row.owner_post_id)

    def _actor(self, post_id: int) -> Actor:
        """Whoever holds a post."""
        return actor_in_post(post_id=post_id, at=self.at)

    def _holder(self, place_id: int, role: Role) -> Actor:
        """The first post of a role at a place."""
        posts = Post.objects.filter(place=place_id, role=role.value, valid_to=None)
        return self.actor(posts.order_by("order", "pk").values_list("pk", flat=True)[0])

    def _department(self, place_id: int, sector: str) -> Actor | None:
        """The head of the department that runs a sector in a place."""
        posts = Post.objects.filter(
            org__place=place_id, org__kind="department", org__sectors__contains=[sector], order=0
        )
        found = posts.values_list("pk", flat=True).first()
        return self.actor(found) if found else None

    def _bodies(self, place_id: int) -> tuple[int, ...]:
        """The headquarters and the safety committee of a place; none below the county."""
        kinds = ("headquarters", "safety_committee")
        orgs = Org.objects.filter(place=place_id, kind__in=kinds).order_by("pk")
        return tuple(orgs.values_list("pk", flat=True))

    def _children(self, place_id: int) -> list[Place]:
        """The places right below that have a desk."""
        below = Place.objects.filter(parent=place_id, valid_to=None).order_by("path")
        return [place for place in below if place.pk in self.desks]


class Deck:
    """Fates dealt one after another, reshuffled when all were dealt: each of them occurs."""

    def __init__(self, random: Random, fates: Sequence[str]) -> None:
        self.random = random
        self.fates = list(fates)
        self.left: list[str] = []

    def deal(self) -> str:
        """The next fate."""
        if not self.left:
            self.left = list(self.fates)
            self.random.shuffle(self.left)
        return self.left.pop()
