"""DATABASE_URL in the form Django wants."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bihuan.core.errors import SettingsWrong

# Rows of one place lie scattered over a table: where pages are thought to be dear to fetch, the
# planner walks the whole table by its key instead (2.5 s for 20 ms). Compiling costs more than any
# of our statements gains by it. A page does not take the other readers' processors: starting
# workers for a statement of 0.3 ms made it one of 9.
PLANNER = "-c random_page_cost=1.1 -c jit=off -c max_parallel_workers_per_gather=0"


def from_url(url: str) -> dict[str, Any]:
    """Django's settings for a `postgresql://` address.

    A socket folder goes into `?host=/folder`, as libpq writes it; `?options=` takes the place of
    what the planner is told otherwise.
    Raises SettingsWrong for any other kind of database: one dialect is a decision, not a gap.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingsWrong(name="DATABASE_URL", reason="not a postgresql:// address")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(options.pop("port", parts.port or "")),
        "OPTIONS": {"options": PLANNER} | options,
    }
