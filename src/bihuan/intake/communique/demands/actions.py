"""Whether a demand can be done and later evidenced, or is attitude and slogan alone."""

from __future__ import annotations

import re
from typing import Final

from bihuan.intake.communique.demands.signs import is_attitude
from bihuan.intake.communique.types import Deadline

# Each alternative opens with a character: so the search passes over all others at once.
_ACTS: Final = re.compile(
    "靠前(?:部署|驻防)|解释工作|讲好|取消休假|有序用电|双人监护|会诊|补助|关爱|晨午?检|明确[^,]{0,6}(?:监护人|责任人|"
    "专人)|管[控住][^,]{0,4}火源|野外用火|接返|健康管理|从严处[理罚]|顶格|延长|增设|扩充|举报渠道|倒查|特巡|除冰|除雪|"
    "融雪|接送|严查|停产|撤人|逐人|逐户|排查|摸排|摸清|检查|巡查|巡护|巡诊|巡逻|检测|采样|流调|溯源|"
    "接种|隔离(?:点|场所|房|管理|转运)|救治|消杀|消毒|监测|预警|预报|"
    "会商|研判|转移|撤离|"
    "演练|培训|预案|值班|值守|带班|到岗|在岗|报送|报告|储备|队伍|"
    "组建|成立|台账|清单|数据库|平台|机制|网格|闭环|联防联控|群防群治|"
    "督查|督导|督促|督办|整改|整治|问责|追责|追究|执法|打击|查处|"
    "约谈|专项|行动|攻坚战|宣传|引导|公告|发布|公布|曝光|公开|调度(?<!统一调度)|"
    "调配|支援|纾困|解难|"
    "暂停|停用|停工|停航|关闭|封道|禁止|严禁|不得|一律|不准|取缔|"
    "吊销|登记|建档|造册|签订|通报|点名|移送|立案|抽查|抽检|核查|"
    "核实|清零|销号|"
    "拨付|下达|发放|补贴|配备|配齐|设立|设置|启用|抢通|抢修|拆除|"
    "设卡|限流|预约|测温|扫码|通风|开窗|疏导|派出|驻防|下沉|开设|"
    "物资|采购|供应|完善[^,]{0,12}(?:指引|预案|体系|机制)|诊疗方案|"
    "监管|安全管理|防控措施|交通安全|"
    "用火管理|治理|测报|安置|救助|慰问|食品|护送|扩容|压测|画线|复盘|"
    "落图|上图|普查|鉴定|"
    "实行|联系[^,]{2}|减免|免收|延期|检修|维修|购买|回港|避风|公示|修复|加固|清淤|"
    "清理|清运|送水|补种|留样|报备|审批|备案|上报|研发|治疗|收治|"
    "备足|备齐|预留|就业|贷款|放款|复工(?!必须)|接回|缺件|保供|"
    "看守|盯守|兑现|奖励|消除|排险|除险|备勤|驻守|灭蚊|双检|播报|"
    "广播|讲清|告知|告诉|提醒|回头看|暗访|分片|帮扶|补齐[^,]{0,6}设施|"
    "落实[^,]{0,10}制度|"
    "必巡|警示片|普及|驻村|驻点|落实[^,]{0,8}(?:方案|政策)|严把|应急处置|检疫|查验|劝返|流动人口|信息共享|推送|回填|派发|"
    "跟踪|每日|每天|每周|每月|每季度|两次|一次|一遍|一档|一卡|一册|"
    "时前(?<=\\d时前)|日前|月前|底前|小时内|日内|天内|周内|"
    "“[^”]{2,12}”(?:措施|制度|工作法|要求)|实战|驻厂|测产|组织[^,]{1,20}(?:队|"
    "组|活动|会议)|学习班|谁来|封存|扑灭|处置[^,]{0,8}(?:镇|县|区|"
    "市|村)|遏制[^,]{1,8}、[^,]{1,8}疫情"
)
_VENUE_ACTS: Final = re.compile(
    "(?:学校|商超|商场|酒店|矿山|车站|机场|养老|校区|园区|企业|社区|港口|口岸|医院|景区|影剧院)"
    "[^,]{0,16}(?:防控|管理|安全|措施)"
)
_NAMED_SET: Final = re.compile(
    r"“[一二两三四五六七八九十]{1,2}个?[\u4e00-\u9fff]{1,8}”|“[^”]{2,8}、[^”]{2,20}”"
)
_NO_MEASURE: Final = re.compile(
    "总策略|总方针|意识|维护|自信|责任|精神|防线|输入|”(?:的)?(?:思想|理念|观念|要求)"
)
_LABEL: Final = re.compile(r"[(]?[一二三四五六七八九十\d]{1,3}[)、是要.]\s?")
_ATTITUDE: Final = re.compile(
    r"看得更重|想得更多|这根弦|政治任务|红脸|即知即改|清醒|两手抓|"
    r"形式主义|官僚主义|底线思维|责任感|属地责任|主体责任|认真抓|守土有责|"
    r"大局|总策略|工作要求|充分认识|高度重视|服从[^,]{0,10}指挥|第一责任(?!人)|放在心上|的态度|警钟|高度警惕|"
    r"[担扛压履负][^,]{0,12}责任|亲自(?:抓|上阵|部署|挂帅)|党政同责|"
    r"克服[^,]{0,12}(?:思想|心理|情绪|心态)|"
    r"把[^,]{2,24}(?:作为|放在|摆在|当作)[^,]{0,12}(?:任务|首位|第一位|位置|大事|重中之重|头等)"
)
# Words of a whole work, of attitude and of outcome: where one stands, the clause may be mere slogan.
_VAGUE: Final = re.compile(
    "认识|站位|责任|领导|统筹|协调|配合|协同|意识|思维|弦|亲自|麻痹|侥幸|松懈|警觉|清醒|"
    "守住|遏制|防范|反弹|防线|防控$|硬仗|工作$|措施|能力|思想|精神|形势|重要性|重视|位置|"
    "任务|首位|第一|大事|重中之重|作风|落实|担当|使命|决心|信心|大局|压力|风险$|底线|水平|"
    "效率|质量|灵敏|合力|一盘棋|氛围|抓手|安全$|稳定|顺利|发展|事故|方针|从严|从紧|提高|提升|精准|"
    "科学|有力|有效|成果|胜利|战役|漏洞|短板|环节|关口|要害|关键|战时|要求|准备|冲锋|党旗|模范|"
    "原则|一刀切|秩序|坚持|忘我|奋战|再接再厉|齐心|同心|命运"
)
_SHORTEST: Final = 9  # characters; what is shorter is a heading
_POLITICAL: Final = re.compile("学习贯彻|习近平|政治站位|思想和行动|人民至上|底线思维")
_ABILITY: Final = re.compile(
    r"^(?:(?:尤其|特别是?|不断|着力|持续|切实|全面|进一步)*要?(?:不断|着力|持续|切实|全面|进一步)*)?"
    r"(?:提高|提升|增强)[^,]{2,16}(?:能力|水平|质效|效率|质量|灵敏度|灵敏性|敏感性|意识)$"
)
# A work that shall be quick, exact, orderly: how, but not what.
_MANNER: Final = re.compile(
    r"^[^,]{0,14}(?:要|做到|更加?|再)(?:更加?)?(?:快|准|细|实|全|严|早|稳|好|有序|高效|精准|有力|到位|加快|、|更)+$"
)
_EVERYBODY: Final = re.compile(
    r"各级|各地|党政|领导|党员|各单位|各部门|各乡镇|党委|全[市县区省镇]|各?县区|[市区县]\)|^各[村镇街校科]|各(?:街道|社区|成员单位)|主要负责人|主要负责同志"
)


