"""Which lines are the article: headlines and paragraphs stay, the site around them goes.

A rule here may only drop a whole line. The kinds are told apart because the reason is shown:
navigation, spam, caption, credits, repeated lead, and what stands behind the article's end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from bihuan.intake.communique.clean.marks import HAN
from bihuan.intake.communique.tracked import Tracked
from bihuan.intake.communique.width import narrow

Kind = Literal["body", "headline", "navigation", "spam", "caption", "credits", "repeated", "tail"]

_FURNITURE: Final = re.compile(
    r"索 ?引 ?号|主题分类|网站标识码|图片由|本帖|使用道具|开奖|彩票|"
    r"首页|当前位置|所在(?:的)?(?:位置|栏目)|现在(?:的)?位置|网站地图|"
    r"无障碍|长者|登录|注册|设为首页|"
    r"加入收藏|返回(?:列表|顶部|首页|上一?[页级])|打印(?:本页)?|关闭(?:窗口|"
    r"本页)|分享(?:到|至|$)|字[号体]|听全文|朗读|"
    r"扫[一码]扫?|二维码|客户端|收藏|点赞|点击(?:量|数|率|次数|:)|"
    r"浏览(?:量|次数|:|\d)|访问量|阅读(?:量|数|全文|原文|[: ]?\d)|"
    r"查看(?:内容|[::]|\d)|评论(?:\(|\d|[::]|$)|回复(?:\(|\d|[::]|"
    r"$)|楼主|沙发|板凳|积分|发帖|发表于|帖子|签名:|路过|雷人|"
    r"表态过|前一[篇版]|后一[篇版]|上一?[篇条版]|下一?[篇条版]|相关(?:附件|"
    r"链接|阅读|新闻|推荐|报道|稿件|文章|专题)|友情链接|"
    r"热点推荐|推荐阅读|延伸阅读|猜你喜欢|版权|©|Copyright|copyright|"
    r"备案|ICP|网安备|技术支持|(?:主办|承办|协办)(?:单位)?:|联系我们|"
    r"关于我们|网站声明|免责声明|^声明:|责任?编辑|编辑:|责编|^校对|"
    r"校对:|审核:|审稿|监制|撰稿|供稿|来源:|来源 |稿源|作者:|"
    r"发布(?:日期|时间|者|单位|机构|人)|^(?:时间|日期|更新时间|发稿时间):|"
    r"索引号|文号:|^广告|招租|纠错|政府网站|为网站找错|"
    r"标签:|关键[词字]:|邮编:|传真:|^地址:|电话:|Powered|Licensed|"
    r"本版|^第?[A-Z]?\d{1,3}版|版面|往期|报头|转载|"
    r"今天是|欢迎您|手机版|电脑版|门户网|校训|^附件|繁体|简体|English|"
    r"EN \||举报电话|客服|投稿|网友|热搜|排行榜|订阅|"
    r"上传(?:时间|者)|信息公开|互动交流|办事服务|人气|顶部|小黑屋|"
    r"微博|微信|公众号|下载APP|打开APP|加载"
)
_TERMINAL: Final = re.compile(
    r"^[【\[(■◎★*▲ ]{0,3}(?:相关(?:附件|链接|阅读|新闻|报道|推荐|稿件|"
    r"文章)|延伸阅读|推荐阅读|热点|猜你喜欢|上一?[篇条]|"
    r"最新评论|网友评论|友情链接|返回(?:列表|顶部|首页)|责任?编辑|"
    r"责编|编辑:|版权|©|免责|声明:|分享到|扫一扫|打印本页|"
    r"关闭窗口|签名|\d楼|路过|更多新闻|精彩推荐|今日推荐|附件|文[ ]*字:|纠错|广告)"
)
_RELATED: Final = re.compile(
    r"^[【\[(■◎★*▲ ]{0,3}(?:相关(?:链接|阅读|新闻|报道|推荐|稿件|文章)|"
    r"延伸阅读|推荐阅读|热点|猜你喜欢|更多新闻|精彩推荐|今日推荐)"
)
_CAPTION: Final = re.compile(
    r"^[▲△▼■◆(]?(?:图为|图\d|图:|上图|下图|资料图|视频截图)|[((]?(?:摄影|"
    r"摄)[ :]?[^,。]{0,10}[))]?。?$|"
    r"^[▲△▼][^。]{2,40}$|^.{0,10}(?:现场|讲话|发言|合影|致辞)。$|^[^,。]{2,14}(?:现场|"
    r"截图)[。]?[((][^))]{2,16}[))]$|"
    r"与会人员认真记录"
)
_BYLINE: Final = re.compile(
    r"^[(]?(?:(?:本报|首席|见习|全媒体|融媒体?)?(?:记者|通讯员|特约)|"
    r"文|图|文图|文/图|文/|图/|撰文)[ :/][^。]{1,40}$|"
    r"^[(][^。()]{0,12}(?:记者|通讯员)[^。()]{1,30}[)]$|"
    r"^[(][\u4e00-\u9fff]{2,4}(?:[ 、][\u4e00-\u9fff]{2,4}){0,2}[)]$"
)
_SPAM: Final = re.compile(
    r"无码|亚洲(?:av|AV|精品|欧美|国产|乱)|成人(?:网|视频|精品)|一区二区|"
    r"博彩|赌场|六合彩|棋牌(?:游戏|平台)|真人(?:视讯|娱乐)|"
    r"百家乐|私服|代孕|发票(?:代开|qq)|办证|刷单|贷款秒批|裸聊|约炮|色情"
)
_NUMBERED: Final = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.是要]|[((][一二三四五六七八九十\d]{1,3}[))]|"
    r"第[一二三四五六七八九十]|\d{1,2}[.、)])"
)
_CRUMB: Final = re.compile(r"[>›»→/|·／＞•]")
_DATE_ONLY: Final = re.compile(
    r"^[(\[]?(?:19|20)\d\d ?[-年./] ?\d{1,2} ?[-月./] ?\d{1,2}日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?[)\]]?"
)
_DATES: Final = re.compile(
    r"(?:19|20)\d\d ?[-年./] ?\d{1,2} ?[-月./] ?\d{1,2}日?(?: ?\d{1,2}:\d\d)?"
)
_OPENING: Final = re.compile(r"^\d{1,2}月\d{1,2}[日号](?:上午|下午|晚)?")
_EVENT: Final = re.compile(
    "会议|召开|[例讲]话|主持|出席|调度会|推进会|部署会|强调|要求|"
    "批示|指示|督[导查]|检查|调研|暗访|部署"
)
_NEWS: Final = re.compile(
    r"(?:本报|本网|[\u4e00-\u9fff]{2,6}日报)?(?:讯|记者|据|近日|昨[日天]|"
    r"日前|今[日天]|\d{1,2}月)"
)
_MEETING_WORD: Final = re.compile("强调|会议|要求|指出|书记|[市县区镇]长|主持|批示|参会")
_DISCLAIMERS: Final = ("版权声明", "免责声明", "声明", "凡本网", "特别声明", "温馨提示")
_HAN_RUN: Final = re.compile(f"[{HAN}]+")
_TWO_HAN: Final = re.compile(f"[{HAN}]{{2}}")
_LETTERS: Final = re.compile("[A-Za-zÀ-ÿА-я]+")
_BARS: Final = re.compile("[|｜]")
_LONG_ENOUGH: Final = 60
_HEADLINES: Final = 5


@dataclass(slots=True)
class _Line:
    start: int
    text: str
    plain: str
    kind: Kind


def drop_furniture(text: Tracked) -> None:
    """Drop every line that is not the article's."""
    lines: list[_Line] = []
    here = 0
    both = zip(text.text.split("\n"), narrow(text.text).split("\n"), strict=True)
    for one, narrowed in both:
        plain = narrowed.strip()
        lines.append(_Line(here, one, plain, _first_kind(plain)))
        here += len(one) + 1
    _spare_short_headlines(lines)
    _mark_ends(lines)
    _mark_repeated(lines)
    edits = [
        (line.start, line.start + len(line.text), "", line.kind)
        for line in lines
        if line.kind not in ("body", "headline") and line.text
    ]
    for kind in dict.fromkeys(edit[3] for edit in edits):
        ordered = [(s, e, "") for s, e, _, k in edits if k == kind]
        text.edit(_shifted(ordered, edits, kind), f"dropped.{kind}")


