"""`python -m bench.safety [sensors|lists|imports] [--scale 0.1] [--keep]`: 1 if a limit is passed.

Uses its own database on the server of DATABASE_URL, or an embedded server in a temporary folder.
With `--keep` the database stays, and the next run with it lays only what is not there yet.
"""

import argparse
import os
import sys
import tempfile
import time

from bench.loops.__main__ import database

NAME = "bihuan_bench_safety"


def main() -> int:
    """Lay the ground once, run the chosen benches on it, print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.safety")
    parser.add_argument("which", nargs="*", default=["sensors", "lists", "imports"])
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full tables")
    parser.add_argument("--keep", action="store_true", help="keep the database for the next run")
    options = parser.parse_args()
    start = time.perf_counter()
    with database(NAME, keep=options.keep) as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
        os.environ.setdefault("BIHUAN_HOME", tempfile.mkdtemp(prefix="bihuan-bench-"))
        failed = _run(options.which, options.scale)
    print(f"whole: {time.perf_counter() - start:,.0f} s, {failed} over their limit", flush=True)
    return 1 if failed else 0


def _run(which: list[str], scale: float) -> int:
    """How many figures were over their limit."""
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    from bench.loops import ground
    from bench.loops.measure import line
    from bench.safety import imports, lists, sensors
    from bihuan.core.places.models import Place

    if not Place.objects.exists():
        ground.lay()
    benches = {
        "sensors": sensors.run,
        "lists": lambda: lists.run(scale),
        "imports": lambda: imports.run(scale),
    }
    failed = 0
    for name, run in benches.items():
        if name in which:
            print(f"{name}: begun", flush=True)
            for told, value, measure, limit in run():
                failed += line(f"{name}: {told}", value, measure, limit)
    connections.close_all()
    return failed


if __name__ == "__main__":
    sys.exit(main())
