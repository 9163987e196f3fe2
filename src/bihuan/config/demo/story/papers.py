"""The words of the demonstration's supervision: plans, visits, lists from outside, registers.

All of it is invented; no sentence comes from a real document.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.config.demo.story.script import Finding

PLAN = "重点单位疫情防控和安全生产双查计划"
LOOK_AGAIN = "双查“回头看”:随机复查"
PLAN_KINDS = ("plant", "hospital", "school", "station")
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
         "work-safety", "industry", "fire.exit"),
    Seen("人员进出", "发热门诊与普通通道未分开", "发热患者与普通患者共用一段走廊约 12 米。",
         "key-venues", "health", "clinic.route", announced=True),
    Seen("用电用气", "食堂燃气报警器未通电", "食堂两只燃气报警器,一只插头脱落,未见每日检查记录。",
         "work-safety", "education", "gas.alarm"),
    Seen("应急准备", "候车厅隔离室堆放杂物", "隔离室内存放保洁用品,防护服过期 6 套。",
         "key-venues", "transport", "isolation.room", announced=True),
    Seen("场所管理", "重点场所底数不全", "台账 58 家,现场随机抽查发现 3 家未列入。",
         "supervision", "market", "register.gap", announced=True),
    Seen("应急准备", "值班电话两次无人接听", "凌晨两次拨打值班电话,分别响铃 2 分钟、3 分钟无人接听。",
         "supervision", "emergency", "duty.silent"),
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
         "epidemic-investigation", "report.late"),
        ("商场地下车库排水泵停用", "地下二层排水泵检修后未恢复,强降雨期间无人值守。",
         "natural-hazards", "pump.off"),
        ("冷库氨气检测仪未校准", "冷库两台氨气检测仪超过校准期 4 个月。",
         "work-safety", "detector.expired"),
        ("隔离点垃圾转运无台账", "医疗废物转运缺两日交接记录。",
         "isolation-treatment", "waste.register"),
    ),
)  # fmt: skip
FRESH_LIST = Outside(
    "省人大代表视察组", "视察意见第 4 号", 2,
    (
        ("农贸市场消防栓被摊位遮挡", "市场北区 2 处消防栓被临时摊位遮挡。", "key-venues", "fire.hydrant"),
        ("养老机构夜间值班一人", "夜间 62 位老人仅一名值班人员。", "key-venues", "staff.few"),
        ("山塘巡查记录笔迹相同", "三座山塘 20 天巡查记录为同一人一次填写。",
         "natural-hazards", "record.copied"),
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
        "power", "plant",
        (("顺意家具加工点", "工业路 18 号后院"), ("万丰泡沫制品作坊", "河堤路 7 号"),
         ("鑫源五金电镀车间", "旧粮站 3 号库"), ("同兴塑料回收点", "环城北路桥下"),
         ("恒利印刷包装部", "工业路 40 号 2 楼"), ("裕民木材烘干房", "林场路 5 号")),
    ),
    Book(
        "licence", "school",
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

STRICTER_TITLE = "采样到反馈不超过 18 小时"
STRICTER_REASON = "本市口岸人员密集,按更严标准执行两周"
EARLIER = "关于做好节后返岗人员健康监测的通知"
EARLIER_MEETING = "节后返岗专题会议"
EARLIER_DEMAND = "统计返岗人员底数并逐企业建立健康监测台账"
EARLIER_TEXT = "各地要摸清返岗人员底数,逐企业建立健康监测台账,三日内完成首轮核对。"
EARLIER_PROOF = "返岗 3,214 人,建立台账 96 本,首轮核对完成。"
