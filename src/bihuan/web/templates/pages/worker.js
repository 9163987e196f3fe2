// The shell that works without a network: one honest page, and what it is drawn with. No page of
// anybody's work is kept on the device.
const SHELL = "shell-{{ version }}";
const OFFLINE = "{{ offline }}";
const PARTS = [{% for part in parts %}"{{ part }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

const keep = async () => (await caches.open(SHELL)).addAll([OFFLINE, ...PARTS].map(
  (address) => new Request(address, { cache: "reload" }),
));

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("shell-") && name !== SHELL) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

const kept = async (address) => (await caches.open(SHELL)).match(address, { ignoreSearch: true });

async function visit(request) {
  try {
    const answer = await fetch(request);
    // The page for bad days speaks the language and wears the display last chosen.
    if ({{ settings_pages|safe }}.includes(new URL(request.url).pathname)) keep().catch(() => {});
    return answer;
  } catch {
    return (await kept(OFFLINE)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(visit(request));
  else if (request.method === "GET" && PARTS.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(async () => (await kept(request.url)) ?? Response.error()));
  }
});
