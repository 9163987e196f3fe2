"""The demonstration has a route for today, plans and a staff, made by the product's services."""

from bihuan.config.demo.inspecting import load_inspecting
from bihuan.config.demo.safety import load_safety
from bihuan.safety.models import Assignment, Inspection, InspectionPlan, Staffing


def test_a_township_has_three_stops_today_and_a_county_its_plan(loaded):
    load_safety(province="99", at=loaded)
    load_inspecting(province="99", at=loaded)
    assert Assignment.objects.filter(plan=None).count() >= 3
    assert Assignment.objects.filter(plan__isnull=False).count() >= 6
    assert InspectionPlan.objects.exists()
    assert Staffing.objects.exists()
    assert Inspection.objects.count() >= 50
