// Forms with data-send-once are sent from within the page: when the network fails, what was typed stays, with its
// key, and the page says that it was not sent. Pressed again, it is booked once, whether or not the first press
// arrived. Nothing is kept beyond the page. After send-once.js, which wakes; words: components/sending.html.
// Where the log-in ended meanwhile nothing is booked either: the page says so, and a log-in in another window does.
"use strict";
const PATIENCE = 20000; // milliseconds
const PATIENCE_WITH_A_FILE = 180000; // 15 MB on a slow line
const say = (form, button, words) => {
  form.querySelectorAll("[data-said]").forEach((said) => said.remove());
  if (!words) return;
  const said = document.getElementById(words).content.firstElementChild.cloneNode(true);
  said.dataset.said = words;
  if (button) button.before(said);
  else form.append(said);
  for (const shown of [said, button]) if (shown) shown.scrollIntoView({ block: "nearest" });
  wake(form);
};
const sayUnsent = (form, button) => say(form, button, "unsent");
const sayEnded = (form, button) => {
  form.toggleAttribute("data-log-in-ended", true);
  say(form, button, "ended");
};
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
// A new log-in has a token of its own; the page's belongs to the one that ended.
const takeNewToken = async (form) => {
  const page = await fetch(location.href, { redirect: "manual" });
  if (!page.ok) return false;
  const token = parsed(await page.text()).querySelector("[name=csrfmiddlewaretoken]");
  if (!token) return false;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
  form.toggleAttribute("data-log-in-ended", false);
  return true;
};
// The answer can be another page (who sits there?) with scripts of its own.
const bringScripts = (other) => {
  const has = new Set(Array.from(document.scripts, (script) => script.src));
  const missing = Array.from(other.querySelectorAll("head script[src]"), (script) => script.src);
  return Promise.all(missing.filter((source) => !has.has(source)).map((source) => new Promise((done) => {
    const script = document.createElement("script");
    script.onload = script.onerror = done;
    script.src = source;
    document.head.append(script);
  })));
};
// A form without an address of its own belongs to the address that answered, not to the page it was pressed on.
const replaceMain = async (text, address) => {
  const other = parsed(text);
  for (const form of other.querySelectorAll("main form:not([action])")) form.setAttribute("action", address);
  document.querySelector("main").replaceWith(document.adoptNode(other.querySelector("main")));
  scrollTo(0, 0);
  await bringScripts(other);
  document.dispatchEvent(new Event("page:replaced"));
  const wrong = document.querySelector("main .is-invalid, main [role=alert]");
  if (wrong) wrong.scrollIntoView({ block: "center" });
};
const goTo = (address) => {
  const there = new URL(address, location.href);
  const isHere = there.href.split("#")[0] === location.href.split("#")[0];
  location.assign(there);
  if (isHere && there.hash) location.reload(); // else only the place on the page would change
};
const bringsFile = (form) => form.enctype === "multipart/form-data";
const bodyOf = (form, button) => {
  const body = new FormData(form);
  if (button && button.name) body.append(button.name, button.value);
  return bringsFile(form) ? body : new URLSearchParams(body);
};
const sendWithin = async (form, button) => {
  const address = button && button.hasAttribute("formaction") ? button.formAction : form.action;
  const patience = new AbortController();
  const turn = setTimeout(() => patience.abort(), bringsFile(form) ? PATIENCE_WITH_A_FILE : PATIENCE);
  try {
    const post = () => fetch(address, {
      method: "POST", body: bodyOf(form, button), redirect: "error", signal: patience.signal,
      headers: { "X-Sent-Within": "page" },
    });
    if (form.hasAttribute("data-log-in-ended") && !(await takeNewToken(form))) return sayEnded(form, button);
    let answer = await post();
    if (answer.status === 403) { // logged in anew elsewhere, before anything was pressed here
      if (!(await takeNewToken(form))) return sayEnded(form, button);
      answer = await post();
    }
    if (answer.status === 401) sayEnded(form, button);
    else if (answer.headers.has("X-Go-To")) goTo(answer.headers.get("X-Go-To"));
    else if (answer.status >= 500 || answer.status === 429) sayUnsent(form, button);
    else await replaceMain(await answer.text(), address);
  } catch {
    sayUnsent(form, button);
  } finally {
    clearTimeout(turn);
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-send-once]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  say(form, null, "");
  sendWithin(form, event.submitter);
});
