"""`bihuan analytics …`: the numerics on a table, without a database."""

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from bihuan.config.command import Command
from bihuan.config.speech import complain, say

Arguments = Callable[[argparse.ArgumentParser], None]
METHODS = (
    "farrington", "farrington-classic", "c1", "c2", "c3", "cusum", "ewma", "likelihood-ratio",
    "percentile",
)  # fmt: skip


def _answering(module: str, work: str = "run") -> Callable[[argparse.Namespace], int]:
    """Run one calculation; the numerics are loaded only now."""

    def answer(options: argparse.Namespace) -> int:
        try:
            from bihuan_analytics import NumericsError

            calculation = import_module(f"bihuan.config.analysis.{module}")
            answers = import_module("bihuan.config.analysis.answers")
        except ImportError as fault:
            complain(say("请先安装：{}", "install first: {}").format("bihuan[analytics]"))
            complain(str(fault))
            return 1
        try:
            found = getattr(calculation, work)(options)
            return int(answers.deliver(found, files=options.out, as_json=options.json))
        except NumericsError as fault:
            complain(_told(fault.code, fault.facts))
            complain(import_module("bihuan.config.analysis.mending").mending(fault.code))
            return 1

    return answer


def _told(code: str, facts: dict[str, object]) -> str:
    """Where the fault lies, in the reader's language; docs/methods/errors.md explains the code."""
    words = {
        "row": say("第 {} 行", "row {}"), "column": say("“{}”列", "column “{}”"),
        "index": say("第 {} 个", "index {}"), "value": say("值 {}", "value {}"),
        "columns": say("现有列 {}", "columns are {}"),
    }  # fmt: skip
    parts = [words.get(name, f"{name} {{}}").format(value) for name, value in facts.items()]
    return f"{say('未能计算', 'refused')}: {code} ({say('，', ', ').join(parts)})"


def _table(parser: argparse.ArgumentParser, text: str, *, nargs: str | None = None) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", nargs=nargs, help=text)
    parser.add_argument(
        "--out", type=Path, metavar="FILE", action="append", default=[],
        help=say(
            "写入文件，按扩展名：.csv .parquet .json .svg .png .html，可重复",
            "write a file, by its ending: .csv .parquet .json .svg .png .html; repeatable",
        ),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=say("打印 JSON", "print JSON"))


def detect_arguments(parser: argparse.ArgumentParser) -> None:
    """Which columns, which method, how much history and how many alarms."""
    _table(parser, say("CSV 或 Parquet：日期和病例数", "CSV or Parquet of dates and counts"))
    parser.add_argument("--date", default="date", help=say("日期列", "column of dates"))
    parser.add_argument(
        "--count", nargs="+", metavar="COLUMN",
        help=say("病例数列（默认：其余各列）", "columns of counts (default: all others)"),
    )  # fmt: skip
    parser.add_argument(
        "--series", metavar="COLUMN",
        help=say("长表中区分序列的列", "column that tells series apart in a long table"),
    )  # fmt: skip
    parser.add_argument("--method", choices=METHODS, default="farrington")
    parser.add_argument(
        "--last", type=int, default=1, help=say("判断最后几期", "judge the last so many times")
    )
    parser.add_argument("--years", type=int, default=5, help=say("历史年数", "years of history"))
    parser.add_argument(
        "--alpha", type=float, default=0.005, help=say("单侧误报水平", "one-sided level")
    )
    parser.add_argument("--mode", choices=("corrected", "r-compatible"), default="corrected")
    parser.add_argument(
        "--expected", type=float,
        help=say("平时均值（cusum、似然比）", "usual mean (cusum, likelihood ratio)"),
    )  # fmt: skip
    parser.add_argument(
        "--false-share", type=float,
        help=say("误报占比上限", "expected share of false alarms at most"),
    )  # fmt: skip
    parser.add_argument(
        "--budget", type=int, help=say("每期最多报警数", "alarms at each time at most")
    )
    parser.add_argument(
        "--alarms-only", action="store_true", help=say("只列报警", "list alarms only")
    )


def rt_arguments(parser: argparse.ArgumentParser) -> None:
    """Which columns, the serial interval, and how far ahead."""
    _table(parser, say("CSV 或 Parquet：每日病例数", "CSV or Parquet of daily cases"))
    parser.add_argument("--date", default="date", help=say("日期列", "column of dates"))
    parser.add_argument("--count", default="cases", help=say("病例数列", "column of cases"))
    parser.add_argument("--imported", help=say("输入病例列", "column of imported cases"))
    for name, chinese, english in (
        ("--mean-interval", "代间隔均值（日）", "mean of the serial interval, days"),
        ("--sd-interval", "代间隔标准差（日）", "standard deviation of the serial interval, days"),
    ):
        parser.add_argument(name, type=float, required=True, help=say(chinese, english))
    parser.add_argument("--days", type=int, default=7, help=say("窗口日数", "days of a window"))
    parser.add_argument("--ahead", type=int, default=0, help=say("预测日数", "days to forecast"))
    _seed(parser)


def contacts_arguments(parser: argparse.ArgumentParser) -> None:
    """Visits, cases, and how long a contact is."""
    _table(
        parser,
        say("到访表：person place enter leave", "visits: person, place, enter, leave"),
    )
    parser.add_argument(
        "--cases", type=Path, metavar="FILE", required=True,
        help=say("病例表：person", "table of cases: person"),
    )  # fmt: skip
    parser.add_argument(
        "--minutes", type=int, default=10, help=say("最短同处分钟", "least minutes together")
    )


