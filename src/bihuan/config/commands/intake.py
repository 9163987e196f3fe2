"""`bihuan intake read`: communiqués into records, without any database."""

import argparse
from pathlib import Path

from bihuan.config.command import Command
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


COMMANDS = (
    Command("intake read", "读会议通稿", "read meeting reports", read, read_arguments, database=""),
)