def _shifted(
    ordered: list[tuple[int, int, str]], edits: list[tuple[int, int, str, Kind]], kind: Kind
) -> list[tuple[int, int, str]]:
    """The spans of one kind after the kinds before it were already cut out."""
    done = []
    for other in dict.fromkeys(edit[3] for edit in edits):
        if other == kind:
            break
        done += [(s, e) for s, e, _, k in edits if k == other]
    done.sort()
    moved: list[tuple[int, int, str]] = []
    gone = index = 0
    for start, end, new in ordered:
        while index < len(done) and done[index][0] < start:
            gone += done[index][1] - done[index][0]
            index += 1
        moved.append((start - gone, end - gone, new))
    return moved


def _first_kind(plain: str) -> Kind:
    """The kind of a line looked at alone."""
    if not plain:
        return "navigation"
    if _is_spam(plain):
        return "spam"
    stops = plain.count("。") + plain.count(";")
    if len(plain) < _LONG_ENOUGH and _CAPTION.search(plain):
        return "caption"
    if _BYLINE.search(plain):
        return "credits"
    if _is_furniture(plain, stops):
        return "navigation"
    if stops or _NUMBERED.match(plain) or len(plain) >= _LONG_ENOUGH or plain.endswith(":"):
        return "body"
    return "headline"


