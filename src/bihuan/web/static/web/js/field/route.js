// The day's list: every stop with its state, what waits, what was sent, what needs a decision.
import * as store from "./store.js";

const copied = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
export const words = (name) => document.querySelector(`[data-word="${name}"]`).textContent;

export async function states() {
  const found = new Map();
  for (const draft of await store.all("draft")) {
    found.set(draft.stop, { name: "begun", answered: Object.keys(draft.answers).length });
  }
  for (const sent of await store.all("sent")) found.set(sent.stop, { name: sent.state, ...sent, name: sent.state });
  for (const entry of await store.all("entry")) {
    found.set(entry.stop, { name: entry.fault ? "fault" : "waiting", fault: entry.fault });
  }
  return found;
}

export const isClosed = (state) => ["waiting", "taken", "conflict"].includes(state?.name);

// Every stop alone; those of one joint visit together.
function visits(stops) {
  const found = new Map();
  for (const stop of stops) {
    const key = stop.visit ? `visit-${stop.visit}` : stop.id;
    found.set(key, [...(found.get(key) ?? []), stop]);
  }
  return [...found.values()];
}

// One card of several lists: it leads to the first that is not ready yet.
async function card(group, states, pack) {
  const drafts = await Promise.all(group.map((stop) => store.get(`draft:${stop.id}`)));
  const open = group.find((stop, i) => !isClosed(states.get(stop.id)) && !drafts[i]?.ready);
  const stop = open ?? group.find((one) => !isClosed(states.get(one.id))) ?? group[0];
  const row = line(stop, states.get(stop.id), pack.checklists);
  if (group.length === 1) return row;
  const english = document.documentElement.lang.startsWith("en");
  const titles = group.map((one) => pack.checklists.find((list) => list.id === one.checklist));
  const lists = titles.map((list) => (english && list.title_en) || list.title).join(" + ");
  row.querySelector("[data-place]").textContent += ` · ${words("joint")}: ${lists}`;
  return row;
}

function line(stop, state, checklists) {
  const row = copied("stop-row");
  const checklist = checklists.find((one) => one.id === stop.checklist);
  row.querySelector("[data-name]").textContent = stop.name;
  row.querySelector("[data-place]").textContent = [stop.place, stop.address].filter(Boolean).join(" · ");
  const told = row.querySelector("[data-state]");
  told.textContent = words(state?.name ?? "todo");
  if (state?.name === "begun") told.textContent += ` ${state.answered}/${checklist.items.length}`;
  if (state?.fault) told.textContent += `:${state.fault}`;
  told.dataset.state = state?.name ?? "todo";
  const link = row.querySelector("a");
  if (!isClosed(state)) link.href = `#stop/${stop.id}`;
  else if (state.address) link.href = state.address;
  else link.removeAttribute("href");
  return row;
}

export async function routeScreen(screen, pack) {
  const found = await states();
  const list = screen.querySelector("[data-stops]");
  const cards = visits(pack.stops).map((group) => card(group, found, pack));
  list.replaceChildren(...(await Promise.all(cards)));
  // What was done is no longer on the server's route, and is still told.
  for (const sent of await store.all("sent")) {
    if (pack.stops.some((stop) => stop.id === sent.stop)) continue;
    const gone = { id: sent.stop, name: sent.name, place: "", address: "" };
    list.append(line(gone, { ...sent, name: sent.state }, pack.checklists));
  }
  screen.querySelector("[data-empty]").hidden = list.childElementCount > 0;
  screen.querySelector("[data-day]").textContent = pack.day;
  const waiting = (await store.all("entry")).length;
  const box = screen.querySelector("[data-waiting]");
  box.hidden = waiting === 0;
  box.querySelector("strong").textContent = waiting;
}
