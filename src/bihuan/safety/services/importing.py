"""Import a register from a table of any size: keep it, read and check every row, look, then write.

Nothing of the file is held in memory: its pieces lie in the database, and so do its rows while
they wait. Reading that was cut short begins again; writing goes on where it stopped, since a
batch takes its rows away in the transaction that writes them. Batches know nothing of each
other, so that several may be written at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from queue import SimpleQueue
from threading import Event

from django.db import connection, transaction
from django.db.models import F, Max, Min

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotFound
from bihuan.core.evidence.apart import each_apart
from bihuan.core.evidence.cells import Column, Refusal, columns_of
from bihuan.core.evidence.rules import safe_name
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Upload, UploadRefusal, UploadRow
from bihuan.safety.rules.registers import Judge, Judged, Line
from bihuan.safety.rules.sheet import SENSOR, columns_for
from bihuan.safety.selectors.establishments import fetch_kind
from bihuan.safety.services.establishments import may_register
from bihuan.safety.services.importing_establishments import Establishments
from bihuan.safety.services.importing_pieces import PIECE, keep_pieces, lines_of
from bihuan.safety.services.importing_rows import Register, Statement
from bihuan.safety.services.importing_sensors import Sensors
from bihuan.safety.services.tallies import fold_places

BATCH = 10_000
APART = 4 * PIECE  # a larger file is read, judged (by processes beside) and kept at the same time
JUDGES = 2
WRITERS = 2  # of one large table, where nobody waits on a request
SHOWN = 100  # refusals on the page; all of them are in the file of refusals
MANY = 500  # rows that are joined as a whole, and told to the planner
KEEP_UPLOAD = timedelta(days=1)

Span = tuple[int, int]

_ROWS = "safety_uploadrow (upload_id, number, sheet, code, name, place_id, scope, data)"
_REFUSALS = 'safety_uploadrefusal (upload_id, sheet, "row", "column", value, code, facts)'


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import will do, or did; the first of the rows it left out."""

    added: int
    changed: int
    unchanged: int
    refused: int
    refusals: tuple[Refusal, ...]

    @property
    def idle(self) -> bool:
        """Nothing to do: the file says what is here already."""
        return not (self.added or self.changed)


@transaction.atomic
def stage_upload(
    *, kind: str, file_name: str, pieces: Iterable[bytes], by: Actor, at: datetime
) -> Upload:
    """Keep a table that can be read: of establishments of a kind, without one of sensors.

    Raises NotAllowed, NotFound, Invalid("table.…" | "establishment.no_table").
    """
    may_register(by)
    upload = Upload.objects.create(
        kind=fetch_kind(kind) if kind else None, post_id=by.post_id, scope=by.scope,
        file_name=safe_name(file_name), created_at=at,
    )  # fmt: skip
    keep_pieces(upload, pieces)
    upload.save(update_fields=["size"])
    columns = columns_of_upload(upload)
    heads = (row for _sheet, number, row in lines_of(upload) if number == 1)
    if not any(columns[0].key in columns_of(columns, row) for row in heads):
        raise Invalid("establishment.no_table", file=upload.file_name)
    return upload


def _quiet(_upload: Upload) -> None:
    """Nobody listens."""


def register_of(upload: Upload, by: Actor, at: datetime) -> Register:
    """What the file is a register of."""
    return Establishments(upload, by, at) if upload.kind else Sensors(upload, by, at)


def columns_of_upload(upload: Upload) -> Sequence[Column]:
    """The columns that its table may have."""
    return columns_for(upload.kind.schema) if upload.kind else SENSOR


def fetch_upload(*, upload_id: int, by: Actor, lock: bool = False) -> Upload:
    """The one door to an upload: whoever uploaded it. Raises NotFound("upload.not_found")."""
    rows = Upload.objects.select_for_update(of=("self",)) if lock else Upload.objects.all()
    row = rows.select_related("kind").filter(pk=upload_id, post_id=by.post_id).first()
    if row is None:
        raise NotFound("upload.not_found", id=upload_id)
    return row


def outcome_of(upload: Upload) -> Outcome:
    """What is known of an upload that was read. One query."""
    rows = UploadRefusal.objects.filter(upload=upload).order_by("row", "pk")[:SHOWN]
    return Outcome(
        upload.added, upload.changed, upload.same, upload.refused, tuple(map(_told, rows))
    )


def refusals_of(upload: Upload) -> Iterator[Refusal]:
    """Every row that was left out, as the file has them."""
    rows = UploadRefusal.objects.filter(upload=upload).order_by("row", "pk")
    return map(_told, rows.iterator(chunk_size=2_000))


def _told(row: UploadRefusal) -> Refusal:
    return Refusal(row.sheet, row.row, row.column, row.value, row.code, row.facts)


