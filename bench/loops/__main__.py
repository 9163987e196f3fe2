"""`python -m bench.loops [dispatch|pages|moves]`: every line with its limit; 1 when one fails.

Uses its own database on the server of DATABASE_URL, or an embedded server in a temporary folder.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

NAME = "bihuan_bench"


@contextmanager
def database(name: str = NAME, *, keep: bool = False) -> Iterator[str]:
    """The address of an empty database of its own; with `keep` as it was left, and left as it is."""
    with ExitStack() as stack:
        url = os.environ.get("DATABASE_URL", "")
        if not url:
            from bihuan.config import embedded

            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bihuan-bench-")))
            os.environ["BIHUAN_HOME"] = str(home)
            url = stack.enter_context(embedded.use(home, print, name="postgres"))
        with psycopg.connect(url, autocommit=True) as admin:
            if not keep:
                admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                admin.execute(
                    f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'"
                )
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        if keep:
            return
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def main() -> int:
    """Lay the ground once, run the chosen benches on it, print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.loops")
    parser.add_argument("which", nargs="*", default=["dispatch", "pages", "moves"])
    wanted = parser.parse_args().which
    with database() as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
        os.environ.setdefault("BIHUAN_HOME", tempfile.mkdtemp(prefix="bihuan-bench-"))
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        from bench.loops import ground, measure

        ground.lay()
        failed = measure.run(wanted)
        connections.close_all()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
