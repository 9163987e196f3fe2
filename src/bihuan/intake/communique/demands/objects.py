"""Concrete things and places a demand acts on: a closed list of the trade's nouns, and place names."""

from __future__ import annotations

import re
from typing import Final

_OBJECTS: Final = re.compile(
    "学校食堂|学校|校园|幼儿园|养老机构|养老院|福利院|监管场所|隔离场所|"
    "集中隔离点|临时隔离点|隔离点|隔离房|方舱|采样点|核酸检测点|发热门诊|"
    "医院|医疗机构|基层医疗机构|药店|"
    "商场超市|超市|农贸市场|餐饮场所|餐馆|宾馆|酒店|景区|影剧院|网吧|"
    "茶馆|麻将馆|理发店|公墓|殡仪馆|宗祠|庙会|宴席|冷链食品|冷库|"
    "进口货物|国际邮件|入境人员|密接|返乡人员|货车司机|船员|"
    "危化品|危险化学品|危化企业|燃气管道|燃气|液化气|气瓶|充装站|"
    "储配站|软管|报警器|矿山|煤矿|非煤矿山|尾矿库|烟花爆竹|建筑工地|"
    "在建工地|工地|深基坑|渡口|船舶|渔船|客车|面包车|渣土车|"
    "电动自行车|自建房|城中村|“三合一”场所|消防通道|疏散通道|特种设备|"
    "电梯|锅炉|水库|山塘|堤坝|河道|切坡建房点|切坡建房|地质灾害点|"
    "易涝点|林区|火源|火种|秸秆|森林|道路|桥梁|泵站|"
    "疫苗|核酸|抗原|物资|防护服|口罩|药品|帐篷|编织袋|冲锋舟|发电机|"
    "床位|救护车|预案|台账|清单|问题清单|任务清单|责任清单|应急预案|"
    "承诺书|方案|指引|专家库|志愿者库|平台|数据库|"
    "独居老人|残疾人家庭|困难群众|孤寡老人|留守儿童|孕产妇|学生|师生|"
    "群众|企业|园区|工业园|社区|小区|封控区|管控区|卡口|高速出口|"
    "火车站|客运站|机场|港口|码头|口岸|网格员|补助|补贴|慰问金|救灾资金"
)
_PLACES: Final = re.compile(
    r"(?:在|对|从|到|向|赴|抓好|处置|遏制|驰援|支援)?((?:[\u4e00-\u9fff]{2,3}(?:省|"
    r"市|县|镇|乡|街道|村)(?![长委民场域级直])(?:、(?=[\u4e00-\u9fff]{2,3}[省市县镇乡村"
    r"]))?)+)"
)
_CLASS: Final = re.compile("省|市|县|镇|乡|街|村")
_COMMON: Final = re.compile(
    r"[我全各本该城每一两三四五六七八九十农]|以上|有关|相关|受灾|县|"
    r"部门|超|夜|都"
)
_MOST: Final = 6


def objects_in(text: str) -> list[str]:
    """Up to six things in their order of appearance."""
    return list(dict.fromkeys(m.group() for m in _OBJECTS.finditer(text)))[:_MOST]


def places_in(text: str) -> list[str]:
    """Named places, one by one."""
    if not _CLASS.search(text):
        return []
    found: dict[str, None] = {}
    for match in _PLACES.finditer(text):
        for one in match.group(1).split("、"):
            if len(one) >= 3 and not _COMMON.search(one[:-1]):
                found[one] = None
    return list(found)
