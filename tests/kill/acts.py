"""Acts that are killed in the middle: `python -m tests.kill.acts NAME …`, each safe to repeat.

A line "begun" is printed before the act, a line for each finished step, "done" at the end; then
"whole", or what the invariants and the audit find.
"""

import hashlib
import io
import sys
from datetime import timedelta
from pathlib import Path

import django

NAMES = 25  # communities in each of 8 townships
TOWNSHIPS = 8
FILES = 40
ENTRIES = 30
PLACES = 6_000


def lay() -> None:
    """Migrate, and make a city with 200 communities, each with its desk."""
    from bihuan.config.migration import migrate
    from bihuan.core.orgs.models import Org, Post
    from bihuan.core.places.models import Place
    from bihuan.core.places.services import insert_places
    from bihuan.core.places.types import NewPlace
    from tests.conftest import NOON
    from tests.factories import DAY_ONE, build_world

    migrate(verbosity=0)
    build_world(NOON)
    insert_places([NewPlace(f"99020100{n}", f"镇{n}", DAY_ONE) for n in range(1, TOWNSHIPS + 1)])
    insert_places(
        [
            NewPlace(f"99020100{n}{m:03}", f"村{n}-{m}", DAY_ONE)
            for n in range(1, TOWNSHIPS + 1)
            for m in range(1, NAMES + 1)
        ]
    )
    for place in Place.objects.filter(path__startswith="99.02.01.", level="community"):
        org = Org.objects.create(
            kind="node", name=place.name, place=place, scope=place.path, valid_from=DAY_ONE
        )
        Post.objects.create(
            org=org,
            place=place,
            scope=place.path,
            title="主任",
            role="node",
            desk=True,
            valid_from=DAY_ONE,
        )


def _world():
    from tests.conftest import NOON
    from tests.factories import World

    return World({}, NOON)


def dispatch() -> None:
    """Thirty demands to every community of south, in one act; the briefs are written once."""
    from bihuan.core.loops.models import Brief
    from bihuan.core.loops.services import dispatch as send
    from bihuan.core.loops.services.dispatch import Target
    from bihuan.core.loops.services.opening import Deadline
    from bihuan.core.places.models import Place
    from tests.conftest import NOON
    from tests.factories import brief

    place = Place.objects.get(code="9902")
    if not Brief.objects.filter(title="要求29").exists():
        for n in range(Brief.objects.filter(title__startswith="要求").count(), 30):
            brief(place, NOON, title=f"要求{n}")
    due = Deadline(NOON + timedelta(days=1))
    demands = [(row, due) for row in Brief.objects.filter(title__startswith="要求").order_by("pk")]
    print("begun", flush=True)
    sent = send(
        demands=demands,
        target=Target("community"),
        by=_world().outsider,
        at=NOON,
        origin="directive:1",
    )
    print("done", sent.rows, flush=True)


def upload() -> None:
    """Forty photos for forty subjects; one that is there already is passed over."""
    from PIL import Image

    from bihuan.core.evidence.models import Item
    from bihuan.core.evidence.services import Made, add_file
    from tests.conftest import NOON

    by = _world().outsider
    print("begun", flush=True)
    for n in range(FILES):
        subject = f"obligation:{n}"
        if Item.objects.filter(subject=subject).exists():
            continue
        out = io.BytesIO()
        Image.new("RGB", (600, 600), (n, 0, 0)).save(out, "PNG")
        item = add_file(
            subject=subject,
            scope="99.02.",
            name=f"{n}.png",
            chunks=[out.getvalue()],
            made=Made(NOON),
            by=by,
            at=NOON,
        )
        print("kept", item.blob_id, flush=True)
    print("done", flush=True)


def bring_in(file: str) -> None:
    """Import a list of communities."""
    from bihuan.core.places.services import load_communities
    from tests.conftest import NOON

    print("begun", flush=True)
    report = load_communities(file=Path(file), at=NOON)
    print("done", report.taken, flush=True)


def register() -> None:
    """Import workshops, in many small batches; a run that was cut short is run again."""
    from bihuan.core.audit.services import SYSTEM
    from bihuan.safety.models import Upload
    from bihuan.safety.services import importing
    from bihuan.safety.services.catalogue import load_catalogue
    from tests.conftest import NOON

    by, ask = _world().outsider, {"at": NOON}
    importing.BATCH = PLACES // 20
    if not Upload.objects.exists():
        load_catalogue(by=SYSTEM, at=NOON)
        lines = "".join(
            f"车间{n},99020100{n % TOWNSHIPS + 1}001,L{n},{n % 90}\n" for n in range(PLACES)
        )
        text = f"名称,地方代码,证照编号,从业人数 (人)\n{lines}坏,00,,1\n"
        importing.stage_upload(kind="workshop", file_name="a.csv", pieces=[text.encode()], by=by,
                               **ask)  # fmt: skip
    pk = Upload.objects.get().pk
    print("begun", flush=True)
    importing.preview_import(upload_id=pk, by=by, **ask)
    if Upload.objects.get().acted_at is None:
        importing.import_rows(upload_id=pk, by=by, writers=importing.WRITERS,
                              tell=lambda row: print(row.written, flush=True), **ask)  # fmt: skip
    print("done", flush=True)


def tick() -> None:
    """Run the clocks two days later: everything is overdue and climbs."""
    from bihuan.core.loops.services import tick as run
    from tests.conftest import NOON

    print("begun", flush=True)
    ticked = run(at=NOON + timedelta(days=2))
    print("done", ticked.marked, flush=True)


