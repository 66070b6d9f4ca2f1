"use strict";
// The page's own script: it places and draws what network.py arranged, and shows the words behind what is chosen.
// Everything that comes from a document is put in with textContent.
(() => {
  const { byId, make, button, matching, plural, reach } = page;
  const read = (id) => JSON.parse(byId(id).textContent);
  const data = read("data-page");
  const nodes = read("data-nodes");
  const edges = read("data-edges").map((edge) => ({ ...edge, ...data.relations[edge.relation] }));
  const size = data.sizes;
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const edgeById = new Map(edges.map((edge) => [edge.id, edge]));
  const edgesOf = new Map(nodes.map((node) => [node.id, []]));
  for (const edge of edges) {
    edgesOf.get(edge.from).push(edge);
    if (edge.to !== edge.from) edgesOf.get(edge.to).push(edge);
  }
  const gapsOf = new Map();
  for (const gap of data.gaps) if (gap.node) gapsOf.set(gap.node, [...(gapsOf.get(gap.node) || []), gap]);
  const rows = new Map();
  const css = getComputedStyle(document.documentElement);
  const colours = new Map();
  const colour = (name) => {
    if (!colours.has(name)) colours.set(name, css.getPropertyValue(`--${name}`).trim());
    return colours.get(name);
  };
  const stage = byId("stage");
  const HEAD = 44;
  const MARGIN = 10;
  const state = { mode: data.opening, background: false, node: null, edge: null, thread: null, hover: null, before: data.opening, from: null, way: null };

  const OF_CHOICE = ["thread", "near", "way"]; // modes that show something of what is chosen
  const STEPS = 2;

  // ------------------------------------------------------------------------------------------- what belongs together

  const other = (edge, id) => (edge.from === id ? edge.to : edge.from);
  const column = (id) => nodeById.get(id).column;
  const beside = (id) => edgesOf.get(id).map((edge) => other(edge, id));

  /** The thread of a node: all that leads to it, all that it leads to, and what is linked within its column. */
  function threadOf(id) {
    const towards = (direction) => reach([id], (here) => beside(here).filter((there) => (column(there) - column(here)) * direction > 0));
    return new Set([...towards(-1), ...towards(1), ...beside(id)]);
  }

  function near(id) {
    let found = new Set([id]);
    for (let step = 0; step < STEPS; step += 1) found = new Set([...found, ...[...found].flatMap(beside)]);
    return found;
  }

  /** All that is on the shortest ways between two nodes; null when nothing links them. */
  function between(start, end) {
    const before = new Map([[start, []]]);
    let ahead = [start];
    while (ahead.length && !before.has(end)) {
      const reached = new Map();
      for (const here of ahead) {
        for (const there of beside(here)) if (!before.has(there)) reached.set(there, [...(reached.get(there) || []), here]);
      }
      for (const [there, from] of reached) before.set(there, from);
      ahead = [...reached.keys()];
    }
    return before.has(end) ? reach([end], (here) => before.get(here)) : null;
  }

  // ------------------------------------------------------------------------------------------- what is shown, where

  const place = { columns: [], lanes: new Map(), paths: new Map(), width: 0, height: 0, visible: new Set() };
  const ours = { ready: false };

  function choosable() {
    if (state.mode === "thread" && state.thread) return state.thread;
    if (state.mode === "near" && state.node) return near(state.node);
    if (state.mode === "way" && state.way) return state.way;
    if (state.mode === "gaps") return gapsAndWhatLeadsToThem();
    return new Set(nodeById.keys());
  }

  /** The issues of the chosen theme, who raises them, and what their threads lead to; null when all themes are shown. */
  function ofTheme() {
    const theme = byId("theme")?.value;
    if (!theme) return null;
    const issues = nodes.filter((node) => node.theme === theme).map((node) => node.id);
    const right = reach(issues, (here) => beside(here).filter((there) => column(there) > column(here)));
    return new Set([...right, ...issues.flatMap(beside)]);
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
    const theme = ofTheme();
    const all = state.background || OF_CHOICE.includes(state.mode);
    place.visible = new Set(
      nodes.filter((n) => allowed.has(n.id) && (!theme || theme.has(n.id)) && (all || !n.background)).map((n) => n.id)
    );
    const shownEdges = edges.filter((edge) => place.visible.has(edge.from) && place.visible.has(edge.to));
    const lanesInUse = new Set(shownEdges.flatMap((edge) => edge.lanes));
    place.columns = data.columns.map((entry, number) => {
      const boxes = nodes.filter((n) => n.column === number && place.visible.has(n.id));
      const lanes = boxes.length ? data.lanes.filter((l) => l.column === number && lanesInUse.has(l.id)) : [];
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
    place.gap = gap;
    place.paths = new Map(shownEdges.map((edge) => [edge.id, null]));
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

  /** The shape of a line, made when it is first drawn. */
  function shapeOf(id) {
    if (!place.paths.get(id)) place.paths.set(id, pathOf(edgeById.get(id), place.gap));
    return place.paths.get(id);
  }

  /** The lines that have an end in view: the others would cross the picture and say nothing. */
  function* inView() {
    const [top, bottom] = [stage.scrollTop - 40, stage.scrollTop + stage.clientHeight + 40];
    const seen = (id) => {
      const node = nodeById.get(id);
      return node.y + node.height / 2 > top && node.y - node.height / 2 < bottom;
    };
    for (const id of place.paths.keys()) {
      const edge = edgeById.get(id);
      if (place.paths.size < 2000 || seen(edge.from) || seen(edge.to) || isLit(edge)) yield edge;
    }
  }

  function drawEdges(ctx) {
    const lit = [];
    for (const edge of inView()) {
      const bright = isLit(edge);
      if (bright || edge.id === state.hover) lit.push(edge);
      else drawEdge(ctx, edge, shapeOf(edge.id), bright === null ? 0.62 : 0.16, colour("thread"), 1.25);
    }
    for (const edge of lit) drawEdge(ctx, edge, shapeOf(edge.id), 1, colour("ink"), 2);
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
    if (node.caption) write(node.caption, "11.5px", "soft");
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
    ours.network = new vis.Network(byId("canvas"), { nodes: ours.nodes, edges: [] }, options);
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
    const hits = [...inView()].filter((edge) => ours.pen.isPointInStroke(shapeOf(edge.id).path, x, y)).map((edge) => edge.id);
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
    byId("openall").hidden = !(data.opening === "gaps" && state.mode === "gaps");
    for (const input of document.getElementsByName("mode")) {
      input.checked = input.value === state.mode;
      if (OF_CHOICE.includes(input.value)) input.disabled = !state.node;
    }
    byId("way").hidden = state.mode !== "way";
    if (byId("background")) byId("background").checked = state.background;
    ours.network.redraw();
    look();
  }

  // -------------------------------------------------------------------------------------------------------- choosing

  function chooseNode(id, { focus = false } = {}) {
    if (state.mode === "way" && state.from && !state.way && id !== state.from) {
      findWay(id);
      return;
    }
    const node = nodeById.get(id);
    Object.assign(state, { node: id, edge: null, thread: threadOf(id) });
    if (node.background) state.background = true;
    if (!choosable().has(id)) state.mode = "all";
    show();
    bringIntoView(node.x - size.width / 2, node.y - node.height / 2, size.width, node.height);
    showNode(node, focus);
  }

  function findWay(to) {
    state.way = between(state.from, to);
    const ends = `from “${nodeById.get(state.from).label}” to “${nodeById.get(to).label}”`;
    byId("way").textContent = state.way ? `The shortest way ${ends}.` : `Nothing in these documents links ${ends}.`;
    if (!state.way) state.from = null;
    show();
    stage.scrollTo(0, 0);
  }

  function chooseEdge(id) {
    Object.assign(state, { node: null, edge: id, thread: null });
    if (OF_CHOICE.includes(state.mode)) state.mode = state.before;
    show();
    showEdge(edgeById.get(id));
  }

  function clear() {
    const chosen = state.node || state.edge;
    Object.assign(state, { node: null, edge: null, thread: null, hover: null, from: null, way: null });
    if (OF_CHOICE.includes(state.mode)) state.mode = state.before;
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

  /** The words behind a statement, from its row in the table. */
  function quotes(edge) {
    if (!rows.size) for (const row of byId("facts").tBodies[0].rows) rows.set(row.dataset.id, row);
    const cell = rows.get(edge.id).cells[3];
    const list = [...cell.querySelectorAll("q")].map((quote) => {
      const block = make("blockquote", `“${quote.textContent}”`);
      block.append(quote.nextElementSibling.cloneNode(true));
      return block;
    });
    return edge.status === "extracted" ? list : [make("p", `Status: ${edge.status}`, "status"), ...list];
  }

  function gapBox(gap) {
    const box = make("div", undefined, gap.broken ? "gapbox" : "gapbox info");
    box.append(make("p", (gap.broken ? "\u26a0\ufe0e " : "") + gap.name, gap.broken ? "broken" : ""), make("p", gap.message));
    if (gap.hint) box.append(make("p", gap.hint, "note"));
    return box;
  }

  const capital = (text) => text[0].toUpperCase() + text.slice(1);

  function showNode(node, focus) {
    const parts = (gapsOf.get(node.id) || []).map(gapBox);
    const groups = new Map();
    for (const edge of [...edgesOf.get(node.id)].sort((a, b) => a.way - b.way)) {
      const relation = edge.from === node.id ? edge.words : edge.inverse;
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
      parts.push(make("h3", `${capital(relation)} (${links.length})`), list);
    }
    if (!groups.size) parts.push(make("p", "No statement links it to anything."));
    fill(node.label, node.theme ? `${node.kind} · ${node.theme}` : node.kind, parts, focus);
  }

  function showEdge(edge) {
    const ends = make("ul");
    const [from, to] = [nodeById.get(edge.from), nodeById.get(edge.to)];
    for (const node of [from, to]) {
      const item = make("li");
      item.append(button(node.label, () => chooseNode(node.id, { focus: true })), make("span", node.kind, "note"));
      ends.append(item);
    }
    fill(`${from.label} ${edge.words} ${to.label}`, "Statement", [...quotes(edge), make("h3", "Between"), ends]);
  }

  function showNothing() {
    const parts = [];
    for (const name of new Set(data.gaps.map((gap) => gap.name))) {
      const gaps = data.gaps.filter((gap) => gap.name === name);
      parts.push(make("h3", `${gaps[0].broken ? "\u26a0\ufe0e " : ""}${name} (${gaps.length})`, gaps[0].broken ? "broken" : ""));
      const list = make("ul", undefined, "close");
      for (const gap of gaps) {
        const item = make("li");
        item.append(gap.node ? button(gap.label, () => chooseNode(gap.node, { focus: true })) : make("span", gap.message));
        list.append(item);
      }
      parts.push(list);
    }
    fill("What the documents say", "Choose a box or a line to read the words behind it. Escape clears the choice.", parts);
  }

  // --------------------------------------------------------------------------------------------------------- search

  function search() {
    const wanted = byId("find").value.trim().toLowerCase();
    const hits = wanted ? matching([...nodes], wanted) : [];
    const most = 10;
    byId("matches").textContent = wanted
      ? `${plural(hits.length, "item")} found${hits.length > most ? `, the first ${most} below` : ""}.` : "";
    byId("results").replaceChildren(...hits.slice(0, most).map((node) => {
      const item = make("li");
      item.append(button(`${node.label} (${node.kind.toLowerCase()})`, () => chooseNode(node.id, { focus: true })));
      return item;
    }));
  }

  // -------------------------------------------------------------------------------------------------------- beginning

  byId("controls").hidden = byId("work").hidden = false;
  start();
  show();
  showNothing();
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("find").addEventListener("input", search);
  byId("all").addEventListener("click", () => {
    state.mode = "all";
    show();
    stage.focus();
  });
  for (const input of document.getElementsByName("mode")) {
    input.addEventListener("change", () => {
      if (!OF_CHOICE.includes(state.mode)) state.before = state.mode;
      Object.assign(state, { mode: input.value, from: input.value === "way" ? state.node : null, way: null });
      byId("way").textContent = state.from ? `Now choose where the way from “${nodeById.get(state.from).label}” shall lead to.` : "";
      stage.scrollTo(0, 0);
      show();
    });
  }
  byId("theme")?.addEventListener("change", () => {
    stage.scrollTo(0, 0);
    show();
  });
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
  if (data.focus) chooseNode(data.focus);
  performance.mark("picture drawn");
})();
