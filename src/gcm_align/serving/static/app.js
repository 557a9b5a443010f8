"use strict";
// Everything works without this file; it adds progress, dropping of files, and keys.
(() => {
  // Progress of all runs in one stream, which the server closes when none waits.
  const places = [...document.querySelectorAll("[data-run]")];
  if (places.length) {
    const stream = new EventSource("/events");
    stream.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      let waits = false;
      for (const place of places) {
        const run = told[place.dataset.run];
        if (!run) continue;
        if (place.textContent !== run.words) place.textContent = run.words;
        waits = waits || run.waits;
      }
      if (waits) return;
      stream.close();
      // What is being filled in must not be lost.
      const input = document.querySelector(".drop input");
      if (!input || !input.files.length) location.reload();
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
