"use strict";
// What the pages' scripts share. Everything that comes from a document is put in with textContent.
const page = {
  byId: (id) => document.getElementById(id),

  make(tag, text, className) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  },

  button(text, action, className = "link") {
    const element = page.make("button", text, className);
    element.type = "button";
    element.addEventListener("click", action);
    return element;
  },

  plural: (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`,

  /** Put a button into each column's head by which the rows are sorted. */
  makeSortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    const { compare } = new Intl.Collator("en-GB", { numeric: true });
    heads.forEach((head, number) => {
      const label = head.textContent;
      head.replaceChildren(page.button(label, () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        for (const each of heads) {
          each.removeAttribute("aria-sort");
          each.firstChild.textContent = each.firstChild.textContent.replace(/ [▲▼]$/, "");
        }
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        head.firstChild.textContent = `${label} ${ascending ? "▲" : "▼"}`;
        // What stands first in a cell is what it is about; a type or theme below it is not.
        const words = ({ cells: { [number]: cell } }) =>
          cell?.firstChild?.textContent.trim() || cell?.textContent.trim() || "";
        const rows = [...table.tBodies[0].rows].sort((a, b) => compare(words(a), words(b)) * (ascending ? 1 : -1));
        table.tBodies[0].append(...rows);
      }, "sort"));
    });
  },

  /** Put a field above a table that leaves only the rows which hold what is typed, and says how many. */
  makeFiltered(table) {
    const row = page.make("p", undefined, "filter");
    const label = page.make("label", `Find in ${table.getAttribute("aria-label").toLowerCase()} `);
    const field = page.make("input");
    field.type = "search";
    field.autocomplete = "off";
    const shown = page.make("span", "", "note");
    shown.setAttribute("role", "status");
    label.append(field);
    row.append(label, shown);
    const rows = [...table.tBodies[0].rows];
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      for (const each of rows) each.hidden = Boolean(wanted) && !each.textContent.toLowerCase().includes(wanted);
      shown.textContent = wanted
        ? ` ${rows.filter((each) => !each.hidden).length} of ${page.plural(rows.length, "row")} shown` : "";
    });
    (table.closest(".wide") || table).before(row);
  },

  /** Those whose label holds what is wanted, the closest first. */
  matching(things, wanted) {
    const rank = ({ label }) => {
      const words = label.toLowerCase();
      return words === wanted ? 0 : words.startsWith(wanted) ? 1 : 2;
    };
    const hits = things.filter(({ label }) => label.toLowerCase().includes(wanted));
    return hits.sort((a, b) => rank(a) - rank(b));
  },

  /** The things that can be reached from `starts` over `next(thing)`, `starts` among them. */
  reach(starts, next) {
    const found = new Set(starts);
    const ahead = [...starts];
    while (ahead.length) {
      for (const each of next(ahead.pop())) {
        if (found.has(each)) continue;
        found.add(each);
        ahead.push(each);
      }
    }
    return found;
  },
};
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("table.sortable").forEach(page.makeSortable);
  document.querySelectorAll("table.filtered").forEach(page.makeFiltered);
});
