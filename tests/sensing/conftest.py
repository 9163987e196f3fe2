"""Sentinels of the harbour county, and quiet weeks behind them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.sensing.models import Report, Sentinel
from bihuan.sensing.services.sentinels import register_sentinel
from bihuan.sensing.types import NewSentinel
from tests.epidemic.builders import add_health
from tests.factories import World, build_world


@pytest.fixture
def world(db, at) -> World:
    return add_health(build_world(at))


def sentinel(world: World, *, code="990101001", kind="fever_clinic", streams=("fever",), name="码头镇卫生院"):  # fmt: skip
    return register_sentinel(
        given=NewSentinel(name, kind, world.places[code].pk, world.clinic.org_id, streams),
        by=world.cdc, at=world.at - timedelta(days=60),
    )  # fmt: skip


def weeks(row: Sentinel, counts: Sequence[int], *, last: date, stream="fever") -> None:
    """Daily counts ending on `last`, each reported on its own evening."""
    Report.objects.bulk_create(
        Report(sentinel=row, stream=stream, day=(day := last - timedelta(days=back)), n=n,
               reported_at=datetime.combine(day, datetime.min.time(), tzinfo=UTC)
               + timedelta(hours=10), reporter="t")
        for back, n in zip(range(len(counts) - 1, -1, -1), counts, strict=True)
    )  # fmt: skip


QUIET = [4, 5, 6, 5, 4, 6, 5] * 4  # 28 quiet days


@pytest.fixture
def yesterday(at) -> date:
    return local_date(at) - timedelta(days=1)
