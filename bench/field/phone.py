"""A phone with a slow line: the first load, the second, a checklist of 200 items.

The phone is Lighthouse's mobile profile as the browser's own tools apply it ("slow 4G": 562.5 ms
for each request, 1,475 kbit/s; a processor four times slower). The machine is shared, so that a
clock would measure the others: what is taken is the processor time of the page's own thread, four
times, from the browser's trace; and the line by its rounds and bytes. The least of the runs counts.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.loops import ground
from bench.loops.pages import sign_in
from bench.loops.server import serving
from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date, read_clock
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.safety.rules.checklists import Item
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.checklists import NewChecklist, write_checklist
from bihuan.safety.services.establishments import EstablishmentInput, register_establishment
from bihuan.safety.services.routes import assign_stop

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking"]  # fmt: skip
ROUND_S, KBIT_S, SLOWER = 0.5625, 1474.56, 4
FIRST_ROUNDS = 2  # the page, then all its parts at once
ITEMS, RUNS, ANSWERS = 200, 3, 20
FIRST_KB, USABLE_S, OPEN_S = 300.0, 2.0, 1.0
JANK_MS, FRAME_MS = 50.0, 16.7  # a long task; one frame of 60 a second

SCROLL = """() => new Promise((done) => {
  let frames = 0;
  const step = () => {
    frames += 1;
    scrollBy(0, 120);
    const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    if (end || frames > 600) done(frames);
    else requestAnimationFrame(step);
  };
  scrollTo(0, 0);
  requestAnimationFrame(step);
})"""
ANSWER = """async ({ answer, many }) => {
  const lines = [...document.querySelectorAll("[data-items] > li")];
  const drawn = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
  for (let n = 0; n < many; n += 1) {
    const line = lines[Math.floor((n * lines.length) / many)];
    line.scrollIntoView({ block: "center" });
    await drawn();
    line.querySelector(`[data-answer="${answer}"]`).click();
    await drawn();
  }
}"""
Figure = tuple[str, float, str, float]


def run() -> Iterator[Figure]:
    """Name, figure, measure and limit."""
    inspector = lay()
    cookie = sign_in(inspector).split("=", 1)
    with serving() as port, sync_playwright() as play:
        engine = play.chromium.launch(executable_path=_chromium(), args=FLAGS)
        runs = [_one_run(engine, f"http://127.0.0.1:{port}", cookie) for _ in range(RUNS)]
        engine.close()
    for name, _value, measure, limit in runs[0]:
        yield name, min(v for one in runs for n, v, _m, _l in one if n == name), measure, limit


def _chromium() -> str:
    if not Path(CHROMIUM).exists():
        raise SystemExit("python -m bench.field needs Debian's chromium")
    return CHROMIUM


def lay() -> Actor:
    """One township with three workshops on the route of its desk, 200 items to look at in each."""
    ground.SHAPE = (1, 1, 1, 1)
    ground.lay()
    at = read_clock()
    load_catalogue(by=SYSTEM, at=at)
    items = tuple(
        Item(str(n), f"第 {n} 项:通道、出口和设备处于完好状态,标识清楚", f"Item {n} is in order",
             "通道堵塞", group=f"第 {n // 20 + 1} 组")
        for n in range(1, ITEMS + 1)
    )  # fmt: skip
    given = NewChecklist("bench", "两百项检查表", "fire_safety", items)
    checklist = write_checklist(given=given, by=SYSTEM, at=at)
    by = ground.holder("990101001")
    town = Place.objects.get(code="990101001")
    for name in ("一号车间", "二号车间", "三号车间"):
        place = EstablishmentInput(name, "workshop", town.pk, fields={"workers": 30, "exits": 2})
        row = register_establishment(given=place, by=ground.holder("990101"), at=at)
        assign_stop(establishment_id=row.pk, checklist_id=checklist.pk, day=local_date(at), by=by,
                    at=at)  # fmt: skip
    return by


@contextmanager
def _phone(engine: Browser, base: str, cookie: list[str]) -> Iterator[BrowserContext]:
    context = engine.new_context(
        base_url=base, viewport={"width": 390, "height": 844}, has_touch=True, locale="zh-CN"
    )
    context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": base}])
    yield context
    context.close()


@dataclass
class Spent:
    """Milliseconds of the page's own thread on a slow phone: in all, and the longest task."""

    whole: float = 0.0
    longest: float = 0.0


@contextmanager
def _traced(engine: Browser, page: Page) -> Iterator[Spent]:
    spent = Spent()
    engine.start_tracing(page=page, categories=["toplevel", "__metadata"])
    yield spent
    events = json.loads(engine.stop_tracing())["traceEvents"]
    mains = {
        (one["pid"], one["tid"]) for one in events
        if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }  # fmt: skip
    tasks = [
        SLOWER * one["tdur"] / 1000 for one in events
        if one["name"].endswith("RunTask") and "tdur" in one and (one["pid"], one["tid"]) in mains
    ]  # fmt: skip
    spent.whole, spent.longest = sum(tasks), max(tasks, default=0.0)


def _opened(engine: Browser, page: Page, selector: str) -> tuple[float, float]:
    """Milliseconds of the processor until something is shown, and kilobytes over the line."""
    sizes: list[float] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    with _traced(engine, page) as spent:
        page.goto("/safety/field/", wait_until="commit")
        page.locator(selector).first.wait_for(timeout=60_000)
    page.wait_for_load_state("load")
    return spent.whole, sum(sizes) / 1000


def _one_run(engine: Browser, base: str, cookie: list[str]) -> list[Figure]:
    with _phone(engine, base, cookie) as context:
        page = context.new_page()
        page.goto("/healthz")  # what a browser needs to be there is not the app's
        cpu, kilobytes = _opened(engine, page, "[data-screen=new] input")
        line = FIRST_ROUNDS * ROUND_S + 8 * kilobytes / KBIT_S
        page.get_by_label("设备名称").fill("手机")
        page.get_by_role("button", name="登记").click()
        page.locator("[data-stops] li").first.wait_for(timeout=60_000)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("() => navigator.serviceWorker.controller", timeout=60_000)
        page.close()
        again = context.new_page()
        again.goto("/healthz")
        second, _kilobytes = _opened(engine, again, "[data-stops] li")
        return [
            ("first load over the line", kilobytes, "kB", FIRST_KB),
            ("first load usable, line and processor", line + cpu / 1000, "s", USABLE_S),
            ("opened again: route shown, processor", second / 1000, "s", USABLE_S),
            *_checklist(engine, again),
        ]


def _checklist(engine: Browser, page: Page) -> list[Figure]:
    with _traced(engine, page) as opening:
        page.locator("[data-stops] a").first.click()
        page.locator("[data-items] > li").nth(ITEMS - 1).wait_for(state="attached")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    with _traced(engine, page) as scrolling:
        frames = int(page.evaluate(SCROLL))
    with _traced(engine, page) as fine:
        page.evaluate(ANSWER, {"answer": "fine", "many": ANSWERS})
    with _traced(engine, page) as gap:
        page.evaluate(ANSWER, {"answer": "gap", "many": ANSWERS})
    return [
        ("200 items laid out", opening.whole / 1000, "s", OPEN_S),
        ("frame while scrolling through them", scrolling.whole / frames, "ms", FRAME_MS),
        ("longest task while scrolling", scrolling.longest, "ms", JANK_MS),
        ("longest task of 20 answers", fine.longest, "ms", JANK_MS),
        ("longest task of 20 hazards on the spot", gap.longest, "ms", JANK_MS),
    ]
