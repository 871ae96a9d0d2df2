"use strict";
// Keyboard work at the desk. Everything here is also a link, a button or a form: without this file nothing is lost.
const lines = () => [...document.querySelectorAll("[data-line]")];
const find = (selector) => document.querySelector(selector);
let at = -1;
const OFF = `keys-off:${document.body.dataset.user || ""}`;

function select(step) {
  const all = lines();
  if (all.length === 0) return;
  at = Math.max(0, Math.min(all.length - 1, at + step));
  const link = all[at].querySelector("a[data-open]");
  if (link) link.focus();
}

function open(selector) {
  const panel = find(selector);
  if (!panel) return false;
  panel.open = true;
  const field = panel.querySelector("select, input:not([type=hidden]), textarea, button");
  panel.scrollIntoView({ block: "nearest" });
  if (field) field.focus();
  return true;
}

// On a keyboard of another script a letter is known by its place.
function named(event) {
  return event.key.length === 1 && event.key > "~" && event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
}

function help(show) {
  const dialog = find("#keys");
  if (!dialog) return;
  if (show && !dialog.open) dialog.showModal();
  if (!show && dialog.open) dialog.close();
}

const keys = {
  j: () => select(1),
  k: () => select(-1),
  c: () => open("#confirm"),
  d: () => open("#dismiss"),
  u: () => open("#undo") || open("details[data-undo]") || find("button[data-undo]")?.focus(),
  ".": () => find("#comments textarea")?.focus(),
  e: () => open("#escalate"),
  s: () => open("#save") || open("#split"),
  m: () => open("#merge"),
  l: () => open("#lock"),
  x: () => document.activeElement?.closest("[data-line]")?.querySelector("[data-tick]")?.click(),
  n: () => find("a[data-next]")?.click(),
  q: () => (find("main a[data-queue]") || find("a[data-queue]"))?.click(),
  "/": () => find("#q")?.focus(),
  "?": () => help(true),
};

// What is to be copied is selected whole.
document.addEventListener("focusin", (event) => event.target.matches("[data-copied]") && event.target.select());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input:not([type=checkbox]), select, textarea, dialog[open]");
  if (event.key === "Escape") {
    if (field && field.blur) field.blur();
    return;
  }
  if (field || localStorage.getItem(OFF)) return;
  const act = keys[named(event)];
  if (!act) return;
  event.preventDefault();
  act();
});

// Pointing at a reason lights up its words in the text, and the other way round.
function light(event, on) {
  const key = event.target.closest?.("[data-key]")?.dataset.key;
  if (!key) return;
  for (const one of document.querySelectorAll("[data-key]")) {
    if (one.dataset.key.split(" ").includes(key) || key.split(" ").includes(one.dataset.key)) one.classList.toggle("lit", on);
  }
}
document.addEventListener("mouseover", (event) => light(event, true));
document.addEventListener("mouseout", (event) => light(event, false));
document.addEventListener("focusin", (event) => light(event, true));
document.addEventListener("focusout", (event) => light(event, false));

// A list that replaced another is walked from its first line. The box that was ticked keeps the keyboard, also where the list of
// values is another now.
let facet = null;
document.addEventListener("htmx:beforeSwap", () => {
  const box = document.activeElement;
  facet = box?.closest(".facets") ? { id: box.id, name: box.name } : null;
});
document.addEventListener("htmx:afterSwap", () => { at = -1; });
document.addEventListener("htmx:afterSettle", () => {
  if (!facet || document.activeElement !== document.body) return;
  (document.getElementById(facet.id) || find(`.facets input[name="${CSS.escape(facet.name)}"]`) || find("#q"))?.focus();
});

// The queue is come back to where it was left: at the item itself, or at its place when it was decided meanwhile.
document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-open]")?.closest("[data-line]");
  if (line) sessionStorage.setItem("place", String(lines().indexOf(line)));
});
document.addEventListener("DOMContentLoaded", () => {
  if (!location.hash.startsWith("#i-")) return;
  const line = document.getElementById(location.hash.slice(1))?.closest("[data-line]");
  at = line ? lines().indexOf(line) : Math.min(Number(sessionStorage.getItem("place") || 0), lines().length - 1);
  select(0);
});

// A finger holds a picture clear, as a pointer and a key do by :active alone.
document.addEventListener("pointerdown", (event) => event.target.closest?.(".veil")?.classList.add("clear"));
for (const end of ["pointerup", "pointercancel", "visibilitychange"]) {
  document.addEventListener(end, () => document.querySelectorAll(".veil.clear").forEach((one) => one.classList.remove("clear")));
}

// The words of a picture that cannot be shown are not veiled.
document.addEventListener("error", (event) => event.target.closest?.(".veil")?.classList.add("broken"), true);

const single = find("#single-keys");
if (single) {
  single.checked = !localStorage.getItem(OFF);
  single.addEventListener("change", () => (single.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes")));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) help(true);
  if (event.target.closest("[data-close]")) help(false);
});
