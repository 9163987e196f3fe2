"""The embedded database: shared while it is needed, gone when it is not, whatever died."""

import os
import signal
from pathlib import Path

import psycopg
import pytest

from bihuan.config import embedded, keeper
from bihuan.config.embedded import run_folder
from tests.runtime.conftest import Machine, wait_for

pytestmark = pytest.mark.runtime

USER = """
import signal, sys
from pathlib import Path
from bihuan.config import embedded
with embedded.use(Path(sys.argv[1]), print, name="site", throwaway=sys.argv[2]):
    print("IN USE", flush=True)
    signal.pause()
"""


def start_user(machine: Machine, throwaway: str = "throwaway") -> int:
    """Another process that uses the database until it is killed."""
    before = machine.said().count("IN USE")
    process = machine.start("-c", USER, str(machine.home), throwaway)
    wait_for(lambda: machine.said().count("IN USE") > before)
    return process.pid


def server(machine: Machine) -> list[int]:
    return machine.processes("-D " + str(machine.home))


def use(machine: Machine, name: str = "site") -> object:
    return embedded.use(machine.home, lambda _line: None, name=name, throwaway="throwaway")


def ask(address: str, question: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def test_commands_share_one_server_and_the_last_one_stops_it(machine):
    start_user(machine)
    (pid,) = server(machine)
    with use(machine) as address:
        assert ask(address, "SELECT 1") == 1
        assert server(machine) == [pid]
    assert server(machine) == [pid]
    machine.started[0].kill()
    wait_for(lambda: not machine.processes())


def test_the_server_goes_with_its_only_user_even_when_that_is_killed(machine):
    os.kill(start_user(machine), signal.SIGKILL)
    wait_for(lambda: not machine.processes())


def test_a_killed_server_comes_back_with_its_data(machine):
    start_user(machine, throwaway="")
    with use(machine) as address:
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        (pid,) = server(machine)
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: server(machine) not in ([], [pid]) and embedded.answers(machine.home))
        assert ask(address, "SELECT n FROM kept") == 7


def test_a_killed_keeper_takes_the_server_along_and_the_next_command_starts_anew(machine):
    start_user(machine)
    (pid,) = machine.processes("config.keeper")
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not server(machine))
    with use(machine) as address:
        assert ask(address, "SELECT 1") == 1


def test_a_mark_left_by_a_dead_server_does_not_stop_the_next(machine):
    with use(machine):
        pass
    # The number was given to a process that lives: ours.
    mark = machine.home / "database" / "postmaster.pid"
    mark.write_text(f"{os.getpid()}\n{mark.parent}\n1\n5432\n\n\n", encoding="utf-8")
    with use(machine) as address:
        assert ask(address, "SELECT 1") == 1


def test_text_sorts_by_code_point_and_trigrams_see_chinese(machine):
    with use(machine) as address:
        assert ask(address, "SELECT 'a' > 'Z'") is True
        assert ask(address, "SELECT datcollate FROM pg_database WHERE datname = 'site'") == "C"
        with psycopg.connect(address) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
        assert ask(address, "SELECT similarity('闭环管理', '闭环') > 0") is True


def test_a_deep_home_gets_a_short_socket_folder():
    deep = Path("/", *["folder"] * 20)
    assert len(os.fsencode(run_folder(deep))) < 60
    assert run_folder(Path("/srv/bihuan")) == Path("/srv/bihuan/run")


def test_data_of_another_version_are_refused_with_the_way_out(machine):
    with use(machine):
        pass
    (machine.home / "database" / "PG_VERSION").write_text("14\n", encoding="ascii")
    with pytest.raises(keeper.SettingsWrong) as refusal, use(machine):
        pass
    assert "restore from a backup" in str(refusal.value.facts["reason"])


def test_the_systems_own_server_is_the_second_source(monkeypatch, tmp_path):
    monkeypatch.setattr(keeper.importlib.util, "find_spec", lambda _name: None)
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "postgres").touch()
    monkeypatch.setattr(keeper, "SYSTEM", tmp_path)
    assert keeper.find_binaries() == tmp_path / "17" / "bin"
    monkeypatch.setattr(keeper, "SYSTEM", tmp_path / "none")
    with pytest.raises(keeper.SettingsWrong) as refusal:
        keeper.find_binaries()
    assert "apt install postgresql" in str(refusal.value.facts["reason"])
