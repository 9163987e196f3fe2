"""The command `bihuan`: finds the commands, reads the arguments, runs one."""

import argparse
import io
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

from bihuan import __version__
from bihuan.config import commands
from bihuan.config.command import Command
from bihuan.config.speech import complain, say

INTERRUPTED = 130


def all_commands() -> Iterator[Command]:
    """Every command of every file in `commands/`, in the order of their words."""
    found = [
        command
        for info in pkgutil.iter_modules(commands.__path__)
        for command in import_module(f"{commands.__name__}.{info.name}").COMMANDS
    ]
    yield from sorted(found, key=lambda command: command.words)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands, in the language of the terminal."""
    parser = argparse.ArgumentParser(
        prog="bihuan",
        description=say(
            "闭环：疫情防控与安全生产联合指挥平台。每项要求都有责任人、时限、佐证和独立验收。",
            "Bihuan: joint command for epidemic control and work safety. Every demand has an "
            "owner, a deadline, evidence and an independent acceptance.",
        ),
        epilog=say(
            "环境变量：DATABASE_URL 指向任一 PostgreSQL（15 及以上），未设时使用内置数据库；"
            "BIHUAN_HOME 为数据目录。每个命令都有 --help。",
            "Environment: DATABASE_URL names any PostgreSQL from 15 on, without it the embedded "
            "one is used; BIHUAN_HOME is the data folder. Each command has --help.",
        ),
    )
    parser.add_argument("--version", action="version", version=f"bihuan {__version__}")
    parser.add_argument("--lang", choices=("zh", "en"), help=say("界面语言", "language"))
    parser.add_argument(
        "--database", default="", metavar="NAME",
        help=say("内置数据库名（默认为最近启动的）", "embedded database (default: last served)"),
    )  # fmt: skip
    top = parser.add_subparsers(title=say("命令", "commands"), metavar="", required=True)
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for command in all_commands():
        group, _, word = command.words.rpartition(" ")
        if group and group not in groups:
            names = [c.words.split()[1] for c in all_commands() if c.words.startswith(f"{group} ")]
            inner = top.add_parser(group, help=" · ".join(names))
            groups[group] = inner.add_subparsers(metavar="|".join(names), required=True)
        _add(groups[group] if group else top, word, command)
    return parser


def _add(
    place: "argparse._SubParsersAction[argparse.ArgumentParser]", word: str, command: Command
) -> None:
    text = say(command.chinese, command.english)
    parser = place.add_parser(word, help=text, description=text)
    command.arguments(parser)
    parser.set_defaults(command=command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it went."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Chinese must not stop us
    _choose_language(arguments)
    options = build_parser().parse_args(arguments)
    from bihuan.core.errors import Refused

    try:
        return _run(options)
    except Refused as refusal:
        complain(f"{say('未能执行', 'refused')}: {refusal}")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `bihuan … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as fault:
        complain(f"{say('未能执行', 'refused')}: {fault}")
        return 1


def _choose_language(arguments: Sequence[str]) -> None:
    """`--lang` must be known before the help texts are made."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--lang", choices=("zh", "en"))
    known, _ = early.parse_known_args(arguments)
    if known.lang:
        os.environ["BIHUAN_LANG"] = known.lang


def _run(options: argparse.Namespace) -> int:
    command: Command = options.command
    if command.database != "open":
        return command.run(options)
    from bihuan.config.session import opened

    with opened(options.database):
        from bihuan.config.migration import is_migrated

        if not is_migrated():
            complain(say("数据库未就绪，请先运行 bihuan migrate", "first run: bihuan migrate"))
            return 1
        return command.run(options)
