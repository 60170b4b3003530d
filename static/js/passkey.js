// Forms with data-passkey: "ask" takes the answer of a passkey, "make" makes one. The challenge stands in data-options
// as JSON, or is fetched from data-from when the button is pressed. Without passkeys such a form stays hidden.
"use strict";
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list) => (list || []).map((entry) => ({ ...entry, id: bytes(entry.id) }));
const options = async (form) => {
  if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
  const answer = await fetch(form.dataset.from, { headers: { Accept: "application/json" } });
  return (await answer.json()).publicKey;
};
const ask = async (asked) => {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: withBytes(asked.allowCredentials) };
  const { id, rawId, response, type } = await navigator.credentials.get({ publicKey });
  return {
    id, type, rawId: text(rawId), clientExtensionResults: {},
    response: {
      authenticatorData: text(response.authenticatorData),
      clientDataJSON: text(response.clientDataJSON),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
};
const make = async (asked) => {
  const made = await navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: withBytes(asked.excludeCredentials),
    },
  });
  return {
    id: made.id, type: made.type, rawId: text(made.rawId), clientExtensionResults: made.getClientExtensionResults(),
    response: {
      attestationObject: text(made.response.attestationObject),
      clientDataJSON: text(made.response.clientDataJSON),
    },
  };
};
const send = async (form) => {
  const trouble = form.querySelector("[data-passkey-trouble]");
  trouble.hidden = true;
  try {
    const answer = await (form.dataset.passkey === "make" ? make : ask)(await options(form));
    form.querySelector("[name=passkey], [data-passkey-answer]").value = JSON.stringify(answer);
    form.submit();
  } catch {
    trouble.hidden = false;
  }
};
const offer = () => {
  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
};
document.addEventListener("DOMContentLoaded", offer);
document.addEventListener("page:replaced", offer); // js/say-unsent.js brought the question who sits there
