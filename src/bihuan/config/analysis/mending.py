"""Why a calculation was refused and how to mend it, for who works with `bihuan analytics`.

docs/methods/errors.md explains every code of the package; here stand those that a table or a word
on the line can cause.
"""

from bihuan.config.speech import say

_ASSAY = (
    "检测性能超出范围；灵敏度、特异度写 0 与 1 之间的数，离散度不得为负",
    (
        "a property of the assay is out of range; sensitivity and specificity lie between 0 and 1, "
        "a spread is not below 0"
    ),
)
_SHARE = (
    "比例超出 0 至 1；写成小数，例如 30% 写 0.3",
    "a share lies outside 0 to 1; write it as a decimal, 30 % as 0.3",
)
REASONS: dict[str, tuple[str, str]] = {
    "argument.out_of_range": (
        "选项的值超出允许范围（low 与 high 之间，不含两端）；改用范围内的值",
        "an option lies outside its range, low to high without the ends; give a value within",
    ),
    "argument.too_small": (
        "选项的值太小；至少为 low",
        "an option is too small; give at least low",
    ),
    "argument.unknown": (
        "没有这种选择；见 --help，输出文件以 .csv .parquet .json .svg .png .html 结尾",
        "there is no such choice; see --help, files end in .csv .parquet .json .svg .png .html",
    ),
    "array.empty": (
        "没有可计算的数据；检查文件是否有数据行",
        "there is nothing to compute with; see whether the file has rows of data",
    ),
    "array.negative": (
        "此处的数不能为负；更正该格，未知的病例数留空",
        "the number cannot be below 0; correct the cell, leave a count that is not known empty",
    ),
    "array.not_finite": (
        "缺少数值或为无穷大；补上该数",
        "a number is missing or infinite; fill it in",
    ),
    "array.not_positive": (
        "此处的数必须大于 0；更正该格或该选项",
        "the number must be above 0; correct the cell or the option",
    ),
    "assay.out_of_range": _ASSAY,
    "beds.shape": (
        "床位数与地区数不符；每个地区写一个床位数",
        "beds and areas differ in number; give each area its beds",
    ),
    "counts.fractional": (
        "必须是整数且不能为空；更正该格，率要先换成人数",
        "a whole number is wanted; correct the cell, turn rates into numbers of people first",
    ),
    "dates.duplicated": (
        "同一日期出现两次；合并两行，多个序列的长表用 --series 指明区分列",
        "the same date comes twice; join the rows, or name the column of a long table by --series",
    ),
    "dates.not_weekly": (
        "日期不在该序列固定的星期几；每周取同一星期几，每日数据改用 --method c1",
        "a date is off the weekday of the series; use one weekday, or --method c1 for daily counts",
    ),
    "dates.unsorted": (
        "日期早于上一行；按日期升序排列各行",
        "a date lies before that of the row above; sort the rows by date",
    ),
    "disease.missing": (
        "缺少疾病参数；用 --pack 或在命令行给出，如 --reproduction --latent-days --infectious-days",
        ("parameters of the disease are missing; give --pack, or --reproduction, --latent-days and "
        "--infectious-days"),
    ),
    "disease.unknown": (
        "参数包中有模型不认识的疾病参数；改名或删去",
        "the pack names a parameter that the model does not have; rename it or take it out",
    ),
    "expected.not_positive": (
        "平时均值必须大于 0；--expected 写正数",
        "a usual mean is above 0; give --expected a positive number",
    ),
    "imported.above_cases": (
        "输入病例多于病例总数；核对两列",
        "more cases are imported than there are; compare the two columns",
    ),
    "interval.mean_not_above_one": (
        "代间隔均值必须大于 1 日；核对 --mean-interval",
        "the mean of the serial interval is above one day; see --mean-interval",
    ),
    "interval.not_positive": (
        "代间隔的均值、标准差必须大于 0；核对 --mean-interval 和 --sd-interval",
        "mean and spread of the interval are above 0; see --mean-interval and --sd-interval",
    ),
    "judge.empty": (
        "没有要判断的时期；--last 至少为 1",
        "no time is to be judged; --last is at least 1",
    ),
    "menu.duplicated": (
        "措施表中有重名；改名",
        "two levels of the menu have one name; rename one",
    ),
    "menu.first_not_nothing": (
        "措施表第一行必须是“不采取措施”：各项比例和费用都是 0",
        "the first row of the menu is to be nothing at all: shares and cost 0",
    ),
    "mobility.not_one": (
        "一个地区外出的比例合计超过 1；减小流动表中该地区的各行",
        "an area sends out more than everybody; lower its rows of the mobility table",
    ),
    "plan.none_safe": (
        ("没有方案能把床位不足的概率压到 risk（最低达到 reached）；增加床位或更强、更久的措施，"
        "提高 --bed-price，或放宽 --risk"),
        ("no plan keeps the risk, the least reached is told; add beds or stronger or longer levels, "
        "raise --bed-price, or allow more by --risk"),
    ),
    "pool.not_whole": (
        "混样数必须是至少为 1 的整数；核对 --largest",
        "the size of a pool is a whole number of at least 1; see --largest",
    ),
    "prevalence.out_of_range": _SHARE,
    "series.too_short": (
        "序列太短；至少要有 needed 期，补充更早的数据或缩短窗口",
        "the series is too short for the window; add earlier rows until it has what is needed",
    ),
    "share.out_of_range": _SHARE,
    "start.above_people": (
        "潜伏或免疫的人数多于该地区人口；核对 exposed 与 people 两列",
        "more are exposed than live there; compare the columns exposed and people",
    ),
    "table.empty": (
        "表中没有数据行；检查文件、分隔符，或所需的选项",
        "the table has no row of data; see the file, its separator, or the option that is wanted",
    ),
    "table.no_column": (
        "没有这一列；更正表头，或用选项指出列名",
        "there is no such column; correct the head, or name the column by its option",
    ),
    "table.not_date": (
        "不是日期；写成 2022-03-01（时刻写 2022-03-01T10:30）",
        "this is no date; write 2022-03-01, with a time 2022-03-01T10:30",
    ),
    "table.not_number": (
        "不是数；只写数字，去掉单位、千位分隔符和“nan”",
        "this is no number; write digits only, without units, separators of thousands or “nan”",
    ),
    "table.ragged": (
        "该行的格数与表头不同；检查多余或缺少的逗号",
        "the row has more or fewer cells than the head; look for a comma too many or too few",
    ),
    "table.unknown_name": (
        "没有这个名称；与地区表中的写法保持一致",
        "there is no such name; write it as in the table of areas",
    ),
    "table.unreadable": (
        "文件读不出；检查路径，CSV 存为 UTF-8 或 GB 18030，或用 Parquet；参数包见 bihuan rules",
        ("the file cannot be read; see its path, save CSV as UTF-8 or GB 18030, or use Parquet; for "
        "editions of packs see bihuan rules"),
    ),
    "visit.leave_before_enter": (
        "离开早于进入；核对该行的两个时刻",
        "the visit ends before it begins; compare the two times of the row",
    ),
    "visit.overlap": (
        "同一人同时在两处；更正该行或前一次到访的时刻",
        "the person is at two places at once; correct the times of this or the visit before",
    ),
    "visit.time_out_of_range": (
        "时刻超出可表示的范围；写成 2022-03-01T10:30 或从同一时刻起的分钟数",
        "a time is out of range; write 2022-03-01T10:30 or minutes from one moment on",
    ),
}  # fmt: skip
ELSEWHERE = (
    "含义见 docs/methods/errors.md",
    "docs/methods/errors.md says what the code means",
)


def mending(code: str) -> str:
    """Reason and remedy in the reader's language."""
    return say(*REASONS.get(code, ELSEWHERE))