def preview_import(
    *, upload_id: int, by: Actor, at: datetime, tell: Callable[[Upload], None] = _quiet
) -> Outcome:
    """Check every row and say what the act would do; once. Begins anew when it was cut short.

    `tell` hears after each batch how far it is.

    Raises NotFound, NotAllowed, Invalid("table.…"), Conflict("upload.busy").
    """
    may_register(by)
    upload = _begin_reading(upload_id, by)
    if upload.read_at is not None:
        return outcome_of(upload)
    register = register_of(upload, by, at)
    try:
        for _batch in _kept(upload, _judged(upload, Judge(upload.pk, register.rows()))):
            tell(upload)
    except Invalid as fault:
        Upload.objects.filter(pk=upload.pk).update(fault=fault.code)
        raise
    return _end_reading(upload, register, at)


@transaction.atomic
def _begin_reading(upload_id: int, by: Actor) -> Upload:
    upload = fetch_upload(upload_id=upload_id, by=by, lock=True)
    if upload.read_at is None:
        _drop([upload.pk], "row", "refusal")
        upload.run += 1
        upload.save(update_fields=["run"])
    return upload


def _judged(upload: Upload, judge: Judge) -> Iterator[Judged]:
    """The lines of the file, judged some thousands at a time; of a large one beside the reading."""
    lines = lines_of(upload)
    batches = iter(lambda: list(islice(lines, BATCH)), [])
    if upload.size <= APART:
        return map(judge, batches)
    return each_apart(judge, _headed(batches), processes=JUDGES)


def _headed(batches: Iterable[list[Line]]) -> Iterator[list[Line]]:
    """Each begins with the heading of its sheet, whoever judged the lines before."""
    heading: list[Line] = []
    for batch in batches:
        yield [*heading, *batch]
        heading = [line for line in batch if line[1] == 1][-1:] or heading


def _kept(upload: Upload, batches: Iterable[Judged]) -> Iterator[None]:
    """Each batch as it is kept; of a large file while the next one is read, over a connection more.

    Within a transaction of the caller's they are kept in that.
    """
    if upload.size <= APART or connection.in_atomic_block:
        yield from (_keep(upload, judged) for judged in batches)
        return
    with ThreadPoolExecutor(1) as beside:
        keeping: Future[None] | None = None
        try:
            for judged in batches:
                if keeping is not None:
                    yield keeping.result()
                keeping = beside.submit(_keep, upload, judged)
            if keeping is not None:
                yield keeping.result()
        finally:
            beside.submit(connection.close)


@transaction.atomic
def _keep(upload: Upload, judged: Judged) -> None:
    mine = Upload.objects.filter(pk=upload.pk, run=upload.run)
    if not mine.update(passed=upload.passed):
        raise Conflict("upload.busy", file=upload.file_name)
    with connection.cursor() as cursor:
        for target, rows in zip((_ROWS, _REFUSALS), judged, strict=True):
            if rows:
                with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                    copy.write(rows)


@transaction.atomic
def _end_reading(upload: Upload, register: Register, at: datetime) -> Outcome:
    if _many(upload):  # the planner knows nothing of rows that came just now
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE safety_uploadrow (upload_id, code, name, place_id)")
    _settle(upload, register.once())
    _settle(upload, register.matching())
    _count(upload)
    Upload.objects.filter(pk=upload.pk).update(read_at=at, passed=F("size"))
    upload.refresh_from_db()
    return outcome_of(upload)


def _many(upload: Upload) -> bool:
    return UploadRow.objects.filter(upload=upload)[MANY : MANY + 1].exists()


def _settle(upload: Upload, statements: Iterable[Statement]) -> int:
    """Find which rows are there already, refuse what cannot be written; how many were touched."""
    with connection.cursor() as cursor:
        if _many(upload):  # nor does it know, after an import, the rows of the register
            cursor.execute("SET LOCAL enable_nestloop = off")
            cursor.execute("SET LOCAL work_mem = '64MB'")  # sorted and joined without a file
        touched = 0
        for statement, facts in statements:
            cursor.execute(statement, {"upload": upload.pk} | facts)
            touched += cursor.rowcount
        cursor.execute("SET LOCAL enable_nestloop = on")
    return touched


def _count(upload: Upload) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"upload": upload.pk})


_FIGURES = """
UPDATE safety_upload SET added = n.added, changed = n.changed, same = n.same, refused = (
    SELECT count(*) FROM safety_uploadrefusal WHERE upload_id = %(upload)s)
FROM (SELECT count(*) FILTER (WHERE known IS NULL) AS added, count(*) FILTER (WHERE differs)
             AS changed, count(*) FILTER (WHERE known IS NOT NULL AND differs IS NOT TRUE) AS same
      FROM safety_uploadrow WHERE upload_id = %(upload)s) n
WHERE id = %(upload)s
"""


