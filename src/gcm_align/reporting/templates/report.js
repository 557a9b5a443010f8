"use strict";
// Filters, sorts, opens and closes the rows. The page reads in full without it.
(() => {
  const form = document.querySelector("form.filters");
  const holder = document.getElementById("rows");
  if (!form || !holder) return;
  const chapters = [...holder.querySelectorAll(".chapter")];
  const rows = [...holder.querySelectorAll("details.row")];
  const home = new Map(rows.map((row, place) => [row, { chapter: row.parentElement, place }]));
  const words = new Map();
  form.hidden = false;

  const text = (row) => {
    if (!words.has(row)) words.set(row, row.textContent.toLowerCase().replace(/\s+/g, " "));
    return words.get(row);
  };
  const value = (name) => (form.elements[name] ? form.elements[name].value : "");

  const wanted = (row) => {
    const data = row.dataset;
    const search = value("text").trim().toLowerCase().split(/\s+/).filter(Boolean);
    return (!value("state") || data.state === value("state"))
      && (!value("objective") || data.objective === value("objective"))
      && (!value("document") || data.document === value("document"))
      && (!form.elements.flag.checked || data.flag !== "")
      && (!form.elements.review.checked || data.state === "nr")
      && search.every((word) => text(row).includes(word));
  };

  const filter = () => {
    let shown = 0;
    for (const row of rows) {
      row.hidden = !wanted(row);
      shown += row.hidden ? 0 : 1;
    }
    const sorted = value("sort") !== "";
    for (const chapter of chapters) {
      chapter.hidden = sorted || !chapter.querySelector("details.row:not([hidden])");
    }
    form.elements.count.value = form.elements.count.dataset.words
      .replace("{shown}", shown).replace("{rows}", rows.length);
  };

  const sort = () => {
    const [key, direction] = value("sort").split("-");
    if (!key) {
      for (const row of rows) home.get(row).chapter.append(row);
      return;
    }
    const sign = direction === "down" ? -1 : 1;
    const number = (row) => (row.dataset[key] === "" ? sign * Infinity : Number(row.dataset[key]));
    const order = [...rows].sort((a, b) => {
      const one = number(a), two = number(b);
      return one === two ? home.get(a).place - home.get(b).place : sign * (one < two ? -1 : 1);
    });
    holder.append(...order);
  };

  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden) { form.reset(); update(); }
    if (target.tagName === "DETAILS") target.open = true;
    target.scrollIntoView();
  };
  const update = () => { sort(); filter(); };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => (event.target.name === "sort" ? update() : filter()));
  form.addEventListener("reset", () => setTimeout(update));
  form.elements.open.addEventListener("click", () => {
    for (const row of rows) if (!row.hidden) row.open = true;
  });
  form.elements.close.addEventListener("click", () => {
    for (const row of rows) row.open = false;
  });
  window.addEventListener("hashchange", openTarget);
  filter();
  if (location.hash) openTarget();
})();
