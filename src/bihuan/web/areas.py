"""The areas of the site: each subfolder of `web` with a `urls` module is one.

An area may also have `nav` (`NAV`: its entries in the rail), `messages` (`MESSAGES`: the words
for its error codes) and `words` (`WORDS`: the words for its states, moves and acts).
"""

import pkgutil
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import bihuan.web


@cache
def areas() -> tuple[str, ...]:
    """Dotted names of the areas, in alphabetical order."""
    folders = (m.name for m in pkgutil.iter_modules(bihuan.web.__path__) if m.ispkg)
    names = (f"bihuan.web.{folder}" for folder in sorted(folders))
    return tuple(name for name in names if find_spec(f"{name}.urls") is not None)


@cache
def gathered(module: str, name: str) -> tuple[Any, ...]:
    """The value `name` of every area's `module`, where there is one."""
    found = (f"{area}.{module}" for area in areas())
    modules = (import_module(m) for m in found if find_spec(m) is not None)
    return tuple(getattr(m, name) for m in modules if hasattr(m, name))
