"use strict";
// The workspace: rows beside the reader, one key after another to decide, the next item without a page load.
// Rows are links and decisions are buttons of a form; what stands here presses them.
const WIDE = matchMedia("(min-width: 1200px)");
const SETTLING = 250; // milliseconds after a new item in which no key decides: it was meant for the item before
const PAUSE = 1000; // and after such a key: the second of a pair would be read as a first one, which names another kind
const rows = () => [...document.querySelectorAll("#column [data-row]")];
const reader = () => find("#reader");
let quietUntil = 0;
let sending = false;
let hasty = false; // a key came while a decision was sent: however long that took, the next one is half of a pair
let inColumn = false;
let asked = ""; // the item that was asked for last: it may not be here yet when the next key comes

function fillColumn() {
  const column = find("#column");
  if (!column || !WIDE.matches || column.dataset.filled) return;
  column.dataset.filled = "yes";
  htmx.ajax("GET", column.dataset.src, { target: column, swap: "innerHTML" });
}
WIDE.addEventListener("change", fillColumn);
document.addEventListener("DOMContentLoaded", fillColumn);

function markRows() {
  for (const row of rows()) {
    if (row.dataset.row === reader()?.dataset.item) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function goRow(step) {
  const all = rows();
  if (!all.length) {
    if (step > 0) find("a[data-next]")?.click();
    return;
  }
  const here = all.findIndex((row) => row.dataset.row === (asked || reader().dataset.item));
  const row = all[here + step];
  if (row) {
    asked = row.dataset.row;
    row.focus();
    row.click();
  } else if (step > 0) {
    find("#column [data-more]")?.click();
  }
}

// A row that was decided, or undone, is counted as such.
function markDone(row, done) {
  if (!row || row.classList.contains("done") === done) return;
  row.classList.toggle("done", done);
  const count = find("#column .count b");
  if (count) count.textContent = (Number(count.textContent.replace(/\D/g, "")) + (done ? -1 : 1)).toLocaleString(document.documentElement.lang);
}

// The next undecided row after the one shown; none: the server names the next of the queue.
function following() {
  const all = rows();
  const here = all.findIndex((row) => row.dataset.row === reader()?.dataset.item);
  return all.slice(here + 1).find((row) => !row.matches(".done, [data-held]"))?.dataset.row || "";
}

// A key that comes while a decision is sent, or right after the next item came, was meant for the item before.
function isEarly() {
  const early = sending || performance.now() < quietUntil;
  if (early) quietUntil = performance.now() + PAUSE;
  hasty = hasty || sending;
  return early;
}

function choose(number) {
  const form = find("#quick");
  if (!form || isEarly()) return;
  const panel = form.querySelector("details[open]");
  if (panel) panel.querySelectorAll(".choices button")[number - 1]?.click();
  else unfold(form.querySelectorAll("[data-kind]")[number - 1]);
}

function unfold(panel) {
  if (!panel) return;
  panel.open = true;
  panel.querySelector("summary").focus();
}

for (const number of "123456789") keys[number] = () => choose(Number(number));
const { j, k, x, u } = keys;
keys.j = () => (reader() ? goRow(1) : j());
keys.k = () => (reader() ? goRow(-1) : k());
keys.x = () => {
  const line = document.activeElement?.closest("[data-line]")?.querySelector("[data-tick]");
  if (!find("#quick") || line) x();
  else if (!isEarly()) unfold(find("#quick [data-reasons]"));
};
keys.y = () => {
  if (!isEarly()) find("[data-follow]")?.click();
};
keys.w = () => find("[data-watch]")?.click();
keys.u = () => (find(".toast [data-undo]") ? find(".toast [data-undo]").click() : u());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") find("#quick details[open]")?.removeAttribute("open");
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id === "quick") event.detail.parameters.following = following();
});
document.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.requestConfig.elt.id === "quick") sending = true; });
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.requestConfig.elt.id === "quick") sending = false; });
document.addEventListener("htmx:beforeSwap", (event) => {
  inColumn = Boolean(document.activeElement?.closest("#column"));
  const { xhr, target, elt } = event.detail;
  if (target.id === "column" || elt.hasAttribute?.("data-more")) {
    event.detail.shouldSwap = xhr.status === 200;
  } else if (target.id === "reader" && !elt.closest("form") && !xhr.responseText.includes('id="reader"')) {
    event.detail.shouldSwap = false; // the queue is empty, the person logged out, the index away: a page says so
    location.assign(xhr.responseURL || elt.href);
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  markRows();
  if (event.detail.target.id !== "reader" && !event.detail.elt.matches?.("#reader")) return;
  quietUntil = Math.max(quietUntil, performance.now() + (hasty ? PAUSE : SETTLING));
  hasty = false;
  asked = "";
  scrollTo(0, 0);
  const toast = find("#reader .toast");
  const heading = find("#reader h1");
  markDone(rows().find((row) => row.dataset.row === toast?.dataset.done), true);
  const shown = rows().find((row) => row.dataset.row === reader().dataset.item);
  if (find("#quick")) markDone(shown, false); // it was undone
  const current = find("#column [aria-current]");
  current?.scrollIntoView({ block: "nearest" });
  if (inColumn && current) current.focus({ preventScroll: true });
  else (find("#case .problem") || heading).focus({ preventScroll: true });
  find("#said").textContent = `${toast ? toast.querySelector("p").textContent + " " : ""}${heading.textContent}`.trim();
});

// The bar of a small screen leads to the choices, and opens them.
document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-bar]")?.dataset.bar;
  if (!act) return;
  event.preventDefault();
  const choices = find(act === "dismiss" ? "#quick [data-reasons]" : "#quick [data-kind]");
  if (!choices) {
    open(`#${act}`);
    return;
  }
  find("#case").scrollIntoView();
  if (act === "dismiss") unfold(choices);
  else choices.querySelector("summary").focus({ preventScroll: true });
});

// A reason leads to its words.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-show]");
  const words = link && [...document.querySelectorAll("mark[data-key]")].find((mark) => mark.dataset.key.split(" ").includes(link.dataset.key));
  if (!words) return;
  event.preventDefault();
  words.scrollIntoView({ block: "center" });
  light({ target: link }, true);
});

// The words that were selected last in the text are proposed as a phrase; a click on the link itself ends the selection.
let selected = { item: "", words: "" };
document.addEventListener("selectionchange", () => {
  const words = getSelection().toString().trim();
  const inText = getSelection().anchorNode?.parentElement?.closest("#reader .text");
  if (words && inText) selected = { item: reader().dataset.item, words: words.slice(0, 400) };
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-propose]");
  if (!link || selected.item !== reader()?.dataset.item) return;
  const address = new URL(link.href);
  address.searchParams.set("value", selected.words);
  link.href = address.pathname + address.search;
});
