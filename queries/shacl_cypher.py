"""Compiles gap rules from SHACL to Cypher: one query for each rule, scoped to one partnership.

A shape becomes a condition on one thing, a path a chain of clauses that starts at that thing. Each step is a MATCH of
its own, because within one MATCH Cypher goes through no relationship twice, and SHACL does. What documents state of
something as an object is found by the index over relationships, since all partnerships speak of an issue. A path that
is repeated any number of times is worked out beforehand (see `CompiledRule.closures`), but for `broader`, which Cypher
follows by itself; so is what several rules ask alike (`CompiledRule.lists`).

Values in a query are ids of entities, or, where a path ends at something that is no entity, texts: 'body/police' for a
kind of body, '"' and the text for a plain text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..graph.engines.neo4j_schema import possible_type, relationship_type
from ..ontology import Ontology, OntologyError
from ..ontology.shapes import (
    BOARD_KIND,
    DERIVED_RELATIONS,
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


def to_cypher(rule: GapRule, ontology: Ontology, *, suggested: bool = False) -> CompiledRule:
    """Return `rule` as Cypher; with `suggested`, what is only suggested counts too.

    Raises:
        OntologyError: the rule names a class or relation that does not exist, or one that cannot stand where it does.

    """
    return _Compiler(ontology, rule.code.replace("-", "_"), suggested).rule(rule)


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
    """A relation as a clause, with {s} and {o} for its ends and {r} for its relationship.

    An end is '(x:Entity …)' or a part of it.
    """

    types: str
    where: str = ""
    turned: bool = False  #: its relationship points from its object to its subject
    stated: bool = (
        True  #: documents state it, so that its relationships know their partnership and the id of what they point to
    )


class _Compiler(ShapeCompiler[_Chain]):
    """Compiles one rule; collects the parameters of its queries."""

    true = "true"

    def __init__(self, ontology: Ontology, code: str, suggested: bool) -> None:
        self._ontology = ontology
        self._suggested = suggested
        self._code = code
        self._parameters: dict[str, int | str] = {}
        self._closures: list[tuple[str, str]] = []
        self._lists: dict[str, str] = {}
        self._names = 0

    # ----------------------------------------------------------------------------------------------- whole rules

    def rule(self, rule: GapRule) -> CompiledRule:
        needs = " OR ".join(self._need(need) for need in rule.needs) or "true"
        focus = " UNION ".join(self._focus(target) for target in rule.targets)
        parts = [self._conforms(replace(rule.shape, properties=()), "x")]
        parts += [self._property(shape, "x") for shape in rule.shape.properties]
        gaps = [
            f"  UNION ALL\n  UNWIND CASE WHEN met THEN focus ELSE [] END AS x WITH x WHERE NOT ({condition}) "
            f"RETURN [{number}, x] AS row"
            for number, condition in enumerate(parts)
            if condition
        ]
        lines = [
            f"WITH ({needs}) AS met,\n     COLLECT {{ {focus} }} AS focus",
            "CALL (met, focus) {",
            "  RETURN ['checked', met] AS row\n  UNION ALL\n  RETURN ['all', size(focus)] AS row",
            *gaps,
            "}\nRETURN row",
        ]
        names = None if rule.names is None else self._named(rule.names)
        evidence = "\nUNION\n".join(self._evidence(path) for path in rule.shown_by)
        return CompiledRule(
            "\n".join(lines),
            self._parameters,
            names,
            evidence or None,
            tuple(self._closures),
            tuple(self._lists.items()),
        )

    def _need(self, need: Need) -> str:
        if need.shape is not None:
            among = self._target(Target("class", need.name))
            return (
                f"EXISTS {{ CALL () {{ {among} }} WITH x WHERE {self._conforms(need.shape, 'x') or 'true'} RETURN x }}"
            )
        kind = (
            "class"
            if need.name in self._ontology.classes or need.name in ("CommitmentInForce", "PriorityInForce")
            else "subjects"
        )
        return f"EXISTS {{ {self._target(Target(kind, need.name))} }}"  # type: ignore[arg-type]  # one of the two words

    def _focus(self, target: Target) -> str:
        """The things at which a rule is aimed; several rules are aimed at the objects of one relation."""
        if target.kind == "objects" and target.name not in DERIVED_RELATIONS:
            return f"UNWIND {self._objects(target.name)} AS x RETURN x"
        return self._target(target)

    def _target(self, target: Target) -> str:
        if target.kind == "class":
            return self._things(target.name)
        if target.kind == "objects" and target.name in ("kind", "deadline"):
            raise OntologyError(
                f"A rule cannot be aimed at the values of gt:{target.name}: they are no things of the graph."
            )
        start, end = self._name(), self._name()
        subjects = target.kind == "subjects"
        match target.name:
            case "kind":
                return (
                    f"MATCH ({start}:Entity {{partnership: $partnership}}) WHERE {start}.kind IS NOT NULL "
                    f"RETURN {start}.key AS x"
                )
            case "board_of":
                return (
                    f"MATCH ({start}:{self._board()}) RETURN DISTINCT {f'{start}.key' if subjects else '$itself'} AS x"
                )
            case "deadline":
                some = f"size({_DEADLINES.format(m=end)}) > 0"
                return (
                    f"MATCH ({start}:Action {{partnership: $partnership}})<-[{end}:MENTIONS]-() WHERE {some} "
                    f"RETURN DISTINCT {start}.key AS x"
                )
        edges = self._edges(target.name)
        clause, r = self._match(edges, start, end)
        # The relationship itself knows the end to which it points, and the index gives it.
        x = f"{r}.object" if edges.stated and subjects == edges.turned else f"{start if subjects else end}.key"
        return f"{clause} RETURN DISTINCT {x} AS x"

    def _things(self, name: str) -> str:
        if name == "CommitmentInForce":
            return "UNWIND $in_force AS x RETURN x"
        if name == "PriorityInForce":
            return "UNWIND $priorities AS x RETURN x"
        e, class_ = self._name(), self._class(name)
        own = f"MATCH ({e}:{class_} {{partnership: $partnership}}) RETURN {e}.key AS x"
        if name == "Partnership":
            return f"{own} UNION RETURN $itself AS x"
        if name in SHARED:
            named = f"EXISTS {{ ({e})<-[:MENTIONS]-(:Document {{partnership: $partnership}}) }}"
            return (
                f"MATCH ({e}:{class_}) WHERE {e}.partnership IS NULL AND ({e}.vocabulary OR {named}) "
                f"RETURN {e}.key AS x"
            )
        return own

    def _named(self, shape: PropertyShape) -> str:
        chain = self._follow(shape.path, _Chain("thing", ("UNWIND $focus AS thing",), carried="thing"))
        where = "" if shape.qualified is None else self._conforms(shape.qualified, chain.value)
        values = chain.query(where, f"DISTINCT thing, {chain.value} AS value")
        return f"CALL () {{ {values} }}\nOPTIONAL MATCH (e:Entity {{key: value}})\nRETURN [thing, value, e.name] AS row"

    def _evidence(self, path: Path) -> str:
        chain = self._follow(path, _Chain("thing", ("UNWIND $focus AS thing",), carried="thing"))
        r = chain.statement
        if r is None or any(clause.startswith("CALL") for clause in chain.clauses):
            raise OntologyError(
                "A gt:shownBy path must end with a relation that documents state, and may only repeat gt:broader."
            )
        return chain.query("", _row("thing", r))

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
            return f"{thing} IN $priorities"
        e = self._name()
        typed = f"EXISTS {{ MATCH ({e}:Entity {{key: {thing}}}) WHERE {e}:{self._class(name)} }}"
        return f"({thing} = $itself OR {typed})" if name == "Partnership" else typed

    def _property(self, shape: PropertyShape, thing: str) -> str:
        """Return the condition on one thing.

        Where all things that fulfil it can be found once, from the other end, the condition is that their list holds
        this one.
        """
        match shape:
            case PropertyShape(path=Inverse(Step(relation))) if shape == PropertyShape(
                shape.path, min_count=1, message=shape.message
            ):
                if relation not in DERIVED_RELATIONS and self._edges(relation).stated:
                    return f"{thing} IN {self._objects(relation)}"
            case PropertyShape(path=path, qualified=NodeShape(classes=("CommitmentInForce",)) as asked) if (
                shape == PropertyShape(path, qualified=asked, qualified_min=1, message=shape.message)
                and asked == NodeShape(classes=asked.classes)
            ):
                chain = self._follow(path, _Chain("key", ("UNWIND $in_force AS key",)), back=True)
                return (
                    f"{thing} IN "
                    f"{self._list(f'in_force_by_{_words(path)}', chain.query('', f'DISTINCT {chain.value} AS x'))}"
                )
        return super()._property(shape, thing)

    def _objects(self, relation: str) -> str:
        return self._list(f"objects_of_{relation}", self._target(Target("objects", relation)))

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
                bound = (
                    f"WITH *, {start.value} AS {value}_from UNWIND coalesce({closure}[{value}_from], [{value}_from]) "
                    f"AS {value}"
                )
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
        """Have the pairs of `path` found beforehand; return the parameter that maps a value to all it reaches.

        What a value reaches includes itself.
        """
        name = f"closure_{self._code}_{len(self._closures)}"
        self._closures.append(("", ""))  # closures within the path come before
        number = len(self._closures) - 1
        pairs = self._follow(path, _Chain("value", carried="value"), back)
        query = (
            f"CALL () {{ {self._everything()} }} {' '.join(pairs.clauses)} "
            f"RETURN DISTINCT [value, {pairs.value}] AS row"
        )
        del self._closures[number]
        self._closures.append((name, query))
        return f"${name}"

    def _list(self, name: str, query: str) -> str:
        """Have the values `x` of a query found beforehand; return the parameter that lists them."""
        self._lists[name] = f"CALL () {{ {query} }} RETURN [x] AS row"
        return f"${name}"

    def _everything(self) -> str:
        """A query of all values at which a path can start."""
        return " UNION ".join((
            "MATCH (e:Entity) WHERE e.partnership IS NULL OR e.partnership = $partnership RETURN e.key AS value",
            "RETURN $itself AS value",
            "MATCH (e:Entity {partnership: $partnership}) WHERE e.kind IS NOT NULL RETURN 'body/' + e.kind AS value",
            "MATCH (e:Action {partnership: $partnership})<-[m:MENTIONS]-() "
            f"UNWIND {_DEADLINES.format(m='m')} AS value RETURN value",
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
                return start.then(
                    f"MATCH ({there}:Entity {{partnership: $partnership}}) WHERE {own}", f"{there}.key", there
                )
            case "board_of", False:
                return start.then(f"MATCH ({there}:{self._board()}) WHERE {there}.key = {start.value}", "$itself")
            case "board_of", True:
                return start.then(
                    f"MATCH ({there}:{self._board()}) WHERE {start.value} = $itself", f"{there}.key", there
                )
            case "deadline", False:
                own = f"{here}:Action AND {here}.partnership = $partnership"
                clause = f"MATCH ({first})<-[{m}:MENTIONS]-() WHERE {own} UNWIND {_DEADLINES.format(m=m)} AS {there}"
                return start.then(clause, there)
            case "deadline", True:
                own = f"{start.value} IN {_DEADLINES.format(m=m)}"
                clause = f"MATCH ({there}:Action {{partnership: $partnership}})<-[{m}:MENTIONS]-() WHERE {own}"
                return start.then(clause, f"{there}.key", there)
        edges = self._edges(relation)
        # From the end where the relationship starts, by its node; from the end to which it points, by the index.
        from_node = back == edges.turned
        if not edges.stated or from_node:
            ends = (there, first) if back else (first, there)
            clause, r = self._match(edges, *ends)
        else:
            ends = (there, "") if back else ("", there)
            clause, r = self._match(edges, *ends, pointed_at=f"{start.node}.key" if start.node else start.value)
        return start.then(clause, f"{there}.key", there, r if edges.stated else None)

    def _broader(self, start: _Chain, back: bool) -> _Chain:
        """Follow `broader` any number of times; what is no entity reaches only itself."""
        there = self._name()
        first = start.node or f":Entity {{key: {start.value}}}"
        way = "<-[:BROADER*0..]-" if back else "-[:BROADER*0..]->"
        if start.node:
            return start.then(f"MATCH ({first}){way}({there})", f"{there}.key", there)
        return start.then(f"OPTIONAL MATCH ({first}){way}({there})", f"coalesce({there}.key, {start.value})")

    # ------------------------------------------------------------------------------------------------- relations

    def _match(self, edges: _Edges, subject: str, object_: str, pointed_at: str | None = None) -> tuple[str, str]:
        """Return the clause that joins two ends, and the variable of its relationship.

        Args:
            edges: the relation.
            subject: the variable of its subject, with a label and a key ('a:Entity {key: x}') where that is known.
            object_: the same of its object.
            pointed_at: the id of the end to which the relationship points, where the index is to find it; that end has
                no variable then.

        """
        r = self._name()
        left, right = (object_, subject) if edges.turned else (subject, object_)
        conditions = [edges.where.format(r=r, s=_variable(subject), o=_variable(object_))] if edges.where else []
        if pointed_at is not None:
            conditions.append(f"{r}.object = {pointed_at}")
        elif edges.stated and ":" not in left + right:
            # What the index needs to find all that a partnership states so.
            conditions.append(f"{r}.object IS NOT NULL")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"MATCH ({left})-[{r}:{edges.types}]->({right}){where}", r

    def _edges(self, name: str) -> _Edges:
        relation = self._ontology.relations.get(name)
        narrower: list[tuple[str, str | None]] = [(name, None)] if relation else self._ontology.narrower_relations(name)
        scope = "{r}.partnership = $partnership"
        match name:
            case "broader" | "requires":
                return _Edges(relationship_type(name), stated=False)
            case "formerly_addressed_by":
                return _Edges(self._types("addresses"), f"{scope} AND {{o}}.key IN $former", turned=True)
            case "differs_on_owner":
                return _Edges(self._types("leads"), f"{scope} AND {self._differs()}", turned=True)
        if not narrower:
            raise OntologyError(f"A gap rule speaks of gt:{name}, which is no class or relation. Correct the name.")
        return _Edges(
            self._types(*(relation for relation, _ in narrower)), " AND ".join([scope, *self._stances(narrower)])
        )

    def _types(self, *relations: str) -> str:
        """The types of relationships by which relations are stated, and suggested where that counts."""
        ways = (relationship_type, possible_type) if self._suggested else (relationship_type,)
        return "|".join(sorted({type_(relation) for relation in relations for type_ in ways}))

    def _stances(self, relations: list[tuple[str, str | None]]) -> Iterable[str]:
        plain = {name for name, stance in relations if stance is None}
        for name in sorted({name for name, stance in relations if stance is not None} - plain):
            stances = [
                self._parameter(f"stance_{s}", s)
                for other, s in sorted(relations, key=str)
                if other == name and s is not None
            ]
            one_of = f"{{r}}.stance IN [{', '.join(stances)}]"
            alone = all(other == name for other, _ in relations)
            types = ", ".join(f"'{type_}'" for type_ in self._types(name).split("|"))
            yield one_of if alone else f"(NOT type({{r}}) IN [{types}] OR {one_of})"

    def _differs(self) -> str:
        """Return the condition that another document names leaders, but not this one."""
        other, theirs, ours = self._name(), self._name(), self._name()
        leads = self._types("leads")
        same = (
            f"{{{{ ({{o}})-[{ours}:{leads}]->() WHERE {ours}.object = {{r}}.object "
            f"AND {ours}.partnership = $partnership AND {ours}.document = {theirs}.document }}}}"
        )
        return (
            f"EXISTS {{{{ MATCH ({other})-[{theirs}:{leads}]->() WHERE {theirs}.partnership = $partnership "
            f"AND {theirs}.object = {{r}}.object AND {other} <> {{o}} AND NOT EXISTS {same} }}}}"
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


def _words(path: Path) -> str:
    """Return a path as a word that no other path has."""
    match path:
        case Step(relation):
            return relation
        case Inverse(inner):
            return f"inverse_{_words(inner)}"
        case ZeroOrMore(inner):
            return f"any_{_words(inner)}"
        case Sequence(paths) | Alternative(paths):
            return f"{type(path).__name__.lower()}_{'_'.join(map(_words, paths))}_end"


def _row(thing: str, r: str) -> str:
    """What a query for evidence returns."""
    return (
        f"[{thing}, "
        f"{', '.join(f'{r}.{part}' for part in ('document', 'start', 'end', 'quote', 'cue', 'probability'))}] AS row"
    )


def _variable(end: str) -> str:
    return end.split(":", 1)[0]
