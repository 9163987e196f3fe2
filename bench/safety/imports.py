"""500,000 establishments from one CSV: read, checked, matched, written; one row in 500 is wrong."""

from collections.abc import Iterator

from bench.loops.ground import holder
from bench.safety.machine import peak_mib, spent
from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import read_clock
from bihuan.core.places.models import Place
from bihuan.safety.models import Upload
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.importing import (
    WRITERS,
    import_rows,
    preview_import,
    stage_upload,
)

ROWS = 500_000
WRONG = 500
LIMIT_S = 60.0
LIMIT_MIB = 512.0
HEADS = "名称,地方代码,证照编号,地址,法定代表人,经度,纬度,从业人数 (人),涉爆粉尘"


def run(scale: float) -> Iterator[tuple[str, float, str, float]]:
    """Name, figure, measure and limit."""
    load_catalogue(by=SYSTEM, at=read_clock())
    rows = round(ROWS * scale)
    by, at = holder("99"), read_clock()
    mark = Upload.objects.count()  # in a database that was kept, places of a run before are others
    file = list(_file(rows, mark))  # made before: no part of the work
    before = peak_mib()
    with spent() as staging:
        upload = stage_upload(kind="workshop", file_name="all.csv", pieces=file, by=by, at=at)
    with spent() as reading:
        found = preview_import(upload_id=upload.pk, by=by, at=at)
    with spent() as writing:
        done = import_rows(upload_id=upload.pk, by=by, at=at, writers=WRITERS)
    print(
        f"imports: {upload.size / 1024 / 1024:.0f} MiB, {done.added:,} added, {done.refused:,} refused"
    )
    assert (found.added, done.refused) == (rows - rows // WRONG, rows // WRONG)
    for name, part in (("keeping the file", staging), ("reading, checking, matching", reading),
                       ("writing", writing)):  # fmt: skip
        print(
            f"imports: {name}: {part.clock:.1f} s, CPU {part.python:.1f} s of Python,"
            f" {part.database:.1f} s of the database"
        )
    parts = (staging, reading, writing)
    yield "by the clock", sum(part.clock for part in parts), "s", LIMIT_S
    yield "memory beyond the start", peak_mib() - before, "MiB", LIMIT_MIB
    with spent() as again:
        second = stage_upload(kind="workshop", file_name="all.csv", pieces=file, by=by, at=at)
        same = preview_import(upload_id=second.pk, by=by, at=at)
    assert (same.added, same.changed) == (0, 0)
    yield "the same file again, by the clock", again.clock, "s", LIMIT_S


def _file(rows: int, mark: int) -> Iterator[bytes]:
    codes = list(Place.objects.filter(level="township").values_list("code", flat=True))
    yield HEADS.encode() + b"\n"
    for start in range(0, rows, 1_000):
        yield "".join(
            f"导入工厂{mark}-{n},{codes[n % len(codes)] if n % WRONG else '12'},W{mark}-{n:07},工业路{n % 900}号,"
            f"某{n % 700},{100 + n % 97 / 10},{30 + n % 83 / 10},{n % 400},{'是' if n % 3 else '否'}\n"
            for n in range(start, min(start + 1_000, rows))
        ).encode()
