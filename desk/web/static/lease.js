"use strict";
// The item a page shows stays its reader's while they work on it, and is given back when the page closes.
const BEAT = 180_000;
let stirred = true;

const lease = () => document.querySelector("[data-lease]");
for (const name of ["keydown", "pointerdown", "scroll"]) document.addEventListener(name, () => { stirred = true; }, { passive: true });

function form(fields) {
  const data = new FormData();
  const csrf = document.querySelector("input[name=csrf]")?.value || "";
  for (const [name, value] of Object.entries({ csrf, ...fields })) data.append(name, value);
  return data;
}

async function hold() {
  const one = lease();
  if (!one || !stirred || document.visibilityState !== "visible") return;
  stirred = false;
  try {
    const answer = await fetch(`${one.dataset.lease}/lease`, { method: "POST", body: form({ quiet: "true" }) });
    if (answer.ok) one.dataset.until = (await answer.text()).trim();
    else if (answer.status === 409) one.textContent = document.getElementById("words").dataset.lost;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // no network now; the next beat tries again
  }
}

setInterval(hold, BEAT);
addEventListener("pagehide", () => {
  const one = lease();
  if (one) navigator.sendBeacon(`${one.dataset.lease}/release`, form({ until: one.dataset.until }));
});
