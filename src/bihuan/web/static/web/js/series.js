// Charts of daily counts. The figures come from the table beside the chart; nothing is invented.
const style = getComputedStyle(document.documentElement);
const ink = style.getPropertyValue("--quiet").trim() || "#667382";
const TONES = ["#1f6fb2", "#d97706", "#2f855a", "#7c5cbf", "#64748b"];

function figures(box) {
  const table = box.parentElement.querySelector("[data-series-table]");
  const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((c) => c.textContent.trim()));
  const number = (text) => (/^\d+$/.test(text) ? Number(text) : null);
  return {
    heads,
    days: rows.map((row) => row[0]),
    columns: heads.map((_, at) => rows.map((row) => number(row[at + 1]))),
  };
}

function base(days) {
  const line = { lineStyle: { color: ink } };
  return {
    animation: false,
    textStyle: { color: ink },
    grid: { left: 44, right: 16, top: 36, bottom: 32 },
    legend: { top: 0, textStyle: { color: ink } },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: days, axisLine: line },
    yAxis: { type: "value", minInterval: 1, axisLine: line, splitLine: { lineStyle: { opacity: 0.3 } } },
  };
}

function series(box) {
  const told = figures(box);
  const flat = (value) => told.days.map(() => Number(value));
  const dashed = { type: "line", symbol: "none", lineStyle: { type: "dashed", color: "#d97706" } };
  return {
    ...base(told.days),
    series: [
      { name: box.dataset.count, type: "bar", data: told.columns[0], itemStyle: { color: TONES[0] } },
      // a bound of a week's total says nothing of a day: such a page gives no bound
      ...(box.dataset.bound
        ? [{ name: box.dataset.bound, ...dashed, itemStyle: { color: "#d97706" }, data: flat(box.dataset.limit) }]
        : []),
    ],
  };
}

function curve(box) {
  const told = figures(box);
  return {
    ...base(told.days),
    series: told.heads.map((name, at) => ({
      name,
      type: "bar",
      stack: "cases",
      data: told.columns[at],
      itemStyle: { color: TONES[at % TONES.length] },
    })),
  };
}

for (const box of document.querySelectorAll("[data-series], [data-curve]")) {
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  chart.setOption(box.hasAttribute("data-series") ? series(box) : curve(box));
  new ResizeObserver(() => chart.resize()).observe(box);
}