def pool_arguments(parser: argparse.ArgumentParser) -> None:
    """One prevalence or a table of them, and the assay."""
    _table(parser, say("表：area prevalence people", "table: area, prevalence, people"), nargs="?")
    parser.add_argument("--prevalence", type=float, help=say("感染率", "share infected"))
    parser.add_argument("--people", type=float, help=say("人数", "number of people"))
    parser.add_argument("--largest", type=int, default=20, help=say("最大混样数", "largest pool"))
    for name, start, chinese, english in (
        ("--sensitivity", 1.0, "灵敏度", "sensitivity of a single test"),
        ("--specificity", 1.0, "特异度", "specificity of a single test"),
        ("--cycles-sd", 0.0, "CT 值标准差（稀释损失）", "spread of Ct values: loss by dilution"),
        ("--least-sensitivity", 0.0, "灵敏度下限", "least sensitivity of the pool"),
    ):
        parser.add_argument(name, type=float, default=start, help=say(chinese, english))


def scenario_arguments(parser: argparse.ArgumentParser) -> None:
    """The province, the disease, and the measures from day to day."""
    _world(parser)
    for name, chinese, english in (
        ("--contact-reduction", "接触减少比例", "share of contacts avoided"),
        ("--travel-reduction", "出行减少比例", "share of travel avoided"),
        ("--detection", "每日发现概率", "chance a day of being found"),
    ):
        parser.add_argument(name, type=float, default=0.0, help=say(chinese, english))
    parser.add_argument("--from-day", type=int, default=0, help=say("措施起日", "first day"))
    parser.add_argument("--until-day", type=int, help=say("措施止日", "day the measures end"))


def optimise_arguments(parser: argparse.ArgumentParser) -> None:
    """The province, the disease, the menu of measures and the risk allowed."""
    _world(parser)
    parser.add_argument(
        "--menu", type=Path, metavar="FILE", required=True,
        help=say(
            "措施表：name contact_reduction travel_reduction detection cost hardship longest",
            "levels: name, contact_reduction, travel_reduction, detection, cost, hardship, longest",
        ),
    )  # fmt: skip
    parser.add_argument(
        "--period-days", type=int, default=14, help=say("决策周期", "days a period")
    )
    for name, start, chinese, english in (
        ("--risk", 0.05, "重症床位不足的概率上限", "chance at most that intensive care runs out"),
        ("--bed-price", 1e5, "缺一个重症床日的费用", "what a bed-day short may cost"),
        ("--death-price", 0.0, "避免一例死亡的费用", "what one death avoided may cost"),
        ("--hardship-price", 0.0, "一个受限人日的费用", "what one restricted person-day costs"),
    ):
        parser.add_argument(name, type=float, default=start, help=say(chinese, english))
    parser.add_argument(
        "--most-tried", type=int, default=20_000, help=say("最多试算方案", "plans tried at most")
    )


def _world(parser: argparse.ArgumentParser) -> None:
    _table(parser, say("地区表：area people exposed beds", "areas: area, people, exposed, beds"))
    parser.add_argument(
        "--mobility", type=Path, metavar="FILE",
        help=say("流动表：from to share", "mobility: from, to, share"),
    )  # fmt: skip
    parser.add_argument(
        "--pack", metavar="PACK",
        help=say(
            "疾病参数取自参数包：版本（如 cn.covid19.parameters@2022）或 .toml 文件",
            "take the disease from a pack: edition (cn.covid19.parameters@2022) or .toml file",
        ),
    )  # fmt: skip
    for name, chinese, english in (
        ("--reproduction", "基本再生数", "basic reproduction number"),
        ("--latent-days", "潜隐期（日）", "latent days"),
        ("--infectious-days", "传染期（日）", "infectious days"),
        ("--severe", "住院比例", "share admitted"),
        ("--critical", "住院者中重症比例", "share of the admitted in intensive care"),
        ("--ward-death", "普通病房病死率", "deaths on the ward"),
        ("--icu-death", "重症病死率", "deaths in intensive care"),
    ):
        parser.add_argument(name, type=float, help=say(chinese, english))
    parser.add_argument("--days", type=int, default=120, help=say("推演日数", "days to simulate"))
    parser.add_argument("--runs", type=int, default=100, help=say("模拟次数", "simulated runs"))
    _seed(parser)


def _seed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seed",
        type=int,
        default=1,
        help=say("随机种子：相同则结果相同", "same seed, same answer"),
    )


def _command(word: str, chinese: str, english: str, arguments: Arguments, work: str) -> Command:
    module, _, name = work.partition(":")
    run = _answering(module, name or "run")
    return Command(f"analytics {word}", chinese, english, run, arguments, database="")


COMMANDS = (
    _command("detect", "早期预警", "counts that are higher than usual", detect_arguments, "detect"),
    _command("rt", "再生数、增长率、拐点、短期预测", "reproduction number, growth, turning point, forecast", rt_arguments, "rt"),
    _command("contacts", "同时空接触者与场所风险", "who was with the cases, and where", contacts_arguments, "contacts"),
    _command("pool", "混样检测的最优混样数", "best size of a pooled test", pool_arguments, "pool"),
    _command("scenario", "情景推演", "what an epidemic does under measures", scenario_arguments, "scenario"),
    _command("optimise", "最小代价的防控方案", "cheapest plan that keeps the risk", optimise_arguments, "scenario:optimise"),
)  # fmt: skip
