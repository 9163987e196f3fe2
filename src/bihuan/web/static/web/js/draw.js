// Draw the outline of an area: by pointer, by touch, or by keyboard with a cross that moves. The
// page asks the server what the outline costs; nothing is computed here but where a point lies.
const MOST = 60; // points that an address still holds
const STEP = 12;
const FINE = 2;
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
  let held = null;

  function show() {
    area.setAttribute("points", points.map(({ x, y }) => `${x},${y}`).join(" "));
    handles.replaceChildren(...points.map(handle));
    cross.setAttribute("transform", `translate(${at.x} ${at.y})`);
    count.textContent = `${count.dataset.words} ${points.length}`;
    done.disabled = points.length < 3;
    field.value = points.length < 3 ? "" : written(points, land);
  }

  function handle(point) {
    const made = document.createElementNS(SVG, "circle");
    made.setAttribute("class", "draw-handle");
    made.setAttribute("cx", point.x);
    made.setAttribute("cy", point.y);
    made.setAttribute("r", 9);
    made.addEventListener("pointerdown", (event) => {
      held = point;
      board.setPointerCapture(event.pointerId);
      event.stopPropagation();
    });
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

  let moved = false;
  board.addEventListener("pointermove", (event) => {
    if (held === null) return;
    moved = true;
    Object.assign(held, spot(event));
    show();
  });
  board.addEventListener("click", (event) => {
    // the click that ends a drag adds nothing, nor does one on a point
    if (held === null && !moved) add(spot(event));
    held = null;
    moved = false;
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
