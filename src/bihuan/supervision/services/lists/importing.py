"""What the import of each list shares: the report that grows, references, words, cells."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial

from django.db import transaction

from bihuan.core.clock import TZ
from bihuan.core.errors import Invalid, Refused
from bihuan.core.evidence.cells import (
    CellFault,
    Correction,
    Refusal,
    plain,
    read_date,
    read_figure,
    read_moment,
    unshielded,
    write_figure,
)
from bihuan.core.loops.models import Brief, Domain, Obligation, ProblemTask
from bihuan.core.loops.services import serve_problem, write_brief
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.supervision.rules.tables import read_number, split_numbers
from bihuan.supervision.selectors.sheets import Say

MOST_CHANGES = 2_000  # rows that one file may add or change


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file: where it stands, and its cells by column."""

    sheet: str
    row: int
    cells: Mapping[str, str]

    def get(self, key: str) -> str:
        """A cell, empty when the file has no such column."""
        return self.cells.get(key, "")


def cells_at(row: list[str], places: Mapping[str, int]) -> dict[str, str]:
    """The cells of a row by column, without the mark against formulas."""
    return {
        key: unshielded(row[place]).replace("\r\n", "\n").strip() if place < len(row) else ""
        for key, place in places.items()
    }


class Faulty(Exception):
    """A cell stops its row: column, value, code and facts for the report."""

    def __init__(self, column: str, value: str, code: str, **facts: object) -> None:
        self.column, self.value, self.code, self.facts = column, value, code, facts
        super().__init__(code)


@dataclass
class Import:
    """One run over a file: who, when, and what has come of it so far."""

    by: Actor
    at: datetime
    says: tuple[Say, ...]
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    corrections: list[Correction] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)  # "新1" in the file → the new loop

    def refuse(self, line: Line, column: str, code: str, *, value: str, **facts: object) -> None:
        """Leave a row out and say why."""
        self.refusals.append(Refusal(line.sheet, line.row, column, value, code, dict(facts)))

    def correct(self, line: Line, column: str, mended: str) -> None:
        """Note that a cell is read otherwise than written."""
        written = line.get(column)
        if plain(written) != mended:
            self.corrections.append(Correction(line.sheet, line.row, column, written, mended))

    def each(
        self, lines: Iterable[Line], *, new: Callable[[Line], str], known: Callable[[Line], str]
    ) -> None:
        """Take every row with the function for rows of its sort."""
        for line in lines:
            self.row(line, partial(new if is_new(line.get("number")) else known, line))

    def ids(self, lines: Iterable[Line], kind: str) -> tuple[int, ...]:
        """Serials of the known rows; a number that cannot be read is told with its row."""
        found = []
        for line in lines:
            try:
                found.append(self.serial(line.get("number"), "number", kind)[0])
            except Faulty:
                continue
        return tuple(found)

    def row(self, line: Line, work: Callable[[], str]) -> None:
        """Take one row in a savepoint: all of it or, with a reason in the report, nothing.

        `work` answers added, changed or unchanged.
        """
        if self.added + self.changed >= MOST_CHANGES:
            raise Invalid("lists.too_many_changes", limit=MOST_CHANGES)
        try:
            with transaction.atomic():
                came = work()
        except Faulty as fault:
            self.refuse(line, fault.column, fault.code, value=fault.value, **fault.facts)
            return
        except Refused as refused:
            column = str(refused.facts.get("field", "number"))
            known = column if column in line.cells else "number"
            self.refuse(line, known, refused.code, value=line.get(known), **refused.facts)
            return
        setattr(self, came, getattr(self, came) + 1)

    @cached_property
    def place(self) -> Place:
        """Where the importer's demands come from."""
        return Place.objects.get(pk=self.by.place_id)

    @cached_property
    def domains(self) -> dict[str, str]:
        """Code of a domain by code and by its word in each language."""
        return self.codes("domain", Domain.values)

    def codes(self, kind: str, values: Iterable[str]) -> dict[str, str]:
        """The code behind each word of a kind, in every language."""
        known = {value: value for value in values}
        for say in self.says:
            known |= {plain(say(kind, value)).casefold(): value for value in list(known.values())}
        return known

    def post(self, line: Line, by_id: str, by_title: str) -> Post:
        """The post that a row names by number, or by a title that only one has."""
        posts = Post.objects.filter(within("scope", self.by.scope), valid_to=None)
        serial, title = plain(line.get(by_id)), line.get(by_title).strip()
        if serial and not serial.isdecimal():
            raise Faulty(by_id, serial, "lists.post_number")
        found = list(posts.filter(**({"pk": int(serial)} if serial else {"title": title}))[:2])
        if len(found) == 1:
            return found[0]
        column = by_id if serial else by_title
        code = "lists.post_ambiguous" if found else "lists.post_unknown"
        raise Faulty(column, line.get(column), code)

    def loop(self, text: str, column: str, kinds: str) -> int:
        """The loop that a cell names: by its number, or by a name given in this file."""
        name = plain(text).casefold()
        if name in self.names:
            return self.names[name]
        if is_new(text):
            raise Faulty(column, text, "lists.refers_to_nothing")
        return self.serial(text, column, kinds)[0]

    @staticmethod
    def serial(text: str, column: str, kinds: str) -> tuple[int, str]:
        """Serial and proper form of a number in a cell."""
        try:
            return read_number(text, kinds)
        except CellFault as fault:
            raise Faulty(column, text, str(fault), kinds=kinds) from fault

    def link(self, line: Line, column: str, *, loop_id: int, to_problem: bool) -> bool:
        """Add the edges a row asks for; whether any is new."""
        grown = False
        for number in split_numbers(line.get(column)):
            other = self.loop(number, column, "WT" if to_problem else "RW")
            problem, task = (other, loop_id) if to_problem else (loop_id, other)
            grown |= not ProblemTask.objects.filter(problem=problem, task=task).exists()
            serve_problem(problem_id=problem, task_id=task, by=self.by, at=self.at)
        return grown


