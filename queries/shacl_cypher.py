"""Compiles gap rules from SHACL to Cypher: one query for each rule, scoped to one partnership.

A shape becomes a condition on one thing, a path a chain of clauses that starts at that thing. Each step is a MATCH of its own,
because within one MATCH Cypher goes through no relationship twice, and SHACL does. A path that is repeated any number of times is
worked out beforehand (see `CompiledRule.closures`), but for `broader`, which Cypher follows by itself.

Values in a query are ids of entities, or, where a path ends at something that is no entity, texts: 'body/police' for a kind of
body, '"' and the text for a plain text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..graph.neo4j_schema import relationship_type
from ..ontology import Ontology, OntologyError
from ..ontology.shapes import (
    BOARD_KIND,
    Alternative,
    GapRule,
    Inverse,
    Need,
    NodeShape,
    Path,
    PropertyShape,
    Sequence,
    Step,
    Target,
    Term,
    ZeroOrMore,
)
from .compiled import SHARED, CompiledRule
from .shacl_compiler import ShapeCompiler

_BOARD = "Subgroup {{partnership: $partnership, kind: {kind}}}"
#: The deadlines in the relationship {m} by which a document mentions an action.
_DEADLINES = "[pair IN coalesce({m}.pairs, []) WHERE pair STARTS WITH 'deadline=' | '\"' + substring(pair, 9)]"


def to_cypher(rule: GapRule, ontology: Ontology) -> CompiledRule:
    """Return `rule` as Cypher.

    Raises:
        OntologyError: the rule names a class or relation that does not exist, or one that cannot stand where it does.

    """
    return _Compiler(ontology, rule.code.replace("-", "_")).rule(rule)


@dataclass(frozen=True, slots=True)
class _Chain:
    """The values at the end of a path: the clauses so far, and the value in terms of their variables."""

    value: str
    clauses: tuple[str, ...] = ()
    node: str | None = None  #: the variable of the node whose id the value is, where that is known
    statement: str | None = None  #: the relationship of the last step, where documents state it
    carried: str | None = None  #: a variable that no clause may drop

    def then(self, clause: str, value: str, node: str | None = None, statement: str | None = None) -> _Chain:
        return replace(self, clauses=(*self.clauses, clause), value=value, node=node, statement=statement)

    def query(self, where: str, returned: str) -> str:
        """The clauses as a query of the values for which `where` holds."""
        kept = f" WITH * WHERE {where}" if where else ""
        return f"{' '.join(self.clauses)}{kept} RETURN {returned}"


@dataclass(frozen=True, slots=True)
class _Edges:
    """A relation as a clause; {s} and {o} stand for its ends, '(x:Entity …)' or a part of it, {r} for its relationship."""

    types: str
    where: str = ""
    turned: bool = False  #: its relationship points from its object to its subject


class _Compiler(ShapeCompiler[_Chain]):
    """Compiles one rule; collects the parameters of its queries."""

    true = "true"

    def __init__(self, ontology: Ontology, code: str) -> None:
        self._ontology = ontology
        self._code = code
        self._parameters: dict[str, int | str] = {}
        self._closures: list[tuple[str, str]] = []
        self._held: dict[str, str] = {}  #: variables that a query works out first, with what they hold
        self._names = 0

    # ----------------------------------------------------------------------------------------------- whole rules

    def rule(self, rule: GapRule) -> CompiledRule:
        needs = " OR ".join(self._need(need) for need in rule.needs) or "true"
        focus = " UNION ".join(self._target(target) for target in rule.targets)
        parts = [self._conforms(replace(rule.shape, properties=()), "x")]
        parts += [self._property(shape, "x") for shape in rule.shape.properties]
        gaps = [
            f"  UNION ALL\n  UNWIND CASE WHEN met THEN focus ELSE [] END AS x WITH x WHERE NOT ({condition}) RETURN [{number}, x] AS row"
            for number, condition in enumerate(parts)
            if condition
        ]
        held = "".join(f", {name}" for name in self._held)
        lines = [
            self._holding(),
            f"WITH ({needs}) AS met,\n     COLLECT {{ {focus} }} AS focus{held}",
            f"CALL (met, focus{held}) {{",
            "  RETURN ['checked', met] AS row\n  UNION ALL\n  RETURN ['all', size(focus)] AS row",
            *gaps,
            "}\nRETURN row",
        ]
        lines = [line for line in lines if line]
        self._held = {}
        names = None if rule.names is None else self._named(rule.names)
        evidence = "\nUNION\n".join(self._evidence(path) for path in rule.shown_by)
        return CompiledRule("\n".join(lines), self._parameters, names, evidence or None, tuple(self._closures))

    def _need(self, need: Need) -> str:
        if need.shape is not None:
            among = self._target(Target("class", need.name))
            return f"EXISTS {{ CALL () {{ {among} }} WITH x WHERE {self._conforms(need.shape, 'x') or 'true'} RETURN x }}"
        kind = "class" if need.name in self._ontology.classes or need.name in ("CommitmentInForce", "PriorityInForce") else "subjects"
        return f"EXISTS {{ {self._target(Target(kind, need.name))} }}"  # type: ignore[arg-type]  # one of the two words

    def _target(self, target: Target) -> str:
        if target.kind == "class":
            return self._things(target.name)
        if target.kind == "objects" and target.name in ("kind", "deadline"):
            raise OntologyError(f"A rule cannot be aimed at the values of gt:{target.name}: they are no things of the graph.")
        start, end = self._name(), self._name()
        subjects = target.kind == "subjects"
        match target.name:
            case "kind":
                return f"MATCH ({start}:Entity {{partnership: $partnership}}) WHERE {start}.kind IS NOT NULL RETURN {start}.key AS x"
            case "board_of":
                return f"MATCH ({start}:{self._board()}) RETURN DISTINCT {f'{start}.key' if subjects else '$itself'} AS x"
            case "deadline":
                some = f"size({_DEADLINES.format(m=end)}) > 0"
                return f"MATCH ({start}:Action {{partnership: $partnership}})<-[{end}:MENTIONS]-() WHERE {some} RETURN DISTINCT {start}.key AS x"
        clause, _ = self._match(self._edges(target.name), f"{start}:Entity", f"{end}:Entity")
        return f"{clause} RETURN DISTINCT {start if subjects else end}.key AS x"

    def _things(self, name: str) -> str:
        e = self._name()
        if name == "CommitmentInForce":
            return "UNWIND $in_force AS x RETURN x"
        if name == "PriorityInForce":
            return f"UNWIND $in_force AS x MATCH ({e}:Entity {{key: x}}) WHERE {e}:Priority RETURN x"
        class_ = self._class(name)
        own = f"MATCH ({e}:{class_} {{partnership: $partnership}}) RETURN {e}.key AS x"
        if name == "Partnership":
            return f"{own} UNION RETURN $itself AS x"
        if name in SHARED:
            named = f"EXISTS {{ ({e})<-[:MENTIONS]-(:Document {{partnership: $partnership}}) }}"
            return f"MATCH ({e}:{class_}) WHERE {e}.partnership IS NULL AND ({e}.vocabulary OR {named}) RETURN {e}.key AS x"
        return own

    def _named(self, shape: PropertyShape) -> str:
        chain = self._follow(shape.path, _Chain("thing", ("UNWIND $focus AS thing",), carried="thing"))
        where = "" if shape.qualified is None else self._conforms(shape.qualified, chain.value)
        values = chain.query(where, f"DISTINCT thing, {chain.value} AS value")
        held = f"{self._holding()}\n" if self._held else ""
        return f"{held}CALL ({', '.join(self._held)}) {{ {values} }}\nOPTIONAL MATCH (e:Entity {{key: value}})\nRETURN [thing, value, e.name] AS row"

    def _evidence(self, path: Path) -> str:
        match path:
            case Inverse(Step(name)) if self._edges(name).where and not self._edges(name).turned:
                # From the partnership's own things, because all partnerships speak of an issue.
                clause, raised = self._match(self._edges(name), "s:Entity", "o:Entity")
                return f"{clause} AND o.key IN $focus RETURN {_row('o.key', raised)}"
        chain = self._follow(path, _Chain("thing", ("UNWIND $focus AS thing",), carried="thing"))
        r = chain.statement
        if r is None or any(clause.startswith("CALL") for clause in chain.clauses):
            raise OntologyError("A gt:shownBy path must end with a relation that documents state, and may only repeat gt:broader.")
        return chain.query("", _row("thing", r))

    def _holding(self) -> str:
        return "WITH " + ", ".join(f"COLLECT {{ {query} }} AS {name}" for name, query in self._held.items()) if self._held else ""

    # ---------------------------------------------------------------------------------------------------- shapes

    def _equals(self, value: str, term: Term) -> str:
        return f"{value} = {self._term(term)}"

    def _values_of(self, path: Path, thing: str) -> _Chain:
        return self._follow(path, _Chain(thing))

    def _exists(self, values: _Chain, where: str) -> str:
        return f"EXISTS {{ {values.query(where, '1 AS found')} }}"

    def _number(self, values: _Chain, where: str) -> str:
        return f"COUNT {{ {values.query(where, f'DISTINCT {values.value} AS value')} }}"

    def _in_class(self, name: str, thing: str) -> str:
        if name == "CommitmentInForce":
            return f"{thing} IN $in_force"
        if name == "PriorityInForce":
            return f"({thing} IN $in_force AND {self._in_class('Priority', thing)})"
        e = self._name()
        typed = f"EXISTS {{ MATCH ({e}:Entity {{key: {thing}}}) WHERE {e}:{self._class(name)} }}"
        return f"({thing} = $itself OR {typed})" if name == "Partnership" else typed

    def _property(self, shape: PropertyShape, thing: str) -> str:
        return self._touched_in_force(shape, thing) or super()._property(shape, thing)

    def _touched_in_force(self, shape: PropertyShape, thing: str) -> str:
        """Return the condition that something in force has a relation to a value, for the shapes that ask no more than that.

        What things in force have the relation to is found once: few things are in force, but many partnerships speak of an issue.
        """
        match shape:
            case PropertyShape(
                path=Sequence((*before, Inverse(Step(relation)))), min_count=0, max_count=None, has_values=(), each=None,
                qualified=NodeShape(classes=("CommitmentInForce",)) as asked, qualified_min=1, qualified_max=None,
            ) if asked == NodeShape(classes=("CommitmentInForce",)) and relation in self._ontology.relations:  # fmt: skip
                clause, _ = self._match(self._edges(relation), "s", "o:Entity")
                name = f"touched_by_{relation}"
                self._held[name] = f"UNWIND $in_force AS key MATCH (s:Entity {{key: key}}) {clause} RETURN DISTINCT o.key AS value"
                chain = self._follow(Sequence(tuple(before)), _Chain(thing))
                return self._exists(chain, f"{chain.value} IN {name}") if chain.clauses else f"{chain.value} IN {name}"
        return ""

    # ----------------------------------------------------------------------------------------------------- paths

    def _follow(self, path: Path, start: _Chain, back: bool = False) -> _Chain:
        """Return the chain that goes from `start` along `path`, from its end to its start when `back`."""
        match path:
            case Step(relation):
                return self._step(relation, start, back)
            case Inverse(inner):
                return self._follow(inner, start, not back)
            case Sequence(paths):
                for inner in reversed(paths) if back else paths:
                    start = self._follow(inner, start, back)
                return start
            case Alternative(paths):
                return self._branched(start, [(inner, back) for inner in paths])
            case ZeroOrMore(Step("broader")):
                return self._broader(start, back)
            case ZeroOrMore(Inverse(Step("broader"))):
                return self._broader(start, not back)
            case ZeroOrMore(Step("board_of") | Inverse(Step("board_of")) as inner):
                # Boards have no boards: following it once is following it any number of times.
                return self._branched(start, [(Sequence(()), back), (inner, back)])
            case ZeroOrMore(inner):
                closure, value = self._closure(inner, back), self._name()
                bound = f"WITH *, {start.value} AS {value}_from UNWIND coalesce({closure}[{value}_from], [{value}_from]) AS {value}"
                return start.then(bound, value)
        raise OntologyError(f"The path {path} is not supported.")

    def _branched(self, start: _Chain, ways: Iterable[tuple[Path, bool]]) -> _Chain:
        """Return the chain whose values are those of any of several ways on from `start`."""
        here, there = self._name(), self._name()
        kept = f"{start.carried}, " if start.carried else ""
        branches = (self._follow(path, _Chain(here), back) for path, back in ways)
        queries = " UNION ".join(f"{' '.join(branch.clauses)} RETURN {branch.value} AS {there}" for branch in branches)
        bound = start.then(f"WITH {kept}{start.value} AS {here}", here)
        return bound.then(f"CALL ({here}) {{ {queries} }}", there)

    def _closure(self, path: Path, back: bool) -> str:
        """Have the pairs of `path` found beforehand; return the parameter that maps a value to all it reaches, itself included."""
        name = f"closure_{self._code}_{len(self._closures)}"
        self._closures.append(("", ""))  # closures within the path come before
        number = len(self._closures) - 1
        pairs = self._follow(path, _Chain("value", carried="value"), back)
        query = f"CALL () {{ {self._everything()} }} {' '.join(pairs.clauses)} RETURN DISTINCT value AS here, {pairs.value} AS there"
        del self._closures[number]
        self._closures.append((name, query))
        return f"${name}"

    def _everything(self) -> str:
        """A query of all values at which a path can start."""
        return " UNION ".join((
            "MATCH (e:Entity) WHERE e.partnership IS NULL OR e.partnership = $partnership RETURN e.key AS value",
            "RETURN $itself AS value",
            "MATCH (e:Entity {partnership: $partnership}) WHERE e.kind IS NOT NULL RETURN 'body/' + e.kind AS value",
            f"MATCH (e:Action {{partnership: $partnership}})<-[m:MENTIONS]-() UNWIND {_DEADLINES.format(m='m')} AS value RETURN value",
        ))  # fmt: skip

    def _step(self, relation: str, start: _Chain, back: bool) -> _Chain:
        here = start.node or self._name()
        first = here if start.node else f"{here}:Entity {{key: {start.value}}}"
        there, m = self._name(), self._name()
        match relation, back:
            case "kind", False:
                own = f"{here}.partnership = $partnership AND {here}.kind IS NOT NULL"
                return start.then(f"MATCH ({first}) WHERE {own}", f"('body/' + {here}.kind)")
            case "kind", True:
                own = f"'body/' + {there}.kind = {start.value}"
                return start.then(f"MATCH ({there}:Entity {{partnership: $partnership}}) WHERE {own}", f"{there}.key", there)
            case "board_of", False:
                return start.then(f"MATCH ({there}:{self._board()}) WHERE {there}.key = {start.value}", "$itself")
            case "board_of", True:
                return start.then(f"MATCH ({there}:{self._board()}) WHERE {start.value} = $itself", f"{there}.key", there)
            case "deadline", False:
                own = f"{here}:Action AND {here}.partnership = $partnership"
                clause = f"MATCH ({first})<-[{m}:MENTIONS]-() WHERE {own} UNWIND {_DEADLINES.format(m=m)} AS {there}"
                return start.then(clause, there)
            case "deadline", True:
                own = f"{start.value} IN {_DEADLINES.format(m=m)}"
                clause = f"MATCH ({there}:Action {{partnership: $partnership}})<-[{m}:MENTIONS]-() WHERE {own}"
                return start.then(clause, f"{there}.key", there)
        edges = self._edges(relation)
        ends = (f"{there}:Entity", first) if back else (first, f"{there}:Entity")
        clause, r = self._match(edges, *ends)
        return start.then(clause, f"{there}.key", there, None if relation in ("broader", "requires") else r)

    def _broader(self, start: _Chain, back: bool) -> _Chain:
        """Follow `broader` any number of times; what is no entity reaches only itself."""
        there = self._name()
        first = start.node or f":Entity {{key: {start.value}}}"
        way = "<-[:BROADER*0..]-" if back else "-[:BROADER*0..]->"
        if start.node:
            return start.then(f"MATCH ({first}){way}({there})", f"{there}.key", there)
        return start.then(f"OPTIONAL MATCH ({first}){way}({there})", f"coalesce({there}.key, {start.value})")

    # ------------------------------------------------------------------------------------------------- relations

    def _match(self, edges: _Edges, subject: str, object_: str) -> tuple[str, str]:
        """Return the clause that joins two ends ('a:Entity'), and the variable of its relationship."""
        r = self._name()
        left, right = (object_, subject) if edges.turned else (subject, object_)
        if edges.where and left.endswith(":Entity") and right.endswith(":Entity"):
            # Documents state something only of what is their partnership's own; from there the way is shorter than from an issue.
            left += " {partnership: $partnership}"
        where = edges.where.format(r=r, s=_variable(subject), o=_variable(object_), left=_variable(left), right=_variable(right))
        return f"MATCH ({left})-[{r}:{edges.types}]->({right})" + (f" WHERE {where}" if where else ""), r

    def _edges(self, name: str) -> _Edges:
        relation = self._ontology.relations.get(name)
        narrower: list[tuple[str, str | None]] = [(name, None)] if relation else self._ontology.narrower_relations(name)
        scope = "{r}.partnership = $partnership"
        match name:
            case "broader" | "requires":
                return _Edges(relationship_type(name))
            case "formerly_addressed_by":
                return _Edges("ADDRESSES", f"{scope} AND {{o}}.key IN $former", turned=True)
            case "differs_on_owner":
                return _Edges("LEADS", f"{scope} AND {self._differs()}", turned=True)
        if not narrower:
            raise OntologyError(f"A gap rule speaks of gt:{name}, which is no class or relation. Correct the name.")
        types = sorted({relationship_type(relation) for relation, _ in narrower})
        return _Edges("|".join(types), " AND ".join([scope, *self._stances(narrower)]))

    def _stances(self, relations: list[tuple[str, str | None]]) -> Iterable[str]:
        plain = {name for name, stance in relations if stance is None}
        for name in sorted({name for name, stance in relations if stance is not None} - plain):
            stances = [self._parameter(f"stance_{s}", s) for other, s in sorted(relations, key=str) if other == name and s is not None]
            yield f"(type({{r}}) <> '{relationship_type(name)}' OR {{r}}.stance IN [{', '.join(stances)}])"

    def _differs(self) -> str:
        """Return the condition that another document names leaders, but not this one."""
        other, theirs, ours = self._name(), self._name(), self._name()
        same = f"{{{{ ({{o}})-[{ours}:LEADS]->({{s}}) WHERE {ours}.partnership = $partnership AND {ours}.document = {theirs}.document }}}}"
        return (
            f"EXISTS {{{{ MATCH ({other}:Entity)-[{theirs}:LEADS]->({{s}}) WHERE {theirs}.partnership = $partnership"
            f" AND {other} <> {{o}} AND NOT EXISTS {same} }}}}"
        )

    def _board(self) -> str:
        return _BOARD.format(kind=self._parameter("board", BOARD_KIND))

    def _class(self, name: str) -> str:
        if name not in self._ontology.classes:
            raise OntologyError(f"A gap rule speaks of gt:{name}, which is no class. Correct the name.")
        return name

    def _term(self, term: Term) -> str:
        return self._parameter(f"term_{len(self._parameters)}", f'"{term.text}' if term.literal else term.text)

    def _parameter(self, name: str, value: str) -> str:
        self._parameters[name] = value
        return f"${name}"

    def _name(self) -> str:
        self._names += 1
        return f"n{self._names}"


def _row(thing: str, r: str) -> str:
    """What a query for evidence returns."""
    return f"[{thing}, {', '.join(f'{r}.{part}' for part in ('document', 'start', 'end', 'quote', 'cue', 'confidence'))}] AS row"


def _variable(end: str) -> str:
    return end.split(":", 1)[0]
