"""Whether a text is a communiqué: it reports a named meeting, inspection or instruction of a public
body and relays demands on somebody. Everything else is refused with the code of the reason."""

from __future__ import annotations

import re
from typing import Final

from bihuan.intake.communique.structure import Frame

_PRESS: Final = re.compile(
    r"发布会|通气会|在线访谈|答网友|记者问|答记者|记者会|媒体吹风会|发布人|新闻发言人[^,。]{0,10}(?:介绍|"
    r"表示|回答)"
)
_NOTICE: Final = re.compile(
    r"(?:的|工作)(?:通知|通告|公告|公示|请示|函|决定|办法|意见|方案|"
    r"预案|规定|细则|指南|标准|规程|规范|计划|倡议书|致[^,。]{2,14}信)$|"
    r"^(?:通知|通告|公告|倡议书)$|第[一二三四五六七八九十\d]{1,3}号(?:令|通告|公告)?$|令$"
)
_NOTICE_BODY: Final = re.compile(
    r"现将(?:有关)?[^,。]{0,16}(?:通知|通告|公告|印发|公布)|特此(?:通知|"
    r"通告|公告)|决定如下|请广大市民|请互相转告|请遵照执行|请认真贯彻执行|自(?:发布|印发|公布)之日起|"
    r"联系人:|本(?:预案|办法|方案|规定|指南|通告)|现(?:印发|发布)"
)
_PAPER: Final = re.compile(
    r"(?:应急预案|实施方案|工作方案|行动方案|管理办法|实施意见|指导意见|公告|公示|通告|启事|须知)(?:\([^()]{1,12}\))?$",
    re.MULTILINE,
)
_REPORTED: Final = re.compile("召开|会议|批示|调研|督导|检查|强调")
_ADDRESSED: Final = re.compile(
    r"^(?:各|市直|县直|区直|省直|全体|广大|尊敬的|亲爱的|同志们|同学们)[^。,]{2,40}:$", re.MULTILINE
)
_SPEECH: Final = re.compile(
    r"^(?:同志们|各位领导|尊敬的各位|各位来宾|各位同事|大家好)[^。]{0,20}[:!,]|"
    r"[X×某]{2,4}同志|我讲[一二三两几]点|"
    r"谢谢大家",
    re.MULTILINE,
)
_SAMPLE: Final = re.compile("讲话稿|发言稿|范文|模板|心得体会|讲话$|致辞$")
_EDITORIAL: Final = re.compile(r"评论员|社论|时评|本报评论|编者按|快评|短评|微评|笔者|述评|短论")
_BULLETIN: Final = re.compile(
    r"新增(?:本土|境外|确诊)[^。]{0,20}例|病例[一二三四五\d]{1,3}[:,]|"
    r"情况通报$|疫情通报|活动轨迹如下|流调轨迹"
)
_SALE: Final = re.compile(
    r"(?:订购|选购|批发|促销|优惠价|包邮|现货|质保|售后|型号|厂家直销|"
    r"咨询热线|加盟|代理商|报价|客服|下单|扫码购买|一键下载|免费试用|"
    r"产品特点|技术参数|招聘|月薪|五险|底薪|应聘|简历|"
    r"付费|下载本文|会员|文库|代写|原创范文)"
)
_OFFER: Final = re.compile(
    "新品|经销|热销|拨打|官网|套餐|原价|仅需|限时|折扣|¥|元起|元/|我公司|本公司|我司|本店|贵单位|品牌|用户好评|合作热线|欢迎来电|欢迎咨询|样品|采购商"
)
_GUIDE: Final = re.compile(
    r"问答|解读|一图读懂|怎么办\?|注意事项|小贴士|温馨提示|科普|教你|"
    r"攻略|专家提醒|(?:指南|方案|技术要点)(?:\([^)]{1,10}\))?(?:发布|"
    r"印发|出台)|(?:印发|发布|出台)(?:了)?《"
)
_RUMOUR: Final = re.compile(r"网传|转发|紧急扩散|转给|速转|内部消息|朋友圈|据说|谣言|不实")
_VAGUE: Final = re.compile(
    r"(?:有关部门|相关部门|某[省市县区地镇]|[X×]{1,3}[省市县区]|各级领导|"
    r"相关领导|该[市县区]|上级)(?:领导)?(?:近日|日前)?(?:召开|组织|"
    r"表示|指出|强调)"
)
_CONCRETE: Final = re.compile(
    r"(?:省|市|县|区|镇|乡|州|旗|街道|国务院|国家|自治区|委员会|指挥部|"
    r"领导小组|局|厅|部|公司|集团|学校|医院|大学|学院|中学|小学|园|"
    r"矿|厂|村|社区|中心|管委会)"
)


def reason_against(
    text: str, frame: Frame, *, demands: int, voices: int, named: int, dated: bool, event: bool
) -> str:
    """An empty string for a communiqué, else the code of the strongest reason against.

    `demands` counts the demands found, `voices` the speakers they come from, `named` the officials
    named with an office; `dated` and `event` say whether the lead dates and names an event.
    """
    body = text[frame.body :]
    head = frame.head
    for code, hit in (
        (
            "press_conference",
            _PRESS.search(head + frame.lead.split("。")[0][:200]) or body.count("记者问") >= 2,
        ),
        ("notice", _is_notice(head, body)),
        ("speech_text", _SPEECH.search(body[:600]) or _SPEECH.search(head) or _SAMPLE.search(head)),
        (
            "editorial",
            _EDITORIAL.search(head)
            or _EDITORIAL.search(body[:120])
            or _EDITORIAL.search(body[-120:]),
        ),
        ("bulletin", _BULLETIN.search(head) or (len(_BULLETIN.findall(body)) >= 3 and voices < 2)),
        ("sale", _is_sale(body + head)),
        ("rumour", not named and len(set(_RUMOUR.findall(body + head))) >= 2),
        ("guide", _GUIDE.search(head) and not re.search("会议?(?:召开|举行)|批示|调研|督导", head)),
    ):
        if hit:
            return code
    if demands == 0:
        return "no_demand"
    if not event:
        return "no_meeting"
    if not named and (not dated or not re.search("召开|举行|批示|调研|督|检查", frame.lead)):
        return "no_named_body"
    if not named and (_VAGUE.search(frame.lead) or not _CONCRETE.search(frame.lead[:120])):
        return "no_named_body"
    return ""


def _is_sale(text: str) -> bool:
    strong, weak = len(set(_SALE.findall(text))), len(set(_OFFER.findall(text)))
    return strong >= 2 or (strong == 1 and weak >= 2) or weak >= 4


def _is_notice(head: str, body: str) -> bool:
    titled = any(_NOTICE.search(line) for line in head.split("\n"))
    written = bool(_NOTICE_BODY.search(body)) or bool(_ADDRESSED.search(body[:200]))
    return (
        (titled and written)
        or bool(_PAPER.search(head) and not _REPORTED.search(head))
        or len(set(_NOTICE_BODY.findall(body))) >= 2
        or (written and bool(_ADDRESSED.search(body[:200])))
    )
