// Nothing typed is lost: a form with data-draft="name" is kept on the device until it is sent.
// Files and passwords are never kept.
const PREFIX = "draft:";
const kept = (field) => field.name && !["file", "password", "hidden", "submit"].includes(field.type);

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
  for (const field of form.elements) {
    if (!kept(field) || !(field.name in words)) continue;
    if (["checkbox", "radio"].includes(field.type)) {
      field.checked = words[field.name].includes(field.value);
    } else if (!field.value) {
      field.value = words[field.name];
    }
  }
}

function watch(form) {
  const key = PREFIX + form.dataset.draft;
  const stored = localStorage.getItem(key);
  if (stored) restore(form, JSON.parse(stored));
  form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify(read(form))));
}

// The server says which drafts were taken: <div data-draft-done="name">.
function forget() {
  for (const done of document.querySelectorAll("[data-draft-done]")) {
    localStorage.removeItem(PREFIX + done.dataset.draftDone);
  }
}

export function startDrafts() {
  forget();
  document.querySelectorAll("form[data-draft]").forEach(watch);
}
