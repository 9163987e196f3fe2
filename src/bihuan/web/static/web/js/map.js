// The map of a place: one polygon or tile for each place below, coloured by a share, never by a
// count. Words and addresses come from the page; the same figures stand in the table beside it.
const box = document.querySelector("[data-map]");

const root = getComputedStyle(document.documentElement);
const tone = (name) => root.getPropertyValue(name).trim();

// The legend holds the colours, of the light theme or the dark, and the ink that reads on each.
function tints() {
  const found = {};
  for (const swatch of document.querySelectorAll("[data-tint]")) {
    const { backgroundColor, color } = getComputedStyle(swatch);
    found[swatch.dataset.tint] = { area: backgroundColor, ink: color };
  }
  found.none = { area: tone("--desk"), ink: tone("--quiet") };
  return found;
}

function told(place) {
  if (place.told) return [place.name, ...place.told].join("\n");
  const words = box.dataset;
  return [
    place.name,
    `${words.share} ${place.known ? place.share : words.none}`,
    `${words.open} ${place.open}`,
    `${words.overdue} ${place.overdue}`,
    `${words.closed} ${place.closed}`,
  ].join("\n");
}

function drawnPlace(place, colours, named) {
  const { area, ink } = colours[place.tint ?? "none"];
  return {
    name: place.code,
    itemStyle: { areaColor: area },
    emphasis: { label: { color: ink }, itemStyle: { areaColor: area, borderWidth: 2.5 } },
    label: {
      show: named,
      formatter: place.short,
      color: ink,
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: 12,
    },
  };
}

function options(drawn) {
  const colours = tints();
  const byCode = new Map(drawn.places.map((place) => [place.code, place]));
  const named = drawn.places.length <= 60;
  return {
    animation: false,
    tooltip: {
      trigger: "item",
      renderMode: "richText",
      backgroundColor: tone("--paper"),
      borderColor: tone("--line"),
      textStyle: { color: getComputedStyle(document.body).color },
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
        itemStyle: { borderColor: tone("--quiet"), borderWidth: 0.8 },
        data: drawn.places.map((place) => drawnPlace(place, colours, named)),
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
    link.href = chart.getDataURL({ pixelRatio: 2, backgroundColor: tone("--paper") });
    link.download = box.dataset.name || "situation.png";
    link.click();
  });
}

if (box) draw();
