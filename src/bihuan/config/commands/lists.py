"""`bihuan export` and `bihuan import`: the three lists of a post, out to a workbook and back."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bihuan.config.command import Command
from bihuan.config.speech import language, say, tell

if TYPE_CHECKING:
    from bihuan.core.orgs.types import Actor


def export_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and as whom."""
    parser.add_argument("file", type=Path, help=say("要写的 .xlsx 文件", ".xlsx file to write"))
    as_whom(parser)


def import_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from, as whom, and whether to act."""
    parser.add_argument("file", type=Path, help=say(".xlsx 或 .csv 文件", ".xlsx or .csv file"))
    as_whom(parser)
    parser.add_argument(
        "--what", choices=("lists", "venues", "establishments", "sensors"), default="lists",
        help=say("三张清单、场所及其四方责任、企业场所或监测点",
                 "the three lists, venues and their four parties, establishments or sensors"),
    )  # fmt: skip
    parser.add_argument(
        "--kind", default="", metavar="CODE",
        help=say("企业场所的类别代码", "code of the kind of the establishments"),
    )  # fmt: skip
    parser.add_argument(
        "--act", action="store_true",
        help=say("写入；不加时只预览", "write it; without this only a preview"),
    )  # fmt: skip


def as_whom(parser: argparse.ArgumentParser) -> None:
    """Whose post acts."""
    parser.add_argument(
        "--as", dest="username", metavar="USERNAME", required=True,
        help=say("以谁的岗位", "whose post acts"),
    )  # fmt: skip


def export(options: argparse.Namespace) -> int:
    """Write the three lists as the post sees them. Never overwrites a file."""
    from bihuan.core.clock import read_clock
    from bihuan.supervision.selectors import lists, sheets
    from bihuan.supervision.types import ListFilter
    from bihuan.web.lists.words import speaker

    at = read_clock()
    tongue = "en" if language() == "en" else "zh-hans"
    found = lists.everything(by=actor_of(options.username), at=at, wanted=ListFilter())
    content = sheets.workbook(found, language=tongue, say=speaker(tongue))
    with options.file.open("xb") as out:
        out.write(content)
    told = say("问题 {} 行，任务 {} 行，责任 {} 行", "problems {}, tasks {}, responsibilities {}")
    tell(told.format(*(len(rows) for rows in found)))
    return 0


def bring(options: argparse.Namespace) -> int:
    """Say what the file would change; with --act change it."""
    from bihuan.core.clock import read_clock
    from bihuan.supervision.services import lists, venues
    from bihuan.supervision.services.uploads import stage
    from bihuan.web.lists.words import speakers

    if options.what in {"establishments", "sensors"}:
        return bring_register(options)
    at, by = read_clock(), actor_of(options.username)
    upload = stage(
        kind=options.what, file_name=options.file.name, data=options.file.read_bytes(), given={},
        by=by, at=at,
    )  # fmt: skip
    if options.what == "venues":
        bring_in = venues.bring_venues if options.act else venues.preview_venues
        report = bring_in(upload_id=upload.pk, by=by, at=at)
    else:
        work = lists.act if options.act else lists.preview
        report = work(upload_id=upload.pk, by=by, at=at, says=speakers())
    told = say(
        "新增 {}，改动 {}，不变 {}，拒绝 {}", "added {}, changed {}, unchanged {}, refused {}"
    )
    tell(told.format(report.added, report.changed, report.unchanged, len(report.refusals)))
    for refusal in report.refusals:
        tell(f"{refusal.sheet} {refusal.row} {refusal.column} {refusal.value}: {refusal.code}")
    return 1 if report.refusals else 0


def bring_register(options: argparse.Namespace) -> int:
    """The same for a table of establishments or sensors of any size; it tells how far it is."""
    from bihuan.core.clock import read_clock
    from bihuan.safety.services import importing
    from bihuan.safety.services.importing_pieces import PIECE

    at, by = read_clock(), actor_of(options.username)
    kind = options.kind if options.what == "establishments" else ""
    with options.file.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        upload = importing.stage_upload(
            kind=kind, file_name=options.file.name, pieces=pieces, by=by, at=at
        )
    ask: dict[str, Any] = {"upload_id": upload.pk, "by": by, "at": at, "tell": _far}
    found = importing.preview_import(**ask)
    if options.act:
        found = importing.import_rows(**ask, writers=importing.WRITERS)
    told = say(
        "新增 {}，改动 {}，不变 {}，拒绝 {}", "added {}, changed {}, unchanged {}, refused {}"
    )
    tell(told.format(found.added, found.changed, found.unchanged, found.refused))
    for line in importing.refusals_of(upload):
        tell(f"{line.sheet} {line.row} {line.column} {line.value}: {line.code}")
    return 1 if found.refused else 0


def _far(upload: Any) -> None:
    """How far it is, on one line of a terminal; nothing where nobody looks."""
    if sys.stderr.isatty():
        print(f"\r{upload.file_name} {upload.percent:3d} %", end="", file=sys.stderr)


def actor_of(username: str) -> "Actor":
    """The first post of an active account. Raises NotFound("account.not_found")."""
    from bihuan.core.clock import read_clock
    from bihuan.core.errors import NotFound
    from bihuan.core.orgs.models import Account
    from bihuan.core.orgs.selectors import actor_for

    account = Account.objects.filter(username=username.lower(), is_active=True).first()
    if account is None:
        raise NotFound("account.not_found", username=username)
    return actor_for(account_id=account.pk, post_id=None, at=read_clock())


COMMANDS = (
    Command(
        "export",
        "导出三张清单（问题、任务、责任）",
        "export the three lists: problems, tasks, responsibilities",
        export,
        export_arguments,
    ),
    Command(
        "import",
        "导入三张清单、场所、企业场所或监测点",
        "import the three lists, venues, establishments or sensors",
        bring,
        import_arguments,
    ),
)
