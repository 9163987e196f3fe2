// Cases of an event by place up to the day of the stepper, and the way they went. The same figures
// stand in the table beside the map, which follows the day too.
const box = document.querySelector("[data-chain-map]");
const field = document.querySelector("[data-chains] input[name=day]");
const root = getComputedStyle(document.documentElement);
const tone = (name) => root.getPropertyValue(name).trim();
const DASHES = { checked: "solid", likely: "solid", possible: "dashed", doubtful: "dotted" };

function counted(drawn, day) {
  const found = new Map();
  for (const one of drawn.cases) {
    if (one.day <= day) found.set(one.place, [...(found.get(one.place) ?? []), one.day]);
  }
  return found;
}

function circles(drawn, found) {
  return drawn.places
    .filter((place) => found.has(place.code))
    .map((place) => ({ name: place.name, value: [...place.at, found.get(place.code).length] }));
}

function ways(drawn, day) {
  const at = new Map(drawn.places.map((place) => [place.code, place]));
  return drawn.links
    .filter((link) => link.day <= day && at.has(link.from) && at.has(link.to))
    .map((link) => ({
      name: `${at.get(link.from).name} → ${at.get(link.to).name}`,
      coords: [at.get(link.from).at, at.get(link.to).at],
      lineStyle: { type: DASHES[link.sure], width: link.sure === "checked" ? 2.5 : 1.5 },
    }));
}

// A head on each way, nearer to where it leads; a triangle points up before it is turned.
function heads(lines) {
  return lines.map(({ name, coords: [from, to] }) => {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    return {
      name,
      value: [from[0] + 0.6 * dx, from[1] + 0.6 * dy],
      symbolRotate: (Math.atan2(-dx, dy) * 180) / Math.PI,
    };
  });
}

function options(drawn, day) {
  const found = counted(drawn, day);
  const lines = ways(drawn, day);
  const ink = getComputedStyle(document.body).color;
  return {
    animation: false,
    tooltip: {
      trigger: "item",
      renderMode: "richText",
      backgroundColor: tone("--paper"),
      borderColor: tone("--line"),
      textStyle: { color: ink },
      formatter: ({ name, value }) => (value?.[2] ? `${name} ${value[2]}` : name),
    },
    geo: {
      map: "chains",
      aspectScale: drawn.flat ? 1 : 0.9,
      layoutCenter: ["50%", "50%"],
      layoutSize: "94%",
      silent: true,
      itemStyle: { areaColor: tone("--desk"), borderColor: tone("--quiet"), borderWidth: 0.8 },
    },
    series: [
      {
        type: "lines",
        coordinateSystem: "geo",
        lineStyle: { color: ink, opacity: 0.8 },
        data: lines,
      },
      {
        type: "scatter",
        coordinateSystem: "geo",
        symbol: "triangle",
        symbolSize: 10,
        itemStyle: { color: ink },
        data: heads(lines),
      },
      {
        type: "scatter",
        coordinateSystem: "geo",
        symbolSize: (value) => Math.min(56, 18 + 5 * Math.sqrt(value[2])),
        itemStyle: { color: tone("--tblr-primary"), borderColor: tone("--paper"), borderWidth: 1.5 },
        label: { show: true, formatter: ({ value }) => value[2], color: "#fff", fontWeight: 600 },
        data: circles(drawn, found),
      },
    ],
  };
}

// The table of the page is of the day asked for; stepping changes it here.
function tell(drawn, day) {
  const found = counted(drawn, day);
  for (const row of document.querySelectorAll("[data-map-row]")) {
    const code = row.dataset.mapRow;
    const days = (found.get(code) ?? []).sort();
    row.hidden = !days.length;
    const passed = drawn.links.filter((link) => link.day <= day);
    const cells = {
      cases: days.length,
      first: days[0] ?? "",
      last: days.at(-1) ?? "",
      came: passed.filter((link) => link.to === code).length,
      went: passed.filter((link) => link.from === code).length,
    };
    for (const [name, value] of Object.entries(cells)) {
      row.querySelector(`[data-cell=${name}]`).textContent = value;
    }
  }
}

async function draw() {
  const answer = await fetch(box.dataset.chainMap, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const drawn = await answer.json();
  window.echarts.registerMap("chains", drawn.shapes);
  let chart = null;
  const show = () => {
    const day = field.value || field.max;
    tell(drawn, day);
    if (!box.clientWidth || !box.clientHeight) return; // a map without an area cannot be drawn
    chart ??= window.echarts.init(box, null, { renderer: "canvas" });
    if (chart.getWidth() !== box.clientWidth) chart.resize();
    chart.setOption(options(drawn, day), { notMerge: true });
  };
  new ResizeObserver(show).observe(box);
  document.addEventListener("chains:day", show);
}

if (box && field) draw();
