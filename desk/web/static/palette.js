"use strict";
// Two lists to choose from while one types: the palette (Ctrl or Cmd and K), and what the part of a query may become. The keyboard
// stays in the field; the option that is meant is named by aria-activedescendant. Without this file both are a page and a form.
function chooser(input, list, choose) {
  let at = -1;
  const options = () => [...list.querySelectorAll("[role=option]:not([hidden])")];
  const point = (to) => {
    const all = options();
    at = Math.min(to, all.length - 1);
    list.querySelectorAll("[aria-selected]").forEach((one) => one.removeAttribute("aria-selected"));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    all[at].setAttribute("aria-selected", "true");
    all[at].scrollIntoView({ block: "nearest" });
    return input.setAttribute("aria-activedescendant", all[at].id);
  };
  const show = (shown) => {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) point(-1);
  };
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) point(at < 0 && step < 0 ? options().length - 1 : (at + step + options().length) % options().length);
    else if (["Enter", "Tab"].includes(event.key) && at >= 0) choose(options()[at]);
    else if (event.key === "Escape" && list.id === "suggested") show(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    event.preventDefault(); // the keyboard stays in the field
    if (option) choose(option);
  });
  return { point, show, options };
}

const say = (count, list) => { document.getElementById("said").textContent = `${count} ${list.dataset.counted}`; };

const palette = document.getElementById("palette");
if (palette) {
  const input = palette.querySelector("#go");
  const list = palette.querySelector("#places");
  const typedOption = list.querySelector("[data-typed]");
  const places = chooser(input, list, (option) => {
    if (option.dataset.href) location.assign(option.dataset.href);
    else input.form.submit();
  });
  const narrow = () => {
    const typed = input.value.trim().toLowerCase();
    for (const one of list.querySelectorAll("[data-href]")) one.hidden = !one.textContent.toLowerCase().includes(typed);
    typedOption.hidden = !typed;
    typedOption.querySelector("bdi").textContent = input.value.trim();
    places.point(typed && places.options().length > 1 ? 1 : 0);
    say(places.options().length, list);
  };
  input.addEventListener("input", narrow);
  const openPalette = () => {
    if (palette.open) return palette.close();
    input.value = "";
    palette.showModal();
    input.focus();
    return narrow();
  };
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    openPalette();
  });
  document.addEventListener("click", (event) => {
    if (event.target === palette) palette.close(); // beside the dialog
    if (!event.target.closest("[data-palette]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    openPalette();
  });
}

const query = document.querySelector("[data-suggest]");
if (query) {
  const list = document.getElementById("suggested");
  const PART = /(?:^|\s)(-?(?:[a-z_]+:)?[^\s":]*)$/i;
  let asked = 0;
  let waits = 0;
  const part = () => PART.exec(query.value.slice(0, query.selectionStart))?.[1] ?? "";
  const suggestions = chooser(query, list, (option) => {
    const end = query.selectionStart;
    const start = end - part().length;
    const text = option.dataset.insert + (option.dataset.insert.endsWith(":") ? "" : " ");
    query.setRangeText(text, start, end, "end");
    suggestions.show(false);
    if (text.endsWith(":")) ask();
    else query.form.requestSubmit();
  });
  const fill = (found) => {
    list.replaceChildren(...found.map((one, number) => {
      const option = document.createElement("li");
      const says = document.createElement("small");
      option.id = `suggested-${number}`;
      option.setAttribute("role", "option");
      option.dataset.insert = one.insert;
      says.textContent = [one.says === one.insert.split(":")[1] ? "" : one.says, one.count ?? ""].filter((each) => each !== "").join(" · ");
      option.append(one.insert, " ", says);
      return option;
    }));
    suggestions.show(found.length > 0);
    if (found.length) say(found.length, list);
  };
  const ask = async () => {
    const number = ++asked;
    const now = part();
    if (!now || now === "-") return fill([]);
    const fields = new URLSearchParams(new FormData(query.form));
    const end = query.selectionStart;
    fields.set("q", query.value.slice(0, end - now.length) + query.value.slice(end));
    fields.set("part", now);
    fields.set("near", query.dataset.suggest);
    try {
      const answer = await fetch(`/search/suggest?${fields}`);
      const found = answer.ok ? await answer.json() : [];
      if (number === asked && document.activeElement === query) fill(found);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // no network: the query is typed without help
      if (number === asked) fill([]);
    }
    return undefined;
  };
  query.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(ask, 120);
  });
  query.addEventListener("blur", () => { asked += 1; suggestions.show(false); });
  query.form.addEventListener("submit", () => { clearTimeout(waits); asked += 1; suggestions.show(false); });
}
