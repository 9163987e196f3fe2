"""The source as these tests read it."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENDORED = "vendor"


def project_files() -> list[Path]:
    """Every file of the project: what git knows or would take, else what is in the folders."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode == 0 and told.stdout:
        names = told.stdout.splitlines()
        return [path for path in (ROOT / name for name in names) if path.is_file()]
    folders = ("src", "tests", "docs", "bin", "requirements", "bench")
    return [path for name in folders for path in (ROOT / name).rglob("*") if path.is_file()]


def sources(*suffixes: str) -> list[Path]:
    """Our own files of these kinds: nothing vendored, no migration."""
    return [
        path
        for path in project_files()
        if path.suffix in suffixes and VENDORED not in path.parts and "migrations" not in path.parts
    ]
