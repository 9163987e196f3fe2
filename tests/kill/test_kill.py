"""Nothing is lost, doubled or half-done when a process or the database is killed in the middle."""

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from bihuan.config import embedded
from bihuan.epidemic.selectors.lists import BATCH
from tests.kill.acts import ENTRIES, FILES, NAMES, PLACES, TOWNSHIPS

COMMUNITIES = NAMES * TOWNSHIPS
OWED = 30 * COMMUNITIES
SOON = (0.02, 0.3)  # seconds into the act; whatever they hit, the outcome must be whole
# The keeper of the database outlives the object that started it: that is its work.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Site:
    """An installation of its own, whose processes and database the test kills."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        self.environment = os.environ | {
            "BIHUAN_HOME": str(home),
            "DATABASE_URL": url,
            "BIHUAN_SECRET_KEY": "kill",
            "DJANGO_SETTINGS_MODULE": "bihuan.config.settings",
        }

    def start(self, act: str, *arguments: str) -> subprocess.Popen[str]:
        """Begin an act; returns once it has begun."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill.acts", act, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        return process

    def kill_within(self, act: str, seconds: float, *arguments: str) -> list[str]:
        """Begin an act, kill it; the lines it got to say."""
        process = self.start(act, *arguments)
        time.sleep(seconds)
        process.kill()
        return process.communicate(timeout=60)[0].splitlines()

    def finish(self, act: str, *arguments: str) -> list[str]:
        """Run an act to its end, after which invariants and audit must find nothing broken."""
        process = self.start(act, *arguments)
        said = process.communicate(timeout=120)[0].splitlines()
        assert process.returncode == 0
        assert said.pop() == "whole"
        return said

    def ask(self, sql: str) -> int:
        """One number from the database."""
        with psycopg.connect(self.url) as link:
            row = link.execute(sql).fetchone()  # type: ignore[arg-type]
        assert row is not None
        return int(row[0])

    def kill_database(self) -> None:
        """`kill -9` to the server and all its processes, then start it again."""
        with psycopg.connect(self.url) as link:
            row = link.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
            (folder,) = row.fetchone()  # type: ignore[misc]
        pid = int(Path(folder, "postmaster.pid").read_text().split()[0])
        children = subprocess.run(
            ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        for victim in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        embedded.ensure_running(self.home, print, throwaway="throwaway")


@pytest.fixture(scope="module")
def template() -> Iterator[tuple[Path, str]]:
    """A server with one laid ground, copied for each test."""
    base = "/tmp" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="bihuan-kill-", dir=base) as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        with embedded.use(home, print, name="ground", throwaway="throwaway") as url:
            environment = os.environ | {
                "BIHUAN_HOME": str(home),
                "DATABASE_URL": url,
                "BIHUAN_SECRET_KEY": "kill",
                "DJANGO_SETTINGS_MODULE": "bihuan.config.settings",
            }
            subprocess.run(
                [sys.executable, "-m", "tests.kill.acts", "lay"],
                env=environment,
                check=True,
                cwd=Path(__file__).parents[2],
            )
            yield home, url


