"use strict";
// What network.py arranged: the items, the statements between them, and which of them belong together.
const network = (() => {
  const { byId, reach } = page;
  const read = (id) => JSON.parse(byId(id).textContent);
  const data = read("data-page");
  const options = JSON.parse(read("data-options"));
  const nodes = read("data-nodes");
  const edges = read("data-edges").map((edge) => ({ ...edge, ...data.relations[edge.relation] }));
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const edgeById = new Map(edges.map((edge) => [edge.id, edge]));
  const edgesOf = new Map(nodes.map((node) => [node.id, []]));
  for (const edge of edges) {
    edgesOf.get(edge.from).push(edge);
    if (edge.to !== edge.from) edgesOf.get(edge.to).push(edge);
  }
  const gapsOf = new Map();
  for (const gap of data.gaps) if (gap.node) gapsOf.set(gap.node, [...(gapsOf.get(gap.node) || []), gap]);

  const STEPS = 2;

  const other = (edge, id) => (edge.from === id ? edge.to : edge.from);
  const column = (id) => nodeById.get(id).column;
  const beside = (id) => edgesOf.get(id).map((edge) => other(edge, id));

  /** The thread of a node: all that leads to it, all that it leads to, and what is linked within its column. */
  function threadOf(id) {
    const towards = (direction) => reach([id], (here) => beside(here)
      .filter((there) => (column(there) - column(here)) * direction > 0));
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
        for (const there of beside(here))
          if (!before.has(there)) reached.set(there, [...(reached.get(there) || []), here]);
      }
      for (const [there, from] of reached) before.set(there, from);
      ahead = [...reached.keys()];
    }
    return before.has(end) ? reach([end], (here) => before.get(here)) : null;
  }

  /** The issues of a theme, who raises them, and what their threads lead to. */
  function ofTheme(theme) {
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

  return {
    data, options, nodes, edges, nodeById, edgeById, edgesOf, gapsOf, other, column, threadOf, near, between, ofTheme,
    gapsAndWhatLeadsToThem
  };
})();
