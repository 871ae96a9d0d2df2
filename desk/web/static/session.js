"use strict";
// The end of the session is told before it comes: after idle minutes, which staying ends, or after its longest time, which nothing does.
const WARNING = 300; // seconds before the end
const BEAT_SESSION = 10_000;
const told = document.getElementById("ending");
const seen = `seen:${document.body.dataset.user || ""}`;
const began = Date.now();

// Any answer of the desk keeps the session, in whichever tab it was asked for.
const answered = () => localStorage.setItem(seen, String(Date.now()));

function tell() {
  const last = Math.max(Number(localStorage.getItem(seen) || 0), 0);
  const idle = Number(document.body.dataset.idle) - (Date.now() - last) / 1000;
  const left = Number(document.body.dataset.left) - (Date.now() - began) / 1000;
  const least = Math.min(idle, left);
  const says = least <= 0 ? "over" : left < idle ? "left" : "idle";
  told.hidden = least > WARNING;
  for (const line of told.querySelectorAll("[data-says]")) line.hidden = line.dataset.says !== says;
  for (const number of told.querySelectorAll("[data-minutes]")) number.textContent = String(Math.max(1, Math.ceil(least / 60)));
  told.querySelector("[data-stay]").hidden = says !== "idle";
  told.querySelector("a").href = `/login?back=${encodeURIComponent(location.pathname + location.search)}`;
}

async function stay() {
  try {
    const answer = await fetch("/session", { redirect: "manual" });
    if (answer.ok) answered();
    else document.body.dataset.left = "0";
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // no network: the line stays
  }
  tell();
}

if (told) {
  answered();
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) answered();
    tell();
  });
  told.querySelector("[data-stay]").addEventListener("click", stay);
  setInterval(tell, BEAT_SESSION);
}
