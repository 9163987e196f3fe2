"""What kind of paper this is: headline, body, meetings, chair, those present, kind of event."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bihuan.intake.communique.names import Mention
from bihuan.intake.communique.places import without_watched
from bihuan.intake.communique.types import DocType

_GATHERING: Final = (
    r"(?:会议|例会|调度会|推进会|视频会|部署会|动员会|座谈会|现场会|"
    r"专题会|工作会|协调会|分析会|联席会|大会|常委会|常务会|党组会|"
    r"办公会|"
    r"研判会|会商会|总结会|誓师会|培训会|约谈会|电视电话会|研讨会|"
    r"碰头会|紧急会|警示会|讲评会|通报会|调研会|全会|全体会|学习会|"
    r"扩大会|会)"
)
_HEADLINE_EVENT: Final = re.compile(
    rf"{_GATHERING}(?:[在于]?[\u4e00-\u9fff]{{0,10}})?(?:召开|举行|"
    rf"闭幕)?$|召开|举行|主持|批示|指示|调研|检查|督[导查]|暗访|强调|"
    rf"部署|要求|会议"
)
_CALLED: Final = re.compile(
    rf"(?:召开|套开|举行|召集)(?:了|的)?((?:[^,。;:“]|“[^”]{{1,8}}”){{2,70}}{_GATHERING})(?=[,。;:、]|"
    rf"并(?!重)|$|[((]|精神|上,|暨{{0}})"
)
_HELD: Final = re.compile(
    rf"(?:^|[,。;\n]|(?:上午|下午|晚上?|[日天号])(?!,))((?:[^,。;:\n“]|“[^”\n]{{1,8}}”){{3,70}}{_GATHERING})(?:[在"
    rf"于][^,。;]{{2,24}})?(?:一并|合并|接续|先后|同时|套|顺利|隆重)?(?:召开|"
    rf"举行)"
)
_MERGED: Final = re.compile(
    rf"(?:并与|与|和|同)([^,。;:]{{3,40}}?{_GATHERING})(?:一并|合并|"
    rf"套)(?:召开|举行|开)"
)
_UNNAMED: Final = re.compile(
    rf"^(?:一次|这次|本次|此次|紧急|专题|现场|视频|工作|调度|部署|座谈|"
    rf"全体|有关|扩大|重要|专门|专项|随即|立即|连夜|分别|多次|的)*{_GATHERING}$"
)
_LEAD_CUT: Final = re.compile(
    r"^(?:.*?(?:[日号](?:上午|下午|晚上?|\d{1,2}时)?|上午|下午|昨天|"
    r"今天|近日|日前|随即|接续|接着|随后|并|了|组织|主持)(?=[全省市县区镇乡街各我国]|"
    r"疫情|新冠|安全|[\u4e00-\u9fff]{2,4}[市县区镇乡]))"
)
_INSTRUCTION: Final = re.compile(
    r"(?:作出|作|提出)(?:重要)?(?:批示|指示)|批示(?:要求|指出|强调)|"
    r"在[^,。]{0,30}上批示|下达[^,。]{0,10}(?:批示|指示|指令)"
)
_INSPECTION: Final = re.compile(r"调研|检查|督导|督查|暗访|察看|走访|慰问|巡查|指导")
_MEETING: Final = re.compile(
    rf"(?:召开|举行|主持|套开)[^。]{{0,60}}{_GATHERING}|{_GATHERING}[^,。]{{0,30}}(?:召"
    rf"开|举行)"
)
_CHAIRS: Final = re.compile(r"^[^,。;:]{0,14}?主持(?!人)")
_HOSTED: Final = re.compile(r"由(?:[^,。;]{0,30})$")
_REPORTER: Final = re.compile(r"^[^,。;]{0,6}(?:通报|汇报|传达|宣读|介绍)")
_PRESENT_OPEN: Final = re.compile(
    r"等(?![^,。;]{0,8}(?:单位|部门|企业))(?:[一二三四五六七八九十\d]{0,3}(?:名|位|人))?[^,。;]{0,16}(?:参加|"
    r"出席|陪同|列席|参会|在主会场)"
)
_WATCHED_NAME: Final = re.compile(
    rf"(?:收听收看|收看|收听|参加|认真贯彻|传达贯彻|传达学习|传达|贯彻落实)了?((?:国务院"
    rf"|国家|全国|全省|省|全市|市)[^,。;“]{{2,40}}{_GATHERING})|"
    rf"(?:^|[,。日午])((?:国务院|国家|全国|全省|省|全市|市)[^,。;“]{{2,40}}{_GATHERING})(?:结"
    rf"束|召开)?(?:之?后)"
)


_SPOKE: Final = re.compile(
    r"[^,。;:]{0,12}(?:[,并]|会议)[^,。;:]{0,6}(?:讲话|作[^,。]{0,6}讲话)|作[^,。]{0,6}讲话"
)
_WATCHING: Final = re.compile(
    r"(?:[我本]|(?<![全各])[\u4e00-\u9fff]{2,4})(市|州|盟|县|区|旗|镇|乡|街道)(?:组织|及时|集中|干部|全程)*"
    r"(?:收听收看|收看|收听|在[^,。]{0,12}分会场)"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a main text: offsets of title and body, and the lead that names the event."""

    title: str | None
    title_start: int
    body: int
    lead: str
    head: str


