"""`bihuan intake …`: communiqués into records, reviews into labels, and how well they were read."""

import argparse
import csv
import json
from pathlib import Path

from bihuan.config.command import Command
from bihuan.config.commands.lists import actor_of, as_whom
from bihuan.config.speech import say, tell


def read_arguments(parser: argparse.ArgumentParser) -> None:
    """Which files, and where the records go."""
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="FILE", help=say("文件或文件夹", "files or folders")
    )
    target = parser.add_mutually_exclusive_group()
    target.add_argument(
        "--table", action="store_true",
        help=say("每条要求一行（默认）", "one row a demand (default)"),
    )  # fmt: skip
    target.add_argument(
        "--out", type=Path, metavar="DIR",
        help=say("每个文件一个 JSON", "one JSON a file"),
    )  # fmt: skip


def read(options: argparse.Namespace) -> int:
    """Print or write what was read; 1 when any input could not be read at all."""
    from bihuan.intake.communique.__main__ import print_all, write_all

    missing = [str(path) for path in options.inputs if not path.exists()]
    if missing:
        tell(say("没有这些文件：{}", "no such files: {}").format("、".join(missing)))
        return 1
    if options.out is not None:
        return write_all(options.inputs, options.out)
    return print_all(options.inputs)


def label_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and as whom."""
    parser.add_argument(
        "--out", type=Path, metavar="DIR", required=True,
        help=say("写到哪个文件夹", "the folder to write to"),
    )  # fmt: skip
    as_whom(parser)


def export_labels(options: argparse.Namespace) -> int:
    """Write raw/ID.txt, gold/ID.json, gold/ID.clean.txt and index.csv; what is there stays there."""
    from bihuan.intake.selectors.labels import examples

    raw, gold = options.out / "raw", options.out / "gold"
    for folder in (raw, gold):
        folder.mkdir(parents=True, exist_ok=True)
    count = demands = 0
    with (options.out / "index.csv").open("x", encoding="utf-8", newline="") as out:
        index = csv.writer(out)
        index.writerow(("id", "file", "is_communique", "directives"))
        for one in examples(by=actor_of(options.username)):
            told = one.labels["directives"]
            assert isinstance(told, list)
            (raw / f"{one.ident}.txt").write_text(one.raw, encoding="utf-8")
            (gold / f"{one.ident}.clean.txt").write_text(one.clean, encoding="utf-8")
            text = json.dumps(one.labels, ensure_ascii=False, indent=1)
            (gold / f"{one.ident}.json").write_text(text, encoding="utf-8")
            yes = "yes" if one.labels["is_communique"] else "no"
            index.writerow((one.ident, f"{one.ident}.txt", yes, len(told)))
            count, demands = count + 1, demands + len(told)
    tell(say("文稿 {} 篇，要求 {} 条", "{} documents, {} demands").format(count, demands))
    return 0


def accuracy_of(options: argparse.Namespace) -> int:
    """Print how often reader and people agreed, field by field."""
    from bihuan.intake.selectors.accuracy import accuracy

    found = accuracy(by=actor_of(options.username))
    told = say("文稿 {} 篇，逐条核过的草稿 {} 条，另有 {} 条成批采用、不计",
               "{} documents, {} drafts decided one by one; {} more kept in bulk, not counted")  # fmt: skip
    tell(told.format(found.documents, found.drafts, found.in_bulk))
    for one in found.fields:
        share = "—" if one.share is None else f"{one.share:.3f}"
        tell(f"{one.field:16s} {share:>6s}  {one.agreed}/{one.compared}")
    return 0


COMMANDS = (
    Command("intake read", "读会议通稿", "read meeting reports", read, read_arguments, database=""),
    Command(
        "intake export-labels",
        "把核过的文稿导出为标注样本",
        "export reviewed documents as labelled examples",
        export_labels,
        label_arguments,
    ),
    Command(
        "intake accuracy",
        "识读与人工核定的一致程度",
        "how often reader and people agreed",
        accuracy_of,
        as_whom,
    ),
)
