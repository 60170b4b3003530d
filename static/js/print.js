// Buttons with data-print open the browser's print dialogue; without this script its menu does.
"use strict";
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
