"""The conditions of XLSForm that a checklist may use, as small trees. Pure.

    ${code}  'text'  12.5  .          a question, a word, a number, the answer itself
    =  !=  <  <=  >  >=               as numbers where both are numbers, else as words
    and  or  not(…)  selected(${code}, 'choice')

A tree is a list: ["=", ["ref", "code"], ["is", "yes"]]. The field app judges the same trees
(`static/web/js/field/rules.js`); a test holds the two against each other.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

Tree = list[Any]
_TOKEN = re.compile(
    r"\s*(?:(\$\{[A-Za-z_][\w.-]*\})|('[^']*'|\"[^\"]*\")|(-?\d+(?:\.\d+)?)"
    r"|(!=|<=|>=|=|<|>|\(|\)|,|\.)|([A-Za-z][\w-]*))"
)
_COMPARE = ("=", "!=", "<", "<=", ">", ">=")
MOST_CHARACTERS = 500
MOST_DEPTH = 20


class ExpressionFault(ValueError):
    """An expression that cannot be read; the message is the part at fault."""


def parsed(text: str, known: Collection[str]) -> Tree:
    """The tree of an expression over known questions. Raises ExpressionFault."""
    if len(text) > MOST_CHARACTERS:
        raise ExpressionFault(f"{text[:20]}…")
    reader = _Reader(_tokens(text), known)
    tree = reader.either(0)
    if reader.rest:
        raise ExpressionFault(reader.rest[0])
    return tree


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise ExpressionFault(text[place:].strip()[:20])
        found.append(match.group().strip())
        place = match.end()
    return found


class _Reader:
    """Reads tokens by descent: or, and, comparison, value."""

    def __init__(self, tokens: list[str], known: Collection[str]) -> None:
        self.rest, self.known = tokens, known

    def either(self, depth: int) -> Tree:
        return self._joined("or", depth)

    def _joined(self, word: str, depth: int) -> Tree:
        if depth > MOST_DEPTH:
            raise ExpressionFault("(((")
        below = self._comparison if word == "and" else self._both
        tree = below(depth)
        while self.rest[:1] == [word]:
            self.rest.pop(0)
            tree = [word, tree, below(depth)]
        return tree

    def _both(self, depth: int) -> Tree:
        return self._joined("and", depth)

    def _comparison(self, depth: int) -> Tree:
        left = self._value(depth)
        if self.rest and self.rest[0] in _COMPARE:
            return [self.rest.pop(0), left, self._value(depth)]
        return left

    def _take(self, wanted: str = "") -> str:
        if not self.rest or (wanted and self.rest[0] != wanted):
            raise ExpressionFault(self.rest[0] if self.rest else (wanted or "…"))
        return self.rest.pop(0)

    def _value(self, depth: int) -> Tree:
        word = self._take()
        if word == "(":
            tree = self.either(depth + 1)
            self._take(")")
            return tree
        if word in {"not", "selected"}:
            return self._called(word, depth)
        if word == ".":
            return ["self"]
        if word.startswith("${"):
            return self._question(word)
        if word[0] in "'\"":
            return ["is", word[1:-1]]
        if word.lstrip("-")[:1].isdigit():
            return ["is", word]
        raise ExpressionFault(word)

    def _question(self, token: str) -> Tree:
        name = token[2:-1]
        if name not in self.known:
            raise ExpressionFault(token)
        return ["ref", name]

    def _called(self, name: str, depth: int) -> Tree:
        self._take("(")
        first = self.either(depth + 1)
        if name == "not":
            self._take(")")
            return ["not", first]
        self._take(",")
        second = self._value(depth + 1)
        self._take(")")
        return ["selected", first, second]


def holds(tree: Tree, answers: Mapping[str, Any], own: Any = None) -> bool:
    """Whether a condition holds; a question without an answer is the empty word."""
    head, *parts = tree
    if head in {"and", "or"}:
        left = holds(parts[0], answers, own)
        if left == (head == "or"):
            return left
        return holds(parts[1], answers, own)
    if head == "not":
        return not holds(parts[0], answers, own)
    if head == "selected":
        chosen = _meant(parts[0], answers, own)
        wanted = _word(_meant(parts[1], answers, own))
        return wanted in (chosen if isinstance(chosen, list) else _word(chosen).split())
    if head in _COMPARE:
        return _compared(head, *(_meant(part, answers, own) for part in parts))
    return _word(_meant(tree, answers, own)) not in {"", "0", "false"}


def _meant(tree: Tree, answers: Mapping[str, Any], own: Any) -> Any:
    if tree[0] == "ref":
        return answers.get(tree[1], "")
    if tree[0] == "self":
        return own
    if tree[0] == "is":
        return tree[1]
    return "true" if holds(tree, answers, own) else "false"


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _compared(sign: str, left: Any, right: Any) -> bool:
    one, two = _word(left), _word(right)
    pair: tuple[Any, Any] = (one, two)
    try:
        pair = (float(one), float(two))
    except ValueError:
        if sign not in {"=", "!="} and "" in {one, two}:
            return False  # nothing is neither more nor less
    first, second = pair
    return bool({
        "=": first == second, "!=": first != second, "<": first < second, "<=": first <= second,
        ">": first > second, ">=": first >= second,
    }[sign])  # fmt: skip


def written(tree: Tree) -> str:
    """The expression of a tree as XLSForm writes it."""
    head, *parts = tree
    if head == "ref":
        return f"${{{parts[0]}}}"
    if head == "self":
        return "."
    if head == "is":
        return str(parts[0]) if re.fullmatch(r"-?\d+(\.\d+)?", parts[0]) else f"'{parts[0]}'"
    if head == "not":
        return f"not({written(parts[0])})"
    if head == "selected":
        return f"selected({written(parts[0])}, {written(parts[1])})"
    inner = [f"({written(p)})" if p[0] in {"and", "or", *_COMPARE} else written(p) for p in parts]
    return f"{inner[0]} {head} {inner[1]}"
