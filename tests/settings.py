"""The product's settings with what tests need otherwise: a place to write, speed, a fixed key.

Without DATABASE_URL an embedded server is started in a folder of its own, shared by the workers
of one run and stopped at its end.
"""

import atexit
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

if "PYTEST_XDIST_WORKER" not in os.environ:
    # Root's database runs as another user, who must be able to enter the folder.
    _base = "/tmp" if os.geteuid() == 0 else None
    os.environ["BIHUAN_HOME"] = tempfile.mkdtemp(prefix="bihuan-test-", dir=_base)
    atexit.register(shutil.rmtree, os.environ["BIHUAN_HOME"], ignore_errors=True)
    if "DATABASE_URL" not in os.environ:
        from bihuan.config import embedded

        _server = ExitStack()
        os.environ["DATABASE_URL"] = _server.enter_context(
            embedded.use(
                Path(os.environ["BIHUAN_HOME"]),
                sys.stderr.write,
                name="bihuan",
                throwaway="throwaway",
            )
        )
        atexit.register(_server.close)

os.environ["BIHUAN_SECRET_KEY"] = "only-for-tests"

from bihuan.config import translations
from bihuan.config.settings import *  # noqa: F403

translations.compile_stale()
# A test's transaction is its connection: nothing may close or probe it, however long tests take.
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EVIDENCE_ROOT = Path(tempfile.mkdtemp(prefix="evidence-", dir=os.environ["BIHUAN_HOME"]))
