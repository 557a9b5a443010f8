"use strict";
// Everything works without this file; htmx adds progress and filters, this the dropping of files, and keys.
(() => {
  // The next verdict of the queue came without a new page: say so, and let the keys go on.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "main") document.getElementById("main").focus();
  });

  const drop = document.querySelector(".drop");
  if (drop) {
    const input = drop.querySelector("input[type=file]");
    for (const name of ["dragover", "dragenter"]) {
      drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
    }
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      input.files = event.dataTransfer.files;
    });
  }

  // Keys of the review: those that the buttons name, unless something is being typed.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, select")) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.tagName === "DETAILS") { target.open = !target.open; return; }
    target.click();
  });
})();
