"use strict";
// A request that fails is told in place, where it was made: what stands on the page stays, and what was typed waits in this tab
// until it was sent, also over a log-in. Answers are read as text; what becomes markup goes through trust.js.
const person = document.body.dataset.user || "";
const slot = (form) => `draft:${person}:${new URL(form.action).pathname}:${form.dataset.draft}`;
const typed = (form) => [...form.querySelectorAll("select[name], textarea[name], input[name]:not([type=hidden], [type=checkbox])")];
const saying = (key) => document.getElementById("words").dataset[key];

function keep(form) {
  if (form.dataset.draft) sessionStorage.setItem(slot(form), JSON.stringify(typed(form).map((one) => [one.name, one.value])));
}

// What is typed is kept while it is typed: leaving by a key, a link or a closed window loses nothing.
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (form) keep(form);
});

function notice(form, role, text, link) {
  form.querySelectorAll("[data-notice]").forEach((one) => one.remove());
  const line = document.createElement("p");
  line.dataset.notice = "";
  line.className = role === "alert" ? "problem" : "notice";
  line.setAttribute("role", role);
  form.prepend(line);
  line.textContent = text; // after it stands there, so that a screen reader says it
  if (!link) return;
  const way = document.createElement("a");
  way.href = link.to;
  way.textContent = link.says;
  line.append(" ", way);
}

function fail(form, text, link) {
  keep(form);
  notice(form, "alert", form.dataset.draft ? `${text} ${saying("kept")}` : text, link);
}

// The server's own words for what went wrong, or what the number means where it sent none.
function words(xhr) {
  try {
    const told = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("main [role=alert]");
    if (told) return told.textContent.trim();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return `${saying("failed")} (${xhr.status} ${xhr.statusText})`;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const form = requestConfig.elt.closest("form");
  const wanted = form?.getAttribute("hx-select")?.slice(1);
  if (!wanted || xhr.responseText.includes(`id="${wanted}"`)) return;
  event.detail.shouldSwap = false;
  const back = encodeURIComponent(location.pathname + location.search);
  const again = { to: location.href, says: saying("again") };
  fail(form, words(xhr), xhr.status === 401 ? { to: `/login?back=${back}`, says: saying("login") } : again);
});
for (const name of ["htmx:sendError", "htmx:sendAbort", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const form = event.detail.elt?.closest("form");
    if (form) fail(form, saying("silent"), { to: location.href, says: saying("again") });
  });
}
document.addEventListener("htmx:swapError", (event) => {
  const form = event.detail.requestConfig?.elt?.closest("form");
  if (form) fail(form, saying("refused"));
});

// What was sent is kept no longer; the place of the decision says what it is now, and the keyboard goes on from there.
document.addEventListener("htmx:afterSettle", (event) => {
  const heading = event.detail.target?.id === "case" && document.getElementById("t-case");
  if (!heading) return;
  const problem = document.querySelector("#case .problem");
  if (!problem) {
    for (const act of ["confirm", "dismiss", "undo"]) sessionStorage.removeItem(`draft:${person}:${location.pathname}/${act}:${act}`);
  }
  (problem || heading).focus();
  document.getElementById("said").textContent = problem ? "" : `${heading.textContent}. ${saying("next")}`;
});

function restore() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const held = sessionStorage.getItem(slot(form));
    if (!held) continue;
    const values = new Map(JSON.parse(held));
    for (const one of typed(form)) if (values.has(one.name)) one.value = values.get(one.name);
    notice(form, "status", saying("back"));
    const panel = form.closest("details");
    if (panel) panel.open = true;
  }
}

// A form that loads a page: its draft goes once the page it leads to tells no problem.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.draft && !form.hasAttribute("hx-post")) sessionStorage.setItem("sent", slot(form));
});
const sent = sessionStorage.getItem("sent");
sessionStorage.removeItem("sent");
if (sent && !document.querySelector("main [role=alert]:not(.notice), .login")) sessionStorage.removeItem(sent);
restore();
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target?.id === "reader") restore(); });

// Each sentence of a note gets a box: what is not ticked stays in the house.
const SENTENCE = /[^.!?。！？။។\n]+[.!?。！？။។]*/g;

function offer(note) {
  const field = note.closest("form").querySelector("[data-sentences]");
  if (!field) return;
  const ticked = new Set([...field.querySelectorAll("input:checked")].map((one) => one.value));
  field.querySelectorAll("label").forEach((one) => one.remove());
  for (const sentence of (note.value.match(SENTENCE) || []).map((one) => one.trim()).filter(Boolean)) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = "disclose";
    box.value = sentence;
    box.checked = ticked.has(sentence);
    label.className = "tick";
    label.append(box, " ", sentence);
    field.append(label);
  }
}
document.addEventListener("input", (event) => { if (event.target.matches("textarea[name=note]")) offer(event.target); });
for (const name of ["DOMContentLoaded", "htmx:afterSettle"]) {
  document.addEventListener(name, () => document.querySelectorAll("textarea[name=note]").forEach(offer));
}

// In a list of choices Enter opens the choices: it must never send the form that the list stands in.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("select")) return;
  event.preventDefault();
  if (event.target.showPicker) event.target.showPicker();
});

// The rule follows from the kind; another one is a person's own choice, and needs a reason.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  const rule = form?.querySelector("select[name=clause]");
  const kind = form?.querySelector("select[name=tag]")?.value;
  if (!rule || !kind || !["tag", "clause"].includes(event.target.name)) return;
  const fits = (one) => one.value && (!one.dataset.kinds || one.dataset.kinds.split(" ").includes(kind));
  if (event.target.name === "tag" && !fits(rule.selectedOptions[0])) rule.value = [...rule.options].find(fits)?.value || "";
  const other = Boolean(rule.value) && !fits(rule.selectedOptions[0]);
  form.querySelector("[data-why]").hidden = !other;
  form.querySelector("[name=note]").required = other;
});