def _is_spam(plain: str) -> bool:
    if _SPAM.search(plain):
        return True
    letters = sum(map(len, _LETTERS.findall(plain)))
    if letters > 12 and letters > 2 * sum(map(len, _HAN_RUN.findall(plain))):
        return True
    if "。" in plain:
        return False
    pieces = [piece for piece in _BARS.split(plain) if piece.strip()]
    return len(pieces) >= 4 and sum(map(len, pieces)) > 6 * len(pieces)


def _is_furniture(plain: str, stops: int) -> bool:
    if len(plain) <= 6 and not _NUMBERED.match(plain) and plain[-1] not in "。;:":
        return True
    if not _TWO_HAN.search(plain):
        return True
    few = stops == 0 or (stops == 1 and len(plain) < 45 and not _EVENT.search(plain))
    if few and _FURNITURE.search(plain):
        return not (len(plain) >= 16 and _EVENT.search(plain) and not _has_crumbs(plain))
    if stops:
        return plain.startswith(_DISCLAIMERS)
    if _DATE_ONLY.match(plain) and len(plain) < 40 and not _EVENT.search(plain):
        return True
    return _has_crumbs(plain) or _is_menu(plain)


def _has_crumbs(plain: str) -> bool:
    bare = _DATES.sub("", plain)
    pieces = [piece.strip() for piece in _CRUMB.split(bare) if piece.strip()]
    return len(pieces) >= 2 and max(map(len, pieces)) <= 10 and len(plain) < 80


def _is_menu(plain: str) -> bool:
    pieces = plain.split()
    return len(pieces) >= 3 and max(map(len, pieces)) <= 6


def _spare_short_headlines(lines: list[_Line]) -> None:
    """A headline of five or six characters, right under a longer one."""
    for above, line in pairwise(lines):
        long_above = above.kind == "headline" and bool(_EVENT.search(above.plain))
        if long_above and re.fullmatch(f"[{HAN}]{{5,6}}", line.plain):
            line.kind = "headline"
            line.plain += " 召开"


