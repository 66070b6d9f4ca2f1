"use strict";
// What the page does: it shows the words behind what is chosen, and draws what is asked for.
(() => {
  const { byId, make, button, matching, plural } = page;
  const { data, nodes, nodeById, edgeById, edgesOf, gapsOf, other } = network;
  const { chosen } = picture;
  const stage = byId("stage");
  const rows = new Map();
  const OF_CHOICE = ["thread", "near", "way"]; // modes that show something of what is chosen
  const state = { mode: "all", before: "all", background: false, from: null, way: null };

  // -------------------------------------------------------------------------------------------------- what is shown

  /** Draw what is to be seen, and say how much that is. */
  function show() {
    picture.show(visible());
    const asked = nodes.filter(isAskedFor);
    const unseenGaps = asked
      .filter((node) => node.background && node.gap && !picture.place.visible.has(node.id)).length;
    byId("shown").textContent = `${picture.place.visible.size} of ${plural(asked.length, "item")} shown.`
      + (unseenGaps ? ` ${plural(unseenGaps, "gap")} among what is not shown: see the table.` : "");
    byId("openall").hidden = state.mode !== "gaps" || asked.length <= data.many;
    byId("many").textContent = plural(asked.length, "item");
    for (const input of document.getElementsByName("mode")) {
      input.checked = input.value === state.mode;
      if (OF_CHOICE.includes(input.value)) input.disabled = !chosen.node;
    }
    byId("way").hidden = state.mode !== "way";
    if (byId("background")) byId("background").checked = state.background;
  }

  function visible() {
    const allowed = choosable();
    const theme = byId("theme")?.value;
    const themed = theme ? network.ofTheme(theme) : allowed;
    const all = state.background || OF_CHOICE.includes(state.mode);
    return new Set(nodes
      .filter((n) => allowed.has(n.id) && themed.has(n.id) && isAskedFor(n) && (all || !n.background))
      .map((n) => n.id));
  }

  /** Whether what belongs to this partnership is to be seen. */
  function isAskedFor({ part }) {
    const wanted = byId("partnership")?.value;
    return !wanted || Number(wanted) === part;
  }

  /** Show one partnership, or all; of many items those with gaps first. */
  function askFor(wanted) {
    if (byId("partnership")) byId("partnership").value = wanted;
    for (const element of document.querySelectorAll("[data-part]"))
      element.hidden = !isAskedFor({ part: Number(element.dataset.part) });
    const asked = nodes.filter(isAskedFor);
    state.mode = state.before = asked.length > data.many && asked.some((node) => node.gap) ? "gaps" : "all";
  }

  /** What the chosen way of looking shows. */
  function choosable() {
    if (state.mode === "thread" && chosen.thread) return chosen.thread;
    if (state.mode === "near" && chosen.node) return network.near(chosen.node);
    if (state.mode === "way" && state.way) return state.way;
    if (state.mode === "gaps") return network.gapsAndWhatLeadsToThem();
    return new Set(nodeById.keys());
  }

  // -------------------------------------------------------------------------------------------------------- choosing

  function chooseNode(id, { focus = false } = {}) {
    if (state.mode === "way" && state.from && !state.way && id !== state.from) {
      findWay(id);
      return;
    }
    const node = nodeById.get(id);
    Object.assign(chosen, { node: id, edge: null, thread: network.threadOf(id) });
    if (node.background) state.background = true;
    if (!isAskedFor(node)) askFor("");
    if (!choosable().has(id)) state.mode = "all";
    show();
    picture.bringIntoView(node);
    showNode(node, focus);
  }

  function findWay(to) {
    state.way = network.between(state.from, to);
    const ends = `from “${nodeById.get(state.from).label}” to “${nodeById.get(to).label}”`;
    byId("way").textContent = state.way ? `The shortest way ${ends}.` : `Nothing in these documents links ${ends}.`;
    if (!state.way) state.from = null;
    show();
    stage.scrollTo(0, 0);
  }

  function chooseEdge(id) {
    Object.assign(chosen, { node: null, edge: id, thread: null });
    if (OF_CHOICE.includes(state.mode)) state.mode = state.before;
    show();
    showEdge(edgeById.get(id));
  }

  function clear() {
    const was = chosen.node || chosen.edge;
    Object.assign(chosen, { node: null, edge: null, thread: null, hover: null });
    Object.assign(state, { from: null, way: null });
    if (OF_CHOICE.includes(state.mode)) state.mode = state.before;
    show();
    if (was) showNothing();
  }

  /** Walk from the chosen node: up and down its column, left and right along its links. */
  function walk(key) {
    const here = nodeById.get(chosen.node);
    if (!here || !picture.place.visible.has(here.id))
      return picture.place.columns[0]?.items.find((item) => item.height);
    const upright = key === "ArrowUp" || key === "ArrowDown";
    const forward = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
    const reachable = upright
      ? nodes.filter((n) => picture.place.visible.has(n.id) && n.column === here.column && (n.y - here.y) * forward > 0)
      : edgesOf.get(here.id).map((edge) => nodeById.get(other(edge, here.id)))
        .filter((n) => picture.place.visible.has(n.id) && (n.column - here.column) * forward > 0);
    const distance = (n) => Math.abs(n.y - here.y) + Math.abs(n.x - here.x);
    return reachable.sort((a, b) => distance(a) - distance(b))[0];
  }

  // -------------------------------------------------------------------------------------------------------- the panel

  function fill(heading, about, parts, focus) {
    const top = make("div", undefined, "top");
    const title = make("h2", heading);
    title.tabIndex = -1;
    top.append(title);
    if (chosen.node || chosen.edge) top.append(button("Clear", clear, "clear"));
    byId("panel").replaceChildren(top, make("p", about, "note"), ...parts);
    byId("panel").scrollTop = 0;
    if (focus) title.focus();
  }

  /** The words behind a statement, from its row in the table. */
  function quotes(edge) {
    if (!rows.has(edge.id))
      for (const row of document.querySelectorAll("table.facts [data-id]")) rows.set(row.dataset.id, row);
    if (!rows.has(edge.id)) return [make("p", "The page is still being read. Choose it again in a moment.", "note")];
    const cell = rows.get(edge.id).cells[3];
    const list = [...cell.querySelectorAll("q")].map((quote) => {
      const block = make("blockquote", `“${quote.textContent}”`);
      block.append(quote.nextElementSibling.cloneNode(true));
      return block;
    });
    return edge.status ? [make("p", edge.status, "status"), ...list] : list;
  }

  function gapBox(gap) {
    const box = make("div", undefined, gap.broken ? "gapbox" : "gapbox info");
    box.append(
      make("p", (gap.broken ? "\u26a0\ufe0e " : "") + gap.name, gap.broken ? "broken" : ""),
      make("p", gap.message));
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
    const about = [node.kind, node.theme, ...node.plans, node.past ? "not in force" : "", partnershipOf(node)]
      .filter(Boolean);
    fill(node.label, about.join(" · "), parts, focus);
    say([node.label, ...about, ...(gapsOf.get(node.id) || []).map((gap) => gap.name)]);
  }

  /** Tell those who do not see the picture what was chosen in it. */
  function say(parts) {
    byId("said").textContent = parts.length ? `${parts.join(", ")}.` : "";
  }

  /** Its name, where there are several. */
  function partnershipOf({ part }) {
    return data.partnerships.length > 1 ? data.partnerships[part] : "";
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
    say([`${from.label} ${edge.words} ${to.label}`]);
  }

  function showNothing() {
    const parts = [];
    say(parts);
    const all = data.gaps.filter(isAskedFor);
    for (const name of new Set(all.map((gap) => gap.name))) {
      const gaps = all.filter((gap) => gap.name === name);
      parts.push(make("h3", `${gaps[0].broken ? "\u26a0\ufe0e " : ""}${name} (${gaps.length})`,
        gaps[0].broken ? "broken" : ""));
      const list = make("ul", undefined, "close");
      for (const gap of gaps) {
        const item = make("li");
        item.append(gap.node
          ? button(gap.label, () => chooseNode(gap.node, { focus: true })) : make("span", gap.message));
        if (!byId("partnership")?.value && partnershipOf(gap))
          item.append(make("span", ` ${partnershipOf(gap)}`, "note"));
        list.append(item);
      }
      parts.push(list);
    }
    fill(
      "What the documents say",
      "Choose a box or a line to read the words behind it. Escape clears the choice.", parts);
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
      const what = [node.kind.toLowerCase(), partnershipOf(node)].filter(Boolean).join(", ");
      item.append(button(`${node.label} (${what})`, () => chooseNode(node.id, { focus: true })));
      return item;
    }));
  }

  // -------------------------------------------------------------------------------------------------------- beginning

  byId("controls").hidden = byId("work").hidden = false;
  picture.start(({ node, edge }) => {
    if (node !== undefined) chooseNode(node);
    else if (edge) chooseEdge(edge);
    else clear();
  });
  addEventListener("resize", show);
  askFor("");
  if (data.focus) state.mode = "all";
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
      Object.assign(state, { mode: input.value, from: input.value === "way" ? chosen.node : null, way: null });
      byId("way").textContent = state.from
        ? `Now choose where the way from “${nodeById.get(state.from).label}” shall lead to.` : "";
      stage.scrollTo(0, 0);
      show();
    });
  }
  byId("partnership")?.addEventListener("change", (event) => {
    stage.scrollTo(0, 0);
    clear();
    askFor(event.target.value);
    show();
    showNothing();
  });
  byId("theme")?.addEventListener("change", () => {
    stage.scrollTo(0, 0);
    show();
  });
  byId("background")?.addEventListener("change", (event) => {
    state.background = event.target.checked;
    show();
  });
  stage.addEventListener("keydown", (event) => {
    const walking = chosen.node && event.key.startsWith("Arrow");
    if (!walking && !(event.key === "Enter" && !chosen.node)) return;
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
  // The tables, which hold the words, are read after this script.
  if (data.focus) document.addEventListener("DOMContentLoaded", () => chooseNode(data.focus));
  performance.mark("picture drawn");
})();
