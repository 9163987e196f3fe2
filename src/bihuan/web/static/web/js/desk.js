// My work and the page of a loop: the chosen row stays chosen after it was swapped, the first field
// of an opened form gets the cursor, everything to acknowledge can be ticked, a place is attached.
let chosen = "";

document.addEventListener("htmx:before:swap", () => {
  chosen = document.querySelector("[data-row][aria-selected='true']")?.closest("tbody")?.id ?? "";
});

document.addEventListener("htmx:after:swap", () => {
  const row = document.getElementById(chosen)?.querySelector("[data-row]");
  if (row) row.setAttribute("aria-selected", "true");
  const form = document.querySelector(".row-form form");
  const field = form?.querySelector("textarea, select, input:not([type='hidden'])");
  if (field) field.focus();
  else row?.querySelector("[data-open]")?.focus();
  showLocate();
});

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-pick-all]");
  if (!all) return;
  for (const box of document.querySelectorAll("input[name='loop'][form='bulk']")) {
    box.checked = all.checked;
  }
});

function showLocate() {
  if (!("geolocation" in navigator)) return;
  for (const button of document.querySelectorAll("[data-locate]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-locate]");
  if (!button) return;
  const form = button.form ?? button.closest("form");
  const told = form.querySelector("[data-located]");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.lon.value = coords.longitude.toFixed(6);
      form.elements.lat.value = coords.latitude.toFixed(6);
      told.textContent = `${form.elements.lon.value}, ${form.elements.lat.value}`;
    },
    () => { told.textContent = "✕"; },
    { enableHighAccuracy: true, timeout: 10000 },
  );
});

showLocate();
