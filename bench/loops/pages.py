"""(b) Pages with a million obligations loaded, 16 users at once; and the roll-up.

A user looks at a page for a second before asking for the next one, which is far quicker than
people are; a last figure says how many pages a second come when nobody pauses at all.
"""

import http.client
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from bench.loops.ground import NOON, holder
from bench.loops.server import ask, p95, serving, together
from bihuan.command.services import issue_directive, refresh_figures
from bihuan.command.types import DemandInput, DirectiveInput
from bihuan.core.clock import read_clock
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import tick
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Account
from bihuan.core.orgs.services import make_token
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place

USERS = 16
ROUNDS = 12
PAUSE_S = 1.0
LIMIT_MS = 150.0
LIMIT_ROLL_UP_MS = 100.0
MORE_DEMANDS = 8  # brings the table over a million rows
USER_CODES = ("99", "9901", "9902", "990101", "990102", "990101001", "990101001001", "990203")


def run() -> Iterator[tuple[str, float, float]]:
    """Name, p95 in milliseconds and limit of each kind of page; prints pages a second too."""
    directive = fill(holder("99"))
    people = [holder(code) for code in USER_CODES]
    cookies = [sign_in(person) for person in people]
    _, secret = make_token(
        name="bench",
        scopes=("read",),
        by=holder("99"),
        at=read_clock(),
        expires_at=read_clock() + timedelta(days=1),
    )
    pages = (
        ("my work", "/work/"),
        ("node page", "/places/{place}/"),
        ("list of open loops", "/loops/?stage=open"),
        ("list of all loops", "/loops/"),
        ("list of overdue loops", "/loops/?stage=overdue"),
        ("directive page", f"/directives/{directive}/"),
    )
    with serving() as port:
        for name, path in pages:
            asks = [
                (path.format(place=person.place_id), {"Cookie": cookie})
                for person, cookie in zip(people, cookies, strict=True)
                if name != "directive page" or person == people[0]  # its issuer has it whole
            ]
            start = time.perf_counter()
            pages_at_once = len(visit(port, asks, pause_s=0))  # the servers are warm afterwards
            rate = pages_at_once / (time.perf_counter() - start)
            print(f"pages: {name}, without a pause {rate:>34,.1f} a second")
            yield name, p95(visit(port, asks)), LIMIT_MS
        bearer = {"Authorization": f"Bearer {secret}"}
        samples = visit(port, [("/api/v1/places/99/tally", bearer)])
        yield "province roll-up", p95(samples), LIMIT_ROLL_UP_MS


def fill(head: Actor) -> int:
    """Bring the table over a million rows with a real directive; its id."""
    demands = tuple(
        DemandInput(
            brief=BriefInput(
                title=f"又要求{n}", text="全部排查一遍", domain="work-safety", criterion="有照片"
            ),
            direct_level="community" if n else "",
            due_at=NOON + timedelta(days=3_650),
        )
        for n in range(MORE_DEMANDS + 1)
    )
    cities = Place.objects.filter(parent=head.place_id).values_list("pk", flat=True)
    given = DirectiveInput(title="全面排查", demands=demands, place_ids=tuple(cities))
    directive = issue_directive(given=given, by=head, at=NOON)
    tick(at=read_clock())  # what the worker does every minute
    refresh_figures(at=read_clock())
    print(f"pages: {Obligation.objects.count():,} obligations, {USERS} users")
    return directive.pk


def sign_in(person: Actor) -> str:
    """A session cookie, without the cost of the password."""
    account = Account.objects.get(pk=person.account_id)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def visit(
    port: int, asks: list[tuple[str, dict[str, str]]], pause_s: float = PAUSE_S
) -> list[float]:
    """Milliseconds of every request: 16 users, each at their own page, none in step."""
    samples: list[list[float]] = [[] for _ in range(USERS)]

    def user(number: int, link: http.client.HTTPConnection) -> None:
        path, headers = asks[number % len(asks)]
        ask(link, "GET", path, headers=headers)  # warm
        time.sleep(pause_s * number / USERS)
        for _ in range(ROUNDS):
            samples[number].append(ask(link, "GET", path, headers=headers))
            time.sleep(pause_s)

    together(USERS, user, port)
    return [took for own in samples for took in own]
