"""People of the health side in the small province, and the records the tests start from."""

from datetime import timedelta

from bihuan.core.orgs.models import Sector
from bihuan.core.orgs.types import Role
from bihuan.core.vault.types import Identity
from tests.factories import World, staff

LI = Identity(
    name="李建国", id_number="110101198503076218", phone="13800001111",
    address="灯塔社区 3 栋 201", born="1985-03-07", sex="m",
)  # fmt: skip
EVENT = "event:1"


def add_health(world: World) -> World:
    """Epidemiologists of city and county, a clinic that is a sentinel, and the police."""
    for code, name in (("health", "卫生健康"), ("security", "公安")):
        Sector.objects.get_or_create(code=code, defaults={"name": name, "name_en": code})
    cdc = {"role": Role.EPIDEMIOLOGY, "kind": "department", "sectors": ["health"]}
    staff(world.places["9901"], "cdc_city", **cdc)
    staff(world.places["990101"], "cdc", **cdc)
    staff(world.places["990101"], "cdc2", **cdc)
    staff(world.places["990102"], "cdc_hill", **cdc)
    staff(world.places["9902"], "cdc_south", **cdc)
    staff(world.places["990101001"], "clinic", role=Role.SENTINEL, kind="unit")
    staff(world.places["990101"], "police", role=Role.DEPARTMENT, kind="police",
          sectors=["security"])  # fmt: skip
    return world


def keep(world: World):
    """How long the tests keep a person."""
    return world.at + timedelta(days=30)
