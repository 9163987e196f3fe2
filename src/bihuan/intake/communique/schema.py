"""A record as plain JSON values, in the schema of the labelled communiqués."""

from __future__ import annotations

from dataclasses import asdict

from bihuan.intake.communique.types import Communique, Directive

Json = dict[str, object]


def to_json(record: Communique, *, ident: str = "") -> Json:
    """The record in the label schema, plus `clean_text`, `repairs`, `warnings` and `facts`.

    The original text is left out: it stands in the file that was read.
    """
    plain: Json = {"id": ident}
    skipped = {"original_text", "directives"}
    for key, value in asdict(record).items():
        if key not in skipped:
            plain[key] = list(value) if isinstance(value, tuple) else value
    plain["directives"] = [_directive(one, ident) for one in record.directives]
    return plain


def _directive(one: Directive, ident: str) -> Json:
    plain: Json = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(one).items()
        if key != "index"
    }
    plain["id"] = f"{ident}-{one.index}" if ident else str(one.index)
    plain["deadline"] = [limit.text for limit in one.deadline]
    plain["deadline_rules"] = [asdict(limit) for limit in one.deadline]
    return plain
