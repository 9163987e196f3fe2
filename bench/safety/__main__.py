"""`python -m bench.safety [sensors|lists|imports] [--scale 0.1]`: every line with its limit; 1 if one fails.

Uses its own database on the server of DATABASE_URL, or an embedded server in a temporary folder.
"""

import argparse
import os
import sys
import tempfile

from bench.loops import __main__ as loops


def main() -> int:
    """Lay the ground once, run the chosen benches on it, print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.safety")
    parser.add_argument("which", nargs="*", default=["sensors", "lists", "imports"])
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full tables")
    options = parser.parse_args()
    loops.NAME = "bihuan_bench_safety"
    with loops.database() as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
        os.environ.setdefault("BIHUAN_HOME", tempfile.mkdtemp(prefix="bihuan-bench-"))
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        from bench.loops import ground
        from bench.loops.measure import line
        from bench.safety import imports, lists, sensors

        ground.lay()
        failed = 0
        benches = (
            ("sensors", sensors.run),
            ("lists", lambda: lists.run(options.scale)),
            ("imports", lambda: imports.run(options.scale)),
        )
        for name, run in benches:
            if name in options.which:
                for told, value, measure, limit in run():
                    failed += line(f"{name}: {told}", value, measure, limit)
        connections.close_all()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
