// The frame of every page: menus, toasts, keys, drafts, copy buttons, the offline band,
// the worker that answers without a network.
import { startKeys } from "./keys.js";
import { startDrafts } from "./drafts.js";

const cookie = (name) =>
  document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = cookie("csrftoken");
});

// Menus are <details>: close them on a click elsewhere and on Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A toast that asks nothing goes after a while; one that refuses or offers undo stays.
const SHOWN_MS = 6000;
const showToast = (toast) => {
  if (toast.dataset.shown) return;
  toast.dataset.shown = "1";
  toast.addEventListener("click", (event) => {
    if (!event.target.closest("a, button")) toast.remove();
  });
  if (!toast.matches(".is-refused") && !toast.querySelector("form")) {
    setTimeout(() => toast.remove(), SHOWN_MS);
  }
};
const toasts = document.getElementById("toasts");
if (toasts) {
  const showAll = () => toasts.querySelectorAll("[data-toast]").forEach(showToast);
  new MutationObserver(showAll).observe(toasts, { childList: true });
  showAll();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("copied");
});

// A form that writes is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submit-on-change]")) event.target.form.requestSubmit();
});

const offline = document.querySelector("[data-offline]");
const showLine = () => { if (offline) offline.hidden = navigator.onLine; };
window.addEventListener("online", showLine);
window.addEventListener("offline", showLine);
showLine();

if ("serviceWorker" in navigator) navigator.serviceWorker.register(document.body.dataset.worker);

startKeys();
startDrafts();