def is_new(number: str) -> bool:
    """Whether a row's number says that it is new: empty, or a name such as 新1 or new-1."""
    name = plain(number).casefold()
    return not name or name.startswith(("新", "new"))


def same_text(given: str, known: Iterable[str]) -> bool:
    """Whether a cell says what one of the languages says already."""
    return plain(given) in {plain(text) for text in known}


def as_moment(text: str, column: str) -> datetime:
    """A moment of the wall clock, aware."""
    try:
        return read_moment(text).replace(tzinfo=TZ).astimezone(UTC)
    except CellFault as fault:
        raise Faulty(column, text, str(fault)) from fault


def describe(line: Line, work: Import) -> dict[str, object]:
    """The cells of a problem that people write: texts, figures, the day of re-measurement."""
    given: dict[str, object] = {}
    for key in ("type_code", "cause", "extent", "similar", "countermeasure", "figure_name"):
        if line.get(key):
            given[key] = line.get(key)
    try:
        for key in ("figure_before", "figure_target", "figure_after"):
            if line.get(key):
                given[key] = figure = read_figure(line.get(key))
                work.correct(line, key, write_figure(figure))
        key = "remeasure_on"
        if line.get(key):
            given[key] = day = read_date(line.get(key))
            work.correct(line, key, day.isoformat())
    except CellFault as fault:
        raise Faulty(key, line.get(key), str(fault)) from fault
    return given


def brief_of(line: Line, work: Import) -> Brief:
    """The demand of a new row, stored."""
    domain = work.domains.get(plain(line.get("domain")).casefold(), line.get("domain"))
    title = line.get("title")
    given = BriefInput(
        title=title, text=line.get("text") or title, domain=domain, sector=line.get("sector"),
        criterion=line.get("criterion"),
    )  # fmt: skip
    return write_brief(given=given, place=work.place, at=work.at)


def twin_of(line: Line, flow: str, owner: Post, work: Import) -> int | None:
    """A loop that says the same to the same post: the row came in before."""
    same = Obligation.objects.filter(
        flow=flow, owner_post=owner, issuer_org=work.by.org_id, brief__title=line.get("title"),
        brief__text=line.get("text") or line.get("title"),
        brief__criterion=line.get("criterion"),
    )  # fmt: skip
    return same.values_list("pk", flat=True).first()
