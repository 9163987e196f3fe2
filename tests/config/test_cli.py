"""How the command answers when something is refused, broken or interrupted."""

import pytest

from bihuan.config import cli, embedded
from bihuan.config.command import Command
from bihuan.core.errors import Conflict


def running(monkeypatch, fault: BaseException | None) -> None:
    """The only command there is: `try`, which ends with the given fault."""

    def run(_options: object) -> int:
        if fault is not None:
            raise fault
        return 7

    command = Command("try", "试", "try", run, database="")
    monkeypatch.setattr(cli, "all_commands", lambda: iter([command]))
    monkeypatch.setenv("BIHUAN_LANG", "en")


def test_the_exit_code_is_the_commands_own(monkeypatch):
    running(monkeypatch, None)
    assert cli.main(["try"]) == 7


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        (Conflict("demo.other_scale", loaded="tiny"), 1, "demo.other_scale (loaded=tiny)"),
        (FileNotFoundError(2, "No such file", "x.tar"), 1, "x.tar"),
        (KeyboardInterrupt(), cli.INTERRUPTED, ""),
    ],
)
def test_a_refusal_is_one_line_and_not_a_trace(monkeypatch, capsys, fault, code, told):
    running(monkeypatch, fault)
    assert cli.main(["try"]) == code
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    running(monkeypatch, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        cli.main(["try"])


def test_an_unknown_command_is_a_usage_error(monkeypatch, capsys):
    running(monkeypatch, None)
    with pytest.raises(SystemExit) as done:
        cli.main(["fly"])
    assert done.value.code == 2
    assert "try" in capsys.readouterr().err


def test_an_address_that_leads_nowhere_is_named(monkeypatch, capsys):
    monkeypatch.setattr(cli, "_run", lambda _options: embedded_refuses())
    assert cli.main(["rules", "list"]) == 1
    assert "BIHUAN_HOME" in capsys.readouterr().err


def embedded_refuses() -> int:
    raise embedded.SettingsWrong(name="BIHUAN_HOME", reason="initdb failed")
