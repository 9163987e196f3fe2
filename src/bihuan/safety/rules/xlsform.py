"""Checklists in the sheets of XLSForm (survey, choices, settings): read with every fault by row
and column, written back. Pure.

Beside the standard columns the survey may say `hazard` (the type of hazard an item finds) and
`gap` (the choice that means one). A select_one over the choices fine, gap and absent is the
checklist's own question with three buttons. Repeats and calculations have no place in a checklist
and are refused; what a form collects by itself (start, end, deviceid …) is passed over.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bihuan.core.evidence.cells import Refusal, plain
from bihuan.safety.rules.checklists import ANSWERS, KINDS, MOST_ITEMS, Item
from bihuan.safety.rules.expressions import ExpressionFault, Tree, parsed, written

Rows = Sequence[Sequence[str]]
NAME = re.compile(r"[A-Za-z_][\w.-]{0,39}", re.ASCII)
BY_ITSELF = frozenset({"start", "end", "today", "deviceid", "username", "phonenumber", "email",
                       "audit", "subscriberid", "simserial"})  # fmt: skip
_KINDS = {"select one": "select_one", "select multiple": "select_multiple", "string": "text",
          "int": "integer", "photo": "image", "gps": "geopoint"}  # fmt: skip
_CHECK = {"fine": ("合格", "Fine"), "gap": ("有隐患", "Gap"), "absent": ("无此项", "Not there")}
_TRUE = {"yes", "true", "true()", "1", "是"}
Choices = dict[str, list[tuple[str, str, str]]]


@dataclass(slots=True)
class Form:
    """What was read: the items, the settings, every fault."""

    title: str = ""
    code: str = ""
    items: list[Item] = field(default_factory=list)
    faults: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a sheet under its headings."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.cells.get(name, "").strip()

    def words(self, name: str = "label") -> tuple[str, str]:
        """The Chinese and the English of a column that may have languages."""
        found = {"zh": "", "en": ""}
        for head, value in self.cells.items():
            base, _colons, language = head.partition("::")
            if base != name or not value.strip():
                continue
            told = language.lower()
            english = "en" in re.findall(r"[a-z]+", told) or "english" in told
            found["en" if english else "zh"] = value.strip()
        return found["zh"] or found["en"], found["en"]


def read_form(sheets: Mapping[str, Rows]) -> Form:
    """Read the sheets of a form; nothing is guessed, every fault is named by row and column."""
    named = {name.strip().lower(): rows for name, rows in sheets.items()}
    form = Form()
    if "survey" not in named:
        form.faults.append(Refusal("survey", 1, "", "", "xlsform.no_survey"))
        return form
    for line in _lines("settings", named.get("settings", ()))[:1]:
        form.title = line.get("form_title")
        form.code = re.sub(r"[^a-z0-9_]", "_", line.get("form_id").lower())
    survey = _lines("survey", named["survey"])
    reader = _Reader(form, _choices(form, _lines("choices", named.get("choices", ()))), survey)
    for line in survey:
        reader.take(line)
    reader.finish()
    return form


def _lines(sheet: str, rows: Rows) -> list[_Line]:
    if not rows:
        return []
    heads = [plain(head).lower().replace(" ", "_") for head in rows[0]]
    return [
        _Line(sheet, number, {h: str(v) for h, v in zip(heads, row, strict=False) if h})
        for number, row in enumerate(rows[1:], start=2)
        if any(str(cell).strip() for cell in row)
    ]


def _choices(form: Form, lines: Sequence[_Line]) -> Choices:
    found: Choices = {}
    for line in lines:
        of, name = line.get("list_name") or line.get("list"), line.get("name")
        zh, en = line.words()
        if not of or not name or not zh:
            missing = "list_name" if not of else ("label" if name else "name")
            _fault(form, line, missing, "xlsform.missing")
        elif any(name == known for known, *_rest in found.setdefault(of, [])):
            _fault(form, line, "name", "xlsform.twice")
        else:
            found[of].append((name[:40], zh[:120], en[:120]))
    return found


def _fault(form: Form, line: _Line, column: str, code: str, **facts: object) -> None:
    form.faults.append(
        Refusal(line.sheet, line.number, column, line.get(column), code, dict(facts))
    )


class _Reader:
    """Goes down the survey with the groups that are open."""

    def __init__(self, form: Form, choices: Choices, survey: Sequence[_Line]) -> None:
        self.form, self.choices = form, choices
        self.known = {line.get("name") for line in survey}
        self.seen: set[str] = set()
        self.groups: list[tuple[_Line, tuple[str, str], Tree | None]] = []

    def take(self, line: _Line) -> None:
        """One row."""
        words = line.get("type").lower().split()
        kind = " ".join(words[:2]).replace("_", " ")
        if kind in {"begin group", "end group"}:
            self._group(line, begins=kind.startswith("begin"))
        elif words and words[0] not in BY_ITSELF:
            self._item(line, line.get("type").split())
        elif not words:
            _fault(self.form, line, "type", "xlsform.missing")

    def _group(self, line: _Line, *, begins: bool) -> None:
        if begins:
            self.groups.append((line, line.words(), self._condition(line, "relevant")))
        elif self.groups:
            self.groups.pop()
        else:
            _fault(self.form, line, "type", "xlsform.no_group")

    def finish(self) -> None:
        """What must hold of the whole."""
        for line, _words, _tree in self.groups:
            _fault(self.form, line, "type", "xlsform.open_group")
        if len(self.form.items) > MOST_ITEMS:
            self.form.faults.append(
                Refusal("survey", 1, "", "", "xlsform.too_many", {"most": MOST_ITEMS})
            )
        if not self.form.items and not self.form.faults:
            self.form.faults.append(Refusal("survey", 1, "", "", "xlsform.no_survey"))

    def _item(self, line: _Line, words: list[str]) -> None:
        head, of = words[0].lower(), words[-1] if len(words) > 1 else ""
        if head in {"select", "begin", "end"} and len(words) > 1:
            head = f"{head} {words[1].lower()}"
        kind = _KINDS.get(head, head)
        if kind not in KINDS or kind == "check":
            _fault(self.form, line, "type", "xlsform.type")
            return
        name = line.get("name")
        zh, en = line.words()
        if not self._named(line, name, zh):
            return
        item = Item(
            name, zh[:200], en[:200], line.get("hazard")[:60], kind, self._required(line, kind),
            self._chosen(line, kind, of), "", self._relevant(line),
            self._condition(line, "constraint"), " / ".join(
                told for told in line.words("constraint_message")[:1] if told)[:200],
            *self._groups(),
        )  # fmt: skip
        self.form.items.append(self._judged(line, item))

    def _named(self, line: _Line, name: str, label: str) -> bool:
        wrong = {
            "name": "xlsform.name" if NAME.fullmatch(name) is None else "",
            "label": "" if label else "xlsform.missing",
        }
        if name in self.seen:
            wrong["name"] = "xlsform.twice"
        self.seen.add(name)
        for column, code in wrong.items():
            if code:
                _fault(self.form, line, column, code)
        return not any(wrong.values())

    def _required(self, line: _Line, kind: str) -> bool:
        return kind != "note" and line.get("required").lower() in _TRUE

    def _chosen(self, line: _Line, kind: str, of: str) -> tuple[tuple[str, str, str], ...]:
        if not kind.startswith("select"):
            return ()
        if not self.choices.get(of):
            _fault(self.form, line, "type", "xlsform.no_list", name=of)
        return tuple(self.choices.get(of, ()))

    def _judged(self, line: _Line, item: Item) -> Item:
        """The three buttons, and the choice that is a gap."""
        names = {name for name, *_words in item.choices}
        if item.kind == "select_one" and names == set(ANSWERS):
            return replace(item, kind="check", choices=(), type=item.type or item.text[:60])
        gap = line.get("gap")
        if gap and gap not in names:
            _fault(self.form, line, "gap", "xlsform.gap")
            return item
        return replace(item, gap=gap, type=item.type or (item.text[:60] if gap else ""))

    def _groups(self) -> tuple[str, str]:
        pairs = [words for _line, words, _tree in self.groups]
        return (" / ".join(zh for zh, _en in pairs if zh)[:120],
                " / ".join(en for _zh, en in pairs if en)[:120])  # fmt: skip

    def _relevant(self, line: _Line) -> Tree | None:
        """The item's own condition and those of the groups around it."""
        trees = [tree for _line, _words, tree in self.groups]
        whole: Tree | None = None
        for tree in (*trees, self._condition(line, "relevant")):
            if tree is not None:
                whole = tree if whole is None else ["and", whole, tree]
        return whole

    def _condition(self, line: _Line, column: str) -> Tree | None:
        text = line.get(column)
        if not text:
            return None
        try:
            return parsed(text, self.known)
        except ExpressionFault as fault:
            _fault(self.form, line, column, "xlsform.expression", part=str(fault))
            return None


