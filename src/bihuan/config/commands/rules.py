"""`bihuan rules check`, `bihuan rules list` and `bihuan rules diff`: the rule packs."""

import argparse
from pathlib import Path

from bihuan.config.command import Command
from bihuan.config.speech import say, tell


def check_arguments(parser: argparse.ArgumentParser) -> None:
    """Which files."""
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE",
        help=say("规则包文件，默认为全部", "pack files; default: all there are"),
    )  # fmt: skip


def check(options: argparse.Namespace) -> int:
    """Read and lint pack files: the given ones, or all shipped and the site's own."""
    from bihuan.core.errors import Refused
    from bihuan.core.packs import registry

    broken = read = 0
    for path in options.files or registry.pack_files():
        read += 1
        try:
            registry.read_pack(path)
        except Refused as refusal:
            broken += 1
            tell(f"{path.name}: {refusal}")
    tell(say("规则包：{} 个，{} 个有误", "rule packs: {}, {} with faults").format(read, broken))
    return 1 if broken else 0


def show(_options: argparse.Namespace) -> int:
    """Every pack with its family, validity and certainty mark."""
    from bihuan.core.packs import registry

    for path in registry.pack_files():
        pack = registry.read_pack(path)
        until = pack.valid_to or ""
        title = say(pack.title, pack.title_en)
        tell(f"{pack.family:<24} {pack.valid_from}–{until!s:<10} {pack.mark:<10} {title}")
    return 0


def diff_arguments(parser: argparse.ArgumentParser) -> None:
    """Which two editions."""
    for name, text in (
        ("old", say("原版本", "old edition")),
        ("new", say("新版本", "new edition")),
    ):
        parser.add_argument(name, metavar="ID@VERSION", help=text)


def compare(options: argparse.Namespace) -> int:
    """What changes when the second edition follows the first, rule by rule."""
    from bihuan.core.packs import registry
    from bihuan.core.packs.diff import diff

    found = diff(registry.by_edition(options.old), registry.by_edition(options.new))
    for change in found:
        title = say(change.title, change.title_en)
        place = f"{change.table}/{change.key}.{change.field}"
        tell(f"{place}  {title}\n    - {change.before}\n    + {change.after}")
    tell(say("变化 {} 处", "{} changes").format(len(found)))
    return 0


COMMANDS = (
    Command(
        "rules check", "检查规则包", "lint the rule packs", check, check_arguments, database=""
    ),
    Command(
        "rules diff", "比较两个版本", "compare two editions", compare, diff_arguments, database=""
    ),
    Command("rules list", "列出规则包", "list the rule packs", show, database=""),
)
