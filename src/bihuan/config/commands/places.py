"""`bihuan places`: load the real tree, a site's own communities and its boundaries."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bihuan.config.command import Command
from bihuan.config.speech import say, tell

if TYPE_CHECKING:
    from bihuan.core.places.types import ImportReport


def load_arguments(parser: argparse.ArgumentParser) -> None:
    """Which province."""
    parser.add_argument(
        "code",
        help=say("省级区划代码，如 44；00 为全国", "code of a province, such as 44; 00 for all"),
    )
    parser.add_argument(
        "--communities", type=Path, metavar="CSV",
        help=say("同时导入的社区(村)清单", "list of communities to import as well"),
    )  # fmt: skip


def load(options: argparse.Namespace) -> int:
    """Load a province from the shipped facts."""
    from bihuan.core.clock import read_clock
    from bihuan.core.places.services import load_real_province

    report = load_real_province(
        code=options.code, at=read_clock(), communities_file=options.communities
    )
    for level, count in report.levels.items():
        tell(f"{level:<12}{count:>8}")
    tell(f"{say('历史区划', 'former'):<12}{report.former:>8}")
    return 0


def import_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, and whether to act."""
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--act", action="store_true",
        help=say("写入；不加时只预览", "write it; without this only a preview"),
    )  # fmt: skip


def boundary_arguments(parser: argparse.ArgumentParser) -> None:
    """The same, and where the boundaries come from."""
    import_arguments(parser)
    parser.add_argument(
        "--source",
        required=True,
        help=say("来源与审图号，显示在地图下方", "source and map number, shown below each map"),
    )


def communities(options: argparse.Namespace) -> int:
    """Import a list of communities and grids."""
    from bihuan.core.clock import read_clock
    from bihuan.core.places.services import load_communities

    at = read_clock()
    return _told(load_communities(file=options.file, at=at, preview=not options.act), options)


def boundaries(options: argparse.Namespace) -> int:
    """Import a GeoJSON collection."""
    from bihuan.core.clock import read_clock
    from bihuan.core.places.services import import_boundaries

    report = import_boundaries(
        file=options.file, source=options.source, at=read_clock(), preview=not options.act
    )
    return _told(report, options)


def _told(report: "ImportReport", options: argparse.Namespace) -> int:
    written = say("写入", "written") if options.act else say("将写入", "to be written")
    tell(f"{written}: {report.taken}")
    tell(f"{say('无变化', 'unchanged')}: {report.unchanged}")
    for refusal in report.refused:
        line = say(f"第 {refusal.line} 条", f"no. {refusal.line}")
        tell(f"{line} {refusal.value}: {refusal.code}")
    return 1 if report.refused else 0


COMMANDS = (
    Command("places load", "载入行政区划", "load the real tree", load, load_arguments),
    Command(
        "places communities",
        "导入社区(村)与网格清单",
        "import a list of communities and grids",
        communities,
        import_arguments,
    ),
    Command(
        "places boundaries",
        "导入边界(GeoJSON)",
        "import boundaries (GeoJSON)",
        boundaries,
        boundary_arguments,
    ),
)
