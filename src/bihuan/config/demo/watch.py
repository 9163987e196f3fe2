"""What watches over safety in the invented province: sensors, documents, targets, days of risk."""

from datetime import datetime, timedelta
from typing import Any

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.safety.models import Accident, Establishment, Hazard
from bihuan.safety.services.aftermath import Called, log_call
from bihuan.safety.services.attention import NewDay, set_allowance, set_day, set_denominator
from bihuan.safety.services.permits import ask_permit
from bihuan.safety.services.readings import Reading, keep_partitions, take_readings
from bihuan.safety.services.sensors import NewSensor, register_sensor
from bihuan.safety.services.tips import tell_near_miss
from bihuan.safety.services.writs import issue_hazard_writ

HOUR, DAY, STEP = timedelta(hours=1), timedelta(days=1), timedelta(minutes=5)
SENSORS = (
    ("GAS", "储罐区可燃气体", "%LEL", None, 25.0, 8.0), ("LEV", "液位", "%", 10.0, 90.0, 62.0),
    ("TMP", "储罐温度", "℃", None, 45.0, 21.0),
)  # fmt: skip


def load_sensors(row: Establishment, by: Actor, at: datetime) -> None:
    """Three sensors with an hour of readings; the gas has just passed its limit."""
    keep_partitions(at=at)
    for stem, name, measure, low, high, usual in SENSORS:
        code = f"{stem}-{row.pk}"
        given = NewSensor(code, name, measure, low, high)
        register_sensor(establishment_id=row.pk, given=given, by=by, at=at - 2 * HOUR)
        readings = [Reading(code, usual + n % 3, at - HOUR + n * STEP) for n in range(12)]
        take_readings(readings=readings, by=SYSTEM, at=at)
    take_readings(readings=[Reading(f"GAS-{row.pk}", 31.0, at)], by=SYSTEM, at=at)


def load_papers(row: Establishment, by: Actor, at: datetime) -> None:
    """An order to rectify for a hazard under way, a near miss, an application to restart."""
    under_way = Hazard.objects.filter(within("scope", by.scope), obligation__state="assigned")
    hazard = under_way.order_by("pk").first()
    if hazard is not None:
        issue_hazard_writ(hazard_id=hazard.pk, kind="rectify", by=by, at=at - DAY)
    tell_near_miss(establishment_id=row.pk, text="吊具脱钩,未伤人", happened_at=at - DAY,
                   by=by, at=at - DAY + HOUR)  # fmt: skip
    ask_permit(establishment_id=row.pk, kind="restart", purpose="二号线检修后复工",
               new_workers=12, by=by, at=at - HOUR)  # fmt: skip


def load_targets(county: Place, by: Actor, at: datetime) -> None:
    """Denominators, an allowance and two days of risk; on one of them three risks meet."""
    today = local_date(at)
    ask: dict[str, Any] = {"place_id": county.pk, "by": by, "at": at - DAY}
    for key, value in (("workers", 48_000), ("gdp", 310), ("vehicles", 92_000)):
        set_denominator(key=key, year=today.year - 1, value=value, source="统计年鉴(演示)", **ask)
    set_allowance(year=today.year, measure="deaths", most=6, **ask)
    for days, family, level, staff in (
        (4, "fire", "high", 50), (4, "traffic", "high", 30), (4, "epidemic", "medium", 40),
        (9, "crowd", "medium", 25),
    ):  # fmt: skip
        given = NewDay(county.pk, today + days * DAY, family, level, staff, on_hand=90)
        set_day(given=given, by=by, at=at - DAY)


def load_calls(by: Actor, at: datetime) -> None:
    """A telephone call about the accident of today."""
    row = Accident.objects.filter(scope=by.scope, establishment__isnull=False).first()
    if row is not None:
        given = Called(False, "车间主任", "一死一伤,已停机", row.called_at)
        log_call(accident_id=row.pk, given=given, by=by, at=at)
