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
  const closed = ["waiting", "taken", "conflict"].includes(state?.name);
  if (!closed) link.href = `#stop/${stop.id}`;
  else if (state.address) link.href = state.address;
  else link.removeAttribute("href");
  return row;
}

export async function routeScreen(screen, pack) {
  const found = await states();
  const list = screen.querySelector("[data-stops]");
  list.replaceChildren(...pack.stops.map((stop) => line(stop, found.get(stop.id), pack.checklists)));
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
