"""BIHUAN_HOME: the one folder where an installation keeps what it writes."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

SITE = "bihuan"  # the name of a site's own database; demonstrations have others


def home() -> Path:
    """The folder of this installation's data; made on first use.

    Root's own data folder cannot be entered by the user the database runs as: root's default
    is /var/lib/bihuan.
    """
    given = os.environ.get("BIHUAN_HOME")
    folder = Path(given) if given else _default_home()
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _default_home() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/bihuan")
    import platformdirs

    return Path(platformdirs.user_data_dir("bihuan", appauthor=False))


def current_database() -> str:
    """The embedded database that commands speak of: the one last served, or `bihuan`."""
    path = home() / "current"
    return path.read_text(encoding="ascii").strip() if path.exists() else SITE


def set_current_database(name: str) -> None:
    """Make `name` the database that later commands speak of."""
    (home() / "current").write_text(f"{name}\n", encoding="ascii")


def secret(name: str) -> str:
    """The secret `name`: from the environment (BIHUAN_<NAME>), else kept in the home folder.

    Two processes may ask for the first time at once: the file is linked into place whole, and
    the one who comes second reads what the first wrote.
    """
    given = os.environ.get(f"BIHUAN_{name.upper()}")
    if given:
        return given
    path = home() / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_name(f"{name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii")
