// Bars, a line and a band of uncertainty. The figures come from the table beside the chart; the
// drawing can be kept.
const style = getComputedStyle(document.documentElement);
const ink = style.getPropertyValue("--quiet").trim() || "#667382";
const TONES = ["#1f6fb2", "#64748b", "#7c5cbf"];
const LINE = "#d97706";

function columns(box) {
  const table = box.parentElement.querySelector("[data-band-table]");
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((c) => c.textContent.trim()));
  const number = (text) => (/^-?[\d.]+$/.test(text) ? Number(text) : null);
  const heads = [...table.tHead.rows[0].cells];
  const told = heads.map((head, at) => ({
    name: head.textContent.trim(),
    role: head.dataset.role,
    data: rows.map((row) => number(row[at])),
  }));
  return { days: rows.map((row) => row[0]), told: told.filter((column) => column.role) };
}

// Parts of a whole stand on each other; what is compared ("side") stands side by side.
function bars(found, stack) {
  return found.map((column, at) => ({
    name: column.name,
    type: "bar",
    barMaxWidth: 48,
    stack,
    data: column.data,
    itemStyle: { color: TONES[at % TONES.length] },
  }));
}

function lines(found) {
  return found.map((column) => ({
    name: column.name,
    type: "line",
    symbol: "none",
    data: column.data,
    lineStyle: { color: LINE },
    itemStyle: { color: LINE },
  }));
}

function band(low, high) {
  if (!low || !high) return [];
  const hidden = { type: "line", stack: "band", symbol: "none", lineStyle: { opacity: 0 }, silent: true };
  const width = high.data.map((top, at) => (top === null || low.data[at] === null ? null : top - low.data[at]));
  return [
    { ...hidden, data: low.data },
    { ...hidden, data: width, areaStyle: { color: LINE, opacity: 0.2 } },
  ];
}

function option(box) {
  const { days, told } = columns(box);
  const of = (role) => told.filter((column) => column.role === role);
  const line = { lineStyle: { color: ink } };
  const named = [...of("bar"), ...of("side"), ...of("line")].map((column) => column.name);
  return {
    animation: false,
    textStyle: { color: ink },
    grid: { left: 44, right: 16, top: 36, bottom: 32 },
    legend: { type: "scroll", top: 0, left: 8, right: 40, data: named, textStyle: { color: ink } },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: days, axisLine: line },
    toolbox: { right: 0, feature: { saveAsImage: { title: "", name: box.dataset.bandChart || "chart" } } },
    yAxis: { type: "value", minInterval: "whole" in box.dataset ? 1 : 0, axisLine: line, splitLine: { lineStyle: { opacity: 0.3 } } },
    series: [...bars(of("bar"), "cases"), ...bars(of("side")), ...band(of("low")[0], of("high")[0]), ...lines(of("line"))],
  };
}

for (const box of document.querySelectorAll("[data-band-chart]")) {
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  chart.setOption(option(box));
  new ResizeObserver(() => chart.resize()).observe(box);
}
