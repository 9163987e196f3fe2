"""Private reaches go and are counted; public hotlines, figures and the names of officials stay."""

import pytest

from bihuan.intake.communique import read
from bihuan.intake.communique.clean.contacts import masked

PRIVATE = (
    "联系电话:0731-84586123", "咨询电话：（0731）8458 6123", "手机13800138000", "手机号：138-0013-8000",
    "电话 138 0013 8000", "+86 13800138000", "+86-138-0013-8000", "0086-10-66668888", "86-731-84586123",
    "热线84586123", "热线电话:8458 6123", "监督举报电话 84586123", "座机:8458-6123",
    "传真：(010) 6666-8888转8012", "400-820-8820", "400 820 8820", "4008208820", "800-820-8820",
    "电 话：84586123", "电话:84586123、84586124", "tel:+86(731)84586123", "QQ:123456789", "QQ群：98765432",
    "QQ群号 98765432", "加Q 123456789", "扣扣号123456789", "q q:123456789", "微信:abc_12345",
    "微信号 abc-12345", "加微信 wx_hello88", "VX：hello8888", "vx hello8888", "V信:hello8888",
    "钉钉号 dd_888888", "飞信 13800138000", "微博@小城故事", "E-mail:abc.def@163.com",
    "邮箱 abc.def＠163.com", "邮箱：abc#163.com", "abc(at)163.com", "zhang.san@mail.gov.cn",
    "家住幸福小区3栋2单元501室", "住址：某市某区幸福路12号3栋501室", "家庭住址:幸福路12号",
    "现住幸福路88号院3号楼", "身份证号430102199001011234", "身份证 43010219900101123X",
    "护照号 E12345678", "车牌湘A12345", "粤B·D12345", "银行卡号6222021234567890123",
    "账号:123456789012345", "１３８００１３８０００", "一三八零零一三八零零零", "联系人张三13800138000",
)  # fmt: skip
PUBLIC = (
    "畅通110、119、12345热线", "拨打12350举报", "在2022年3月29日20时前完成", "投入1.5亿元、3000万元",
    "每亩补助400元,共400-500户", "印发第2022-03号文件", "转移13个乡镇800余人", "储备编织袋123456条",
    "排查12345678人次", "落实省委〔2022〕12号文件", "调度G2003次列车", "完成核酸检测1234567管",
    "整改公司地址登记不实的问题", "加强微信群管理", "用好微信公众号", "规范住在工棚的工人管理",
    "推广“QQ群+网格”", "执行8时至20时值班", "设立800个点位", "查验48小时核酸",
)  # fmt: skip


@pytest.mark.parametrize("words", PRIVATE)
def test_a_private_reach_is_blotted_out_and_counted(words: str) -> None:
    text, count = masked(f"会议要求。{words}。各地要落实。")
    assert count >= 1
    assert "█" in text
    assert not any(
        part in text for part in ("8458", "0013", "1380", "123456", "hello", "abc", "幸福")
    )
    assert len(text) == len(f"会议要求。{words}。各地要落实。")


@pytest.mark.parametrize("words", PUBLIC)
def test_what_is_public_stays(words: str) -> None:
    text = f"周朗要求,各乡镇要{words}。"
    assert masked(text) == (text, 0)


def test_nothing_of_a_reach_is_left_in_any_part_of_a_record() -> None:
    text = (
        "云溪县召开防汛会议\n8月4日,云溪县召开防汛会议,县长周朗主持会议。联系电话:13800138000。"
        "周朗要求,各乡镇要上足人手,险情报值班室(电话 0731-84586123)。\n投稿邮箱:news@cloud.gov.cn"
    )
    (record,) = read(text)
    whole = repr(record)
    assert not any(part in whole for part in ("13800138000", "84586123", "news@cloud"))
    assert record.dropped_contacts == 3
    assert record.speakers == ("周朗",)
