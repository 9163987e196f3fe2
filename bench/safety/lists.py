"""Lists, maps and nightly statistics over millions of establishments, inspections and hazards.

Every page is read by the offices of a province, two cities, two counties and a township, by a
department of each level, and by a unit; the figure told is that of the dearest of them.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import make_password

from bench.loops.ground import BEGUN, DAY_ONE, NOON, PASSWORD, holder
from bench.loops.pages import USERS, sign_in, visit
from bench.loops.server import p95, serving
from bench.safety import filling
from bench.safety.cost import cost
from bihuan.core.clock import read_clock
from bihuan.core.orgs.models import Account, Org, Person, Post, Tenure
from bihuan.core.orgs.selectors import actor_for
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.safety.models import Establishment, Hazard, Inspection
from bihuan.safety.selectors.accidents import statistics
from bihuan.safety.services.attention import watch_attention
from bihuan.safety.services.risks import expire_controls
from bihuan.safety.services.tallies import fold_places

ESTABLISHMENTS, INSPECTIONS, HAZARDS, ACCIDENTS = 2_000_000, 5_000_000, 3_000_000, 20_000
LIMIT_MS = 200.0
NIGHT_S = 60.0
OFFICES = ("99", "9901", "9902", "990101", "990203", "990101001")
DEPARTMENTS = ("99", "9901", "990203")
PAGES = (
    ("establishments", "/safety/establishments/"),
    ("establishments of a colour", "/safety/establishments/?colour=red"),
    ("establishments of a sector", "/safety/establishments/?sector=b3"),
    ("establishments of a county", "/safety/establishments/?under=99.02.03."),
    ("not surveyed establishments", "/safety/establishments/?surveyed=no&colour=orange"),
    ("hazards", "/safety/hazards/"),
    ("open major hazards", "/safety/hazards/?stage=open&grade=major"),
    ("overdue hazards", "/safety/hazards/?stage=overdue"),
    ("hazards to be rechecked", "/safety/hazards/?stage=recheck"),
    ("inspections", "/safety/inspections/"),
    ("four-colour map", "/safety/risks/"),
    ("base of establishments", "/safety/base/"),
    ("sectors and kinds", "/safety/catalogue/"),
    ("statistics", "/safety/statistics/"),
)


def run(scale: float) -> Iterator[tuple[str, float, str, float]]:
    """Name, figure, measure and limit."""
    start = time.perf_counter()
    if not Inspection.objects.exists():  # else the ground was kept
        fill(scale)
    print(
        f"lists: {Establishment.objects.count():,} establishments,"
        f" {Inspection.objects.count():,} inspections, {Hazard.objects.count():,} hazards"
        f" in {time.perf_counter() - start:,.0f} s",
        flush=True,
    )
    yield from measure()


def fill(scale: float) -> None:
    """Lay everything into an empty database; tell each step."""
    with _told("establishments"), filling.bare("orgs.Venue", "safety.Establishment"):
        filling.establishments(round(ESTABLISHMENTS * scale))
    with _told("inspections"), filling.bare("safety.Inspection"):
        filling.inspections()
    with (
        _told("hazards"),
        filling.bare("loops.Brief", "loops.Obligation", "loops.Problem", "safety.Hazard"),
    ):
        filling.hazards()
    filling.accidents(round(ACCIDENTS * scale))
    with _told("counters"):
        filling.recount()
        fold_places()
    with _told("vacuum"):
        filling.run("VACUUM ANALYZE")


@contextmanager
def _told(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"lists: laid {what} in {time.perf_counter() - start:,.0f} s", flush=True)


def readers() -> dict[str, str]:
    """A session for each kind of reader."""
    found = {f"office of {code}": sign_in(holder(code)) for code in OFFICES}
    found |= {f"department of {code}": sign_in(_seat(code, "department")) for code in DEPARTMENTS}
    return found | {"unit": sign_in(_seat("990203", "unit"))}


def _seat(code: str, role: str) -> Actor:
    """Somebody in a department that runs a sector, or in a unit that runs twenty places."""
    name = f"b{role}{code}"
    known = Account.objects.filter(username=name).values_list("pk", flat=True).first()
    if known is not None:
        return actor_for(account_id=known, post_id=None, at=NOON)
    place = Place.objects.get(code=code, valid_to=None)
    told = {"place": place, "scope": place.path, "sectors": ["b3"], "valid_from": DAY_ONE}
    org = Org.objects.create(kind=role, name=name, **told)
    post = Post.objects.create(org=org, title=name, role=role, **told)
    person = Person.objects.create(name=name)
    Tenure.objects.create(person=person, post=post, starts=BEGUN)
    account = Account.objects.create(username=name, person=person,
                                     password=make_password(PASSWORD))  # fmt: skip
    if role == "unit":
        mine = Establishment.objects.filter(scope__startswith=place.path)[:20]
        Establishment.objects.filter(pk__in=list(mine.values_list("pk", flat=True))).update(
            owner_org=org
        )
    return actor_for(account_id=account.pk, post_id=None, at=NOON)


def measure() -> Iterator[tuple[str, float, str, float]]:
    """The figures of pages and of the night."""
    sessions = readers()
    for name, path in PAGES:
        found = {who: cost(path, cookie) for who, cookie in sessions.items()}
        who, dear = max(found.items(), key=lambda pair: pair[1].whole)
        print(
            f"lists: {name}: {who}: {dear.queries} queries, CPU {dear.cpu_ms:.0f} ms, database"
            f" {dear.db_ms:.0f} ms (slowest {dear.slowest})",
            flush=True,
        )
        yield f"{name}, CPU and database", dear.whole, "ms", LIMIT_MS
    with serving() as port:
        for name, path in PAGES:
            asks = [(path, {"Cookie": cookie}) for cookie in sessions.values()]
            visit(port, asks, pause_s=0)  # the servers are warm afterwards
            load = os.getloadavg()[0]
            took = p95(visit(port, asks))
            yield f"{name}, {USERS} users, load {load:.1f}, p95", took, "ms", LIMIT_MS
    yield from night()


def night() -> Iterator[tuple[str, float, str, float]]:
    """What runs at night and on Mondays."""
    start, now = time.perf_counter(), read_clock()
    statistics(by=holder("99"), at=now)
    watch_attention(at=now)
    expire_controls(at=now)
    fold_places()
    yield "nightly statistics", time.perf_counter() - start, "s", NIGHT_S
