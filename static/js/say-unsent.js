// Forms with data-answer (the address of the answer once it is booked) are sent from within the page: when the network
// fails, what was typed stays, with its key, and the page says that it was not sent. Pressed again, it is booked
// once, whether or not the first press arrived. Nothing is kept beyond the page. After send-once.js, which wakes.
"use strict";
const PATIENCE = 20000; // milliseconds
const sayUnsent = (form, isUnsent) => {
  const words = form.querySelector("[data-unsent]") || document.querySelector("[data-unsent]");
  if (words) words.hidden = !isUnsent;
  if (isUnsent) wake(form);
};
const replaceMain = (text) => {
  const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
  document.querySelector("main").replaceWith(document.adoptNode(main));
  scrollTo(0, 0);
  document.dispatchEvent(new Event("page:replaced"));
  const wrong = document.querySelector("main .is-invalid, main [role=alert]:not([hidden])");
  if (wrong) wrong.scrollIntoView({ block: "center" });
};
const bodyOf = (form, button) => {
  const body = new URLSearchParams(new FormData(form));
  if (button && button.name) body.append(button.name, button.value);
  return body;
};
const sendWithin = async (form, button) => {
  const address = button && button.hasAttribute("formaction") ? button.formAction : form.action;
  const patience = new AbortController();
  const turn = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(address, {
      method: "POST", body: bodyOf(form, button), redirect: "manual", signal: patience.signal,
    });
    if (answer.type === "opaqueredirect") location.assign(form.dataset.answer);
    else if (answer.status >= 500 || answer.status === 429) sayUnsent(form, true);
    else replaceMain(await answer.text());
  } catch {
    sayUnsent(form, true);
  } finally {
    clearTimeout(turn);
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-answer]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  sayUnsent(form, false);
  sendWithin(form, event.submitter);
});
