"""Which bodies, departments and posts a place has in the demonstration. Data only."""

from dataclasses import dataclass

from bihuan.core.orgs.types import Role

SECTORS = (
    ("health", "卫生健康", "Health"),
    ("education", "教育", "Education"),
    ("transport", "交通运输", "Transport"),
    ("industry", "工业和信息化", "Industry"),
    ("market", "市场监管", "Market regulation"),
    ("emergency", "应急管理", "Emergency management"),
    ("housing", "住房和城乡建设", "Housing and construction"),
    ("civil", "民政", "Civil affairs"),
    ("culture", "文化和旅游", "Culture and tourism"),
    ("agriculture", "农业农村", "Agriculture"),
    ("water", "水利", "Water resources"),
    ("security", "公安", "Public security"),
    ("fire", "消防救援", "Fire and rescue"),
    ("ports", "口岸", "Ports of entry"),
)
"""Lines of business: code, Chinese, English."""

REGULATED = (("telecom", "通信管理", "Telecom regulation"),)
"""Lines of a body of the state above the province: no department of a place has them."""

EPIDEMIC_SECTORS = ("health", "education", "civil", "market", "culture", "ports")
SAFETY_SECTORS = tuple(code for code, *_ in SECTORS if code not in EPIDEMIC_SECTORS)


@dataclass(frozen=True, slots=True)
class Office:
    """A post of an organisation: `account` is the ending of its user name, "" for none.

    `holder` names the person when one person holds several posts of a place.
    """

    title: str
    role: Role
    order: int
    account: str = ""
    leader: str = ""
    sectors: tuple[str, ...] = ()
    desk: bool = False
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation of a place; `{}` in its names is the place's name."""

    kind: str
    name: str
    offices: tuple[Office, ...]
    second_name: str = ""
    sectors: tuple[str, ...] = ()
    attached: bool = False


HEADQUARTERS = Body(
    "headquarters",
    "{}疫情防控领导小组",
    (
        Office("总指挥", Role.COMMANDER, 0, "commander", holder="chief"),
        Office("常务副总指挥", Role.DEPUTY, 1, "deputy", "总指挥", EPIDEMIC_SECTORS),
        Office("副总指挥", Role.DEPUTY, 2, "", "总指挥", SAFETY_SECTORS, holder="safety"),
        Office("指挥部办公室主任", Role.OFFICE, 3, "head", "常务副总指挥", desk=True),
        Office("指挥部办公室值班长", Role.OFFICE, 4, "duty", "指挥部办公室主任"),
    ),
    "{}疫情防控指挥部",
)
SAFETY_COMMITTEE = Body(
    "safety_committee",
    "{}安全生产委员会",
    (
        Office("安委会主任", Role.COMMANDER, 10, holder="chief"),
        Office("安委会副主任", Role.DEPUTY, 11, "", "安委会主任", SAFETY_SECTORS, holder="safety"),
        Office("安委会办公室主任", Role.OFFICE, 12, "safety", "安委会副主任"),
    ),
)
INSPECTORATE = Body(
    "department",
    "{}督查室",
    (
        Office("督导组组长", Role.INSPECTOR, 0, "inspector", "总指挥"),
        Office("督导员", Role.INSPECTOR, 1, "", "督导组组长"),
    ),
)
AUDIT = Body("department", "{}审计厅", (Office("信息系统审计员", Role.AUDITOR, 0, "auditor"),))
PLATFORM = Body(
    "department", "{}政务服务数据管理局", (Office("平台管理员", Role.ADMIN, 0, "admin"),)
)
CUSTOMS = Body(
    "central",
    "{}海关",
    (Office("海关值班关长", Role.DEPARTMENT, 0, "customs"),),
    sectors=("ports",),
    attached=True,
)
TELECOM = Body(
    "central",
    "{}通信管理局",
    (Office("值班处长", Role.DEPARTMENT, 0, "telecom"),),
    sectors=("telecom",),
    attached=True,
)
TOWN = Body(
    "node",
    "{}人民政府",
    (
        Office("党委书记", Role.COMMANDER, 0, "commander"),
        Office(
            "分管负责人(应急)", Role.DEPUTY, 1, "", "党委书记", EPIDEMIC_SECTORS + SAFETY_SECTORS
        ),
        Office("应急值班室主任", Role.NODE, 2, "head", "分管负责人(应急)", desk=True),
    ),
)
STREET = Body(
    "node",
    "{}办事处",
    (
        Office("党工委书记", Role.COMMANDER, 0, "commander"),
        Office(
            "分管负责人(应急)", Role.DEPUTY, 1, "", "党工委书记", EPIDEMIC_SECTORS + SAFETY_SECTORS
        ),
        Office("应急值班室主任", Role.NODE, 2, "head", "分管负责人(应急)", desk=True),
    ),
)
COMMUNITY = Body("node", "{}居民委员会", (Office("社区书记", Role.NODE, 0, "head", desk=True),))
VILLAGE = Body("node", "{}民委员会", (Office("村书记", Role.NODE, 0, "head", desk=True),))

FUNCTIONS = (
    ("流行病学调查", "health", ("security", "industry")),
    ("集中隔离点管理", "civil", ("health", "housing", "fire")),
    ("校园疫情防控", "education", ("health",)),
    ("口岸疫情防控", "ports", ("health", "transport")),
    ("房屋建筑安全", "housing", ("emergency", "fire")),
    ("危险货物运输", "transport", ("emergency", "security")),
    ("防汛防台风", "water", ("emergency", "agriculture")),
    ("冷链食品监管", "market", ("health", "transport")),
)
"""Functions that several departments share: who leads, who supports."""


_KINDS = {
    "health": ("委员会", "委员会"),
    "fire": ("总队", "大队"),
    "market": ("局", "局"),
    "ports": ("办公室", "办公室"),
}
"""What a department is called in a province, and below, where that is not 厅 and 局."""


def department(sector: str, name: str, level: str) -> Body:
    """The department of a sector."""
    upper, lower = _KINDS.get(sector, ("厅", "局"))
    portfolio = "常务副总指挥" if sector in EPIDEMIC_SECTORS else "副总指挥"
    return Body(
        "department",
        f"{{}}{name}{upper if level == 'province' else lower}",
        (
            Office("主要负责人", Role.DEPARTMENT, 0, sector, portfolio),
            Office("值班科长", Role.DEPARTMENT, 1, "", "主要负责人"),
        ),
        sectors=(sector,),
    )


def bodies(level: str, name: str) -> tuple[Body, ...]:
    """The organisations of a place of a level."""
    if level == "township":
        return (STREET if name.endswith("街道") else TOWN,)
    if level == "community":
        return (VILLAGE if name.endswith("村") else COMMUNITY,)
    departments = tuple(department(code, chinese, level) for code, chinese, _ in SECTORS)
    own = (HEADQUARTERS, SAFETY_COMMITTEE, *departments, INSPECTORATE)
    return (*own, CUSTOMS, TELECOM, AUDIT, PLATFORM) if level == "province" else own
