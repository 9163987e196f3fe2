"""Every command is documented, helps in both languages, and starts to help at once."""

import io
import re
import subprocess
import sys
from contextlib import redirect_stdout

import pytest

from bihuan.config import cli
from tests.arch.conftest import ROOT

COMMANDS = {command.words: command for command in cli.all_commands()}


def test_every_command_and_option_is_documented():
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    described = set(
        re.findall(r"^### `bihuan ([a-z]+(?: [a-z]+(?:-[a-z]+)*)*)", page, re.MULTILINE)
    )
    assert {words.strip() for words in described} == set(COMMANDS)
    for words in COMMANDS:
        told = helped(words)
        section = page.split(f"\n### `bihuan {words}", 1)[1].split("\n### ", 1)[0]
        options = set(re.findall(r"--[a-z-]+", told)) - {"--help"}
        assert options <= set(re.findall(r"--[a-z-]+", section)), words


def helped(words: str) -> str:
    """What `bihuan <words> --help` prints."""
    out = io.StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit) as done:
        cli.build_parser().parse_args([*words.split(), "--help"])
    assert done.value.code == 0
    return out.getvalue()


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_speaks_both_languages(words):
    command = COMMANDS[words]
    assert re.search(r"[\u4e00-\u9fff]", command.chinese)
    assert command.english.isascii()


@pytest.mark.parametrize(("language", "word"), [("zh", "命令"), ("en", "commands")])
def test_help_comes_without_loading_the_product(language, word):
    """Half a second is the promise; what costs more than that is Django and the database."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bihuan", "--lang", language, "--help"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert word in told.stdout
    assert not re.search(r"\b(django|psycopg|numpy|procrastinate)$", told.stderr, re.MULTILINE)
