"use strict";
// The page's own script: it places and draws what network.py arranged, and shows the words behind what is chosen.
// Everything that comes from a document is put in with textContent.
(() => {
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);
  const page = read("data-page");
  const nodes = read("data-nodes");
  const size = page.sizes;
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const statementById = new Map(page.statements.map((row) => [row.id, row]));
  const edges = read("data-edges").map((edge) => ({ ...edge, ...statementById.get(edge.id) }));
  const edgeById = new Map(edges.map((edge) => [edge.id, edge]));
  const edgesOf = new Map(nodes.map((node) => [node.id, []]));
  for (const edge of edges) {
    edgesOf.get(edge.from).push(edge);
    if (edge.to !== edge.from) edgesOf.get(edge.to).push(edge);
  }
  const gapsOf = new Map();
  for (const gap of page.gaps) if (gap.id) gapsOf.set(gap.id, [...(gapsOf.get(gap.id) || []), gap]);
  const css = getComputedStyle(document.documentElement);
  const colour = (name) => css.getPropertyValue(`--${name}`).trim();
  const stage = byId("stage");
  const HEAD = 44;
  const MARGIN = 10;
  const state = { mode: page.opening, background: false, node: null, edge: null, thread: null, hover: null, before: page.opening };

  // ------------------------------------------------------------------------------------------------ small helpers

  function make(tag, text, className) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  }

  function button(text, action, className = "link") {
    const element = make("button", text, className);
    element.type = "button";
    element.addEventListener("click", action);
    return element;
  }

  const other = (edge, id) => (edge.from === id ? edge.to : edge.from);
  const column = (id) => nodeById.get(id).column;
  const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

  /** Everything that is reached from `starts` going only to columns on the left (-1) or on the right (1). */
  function reach(starts, direction) {
    const found = new Set(starts);
    const ahead = [...starts];
    while (ahead.length) {
      const id = ahead.pop();
      for (const edge of edgesOf.get(id)) {
        const next = other(edge, id);
        if (!found.has(next) && (column(next) - column(id)) * direction > 0) {
          found.add(next);
          ahead.push(next);
        }
      }
    }
    return found;
  }

  /** The thread of a node: all that leads to it, all that it leads to, and what is linked within its column. */
  function threadOf(id) {
    const found = new Set([...reach([id], -1), ...reach([id], 1)]);
    for (const edge of edgesOf.get(id)) found.add(other(edge, id));
    return found;
  }

  // ------------------------------------------------------------------------------------------- what is shown, where

  const place = { columns: [], lanes: new Map(), paths: new Map(), width: 0, height: 0, visible: new Set() };
  const ours = { ready: false };

  function choosable() {
    if (state.mode === "thread" && state.thread) return state.thread;
    if (state.mode === "gaps") return gapsAndWhatLeadsToThem();
    return new Set(nodeById.keys());
  }

  function gapsAndWhatLeadsToThem() {
    const found = new Set(nodes.filter((node) => node.gap).map((node) => node.id));
    for (const node of nodes.filter((each) => each.broken)) {
      for (const edge of edgesOf.get(node.id)) {
        const id = other(edge, node.id);
        if (column(id) < node.column) found.add(id);
      }
    }
    return found;
  }

  function arrange() {
    const allowed = choosable();
    place.visible = new Set(
      nodes.filter((n) => allowed.has(n.id) && (!n.background || state.background || state.mode === "thread")).map((n) => n.id)
    );
    const shownEdges = edges.filter((edge) => place.visible.has(edge.from) && place.visible.has(edge.to));
    const lanesInUse = new Set(shownEdges.flatMap((edge) => edge.lanes));
    place.columns = page.columns.map((entry, number) => {
      const boxes = nodes.filter((n) => n.column === number && place.visible.has(n.id));
      const lanes = boxes.length ? page.lanes.filter((l) => l.column === number && lanesInUse.has(l.id)) : [];
      return { ...entry, number, boxes: boxes.length, items: [...boxes, ...lanes].sort((a, b) => a.order - b.order) };
    }).filter((entry) => entry.boxes);
    const count = place.columns.length;
    const spare = (stage.clientWidth - 2 * MARGIN - count * size.width) / Math.max(count - 1, 1);
    const gap = Math.max(size.gap, Math.min(spare, 2.6 * size.gap));
    place.lanes.clear();
    place.height = 120;
    place.columns.forEach((entry, index) => {
      entry.x = MARGIN + index * (size.width + gap);
      let y = size.top;
      for (const item of entry.items) {
        const height = item.height || size.lane;
        if (item.height) Object.assign(item, { x: entry.x + size.width / 2, y: y + height / 2 });
        else place.lanes.set(item.id, { left: entry.x, y: y + height / 2 });
        y += height + size.row;
      }
      place.height = Math.max(place.height, y + size.top);
    });
    place.width = 2 * MARGIN + count * size.width + Math.max(count - 1, 0) * gap;
    place.paths = new Map(shownEdges.map((edge) => [edge.id, pathOf(edge, gap)]));
  }

  /** The curve of an edge from left to right through its lanes, and the point and direction of its arrow. */
  function pathOf(edge, gap) {
    const path = new Path2D();
    const [left, right] = column(edge.from) <= column(edge.to) ? [edge.from, edge.to] : [edge.to, edge.from];
    const a = nodeById.get(left);
    const b = nodeById.get(right);
    const half = size.width / 2;
    if (a.column === b.column) {
      const side = a.column === place.columns[place.columns.length - 1].number && place.columns.length > 1 ? -1 : 1;
      const [x, out] = [a.x + side * half, side * Math.min(gap * 0.75, 26 + Math.abs(a.y - b.y) * 0.06)];
      const [from, to] = [nodeById.get(edge.from), nodeById.get(edge.to)];
      const nudge = from.y < to.y ? 5 : -5;
      path.moveTo(x, from.y + nudge);
      path.bezierCurveTo(x + out, from.y + nudge, x + out, to.y - nudge, x, to.y - nudge);
      return { path, tip: [x, to.y - nudge], towards: -side };
    }
    const end = [b.x - half, b.y];
    let [x, y] = [a.x + half, a.y];
    const tip = edge.to === right ? end : [x, y];
    path.moveTo(x, y);
    const stations = edge.lanes.map((id) => place.lanes.get(id)).filter(Boolean);
    for (const lane of [...stations, null]) {
      const [nextX, nextY] = lane ? [lane.left, lane.y] : end;
      const bend = (nextX - x) / 2;
      path.bezierCurveTo(x + bend, y, nextX - bend, nextY, nextX, nextY);
      if (lane) path.lineTo(nextX + size.width, nextY);
      [x, y] = [nextX + size.width, nextY];
    }
    return { path, tip, towards: edge.to === right ? 1 : -1 };
  }

  // --------------------------------------------------------------------------------------------------------- drawing

  function isLit(edge) {
    if (state.edge) return edge.id === state.edge;
    if (!state.node) return null;
    const direct = edge.from === state.node || edge.to === state.node;
    const along = state.thread.has(edge.from) && state.thread.has(edge.to) && column(edge.from) !== column(edge.to);
    return direct || (along && onOneSide(edge));
  }

  /** Whether both ends lead to the chosen node, or both are led to by it: a thread does not turn back. */
  function onOneSide(edge) {
    const here = column(state.node);
    return (column(edge.from) - here) * (column(edge.to) - here) >= 0;
  }

  function drawEdges(ctx) {
    const lit = [];
    for (const [id, shape] of place.paths) {
      const edge = edgeById.get(id);
      const bright = isLit(edge);
      if (bright || id === state.hover) lit.push([edge, shape]);
      else drawEdge(ctx, edge, shape, bright === null ? 0.62 : 0.16, colour("thread"), 1.25);
    }
    for (const [edge, shape] of lit) drawEdge(ctx, edge, shape, 1, colour("ink"), 2);
  }

  function drawEdge(ctx, edge, shape, alpha, ink, width) {
    ctx.save();
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = ctx.fillStyle = ink;
    ctx.lineWidth = width;
    ctx.setLineDash(edge.status === "assumed" ? [6, 4] : []);
    ctx.stroke(shape.path);
    const [x, y] = shape.tip;
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x - 8 * shape.towards, y - 4);
    ctx.lineTo(x - 8 * shape.towards, y + 4);
    ctx.fill();
    ctx.restore();
  }

  function isFaint(id) {
    if (state.edge) return id !== edgeById.get(state.edge).from && id !== edgeById.get(state.edge).to;
    return Boolean(state.thread) && !state.thread.has(id);
  }

  function drawBox({ ctx, id, x, y }) {
    const node = nodeById.get(id);
    return {
      drawNode() {
        const chosen = id === state.node;
        const left = x - size.width / 2;
        const top = y - node.height / 2;
        ctx.save();
        ctx.lineWidth = chosen ? 3.5 : node.gap ? 2.5 : 1.5;
        ctx.setLineDash(node.gap ? [7, 4] : []);
        ctx.strokeStyle = colour(node.broken ? "gap-line" : `${node.group}-line`);
        ctx.fillStyle = "#ffffff";
        outline(ctx, left, top, size.width, node.height, 6);
        ctx.fill();
        ctx.globalAlpha = isFaint(id) ? 0.4 : 1;
        ctx.fillStyle = colour(node.broken ? "gap-fill" : `${node.group}-fill`);
        ctx.fill();
        ctx.stroke();
        drawWords(ctx, node, left + 10, top + 8);
        ctx.restore();
      },
      nodeDimensions: { width: size.width, height: node.height },
    };
  }

  function outline(ctx, x, y, width, height, radius) {
    ctx.beginPath();
    ctx.moveTo(x + radius, y);
    ctx.arcTo(x + width, y, x + width, y + height, radius);
    ctx.arcTo(x + width, y + height, x, y + height, radius);
    ctx.arcTo(x, y + height, x, y, radius);
    ctx.arcTo(x, y, x + width, y, radius);
    ctx.closePath();
  }

  function drawWords(ctx, node, left, top) {
    const family = "Arial, 'Helvetica Neue', Helvetica, sans-serif";
    let y = top + size.line / 2;
    const write = (text, font, ink, indent = 0) => {
      ctx.font = `${font} ${family}`;
      ctx.fillStyle = colour(ink);
      ctx.fillText(text, left + indent, y, size.width - 20 - indent);
      y += size.line;
    };
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    if (node.gap) {
      if (node.broken) drawWarning(ctx, left, y);
      write(node.gap, "bold 12px", node.broken ? "gap-line" : "soft", node.broken ? 17 : 0);
    }
    if (node.caption) write(page.types[node.type], "11.5px", "soft");
    for (const line of node.lines) write(line, "13px", "ink");
  }

  function drawWarning(ctx, x, y) {
    ctx.fillStyle = colour("gap-line");
    ctx.beginPath();
    ctx.moveTo(x + 6.5, y - 7);
    ctx.lineTo(x + 13, y + 5);
    ctx.lineTo(x, y + 5);
    ctx.fill();
    ctx.fillStyle = "#ffffff";
    ctx.fillRect(x + 5.7, y - 3, 1.7, 4.3);
    ctx.fillRect(x + 5.7, y + 2.3, 1.7, 1.6);
  }

  // ------------------------------------------------------------------------------------------------------ the canvas

  function start() {
    const options = JSON.parse(read("data-options"));
    options.nodes = { shape: "custom", ctxRenderer: drawBox };
    options.autoResize = false;
    ours.nodes = new vis.DataSet(nodes.map((node) => ({ ...node })));
    ours.network = new vis.Network(byId("canvas"), { nodes: ours.nodes, edges: new vis.DataSet(read("data-edges")) }, options);
    ours.pen = document.createElement("canvas").getContext("2d");
    ours.pen.lineWidth = 12;
    ours.network.on("beforeDrawing", drawEdges);
    ours.network.on("click", (event) => {
      const node = ours.network.getNodeAt(event.pointer.DOM);
      const edge = node === undefined ? edgeAt(event.pointer.canvas) : undefined;
      if (node !== undefined) chooseNode(node);
      else if (edge) chooseEdge(edge);
      else clear();
    });
    byId("canvas").addEventListener("mousemove", (event) => {
      const bounds = byId("canvas").getBoundingClientRect();
      const point = { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
      const node = ours.network.getNodeAt(point);
      const edge = node === undefined ? edgeAt(ours.network.DOMtoCanvas(point)) : undefined;
      byId("canvas").style.cursor = node !== undefined || edge ? "pointer" : "default";
      if (edge !== state.hover) {
        state.hover = edge;
        ours.network.redraw();
      }
    });
    stage.addEventListener("scroll", look, { passive: true });
    addEventListener("resize", show);
  }

  function edgeAt({ x, y }) {
    const hits = [...place.paths].filter(([, shape]) => ours.pen.isPointInStroke(shape.path, x, y)).map(([id]) => id);
    return hits.find((id) => isLit(edgeById.get(id))) || hits[0];
  }

  /** Point the canvas, which stays in view, at the part of the sheet that is scrolled to. */
  function look() {
    const { clientWidth, clientHeight } = byId("canvas");
    const position = { x: stage.scrollLeft + clientWidth / 2, y: stage.scrollTop + clientHeight / 2 };
    ours.network.moveTo({ position, scale: 1, animation: false });
  }

  function show() {
    arrange();
    byId("sheet").style.height = `${place.height + HEAD}px`;
    byId("sheet").style.width = `${Math.max(place.width, stage.clientWidth)}px`;
    const width = stage.clientWidth;
    const height = Math.min(place.height, stage.clientHeight - HEAD);
    Object.assign(byId("canvas").style, { width: `${width}px`, height: `${height}px` });
    ours.network.setSize(`${width}px`, `${height}px`);
    ours.nodes.update(nodes.map((node) => ({ id: node.id, x: node.x, y: node.y, hidden: !place.visible.has(node.id) })));
    byId("headings").replaceChildren(...place.columns.map((entry) => {
      const heading = make("div", entry.heading);
      heading.append(make("span", `${entry.boxes} shown`));
      Object.assign(heading.style, { left: `${entry.x}px`, width: `${size.width}px` });
      return heading;
    }));
    const unseen = nodes.filter((node) => node.background && !place.visible.has(node.id));
    const unseenGaps = unseen.filter((node) => node.gap).length;
    byId("shown").textContent = `${place.visible.size} of ${plural(nodes.length, "item")} shown.`
      + (unseenGaps ? ` ${plural(unseenGaps, "gap")} among what is not shown: see the table.` : "");
    byId("openall").hidden = !(page.opening === "gaps" && state.mode === "gaps");
    for (const input of document.getElementsByName("mode")) {
      input.checked = input.value === state.mode;
      if (input.value === "thread") input.disabled = !state.node;
    }
    if (byId("background")) byId("background").checked = state.background;
    ours.network.redraw();
    look();
  }

  // -------------------------------------------------------------------------------------------------------- choosing

  function chooseNode(id, { focus = false } = {}) {
    const node = nodeById.get(id);
    Object.assign(state, { node: id, edge: null, thread: threadOf(id) });
    if (node.background) state.background = true;
    if (!choosable().has(id)) state.mode = "all";
    show();
    bringIntoView(node.x - size.width / 2, node.y - node.height / 2, size.width, node.height);
    showNode(node, focus);
  }

  function chooseEdge(id) {
    Object.assign(state, { node: null, edge: id, thread: null });
    if (state.mode === "thread") state.mode = state.before;
    show();
    showEdge(edgeById.get(id));
  }

  function clear() {
    const chosen = state.node || state.edge;
    Object.assign(state, { node: null, edge: null, thread: null, hover: null });
    if (state.mode === "thread") state.mode = state.before;
    show();
    if (chosen) showNothing();
  }

  function bringIntoView(left, top, width, height) {
    const [x, y] = [stage.scrollLeft, stage.scrollTop];
    const room = stage.clientHeight - HEAD;
    const within = top >= y && top + height <= y + room && left >= x && left + width <= x + stage.clientWidth;
    if (!within) stage.scrollTo({ left: left - (stage.clientWidth - width) / 2, top: top - (room - height) / 2 });
  }

  /** Walk from the chosen node: up and down its column, left and right along its links. */
  function walk(key) {
    const here = nodeById.get(state.node);
    if (!here || !place.visible.has(here.id)) return place.columns[0]?.items.find((item) => item.height);
    const upright = key === "ArrowUp" || key === "ArrowDown";
    const forward = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
    const reachable = upright
      ? nodes.filter((n) => place.visible.has(n.id) && n.column === here.column && (n.y - here.y) * forward > 0)
      : edgesOf.get(here.id).map((edge) => nodeById.get(other(edge, here.id)))
        .filter((n) => place.visible.has(n.id) && (n.column - here.column) * forward > 0);
    const distance = (n) => Math.abs(n.y - here.y) + Math.abs(n.x - here.x);
    return reachable.sort((a, b) => distance(a) - distance(b))[0];
  }

  // -------------------------------------------------------------------------------------------------------- the panel

  function fill(heading, about, parts, focus) {
    const top = make("div", undefined, "top");
    const title = make("h2", heading);
    title.tabIndex = -1;
    top.append(title);
    if (state.node || state.edge) top.append(button("Clear", clear, "clear"));
    byId("panel").replaceChildren(top, make("p", about, "note"), ...parts);
    byId("panel").scrollTop = 0;
    if (focus) title.focus();
  }

  function quotes(edge) {
    const list = edge.evidence.map(({ quote, document: source }) => {
      const block = make("blockquote", `“${quote}”`);
      block.append(make("cite", source));
      return block;
    });
    return edge.status === "extracted" ? list : [make("p", `Status: ${edge.status}`, "status"), ...list];
  }

  function gapBox(gap) {
    const box = make("div", undefined, gap.severity === "info" ? "gapbox info" : "gapbox");
    const sign = gap.severity === "info" ? "" : "\u26a0\ufe0e ";
    box.append(make("p", sign + gap.rule, gap.severity === "info" ? "" : "broken"), make("p", gap.message));
    if (gap.hint) box.append(make("p", gap.hint, "note"));
    return box;
  }

  function showNode(node, focus) {
    const parts = (gapsOf.get(node.id) || []).map(gapBox);
    const groups = new Map();
    for (const edge of edgesOf.get(node.id)) {
      const relation = edge.from === node.id ? edge.relation : edge.inverse;
      groups.set(relation, [...(groups.get(relation) || []), edge]);
    }
    for (const [relation, links] of groups) {
      const list = make("ul");
      for (const edge of links) {
        const item = make("li");
        const id = other(edge, node.id);
        item.append(button(nodeById.get(id).label, () => chooseNode(id, { focus: true })), ...quotes(edge));
        list.append(item);
      }
      parts.push(make("h3", `${relation[0].toUpperCase()}${relation.slice(1)} (${links.length})`), list);
    }
    if (!groups.size) parts.push(make("p", "No statement links it to anything."));
    fill(node.label, page.types[node.type], parts, focus);
  }

  function showEdge(edge) {
    const ends = make("ul");
    for (const [id, type] of [[edge.from, edge.from_type], [edge.to, edge.to_type]]) {
      const item = make("li");
      item.append(button(nodeById.get(id).label, () => chooseNode(id, { focus: true })), make("span", type, "note"));
      ends.append(item);
    }
    fill(`${edge.from_label} ${edge.relation} ${edge.to_label}`, "Statement", [...quotes(edge), make("h3", "Between"), ends]);
  }

  function showNothing() {
    const parts = [];
    for (const rule of new Set(page.gaps.map((gap) => gap.rule))) {
      const gaps = page.gaps.filter((gap) => gap.rule === rule);
      const sign = gaps[0].severity === "info" ? "" : "\u26a0\ufe0e ";
      parts.push(make("h3", `${sign}${rule} (${gaps.length})`, sign && "broken"));
      const list = make("ul", undefined, "close");
      for (const gap of gaps) {
        const item = make("li");
        item.append(gap.id ? button(gap.label, () => chooseNode(gap.id, { focus: true })) : make("span", gap.label));
        list.append(item);
      }
      parts.push(list);
    }
    fill("What the documents say", "Choose a box or a line to read the words behind it. Escape clears the choice.", parts);
  }

  // --------------------------------------------------------------------------------------------- search and tables

  function search() {
    const wanted = byId("find").value.trim().toLowerCase();
    const hits = wanted ? nodes.filter((node) => node.label.toLowerCase().includes(wanted)) : [];
    const most = 10;
    byId("matches").textContent = wanted
      ? `${plural(hits.length, "item")} found${hits.length > most ? `, the first ${most} below` : ""}.` : "";
    byId("results").replaceChildren(...hits.slice(0, most).map((node) => {
      const item = make("li");
      item.append(button(`${node.label} (${page.types[node.type]})`, () => chooseNode(node.id, { focus: true })));
      return item;
    }));
    const rows = [...byId("facts").tBodies[0].rows];
    for (const row of rows) row.hidden = Boolean(wanted) && !row.textContent.toLowerCase().includes(wanted);
    const left = rows.filter((row) => !row.hidden).length;
    byId("facts-count").textContent = wanted ? `${left} of ${plural(rows.length, "statement")} hold “${wanted}”.` : "";
  }

  function makeSortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, number) => {
      const label = head.textContent;
      head.replaceChildren(button(label, () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        for (const each of heads) each.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        for (const each of heads) each.firstChild.textContent = each.firstChild.textContent.replace(/ [▲▼]$/, "");
        head.firstChild.textContent = `${label} ${ascending ? "▲" : "▼"}`;
        const compare = new Intl.Collator("en-GB", { numeric: true }).compare;
        const rows = [...table.tBodies[0].rows].sort((a, b) =>
          compare(a.cells[number]?.textContent || "", b.cells[number]?.textContent || "") * (ascending ? 1 : -1));
        table.tBodies[0].append(...rows);
      }, "sort"));
    });
  }

  // -------------------------------------------------------------------------------------------------------- beginning

  byId("controls").hidden = byId("work").hidden = false;
  start();
  show();
  showNothing();
  document.querySelectorAll("table.sortable").forEach(makeSortable);
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("find").addEventListener("input", search);
  byId("all").addEventListener("click", () => {
    state.mode = "all";
    show();
    stage.focus();
  });
  for (const input of document.getElementsByName("mode")) {
    input.addEventListener("change", () => {
      if (state.mode !== "thread") state.before = state.mode;
      state.mode = input.value;
      stage.scrollTo(0, 0);
      show();
    });
  }
  byId("background")?.addEventListener("change", (event) => {
    state.background = event.target.checked;
    show();
  });
  stage.addEventListener("keydown", (event) => {
    const walking = state.node && event.key.startsWith("Arrow");
    if (!walking && !(event.key === "Enter" && !state.node)) return;
    event.preventDefault();
    const next = walk(event.key);
    if (next) chooseNode(next.id);
  });
  byId("panel").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...byId("panel").querySelectorAll("button.link")];
    if (!step || !links.length) return;
    event.preventDefault();
    const next = links[links.indexOf(document.activeElement) + step];
    if (next) next.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    byId("find").value = "";
    search();
    const inside = byId("panel").contains(document.activeElement);
    clear();
    if (inside) stage.focus();
  });
  if (page.focus) chooseNode(page.focus);
})();
