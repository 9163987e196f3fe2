"""The inside of the demonstration's site and hospital: rounds, tests, zones, shifts, stocks.

All of it is invented. Acts are those of the product's own services.
"""

from datetime import datetime, timedelta

from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Actor
from bihuan.epidemic.models import Facility
from bihuan.epidemic.selectors.rounds import items_of
from bihuan.epidemic.services import rounds, support, wards, workers, zones

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MODULES = ("basic", "protection", "infection", "emergency")
HELD = (("oxygen_flow", 30.0, None, "制氧机 2 台"), ("oxygen_stock", 60.0, 20.0, "液氧罐 1 个"),
        ("doctor", 9.0, None, ""), ("nurse", 20.0, None, ""), ("ventilator", 4.0, None, "重症医学科"),
        ("antiviral", 120.0, 2.0, "药库"),
        ("child_nurse", 6.0, None, "儿科"), ("old_carer", 4.0, None, "老年医学科"))  # fmt: skip


def furnish_hospital(row: Facility, *, runner: Actor, desk: Actor, at: datetime) -> None:
    """Staff tested and owed, a ward that was closed and opened again, a failed item, what it has."""
    for ward, group, people in (
        ("呼吸与危重症科", "isolation", 23),
        ("综合一病区", "clinical", 30),
    ):
        made = rounds.set_staff_group(facility_id=row.pk, ward=ward, group=group, people=people,
                                      by=runner, at=at - 46 * HOUR)  # fmt: skip
        rounds.note_tests(group_id=made.pk, day=local_date(at), tested=people - 4, positive=0,
                          by=runner, at=at)  # fmt: skip
    file = wards.open_ward_file(facility_id=row.pk, ward="综合一病区", found="staff", by=runner,
                                at=at - 40 * HOUR)  # fmt: skip
    wards.list_exposed(
        file_id=file.pk, staff=[f"N{n:03d}" for n in range(1, 24)],
        inpatients=[f"Z{n:04d}" for n in range(1, 32)],
        measures="病区封闭,暴露者单间隔离,每日检测", by=runner, at=at - 39.5 * HOUR,
    )  # fmt: skip
    wards.review_ward(
        file_id=file.pk, finding="连续两轮检测阴性,已终末消毒", by=desk, at=at - 3 * HOUR
    )
    answers = {item["key"]: (True, "") for item in items_of("ward_daily", row.scope, at)}
    answers["w_flow_staff"] = (False, "缓冲区有人未脱防护服逆行")
    given = rounds.NewRound("ward_daily", "呼吸与危重症科", answers)
    rounds.note_round(facility_id=row.pk, given=given, by=runner, at=at - 2 * HOUR)
    for resource, quantity, per_day, note in HELD:
        support.count_holding(facility_id=row.pk, by=runner, at=at - 5 * HOUR,
                              given=support.Counted(resource, quantity, per_day, note))  # fmt: skip


def furnish_site(row: Facility, *, runner: Actor, at: datetime) -> None:
    """Three zones, staff of whom some are expired, a shift, an incident that waits to be closed."""
    begun, today = at - 45 * HOUR, local_date(at)
    made = [zones.add_zone(facility_id=row.pk, kind=kind, name=name, by=runner, at=begun)
            for kind, name in (("clean", "一楼清洁区"), ("buffer", "二楼缓冲区"),
                               ("contaminated", "三楼客房"))]  # fmt: skip
    red = made[-1]
    zones.assign_rooms(facility_id=row.pk, zone_id=red.pk, by=runner, at=begun,
                       room_ids=row.rooms.values_list("pk", flat=True))  # fmt: skip
    everybody = [f"G{n:02d}" for n in range(1, 9)]
    workers.enter_workers(facility_id=row.pk, codes=everybody, kind="service", zone_id=red.pk,
                          by=runner, at=begun)  # fmt: skip
    for module in MODULES:
        workers.pass_module(facility_id=row.pk, codes=everybody[:6], module=module, by=runner,
                            at=begun, passed_on=today - 30 * DAY)  # fmt: skip
    workers.pass_module(facility_id=row.pk, codes=everybody[6:], module="protection", by=runner,
                        at=begun, passed_on=today - 95 * DAY)  # fmt: skip
    for code in everybody[:3]:
        given = workers.NewShift(code, red.pk, at - 2 * HOUR, at + 6 * HOUR)
        workers.plan_shift(facility_id=row.pk, given=given, by=runner, at=at)
    told = zones.NewIncident(
        "supply", "晚餐晚到 1 小时,306 房糖尿病客人未按时进餐", at - 20 * HOUR, red.pk
    )
    late = zones.report_incident(facility_id=row.pk, given=told, by=runner, at=at - 19 * HOUR)
    zones.answer_incident(
        incident_id=late.pk, answer="已补餐并测血糖,更换送餐公司", by=runner, at=at - 18 * HOUR
    )
