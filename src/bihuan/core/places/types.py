"""Scope helpers: a scope is the dotted path of a place, compared as a prefix range."""

from django.db.models import Q

NATION_PATH = ""
"""The nation's path is the empty prefix: everything lies under it."""

_AFTER_EVERY_DIGIT = ":"


def prefix_range(path: str) -> tuple[str, str]:
    """The half-open range [low, high) that holds `path` and everything below it.

    Paths end in a dot and compare by code point (C collation); "/" follows "." there, so that
    "44.01." becomes ("44.01.", "44.01/").
    """
    if path == NATION_PATH:
        return NATION_PATH, _AFTER_EVERY_DIGIT
    return path, path[:-1] + "/"


def under(path: str, other: str) -> bool:
    """Whether `path` is `other` or lies below it."""
    return path.startswith(other)


def within(field: str, path: str) -> Q:
    """A filter for the rows whose scope column `field` is `path` or below it; uses a B-tree."""
    low, high = prefix_range(path)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})
