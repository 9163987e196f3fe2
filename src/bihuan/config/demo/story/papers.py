"""The words of the demonstration's supervision: plans, visits, lists from outside, registers.

All of it is invented; no sentence comes from a real document.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.config.demo.story.script import Finding

PLAN = "重点单位疫情防控和安全生产双查计划"
LOOK_AGAIN = "双查“回头看”:随机复查"
PLAN_KINDS = ("工业企业", "医疗机构", "学校", "客运场站")
PLAN_STEPS = (
    ("人员进出", "测温登记"), ("人员进出", "访客管理"), ("场所管理", "通风消毒"),
    ("场所管理", "消防通道"), ("用电用气", "线路与漏电保护"), ("用电用气", "燃气报警器"),
    ("应急准备", "隔离室与物资"), ("应急准备", "预案和演练"),
)  # fmt: skip
GAPS = (
    "登记表三日未填", "消防通道被货物占用", "应急照明不亮", "消毒记录无签字", "灭火器压力不足",
    "燃气报警器未通电", "演练记录停在上季度", "隔离室堆放杂物",
)  # fmt: skip
NO_SUCH_STEP = "本单位不用燃气"

LINKS = ("人员进出", "场所管理", "用电用气", "应急准备")
TEAM = "省第三督导组"
MANDATE = "督导检查联席会议八项要求落实情况,直查重点单位,发现问题当场交办,十日内复查。"
TEAM_POSTS = ("指挥部办公室值班长", "安委会办公室主任", "督导组组长")
COMMENT = "发现的问题属实,已安排当日整改;通道堆物系夜班卸货,已调整卸货区。"
ROUND_BEFORE = "各市交叉检查(第一轮)"
ROUND = "各市交叉检查(第二轮)"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit found, in which link; whether the unit knew that it would come."""

    link: str
    title: str
    text: str
    domain: str
    sector: str
    type_code: str
    announced: bool = False


SEEN = (
    Seen("场所管理", "车间安全出口上锁", "二号车间东侧安全出口上锁,钥匙由夜班班长带走。",
         "work-safety", "industry", "消防·安全出口"),
    Seen("人员进出", "发热门诊与普通通道未分开", "发热患者与普通患者共用一段走廊约 12 米。",
         "key-venues", "health", "发热门诊·通道", announced=True),
    Seen("用电用气", "食堂燃气报警器未通电", "食堂两只燃气报警器,一只插头脱落,未见每日检查记录。",
         "work-safety", "education", "燃气·报警器"),
    Seen("应急准备", "候车厅隔离室堆放杂物", "隔离室内存放保洁用品,防护服过期 6 套。",
         "key-venues", "transport", "应急·隔离室", announced=True),
    Seen("场所管理", "重点场所底数不全", "台账 58 家,现场随机抽查发现 3 家未列入。",
         "supervision", "market", "台账·缺项", announced=True),
    Seen("应急准备", "值班电话两次无人接听", "凌晨两次拨打值班电话,分别响铃 2 分钟、3 分钟无人接听。",
         "supervision", "emergency", "值班·无人应答"),
)  # fmt: skip


