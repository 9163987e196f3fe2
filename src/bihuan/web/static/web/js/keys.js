// Everything by keyboard. A list marks its rows with data-row and, in each, the link to open with
// data-open; a move's button carries data-key.
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row]")];

function chosen() {
  return document.querySelector("[data-row][aria-selected='true']");
}

function choose(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.indexOf(chosen());
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  all.forEach((row) => row.setAttribute("aria-selected", String(row === next)));
  (next.querySelector("[data-open]") ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const scope = chosen() ?? (rows().length ? null : document);
  const button = scope?.querySelector(`[data-key="${key}"]:not([disabled])`);
  button?.click();
  return Boolean(button);
}

function showHelp() {
  document.querySelector("[data-keys-sheet]")?.showModal();
}

const plain = {
  j: () => choose(1),
  k: () => choose(-1),
  "?": showHelp,
  "/": () => document.querySelector(".filters input, [type='search']")?.focus(),
};

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      document.querySelector("[data-search]")?.click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (plain[event.key]) {
      event.preventDefault();
      plain[event.key]();
    } else if (/^[a-z]$/.test(event.key) && press(event.key)) {
      event.preventDefault();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys]")) return;
    event.preventDefault();
    showHelp();
  });
}
