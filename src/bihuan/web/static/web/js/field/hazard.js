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
  const own = pack.criteria.filter((row) => row.sectors.includes(stop.sector));
  const criteria = own.length ? own : pack.criteria;
  const standing = () => criteria.find((row) => row.key === field("criterion").value);
  const grading = panel.querySelector("[data-grading]");
  grading.hidden = !pack.may_grade;
  offer(field("criterion"), criteria);
  for (const name of ["title", "text", "criterion", "interim", "rehousing"]) field(name).value = found[name] ?? "";

  const showInterim = () => {
    const row = standing();
    panel.querySelector("[data-interim]").hidden = !row;
    field("interim").required = Boolean(row);
    panel.querySelector("[data-rehousing]").hidden = !row?.rehousing;
    field("rehousing").required = Boolean(row?.rehousing);
  };
  field("code").addEventListener("input", () => {
    const code = pack.codes.find((row) => row.code === field("code").value.trim());
    if (!code) return;
    Object.assign(found, { title: inWords(code), type: code.type });
    field("title").value = found.title;
    // A criterion of another industry is not proposed: it does not stand in the list.
    if (pack.may_grade && criteria.some((row) => row.key === code.criterion)) {
      found.criterion = field("criterion").value = code.criterion;
    }
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

// What would be refused is not sent: a major hazard needs its interim measure, one where people
// sleep also who helps them to move.
export function isComplete(found, criteria) {
  const row = criteria.find((one) => one.key === found.criterion);
  const said = (name) => Boolean(found[name]?.trim());
  return said("title") && (!row || said("interim")) && (!row?.rehousing || said("rehousing"));
}

// The two digits in words, offered by every box for a quick code.
export function offerCodes(codes) {
  const list = document.getElementById("quick-codes");
  list.replaceChildren(...codes.map((row) => new Option(inWords(row), row.code)));
}
