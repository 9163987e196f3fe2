"""The accounts a visitor of the demonstration may use with one click. Needs no database."""

from dataclasses import dataclass
from functools import cache

from bihuan.core.places.data import lines
from bihuan.core.places.rules import short_code

PASSWORD = "bihuan-demo"  # noqa: S105  known to everybody: it opens invented people only
INVENTED = "99"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A user name and what its holder is, in both languages."""

    username: str
    label: str
    label_en: str


_ENDINGS = (
    ("province", "commander", "省 · 总指挥", "Province · commander"),
    ("province", "head", "省 · 指挥部办公室", "Province · headquarters office"),
    ("province", "safety", "省 · 安委会办公室", "Province · safety committee office"),
    ("province", "health", "省 · 卫生健康委员会", "Province · health department"),
    ("province", "inspector", "省 · 督导组组长", "Province · head of inspection team"),
    ("city", "commander", "市 · 总指挥", "City · commander"),
    ("city", "head", "市 · 指挥部办公室", "City · headquarters office"),
    ("city", "emergency", "市 · 应急管理局", "City · emergency department"),
    ("county", "head", "县(区) · 指挥部办公室", "County · headquarters office"),
    ("township", "head", "镇(街) · 应急值班室", "Township · duty desk"),
    ("community", "head", "社区 · 书记", "Community · secretary"),
    ("county", "cdc", "县(区) · 疾病预防控制中心", "County · disease control"),
    ("county", "site", "县(区) · 隔离点", "County · isolation site"),
    ("county", "hospital", "县(区) · 定点医院", "County · designated hospital"),
    ("city", "hospital", "市 · 定点医院", "City · designated hospital"),
    ("county", "security", "县(区) · 公安局", "County · police"),
    ("province", "telecom", "省 · 通信管理局", "Province · telecom regulator"),
    ("neighbour", "cdc", "邻县 · 疾病预防控制中心", "Neighbouring county · disease control"),
    ("township", "clinic", "镇(街) · 卫生院哨点", "Township · clinic (sentinel)"),
    ("township", "unit", "企业 · 安全负责人", "Enterprise · safety manager"),
    ("province", "auditor", "审计员", "Auditor"),
    ("province", "admin", "平台管理员", "Administrator"),
)

_INVENTED_ONLY = frozenset({"unit", "cdc", "clinic", "site", "hospital"})


@cache
def demo_accounts(province: str = INVENTED) -> tuple[DemoAccount, ...]:
    """The accounts of the invented province, or of a real one by its code.

    A real province has neither communities nor units: no invented ones are put into it.
    """
    nodes = _nodes(province)
    return tuple(
        DemoAccount(f"{nodes[node]}-{ending}", label, label_en)
        for node, ending, label, label_en in _ENDINGS
        if node in nodes and (ending not in _INVENTED_ONLY or province == INVENTED)
    )


def _nodes(province: str) -> dict[str, str]:
    """One place of each level, each under the one before."""
    if province == INVENTED:
        codes = ("99", "9901", "990101", "990101001", "990101001001", "990102")
        names = ("province", "city", "county", "township", "community", "neighbour")
        return dict(zip(names, codes, strict=True))
    standing = [code for code, _name, _first, last in lines("places") if not last]
    under = short_code(province)
    found = {"province": under}
    for level, length in (("city", 4), ("county", 6), ("township", 9)):
        code = next((c for c in standing if len(c) == length and c.startswith(under)), "")
        if code:
            found[level] = under = code
    return found
