// The map of a place: one polygon or tile for each place below, coloured by a share, never by a
// count. Words and addresses come from the page; the same figures stand in the table beside it.
const box = document.querySelector("[data-map]");

function tints() {
  const found = {};
  for (const swatch of document.querySelectorAll("[data-tint]")) {
    found[swatch.dataset.tint] = getComputedStyle(swatch).backgroundColor;
  }
  found.none = getComputedStyle(document.documentElement).getPropertyValue("--desk").trim();
  return found;
}

const percent = (share) => (share === null ? box.dataset.none : `${Math.round(share * 100)}%`);

function told(place) {
  const words = box.dataset;
  return [
    place.name,
    `${words.share} ${percent(place.share)}`,
    `${words.open} ${place.open}`,
    `${words.overdue} ${place.overdue}`,
    `${words.closed} ${place.closed}`,
  ].join("\n");
}

function options(drawn) {
  const colours = tints();
  const style = getComputedStyle(document.body);
  const line = getComputedStyle(document.documentElement).getPropertyValue("--quiet").trim();
  const byCode = new Map(drawn.places.map((place) => [place.code, place]));
  const ink = (tint) => (tint !== null && tint >= 3 ? "#fff" : "#1c2430");
  return {
    animation: false,
    tooltip: {
      trigger: "item",
      renderMode: "richText",
      borderColor: line,
      formatter: ({ name }) => (byCode.has(name) ? told(byCode.get(name)) : ""),
    },
    series: [
      {
        type: "map",
        map: "below",
        aspectScale: drawn.flat ? 1 : 0.9,
        layoutCenter: ["50%", "50%"],
        layoutSize: "96%",
        selectedMode: false,
        itemStyle: { borderColor: line, borderWidth: 0.8 },
        data: drawn.places.map((place) => ({
          name: place.code,
          value: place.share ?? 0,
          itemStyle: { areaColor: colours[place.tint ?? "none"] },
          emphasis: {
            label: { color: ink(place.tint) },
            itemStyle: { areaColor: colours[place.tint ?? "none"], borderWidth: 2.5 },
          },
          label: {
            show: drawn.places.length <= 60,
            formatter: place.short,
            color: ink(place.tint),
            fontFamily: style.fontFamily,
            fontSize: 12,
          },
        })),
        labelLayout: { hideOverlap: true },
      },
    ],
  };
}

async function draw() {
  const answer = await fetch(box.dataset.map, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const drawn = await answer.json();
  const { echarts } = window;
  echarts.registerMap("below", drawn.shapes);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const hrefs = new Map(drawn.places.map((place) => [place.code, place.href]));
  chart.on("click", ({ name }) => {
    if (hrefs.has(name)) window.location.assign(hrefs.get(name) + window.location.search);
  });
  fit(chart, options(drawn));
  offerPicture(chart);
}

// Drawn once the box has a size, and again when it changes; a map without an area cannot be drawn.
function fit(chart, wanted) {
  let drawn = false;
  new ResizeObserver(() => {
    if (!box.clientWidth || !box.clientHeight) return;
    chart.resize();
    if (!drawn) chart.setOption(wanted);
    drawn = true;
  }).observe(box);
}

function offerPicture(chart) {
  const button = document.querySelector("[data-picture]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = chart.getDataURL({ pixelRatio: 2, backgroundColor: "#fff" });
    link.download = "situation.png";
    link.click();
  });
}

if (box) draw();
