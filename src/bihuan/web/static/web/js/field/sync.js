// Talks to the server, from the page and from the worker: where the device stands, today's route,
// and what waits, each under its own key, photos in pieces. Safe to stop anywhere and to repeat.
import * as store from "./store.js";

const HOME = "/safety/field/";
const PIECE = 256 * 1024;

async function ask(path, options = {}) {
  const device = (await store.recall("device")) ?? "";
  const headers = { "X-Field-Device": device, ...options.headers };
  if (options.method === "POST") headers["X-CSRFToken"] = (await store.recall("csrf")) ?? "";
  const answer = await fetch(HOME + path, { ...options, headers, cache: "no-store", redirect: "error" });
  const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  return { ok: answer.ok, status: answer.status, told };
}

const json = (value) => ({
  method: "POST", body: JSON.stringify(value), headers: { "Content-Type": "application/json" },
});

// "ready" | "new" | "signed-out" | "others" | "revoked"; throws without a network.
export async function hello() {
  const { ok, told } = await ask("hello/");
  if (!ok) throw new Error("hello");
  if (told.wipe) {
    await store.wipe();
    return "revoked";
  }
  if (!told.signed_in) return "signed-out";
  await store.remember("csrf", told.csrf);
  if (told.others) return "others";
  if (!told.key) return "new";
  await store.unlock(told.key, told.seconds);
  return "ready";
}

// The form may be sent before the first answer of the server came: who is there is asked again.
export async function enrol(name) {
  if ((await hello()) !== "new") return;
  const { ok, told } = await ask("device/", json({ name }));
  if (!ok) throw new Error(told.words ?? "enrol");
  await store.remember("device", told.token);
  await store.unlock(told.key, told.seconds);
}

export async function fetchPack() {
  const { ok, told } = await ask("pack/");
  if (!ok) throw new Error("pack");
  await store.put("pack", "pack", told);
  return told;
}

async function sendPhoto(sha256) {
  const bytes = await store.get(sha256);
  if (!bytes) return;
  const size = bytes.byteLength;
  let { told: { have = 0 } } = await ask(`photos/${sha256}/`);
  for (let again = 0; have < size && again < 3; again += have === 0 ? 1 : 0) {
    const body = bytes.slice(have, have + PIECE);
    const path = `photos/${sha256}/?start=${have}&size=${size}`;
    const answer = await ask(path, { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } });
    if (!answer.ok) throw new Error(answer.told.words ?? "photo");
    have = answer.told.have;
  }
}

// What the server has taken, or keeps for a decision, leaves the device at once.
async function settle(entry, told) {
  const { state, address } = told;
  await store.put(`sent:${entry.key}`, "sent", { stop: entry.stop, name: entry.name, state, address });
  // The lists of one visit share its signature.
  const waiting = (await store.all("entry")).filter((one) => one.key !== entry.key);
  const shared = new Set(waiting.flatMap((one) => one.photos));
  await store.drop([entry.key, ...entry.photos.filter((sha256) => !shared.has(sha256))]);
}

async function sendOne(entry) {
  for (let again = 0; again < 2; again += 1) {
    for (const sha256 of entry.photos) await sendPhoto(sha256);
    const options = json(entry.body);
    options.headers["Idempotency-Key"] = entry.key;
    const { ok, status, told } = await ask("entries/", options);
    if (ok) return settle(entry, told);
    if (told.code !== "field.photos_missing") {
      return store.put(entry.key, "entry", { ...entry, fault: told.words ?? String(status) });
    }
  }
  return undefined;
}

// One sender at a time, whichever tab or worker it is in. Answers how the device stands.
export function sendAll(told = () => {}) {
  return navigator.locks.request("field-send", async () => {
    const standing = await hello();
    if (standing !== "ready") return standing;
    const waiting = await store.all("entry");
    for (const [done, entry] of waiting.entries()) {
      told(done, waiting.length);
      await sendOne(entry);
    }
    return standing;
  });
}
