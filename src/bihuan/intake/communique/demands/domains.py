"""The closed list of domains: which of the sixteen a demand belongs to, and which others it has.

Signs are weighed by how specific they are; the clause that carries the verb counts double. Attitude
and responsibility only decide when nothing specific is said.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from itertools import accumulate
from typing import Final

from bihuan.intake.communique.types import Domain

# (domain, weight, signs). Weight 3 names the domain, 2 belongs to it, 1 only hints.
_SIGNS: Final[tuple[tuple[Domain, int, str], ...]] = (
    ("vaccination", 4, "接种|疫苗"),
    (
        "testing",
        3,
        ("核酸|抗原|采样|样本|检测能力|检测(?:点|机构|队|完成|人员)|双检|混检|复检|送样|亚硝酸{0}"),
    ),
    (
        "epidemic-investigation",
        4,
        "流调|溯源|密接|次密|活动轨迹|传播链条?追踪|追踪排查|协查函|判定",
    ),
    (
        "isolation-treatment",
        3,
        (
            "隔离(?:点|场所|房|酒店|间|转运|管控专班|观察|床|治疗|管理|人员|"
            "收治)|方舱|救治|诊疗|院感|感染控制|重症|病床|床位|发热门诊|接诊|"
            "转诊|分诊|治疗|患者|收治|首诊|巡诊|夜间门诊|就医|医疗机构|血库|"
            "备血|留观|观察室|转运不|危重|康复|护送"
        ),
    ),
    ("isolation-treatment", 1, "医院|医生|医师|儿科|病人|医疗|药品|负压"),
    (
        "entry",
        3,
        (
            "外防输入|入境|口岸|国门|边境|卡口|设卡|检查站|高速(?:出口|路口|"
            "公路)|火车站|客运站|来[\u4e00-\u9fff]?(?:人员|返)|返乡|返[\u4e00-\u9fff]人员|"
            "冷链|进口|走私|偷渡|货车司机|船员|国际|落地(?:检|查)|关口|村口|"
            "设(?:立)?登记|抵[\u4e00-\u9fff]|输入(?:风险|病例|之门)|入[\u4e00-\u9fff]之门|"
            "跨境|渔民|岸线|接返|通关|边检|劝返|健康证明|外来(?:人员|车辆|"
            "零件)|货物|司机"
        ),
    ),
    (
        "key-venues",
        3,
        (
            "学校|校园|校区|学生|师生|宿舍|教室|商场|商超|超市|市场防控|养老|"
            "福利院|监所|聚集|重点场所|重点单位|重点机构|特殊机构|特殊场所|"
            "消毒|消杀|通风|口罩|扫码|封控|管控区|静默|社会面|分区分级|酒店|"
            "宾馆|景区|祭扫活动|庙会|殡仪馆|公墓|农贸市场|影剧院|网吧|棋牌|"
            "麻将|茶馆|理发|婚丧|宴席|聚餐|公共交通|电梯|密闭|灭蚊|蚊虫|积水|"
            "居家|社区(?:防控|联防|管控)|小区|楼宇|商业|园区|闭环|限流|预约|"
            "空村|信访|矛盾纠纷|维稳|治安|秩序|隔板|错峰|弹性|停课|开窗|伞具|就餐|晨检|孳生|"
            "纱窗|清洁|卫生死角|畜禽|厕所|直饮水|浴室"
        ),
    ),
    ("key-venues", 1, "老人|儿童|困难户|特困|残疾|孕产妇|场所|人群|企业防控|车间"),
    (
        "epidemic-sensing",
        3,
        (
            "哨点|“四早”|四早|摸排|健康监测|健康码|大数据|协查|缺课|晨午检|"
            "测温|体温|病例(?:报告|监测)|发热(?:员工|病人|呕吐)|敏感性|敏锐|"
            "瞒报|回填|疫情监测|监测体系|传染病监测|症状监测|疫情报告|布雷图|"
            "水质监测|污水监测|医防协同|防疫专家组|早发现|返回人员|筛查|肠道传染病|"
            "霍乱|消毒和监测|风险提示|疫情监测预警|抽样监测"
        ),
    ),
    (
        "work-safety",
        3,
        (
            "安全生产|隐患|消防|火灾|燃气|液化气|气瓶|气源|充装|报警器|危化|"
            "危险化学|危货|矿山|煤矿|井下|采空区|瓦斯|烟花爆竹|建筑施工|建筑工地|"
            "工地|施工|特种设备|道路交通|交通安全|渡口|船舶|停航|食品安全|"
            "特种作业|动火|受限空间|有限空间|打非治违|三年行动|安全监管|监管执法|"
            "安全检查|安全管理|重大事故|安全事故|重特大|面包车|旅游客运|渣土|"
            "超载|酒驾|两客一危|用电|锅炉|电梯安全|自建房|农机|起重|脚手架|"
            "深基坑|粉尘|玻璃栈道|第三方检测|鉴定|房屋|压力管道|管道|管线|"
            "管网|占压|阀井|软管|安检|用气|明火|安全责任|安全防范|安全培训|"
            "安全风险|企业主体责任|仓库|油气|化工|电动车|电动自行车|充电|"
            "冷库|“三合一”|城中村|铸铁管|双重预防|风险管控|在厂带班|厂里人|"
            "路上车|水上船|反三违|违章|违法建设|停产整顿|停用|渔船"
        ),
    ),
    (
        "natural-hazards",
        3,
        (
            "防汛|防台|台风|回港|避风|迎汛|汛|洪水|山洪|洪涝|汛期|主汛|地质灾害|"
            "地灾|滑坡|泥石流|水库|山塘|堤防|堤坝|河道|河堤|森林|林区|林场|"
            "草原|火险|野外(?:火|用火|祭扫)|火源|火种|焚烧|山火|防火|防灭火|"
            "气象|暴雨|强降雨|降雨|雨情|水情|雨水情|转移(?:避险|群众|对象|"
            "时机|安置|人员|老人)|已转移|避险|抗旱|旱情|切坡|内涝|易涝|积涝|"
            "排涝|排渍|低温|雨雪|冰冻|寒潮|地震|护林|巡山|受灾|灾后|受淹|"
            "退水|灾情|倒房|临灾|“叫应”|叫醒|溢洪|空库|泄洪|封道|便道|泵站|"
            "断面|测报|补种|防灾|减灾|减灾|农田|三防|灾损|灾害"
        ),
    ),
    ("emergency-drill", 5, "演练|预案|拉动|队伍建设|救援队伍|专家库|应急演练"),
    (
        "emergency-drill",
        3,
        (
            "实训|实战|应急队伍|救援准备|救援能力|应急救援|抢险力量|抢险队|"
            "应急能力|应急处置能力|处置能力|应急准备|备勤|抢险救援|驻防(?!疫)|备战|"
            "应急力量|应急体系|指挥能力|技能培训|满员在岗|突击队|冲锋舟|应急响应|"
            "先试车|徒步转移|直升机|吊桶"
        ),
    ),
    (
        "resources",
        3,
        (
            "物资|储备|资金|经费|补助|补贴|慰问|支撑保障|防护用品|防护服|"
            "药品储备|科研|研发|医护人员|医务人员|医护力量|救助|编织袋|帐篷|"
            "双回路|送水车|采购|捐赠|津贴|轮换|志愿者库|关心关爱|关爱|一线人员|"
            "奥司他韦|预留|备足|装备|电力保障|后勤|扩招|配齐|被褥|发电机|"
            "安置点|体育馆|卫星电话|支援|兜底|供气车|房间"
        ),
    ),
    (
        "economy",
        3,
        (
            "复工|复产|双过半|一企一策|帮助企业|企业解决|经济指标|招商|产业链|供应链|项目|保供|稳价|物价|价格|民生供应|生产经营|"
            "生产运营|纾困|贷款|就业|用工|裁员|工资|稳岗|经济|春耕|备播|春播|"
            "农业生产|农户|秋菜|物流|增长|营商|“一刀切”|员工|企业困难|实际困难|"
            "通行证|缺件|到账|订单|不可抗力|产业|融资|减税|市场主体|主食|"
            "粮食|滞留|驿站|包专列|原料|要素保障|一封了之|小店"
        ),
    ),
    ("public-communication", 4, "宣传|宣教|讲清|讲一遍|灶台边"),
    (
        "public-communication",
        3,
        (
            "舆论|舆情|信息发布|新闻|媒体|辟谣|谣言|造谣|科普|广播|喇叭|播报|"
            "告知家长|告诉家长|告诉|讲清|公开曝光|曝光|倡导|公告|专栏|健康教育|"
            "安全教育|发声|家校沟通|培训{0}|讲一遍|鼓舞信心|讲[\u4e00-\u9fff]{0,12}故事|"
            "方言|提醒|宣教|知识|告示|张贴|标语|解读|回应关切|社会关切|提示卡|"
            "倡议"
        ),
    ),
    (
        "supervision",
        3,
        (
            "督查|督导|督促检查|督办|问责|追责|约谈|通报批评|点名|移送|纪检|"
            "纪委|监委|整改|问题清单|跟踪问效|暗访|明察|回头看|挂牌|销号|"
            "反馈|倒查|随查|考核|考察|查处失职|责任追究|严肃处理|严惩|从严惩处|"
            "追究|举报|提级|通报、|通报落后|逾期|交办|履职|形成问题|任务清单|"
            "对照检查|“一票否决”|失职|警示"
        ),
    ),
    (
        "command",
        3,
        (
            "值班|值守|带班|信息报送|及时报送|报告信息|准确报送|书面报告|"
            "电话报告|随时报告|报送[^,]{0,8}信息|网格|调度令|值班室|不得同时离开|"
            "动态清零|扑灭|总策略|报进度|指挥体系|统一指挥|亲自抓|亲自上手|"
            "属地责任|属地管理|四方责任|“四方”责任|作战图|包保|应急值守|统筹协调|"
            "三个责任人|指令|责任分解|责任到人|零报告|日报告|守土有责|常态化防控|"
            "区域协同|防控责任|党政主要负责同志|工作专班|防控工作|本轮疫情|"
            "散发疫情|全省防控|压倒一切"
        ),
    ),
    (
        "command",
        1,
        (
            "报送|压实[\u4e00-\u9fff、“”]{0,10}责任|一把手|指挥部|专班|分解|"
            "主要负责同志|分管领导|扛起责任|落实责任|下沉|调度|平台|清零|"
            "联防联控|群防群治|责任制|在岗|到岗|层层|各司其职|回音|回复|牵头|"
            "分工|党员干部|一盘棋|领导责任|组织领导|摊派"
        ),
    ),
    (
        "governance-political",
        2,
        (
            "习近平|总书记|党中央|重要讲话|指示精神|政治站位|思想认识|“两个维护”|"
            "“四个意识”|作风|形式主义|官僚主义|底线思维|风险意识|忧患意识|"
            "责任感|紧迫感|麻痹|侥幸|绷紧|这根弦|提高认识|人民至上|生命至上|"
            "大局|先锋模范|战斗堡垒|松懈|厌战|政治责任|政治任务|看得更重|"
            "想得更多|清醒|闯关|斗志|精神状态|使命|担当作为|掉以轻心|政绩|"
            "主动性|担当"
        ),
    ),
)
_WHOLE_WORK: Final[tuple[tuple[Domain, str], ...]] = (
    ("natural-hazards", "防汛|抗旱|防台|防火|防灭火|地灾|三防"),
    ("work-safety", "安全生产|安全防线|安全底线|安全稳定|事故"),
    ("command", "疫情|防疫|防控|抗疫"),
    ("natural-hazards", "汛|灾|火"),
    ("work-safety", "安全"),
    ("economy", "经济|发展|生产"),
)
_GENERIC: Final[frozenset[Domain]] = frozenset(("command", "governance-political"))
_COMPILED: Final = tuple((domain, weight, re.compile(signs)) for domain, weight, signs in _SIGNS)
_LABEL: Final = re.compile(r"^(?:[(]?[一二三四五六七八九十\d]{1,3}[)、是要.]\s?)")
_MOST: Final = 4
_PRIOR: Final = 1.2
_HEAD: Final = 2.6
_MANY: Final = 0.3
_LENT_WEIGHT: Final = 3.0
_POLITICAL: Final = re.compile(
    "习近平|总书记[^,]{0,20}(?:精神|重要)|政治站位|人民至上|思想和行动统一|"
    "“[两四]个(?:维护|意识|自信)”|底线思维|这根弦"
)
_TOPICS: Final[tuple[tuple[Domain, str], ...]] = (
    ("command", "疫情|新冠|防疫|核酸|传染病|登革|流感|隔离"),
    ("work-safety", "安全生产|燃气|消防|矿山|危化|隐患|道路交通|施工|火灾|安全防范|安委"),
    ("natural-hazards", "防汛|抗旱|台风|地质灾害|森林|洪|雨雪|冰冻|防灭火|地震"),
    ("economy", "复工复产|企业复工"),
)
# Words that mean the topic's own work: monitoring is of rivers in one text, of cases in another.
_LENT: Final[dict[Domain, tuple[Domain, re.Pattern[str]]]] = {
    "natural-hazards": (
        "natural-hazards",
        re.compile("监测|预警|预报|转移|撤离|重点部位|巡查|会商|测报"),
    ),
    "command": ("epidemic-sensing", re.compile("监测|预警|排查|摸底")),
    "work-safety": (
        "work-safety",
        re.compile("排查|检查|抽查|抽检|整治|巡查|监管|专班|三问|立案|自检|承诺书"),
    ),
}


def domains(
    text: str,
    *,
    actionable: bool,
    parties: tuple[str, ...],
    near: Domain | None,
    topic: Domain | None,
) -> tuple[Domain, ...]:
    """The demand's domain first, then every other domain with content of its own.

    `parties` are the executors written in it, whose names say little about the work. `near` is the
    domain of the demand or heading before; `topic` that of the whole document. Both only tip the
    scale, or decide where the demand itself shows no sign.
    """
    for party in parties:
        text = text.replace(party, "□" * len(party), 1)
    clauses = _LABEL.sub("", text).split(",")
    if _POLITICAL.search(clauses[0]):
        return ("governance-political",)
    scores, weak = _scores(clauses, topic)
    if not scores and not weak:
        return (near or topic or _whole_work(text) or "command",)
    if not scores or (not actionable and max(weak.values(), default=0) > max(scores.values())):
        for domain, value in weak.items():
            scores[domain] = scores.get(domain, 0.0) + value
    elif not actionable:
        for domain, value in weak.items():
            scores[domain] = scores.get(domain, 0.0) + 0.5 * value
    for known in (near, topic):
        if known is not None and known in scores:
            scores[known] += _PRIOR
    order = sorted(scores, key=lambda d: -scores[d])
    others = sorted(
        set(order[1:]) | set(weak) - {order[0]}, key=lambda d: -scores.get(d, weak.get(d, 0.0))
    )
    top = scores[order[0]]
    kept = (
        d for d in others[: _MOST - 1] if scores.get(d, weak.get(d, 0.0)) >= max(2.0, 0.3 * top)
    )
    return (order[0], *kept)


def _scores(
    clauses: list[str], topic: Domain | None
) -> tuple[dict[Domain, float], dict[Domain, float]]:
    """Weights of the specific signs, and of attitude and responsibility apart.

    A sign counts once a clause; the clause with the verb counts most, a topic before it half.
    """
    scores: dict[Domain, float] = {}
    weak: dict[Domain, float] = {}
    head = _head(clauses)
    text = ",".join(clauses)
    ends = list(accumulate(len(clause) + 1 for clause in clauses))
    for domain, weight, pattern in _COMPILED:
        hits = {(bisect_right(ends, m.start()), m.group()) for m in pattern.finditer(text)}
        target = weak if domain in _GENERIC and weight < 3 else scores
        for number, count in Counter(number for number, _ in hits).items():
            size = weight * min(count, 3) ** _MANY * _factor(number, head)
            target[domain] = target.get(domain, 0.0) + size
    lent = _LENT.get(topic) if topic else None
    if lent:
        for number in {bisect_right(ends, m.start()) for m in lent[1].finditer(text)}:
            scores[lent[0]] = scores.get(lent[0], 0.0) + _LENT_WEIGHT * _factor(number, head)
    return scores, weak


def _factor(number: int, head: int) -> float:
    return _HEAD if number == head else 0.5 if number < head else 1.0


def topic_of(title: str, body: str) -> Domain | None:
    """What the whole document is about, by the words of its title, then of its body."""
    for source in (title, body[:400], body):
        counts = {domain: len(re.findall(signs, source)) for domain, signs in _TOPICS}
        best = max(counts, key=lambda d: counts[d])
        if counts[best]:
            return best
    return None


def _head(clauses: list[str]) -> int:
    """The clause that carries the verb: the first one that is not a fronted topic."""
    for number, clause in enumerate(clauses):
        if not re.match(
            r"(?:针对|按照|根据|为了?|在[^,]{0,20}(?:前提下|基础上)|\d{1,2}月)", clause
        ):
            return number
    return 0


def _whole_work(text: str) -> Domain | None:
    return next((domain for domain, signs in _WHOLE_WORK if re.search(signs, text)), None)