def finding(title: str, text: str, domain: str, sector: str, type_code: str) -> Finding:
    """What somebody else found, with what the owner makes of it."""
    return Finding(
        title, text, domain, sector, type_code,
        cause="该环节未列入每日检查,责任人不明确",
        extent="经逐处核实,仅此一处",
        similar="已对辖区同类单位全部排查,未发现同类问题",
        countermeasure="明确责任人,列入每日检查并签字",
        figure=("每日检查完成率(%)", 60, 100, 100),
        interim="安排专人值守至整改完成",
        proof="已整改到位,每日检查表和照片已归档。",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outside:
    """A list that an outside team handed over: number, title, text, domain, type."""

    issuer: str
    document: str
    days: int  # until the answer is due
    findings: tuple[tuple[str, str, str, str], ...]

    def table(self, owners: Sequence[int]) -> str:
        """The file as it came, with the posts that answer for each finding."""
        lines = [
            f'{number},{title},"{text}",{domain},{type_code},{owners[(number - 1) % len(owners)]}'
            for number, (title, text, domain, type_code) in enumerate(self.findings, start=1)
        ]
        return "\n".join(("序号,标题,问题,领域,类型,责任岗位编号", *lines))


ANSWERED_LIST = Outside(
    "国家联合督查第七组", "督查反馈〔第 7 组〕2 号", 12,
    (
        ("流调信息补录滞后", "抽查 12 份流调报告,3 份在报告后 30 小时才补录密接。",
         "epidemic-investigation", "流调·迟报"),
        ("商场地下车库排水泵停用", "地下二层排水泵检修后未恢复,强降雨期间无人值守。",
         "natural-hazards", "防汛·排水泵"),
        ("冷库氨气检测仪未校准", "冷库两台氨气检测仪超过校准期 4 个月。",
         "work-safety", "检测仪·超期"),
        ("隔离点垃圾转运无台账", "医疗废物转运缺两日交接记录。",
         "isolation-treatment", "医废·台账"),
    ),
)  # fmt: skip
FRESH_LIST = Outside(
    "省人大代表视察组", "视察意见第 4 号", 2,
    (
        ("农贸市场消防栓被摊位遮挡", "市场北区 2 处消防栓被临时摊位遮挡。", "key-venues", "消防·消防栓"),
        ("养老机构夜间值班一人", "夜间 62 位老人仅一名值班人员。", "key-venues", "值班·人手不足"),
        ("山塘巡查记录笔迹相同", "三座山塘 20 天巡查记录为同一人一次填写。",
         "natural-hazards", "巡查·记录失实"),
    ),
)  # fmt: skip
ANSWER = "已完成整改并复查,整改前后照片和复查记录随文报送,请予验收。"
ACCEPTANCE = "督查销号函〔第 7 组〕1 号"


@dataclass(frozen=True, slots=True)
class Book:
    """An outside register: where it comes from, of which kind, and what our list lacks."""

    source: str
    kind: str
    unknown: tuple[tuple[str, str], ...]


BOOKS = (
    Book(
        "power", "工业企业",
        (("顺意家具加工点", "工业路 18 号后院"), ("万丰泡沫制品作坊", "河堤路 7 号"),
         ("鑫源五金电镀车间", "旧粮站 3 号库"), ("同兴塑料回收点", "环城北路桥下"),
         ("恒利印刷包装部", "工业路 40 号 2 楼"), ("裕民木材烘干房", "林场路 5 号")),
    ),
    Book(
        "licence", "学校",
        (("小荷午托中心", "育才路 12 号"), ("启智课后服务站", "学府街 3 号 2 楼"),
         ("阳光艺术培训部", "文昌路 88 号"), ("新苗幼儿看护点", "安居小区 6 栋")),
    ),
)  # fmt: skip
DECIDED = (
    ("added", ""), ("closed", "现场已拆除设备,用电户已销户"), ("elsewhere", "地址在邻县,已函告"),
)  # fmt: skip

FORM = "强降雨期间值守日报"
FORM_PURPOSE = "掌握镇街夜间值守和转移准备情况,雨情结束即停"
FIGURES = (("夜间值守人数", "人"), ("已转移户数", "户"))
STEPS = ("核对应检人员名单", "采样点人员到岗", "样本两小时内送检", "每日公布检测反馈用时")
EXEMPTION = "偏远乡镇单程超过两小时,改为三小时内送检"

OFFICE_TASKS = (
    ("起草一周双查情况通报", "汇总各市双查覆盖、问题和整改情况,点名覆盖不足四成的市。",
     "supervision", "通报稿含各市覆盖率和问题清单", 60),
    ("核对隔离点启用底数", "与民政、消防核对全省在用和备用隔离点,逐点注明消防核查结论。",
     "isolation-treatment", "底数表与各市上报数一致", -20),
    ("排出强降雨夜间带班表", "排出指挥部本周夜间带班表,明确电话和替补。",
     "natural-hazards", "带班表含姓名、电话、替补", 9),
)  # fmt: skip
"""What the commander asks of the own office: title, text, domain, criterion, due in hours."""
