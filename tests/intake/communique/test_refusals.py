"""What is no communiqué is refused with a reason; what is no text is refused with a code."""

import io
import zipfile

import pytest
from docx import Document
from pypdf import PdfWriter

from bihuan.intake.communique import CODES, Unreadable, read
from bihuan.intake.communique.documents import rejoined
from tests.intake.communique.generator import communique

NEGATIVES = {
    "press_conference": (
        "安州举行疫情防控新闻发布会\n5月8日，安州市举行新闻发布会。记者问：何时解封？市疾控中心主任周朗答："
        "要根据检测结果。周朗强调，市民要戴好口罩，必须保持距离。"
    ),
    "notice": (
        "关于做好汛期安全工作的通知\n各乡镇：\n为做好汛期工作，现将有关事项通知如下。\n一、要加强值班。"
        "二、必须落实责任。请认真贯彻执行。"
    ),
    "speech_text": (
        "在全镇防汛会议上的讲话\n同志们：\n今天召开会议，我讲三点意见。一要提高认识。二要落实责任。三要加强值班。谢谢大家。"
    ),
    "editorial": (
        "本报评论员：守住底线\n安全生产人命关天。近日市委召开会议，强调要压实责任。各级要强化红线意识，企业必须落实责任。"
    ),
    "sale": (
        "雾化消毒机助力防控\n近日全市防控会议召开，会议强调，要加强消毒。公司总经理周朗表示，要让学校都用上。"
        "现货供应，优惠价2980元，欢迎订购。"
    ),
    "rumour": (
        "紧急扩散：今晚封城\n内部消息，有关部门连夜开会，会议要求，所有人不得出门，超市一律关门。速转给家人。"
    ),
    "bulletin": "6月2日新增本土确诊2例情况通报\n6月2日，全市新增本土确诊病例2例。病例1：女。市民要戴口罩，必须按时检测。",
    "guide": "防汛避险注意事项解读\n近日，应急管理部发布《避险指南》。专家表示，要提前转移，不得逗留。指南要求，要备好物资。",
    "no_named_body": (
        "某地做好防汛工作\n为做好防汛，相关部门召开会议。会议强调，各单位要提高认识。有关领导指出，必须储备物资。"
    ),
    "no_demand": "绿豆汤的做法\n绿豆洗净泡四小时，大火煮开转小火，加冰糖。吃不完放进冰箱。会议室也能喝。",
}


@pytest.mark.parametrize("reason", NEGATIVES)
def test_each_kind_of_other_text_is_refused_with_its_reason(reason: str) -> None:
    (record,) = read(NEGATIVES[reason])
    assert (record.is_communique, record.reason) == (False, reason)
    assert record.directives == ()


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def pdf(*, password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "intake.empty"),
        ("  \n\u3000", "intake.empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "intake.binary"),
        (bytes(range(256)) * 40, "intake.binary"),
        (packed({"a.txt": b"x"}), "intake.unknown_format"),
        (b"PK\x03\x04 broken", "intake.damaged_file"),
        (packed({"word/document.xml": b"0" * 80_000_000}), "intake.zip_bomb"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "intake.unknown_format"),
        (pdf(), "intake.scanned_pdf"),
        (pdf(password="x"), "intake.encrypted_pdf"),
        (b"%PDF-1.7 broken", "intake.damaged_file"),
        ("好" * 40, "intake.too_large"),
    ],
)  # fmt: skip
def test_what_holds_no_text_is_refused_with_a_code(source: bytes | str, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(source, largest=30 if code == "intake.too_large" else 5_000_000)
    assert refusal.value.code == code
    assert code in CODES


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_reads_the_same(encoding: str) -> None:
    paper = communique(1)
    (record,) = read(paper.text.encode(encoding))
    assert record.clean_text == paper.text


def test_a_big5_page_is_read_and_simplified() -> None:
    from tests.intake.communique.generator import S2T

    paper = communique(6)
    (record,) = read(S2T.convert(paper.text).encode("big5hkscs", "ignore"))
    assert record.encoding == "big5hkscs"
    assert len(record.directives) == len(paper.demands)


def test_a_page_declared_gb2312_may_hold_gb18030() -> None:
    paper = communique(1)
    page = f'<html><head><meta charset="gb2312"></head><body><p>{paper.text}</p></body></html>'
    (record,) = read(page.encode("gb18030"))
    assert record.is_communique


def test_text_that_was_encoded_twice_is_mended() -> None:
    paper = communique(1)
    (record,) = read(paper.text.encode().decode("latin-1").encode())
    assert record.title == paper.title


def test_a_word_file_is_read() -> None:
    paper = communique(1)
    document = Document()
    for line in paper.text.split("\n"):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    (record,) = read(out.getvalue(), name="paper.docx")
    assert record.clean_text == paper.text


def test_lines_wrapped_by_a_pdf_are_joined() -> None:
    paragraph = "各乡镇要对沿河低洼地带逐户转移，水利局要对小型水库落实二十四小时巡查，" * 6
    wrapped = "\n".join(paragraph[i : i + 30] for i in range(0, len(paragraph), 30))
    assert rejoined(wrapped) == paragraph


def test_nothing_outside_the_page_is_resolved() -> None:
    paper = communique(1)
    entity = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    page = f"{entity}<html><body><p>{paper.text}</p><p>&x;</p></body></html>"
    (record,) = read(page)
    assert "hostname" not in record.clean_text
