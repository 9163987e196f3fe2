"""What a process of the site loads before its first request."""

import os
import subprocess
import sys

HEAVY = {"numpy", "pandas", "pypinyin", "scipy"}
PROGRAM = """
import sys
import django
django.setup()
import bihuan.config.urls
print(*sorted(HEAVY & set(sys.modules)))
"""


def test_the_site_starts_without_the_dictionary_of_readings_and_the_numerics() -> None:
    told = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {HEAVY}{PROGRAM}"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bihuan.config.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == []
