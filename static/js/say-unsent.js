// Forms with data-answer (the address of the answer once it is booked) are sent from within the page: when the network
// fails, what was typed stays, with its key, and the page says that it was not sent. Pressed again, it is booked
// once, whether or not the first press arrived. Nothing is kept beyond the page. After send-once.js, which wakes.
// Where the log-in ended meanwhile nothing is booked either: the page says so, and a log-in in another window does.
"use strict";
const PATIENCE = 20000; // milliseconds
const show = (form, name, isShown) => {
  const words = form.querySelector(`[data-${name}]`) || document.querySelector(`[data-${name}]`);
  if (words) words.hidden = !isShown;
};
const sayUnsent = (form, isUnsent) => {
  show(form, "unsent", isUnsent);
  if (isUnsent) wake(form);
};
const sayEnded = (form, isEnded) => {
  form.toggleAttribute("data-log-in-ended", isEnded);
  show(form, "ended", isEnded);
  if (isEnded) wake(form);
};
// A new log-in has a token of its own; the form's belongs to the one that ended.
const takeNewToken = async (form) => {
  const page = await fetch(location.href, { redirect: "manual" });
  if (!page.ok) return false;
  const other = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = other.querySelector("[name=csrfmiddlewaretoken]");
  if (token) form.querySelector("[name=csrfmiddlewaretoken]").value = token.value;
  return Boolean(token);
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
    if (form.hasAttribute("data-log-in-ended") && !(await takeNewToken(form))) return sayEnded(form, true);
    const answer = await fetch(address, {
      method: "POST", body: bodyOf(form, button), redirect: "manual", signal: patience.signal,
      headers: { "X-Sent-Within": "page" },
    });
    if (answer.status === 401) sayEnded(form, true);
    else if (answer.type === "opaqueredirect") location.assign(form.dataset.answer);
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