def frame_of(text: str) -> Frame:
    """Split headline block and body; `text` is half width. Lines without a stop before the body are headlines."""
    lines = text.split("\n")
    here = 0
    heads: list[tuple[int, str]] = []
    for line in lines:
        body = "。" in line or len(line) > 60 or (";" in line) or line.endswith(":")
        if body and line:
            break
        heads.append((here, line))
        here += len(line) + 1
    heads = [(start, line) for start, line in heads if line]
    best = next((one for one in heads if _names_meeting(one[1])), heads[0] if heads else None)
    rest = text[here : here + 900]
    lead = rest.split("\n")[0]
    following = rest[len(lead) + 1 :].split("\n")[0]
    if len(lead) < 60 and following:
        lead = f"{lead}\n{following}"
    return Frame(
        title=best[1] if best else None,
        title_start=best[0] if best else -1,
        body=here if here < len(text) else 0,
        lead=lead[:700],
        head="\n".join(line for _, line in heads),
    )


def _names_meeting(line: str) -> bool:
    return bool(_HEADLINE_EVENT.search(line)) and len(line) >= 7


def doc_type_of(frame: Frame) -> DocType:
    """Instruction, inspection or meeting, by headline and first sentence."""
    first = frame.lead.split("。")[0]
    if _INSTRUCTION.search(frame.head) or (
        _INSTRUCTION.search(first) and not _MEETING.search(frame.head)
    ):
        return "instruction"
    if _MEETING.search(frame.head) or _MEETING.search(without_watched(first)):
        return "meeting"
    if _INSPECTION.search(frame.head) or _INSPECTION.search(first):
        return "inspection"
    return "meeting"


def meetings_of(text: str, frame: Frame) -> list[str]:
    """Names of the meetings held, without 召开; a meeting only watched is left out."""
    names: list[str] = []
    openings = [frame.lead]
    for line in text[frame.body :].split("\n")[1:]:
        first = line.split("。")[0]
        if re.match(r"\d{1,2}月\d{1,2}[日号]", line) or re.search(r"^会议[^,。]{0,6}套开", line):
            openings.append(first)
    for opening in openings:
        open_text = without_watched(opening)
        for pattern in (_CALLED, _MERGED, _HELD):
            for match in pattern.finditer(open_text):
                _add(names, match.group(1))
    names = [name for name in names if not _only_watched(name, frame.lead)]
    if not names:
        for line in frame.head.split("\n"):
            for pattern in (_CALLED, _HELD):
                for match in pattern.finditer(line):
                    _add(names, match.group(1))
    return names


def _only_watched(name: str, lead: str) -> bool:
    """A higher meeting that the place behind this paper listened to: 全省…会议召开。我县组织收听收看."""
    watching = _WATCHING.search(lead)
    if watching is None:
        return False
    higher = "国务院|国家|全国|全省|省" + ("" if watching.group(1) in "市州盟" else "|全市|市|全州")
    return bool(re.match(higher, name))


def _add(names: list[str], raw: str) -> None:
    name = raw.strip("□ 了的")
    if "□" in name:
        name = name.rsplit("□", 1)[-1]
    name = _LEAD_CUT.sub("", name, count=1) if len(name) > 12 else name
    name = re.sub(r"^(?:\d{1,2}时,?|并?与|我[省市县区]|会议|同时|还|了|在)", "", name).strip()
    name = re.sub(r"^[\u4e00-\u9fff]{2,12}?(?:召开|举行|接续召开|组织召开)了?", "", name)
    if (
        len(name) < 4
        or _UNNAMED.match(name)
        or re.search(
            r"(?:学会|协会|社会|机会|委员会|(?<!会)商会|[安管居村执组]委会|工会|联合会|红十字会|"
            r"晚会|都会|才会|不会|将会|就会)$",
            name,
        )
    ):
        return
    if any(name in other or other in name for other in names):
        return
    names.append(name)


def relayed_of(lead: str) -> list[str]:
    """Higher meetings that this one watched or passed on."""
    return list(dict.fromkeys(m.group(1) or m.group(2) for m in _WATCHED_NAME.finditer(lead)))


@dataclass(frozen=True, slots=True)
class Roles:
    """Persons by what they did at the meeting, each list in order of appearance."""

    chair: list[str]
    reporters: list[str]
    others: list[str]
    open_list: bool


def roles_of(text: str, mentions: list[Mention]) -> Roles:
    """Chair and reporters by the verb behind the name; everyone else named is an attendee."""
    chair: dict[str, None] = {}
    reporters: dict[str, None] = {}
    others: dict[str, None] = {}
    for one in mentions:
        after = text[one.end : one.end + 30]
        before = text[max(0, one.start - 40) : one.start]
        tail = after.split("。")[0]
        hosted = _HOSTED.search(re.split(r"[,。;]", before)[-1]) and re.match(r"主持", tail)
        if hosted or (_CHAIRS.match(tail) and "组织召开" not in tail[:10]):
            chair[one.name] = None
        elif _REPORTER.match(tail):
            reporters[one.name] = None
        others[one.name] = None
    for name in others:
        if re.search(rf"(?:由[^,。;]{{0,20}})?{re.escape(name)}(?:同志)?主持(?!人|词)", text):
            chair[name] = None
    return Roles(
        list(chair),
        list(reporters),
        [name for name in others if name not in chair],
        bool(_PRESENT_OPEN.search(text)),
    )


def spoke_of(text: str, mentions: list[Mention]) -> list[str]:
    """Persons who are only said to have spoken (出席会议并讲话), while the meeting itself demands."""
    said = (one.name for one in mentions if _SPOKE.match(text, one.end))
    return list(dict.fromkeys(said))
