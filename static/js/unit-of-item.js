// A unit select (data-units) shows the units of the chosen item (data-unit-owner) alone.
// Without this script all units stand there, grouped by item; the server checks the choice anyway.
"use strict";
const followItem = () => {
  const units = document.querySelector("[data-units]");
  const item = document.querySelector("[data-unit-owner]");
  if (!units || !item) return;
  const all = Array.from(units.options);
  const chosenUnit = {};
  const show = () => {
    const owner = item.value.split(".")[0];
    const own = all.filter((option) => option.dataset.item === owner);
    const chosen = own.find((option) => option.value === chosenUnit[owner])
      || own.find((option) => option.defaultSelected) || own[0];
    units.replaceChildren(...own);
    if (chosen) units.value = chosen.value;
  };
  units.addEventListener("change", () => {
    chosenUnit[item.value.split(".")[0]] = units.value;
  });
  item.addEventListener("change", show);
  show();
};
followItem(); // deferred, so the page is there; not on DOMContentLoaded, which waits for every other script
document.addEventListener("page:replaced", followItem);
