"""`python -m bench.epidemic [--rows 1000000] [--http] [--keep]`: lists of contacts with millions of them; 500 cases.

A province of 10 cities with 10 counties each, 20 townships to a county; half of the contacts are
managed now. For each reader and page: processor milliseconds of the page and of its statements,
and every plan that reads a whole table. With --http also p95 at 16 users through the web server.
Ends with 1 when a list misses its limit.
"""

import argparse
import os
import sys
import tempfile

from bench.loops.__main__ import database


def main() -> int:
    """Lay the ground, measure, print; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.epidemic")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--http", action="store_true", help="p95 at 16 users as well")
    parser.add_argument("--keep", action="store_true", help="use and leave the tables as they are")
    asked = parser.parse_args()
    with database("bihuan_contacts", keep=asked.keep) as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
        os.environ.setdefault("BIHUAN_VAULT_KEY", "bench")
        os.environ.setdefault("BIHUAN_HOME", tempfile.mkdtemp(prefix="bihuan-bench-"))
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        from bench.epidemic import ground, lists
        from bihuan.epidemic.models import Contact

        if not Contact.objects.exists():
            ground.lay(asked.rows)
        ground.lay_chain()
        failed = lists.run(http=asked.http)
        connections.close_all()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
