"""What the import of a register needs to know of it."""

from collections.abc import Iterator
from typing import Any, Protocol

from bihuan.safety.rules.registers import Rows

Statement = tuple[str, dict[str, Any]]


class Register(Protocol):
    """A register that a table is imported into."""

    @property
    def action(self) -> str:
        """How audit names the import."""
        ...

    def rows(self) -> Rows:
        """What a row must hold, with everything that it may name."""
        ...

    def once(self) -> Iterator[Statement]:
        """Statements about the rows alone, which no change of the register touches."""
        ...

    def matching(self) -> Iterator[Statement]:
        """Statements that find what is there already, and refuse what cannot be written.

        They touch only rows of which something else is known than before.
        """
        ...

    def write(self, cursor: Any, first: int, last: int) -> int:
        """Write the rows that wait within these ids, and take them away; how many there were."""
        ...


# The later of two rows that speak of the same thing; `thing` tells them apart. Things are counted
# before anything is put in order: hardly any comes twice.
TWICE = """
WITH often AS (
    SELECT {thing} AS thing FROM safety_uploadrow WHERE upload_id = %(upload)s
    GROUP BY 1 HAVING count(*) > 1
), told AS (
    SELECT r.id, row_number() OVER (PARTITION BY o.thing ORDER BY r.id) AS n
    FROM safety_uploadrow r JOIN often o ON o.thing = {thing} WHERE r.upload_id = %(upload)s
), gone AS (
    DELETE FROM safety_uploadrow r USING told WHERE r.id = told.id AND told.n > 1
    RETURNING r.upload_id, r.sheet, r.number, r.code, r.name
)
INSERT INTO safety_uploadrefusal (upload_id, sheet, "row", "column", value, code, facts)
SELECT upload_id, sheet, number, CASE code WHEN '' THEN 'name' ELSE 'code' END,
       CASE code WHEN '' THEN name ELSE code END, '{code}', '{{}}' FROM gone
"""
# Rows that meet a condition are refused, with the column `column` and the text `value`.
REFUSED = """
WITH gone AS (
    DELETE FROM safety_uploadrow r WHERE r.upload_id = %(upload)s AND {condition}
    RETURNING r.upload_id, r.sheet, r.number, r.code, r.data
)
INSERT INTO safety_uploadrefusal (upload_id, sheet, "row", "column", value, code, facts)
SELECT upload_id, sheet, number, '{column}', {value}, '{code}', {facts} FROM gone
"""
