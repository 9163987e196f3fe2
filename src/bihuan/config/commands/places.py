"""`bihuan places load`: a real province from the shipped codes."""

import argparse
from pathlib import Path

from bihuan.config.command import Command
from bihuan.config.speech import say, tell


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which, and where its communities are listed."""
    parser.add_argument(
        "code", help=say("省级代码，如 44；00 为全国", "a province's code; 00: the nation")
    )
    parser.add_argument(
        "--communities", type=Path, metavar="FILE",
        help=say("社区（村）清单，CSV：代码，名称", "list of communities, CSV: code, name"),
    )  # fmt: skip


def load(options: argparse.Namespace) -> int:
    """Load the tree with its change history; a second time is refused."""
    from bihuan.core.clock import read_clock
    from bihuan.core.places import services

    report = services.load_real_province(
        code=options.code, at=read_clock(), communities_file=options.communities
    )
    levels = " ".join(f"{level} {count}" for level, count in report.levels.items())
    told = say("已装载：{}；曾用 {}，变更 {}", "loaded: {}; former {}, changes {}")
    tell(told.format(levels, report.former, report.changes))
    return 0


COMMANDS = (
    Command(
        "places load",
        "装载真实省份的行政区划",
        "load the places of a real province",
        load,
        arguments,
    ),
)
