"""`python -m bihuan.intake.communique read FILE… --table | --out DIR`: reading without the product."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bihuan.intake.communique import Communique, Unreadable, merged, read, to_json

REFUSED = 1
USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Read files or folders; the exit code is 1 when any input could not be read at all."""
    parser = argparse.ArgumentParser(prog="bihuan intake", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("read", help="read communiqués into records")
    reading.add_argument("inputs", nargs="+", type=Path, metavar="FILE", help="files or folders")
    target = reading.add_mutually_exclusive_group()
    target.add_argument("--table", action="store_true", help="one row a demand (default)")
    target.add_argument("--out", type=Path, metavar="DIR", help="one ID.json a file")
    options = parser.parse_args(argv)
    missing = [str(one) for one in options.inputs if not one.exists()]
    if missing:
        parser.error(f"no such file: {', '.join(missing)}")
    if options.out is not None:
        return write_all(options.inputs, options.out)
    return print_all(options.inputs)


def print_all(inputs: Iterable[Path]) -> int:
    """Print each record as a table; nothing is kept in memory behind the page in hand."""
    code = 0
    for path in _files(inputs):
        try:
            records = read(path.read_bytes(), name=path.name)
        except Unreadable as error:
            print(f"{path.name}: {error.code}", file=sys.stderr)
            code = REFUSED
            continue
        for number, record in enumerate(records, 1):
            name = path.name if len(records) == 1 else f"{path.name} ({number})"
            print("\n".join(table(name, record)))
    return code


def table(name: str, record: Communique) -> list[str]:
    """The lines of one record: its head, then one line a demand."""
    if not record.is_communique:
        return [f"{name}\tnot a communiqué: {record.reason}", ""]
    head = [
        name,
        record.title or "—",
        " ".join(record.dates) or "—",
        f"{record.level or '?'} {record.jurisdiction or ''}".strip(),
        f"{len(record.directives)} demands",
    ]
    lines = ["\t".join(head)]
    certain = sum(one.certain for one in record.repairs)
    unsure = len(record.repairs) - certain
    lines.append(f"\trepairs {certain}, uncertain {unsure}; {', '.join(record.warnings) or 'ok'}")
    for one in record.directives:
        mark = "+" if one.actionable else "·"
        who = "、".join(one.responsible or one.responsible_inherited) or "—"
        until = "、".join(limit.text for limit in one.deadline) or "—"
        row = (f"{one.index:3d}{mark}", one.speaker, one.domain, who, until, one.text)
        lines.append("\t".join(row))
    lines.append("")
    return lines


def write_all(inputs: Iterable[Path], folder: Path) -> int:
    """Write ID.json for each file, and ID-1.json, ID-2.json beside it when it holds several.

    What is there already and newer than its source is skipped, so that a run killed half-way goes
    on where it stopped. A file appears whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    code = done = skipped = 0
    total = sum(1 for _ in _files(inputs))
    for number, path in enumerate(_files(inputs), 1):
        ident = path.stem
        target = folder / f"{ident}.json"
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            skipped += 1
            continue
        try:
            records = read(path.read_bytes(), name=path.name)
        except Unreadable as error:
            _write(target, {"id": ident, "is_communique": False, "reason": error.code})
            print(f"{path.name}: {error.code}", file=sys.stderr)
            code = REFUSED
            continue
        if len(records) > 1:
            for place, record in enumerate(records, 1):
                name = f"{ident}-{place}"
                _write(folder / f"{name}.json", to_json(record, ident=name))
        _write(target, to_json(merged(records), ident=ident))
        done += 1
        _progress(number, total)
    print(f"{done} read, {skipped} there already, {total} in all", file=sys.stderr)
    return code


def _files(inputs: Iterable[Path]) -> Iterator[Path]:
    """The files named and those directly in the folders named, one after the other."""
    for one in inputs:
        if one.is_dir():
            with os.scandir(one) as entries:
                for entry in entries:
                    if entry.is_file() and not entry.name.startswith("."):
                        yield Path(entry.path)
        else:
            yield one


def _write(target: Path, value: dict[str, object]) -> None:
    part = target.with_suffix(".part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(target)


def _progress(number: int, total: int) -> None:
    if sys.stderr.isatty() or number % 500 == 0 or number == total:
        filled = 30 * number // max(1, total)
        bar = "█" * filled + "·" * (30 - filled)
        end = "\n" if number == total or not sys.stderr.isatty() else "\r"
        print(f"{bar} {number}/{total}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
