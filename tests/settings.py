"""The product's settings with the two things tests need otherwise: speed and a fixed key."""

import os
import tempfile

os.environ.setdefault("BIHUAN_HOME", tempfile.mkdtemp(prefix="bihuan-test-"))
os.environ.setdefault("BIHUAN_SECRET_KEY", "only-for-tests")

from bihuan.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
