"""The web application, as gunicorn and other servers load it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
application = get_wsgi_application()


def _load_pages() -> None:
    """Load all pages and rules before the server forks, and not at somebody's first request."""
    from django.urls import reverse

    from bihuan.core.packs import registry

    reverse("work:mine")
    registry.all_packs()
    gc.collect()
    gc.freeze()  # what stays for good is not walked again at somebody's request


_load_pages()
