"use strict";
// Places and draws items and the lines between them, and says what is clicked. What is chosen stands in `chosen`.
const picture = (() => {
  const { byId, make } = page;
  const { data, nodes, edges, nodeById, edgeById, column } = network;
  const size = data.sizes;
  const stage = byId("stage");
  const canvas = byId("canvas");
  const HEAD = 44;
  const MARGIN = 10;
  const chosen = { node: null, edge: null, thread: null, hover: null };
  const place = { columns: [], lanes: new Map(), paths: new Map(), width: 0, height: 0, visible: new Set() };
  let drawn;
  let boxes;
  let pen;

  const css = getComputedStyle(document.documentElement);
  const colours = new Map();
  const colour = (name) => {
    if (!colours.has(name)) colours.set(name, css.getPropertyValue(`--${name}`).trim());
    return colours.get(name);
  };

  // ------------------------------------------------------------------------------------------------------ the canvas

  /** Begin to draw; `onChoice` is called with the node and the edge that is clicked, if any. */
  function start(onChoice) {
    const options = { ...network.options, nodes: { shape: "custom", ctxRenderer: drawBox }, autoResize: false };
    boxes = new vis.DataSet(nodes.map((node) => ({ ...node })));
    drawn = new vis.Network(canvas, { nodes: boxes, edges: [] }, options);
    pen = document.createElement("canvas").getContext("2d");
    pen.lineWidth = 12;
    drawn.on("beforeDrawing", drawEdges);
    drawn.on("click", ({ pointer }) => onChoice(hit(pointer.DOM)));
    canvas.addEventListener("mousemove", (event) => {
      const bounds = canvas.getBoundingClientRect();
      const { node, edge } = hit({ x: event.clientX - bounds.left, y: event.clientY - bounds.top });
      canvas.style.cursor = node !== undefined || edge ? "pointer" : "default";
      if (edge === chosen.hover) return;
      chosen.hover = edge;
      drawn.redraw();
    });
    stage.addEventListener("scroll", look, { passive: true });
  }

  /** The node at a point of the screen, or else the edge. */
  function hit(point) {
    const node = drawn.getNodeAt(point);
    return { node, edge: node === undefined ? edgeAt(drawn.DOMtoCanvas(point)) : undefined };
  }

  function edgeAt({ x, y }) {
    const hits = [...inView()]
      .filter((edge) => pen.isPointInStroke(shapeOf(edge.id).path, x, y)).map((edge) => edge.id);
    return hits.find((id) => isLit(edgeById.get(id))) || hits[0];
  }

  /** Point the canvas, which stays in view, at the part of the sheet that is scrolled to. */
  function look() {
    const { clientWidth, clientHeight } = canvas;
    const position = { x: stage.scrollLeft + clientWidth / 2, y: stage.scrollTop + clientHeight / 2 };
    drawn.moveTo({ position, scale: 1, animation: false });
  }

  /** Draw what is to be seen. */
  function show(visible) {
    arrange(visible);
    byId("sheet").style.height = `${place.height + HEAD}px`;
    byId("sheet").style.width = `${Math.max(place.width, stage.clientWidth)}px`;
    const width = stage.clientWidth;
    const height = Math.min(place.height, stage.clientHeight - HEAD);
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    drawn.setSize(`${width}px`, `${height}px`);
    boxes.update(nodes.map((node) => ({ id: node.id, x: node.x, y: node.y, hidden: !visible.has(node.id) })));
    byId("headings").replaceChildren(...place.columns.map((entry) => {
      const heading = make("div", entry.heading);
      heading.append(make("span", `${entry.boxes} shown`));
      Object.assign(heading.style, { left: `${entry.x}px`, width: `${size.width}px` });
      return heading;
    }));
    drawn.redraw();
    look();
  }

  /** Scroll to a node unless it is in view. */
  function bringIntoView(node) {
    const [left, top] = [node.x - size.width / 2, node.y - node.height / 2];
    const [x, y] = [stage.scrollLeft, stage.scrollTop];
    const room = stage.clientHeight - HEAD;
    const within = top >= y && top + node.height <= y + room && left >= x && left + size.width <= x + stage.clientWidth;
    if (!within)
      stage.scrollTo({ left: left - (stage.clientWidth - size.width) / 2, top: top - (room - node.height) / 2 });
  }

  // ---------------------------------------------------------------------------------------------- what stands where

  /** Place the nodes that are to be seen, column by column. */
  function arrange(visible) {
    place.visible = visible;
    const shownEdges = edges.filter((edge) => place.visible.has(edge.from) && place.visible.has(edge.to));
    const lanesInUse = new Set(shownEdges.flatMap((edge) => edge.lanes));
    place.columns = data.columns.map((entry, number) => {
      const ours = nodes.filter((n) => n.column === number && place.visible.has(n.id));
      const lanes = ours.length ? data.lanes.filter((l) => l.column === number && lanesInUse.has(l.id)) : [];
      return { ...entry, number, boxes: ours.length, items: [...ours, ...lanes].sort((a, b) => a.order - b.order) };
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
    if (chosen.edge) return edge.id === chosen.edge;
    if (!chosen.node) return null;
    const direct = edge.from === chosen.node || edge.to === chosen.node;
    const along = chosen.thread.has(edge.from) && chosen.thread.has(edge.to) && column(edge.from) !== column(edge.to);
    return direct || (along && onOneSide(edge));
  }

  /** Whether both ends lead to the chosen node, or both are led to by it: a thread does not turn back. */
  function onOneSide(edge) {
    const here = column(chosen.node);
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
      if (bright || edge.id === chosen.hover) lit.push(edge);
      else drawEdge(ctx, edge, shapeOf(edge.id), bright === null ? 0.62 : 0.16, colour("thread"), 1.25);
    }
    for (const edge of lit) drawEdge(ctx, edge, shapeOf(edge.id), 1, colour("ink"), 2);
  }

  function drawEdge(ctx, edge, shape, alpha, ink, width) {
    ctx.save();
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = ctx.fillStyle = ink;
    ctx.lineWidth = width;
    ctx.setLineDash(edge.possible ? [6, 4] : []);
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
    if (chosen.edge) return id !== edgeById.get(chosen.edge).from && id !== edgeById.get(chosen.edge).to;
    return Boolean(chosen.thread) && !chosen.thread.has(id);
  }

  function drawBox({ ctx, id, x, y }) {
    const node = nodeById.get(id);
    return {
      drawNode() {
        const isChosen = id === chosen.node;
        const left = x - size.width / 2;
        const top = y - node.height / 2;
        ctx.save();
        ctx.lineWidth = isChosen ? 3.5 : node.gap ? 2.5 : 1.5;
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
    const family = getComputedStyle(document.body).fontFamily;
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

  return { chosen, place, start, show, bringIntoView };
})();
