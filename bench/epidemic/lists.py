"""Each list as each reader asks for it: processor time, statements, plans; p95 at 16 users."""

import time
from collections.abc import Iterator
from itertools import islice

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.epidemic.ground import CHAIN
from bench.loops.pages import sign_in, visit
from bench.loops.server import p95, serving
from bihuan.core.clock import read_clock
from bihuan.core.orgs.models import Account
from bihuan.epidemic.models import Case, Event
from tests.factories import World

LIMIT_MS = 200.0
LIMIT_PICTURE_MS = 500.0  # of 500 cases at once
USERS = ("cdc_province", "cdc_city0", "cdc_county0", "desk_town0")
EVERYBODY = (
    "cdc_province",
    *(f"{level}{n}" for level in ("cdc_city", "cdc_county", "desk_town") for n in range(5)),
)
PAGES = (
    ("contacts", "/epidemic/contacts/"),
    ("contacts, second page", "/epidemic/contacts/?after={after}"),
    ("contacts to check", "/epidemic/contacts/?what=check"),
    ("contacts to reach", "/epidemic/contacts/?what=reach"),
    ("checks of the day", "/epidemic/checks/"),
    ("events", "/epidemic/"),
    ("event", "/epidemic/events/{event}/"),
    ("case with its contacts", "/epidemic/cases/{case}/"),
    ("workload", "/epidemic/workload/"),
    ("chain of 500 cases", "/epidemic/events/{chain}/chains/"),
    ("situation of 500 cases", "/epidemic/events/{chain}/situation/"),
)
WHOLE = "Seq Scan on epidemic_contact"


def addresses(username: str) -> Iterator[tuple[str, str]]:
    """The pages of one reader, with things of their place in the address."""
    from bihuan.epidemic.selectors.contacts import contact_page

    by = World({}, read_clock()).actor(username)
    chain = Event.objects.get(title=CHAIN).pk
    cases = Case.objects.exclude(event=chain).order_by("pk")
    case = cases.filter(scope__startswith=by.scope[:9]).last()
    assert case is not None
    _rows, after = contact_page(by=by, at=read_clock())
    told = {"after": after, "event": case.event_id, "case": case.pk, "chain": chain}
    for name, path in PAGES:
        if not (username.startswith("desk_town") and "{" in path.replace("{after}", "")):
            yield name, path.format(**told)


def run(*, http: bool) -> int:
    """Measure and print; how many limits were missed."""
    failed = 0
    for username in USERS:
        for name, path in addresses(username):
            failed += _one(username, name, path)
    return failed + (_many() if http else 0)


def _one(username: str, name: str, path: str) -> int:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Account.objects.get(username=username),
                       backend="django.contrib.auth.backends.ModelBackend")  # fmt: skip
    answer = client.get(path)
    if answer.status_code in {403, 404}:
        return 0
    assert answer.status_code == 200, (path, answer.status_code)
    began = time.process_time()
    for _ in range(3):
        client.get(path)
    spent = (time.process_time() - began) / 3 * 1000
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    database, whole = 0.0, 0
    for one in asked.captured_queries:
        if one["sql"].lstrip().upper().startswith(("SELECT", "WITH")):
            took, plan = _explained(one["sql"])
            database += took
            whole += WHOLE in plan
    told = f"{username:>13} {name:<26} {spent:7.1f} ms python {database:8.1f} ms database"
    note = f" {whole} whole-table reads" if whole else ""
    bad = spent + database > (LIMIT_PICTURE_MS if "500 cases" in name else LIMIT_MS)
    print(f"{told}, {len(asked)} statements{note}{' MISSED' if bad else ''}", flush=True)
    return int(bad)


def _explained(sql: str) -> tuple[float, str]:
    """Milliseconds of planning and running a statement, and its plan."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}".replace("%", "%%"), [])
        lines = [line for (line,) in cursor.fetchall()]
    took = sum(float(line.split(":")[1].split()[0]) for line in lines if " Time:" in line)
    return took, "\n".join(lines)


def _many() -> int:
    """Sixteen users, each on pages of their own place, with a second between two pages."""
    failed = 0
    asks: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for username in EVERYBODY:
        cookie = sign_in(World({}, read_clock()).actor(username))
        for name, path in addresses(username):
            asks.setdefault(name, []).append((path, {"Cookie": cookie}))
    with serving() as port:
        for name, wanted in islice(asks.items(), 5):  # the lists of contacts
            visit(port, wanted, pause_s=0)
            reached = p95(visit(port, wanted))
            failed += reached > LIMIT_MS
            print(f"http: {name:<26} p95 {reached:6.0f} ms, {len(wanted)} users", flush=True)
    return failed
