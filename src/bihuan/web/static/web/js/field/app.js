// The field app: which screen is shown, when something is sent.
import * as store from "./store.js";
import { enrol, fetchPack, sendAll } from "./sync.js";
import { isClosed, routeScreen, states, words } from "./route.js";
import { freshDraft, stopScreen } from "./stop.js";

const screens = document.querySelectorAll("[data-screen]");
const bar = document.querySelector("[data-bar]");
let pack = null;

function show(name) {
  for (const screen of screens) screen.hidden = screen.dataset.screen !== name;
  return document.querySelector(`[data-screen="${name}"]`);
}

function tell(name, more = "") {
  bar.textContent = words(name) + more;
  bar.dataset.state = name;
}

// The other lists of a joint visit that are still on the device.
async function rest(stop) {
  const found = await states();
  return pack.stops.filter(
    (one) => stop.visit && one.visit === stop.visit && one.id !== stop.id && !isClosed(found.get(one.id)),
  );
}

async function unready(stop) {
  const others = await rest(stop);
  const drafts = await Promise.all(others.map((one) => store.get(`draft:${one.id}`)));
  return others.find((_one, i) => !drafts[i]?.ready);
}

async function keep(stop, draft, signature, signer) {
  const photos = draft.photos.map((shot) => shot.sha256);
  for (const found of Object.values(draft.hazards)) photos.push(...found.photos.map((shot) => shot.sha256));
  if (signature) photos.push(signature.shot.sha256);
  const body = {
    establishment: stop.establishment, checklist: stop.checklist, seen: draft.seen,
    begun_at: draft.begun_at, ended_at: new Date().toISOString(), answers: draft.answers,
    hazards: Object.values(draft.hazards), photos: draft.photos,
    signature: signature?.shot ?? null, signer,
  };
  const key = crypto.randomUUID();
  await store.put(key, "entry", { key, stop: stop.id, name: stop.name, body, photos: [...new Set(photos)] });
  await store.drop([`draft:${stop.id}`]);
}

// A list of a joint visit waits for the others; the last one is signed for all of them.
async function finish(stop, draft, signature) {
  const next = await unready(stop);
  if (next) {
    await store.put(`draft:${stop.id}`, "draft", { ...draft, ready: true });
    location.hash = `#stop/${next.id}`;
    return;
  }
  if (signature) await store.put(signature.shot.sha256, "photo", signature.bytes);
  for (const other of await rest(stop)) {
    await keep(other, await store.get(`draft:${other.id}`), signature, draft.signer);
  }
  await keep(stop, draft, signature, draft.signer);
  location.hash = "";
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.sync?.register("field").catch(() => {});
  send();
}

async function open() {
  const id = location.hash.replace("#stop/", "");
  const stop = pack?.stops.find((one) => one.id === id);
  if (!stop || isClosed((await states()).get(stop.id))) return routeScreen(show("route"), pack);
  const screen = show("stop");
  const draft = (await store.get(`draft:${id}`)) ?? freshDraft(stop);
  const last = !(await unready(stop));
  const checklist = pack.checklists.find((one) => one.id === stop.checklist);
  const english = document.documentElement.lang.startsWith("en");
  screen.querySelector("h1").textContent = stop.name;
  screen.querySelector("[data-checklist]").textContent = [
    (english && checklist.title_en) || checklist.title, ...stop.asked,
  ].join(" · ");
  const facts = screen.querySelector("[data-facts]");
  const told = (value) => (typeof value === "boolean" ? facts.dataset[value ? "yes" : "no"] : value);
  facts.replaceChildren(...stop.facts.filter(([, , value]) => value !== null).map(
    ([zh, en, value]) => Object.assign(document.createElement("li"), { textContent: `${english ? en : zh}: ${told(value)}` }),
  ));
  screen.querySelector("[data-known]").replaceChildren(...stop.hazards.map(
    (one) => Object.assign(document.createElement("li"), { textContent: `${one.number} ${one.title}` }),
  ));
  screen.querySelector("[data-known-box]").hidden = stop.hazards.length === 0;
  const done = (draftNow, signature) => finish(stop, draftNow, signature);
  stopScreen(screen, { stop, checklist, pack, draft, last, done });
  scrollTo(0, 0);
  return undefined;
}

async function offline() {
  tell("offline");
  if (!(await store.recall("device"))) return show("signed-out");
  if (!(await store.lock())) return show("locked");
  pack = await store.get("pack");
  return pack ? open() : show("locked");
}

async function send() {
  tell("sending");
  try {
    const standing = await sendAll((done, all) => tell("sending", ` ${done + 1}/${all}`));
    if (standing !== "ready") {
      tell(standing);
      // Signed out, the day goes on with what is on the device.
      if (standing === "signed-out" && (await store.lock()) && (await store.get("pack"))) return offline().then(() => tell(standing));
      return show(standing);
    }
    // Somebody who is in the middle of a checklist keeps the route it began with.
    pack = await fetchPack();
    tell("online");
    return location.hash.startsWith("#stop/") && !document.querySelector("[data-screen=stop]").hidden ? undefined : open();
  } catch {
    return offline();
  }
}

document.querySelector("[data-enrol]").addEventListener("submit", async (event) => {
  event.preventDefault();
  const fault = event.target.querySelector("[data-fault]");
  try {
    await enrol(new FormData(event.target).get("name"));
    await send();
  } catch (refused) {
    fault.textContent = refused.message;
    fault.hidden = false;
  }
});
document.querySelector("[data-send]").addEventListener("click", send);
document.querySelector("[data-forget]").addEventListener("click", async () => {
  if ((await store.all("entry")).length > 0) return tell("unsent");
  const device = await store.recall("device");
  await store.wipe();
  await store.remember("device", device);
  pack = null;
  return show("locked");
});
window.addEventListener("hashchange", () => { if (pack) open(); });
window.addEventListener("online", send);
window.addEventListener("offline", () => tell("offline"));
navigator.serviceWorker?.register(document.body.dataset.worker, { type: "module", scope: "./" });
navigator.storage?.persist?.();
// The route that is on the device is there at once; the server is asked meanwhile.
const kept = (await store.lock()) ? await store.get("pack") : null;
if (kept) {
  pack = kept;
  await open();
}
// A device nobody enrolled can be named while the server is still being asked who is there.
if (!kept && navigator.onLine && !(await store.recall("device"))) show("new");
if (navigator.onLine) await send();
else await offline();