def is_actionable(
    text: str, *, parties: tuple[str, ...] = (), limits: tuple[Deadline, ...] = ()
) -> bool:
    """True when at least one clause orders something that leaves evidence.

    A named executor or a time limit is enough, unless the words are attitude alone: whoever is told
    what to do, or until when, can be asked for it. So are words of which none belongs to the
    vocabulary of attitude and of whole works.
    """
    label = _LABEL.match(text)
    body = text[label.end() :] if label else text
    clauses = body.split(",")
    if _POLITICAL.search(clauses[0]):
        return False
    if any(_acts(clause) for clause in clauses):
        return True
    if _ATTITUDE.search(body) or _MANNER.match(body):
        return False
    if len(body) >= _SHORTEST and not _VAGUE.search(body) and not is_attitude(body):
        return True
    named = any(not _EVERYBODY.search(party) for party in parties)
    return named or any(limit.kind in {"by", "within", "every"} for limit in limits)


def _acts(clause: str) -> bool:
    if "“" in clause and _NAMED_SET.search(clause) and not _NO_MEASURE.search(clause):
        return True
    if _ATTITUDE.search(clause) or _ABILITY.match(clause) or _MANNER.match(clause):
        return False
    return bool(_ACTS.search(clause) or _VENUE_ACTS.search(clause))
