"""The words that make a demand: modals, numbering, verbs that open an imperative, executors.

Everything here works on half-width text in which quoted passages were blotted out by `unquoted`,
since a modal inside “管行业必须管安全” demands nothing by itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bihuan.intake.communique.lexicon import words

_QUOTED: Final = re.compile(
    r"“[^“”\n]{0,80}”|‘[^‘’\n]{0,60}’|\"[^\"\n]{0,80}\"|《[^《》\n]{0,60}》"
)
_FORMULA: Final = re.compile(
    r"管[\u4e00-\u9fff]{1,6}必须管[\u4e00-\u9fff]{1,6}|越是[^,。;]{1,30}越要|"
    r"越[^,。;]{1,12}越要"
)

# Words that hold a modal's character without being one; they are blotted out first.
_NO_MODAL: Final = re.compile(
    "要求|不要|[需主重首必紧次纪摘提概纲险扼简想将若如只索讨]要|要[点素件害么闻道塞务"
    "领职略员是]|要紧(?![盯抓密紧扣跟贴盯])|[就便正]是要|要不要|不必须|"
    "须知|须臾|[无毋]须|"
    "能不能|应[急对用收检接查届声付有转邀变战试聘考酬允诺]|[对供响适相反感效呼]应|"
    "不应期|应[尽隔治检接][尽隔治检接]"
)
_MAY_LACK_MODAL: Final = re.compile("[要须能应]")
MODAL: Final = re.compile(
    "一定要|要|必须|务必|须|应当|理应|应(?=及时|立即|主动|当|建立|"
    "按|做到|在|将|加强|严格|配备|设立|落实|于|由|向)"
)
STRONG_MODAL: Final = re.compile("一定要|要|必须|务必|须")
PROHIBITION: Final = re.compile(
    r"一律|(?<![容舍由巴])不得(?![不已])|严禁|(?<!能)不能|不准|不许|"
    r"决不|绝不|禁止|不要|切忌|杜绝|谨防|严防|不可(?!避免|或缺|忽视)|"
    r"别(?=等|让|把)|暂停"
)
_NUMERAL: Final = "[一二三四五六七八九十]{1,3}"
LABEL: Final = re.compile(
    rf"(?:({_NUMERAL}[要是])(?!求)|([(]{_NUMERAL}[)]|[(]\d{{1,2}}[)])|"
    rf"({_NUMERAL})、(?![一二三四五六七八九十])|"
    rf"(第{_NUMERAL})(?=[,、:是要])[,、:]?|(\d{{1,2}})[.、](?!\d)\s?|"
    rf"([①-⑳])|(首先|其次|再次|再者|最后)[,]?)"
)
CONNECTIVE: Final = re.compile(
    r"(?:同时|另外|此外|还|特别是?|尤其是?|一方面|另一方面|与此同时|再就是|更)(?:也|还)?,?要(?!求)"
)
CONNECTIVE_ALONE: Final = re.compile(
    r"^(?:同时|另外|此外|与此同时|一方面|另一方面|特别是?|尤其是?|"
    r"其中|总之)$"
)
IMPERATIVE: Final = frozenset(words("imperatives"))
_LONGEST_VERB: Final = max(map(len, IMPERATIVE))
_ORGAN: Final = "|".join(sorted(words("executors"), key=len, reverse=True)) + (
    r"|[省市县区镇乡]委|[省市县区]直|市[、,]?区|县\(市、区\)|[一二三四五六七八九十两\d]{1,2}(?:省"
    r"|市|县|镇|区)(?:\([市区县]\))?|(?<![小园校灾库山林景城厂片疫封管风学牧矿港郊老战"
    r"务])区"
)
EXECUTOR: Final = re.compile(rf"(?:{_ORGAN})(?:等)?$")
_INSIDE: Final = (
    r"(?:(?!加强|强化|组织|督促|督导|指导|开展|落实|负责|牵头|会同|"
    r"完成|建立|做好|抓好|实行|设立|设置|安排|成立|出现|发现|严格|"
    r"认真|报[省市县区镇乡]|分钟|小时)"
    r"[\u4e00-\u9fff、()“”□\d](?<![要把对将须是让使被给向由不在为到]))"
)
_EXECUTOR_HEAD: Final = re.compile(
    rf"^({_INSIDE}{{0,30}}(?:{_ORGAN})(?:等(?:部门|单位|力量|各方|[\u4e00-\u9fff]{{0,4}}?)?|"
    rf"[一二三四五六七八九十两]家)?)"
    r"(?=要|必须|务必|须|应|将|节前|假期|会后|即刻|即日|有权|只|方可|"
    r"凡|把|对|在|负责|牵头|会同|组织|加强|强化|做好|抓好|开展|建立|"
    r"落实|完成|派|每|于|\d|按|从|向|为|给|与|依法|"
    r"成立|制定|印发|出台|提供|布置|启动|执行|承担|拿|驻|深入|持续|"
    r"优化|支持|做|抓|守|管|盯|看|加大|加密|加快|提高|深化|完善|推进|"
    r"推动|规范|聚焦|充分|提级|检修|设立|设置|实行|安排|立即|启用|"
    r"调换|抽查|开设|配备|协调|逐|全|统一|集中|提前|不得|一律|免费|"
    r"用|继续|配合|分别|同步|定期|今|明|当|"
    r"连夜|两|一|三|四|五|六|七|八|九|十|半|及时|迅速|也|都|再|至少|"
    r"主动|严格|发放|公布|推出|入户|包|保持|联系|下达|做到|开设|建|"
    r"抢通|组建|到|跟踪|上门|帮|由|会|据此|"
    r"开通|储备|报|排|清|发|落|核|检|监|巡|值|转|救|消|采|接|流|隔|"
    r"收|治|送|供|备|拨|追|查|严|加|强|整|处|调|指导|督促|督导|引导|"
    r"宣传|播|开|暂停|关闭|停|不|切实|认真|进一步|坚决|全面|全力)"
)
_SITUATION: Final = re.compile(
    r"形势|当前|目前|眼下|近期|近日|前段时间|以来|截至|监测显示|^据|"
    r"已经|已(?=[\u4e00-\u9fff])|仍(?!要|须|然?是首选)|依然|取得|得到|"
    r"实现了|出现了|发生了|"
    r"了$|(?:^|[^但凡就不只])是(?!否|首选)(?!要)|有的|不少(?!于)|个别|"
    r"部分[^,]{0,12}(?:存在|没有|不)|存在|不等人|关系(?:到|着|每|千家|群众|民生)|猛于虎|大于天|事关|意味着|"
    r"说明|表明|反映|暴露|受到|"
    r"风险[^,]{0,6}(?:大|高|碰头|叠加)|压力[^,]{0,4}大|可能|预计|来临|"
    r"到来|进入[^,]{0,8}(?:阶段|时期|期|关头|关键)|处于|面临|教训|警示(?!标志|牌|教育|片|线)|为止|关口|时刻$|阶段$|时期$"
)
_TARGET: Final = re.compile(r"^(?:对|凡是?|把|将|已|给)[^,]{1,24}?的(?=[\u4e00-\u9fff]{2})")
_LEARNS: Final = re.compile(
    "^(?:要|必须|务必)?(?:深刻|认真|切实)?(?:吸取|汲取|认清|把握|分析|研判)"
)
ANNOUNCES: Final = re.compile(
    r"(?:抓好|做好|做到|突出|把握|落实|从|围绕|提出|讲|抓|强调|把好|"
    r"守住|盯住|明确)了?(?:以下|如下)?[一二三四五六七八九十两几\d]{1,3}"
    r"(?:件事|个方面|方面|项工作|项|点(?:要求|意见)?|条(?:要求|意见)?|"
    r"个重点|个环节|个到位|个关口|个场景|个问题)"
)
_FRAME: Final = re.compile(
    r"^(?:在?[\u4e00-\u9fff、]{1,14}(?:方面|上)|下一步|接下来|下一阶段|"
    r"具体(?:来说|而言)?|会后|为此|因此|所以|总之|一句话|现在|会上|"
    r"最后|首先|其次|近期|"
    r"当前|目前|眼下|今后|今后一段时间|与此同时|同时|另外|此外)$"
)
_TOPIC: Final = re.compile(
    r"^(?:针对|对于?|对照|按照|根据|依据|围绕|为|为了|在|从|凡|凡是|"
    r"一旦|如|若|如果|遇|未经|发现|除|除了|结合|通过|以|用|因|由于|自|"
    r"即日起|"
    r"每|今|明|当|节|会后|雨|汛|清明|春节|国庆|元旦|五一|中秋|冬|夏|"
    r"春|秋|\d|[一二三四五六七八九十两]+[日天个小])|"
    r"(?:前|后|(?<!平)时|期间|内|中|下|起|底|的|前提下|基础上|问题|"
    r"情况|现象|之前|之后|以前|以后|结束后)$"
)


_NOUNS: Final = frozenset(words("noun_like"))

_OPENERS: Final = IMPERATIVE - _NOUNS


def unquoted(text: str) -> str:
    """`text` with quoted passages and fixed formulas blotted out, of the same length."""
    text = _QUOTED.sub(lambda m: f"“{'□' * (len(m.group()) - 2)}”", text)
    if "管" in text or "越" in text:
        text = _FORMULA.sub(_blot, text)
    return _NO_MODAL.sub(_blot, text) if _MAY_LACK_MODAL.search(text) else text


def _blot(match: re.Match[str]) -> str:
    return "□" * len(match.group())


def without_label(text: str) -> str:
    """`text` behind its numbering label, if it starts with one."""
    label = LABEL.match(text)
    return text[label.end() :] if label else text


def has_modal(clause: str) -> bool:
    """Whether a word of duty stands in the clause."""
    return bool(MODAL.search(clause))


def opens_imperative(clause: str) -> bool:
    """Whether the clause starts with a verb or adverb that opens a subjectless demand."""
    head = clause.lstrip('“‘"(')
    return any(head[:size] in IMPERATIVE for size in range(1, _LONGEST_VERB + 1))


@lru_cache(maxsize=256)  # splitting, attributing and the search for parties ask the same
def executor_head(clause: str) -> str:
    """The executor that opens the clause as its subject, or an empty string."""
    if any(clause[:size] in _OPENERS for size in (2, 3, 4)):
        return ""
    match = _EXECUTOR_HEAD.match(clause[:70])
    if match is None or match.group(1).endswith("总书记"):
        return ""
    return match.group(1)


def is_situation(clause: str) -> bool:
    """Whether the clause tells how things are or were."""
    told = _TARGET.sub("", clause)  # 对存在隐患的企业一律停产: what they are like is no news
    return bool(_SITUATION.search(told)) and not _LEARNS.match(clause)


def is_frame(clause: str) -> bool:
    """Whether the clause only sets a scene for several demands (农事用火方面)."""
    return bool(_FRAME.match(clause))


def is_topic(clause: str) -> bool:
    """A fronted condition, topic or adverbial that belongs to the clause after it."""
    return bool(_TOPIC.search(clause))
