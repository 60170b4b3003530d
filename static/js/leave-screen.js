// A value in [data-leaves-after="60"] leaves the screen after so many seconds, or when the page is left.
// What stays is the text of [data-left]. Only a courtesy: no address of ours shows the value again.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-leaves-after]");
  if (!place) return;
  const countdown = document.querySelector("[data-countdown]");
  const seconds = document.querySelector("[data-seconds]");
  const end = Date.now() + 1000 * Number(place.dataset.leavesAfter); // a sleeping phone stops timers, not clocks
  const leave = () => {
    clearInterval(turn);
    place.replaceChildren(place.dataset.left);
    countdown.remove();
  };
  const turn = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) seconds.textContent = String(left);
    else leave();
  }, 1000);
  addEventListener("pagehide", leave, { once: true });
});