def _mark_ends(lines: list[_Line]) -> None:
    """Find where each article starts and ends; everything outside becomes furniture or tail."""
    index = 0
    related = False
    while index < len(lines):
        first = _next_body(lines, index)
        if first is None:
            _set(lines[index:], "tail" if index else "navigation", spare_headlines=not index)
            return
        _keep_headlines(lines[index:first])
        related = related or any(_RELATED.match(one.plain) for one in lines[index:first])
        if index and (related or not _opens_article(lines, first)):
            _set(lines[index : first + 1], "tail", spare_headlines=False)
            index = first + 1
            continue
        index = _end_of_article(lines, first)
        related = False


def _next_body(lines: list[_Line], start: int) -> int | None:
    return next((i for i in range(start, len(lines)) if lines[i].kind == "body"), None)


def _keep_headlines(block: list[_Line]) -> None:
    """Of the lines before a body keep the last few headline-like ones."""
    kept = [line for line in block if line.kind == "headline"]
    for line in kept[:-_HEADLINES]:
        line.kind = "navigation"


def _opens_article(lines: list[_Line], first: int) -> bool:
    """Whether a second communiqué starts here, rather than the tail of the page."""
    plain = lines[first].plain
    lead = plain[:120]
    dated = re.search(r"\d{1,2}月\d{1,2}[日号]|[昨今近]日|日前", lead)
    headline = first > 0 and lines[first - 1].kind == "headline"
    return bool(dated and headline and re.search("召开|主持|举行|批示|调研|督[导查]|检查", lead))


def _end_of_article(lines: list[_Line], first: int) -> int:
    """The index behind the article that starts at `first`; odd short lines inside are dropped."""
    last = first
    for index in range(first, len(lines)):
        line = lines[index]
        if _TERMINAL.match(line.plain) and line.kind != "body":
            break
        if index > first and _other_article(lines, index):
            break
        if line.kind == "body":
            last = index
    for line in lines[first:last]:
        if line.kind == "headline" and not _is_subheading(line.plain):
            line.kind = "caption"
    return last + 1


def _other_article(lines: list[_Line], index: int) -> bool:
    """A headline over a news item of another kind, with nothing of a meeting behind it."""
    following = lines[index + 1 : index + 2]
    if lines[index].kind != "headline" or not following or following[0].kind != "body":
        return False
    if not _NEWS.match(following[0].plain):
        return False
    rest = (line.plain for line in lines[index:] if line.kind in {"body", "headline"})
    return not any(_MEETING_WORD.search(plain) for plain in rest)


def _is_subheading(plain: str) -> bool:
    return 7 <= len(plain) <= 50 and not re.search(r"[,、].{0,3}$|\d{4}", plain)


def _set(block: list[_Line], kind: Kind, *, spare_headlines: bool) -> None:
    for line in block:
        if line.kind == "body" or (line.kind == "headline" and not spare_headlines):
            line.kind = kind


def _mark_repeated(lines: list[_Line]) -> None:
    """A lead or caption that the next paragraphs say again in full."""
    bodies = [line for line in lines if line.kind == "body"]
    for index, line in enumerate(bodies):
        plain = line.plain.strip("☆★■▲△◆● ")
        if not 12 <= len(plain) <= 300 or not re.match(r"\d{1,2}月\d{1,2}[日号]", plain):
            continue
        for other in bodies[index + 1 : index + 4]:
            if len(other.plain) > len(plain) * 0.9 and _contained(plain, other.plain) > 0.78:
                line.kind = "repeated"
                break
            if plain.count("。") == 1 and len(plain) < 45 and _same_opening(plain, other.plain):
                line.kind = "caption"
                break


def _same_opening(one: str, other: str) -> bool:
    first, second = _OPENING.match(one), _OPENING.match(other)
    return bool(first and second and first.group() == second.group())


def _contained(short: str, long: str) -> float:
    """The share of the four-character pieces of `short` that `long` has too."""
    pieces = [short[i : i + 4] for i in range(len(short) - 3)]
    return sum(piece in long for piece in pieces) / max(1, len(pieces))
