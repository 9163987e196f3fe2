// The field app without a network: its shell and parts from the device at once, everything else
// from the server alone. What waits is sent in the background once there is a signal.
import { sendAll } from "{{ sync }}";

const CACHE = "field-{{ version }}";
const SHELL = "{{ shell }}";
const PARTS = {{ parts|safe }};

const keep = async () => (await caches.open(CACHE)).addAll([SHELL, ...PARTS].map(
  (address) => new Request(address, { cache: "no-cache" }), // what the page just fetched is asked for, not sent again
));

const renew = async () => (await caches.open(CACHE)).add(new Request(SHELL, { cache: "reload" }));

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("field-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

const kept = async (address) => (await caches.open(CACHE)).match(address);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET" || !(path === SHELL || PARTS.includes(path))) return;
  event.respondWith(kept(path).then((found) => found ?? fetch(request)));
  // A language or theme chosen since then shows at the next opening.
  if (path === SHELL) event.waitUntil(renew().catch(() => {}));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "field") event.waitUntil(sendAll());
});
