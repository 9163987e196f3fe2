// Draw the outline of an area: by pointer, by touch, or by keyboard with a cross that moves. The
// page asks the server what the outline costs; nothing is computed here but where a point lies.
const MOST = 60; // points that an address still holds
const STEP = 12;
const FINE = 2;
const GRIP = 22; // pixels around a point that take hold of it
const SVG = "http://www.w3.org/2000/svg";

const board = document.querySelector("[data-draw]");

function begin() {
  const form = document.querySelector("[data-draw-form]");
  const field = form.querySelector("[name=outline]");
  const area = board.querySelector("polygon");
  const handles = board.querySelector("[data-handles]");
  const cross = board.querySelector(".draw-cross");
  const count = form.querySelector("[data-draw-count]");
  const done = form.querySelector("[data-draw-done]");
  const { width, height } = board.viewBox.baseVal;
  const land = Object.fromEntries(
    ["west", "north", "across", "down"].map((name) => [name, Number(board.dataset[name])]),
  );
  const points = read(field.value, land);
  const at = { x: width / 2, y: height / 2 };
  let held = null; // the point that is dragged
  let onPoint = false; // what is pressed began on a point: its click adds none

  function show() {
    area.setAttribute("points", points.map(({ x, y }) => `${x},${y}`).join(" "));
    handles.replaceChildren(...points.map(handle));
    cross.setAttribute("transform", `translate(${at.x} ${at.y})`);
    count.textContent = `${count.dataset.words} ${points.length}`;
    done.disabled = points.length < 3;
    field.value = points.length < 3 ? "" : written(points, land);
  }

  // A point is small to see and as large as a finger to take hold of.
  function handle(point) {
    const both = document.createElementNS(SVG, "g");
    both.append(circle(point, "draw-handle", 8), circle(point, "draw-grip", GRIP));
    both.addEventListener("pointerdown", (event) => {
      held = point;
      onPoint = true;
      board.setPointerCapture(event.pointerId);
      event.stopPropagation();
    });
    return both;
  }

  function circle({ x, y }, name, pixels) {
    const made = document.createElementNS(SVG, "circle");
    made.setAttribute("class", name);
    made.setAttribute("cx", x);
    made.setAttribute("cy", y);
    made.setAttribute("r", pixels / scaleOf());
    return made;
  }

  function add({ x, y }) {
    if (points.length < MOST) points.push({ x, y });
    show();
  }

  function spot(event) {
    const to = board.getScreenCTM().inverse();
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(to);
    return within(x, y);
  }

  function within(x, y) {
    return { x: Math.min(Math.max(x, 0), width), y: Math.min(Math.max(y, 0), height) };
  }

  board.addEventListener("pointerdown", () => {
    onPoint = false;
  });
  board.addEventListener("pointermove", (event) => {
    if (held === null) return;
    Object.assign(held, spot(event));
    show();
  });
  // A drag by touch ends without a click, one by mouse with it.
  for (const end of ["pointerup", "pointercancel"]) {
    board.addEventListener(end, () => {
      held = null;
    });
  }
  board.addEventListener("click", (event) => {
    if (!onPoint) add(spot(event));
  });

  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  board.addEventListener("keydown", (event) => {
    const size = event.shiftKey ? FINE : STEP;
    if (event.key in steps) {
      const [dx, dy] = steps[event.key];
      Object.assign(at, within(at.x + dx * size, at.y + dy * size));
      show();
    } else if (event.key === "Enter" || event.key === " ") add(at);
    else if (event.key === "Backspace" || event.key === "Delete") drop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function drop() {
    points.pop();
    show();
  }
  form.querySelector("[data-draw-undo]").addEventListener("click", drop);
  form.querySelector("[data-draw-clear]").addEventListener("click", () => {
    points.length = 0;
    show();
  });
  form.hidden = false;
  show();
  declutter();
  new ResizeObserver(() => {
    show();
    declutter();
  }).observe(board);
  pointOut();
}

function scaleOf() {
  return board.getScreenCTM()?.a || 1;
}

// Names in a legible size; where they do not fit the more important ones stay (exposed places, then
// by households), below their place or above it. The others are shown when somebody points there.
function declutter() {
  board.style.setProperty("--unit", 1 / scaleOf());
  const gap = 14 / scaleOf();
  const places = [...board.querySelectorAll(".draw-at")];
  places.sort((one, other) => other.dataset.rank - one.dataset.rank);
  const taken = [];
  for (const place of places) {
    const name = place.querySelector("text");
    const free = [gap * 1.6, -gap * 0.8].some((y) => {
      name.setAttribute("y", y);
      const box = name.getBoundingClientRect();
      if (taken.some((other) => meet(box, other))) return false;
      taken.push(box);
      return true;
    });
    place.classList.toggle("draw-crowded", !free);
  }
}

function meet(one, other) {
  return (
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
  );
}

// The list beside the drawing: pointing at a line, or reaching it by keyboard, shows its place.
function pointOut() {
  const list = document.querySelector(".picks");
  const tell = (event, shown) => {
    const code = event.target.closest("label")?.querySelector("input").value;
    board.querySelector(`[data-code="${code}"]`)?.classList.toggle("draw-shown", shown);
  };
  for (const begun of ["focusin", "pointerover"]) list?.addEventListener(begun, (e) => tell(e, true));
  for (const over of ["focusout", "pointerout"]) list?.addEventListener(over, (e) => tell(e, false));
}

function written(points, land) {
  const ring = points.map(({ x, y }) => [
    Number((land.west + x / land.across).toFixed(5)),
    Number((land.north - y / land.down).toFixed(5)),
  ]);
  return JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
}

function read(text, land) {
  try {
    const [ring] = JSON.parse(text).coordinates;
    return ring.slice(0, -1).map(([lon, lat]) => ({
      x: (lon - land.west) * land.across,
      y: (land.north - lat) * land.down,
    }));
  } catch {
    return [];
  }
}

if (board) begin();
