"use strict";
// Everything works without this file; it adds progress, dropping of files, and keys.
(() => {
  // Progress of runs: one stream each, closed by the server when the run has ended.
  for (const place of document.querySelectorAll("[data-events]")) {
    const stream = new EventSource(place.dataset.events);
    stream.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      place.textContent = told.words;
      if (!told.waits) { stream.close(); location.reload(); }
    });
  }

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
