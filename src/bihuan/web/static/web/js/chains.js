// Steps through the days of a picture of chains, and walks from case to case by keyboard.
const DAY_MS = 86_400_000;

function show(box, day) {
  let seen = 0;
  for (const part of box.querySelectorAll("[data-day]")) {
    const there = part.dataset.day <= day;
    part.setAttribute("visibility", there ? "visible" : "hidden");
    if (part.tagName.toLowerCase() === "a") {
      part.setAttribute("tabindex", there ? "0" : "-1");
      seen += there ? 1 : 0;
    }
  }
  box.querySelector("[data-count]").textContent = seen;
  document.dispatchEvent(new CustomEvent("chains:day"));
}

function step(box, by) {
  const field = box.querySelector("input[name=day]");
  const next = new Date(Date.parse(field.value || field.max) + by * DAY_MS).toISOString().slice(0, 10);
  if (next < field.min || next > field.max) return;
  field.value = next;
  show(box, next);
}

function walk(box, by) {
  const cases = [...box.querySelectorAll('a[data-day]:not([tabindex="-1"])')];
  const here = cases.indexOf(document.activeElement);
  const next = cases[Math.max(0, Math.min(cases.length - 1, here + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const MOVES = {
  ArrowLeft: (box) => step(box, -1),
  ArrowRight: (box) => step(box, 1),
  ArrowUp: (box) => walk(box, -1),
  ArrowDown: (box) => walk(box, 1),
};

for (const box of document.querySelectorAll("[data-chains]")) {
  for (const button of box.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => step(box, Number(button.dataset.step)));
  }
  const field = box.querySelector("input[name=day]");
  field.addEventListener("input", () => field.value && show(box, field.value));
  box.querySelector(".chainbox").addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    move(box);
  });
  show(box, field.value || field.max);
}
