"""`python -m bench.field`: the field app on a slow phone; every figure with its limit.

Uses its own database on the server of DATABASE_URL, or an embedded server in a temporary folder,
the product's own web server and Debian's chromium. Ends with 1 when a limit is missed.
"""

import os
import sys
import tempfile

from bench.loops.__main__ import database


def main() -> int:
    """Lay a small ground with one long checklist, open the app on it, print a table."""
    with database("bihuan_bench_field") as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs a loop here
        os.environ.setdefault("BIHUAN_HOME", tempfile.mkdtemp(prefix="bihuan-bench-"))
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        from bench.field import phone
        from bench.loops.measure import line

        failed = sum(line(*told) for told in phone.run())
        connections.close_all()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