SURVEY = ("type", "name", "label::中文 (zh)", "label::English (en)", "required", "relevant",
          "constraint", "constraint_message", "hazard", "gap")  # fmt: skip
CHOICES = ("list_name", "name", "label::中文 (zh)", "label::English (en)")


def write_form(
    items: Sequence[Item], *, title: str, code: str, version: int
) -> dict[str, list[list[str]]]:
    """The sheets of a checklist as XLSForm has them; reading them gives the same items."""
    survey, choices = [list(SURVEY)], [list(CHOICES)]
    group = ("", "")
    for item in items:
        if (item.group, item.group_en) != group:
            if group[0]:
                survey.append(_row("end_group"))
            group = (item.group, item.group_en)
            if group[0]:
                survey.append(_row("begin_group", f"group_{len(survey)}", *group))
        survey.append(_survey_row(item))
        for name, zh, en in _listed(item):
            choices.append([_list_of(item), name, zh, en])
    if group[0]:
        survey.append(_row("end_group"))
    seen: dict[tuple[str, ...], None] = dict.fromkeys(tuple(row) for row in choices)
    settings = [["form_title", "form_id", "version"], [title, code, str(version)]]
    return {"survey": survey, "choices": [list(row) for row in seen], "settings": settings}


def _row(*cells: str) -> list[str]:
    return [*cells, *[""] * (len(SURVEY) - len(cells))]


def _listed(item: Item) -> Sequence[tuple[str, str, str]]:
    if item.kind == "check":
        return [(name, *words) for name, words in _CHECK.items()]
    return item.choices


def _list_of(item: Item) -> str:
    return "check" if item.kind == "check" else f"{_name(item.code)}_choices"


def _name(code: str) -> str:
    """A number is no name in XLSForm."""
    return code if NAME.fullmatch(code) else f"q{code}"


def _survey_row(item: Item) -> list[str]:
    kind = "select_one" if item.kind == "check" else item.kind
    told: Any = f"{kind} {_list_of(item)}" if _listed(item) else kind
    return [
        told, _name(item.code), item.text, item.text_en, "yes" if item.required else "",
        written(item.relevant) if item.relevant else "",
        written(item.constraint) if item.constraint else "", item.message, item.type, item.gap,
    ]  # fmt: skip
