"""Staff numbers, training modules and shifts. Pure."""

import re
from collections.abc import Iterable
from datetime import date

from bihuan.epidemic.rules.lists import NUMBERLIKE

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")


def is_code(said: str) -> bool:
    """Whether this is a number of a house's own: no name, no telephone, no number of a card."""
    return _CODE.fullmatch(said) is not None and NUMBERLIKE.fullmatch(said) is None


def lacking_modules(
    asked: Iterable[str], held: Iterable[tuple[str, date]], *, on: date
) -> tuple[str, ...]:
    """Modules that a zone asks for and that do not count on a day: held (module, last day)."""
    valid = {module for module, until in held if until >= on}
    return tuple(module for module in asked if module not in valid)
