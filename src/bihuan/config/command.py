"""What a command of `bihuan` is. Each file in `commands/` lists its own in `COMMANDS`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass


def no_arguments(_parser: ArgumentParser) -> None:
    """For a command that takes none."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words ("user create"), what it is for in two languages, what it does.

    `run` gets the parsed arguments and returns the exit code. It is called with Django ready and
    the database running, unless `database` is "" (not needed) or "own" (it opens its own).
    """

    words: str
    chinese: str
    english: str
    run: Callable[[Namespace], int]
    arguments: Callable[[ArgumentParser], None] = no_arguments
    database: str = "open"