@pytest.fixture
def site(template: tuple[Path, str]) -> Site:
    home, _ = template
    embedded.ensure_running(home, print, throwaway="throwaway")
    with psycopg.connect(embedded.address(home, "postgres"), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS site WITH (FORCE)")
        admin.execute("CREATE DATABASE site TEMPLATE ground")
    return Site(home, embedded.address(home, "site"))


@pytest.mark.parametrize("seconds", SOON)
def test_a_killed_dispatch_is_whole_or_absent_and_is_finished_by_a_second_run(site, seconds):
    site.kill_within("dispatch", seconds)
    assert site.ask("SELECT count(*) FROM loops_obligation") in {0, OWED}
    site.finish("dispatch")
    assert site.ask("SELECT count(*) FROM loops_obligation") == OWED
    assert site.ask("SELECT count(*) FROM loops_notice") == COMMUNITIES
    assert site.ask("SELECT count(*) FROM audit_entry WHERE action = 'task.dispatch'") == 1
    assert site.ask("SELECT n FROM loops_tally WHERE path = '99.'") == OWED


def test_a_dispatch_survives_the_death_of_the_database(site):
    process = site.start("dispatch")
    time.sleep(0.2)
    site.kill_database()
    process.communicate(timeout=60)
    assert site.ask("SELECT count(*) FROM loops_obligation") in {0, OWED}
    site.finish("dispatch")
    assert site.ask("SELECT count(*) FROM loops_obligation") == OWED


@pytest.mark.parametrize("seconds", SOON[1:])
def test_an_uploaded_proof_is_whole_or_absent_and_none_is_doubled(site, seconds):
    said = site.kill_within("upload", seconds)
    kept = [line.split()[1] for line in said if line.startswith("kept")]
    site.finish("upload")
    assert site.ask("SELECT count(*) FROM evidence_item") == FILES
    assert site.ask("SELECT count(DISTINCT subject) FROM evidence_item") == FILES
    folder = site.home / "evidence" / "site"
    stored = {path.name: path for path in folder.rglob("*") if not path.suffix}
    files = {name: path for name, path in stored.items() if path.is_file() and len(name) == 64}
    assert set(kept) <= files.keys()
    for name, path in files.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == name
    assert len(files) == FILES


@pytest.mark.parametrize("seconds", SOON[1:])
def test_a_killed_import_is_whole_or_absent_and_is_finished_by_a_second_run(
    site, seconds, tmp_path
):
    rows = 5_000
    file = tmp_path / "communities.csv"
    file.write_text(
        "code,name\n"
        + "".join(f"99020100{n // 700 + 1}{n % 700 + 200:03},新村{n}\n" for n in range(rows)),
        encoding="utf-8",
    )
    before = site.ask("SELECT count(*) FROM places_place")
    site.kill_within("bring_in", seconds, str(file))
    assert site.ask("SELECT count(*) FROM places_place") in {before, before + rows}
    site.finish("bring_in", str(file))
    assert site.ask("SELECT count(*) FROM places_place") == before + rows


@pytest.mark.parametrize("lines", [0, 4])
def test_a_killed_import_of_a_register_goes_on_where_it_stopped(site, lines):
    process = site.start("register")
    assert process.stdout is not None
    for _ in range(lines):  # in the middle of its batches, or while it still reads
        process.stdout.readline()
    process.kill()
    process.communicate(timeout=60)
    half = site.ask("SELECT count(*) FROM safety_establishment")
    assert half == site.ask("SELECT count(*) FROM orgs_venue")
    assert half == site.ask("SELECT coalesce(sum(written), 0) FROM safety_upload")
    assert half > 0 or not lines  # how far it came from its beginning to its death, nobody knows
    site.finish("register")
    assert site.ask("SELECT count(*) FROM safety_establishment") == PLACES
    assert site.ask("SELECT count(DISTINCT code) FROM safety_establishment") == PLACES
    assert site.ask("SELECT count(*) FROM orgs_slot WHERE party = 'territory'") == PLACES
    assert site.ask("SELECT sum(n) FROM safety_placetally WHERE path = '99.'"
                    " AND bucket = 'ungraded'") == PLACES  # fmt: skip
    assert site.ask("SELECT count(*) FROM safety_uploadrow") == 0
    assert site.ask("SELECT refused FROM safety_upload") == 1


@pytest.mark.parametrize("seconds", SOON[1:])
def test_killed_clocks_mark_everything_once(site, seconds):
    site.finish("dispatch")
    site.kill_within("tick", seconds)
    site.finish("tick")
    assert site.ask("SELECT count(*) FROM loops_obligation WHERE overdue_at IS NULL") == 0
    assert (
        site.ask(
            "SELECT sum((facts->>'rows')::int) FROM audit_entry WHERE action = 'loops.mark_overdue'"
        )
        == OWED
    )


@pytest.mark.parametrize("seconds", SOON[1:])
def test_a_phones_day_killed_in_the_middle_is_sent_again_and_nothing_is_lost_or_doubled(
    site, seconds
):
    site.finish("field_ground")
    site.kill_within("field", seconds)
    site.finish("field")
    counted = {
        name: site.ask(f"SELECT count(*) FROM {name}")
        for name in ("safety_fieldentry", "safety_inspection", "safety_hazard", "evidence_item")
    }
    assert set(counted.values()) == {ENTRIES}, counted
    assert site.ask("SELECT count(*) FROM safety_fieldentry WHERE state <> 'taken'") == 0
    assert site.ask("SELECT count(*) FROM safety_photopart") == 0


def test_a_killed_line_list_has_whole_batches_and_is_finished_by_a_second_run(site, tmp_path):
    rows = 1_000
    file = tmp_path / "list.csv"
    lines = (f"N{n},{chr(0x4E00 + n)}{chr(0x5E00 + n)},2026-03-01\n" for n in range(rows))
    file.write_text("编号,姓名,诊断日期\n" + "".join(lines), encoding="utf-8")
    process = site.start("take", str(file))
    while not site.ask("SELECT count(*) FROM epidemic_linerow") and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.communicate(timeout=60)
    there = site.ask("SELECT count(*) FROM epidemic_case")
    assert 0 < there <= rows
    assert there % BATCH == 0
    assert site.ask('SELECT count(*) FROM "vault"."sealed"') == there
    assert site.finish("take", str(file))[-1] == f"done {rows}"
    for table in ("epidemic_case", "epidemic_linerow", '"vault"."sealed"'):
        assert site.ask(f"SELECT count(*) FROM {table}") == rows
    assert site.ask("SELECT count(DISTINCT label) FROM epidemic_linerow") == rows


def test_everybody_who_reports_at_once_is_heard_once_with_both_clocks(site):
    assert site.finish("surge")[-1] == f"done {FILES}"
    assert site.ask("SELECT count(*) FROM epidemic_case") == FILES
    assert site.ask('SELECT count(*) FROM "vault"."sealed"') == FILES
    assert site.ask("SELECT count(*) FROM loops_obligation WHERE flow = 'inquiry'") == 2 * FILES
