"""Who is held to be the source of a case, and since when: a week-old chain keeps its links."""

from collections.abc import Mapping
from datetime import datetime

from bihuan.epidemic.models import Case, CaseSource


def hold_sources(
    found: Mapping[int, int | None], *, at: datetime, since: Mapping[int, datetime] | None = None
) -> None:
    """Hold cases to have these sources (None: taken back), each since then or from now on.

    The caller's transaction.
    """
    for case, source in found.items():
        Case.objects.filter(pk=case).update(source=source)
    remember_sources(found, at=at, since=since)


def remember_sources(
    found: Mapping[int, int | None], *, at: datetime, since: Mapping[int, datetime] | None = None
) -> None:
    """Keep since when, where the case itself was written with its source."""
    CaseSource.objects.bulk_create(
        CaseSource(case_id=case, source=source, at=(since or {}).get(case, at))
        for case, source in found.items()
    )
