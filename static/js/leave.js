// The panic button (forms with data-leave, the address of a dull page). One press, no question.
// The page goes first, then what the browser holds, whether or not there is a network; the server is told again
// and again until it has answered. Without this script the form itself is sent: the server ends all log-ins and
// makes the browser forget.
"use strict";
const AGAIN = 2000; // milliseconds
const others = "BroadcastChannel" in window ? new BroadcastChannel("leave") : null;
const quietly = (work) => {
  try {
    Promise.resolve(work()).catch(() => {});
  } catch { /* nothing is held there */ }
};
const blank = (dull) => {
  const page = document.documentElement;
  page.replaceChildren(document.createElement("head"), document.createElement("body"));
  document.title = location.host;
  history.replaceState(null, "", dull);
};
const forget = () => {
  quietly(() => localStorage.clear());
  quietly(() => sessionStorage.clear());
  quietly(async () => (await caches.keys()).forEach((name) => caches.delete(name)));
  quietly(async () => (await indexedDB.databases()).forEach((base) => indexedDB.deleteDatabase(base.name)));
  quietly(async () => {
    const workers = await navigator.serviceWorker.getRegistrations();
    workers.forEach((worker) => worker.unregister());
  });
};
const tell = (address, body, dull) => {
  fetch(address, { method: "POST", body, keepalive: true, redirect: "manual" }).then(
    () => location.replace(dull),
    () => setTimeout(tell, AGAIN, address, body, dull),
  );
};
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-leave]");
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const dull = form.dataset.leave;
  tell(form.action, new URLSearchParams(new FormData(form)), dull);
  blank(dull);
  if (others) others.postMessage(dull);
  forget();
}, true);
// The other pages of the same browser go with it.
if (others) others.onmessage = (message) => {
  blank(message.data);
  location.replace(message.data);
};
