"""The columns of imports: of establishments the common ones, then the kind's own; of sensors. Pure."""

from collections.abc import Mapping
from typing import Any

from bihuan.core.evidence.cells import Column
from bihuan.safety.rules.fields import fields_of

COMMON = (
    Column("name", "名称", "Name"),
    Column("place", "地方代码", "Place code"),
    Column("code", "证照编号", "Licence no."),
    Column("sector", "行业代码", "Sector code"),
    Column("address", "地址", "Address"),
    Column("registered_in", "注册地", "Registered in"),
    Column("head", "法定代表人", "Legal representative"),
    Column("unit", "运营单位", "Operator"),
    Column("lon", "经度", "Longitude"),
    Column("lat", "纬度", "Latitude"),
)
OWN = "own_"
SENSOR = (
    Column("code", "监测点编号", "Sensor no."),
    Column("name", "名称", "Name"),
    Column("licence", "场所证照编号", "Licence no. of the place"),
    Column("measure", "计量单位", "Unit of measure"),
    Column("low", "下限", "Low"),
    Column("high", "上限", "High"),
    Column("silent", "静默秒数", "Seconds of silence"),
)


def columns_for(schema: Mapping[str, Any]) -> tuple[Column, ...]:
    """Every column of a kind's table, own fields with their unit of measure."""
    own = (Column(f"{OWN}{f.key}", f.words("zh"), f.words("en")) for f in fields_of(schema))
    return (*COMMON, *own)
