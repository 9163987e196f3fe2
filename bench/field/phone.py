"""A phone with a slow line: the first load, the second, a checklist of 200 items.

Line and processor are Lighthouse's mobile profile as the browser's own tools apply it ("slow 4G":
562.5 ms for each request, 1,475 kbit/s down, 675 up; a processor four times slower). The least of
three runs counts: what the app costs, not what else the machine was doing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

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
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 1474.56 * 1024 / 8,
           "uploadThroughput": 675 * 1024 / 8}  # fmt: skip
SLOWER = 4
ITEMS, RUNS, ANSWERS = 200, 3, 20
FIRST_KB, USABLE_S, OPEN_S = 300.0, 2.0, 1.0
JANK_MS, FRAME_MS = 50.0, 34.0  # a long task; two frames of 60 a second

WATCH = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.tasks.push([one.startTime, one.duration]);
  }).observe({ type: "longtask" });
}"""
SCROLL = """() => new Promise((done) => {
  const frames = [];
  let last = performance.now();
  const step = () => {
    const now = performance.now();
    frames.push(now - last);
    last = now;
    scrollBy(0, 120);
    const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    if (end || frames.length > 600) done(frames.slice(2));
    else requestAnimationFrame(step);
  };
  scrollTo(0, 0);
  requestAnimationFrame(step);
})"""
ANSWER = """async ({ answer, many }) => {
  const lines = [...document.querySelectorAll("[data-items] > li")];
  const took = [];
  for (let n = 0; n < many; n += 1) {
    const line = lines[Math.floor((n * lines.length) / many)];
    line.scrollIntoView({ block: "center" });
    await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
    const start = performance.now();
    line.querySelector(`[data-answer="${answer}"]`).click();
    document.body.getBoundingClientRect();
    took.push(performance.now() - start);
  }
  return took;
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


def _slow(page: Page, bytes_in: list[float]) -> CDPSession:
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW_4G)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    wire.on("Network.loadingFinished", lambda told: bytes_in.append(told["encodedDataLength"]))
    return wire


def _shown(page: Page, selector: str) -> float:
    """Seconds from the beginning of the navigation until something is on the screen."""
    found = page.wait_for_function(
        "(at) => { const one = document.querySelector(at);"
        " return one && one.checkVisibility() ? performance.now() : 0; }",
        arg=selector, timeout=60_000, polling="raf",
    )  # fmt: skip
    return float(found.json_value()) / 1000


def _one_run(engine: Browser, base: str, cookie: list[str]) -> list[Figure]:
    bytes_in: list[float] = []
    with _phone(engine, base, cookie) as context:
        page = context.new_page()
        page.goto("/healthz")  # the connection stands; what is measured is the app
        _slow(page, bytes_in)
        page.goto("/safety/field/", wait_until="commit")
        first = _shown(page, "[data-screen=new] input")
        page.wait_for_load_state("load")
        kilobytes = sum(bytes_in) / 1000
        page.get_by_label("设备名称").fill("手机")
        page.get_by_role("button", name="登记").click()
        page.locator("[data-stops] li").first.wait_for(timeout=60_000)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("() => navigator.serviceWorker.controller", timeout=60_000)
        again = context.new_page()
        _slow(again, [])
        again.goto("/safety/field/", wait_until="commit")
        second = _shown(again, "[data-stops] li")
        return [
            ("first load over the line", kilobytes, "kB", FIRST_KB),
            ("first load usable", first, "s", USABLE_S),
            ("opened again, route shown", second, "s", USABLE_S),
            *_checklist(again),
        ]


def _checklist(page: Page) -> list[Figure]:
    page.evaluate(WATCH)
    begun = page.evaluate("performance.now()")
    page.locator("[data-stops] a").first.click()
    page.locator("[data-items] > li").nth(ITEMS - 1).wait_for(state="attached")
    opened = (page.evaluate("performance.now()") - begun) / 1000
    page.wait_for_timeout(500)
    opening = _longest(page)
    frames = sorted(page.evaluate(SCROLL))
    scrolling = _longest(page)
    fine = page.evaluate(ANSWER, {"answer": "fine", "many": ANSWERS})
    gap = page.evaluate(ANSWER, {"answer": "gap", "many": ANSWERS})
    return [
        ("200 items shown", opened, "s", OPEN_S),
        ("longest task while they are laid out", opening, "ms", 4 * JANK_MS),
        ("longest task while scrolling through them", scrolling, "ms", JANK_MS),
        ("frame while scrolling, p95", frames[int(len(frames) * 0.95)], "ms", FRAME_MS),
        ("an answer, slowest of 20", max(fine), "ms", JANK_MS),
        ("a hazard opened on the spot, slowest of 20", max(gap), "ms", 2 * JANK_MS),
    ]


def _longest(page: Page) -> float:
    """The longest task since the last call; 0 when none took 50 ms."""
    found = page.evaluate("() => { const all = window.tasks; window.tasks = []; return all; }")
    return max((duration for _start, duration in found), default=0.0)
