// One stop: the checklist, hazards on the spot, photos, the signature. Every answer is kept at once.
import * as store from "./store.js";
import { camera, hazardPanel, isComplete, offerCodes } from "./hazard.js";
import { isAsked, isGap, kindOf, leftOpen, mayStand } from "./rules.js";
import { signaturePad } from "./sign.js";
import { whereabouts } from "./photo.js";
import { words } from "./route.js";

const english = document.documentElement.lang.startsWith("en");
const say = (item) => (english && item.text_en) || item.text;
// A hazard is called by what is wrong; an item tells the good state, or the gap among its choices.
function finding(item) {
  const gap = (item.choices ?? []).find(([name]) => name === item.gap);
  const told = kindOf(item) === "check" ? words("notmet") + say(item)
    : `${say(item)}${english ? ": " : ":"}${(gap && ((english && gap[2]) || gap[1])) ?? ""}`;
  return told.slice(0, 120);
}
const copied = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const SAVE_MS = 250;

export function freshDraft(stop) {
  return {
    stop: stop.id, seen: stop.seen, begun_at: new Date().toISOString(), answers: {}, hazards: {},
    photos: [], signer: "",
  };
}

function typedField(item, draft, answered) {
  const box = copied(`typed-${item.choices ? kindOf(item) : { image: "image", geopoint: "geopoint" }[kindOf(item)] ?? "text"}`);
  const field = box.querySelector("input, select, fieldset") ?? box;
  const kept = draft.answers[item.code];
  if (kindOf(item) === "select_one") {
    for (const [name, zh, en] of item.choices) field.append(new Option((english && en) || zh, name));
    field.value = kept ?? "";
    field.addEventListener("change", () => answered(field.value || undefined));
  } else if (kindOf(item) === "select_multiple") {
    for (const [name, zh, en] of item.choices) {
      const line = copied("typed-tick");
      const tick = line.querySelector("input");
      Object.assign(tick, { value: name, checked: (kept ?? []).includes(name) });
      line.append((english && en) || zh);
      field.append(line);
    }
    field.addEventListener("change", () => {
      const chosen = [...field.querySelectorAll("input:checked")].map((tick) => tick.value);
      answered(chosen.length ? chosen : undefined);
    });
  } else if (kindOf(item) === "geopoint") {
    const shown = box.querySelector("output");
    shown.textContent = kept ? kept.join(", ") : "";
    box.querySelector("button").addEventListener("click", async () => {
      const place = await whereabouts();
      if (!place) return;
      answered([place.lon, place.lat]);
      shown.textContent = `${place.lat}, ${place.lon}`;
    });
  } else if (kindOf(item) !== "image") {
    field.type = kindOf(item) === "date" ? "date" : "text";
    field.inputMode = { integer: "numeric", decimal: "decimal" }[kindOf(item)] ?? "";
    field.value = kept ?? "";
    field.addEventListener("change", () => {
      const said = field.value.trim();
      const figure = kindOf(item) === "integer" ? /^-?\d+$/.test(said) : said !== "" && Number.isFinite(Number(said));
      const isFigure = ["integer", "decimal"].includes(kindOf(item));
      answered(said === "" || (isFigure && !figure) ? undefined : isFigure ? Number(said) : said);
    });
  }
  if (field !== box || !box.matches("div")) field.setAttribute("aria-label", say(item));
  return box;
}

// `last`: nothing of the visit is left after this list, so it is signed here.
export function stopScreen(screen, { stop, checklist, pack, draft, last, done }) {
  const list = screen.querySelector("[data-items]");
  const lines = new Map();
  let timer = 0;

  const save = () => store.put(`draft:${stop.id}`, "draft", draft);
  const changed = () => {
    draft.ready = false;
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_MS);
    judge();
  };
  function judge() {
    for (const [code, { item, line }] of lines) {
      line.hidden = kindOf(item) !== "note" && !isAsked(item, draft.answers);
      if (line.hidden) { delete draft.answers[code]; delete draft.hazards[code]; }
    }
    const left = leftOpen(checklist.items, draft.answers).length;
    const whole = Object.values(draft.hazards).every((found) => isComplete(found, pack.criteria));
    screen.querySelector("[data-left]").textContent = left;
    screen.querySelector("[data-unfinished]").hidden = whole;
    screen.querySelector("[data-finish]").disabled = left > 0 || !whole;
  }
  function showHazard(item, line) {
    const box = line.querySelector("[data-hazard]");
    const gap = isGap(item, draft.answers[item.code]);
    if (!gap) delete draft.hazards[item.code];
    if (gap === box.childElementCount > 0) return;
    box.replaceChildren();
    if (!gap) return;
    const found = (draft.hazards[item.code] ??= {
      item: item.code, title: finding(item), type: item.type ?? "", photos: [],
    });
    box.append(hazardPanel(found, { stop, pack, changed }));
  }
  function mark(item, line) {
    for (const button of line.querySelectorAll("[data-answer]")) {
      button.setAttribute("aria-pressed", String(button.dataset.answer === draft.answers[item.code]));
    }
  }
  function answer(item, line, value) {
    const stands = value !== undefined && mayStand(item, value, draft.answers);
    if (stands) draft.answers[item.code] = value;
    else delete draft.answers[item.code];
    line.querySelector("[data-wrong]").hidden = stands || value === undefined;
    mark(item, line);
    showHazard(item, line);
    changed();
  }
  function shown(item, group) {
    const line = copied("item");
    if (item.group && item.group !== group) {
      line.querySelector("h3").textContent = (english && item.group_en) || item.group;
      line.querySelector("h3").hidden = false;
    }
    line.querySelector("[data-text]").textContent = /^\d+$/.test(item.code) ? `${item.code}. ${say(item)}` : say(item);
    line.querySelector("[data-wrong]").textContent = item.message ?? "";
    line.querySelector("[data-check]").hidden = kindOf(item) !== "check";
    line.dataset.code = item.code;
    if (!["check", "note"].includes(kindOf(item))) {
      const box = typedField(item, draft, (value) => answer(item, line, value));
      line.querySelector("[data-typed]").append(box);
      if (kindOf(item) === "image") {
        const shots = draft.photos.filter((shot) => shot.item === item.code);
        camera(box.querySelector("input"), box.querySelector("[data-shots]"), shots, stop.name, () => {
          for (const shot of shots) if (!draft.photos.some((one) => one.sha256 === shot.sha256)) draft.photos.push(Object.assign(shot, { item: item.code }));
          answer(item, line, shots.length || undefined);
        });
      }
    }
    mark(item, line);
    showHazard(item, line);
    lines.set(item.code, { item, line });
    return line;
  }

  offerCodes(pack.codes);
  let group = "";
  const all = document.createDocumentFragment();
  for (const item of checklist.items) { all.append(shown(item, group)); group = item.group ?? ""; }
  list.replaceChildren(all);
  list.onclick = (event) => {
    const button = event.target.closest("[data-answer]");
    if (!button) return;
    const { item, line } = lines.get(button.closest("[data-code]").dataset.code);
    answer(item, line, button.dataset.answer);
  };
  screen.querySelector("[data-sign]").hidden = !last;
  screen.querySelector("[data-finish]").textContent = words(last ? "finish" : "next");
  const sign = signaturePad(screen.querySelector("[data-sign]"));
  const signer = screen.querySelector("[data-signer]");
  signer.value = draft.signer;
  signer.oninput = () => { draft.signer = signer.value; changed(); };
  screen.querySelector("[data-finish]").onclick = async () => {
    clearTimeout(timer);
    await done(draft, await sign());
  };
  judge();
}
