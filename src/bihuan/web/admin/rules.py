"""Rules in force: every pack with its source, how certain it is, and how long it holds."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bihuan.core.errors import NotFound
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.web.admin.words import HEADS, MARKS, SOURCES
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

WORDS: dict[str, Mapping[str, Any]] = {"mark": MARKS, "source": SOURCES}


@page(duty="rules.read", past=True)
def rules(request: WorkRequest) -> HttpResponse:
    """The packs that hold at the moment in the reader's place, by family, and the others."""
    held = registry.in_force(request.at, scope=request.actor.scope)
    others = [pack for pack in registry.all_packs() if pack not in held]
    return render(request, "admin/rules.html", {"held": held, "others": others})


@page(duty="rules.read", past=True)
def pack(request: WorkRequest, ref: str) -> HttpResponse:
    """One edition: its limits, values and tables. A stored deadline's rule links here."""
    edition = ref.partition("/")[0]
    for found in registry.all_packs():
        if found.ref == edition:
            held = found in registry.in_force(request.at, scope=request.actor.scope)
            shown = {"pack": found, "held": held, "tables": _tables(found)}
            return render(request, "admin/pack.html", shown)
    raise NotFound("pack.unknown", ref=edition)


def _tables(found: Pack) -> list[tuple[str, list[str], list[list[object]]]]:
    """Each table of a pack as name, headings and rows, in words where there are words."""
    tables = []
    for name, rows in found.tables.items():
        keys = list(dict.fromkeys(key for row in rows for key in row))
        cells = [[_word(key, row.get(key, "")) for key in keys] for row in rows]
        tables.append((name, [str(HEADS.get(key, key)) for key in keys], cells))
    return tables


def _word(key: str, value: Any) -> Any:
    known = WORDS.get(key)
    return known.get(value, value) if known else value