def confirm_import(*, upload_id: int, by: Actor, at: datetime) -> Upload:
    """Say yes to a preview. Raises NotFound, Conflict("upload.acted" | "upload.unread")."""
    with transaction.atomic():
        upload = fetch_upload(upload_id=upload_id, by=by, lock=True)
        if upload.acted_at is not None:
            raise Conflict("upload.acted", file=upload.file_name, on=f"{upload.acted_at:%F}")
        if upload.read_at is None:
            raise Conflict("upload.unread", file=upload.file_name)
        if upload.confirmed_at is None:
            upload.confirmed_at = at
            upload.save(update_fields=["confirmed_at"])
            # The register may have moved on since; the file has not.
            if _settle(upload, register_of(upload, by, at).matching()):
                _count(upload)
    return upload


def import_rows(
    *,
    upload_id: int,
    by: Actor,
    at: datetime,
    tell: Callable[[Upload], None] = _quiet,
    writers: int = 1,
) -> Outcome:
    """Write new and changed rows, a batch in each transaction; safe to run again after a kill.

    More than one of `writers` have a connection each, so that none sees what the caller's own
    transaction holds. What the file says again changes nothing. Raises NotFound, NotAllowed,
    Conflict("upload.acted" | "upload.unread").
    """
    may_register(by)
    upload = confirm_import(upload_id=upload_id, by=by, at=at)
    write = partial(_write, upload.pk, register_of(upload, by, at))
    spans = _spans(upload)
    for count in _beside(write, spans, writers) if writers > 1 else map(write, spans):
        upload.written += count
        tell(upload)
    return _end(upload_id, by=by, at=at)


def _spans(upload: Upload) -> list[Span]:
    """The first and the last id of each batch; in some perhaps no row waits."""
    ends = UploadRow.objects.filter(upload=upload).aggregate(first=Min("id"), last=Max("id"))
    if ends["first"] is None:
        return []
    return [(start, start + BATCH - 1) for start in range(ends["first"], ends["last"] + 1, BATCH)]


def _beside(write: Callable[[Span], int], spans: list[Span], writers: int) -> Iterator[int]:
    """Several batches at once: what each of them wrote, as they are done."""
    done: SimpleQueue[int | None] = SimpleQueue()
    rest, stop = iter(spans), Event()

    def work() -> None:
        """One batch after another over one connection, which nobody else would close."""
        try:
            for span in rest:
                if stop.is_set():
                    break
                done.put(write(span))
        finally:
            stop.set()  # one failed, or none is left: no further ones begin
            connection.close()
            done.put(None)

    with ThreadPoolExecutor(writers) as pool:
        working = [pool.submit(work) for _ in range(writers)]
        try:
            for _ in working:
                yield from iter(done.get, None)
        finally:
            stop.set()  # nobody listens any more
    for one in working:
        one.result()


@transaction.atomic
def _write(upload_id: int, register: Register, span: Span) -> int:
    """One batch, whole or not at all; a second run beside this one waits and finds it gone."""
    with connection.cursor() as cursor:
        done = register.write(cursor, *span)
        # Now and not at the end: the upload's row is held while a batch is counted, no longer.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Upload.objects.filter(pk=upload_id).update(written=F("written") + done)
    return done


@transaction.atomic
def _end(upload_id: int, *, by: Actor, at: datetime) -> Outcome:
    upload = fetch_upload(upload_id=upload_id, by=by, lock=True)
    if upload.acted_at is None:
        _drop([upload.pk], "row", "part")
        upload.acted_at = at
        upload.save(update_fields=["acted_at"])
        register = register_of(upload, by, at)
        record(action=register.action, subject=f"upload:{upload.pk}", by=by, at=at,
               facts={"added": upload.added, "changed": upload.changed,
                      "refused": upload.refused})  # fmt: skip
        fold_places()
        if upload.added > MANY:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE orgs_venue, safety_establishment, safety_sensor")
    return outcome_of(upload)


def _drop(uploads: Sequence[int], *things: str) -> None:
    """By the hundred thousand: no row is built for it."""
    with connection.cursor() as cursor:
        for thing in things:
            cursor.execute(
                f"DELETE FROM safety_upload{thing} WHERE upload_id = ANY(%s)",  # noqa: S608
                [list(uploads)],
            )


def forget_uploads(*, at: datetime) -> int:
    """Drop the files that nobody acted on within a day; how many. Safe to repeat."""
    old = Upload.objects.filter(created_at__lte=at - KEEP_UPLOAD, acted_at=None)
    ids = list(old.values_list("pk", flat=True))
    _drop(ids, "row", "part", "refusal")
    return old.delete()[0]
