// What is kept on the device: sealed with AES-GCM under a key that no script can read out. The key
// comes from the server with a session, is good for a working day, and is never given to a
// revoked device again; without it everything here is noise.
const NAME = "field";
const TABLES = ["open", "sealed"];
const text = { encode: new TextEncoder(), decode: new TextDecoder() };
let base;

const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

function opened() {
  base ??= new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of TABLES) request.result.createObjectStore(name, { keyPath: "id" });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => { request.result.close(); base = undefined; };
      done(request.result);
    };
    request.onerror = () => failed(request.error);
  });
  return base;
}

async function table(name, mode = "readonly") {
  return (await opened()).transaction(name, mode).objectStore(name);
}

// Not sealed: the device's own token, the key (which cannot be exported) and its end.
export async function remember(id, value) {
  await asked((await table("open", "readwrite")).put({ id, value }));
}

export async function recall(id) {
  return (await asked((await table("open")).get(id)))?.value;
}

export async function unlock(key, seconds) {
  const bytes = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
  const made = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  bytes.fill(0);
  await remember("lock", { key: made, until: Date.now() + seconds * 1000 });
}

// The key while it may be used; past its end it goes, and comes back with the next session.
export async function lock() {
  const found = await recall("lock");
  if (!found) return null;
  if (found.until > Date.now()) return found.key;
  await asked((await table("open", "readwrite")).delete("lock"));
  return null;
}

const bound = (id, kind) => text.encode.encode(`${kind}|${id}`);

export async function put(id, kind, value) {
  const key = await lock();
  if (!key) throw new Error("locked");
  const plain = value instanceof ArrayBuffer ? value : text.encode.encode(JSON.stringify(value));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: bound(id, kind) };
  const data = await crypto.subtle.encrypt(how, key, plain);
  const bytes = value instanceof ArrayBuffer;
  await asked((await table("sealed", "readwrite")).put({ id, kind, bytes, iv, data }));
}

async function unsealed(row, key) {
  const how = { name: "AES-GCM", iv: row.iv, additionalData: bound(row.id, row.kind) };
  const plain = await crypto.subtle.decrypt(how, key, row.data);
  return row.bytes ? plain : JSON.parse(text.decode.decode(plain));
}

export async function get(id) {
  const [row, key] = [await asked((await table("sealed")).get(id)), await lock()];
  return row && key ? unsealed(row, key) : undefined;
}

export async function all(kind) {
  const [rows, key] = [await asked((await table("sealed")).getAll()), await lock()];
  if (!key) return [];
  return Promise.all(rows.filter((row) => row.kind === kind).map((row) => unsealed(row, key)));
}

export async function drop(ids) {
  const rows = await table("sealed", "readwrite");
  await Promise.all(ids.map((id) => asked(rows.delete(id))));
}

// Nothing is left: neither words nor photos nor the key.
export async function wipe() {
  (await opened()).close();
  base = undefined;
  await asked(indexedDB.deleteDatabase(NAME));
}
