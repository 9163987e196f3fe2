"""The embedded PostgreSQL server (scaffold)."""

from pathlib import Path


def address(home: Path) -> str:
    """The address of the embedded server that belongs to `home`."""
    return f"postgresql://bihuan@/bihuan?host={home / 'run'}"
