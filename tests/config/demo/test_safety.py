"""The safety side of the demonstration plays through the product's own services."""

from bihuan.config.demo.safety import load_safety
from bihuan.core.loops.models import Obligation
from bihuan.safety.models import (
    Accident,
    Alarm,
    Count,
    Establishment,
    Hazard,
    ReportDuty,
    RiskEvent,
    Tip,
    Writ,
)


def test_the_demonstration_has_places_risks_hazards_and_an_accident_with_its_clock(loaded):
    load_safety(province="99", at=loaded)
    assert Establishment.objects.count() >= 12
    assert RiskEvent.objects.filter(residual="yellow").exists()
    assert Hazard.objects.filter(obligation__problem__grade="major").exists()
    assert Obligation.objects.filter(hazard__isnull=False, state="submitted").exists()
    assert Tip.objects.exists()
    assert Count.objects.filter(verdict="stopped").exists()
    assert ReportDuty.objects.filter(from_level="county").exists()
    assert Accident.objects.count() > 20
    assert Alarm.objects.filter(kind="high").exists()
    assert Writ.objects.exists()
    assert Obligation.objects.filter(origin__startswith="day:").exists()
