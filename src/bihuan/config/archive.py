"""Backup and restore: the database, the evidence and the keys in one file that checks itself.

The archive is a tar with `manifest.json` (sizes and SHA-256 of every member, rows of every
table), `database.dump` (pg_dump's own format, one snapshot), `evidence/…` and `secrets/…`.
It holds everything, keys included: keep it as you keep the database.
"""

import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from bihuan import __version__
from bihuan.config.home import home
from bihuan.config.keeper import find_binaries
from bihuan.config.speech import say
from bihuan.core.errors import Conflict, Invalid

Progress = Callable[[str], None]
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Report:
    """What an archive holds."""

    tables: int
    rows: int
    files: int


def backup(target: Path, *, at: datetime, progress: Progress) -> Report:
    """Write everything to `target`, whole or not at all. Reads one snapshot, locks nothing.

    Evidence is written once and before the row that names it: files copied after the snapshot
    hold all that its rows name.
    """
    if target.exists():
        raise Conflict("backup.target_exists", file=str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = Path(folder) / "database.dump"
        progress(say("导出数据库", "dumping the database"))
        with _snapshot() as (snapshot, tables):
            _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner",
                 "--no-privileges", f"--file={dump}")  # fmt: skip
        members = [("database.dump", dump), *_files(settings.EVIDENCE_ROOT, "evidence"),
                   *_files(home() / "secrets", "secrets")]  # fmt: skip
        manifest = {
            "format": FORMAT, "version": __version__, "at": at.isoformat(), "tables": tables,
            "migrations": sorted(map(list, MigrationLoader(connection).applied_migrations)),
            "files": {name: [path.stat().st_size, _sha256(path)] for name, path in members},
        }  # fmt: skip
        progress(say("打包佐证材料", "packing the evidence"))
        try:
            _pack(draft, manifest, members, Path(folder))
            draft.rename(target)
        finally:
            draft.unlink(missing_ok=True)
    return Report(len(tables), sum(tables.values()), len(members) - 1)


def restore(source: Path, *, force: bool, progress: Progress) -> Report:
    """Put an archive back. All checks come first; the database changes in one transaction.

    Raises Invalid("restore.…") for an archive that is damaged, foreign or newer than this
    program; Conflict where the database holds something, unless `force`.
    """
    with tempfile.TemporaryDirectory(dir=home()) as folder:
        progress(say("核对备份", "verifying the archive"))
        manifest = _unpack_verified(source, Path(folder))
        _refuse_newer(manifest)
        if not force and _in_use():
            raise Conflict("restore.database_in_use", mend="--force")
        progress(say("恢复佐证材料", "restoring the evidence"))
        for name in manifest["files"]:
            _place(Path(folder), name)
        progress(say("恢复数据库", "restoring the database"))
        _load(Path(folder))
    tables: dict[str, int] = manifest["tables"]
    found = _count_rows()
    wrong = {name: rows for name, rows in tables.items() if found.get(name) != rows}
    if wrong:
        raise Invalid("restore.rows_differ", expected=wrong)
    return Report(len(tables), sum(tables.values()), len(manifest["files"]) - 1)


@contextmanager
def _snapshot() -> Iterator[tuple[str, dict[str, int]]]:
    """A snapshot that pg_dump can join, and the rows of every table in it."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            yield snapshot, _count_rows()
        finally:
            cursor.execute("ROLLBACK")


def _count_rows() -> dict[str, int]:
    """Rows of every ordinary table outside the system's schemas."""
    counts = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608 - quoted by format(%I)
            (counts[name],) = cursor.fetchone()
    return counts


def _in_use() -> bool:
    """Whether any table holds data of its own: a new, even a migrated database does not."""
    return any(
        rows
        for name, rows in _count_rows().items()
        if not name.startswith(("public.django_", "public.procrastinate_", "public.auth_"))
    )


def _files(folder: Path, prefix: str) -> list[tuple[str, Path]]:
    return [
        (f"{prefix}/{path.relative_to(folder).as_posix()}", path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def _pack(
    draft: Path, manifest: dict[str, Any], members: list[tuple[str, Path]], folder: Path
) -> None:
    page = folder / "manifest.json"
    page.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.touch(mode=0o600)
    with tarfile.open(draft, "w") as tar:
        for name, path in [("manifest.json", page), *members]:
            tar.add(path, name, recursive=False)


def _unpack_verified(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack into `folder` and compare every member with the manifest."""
    try:
        with tarfile.open(source, "r:") as tar:
            tar.extractall(folder, filter="data")  # refuses links, devices and paths that climb
        manifest: dict[str, Any] = json.loads(
            (folder / "manifest.json").read_text(encoding="utf-8")
        )
        listed = {name: tuple(facts) for name, facts in manifest["files"].items()}
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError) as fault:
        raise Invalid("restore.unreadable", file=source.name, reason=str(fault)) from fault
    if manifest.get("format") != FORMAT:
        raise Invalid("restore.format", format=manifest.get("format"), known=FORMAT)
    there = {
        str(path.relative_to(folder)): (path.stat().st_size, _sha256(path))
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    if there != listed:
        differ = sorted(n for n in {*there, *listed} if there.get(n) != listed.get(n))
        raise Invalid("restore.damaged", files=differ[:5])
    return manifest


def _refuse_newer(manifest: dict[str, Any]) -> None:
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    unknown = [".".join(pair) for pair in manifest["migrations"] if tuple(pair) not in known]
    if unknown:
        raise Invalid("restore.newer", version=manifest["version"], migrations=unknown[:5])


def _place(folder: Path, name: str) -> None:
    """Put a file of the archive where it belongs; one that is there already is the same."""
    kind, _, rest = name.partition("/")
    roots = {"evidence": Path(settings.EVIDENCE_ROOT), "secrets": home() / "secrets"}
    if kind not in roots:
        return
    target = roots[kind] / rest
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if kind == "secrets" or not target.exists():
        (folder / name).replace(target)


def _load(folder: Path) -> None:
    """Replace the whole database by the dump, in one transaction."""
    script = folder / "restore.sql"
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}",
         str(folder / "database.dump"))  # fmt: skip
    clean = folder / "clean.sql"
    with script.open(encoding="utf-8") as dumped, clean.open("w", encoding="utf-8") as out:
        out.write(_DROP_ALL)
        # Servers before 17 do not know this setting, which newer dumps begin with.
        out.writelines(line for line in dumped if not line.startswith("SET transaction_timeout"))
    connection.close()
    _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
         "--output=/dev/null", f"--file={clean}")  # fmt: skip


_DROP_ALL = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
END $$;
CREATE SCHEMA public;
"""


def _run(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools on our database; the address goes by the environment."""
    given = connection.settings_dict
    environment = {
        **os.environ, "PGHOST": given["HOST"], "PGPORT": given["PORT"], "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"], "PGDATABASE": given["NAME"], "PGCLIENTENCODING": "UTF8",
    }  # fmt: skip
    done = subprocess.run(
        [str(find_binaries() / tool), *arguments], env=environment, capture_output=True, check=False
    )
    if done.returncode != 0:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise Invalid("backup.tool_failed", tool=tool, reason=told[:3])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
