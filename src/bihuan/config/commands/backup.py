"""`bihuan backup` and `bihuan restore`."""

import argparse
from pathlib import Path

from bihuan.config.command import Command
from bihuan.config.speech import complain, say, tell


def backup_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("file", type=Path, help=say("备份文件", "file to write"))


def restore_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from, and whether over what is there."""
    parser.add_argument("file", type=Path, help=say("备份文件", "file to read"))
    parser.add_argument(
        "--force", action="store_true", help=say("覆盖已有数据", "replace what is there")
    )


def backup(options: argparse.Namespace) -> int:
    """Write database, evidence and keys into one file."""
    from bihuan.config import archive
    from bihuan.core.clock import read_clock

    report = archive.backup(options.file.resolve(), at=read_clock(), progress=complain)
    told = say("已备份：{} 张表 {} 行，{} 个文件", "saved: {} tables, {} rows, {} files")
    tell(told.format(report.tables, report.rows, report.files))
    return 0


def restore(options: argparse.Namespace) -> int:
    """Put a backup back into an empty database, or with --force over a filled one."""
    from bihuan.config import archive
    from bihuan.config.session import opened

    with opened(options.database):
        report = archive.restore(options.file, force=options.force, progress=complain)
    told = say("已恢复：{} 张表 {} 行，{} 个文件", "restored: {} tables, {} rows, {} files")
    tell(told.format(report.tables, report.rows, report.files))
    return 0


COMMANDS = (
    Command(
        "backup",
        "备份数据库、佐证材料与密钥",
        "save database, evidence and keys",
        backup,
        backup_arguments,
    ),
    Command(
        "restore",
        "恢复备份",
        "put a backup back",
        restore,
        restore_arguments,
        database="own",
    ),
)
