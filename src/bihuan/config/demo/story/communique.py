"""An invented communiqué that came in this morning and waits to be checked."""

from datetime import date, datetime, timedelta

from bihuan.config.demo.story.stage import Stage
from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Role
from bihuan.core.places.models import Place
from bihuan.intake.services import upload

FILE = "全省视频调度会通稿.txt"

TEXT = """{province}召开疫情防控和安全生产工作视频调度会

{today}上午,省疫情防控领导小组(指挥部)、省安全生产委员会召开全省疫情防控和安全生产工作视频调度会,\
通报强降雨以来风险排查和重点人群检测情况,研究部署下一步任务。省疫情防控指挥部总指挥{chief}主持会议并讲话。

会议指出,连日来各地排查力度加大,但仍有个别隔离点消防通道不畅、少数自建房带病使用,松懈不得。

会议要求,一要盯紧在用隔离点,由民政、消防部门联合逐点复查,{soon}前完成,问题清单报省指挥部办公室。\
二要缩短检测反馈时间,卫生健康部门要统筹调配采样力量,采样到反馈控制在 24 小时以内。\
三要对经营性自建房、出租厂房和危险化学品仓库再过一遍筛子,应急管理、住房城乡建设部门要建立清单,{later}前整改到位,\
重大隐患一律先停用、后整改。四要守好低洼易涝点和山塘水库,水利部门要落实每一处巡查责任人,\
预警后两小时内完成转移。五要畅通企业诉求渠道,交通运输部门要在 48 小时内答复物资通行问题。

会议强调,各级各部门要压实属地、部门、单位、个人四方责任,督查室要对反馈慢、整改拖的单位点名通报。

省直有关单位主要负责同志在主会场参加会议,各市、县(市、区)设分会场。
"""


def receive(stage: Stage, province: Place, at: datetime) -> None:
    """The headquarters office uploads the text; its drafts stay unchecked for the visitor."""
    today = local_date(at)
    text = TEXT.format(
        province=province.name,
        today=f"{today.year}年{_day(today)}",
        soon=_day(today + timedelta(days=3)),
        later=_day(today + timedelta(days=10)),
        chief=stage.holder(province.pk, Role.COMMANDER).person_name,
    )
    upload(data=text.encode(), name=FILE, by=stage.desk(province.pk), at=at)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
