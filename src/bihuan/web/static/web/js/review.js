// The review: a mark leads to its card and back, chosen cards stay chosen after a swap, selected
// words become a demand, "u" takes the last step back, a box ticks all nodes.
const review = () => document.querySelector("[data-review]");
const cards = () => [...document.querySelectorAll("[data-draft-card]")];
let chosen = "";
let place = 0; // where the chosen card stands: when it is merged away, its place is chosen
let onward = false; // "a" keeps a card and goes on to the next that waits for a decision

function choose(id) {
  chosen = id;
  place = Math.max(0, cards().findIndex((card) => card.id === id));
}

function light(id, from) {
  choose(id ? `d${id}` : "");
  for (const mark of document.querySelectorAll("[data-mark]")) {
    mark.setAttribute("aria-current", String(mark.dataset.mark === id));
  }
  for (const card of cards()) {
    card.setAttribute("aria-selected", String(card.dataset.draftCard === id));
  }
  const other = from === "mark"
    ? document.getElementById(`d${id}`)
    : document.querySelector(`[data-mark="${id}"]`);
  other?.scrollIntoView({ block: "center" });
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-mark]");
  const card = event.target.closest("[data-draft-card]");
  if (mark) {
    event.preventDefault();
    if (getSelection().isCollapsed) light(mark.dataset.mark, "mark");
  } else if (event.target.closest("[data-to-mark]")) {
    event.preventDefault();
    light(event.target.closest("[data-to-mark]").dataset.toMark, "card");
  } else if (card) {
    choose(card.id);
  }
});

// j and k move the focus; the text follows.
document.addEventListener("focusin", (event) => {
  const link = event.target.closest("[data-to-mark]");
  const card = link?.closest("[data-draft-card][aria-selected='true']");
  if (card && card.id !== chosen) light(card.dataset.draftCard, "card");
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  onward = event.key === "a";
  if (event.key === "u") document.querySelector("[data-undo]")?.click();
});

document.addEventListener("htmx:after:swap", () => {
  if (!review()) return;
  const field = document.querySelector(".draft-form [autofocus]");
  const there = cards()[Math.min(place, cards().length - 1)];
  const waiting = onward && cards().slice(place + 1).find((one) => one.querySelector("[data-key='a']"));
  onward = false;
  if (waiting) light(waiting.dataset.draftCard, "card");
  const card = chosen && (document.getElementById(chosen) ?? there);
  if (card) choose(card.id);
  if (card) card.setAttribute("aria-selected", "true");
  if (field) field.focus();
  else if (card?.querySelector(".draft-form form")) {
    card.querySelector(".draft-form textarea, .draft-form select, .draft-form button")?.focus();
  } else card?.querySelector("[data-open]")?.focus({ preventScroll: true });
});

// The offset of a point of the text: the start of its piece, plus the characters before it there.
function offset(node, at) {
  const piece = node.parentElement?.closest("[data-start]");
  if (!piece) return null;
  const range = document.createRange();
  range.selectNodeContents(piece);
  range.setEnd(node, at);
  const number = piece.querySelector("sup")?.textContent.length ?? 0;
  return Number(piece.dataset.start) + [...range.toString()].length - number;
}

document.addEventListener("selectionchange", () => {
  const form = document.querySelector("[data-add-form]");
  const picked = getSelection();
  const prose = document.querySelector("[data-prose]");
  if (!form || !prose || picked.isCollapsed || !prose.contains(picked.anchorNode)) return;
  const range = picked.getRangeAt(0);
  const start = offset(range.startContainer, range.startOffset);
  const end = offset(range.endContainer, range.endOffset);
  if (start === null || end === null || end <= start) return;
  form.elements.start.value = start;
  form.elements.end.value = end;
  const words = range.cloneContents();
  words.querySelectorAll("sup").forEach((number) => number.remove());
  form.elements.text.value = words.textContent;
  form.closest("details").open = true;
});

// Typed words are no stretch of the text any more.
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-add-form]");
  if (form) form.elements.start.value = form.elements.end.value = "";
});

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-pick-all]");
  if (!all) return;
  for (const box of document.querySelectorAll(`input[name='${all.dataset.pickAll}']`)) {
    box.checked = all.checked;
  }
});
