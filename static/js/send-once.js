// Forms with data-send-once: the button rests after the first press. It wakes when the page is shown again, and
// after some seconds in case the network swallowed the press.
// Only a courtesy: the server books each form once, however often it arrives.
"use strict";
const REST = 8000; // milliseconds
const wake = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
};
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-send-once]");
  if (!form) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  setTimeout(wake, REST, form);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-send-once]").forEach(wake));
