"""Lists, maps and nightly statistics over millions of establishments, inspections and hazards."""

import time
from collections.abc import Iterator

from bench.loops.ground import holder
from bench.loops.pages import USER_CODES, USERS, sign_in, visit
from bench.loops.server import p95, serving
from bench.safety.filling import establishments, insert
from bench.safety.filling import run as sql
from bihuan.core.clock import read_clock
from bihuan.safety.models import Establishment, Hazard, Inspection
from bihuan.safety.selectors.accidents import statistics
from bihuan.safety.services.attention import watch_attention
from bihuan.safety.services.risks import expire_controls

ESTABLISHMENTS, INSPECTIONS, HAZARDS = 2_000_000, 5_000_000, 3_000_000
LIMIT_MS = 200.0
NIGHT_S = 60.0
PAGES = (
    ("establishments", "/safety/establishments/"),
    ("establishments of a colour", "/safety/establishments/?colour=red"),
    ("hazards", "/safety/hazards/"),
    ("open major hazards", "/safety/hazards/?stage=open&grade=major"),
    ("inspections", "/safety/inspections/"),
    ("four-colour map", "/safety/risks/"),
)


def run(scale: float) -> Iterator[tuple[str, float, str, float]]:
    """Name, figure, measure and limit."""
    start = time.perf_counter()
    _fill(scale)
    print(
        f"lists: {Establishment.objects.count():,} establishments,"
        f" {Inspection.objects.count():,} inspections, {Hazard.objects.count():,} hazards"
        f" in {time.perf_counter() - start:,.0f} s"
    )
    people = [holder(code) for code in USER_CODES]
    cookies = [sign_in(person) for person in people]
    with serving() as port:
        for name, path in PAGES:
            asks = [(path, {"Cookie": cookie}) for cookie in cookies]
            yield f"{name}, {USERS} users, p95", p95(visit(port, asks)), "ms", LIMIT_MS
    start, now = time.perf_counter(), read_clock()
    statistics(by=holder("99"), at=now)
    watch_attention(at=now)
    expire_controls(at=now)
    yield "nightly statistics", time.perf_counter() - start, "s", NIGHT_S


def _fill(scale: float) -> None:
    if not Establishment.objects.exists():
        establishments(round(ESTABLISHMENTS * scale))
    places = "safety_establishment e JOIN town t ON t.path = e.scope"
    insert("safety.Checklist", "(SELECT 1) one", code="'bench'", version="1", title="'检查表'",
           sector_id="'bench'")  # fmt: skip
    insert("safety.Inspection", f"{places}, generate_series(1, 5) k WHERE e.id % 2 = 0",
           establishment_id="e.id", checklist_id="(SELECT max(id) FROM safety_checklist)",
           scope="e.scope", sector="'bench'", issuer_org_id="t.org", post_id="t.post",
           begun_at="now() - (e.id % 700) * interval '1 day'")  # fmt: skip
    sql("CREATE TEMP TABLE found AS SELECT nextval(pg_get_serial_sequence('loops_obligation',"
        "'id')) AS oid, nextval(pg_get_serial_sequence('loops_brief', 'id')) AS bid, e.id AS eid, e.scope, t.id AS place, t.org, t.post,"
        f" row_number() OVER () AS n FROM {places}, generate_series(1, 3) k"
        " WHERE e.id % 2 = 0")  # fmt: skip
    insert("loops.Brief", "found f", id="f.bid", title="'出口锁闭'", text="'出口锁闭'",
           domain="'work-safety'", place_id="f.place", scope="f.scope")  # fmt: skip
    insert("loops.Obligation", "found f", id="f.oid", flow="'problem'",
           brief_id="f.bid", place_id="f.place", scope="f.scope",
           domain="'work-safety'", sector="'bench'", owner_post_id="f.post",
           owner_org_id="f.org", issuer_post_id="f.post", issuer_org_id="f.org",
           state="CASE WHEN f.n % 10 = 0 THEN 'rectifying' ELSE 'closed' END",
           closed_at="CASE WHEN f.n % 10 = 0 THEN NULL ELSE now() END",
           origin="'hazard:' || f.eid", due_at="now() + interval '9 days'",
           first_due_at="now()")  # fmt: skip
    insert("loops.Problem", "found f", obligation_id="f.oid", interim="'专人看守'",
           interim_post_id="f.post",
           grade="CASE WHEN f.n % 7 = 0 THEN 'major' ELSE 'general' END")  # fmt: skip
    insert("safety.Hazard", "found f", obligation_id="f.oid", establishment_id="f.eid")
    sql("ANALYZE")
