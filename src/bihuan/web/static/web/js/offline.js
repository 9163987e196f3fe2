// The page that stands in for every other one while there is no network: it names what was typed
// and waits on this device, and tries again by itself once the network is back.
const drafts = Object.keys(localStorage)
  .filter((key) => key.startsWith("draft:"))
  .map((key) => JSON.parse(localStorage.getItem(key)))
  .filter((draft) => draft.at)
  .sort((a, b) => b.at - a.at);

const box = document.querySelector("[data-kept]");
const list = box.querySelector("[data-kept-list]");
for (const draft of drafts) {
  const line = box.querySelector("template").content.firstElementChild.cloneNode(true);
  const link = line.querySelector("a");
  link.href = draft.href;
  link.textContent = draft.title;
  const when = line.querySelector("time");
  when.dateTime = new Date(draft.at).toISOString();
  when.textContent = new Date(draft.at).toLocaleString(document.documentElement.lang);
  list.append(line);
}
box.hidden = drafts.length === 0;
document.querySelector("[data-none]").hidden = drafts.length > 0;

// The button asks at once; otherwise a light question now and then finds out when it is worth it.
const ASK_MS = 3000;
const again = () => location.reload();
const ask = async () => {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) again();
};
document.querySelector("[data-retry]").addEventListener("click", again);
window.addEventListener("online", ask);
setInterval(ask, ASK_MS);