def field_ground() -> None:
    """A phone and thirty workshops to inspect with it."""
    from bihuan.core.audit.services import SYSTEM
    from bihuan.safety.services.catalogue import load_catalogue
    from bihuan.safety.services.checklists import load_checklists
    from bihuan.safety.services.devices import enrol_device
    from bihuan.safety.services.establishments import EstablishmentInput, register_establishment
    from tests.conftest import NOON

    by = _world().outsider
    print("begun", flush=True)
    load_catalogue(by=SYSTEM, at=NOON)
    load_checklists(by=SYSTEM, at=NOON)
    enrol_device(name="手机", session="", by=by, at=NOON)
    for n in range(ENTRIES):
        given = EstablishmentInput(f"车间{n}", "workshop", by.place_id, fields={"workers": n})
        register_establishment(given=given, by=by, at=NOON)
    print("done", flush=True)


def field() -> None:
    """A phone sends its day: a photo in two pieces, then the inspection, each under its key."""
    from uuid import UUID

    from PIL import Image

    from bihuan.safety.models import Checklist, Device, Establishment
    from bihuan.safety.selectors.field import seen_of
    from bihuan.safety.services.field import keep_part, receive
    from tests.conftest import NOON

    by, device = _world().outsider, Device.objects.get()
    checklist = Checklist.objects.get(code="trade")
    answers = {one["code"]: "fine" for one in checklist.items} | {"1": "gap"}
    print("begun", flush=True)
    for n, place in enumerate(Establishment.objects.select_related("kind", "venue").order_by("pk")):
        out = io.BytesIO()
        Image.new("RGB", (400, 400), (n, 9, 9)).save(out, "PNG")
        data = out.getvalue()
        sha = hashlib.sha256(data).hexdigest()
        half = len(data) // 2
        for start, piece in ((0, data[:half]), (half, data[half:])):
            keep_part(device=device, sha256=sha, size=len(data), start=start, data=piece, at=NOON)
        shot = {"sha256": sha, "at": NOON.isoformat()}
        hazard = {"item": "1", "title": "出口锁闭", "type": "出口锁闭", "photos": [shot]}
        raw = {
            "establishment": place.pk, "checklist": checklist.pk, "seen": seen_of(place, 0),
            "begun_at": NOON.isoformat(), "ended_at": NOON.isoformat(), "answers": answers,
            "hazards": [hazard],
        }  # fmt: skip
        entry = receive(device=device, key=UUID(int=n), raw=raw, by=by, at=NOON)
        print("kept", entry.state, flush=True)
    print("done", flush=True)


def take(file: str) -> None:
    """Import a line list of cases; a second run goes on where the first was cut short."""
    from bihuan.core.orgs.models import Account
    from bihuan.core.places.models import Place
    from bihuan.epidemic.models import Event, LineList
    from bihuan.epidemic.services.cases import open_event
    from bihuan.epidemic.services.lists import stage_list, take_list
    from tests.conftest import NOON
    from tests.epidemic.builders import add_health
    from tests.factories import World

    world = World({p.code: p for p in Place.objects.filter(code__startswith="99")}, NOON)
    if not Account.objects.filter(username="cdc").exists():
        add_health(world)
    place = world.places["990101"]
    event = Event.objects.first() or open_event(
        title="x", disease_code="unknown", place_id=place.pk, by=world.cdc, at=NOON
    )
    data = Path(file).read_bytes()
    row = LineList.objects.first() or stage_list(
        event_id=event.pk, file_name="l.csv", data=data, by=world.cdc, at=NOON
    )
    print("begun", flush=True)
    if row.acted_at is None:
        row = take_list(list_id=row.pk, by=world.cdc, at=NOON)
    print("done", row.report["added"], flush=True)


def surge() -> None:
    """Forty cards of forty people by four reporters at once."""
    from concurrent.futures import ThreadPoolExecutor
    from dataclasses import replace

    from django.db import connection

    from bihuan.core.places.models import Place
    from bihuan.core.vault.types import Identity
    from bihuan.epidemic.services.cases import report_case
    from tests.conftest import NOON
    from tests.epidemic.builders import add_health
    from tests.epidemic.conftest import card, make_event
    from tests.factories import World

    world = add_health(
        World({p.code: p for p in Place.objects.filter(code__startswith="99")}, NOON)
    )
    by, given = world.clinic, card(world, make_event(world, NOON), NOON)

    def report(n: int) -> str:
        name = f"{chr(0x4E00 + n * 7)}{chr(0x5E00 + n * 11)}"
        person = Identity(name=name, phone=f"139{n * 9973:08}")
        try:
            return report_case(card=replace(given, person=person), by=by, at=NOON).number
        finally:
            connection.close()

    print("begun", flush=True)
    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(report, range(FILES)))
    print("done", len(numbers), flush=True)


def judge() -> None:
    """Say whether the database is whole after the act."""
    from bihuan.core.loops.invariants import run
    from tests.conftest import NOON

    broken = [str(result) for result in run(at=NOON) if result.broken]
    print(*broken or ["whole"], sep="\n", flush=True)


if __name__ == "__main__":
    django.setup()
    acts = (lay, dispatch, upload, bring_in, register, tick, field_ground, field, take, surge)
    {act.__name__: act for act in acts}[sys.argv[1]](*sys.argv[2:])
    judge()
