"""Papers of our own in many styles, marked with what an expert clerk would take from them.

A paper starts with `#ident level place dates chair=… speakers=… attend=… meetings=…` (`-` for none,
a key left out is not compared). In its text `{speaker domain±|words}` is one demand; the speaker may be
left out when it is the one before, `+` means actionable. Names and places are invented.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
DOMAINS = {
    "cmd": "command", "sense": "epidemic-sensing", "invest": "epidemic-investigation",
    "test": "testing", "iso": "isolation-treatment", "vac": "vaccination", "entry": "entry",
    "venue": "key-venues", "safe": "work-safety", "nat": "natural-hazards",
    "drill": "emergency-drill", "res": "resources", "econ": "economy",
    "pub": "public-communication", "sup": "supervision", "pol": "governance-political",
}  # fmt: skip
_MARK = re.compile(
    r"\{(?:(?P<speaker>[^ |{}]+) |\|)(?P<domain>[a-z]+)(?P<act>[+-])\|(?P<words>[^{}]*)\}"
)


@dataclass(frozen=True)
class Wanted:
    """One demand as it should be read."""

    speaker: str
    domain: str
    actionable: bool
    text: str


@dataclass(frozen=True)
class Paper:
    """A text and its labels; `told` holds the fields of the head line that are given."""

    ident: str
    text: str
    told: dict[str, tuple[str, ...]]
    demands: tuple[Wanted, ...]


def papers() -> Iterator[Paper]:
    """Every paper of the folder."""
    for path in sorted(FOLDER.glob("*.txt")):
        for block in re.split(r"^#(?=\w)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[
            1:
        ]:
            head, _, body = block.partition("\n")
            yield _paper(head.split(" "), body)


def _paper(head: list[str], body: str) -> Paper:
    told = {name: () if value == "-" else (value,)
            for name, value in zip(("level", "jurisdiction", "dates"), head[1:4], strict=True)
            if value != "?"}  # fmt: skip
    if "dates" in told:
        told["dates"] = tuple(one for text in told["dates"] for one in text.split(","))
    for pair in head[4:]:
        name, _, value = pair.partition("=")
        if value != "?":
            key = {"attend": "attendees"}.get(name, name)
            told[key] = tuple(one for one in value.split(",") if one)
    demands: list[Wanted] = []
    for found in _MARK.finditer(body):
        speaker = found["speaker"] or demands[-1].speaker
        demands.append(
            Wanted(speaker, DOMAINS[found["domain"]], found["act"] == "+", found["words"])
        )
    return Paper(head[0], _MARK.sub(lambda m: m["words"], body), told, tuple(demands))


def sentences() -> list[Wanted]:
    """Single demands, one a line: `domain± words`."""
    lines = (FOLDER / "sentences.lst").read_text(encoding="utf-8").splitlines()
    heads = (line.split(" ", 1) for line in lines)
    return [Wanted("", DOMAINS[head[:-1]], head[-1] == "+", words) for head, words in heads]


def by_topic(name: str) -> Iterator[tuple[str, Wanted]]:
    """Single demands of a list with the topic of their meeting, which stands on a line of its own: `@…`."""
    topic = ""
    for line in (FOLDER / f"{name}.lst").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            topic = line[1:]
            continue
        head, words = line.split(" ", 1)
        yield topic, Wanted("", DOMAINS[head[:-1]], head[-1] == "+", words)
