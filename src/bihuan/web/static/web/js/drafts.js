// Nothing typed is lost: a form with data-draft="name" is kept on the device until the server has
// taken it, for the person who typed it. Files and passwords are never kept.
const PREFIX = "draft:";
const KEPT_MS = 14 * 86_400_000;
const TAKEN = "draft_taken"; // the cookie in which the server names a form that it took

const who = () => document.body.dataset.who ?? "";
const keyOf = (name) => `${PREFIX}${who()}:${name}`;
const kept = (field) =>
  field.name && !["file", "password", "hidden", "submit", "button"].includes(field.type);

function read(form) {
  const words = {};
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (["checkbox", "radio"].includes(field.type)) {
      if (field.checked) (words[field.name] ??= []).push(field.value);
    } else if (field.value) {
      words[field.name] = field.value;
    }
  }
  return words;
}

function restore(form, words) {
  let changed = false;
  for (const field of form.elements) {
    if (!kept(field) || !(field.name in words)) continue;
    if (["checkbox", "radio"].includes(field.type)) {
      field.checked = words[field.name].includes(field.value);
    } else if (!field.value || field.tagName === "SELECT") {
      changed ||= field.value !== words[field.name];
      field.value = words[field.name];
    }
  }
  return changed;
}

function forget(name) {
  localStorage.removeItem(keyOf(name));
}

function note(form) {
  const told = document.getElementById("draft-note").content.firstElementChild.cloneNode(true);
  told.querySelector("button").addEventListener("click", () => {
    forget(form.dataset.draft);
    told.remove();
    form.reset();
  });
  form.prepend(told);
}

function watch(form) {
  if (form.dataset.watched) return;
  form.dataset.watched = "1";
  const stored = localStorage.getItem(keyOf(form.dataset.draft));
  if (stored && restore(form, JSON.parse(stored).words)) note(form);
  form.addEventListener("input", () => {
    const draft = { words: read(form), at: Date.now(), title: document.title, href: location.pathname };
    localStorage.setItem(keyOf(form.dataset.draft), JSON.stringify(draft));
  });
  const name = document.createElement("input");
  Object.assign(name, { type: "hidden", name: "draft", value: form.dataset.draft });
  form.append(name);
}

function watchAll() {
  document.querySelectorAll("form[data-draft]").forEach(watch);
}

// After a form was taken the server redirects, and names it in a cookie.
function forgetTaken() {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${TAKEN}=`));
  if (!found) return;
  forget(decodeURIComponent(found.slice(TAKEN.length + 1)));
  document.cookie = `${TAKEN}=; path=/; max-age=0; samesite=lax`;
}

function forgetOld() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    let at = 0;
    try { at = JSON.parse(localStorage.getItem(key)).at ?? 0; } catch { /* unreadable: as old */ }
    if (Date.now() - at > KEPT_MS) localStorage.removeItem(key);
  }
}

// A form that cannot be sent now stays as it is, and says so.
function hold(event) {
  const form = event.target;
  if (navigator.onLine || form.method !== "post") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const told = document.getElementById("not-sent").content.firstElementChild.cloneNode(true);
  document.getElementById("toasts").replaceChildren(told);
}

export function startDrafts() {
  forgetTaken();
  forgetOld();
  watchAll();
  document.addEventListener("submit", hold, true);
  document.addEventListener("htmx:after:swap", watchAll);
  document.addEventListener("htmx:after:request", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form && (event.detail.ctx?.response?.status ?? 500) < 400) forget(form.dataset.draft);
  });
}
