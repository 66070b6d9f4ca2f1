"use strict";
// The board's own script: it searches, filters, and highlights the thread of a chosen box. Without it the board is the
// same.
(() => {
  const { byId, make, button, matching, plural, reach } = page;
  const COLUMNS = ["source", "issue", "priority", "subgroup", "partner"];
  const GRAVITY = ["violation", "warning", "info"];
  const cells = [...document.querySelectorAll(".board li[data-item]")];
  const lines = [...document.querySelectorAll(".lines path")].map((path) => ({
    path, from: path.dataset.from, to: path.dataset.to, lanes: (path.dataset.lanes || "").split(" ").filter(Boolean),
  }));
  const boards = [...document.querySelectorAll(".board-of")];
  const itemOf = new Map(cells.map((cell) => [cell.dataset.item, {
    cell, id: cell.dataset.item, box: cell.firstElementChild, label: cell.querySelector(".label").textContent,
    column: COLUMNS.indexOf(cell.closest(".column").dataset.column), board: cell.closest(".board-of"), lines: [],
    detail: byId(`i${cell.dataset.item}`),
  }]));
  for (const line of lines) {
    for (const end of new Set([line.from, line.to])) itemOf.get(end).lines.push(line);
  }
  const controls = byId("controls");
  const state = { mode: "all", chosen: null, thread: null };
  const other = (line, id) => (line.from === id ? line.to : line.from);
  const column = (id) => itemOf.get(id).column;

  // -------------------------------------------------------------------------------------------------------- threads

  /** All that leads to an item and all that it leads to, and what is linked within its column. */
  function threadOf(id) {
    const theme = ofTheme();
    const towards = (direction) => reach([id], (here) => itemOf.get(here).lines.map((line) => other(line, here))
      .filter((there) => (column(there) - column(here)) * direction > 0
        && fits(itemOf.get(there), theme) && isDrawn(itemOf.get(there))));
    const found = new Set([...towards(-1), ...towards(1)]);
    for (const line of itemOf.get(id).lines) found.add(other(line, id));
    return found;
  }

  function isLit(line) {
    if (!state.chosen) return false;
    if (line.from === state.chosen || line.to === state.chosen) return true;
    const here = column(state.chosen);
    const sides = (column(line.from) - here) * (column(line.to) - here);
    return state.thread.has(line.from) && state.thread.has(line.to)
      && column(line.from) !== column(line.to) && sides >= 0;
  }

  // -------------------------------------------------------------------------------------------------- what is shown

  function isFlagged(item) {
    const { severity } = item.cell.dataset;
    return Boolean(severity) && GRAVITY.indexOf(severity) <= GRAVITY.indexOf(byId("severity").value);
  }

  function fitsPlan({ cell: { dataset } }) {
    const wanted = byId("plan")?.value || "";
    if (wanted === "*") return true;
    if (!wanted) return dataset.past === undefined;
    return !dataset.plans || dataset.plans.split("\n").includes(wanted.slice(1));
  }

  function fits(item, theme) {
    return fitsPlan(item) && (!theme || theme.has(item.id));
  }

  /** Whether it is drawn without being chosen: sources and plans are, when asked for. */
  function isDrawn({ cell: { dataset } }) {
    return dataset.background === undefined || byId("background").checked;
  }

  /** The issues of the chosen theme, and what their threads lead to. */
  function ofTheme() {
    const theme = byId("theme")?.value;
    if (!theme) return null;
    const issues = [...itemOf.values()].filter((item) => item.cell.dataset.theme === theme).map((item) => item.id);
    const right = reach(issues, (here) => itemOf.get(here).lines.map((line) => other(line, here))
      .filter((there) => column(there) > column(here)));
    for (const issue of issues) for (const line of itemOf.get(issue).lines) right.add(other(line, issue));
    return right;
  }

  function gapsAndWhatLeadsToThem() {
    const flagged = [...itemOf.values()].filter(isFlagged);
    const found = new Set(flagged.map((item) => item.id));
    for (const item of flagged) {
      for (const line of item.lines) if (column(other(line, item.id)) < item.column) found.add(other(line, item.id));
    }
    return found;
  }

  function filter() {
    const partnership = byId("partnership")?.value || "";
    for (const part of document.querySelectorAll("[data-partnership]")) {
      part.hidden = Boolean(partnership) && part.dataset.partnership !== partnership;
    }
    const theme = ofTheme();
    if (state.chosen) state.thread = threadOf(state.chosen);
    const only = state.mode === "gaps" ? gapsAndWhatLeadsToThem() : state.mode === "thread" ? state.thread : null;
    for (const item of itemOf.values()) {
      item.cell.hidden = !(fits(item, theme) && (!only || only.has(item.id))
        && (isDrawn(item) || state.mode === "thread"));
      item.box.classList.toggle("unflagged", !isFlagged(item));
    }
    const used = new Set();
    for (const line of lines) {
      line.shown = !itemOf.get(line.from).cell.hidden && !itemOf.get(line.to).cell.hidden;
      if (line.shown) for (const lane of line.lanes) used.add(`${lane} ${boards.indexOf(itemOf.get(line.from).board)}`);
    }
    boards.forEach((board, number) => {
      for (const lane of board.querySelectorAll(".lane")) lane.hidden = !used.has(`${lane.dataset.lane} ${number}`);
      let shown = 0;
      let unseen = 0;
      for (const part of board.querySelectorAll(".column")) {
        const items = [...part.querySelectorAll("li[data-item]")];
        const seen = items.filter((cell) => !cell.hidden);
        unseen += items.filter((cell) => cell.hidden && isFlagged(itemOf.get(cell.dataset.item))).length;
        part.hidden = !seen.length;
        part.querySelector(".count").textContent = `${seen.length} shown`;
        shown += seen.length;
      }
      const rest = unseen ? ` ${plural(unseen, "gap")} among what is not shown: see the table.` : "";
      board.querySelector(".shown").textContent =
        `${shown} of ${plural(board.querySelectorAll("li[data-item]").length, "item")} shown.${rest}`;
    });
    draw();
  }

  // -------------------------------------------------------------------------------------------------------- drawing

  /** Draw the lines from box to box through their lanes, wherever these now stand. */
  function draw() {
    for (const board of boards) {
      const svg = board.querySelector(".lines");
      if (board.hidden || getComputedStyle(svg).display === "none") continue;
      const origin = svg.parentElement.getBoundingClientRect();
      const top = 44;
      const at = (element) => {
        const place = element.getBoundingClientRect();
        return {
          left: place.left - origin.left,
          right: place.right - origin.left,
          y: place.top + place.height / 2 - origin.top - top
        };
      };
      svg.setAttribute("width", Math.ceil(origin.width));
      svg.setAttribute("height", Math.max(0, Math.ceil(origin.height - top)));
      const lanes = new Map([...board.querySelectorAll(".lane:not([hidden])")]
        .map((lane) => [lane.dataset.lane, at(lane)]));
      const boxes = new Map();
      const box = (id) => {
        if (!boxes.has(id)) boxes.set(id, at(itemOf.get(id).box));
        return boxes.get(id);
      };
      for (const line of lines) {
        if (itemOf.get(line.from).board !== board) continue;
        if (!line.shown) line.path.removeAttribute("d");
        else line.path.setAttribute("d", curve(line, box, lanes));
      }
    }
  }

  function curve(line, box, lanes) {
    const [left, right] = column(line.from) <= column(line.to) ? [line.from, line.to] : [line.to, line.from];
    const [a, b] = [box(left), box(right)];
    if (column(left) === column(right)) {
      const out = a.right + Math.min(43, 18 + Math.abs(a.y - b.y) * 0.06);
      return `M${a.right} ${a.y}C${out} ${a.y} ${out} ${b.y} ${a.right} ${b.y}`;
    }
    let [x, y] = [a.right, a.y];
    let path = `M${x} ${y}`;
    const stations = line.lanes.map((lane) => lanes.get(lane)).filter(Boolean);
    for (const place of [...stations, b]) {
      const middle = (x + place.left) / 2;
      path += `C${middle} ${y} ${middle} ${place.y} ${place.left} ${place.y}`;
      if (place !== b) path += `H${place.right}`;
      [x, y] = [place.right, place.y];
    }
    return path;
  }

  // ------------------------------------------------------------------------------------------------------- choosing

  function choose(id, { focus = true } = {}) {
    const item = itemOf.get(id);
    if (!item) return;
    if (item.board.hidden) byId("partnership").value = "";
    if (state.chosen) unmark();
    state.chosen = id;
    state.thread = threadOf(id);
    item.detail.classList.add("chosen");
    item.cell.classList.add("chosen");
    byId("clear").parentElement.hidden = false;
    controls.elements.mode.forEach((input) => { if (input.value === "thread") input.disabled = false; });
    show();
    byId("panel").scrollTop = 0;
    if (focus) item.detail.querySelector("h3").focus({ preventScroll: innerWidth > 960 });
  }

  function unmark() {
    const item = itemOf.get(state.chosen);
    item.detail.classList.remove("chosen");
    item.cell.classList.remove("chosen");
  }

  function show() {
    if (state.mode === "thread" || byId("partnership")) filter();
    for (const board of boards) {
      board.querySelector(".board").classList
        .toggle("choosing", Boolean(state.chosen) && itemOf.get(state.chosen).board === board);
    }
    for (const item of itemOf.values()) item.cell.classList.toggle("lit", Boolean(state.thread?.has(item.id)));
    for (const line of lines) line.path.classList.toggle("lit", isLit(line));
  }

  function clear() {
    if (!state.chosen) return;
    const { box } = itemOf.get(state.chosen);
    const inside = byId("panel").contains(document.activeElement);
    unmark();
    Object.assign(state, { chosen: null, thread: null });
    byId("clear").parentElement.hidden = true;
    for (const input of controls.elements.mode) {
      if (input.value !== "thread") continue;
      if (input.checked) controls.elements.mode[0].checked = true;
      input.disabled = true;
    }
    state.mode = controls.elements.mode.value;
    filter();
    show();
    if (inside) box.focus();
  }

  /** The box to which an arrow key leads: up and down its column, or along a line to the left or right. */
  function walk(id, key) {
    const item = itemOf.get(id);
    const seen = (each) => !each.cell.hidden;
    if (key === "ArrowUp" || key === "ArrowDown") {
      const column = [...item.cell.parentElement.children].filter((cell) => cell.dataset.item && !cell.hidden);
      return column[column.indexOf(item.cell) + (key === "ArrowDown" ? 1 : -1)]?.dataset.item;
    }
    const direction = key === "ArrowRight" ? 1 : -1;
    const next = item.lines.map((line) => itemOf.get(other(line, id)))
      .filter((each) => seen(each) && (each.column - item.column) * direction > 0);
    next.sort((a, b) => (a.column - b.column) * direction || a.cell.offsetTop - b.cell.offsetTop);
    return next[0]?.id;
  }

  // --------------------------------------------------------------------------------------------------------- search

  function search() {
    const wanted = byId("find").value.trim().toLowerCase();
    const hits = wanted ? matching([...itemOf.values()], wanted) : [];
    const most = 10;
    byId("matches").textContent = wanted
      ? `${plural(hits.length, "item")} found${hits.length > most ? `, the first ${most} below` : ""}.` : "";
    byId("results").replaceChildren(...hits.slice(0, most).map((item) => {
      const entry = make("li");
      const kind = item.detail.querySelector(".note").textContent.split(" · ")[0];
      entry.append(button(`${item.label} (${kind.toLowerCase()})`, () => choose(item.id)));
      return entry;
    }));
  }

  // ------------------------------------------------------------------------------------------------------ beginning

  controls.hidden = false;
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("change", (event) => {
    if (event.target.id === "find") return;
    state.mode = controls.elements.mode.value;
    filter();
    show();
  });
  byId("find").addEventListener("input", search);
  byId("clear").addEventListener("click", clear);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.box, a.item");
    const id = link?.hash.slice(2);
    if (!itemOf.has(id) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(id);
  });
  for (const stage of document.querySelectorAll(".stage")) {
    stage.addEventListener("keydown", (event) => {
      if (!event.key.startsWith("Arrow") || event.ctrlKey || event.altKey || event.metaKey) return;
      const here = document.activeElement.closest("li[data-item]")?.dataset.item;
      const next = here ? walk(here, event.key) : stage.querySelector("li[data-item]:not([hidden])")?.dataset.item;
      event.preventDefault();
      if (next) itemOf.get(next).box.focus();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    byId("find").value = "";
    search();
    clear();
  });
  addEventListener("resize", draw);
  filter();
  const asked = /^#i(\d+)$/.exec(location.hash);
  if (asked) choose(asked[1], { focus: false });
})();
