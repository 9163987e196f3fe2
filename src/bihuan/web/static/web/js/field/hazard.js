// One hazard found on the spot: a quick code fills it in, a criterion makes it major at once.
import * as store from "./store.js";
import { taken, whereabouts } from "./photo.js";

const english = document.documentElement.lang.startsWith("en");
export const inWords = (row) => (english && row.title_en) || row.title;

function offer(select, rows) {
  for (const row of rows) select.append(new Option(inWords(row), row.key));
}

export async function showShots(list, shots) {
  list.replaceChildren();
  for (const { sha256 } of shots) {
    const bytes = await store.get(sha256);
    if (!bytes) continue;
    const picture = new Image();
    picture.alt = "";
    picture.src = URL.createObjectURL(new Blob([bytes]));
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    list.append(picture);
  }
}

// Photos from the camera, each kept sealed before anything else happens.
export function camera(input, list, shots, name, changed) {
  showShots(list, shots);
  input.addEventListener("change", async () => {
    input.disabled = true;
    const place = await whereabouts();
    for (const file of input.files) {
      const { shot, bytes } = await taken(file, name, place);
      await store.put(shot.sha256, "photo", bytes);
      if (!shots.some((one) => one.sha256 === shot.sha256)) shots.push(shot);
    }
    input.value = "";
    input.disabled = false;
    await showShots(list, shots);
    changed();
  });
}

export function hazardPanel(found, { stop, pack, changed }) {
  const panel = document.getElementById("hazard").content.firstElementChild.cloneNode(true);
  const field = (name) => panel.querySelector(`[data-field="${name}"]`);
  const criteria = pack.criteria.filter((row) => row.sectors.includes(stop.sector));
  const grading = panel.querySelector("[data-grading]");
  grading.hidden = !pack.may_grade;
  offer(field("criterion"), criteria.length ? criteria : pack.criteria);
  for (const name of ["title", "text", "criterion", "interim"]) field(name).value = found[name] ?? "";

  const showInterim = () => {
    const major = !["", "none"].includes(field("criterion").value);
    panel.querySelector("[data-interim]").hidden = !major;
    field("interim").required = major;
  };
  field("code").addEventListener("input", () => {
    const code = pack.codes.find((row) => row.code === field("code").value.trim());
    if (!code) return;
    Object.assign(found, { title: inWords(code), type: code.type });
    field("title").value = found.title;
    if (pack.may_grade && code.criterion) found.criterion = field("criterion").value = code.criterion;
    showInterim();
    changed();
  });
  panel.addEventListener("input", (event) => {
    const name = event.target.dataset.field;
    if (!name || name === "code") return;
    found[name] = event.target.value;
    showInterim();
    changed();
  });
  camera(panel.querySelector("[data-photo]"), panel.querySelector("[data-shots]"),
    found.photos, stop.name, changed);
  showInterim();
  return panel;
}

// A major hazard without its interim measure cannot be sent: it would be refused.
export const isComplete = (found) =>
  Boolean(found.title?.trim()) &&
  (["", "none", undefined].includes(found.criterion) || Boolean(found.interim?.trim()));
