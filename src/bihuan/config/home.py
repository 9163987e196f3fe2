"""BIHUAN_HOME: the one folder where an installation keeps what it writes."""

import os
import secrets
from pathlib import Path

import platformdirs


def home() -> Path:
    """The folder of this installation's data; made on first use, readable by its owner only."""
    given = os.environ.get("BIHUAN_HOME")
    folder = Path(given) if given else Path(platformdirs.user_data_dir("bihuan", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def secret(name: str) -> str:
    """The secret `name`: from the environment (BIHUAN_<NAME>), else kept in the home folder.

    Two processes may ask for the first time at once: the file is made exclusively, and the
    one who comes second reads what the first wrote.
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
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")
