"""Settings of the product; what a site may change comes from the environment.

DATABASE_URL            any PostgreSQL from 15 on; unset: the embedded server in BIHUAN_HOME
BIHUAN_HOME             where data, secrets and evidence are kept
BIHUAN_HOSTS            names under which the site is reached, separated by commas
BIHUAN_HTTPS            1 behind a TLS proxy: secure cookies, HSTS
BIHUAN_DEMO             1 in the demonstration: accounts one click away
BIHUAN_DEMO_PROVINCE    code of the real province it shows; unset: the invented one
BIHUAN_SECRET_KEY       signing key; unset: made once and kept in BIHUAN_HOME
BIHUAN_VAULT_KEY        key of the identity vault; unset: made once and kept in BIHUAN_HOME
BIHUAN_VAULT_ROLE       database role that alone may enter the vault; unset: that of the pages
"""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from bihuan.config import database, embedded
from bihuan.config.demo.signin import INVENTED, PASSWORD, demo_accounts
from bihuan.config.home import current_database, home, secret
from bihuan.intake.endpoint.address import Endpoint

PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
DEMO = os.environ.get("BIHUAN_DEMO") == "1"
DEMO_ACCOUNTS = demo_accounts(os.environ.get("BIHUAN_DEMO_PROVINCE") or INVENTED) if DEMO else ()
DEMO_PASSWORD = PASSWORD if DEMO else ""
SECRET_KEY = secret("secret_key")
VAULT_KEY = secret("vault_key")
VAULT_ROLE = os.environ.get("BIHUAN_VAULT_ROLE", "")
HOSTS = [name for name in os.environ.get("BIHUAN_HOSTS", "").split(",") if name]
ALLOWED_HOSTS = HOSTS or ["localhost", "127.0.0.1", "[::1]"]
INTAKE_MODEL = Endpoint.from_environment(os.environ)  # off unless the site names one
HTTPS = os.environ.get("BIHUAN_HTTPS") == "1"
MQTT_URL = os.environ.get("BIHUAN_MQTT", "")  # mqtt://user:word@host:1883; empty: no broker

INSTALLED_APPS = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "axes",
    "csp",
    "bihuan.core.packs",
    "bihuan.core.audit",
    "bihuan.core.places",
    "bihuan.core.orgs",
    "bihuan.core.vault",
    "bihuan.core.evidence",
    "bihuan.core.loops",
    "bihuan.sensing",
    "bihuan.epidemic",
    "bihuan.intake",
    "bihuan.command",
    "bihuan.supervision",
    "bihuan.safety",
    "bihuan.web",
    "bihuan.api",
    "bihuan.jobs",
    "django.forms",  # last: the site's own widget templates come first
)
FORM_RENDERER = "bihuan.web.controls.Renderer"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bihuan.web.drafts.DraftsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bihuan.api.idempotency.IdempotencyMiddleware",
    "bihuan.web.middleware.WorkRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "bihuan.config.urls"
WSGI_APPLICATION = "bihuan.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bihuan.web.context.shell",
            ],
            "builtins": ["bihuan.web.templatetags.kept"],
            "libraries": {"i18n": "bihuan.web.templatetags.kept"},
        },
    },
]

URL = os.environ.get("DATABASE_URL") or embedded.address(home(), current_database())
DATABASES = {
    "default": {
        **database.from_url(URL),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": f"test_bihuan_{os.environ.get('BIHUAN_TEST_NAME', 'main')}"},
    },
}

# Pieces of pages that are the same for many: the rail of a role, the table of keys.
_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": _MEMORY},
    "fragments": {"BACKEND": _MEMORY, "LOCATION": "fragments", "OPTIONS": {"MAX_ENTRIES": 2_000}},
}

# ── sign-in ──────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "orgs.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
# One office shares one address: lock the pair, so that a stranger cannot lock out a colleague.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "bihuan.web.account.views.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "bihuan.web.pages.errors.forgery"
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in HOSTS] if HTTPS else []
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    },
}

# ── languages and time ───────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = sorted(path for path in (PACKAGE / "locale").iterdir() if path.is_dir())
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# ── files ────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 600
EVIDENCE_ROOT = home() / "evidence" / DATABASES["default"]["NAME"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Who hears which event: read by the outbox sender, which may not import what lies above it.
WIRING = "bihuan.config.wiring.HANDLERS"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "schedule"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("BIHUAN_LOG_LEVEL", "WARNING")},
}

ERROR_WORDS = "bihuan.web.messages.words"  # the table that pages and the API speak from
