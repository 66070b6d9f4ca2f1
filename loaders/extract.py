"""From a document as read to what it says: priorities, names, relations, who raises what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..graph import Document, DocumentGraph
from ..ontology import Ontology, slug
from .attribution import Attribution, Speaker, own_block
from .blocks import Block, Cell, ReadFile
from .builder import Builder
from .context import Context, PlaceFinder
from .cues import Cue, Masked, Part, apply, masked
from .mentions import Found, MentionFinder, Names, issues_of
from .priorities import REFERENCE, PriorityFound, find_priorities
from .schemes import find_schemes
from .stances import asks_for_change, stance_by_intro, stance_of
from .table_statements import TableReader
from .tables import columns, names_in
from .tokens import sentences, squeezed

_ACRONYM = re.compile(r"\s*\(([A-Z][A-Za-z&]{1,7})\)")
_MEMBERS = re.compile(
    r"\b(?:made up of|members(?:hip)? (?:include|are|comprise|is)s?|comprises?|statutory (?:authorities|partners|members|bodies|agencies)|responsible authorities|"
    r"who belongs|who (?:is|are) on|partners (?:include|are)|organisations include|partner agencies|who we are|brings together|consists of)\b"
    r"|^(?:(?:our|the|core|full|board|partnership|other|key)\s+)*(?:members|membership|partners|partner organisations)\s*:?$",
    re.IGNORECASE,
)
_TAKES_IN = re.compile(
    r"^(?:(?:it|this|this priority|the priority|issues it)\s+)?(?:takes in|includes?|covers?|including|issues|focus(?:es)? on|we will tackle|which covers)\b.{0,40}:$",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"\b(?:sub-?groups?|groups|boards|tiers|structure|delivery groups|panels)\b", re.IGNORECASE)
_SUPPORTED = re.compile(r"\b(?:support(?:ed)?|favour|agree(?:d)?|backed|endors\w+)\b", re.IGNORECASE)
_RENAMED_TO = re.compile(r"\b(?:re-?named|retitled|changed)(?: (?:as|to|into))?\s*[‘'“\"]?$", re.IGNORECASE)
_PROPOSED = re.compile(
    r"\b(?:re-?named|retitled|called)(?: (?:as|to|into))?\s*(?P<open>[‘“\"'])(?P<name>[^\n]{4,120}?)(?P<close>[’”\"'])(?=\W|$)"
)
_FIELD_LABELS = (
    r"(?:Lead(?: officer| agency| partner| body)?|Leads|Strategic lead|Operational lead|Owner|Owned by|Led by|Responsible(?: officer| body)?|SRO|Delivered by|"
    r"Delivery group|Delivery board|Chair|Chaired by|Supported by|Partners|Action by)\s*:"
)
_FIELD = re.compile(
    rf"(?:(?<=^)|(?<=[\s(]))(?P<label>{_FIELD_LABELS})\s*(?P<value>[^\n]+?)(?=\.(?:\s|$)|\s+(?:{_FIELD_LABELS})|\)|\n|;\s+[A-Z]|$)",
    re.IGNORECASE,
)
_FIELD_PREDICATES = {"chair": "chairs", "chaired by": "chairs", "delivered by": "delivers", "delivery group": "delivers", "delivery board": "delivers", "group": "delivers",
                     "supported by": "supports", "partners": "supports"}  # fmt: skip
_LEADING = re.compile(r"^(?:Headline )?[Aa]ction\s*(?P<number>\d+(?:\.\d+)*)?\s*[:.–-]\s*(?P<name>.+)")


class Extractor:
    """Reads documents with one ontology and one set of cues.

    Args:
        ontology: what may exist and how it is written.
        cues: the wordings that state relations.

    """

    def __init__(self, ontology: Ontology, cues: Sequence[Cue]) -> None:
        self.ontology = ontology
        self.places = PlaceFinder(ontology)
        self._finder = MentionFinder(ontology)
        self._cues = cues

    def extract(self, read: ReadFile, document: Document, context: Context) -> DocumentGraph:
        """Find all that a document says."""
        return Reading(self.ontology, self._finder, self._cues, read, document, context).graph()


class Reading:
    """The work on one document."""

    def __init__(
        self, ontology: Ontology, finder: MentionFinder, cues: Sequence[Cue], read: ReadFile, document: Document, context: Context
    ) -> None:  # fmt: skip
        self._ontology = ontology
        self._finder = finder
        self._cues = cues
        self.read = read
        self.context = context
        self._document = document
        self.builder = Builder(read.text, document.id, context, ontology)
        self._names = Names()
        self.priorities = self._own_priorities()
        self._schemes()
        self._acronyms()
        self._mentions = [self._in_block(block) for block in read.blocks]
        self.attribution = Attribution(read, context, self._mentions)

    def graph(self) -> DocumentGraph:
        self._state_priorities()
        self._note_entities()
        for index, block in enumerate(self.read.blocks):
            if block.kind == "table":
                TableReader(self, index, block).state()
            elif own_block(block):
                self._read_block(index, block)
        notes = tuple(f"{self._document.path}: {note}" for note in self.read.notes)
        if not self.context.stated:
            notes += (f"{self._document.path} does not say whose it is: place it with --partnership.",)
        return self.builder.graph(self._document, notes)

    # ------------------------------------------------------------------------------- names the document defines

    def _own_priorities(self) -> list[tuple[PriorityFound, Found]]:
        own = []
        numbers: dict[str, Found] = {}
        for priority in find_priorities(self.read):
            found = Found("Priority", slug(priority.name), priority.name, priority.start, priority.end, 2)
            own.append((priority, found))
            if priority.number:
                numbers.setdefault(priority.number, found)
            # A priority called 'burglary' is not meant wherever burglary is.
            if len(priority.name.split()) >= 3:
                self._names.add(priority.name, found)
        self._numbers = numbers
        return own

    def _schemes(self) -> None:
        for block in self.read.blocks:
            if block.kind != "table":
                for scheme in find_schemes(block.text, block.start):
                    self._names.add(scheme.label, Found("Action", slug(scheme.label), scheme.label, 0, 0, 1))

    def _acronyms(self) -> None:
        """'Executive Planning Group (EPG)': from here on EPG is the group."""
        for block in self.read.blocks:
            for cell in _texts(block):
                for start, end in sentences(cell.text):
                    if not _ACRONYM.search(cell.text, start, end):
                        continue
                    for found in self._finder.find(cell.text[start:end], self.context, None, 0):
                        defined = _ACRONYM.match(cell.text[start:end], found.end)
                        if defined and found.type in ("Partner", "Subgroup", "Role", "Issue") and defined.group(1).isupper():
                            self._names.add(defined.group(1), replace(found, start=0, end=0))

    def _in_block(self, block: Block) -> list[Found]:
        return [m for cell in _texts(block) for m in self.in_text(cell)]

    def in_text(self, cell: Cell) -> list[Found]:
        """The mentions in a piece of text, sentence by sentence, with references to priorities by number."""
        found: list[Found] = []
        for start, end in sentences(cell.text):
            sentence = cell.text[start:end]
            mentions = self._finder.find(sentence, self.context, self._names, cell.start + start)
            for match in REFERENCE.finditer(sentence):
                number = match.group("number")
                at = cell.start + start + match.start()
                if number in self._numbers and not any(m.start < at + len(match.group()) and m.end > at for m in mentions):
                    mentions.append(replace(self._numbers[number], start=at, end=at + len(match.group())))
            found.extend(sorted(mentions, key=lambda m: m.start))
        return found

    # --------------------------------------------------------------------------------------------- priorities

    def plan(self, period: tuple[int, int] | None) -> Found:
        """The plan of a period; of the document's own where none is given."""
        years = period or self.context.period
        if years is None:
            return Found("Plan", "period-not-stated", "Plan (period not stated)", 0, 0)
        return Found("Plan", f"{years[0]}-{years[1]}", f"Plan {years[0]}-{years[1]}", 0, 0, 1)

    def _state_priorities(self) -> None:
        for priority, found in self.priorities:
            self.state_priority(found, priority)

    def state_priority(self, found: Found, priority: PriorityFound) -> None:
        self.builder.entity(found, number=priority.number)
        plan = self.plan(priority.period)
        years = priority.period or self.context.period
        self.builder.entity(plan, period=years)
        self.builder.state(found, "stands_in", plan, found.start, found.end, priority.cue, assumed=True)
        self.address_by_name(found, priority.cue)

    def address_by_name(self, found: Found, cue: str) -> None:
        """A priority or action addresses the issues that its own name names."""
        text = self.read.text[found.start : found.end]
        block = next((b for b in self.read.blocks if b.kind != "table" and b.start <= found.start and b.end >= found.end), None)
        clean = block.text[found.start - block.start : found.end - block.start] if block else text
        for issue in self._finder.find(clean, self.context, None, found.start):
            for one in issues_of(issue):
                self.builder.state(found, "addresses", one, found.start, found.end, cue)

    # ------------------------------------------------------------------------------------------------ entities

    def _note_entities(self) -> None:
        """Issues, partners and groups are entities wherever they are named; speakers and posts only where they take part."""
        for index, found in enumerate(self._mentions):
            if self._is_chrome(self.read.blocks[index]):
                continue
            owners = _owner_cells(self.read.blocks[index])
            for mention in found:
                if mention.type in ("Issue", "Subgroup", "Partnership") or (
                    mention.type == "Partner" and mention.start not in owners and not self._nobody_in_particular(mention)
                ):
                    self.builder.entity(mention)
                for issue in mention.inside:
                    self.builder.entity(issue)
                    if mention.type == "Subgroup":
                        self.builder.state(mention, "delivers", issue, mention.start, mention.end, "group-named-after-issue")
                    elif mention.type == "Action":
                        self.builder.state(mention, "addresses", issue, mention.start, mention.end, "action-named-after-issue")

    def _nobody_in_particular(self, partner: Found) -> bool:
        """'schools', 'a hospital': a kind of which there are many, without a name; it counts only where it takes part in something."""
        kind = self._ontology.kinds.get(partner.kind or "")
        return kind is not None and kind.name_as_written and partner.label.islower()

    def _is_chrome(self, block: Block) -> bool:
        text = squeezed(block.text)
        return bool(
            re.match(
                r"(?:Venue|Contact|Tags|Page Last Updated|Download|Supporting documents|Published|Email|Telephone|Meeting)\b[^.]{0,30}:",
                text,
            )
        )

    # ---------------------------------------------------------------------------------------------- sentences

    def _read_block(self, index: int, block: Block) -> None:
        if self._is_chrome(block):
            return
        self._fields(index, block)
        self._list_item(index, block)
        before: Speaker | None = None
        for start, end in sentences(block.text):
            sentence = masked(block.text[start:end], self._mentions[index], block.start + start)
            self._relations(sentence, block.start + start, block.start + end)
            before = self._feedback(index, block, sentence, block.start + start, block.start + end, before)
        self._renames(index, block)

    def _relations(self, sentence: Masked, start: int, end: int) -> None:
        if _asks_or_denies(sentence.text):
            return
        for cue, subjects, objects in apply(self._cues, sentence):
            left: list[Part | None] = [s for n, s in enumerate(subjects) if not self._is_field_of(subjects[n - 1] if n else None, s)]
            right: list[Part | None] = list(objects)
            for subject, object_ in ((self._end(s, start), self._end(o, start)) for s in left or [None] for o in right or [None]):
                if cue.predicate == "delivers" and object_ is None and subject is not None:
                    for found in self._objects_nearby(cue, start):
                        self.builder.state(subject, cue.predicate, found, start, end, cue.name, confidence=cue.precision, assumed=True)
                elif cue.predicate == "member_of" and object_ is None and subject is not None:
                    self.builder.state(subject, "member_of", self.board(), start, end, cue.name, confidence=cue.precision)
                elif subject is not None and object_ is not None:
                    self.builder.state(subject, cue.predicate, object_, start, end, cue.name, confidence=cue.precision)
                    if object_.type == "Action" and object_.start:
                        self.address_by_name(object_, "action-named-after-issue")

    def _is_field_of(self, before: Part | None, part: Part) -> bool:
        """'Director of Place, NHS Board' is one post, not a post and a body."""
        if before is None or before.mention is None or part.mention is None:
            return False
        between = self.read.text[before.mention.end : part.mention.start]
        return before.mention.type == "Role" and part.mention.type == "Partner" and re.fullmatch(r",\s+(?:the\s+)?", between) is not None

    def _end(self, part: Part | None, offset: int) -> Found | None:
        """An end of a statement: the mention, or an action that the document's words name."""
        if part is None:
            return None
        if part.mention is not None:
            return part.mention
        start, end = offset + part.start, offset + part.end
        words = self.read.text[start:end]
        lead = re.match(r"(?:the|The|its|our|a|an)\s+", words)
        start += lead.end() if lead else 0
        name = squeezed(self.read.text[start:end]).strip(" ,")
        return (
            Found("Action", slug(name)[:80], name, start, start + len(self.read.text[start:end].rstrip(" ,")), 0) if len(name) > 3 else None
        )

    def _objects_nearby(self, cue: Cue, start: int) -> list[Found]:
        """What 'Three priorities sit with the board' or 'puts the plan into practice' means: the list that follows, or the plan."""
        if cue.name == "puts-plan-into-practice":
            return [self.plan(None)]
        index = next((i for i, b in enumerate(self.read.blocks) if b.start <= start < b.end), None)
        return [found for priority, found in self.priorities if self.read.blocks[priority.block].intro == index]

    def board(self) -> Found:
        """The partnership's own board."""
        kind = self._ontology.kinds["partnership-board"]
        return Found("Subgroup", kind.id, kind.label, 0, 0, 0, kind.id)

    # ------------------------------------------------------------------------------------------- lists, fields

    def _list_item(self, index: int, block: Block) -> None:
        """Items of a list of members, of groups, or of a priority's issues: the words that introduce it, or the headings above, say which."""
        if block.kind != "item" or len(block.text.split()) > 14 or block.intro is None:
            return
        chain = [block.intro] if self.read.blocks[block.intro].kind != "heading" else [block.intro, *reversed(block.headings)][:3]
        texts = [squeezed(self.read.blocks[i].text) for i in chain]
        if _TAKES_IN.search(texts[0]):
            self._takes_in(index, block)
            return
        bodies = [m for m in self._mentions[index] if m.type in ("Partner", "Subgroup")]
        whole = block.text.strip(" .;,")
        if any(_MEMBERS.search(t) and len(t) < 160 for t in texts[:2]) and not re.search(r"[.?]$", whole):
            partners = [m for m in bodies if m.type == "Partner"]
            body = max(partners, key=lambda m: m.end - m.start) if partners else None
            if body is None or re.match(r"[^(–-]{2,}?\s(?:formerly|previously)\b", block.text[: body.start - block.start]):
                body = self._unknown_body(block, whole)
            if body is not None:
                above = [*chain[:1], *self._introducing(block.intro), *chain[1:]]
                target = next((m for i in above for m in self._mentions[i] if m.type in ("Subgroup", "Partnership")), None)
                target = target or Found("Partnership", "partnership", self.context.partnership_label, 0, 0)
                self.builder.state(body, "member_of", target, block.start, block.end, "listed-member", assumed=target.start == 0)
                former = next(
                    (m for m in partners if re.search(r"\b(?:formerly|previously)\W*$", block.text[: m.start - block.start])), None
                )
                if former is not None:
                    self.builder.state(former, "renames", body, block.start, block.end, "formerly")
        elif bodies and bodies[0].type == "Subgroup" and _GROUPS.search(texts[0]) and bodies[0].start - block.start < 6:
            target = Found("Partnership", "partnership", self.context.partnership_label, 0, 0)
            if bodies[0].key != "partnership-board" or len(bodies[0].label) > 4:
                self.builder.state(bodies[0], "part_of", target, block.start, block.end, "listed-group", assumed=True)

    def _takes_in(self, index: int, block: Block) -> None:
        """'Takes in:' below a heading that names a priority: each item's issues are what it addresses."""
        for above in reversed(block.headings):
            for priority, found in self.priorities:
                if priority.block == above:
                    for issue in (i for m in self._mentions[index] for i in issues_of(m)):
                        self.builder.state(found, "addresses", issue, block.start, block.end, "listed-under-priority")
                    return

    def _introducing(self, index: int) -> list[int]:
        """The paragraph that introduces the sub-headings of a list: 'The Board is made up of:', 'Statutory members', ..."""
        heading = self.read.blocks[index]
        for i in range(index - 1, max(-1, index - 40), -1) if heading.kind == "heading" else ():
            block = self.read.blocks[i]
            if block.kind == "paragraph":
                return [i] if block.text.rstrip().endswith(":") and _MEMBERS.search(block.text) else []
            if block.kind == "heading" and block.level < heading.level:
                break
        return []

    def _unknown_body(self, block: Block, whole: str) -> Found | None:
        """A name that no list knows, in a list of members, is a body."""
        lead = len(block.text) - len(block.text.lstrip())
        words = re.split(r"\s+(?:formerly|\(|–|-\s)", whole.strip())[0].strip()
        if (
            not words
            or not words[0].isupper()
            or len(words.split()) > 8
            or re.search(r"\b(?!and\b|of\b|for\b|the\b|in\b|on\b|to\b)[a-z]\w+", words)
        ):
            return None
        return Found("Partner", slug(words), words, block.start + lead, block.start + lead + len(words), 1)

    def _fields(self, index: int, block: Block) -> None:
        """'Lead: Head of Housing' below a heading that names a priority, or behind an action on the same line."""
        for match in _FIELD.finditer(block.text):
            target = self._field_target(index, block, match.start())
            if target is None:
                continue
            predicate = _FIELD_PREDICATES.get(match.group("label").lower().rstrip(" :"), "leads")
            cell = Cell(block.start + match.start("value"), block.start + match.end("value"), match.group("value"))
            for name, _ in names_in(cell, self.is_body, self.is_post, self.is_one):
                body = self.body_of(name, predicate)
                if body is not None:
                    actual = "leads" if predicate == "delivers" and body.type != "Subgroup" else predicate
                    self.builder.state(body, actual, target, block.start, block.end, "field-" + slug(match.group("label")))

    def _field_target(self, index: int, block: Block, at: int) -> Found | None:
        before = block.text[:at].strip(" .;–-(*")
        if block.text[:at].rstrip().endswith("("):
            inside = [m for m in self._mentions[index] if m.end <= block.start + at and m.type in ("Subgroup", "Priority", "Action")]
            return inside[-1] if inside else None
        before = re.sub(rf"\s*{_FIELD_LABELS}.*$", "", before, flags=re.IGNORECASE | re.DOTALL)
        action = _LEADING.match(before)
        if action or len(before.split()) > 3:
            name = squeezed((action.group("name") if action else before).strip(" .*"))
            start = block.start + block.text.index((action.group("name") if action else before)[:12])
            found = Found("Action", slug(name), name, start, start + len((action.group("name") if action else before).rstrip(" .*")), 1)
            self.builder.entity(found, number=action.group("number") if action else None)
            self.address_by_name(found, "action-named-after-issue")
            return found
        for above in reversed(block.headings):
            for priority, found in self.priorities:
                if priority.block == above:
                    return found
            for mention in self._mentions[above]:
                if mention.type in ("Subgroup", "Priority", "Action"):
                    return mention
        return None

    # ----------------------------------------------------------------------------------------------- feedback

    def _feedback(self, index: int, block: Block, sentence: Masked, start: int, end: int, before: Speaker | None) -> Speaker | None:
        speakers = self.attribution.speakers(index, sentence.text, sentence.mentions, before)
        explicit = next((s for s in speakers if not s.assumed), None)
        listed = [f for p, f in self.priorities if p.block == index and p.cue in ("listed-priority", "numbered-priority")]
        scope = self.attribution.scope(index)
        intro = self.read.blocks[block.intro] if block.intro is not None else None
        if listed and scope is not None and intro is not None and intro.kind != "heading" and not explicit:
            if _SUPPORTED.search(intro.text):
                self._support(scope, listed, sentence, start, end)
            return None
        if not speakers:
            return None
        own = block.text[start - block.start : end - block.start]
        for speaker in speakers:
            if speaker.assumed and not speaker.scope and explicit is None:
                continue
            stance = stance_by_intro(intro.text) if intro is not None and intro.kind != "heading" and speaker.assumed else None
            stance = stance or stance_of(sentence.text, in_scope=scope is not None)
            if stance is not None and not (stance == "reported" and speaker.assumed):
                for issue in self._issues_spoken_of(index, sentence):
                    self.builder.state(
                        speaker.found,
                        "raises",
                        issue,
                        start,
                        end,
                        f"feedback-{stance}",
                        assumed=speaker.assumed,
                        stance=stance,
                        confidence=0.75,
                    )
            if (asks_for_change(sentence.text) or stance == "request") and len(own.split()) > 3 and (speaker.found.kind != "community"):
                self._request(speaker, sentence, start, end)
        return explicit or before

    def _support(self, speaker: Speaker, listed: list[Found], sentence: Masked, start: int, end: int) -> None:
        for priority in listed:
            self.builder.state(speaker.found, "supports", priority, start, end, "supported-priority-in-list", assumed=speaker.assumed)
        for issue in self._finder.find(self.read.text[start:end], self.context, None, start):
            for one in issues_of(issue):
                self.builder.state(
                    speaker.found, "raises", one, start, end, "supported-priority-in-list", assumed=speaker.assumed, stance="support"
                )

    def _issues_spoken_of(self, index: int, sentence: Masked) -> list[Found]:
        """The issues of a sentence, without those that only stand in the name of a priority."""
        names = [f for p, f in self.priorities if p.block == index and p.cue == "priority-in-prose"]
        issues = [issue for mention in sentence.mentions for issue in issues_of(mention)]
        return [i for i in issues if not any(f.start <= i.start < f.end for f in names)]

    def _request(self, speaker: Speaker, sentence: Masked, start: int, end: int) -> None:
        words = squeezed(self.read.text[start:end]).strip(" -•.;")
        request = Found("Request", slug(words)[:70], words[:240], start, end, 1)
        if speaker.found.type not in self._ontology.relations["requests"].domain:
            return
        self.builder.state(speaker.found, "requests", request, start, end, "asks-for-change", assumed=speaker.assumed, confidence=0.7)
        for mention in sentence.mentions:
            for issue in issues_of(mention):
                self.builder.state(request, "about", issue, start, end, "asks-for-change", assumed=speaker.assumed, confidence=0.7)

    def _renames(self, index: int, block: Block) -> None:
        """'Priority 2 - 'X' ... re-named into 'Y' picking up issues such as Z'; 'this priority was called 'X'. It has been renamed 'Y''."""
        for match in _PROPOSED.finditer(block.text):
            name = squeezed(match.group("name"))
            start, end = block.start + match.start("name"), block.start + match.end("name")
            old = self._old_name(index, block, match.start())
            if old is None or slug(name) == old.key:
                continue
            new = Found(old.type, slug(name), name, start, end, 2 if old.type == "Priority" else 1, old.kind)
            sentence = next(((s, e) for s, e in sentences(block.text) if s <= match.start() < e), (0, len(block.text)))
            self.builder.state(old, "renames", new, block.start + sentence[0], block.start + sentence[1], "renamed-to-quoted-name")
            if old.type == "Priority":
                plan = self.plan(None)
                self.builder.entity(plan, period=self.context.period)
                self.builder.state(new, "stands_in", plan, start, end, "renamed-to-quoted-name", assumed=True)
                self.address_by_name(new, "numbered-priority")
                tail = re.match(r"[’”\"']?,?\s*(?:picking up|covering|taking in|including|to include)[^.]*", block.text[match.end() - 1 :])
                for issue in (
                    self.in_text(Cell(end, end + tail.end(), block.text[match.end("name") : match.end("name") + tail.end()]))
                    if tail
                    else ()
                ):
                    for one in issues_of(issue):
                        self.builder.state(
                            new, "addresses", one, block.start + sentence[0], block.start + sentence[1], "renamed-to-quoted-name"
                        )

    def _old_name(self, index: int, block: Block, at: int) -> Found | None:
        called = re.search(r"\b(?:was|were) called\s+[‘“\"'](?P<name>[^’”\"\n]{4,100}?)[’”\"']", block.text[:at])
        if called:
            name = squeezed(called.group("name"))
            start = block.start + called.start("name")
            return Found("Priority", slug(name), name, start, start + len(called.group("name")), 2)
        before = [m for m in self._mentions[index] if m.end <= block.start + at and m.type in ("Priority", "Subgroup", "Plan")]
        own = [f for p, f in self.priorities if p.block == index and f.end <= block.start + at]
        if before or own:
            return max([*before, *own], key=lambda m: (m.end, m.type == "Priority"))
        quoted = re.search(r"[‘“\"'](?P<name>[A-Z][^’”\"\n]{4,100}?)[’”\"']\s+(?:be|is|was|should be|to be|has been)\s*$", block.text[:at])
        if quoted:
            name = squeezed(quoted.group("name"))
            return Found("Priority", slug(name), name, block.start + quoted.start("name"), block.start + quoted.end("name"), 2)
        return None

    # -------------------------------------------------------------------------------------- bodies in cells

    def is_body(self, name: str) -> bool:
        """Whether a whole name is a body or post that is known by its words."""
        return squeezed(name) in self._names.wordings or self._finder.kind_of(name) is not None or self.is_post(name)

    def is_post(self, name: str) -> bool:
        """Whether a whole name is a post's."""
        kind = self._finder.kind_of(name)
        return (kind is not None and kind.type == "Role") or bool(
            re.match(r"(?:Head|Director|Chief|Superintendent|Inspector|Cabinet Member)\b", name)
        )

    def _post_alone(self, words: str) -> str:
        """A post without the body that it belongs to: 'Superintendent for Harrowmere, Westmarch Police' is the Superintendent."""
        head, comma, tail = words.rpartition(",")
        body = self._finder.kind_of(tail.strip()) if comma else None
        return head if body is not None and body.type == "Partner" and body.one_per_partnership and self.is_post(head) else words

    def is_one(self, name: str) -> bool:
        """Whether the words are one name as a whole, such as 'Office of the Police and Crime Commissioner'."""
        found = self._finder.find(name, self.context, self._names)
        return len(found) == 1 and found[0].end - found[0].start >= len(name.strip()) - 1

    def body_of(self, cell: Cell, predicate: str) -> Found | None:
        """The body or post that a whole name stands for; in a lead's cell a name that no list knows is a post if it reads like one."""
        words = squeezed(cell.text)
        known = self._names.wordings.get(words)
        if known is not None and known.type in ("Partner", "Subgroup", "Role"):
            return replace(known, start=cell.start, end=cell.end)
        inside = self._finder.find(cell.text, self.context, self._names, cell.start)
        whole = next(
            (m for m in inside if m.end - m.start >= len(cell.text.rstrip(" .")) - 1 and m.type in ("Partner", "Subgroup", "Role")), None
        )
        if whole is not None:
            return whole
        kind = self._finder.kind_of(words)
        if kind is not None and kind.type in ("Partner", "Subgroup") and kind.name_as_written and not self.is_post(words.split(",")[0]):
            return Found(kind.type, slug(words), words, cell.start, cell.end, 1, kind.id)
        post = next((m for m in inside if m.type == "Role"), None)
        if (
            post is not None
            or self.is_post(words)
            or re.search(r"\b(?:lead|manager|officer|director|coordinator|analyst|commissioner|chair|head)\b", words, re.IGNORECASE)
        ):
            return Found("Role", slug(self._post_alone(words)), words, cell.start, cell.end, 1, "role-lead")
        body = next((m for m in inside if m.type in ("Partner", "Subgroup")), None)
        if body is not None:
            return body
        if not words[:1].isalpha() or len(words.split()) > 8:
            return None
        return Found("Partner", slug(words), words, cell.start, cell.end, 0)


def _owner_cells(block: Block) -> frozenset[int]:
    """The offsets inside cells that name owners: those names are noted whole, by what the column says of them."""
    if block.kind != "table" or not block.rows:
        return frozenset()
    held = {i for i, role in columns(block.rows[0]).items() if role in ("lead", "support", "chair", "agency", "role")}
    return frozenset(at for row in block.rows[1:] for i, cell in enumerate(row) if i in held for at in range(cell.start, cell.end))


def _texts(block: Block) -> list[Cell]:
    body = block.rows[1:] if block.has_header else block.rows
    return [c for row in body for c in row if c.text] if block.kind == "table" else [Cell(block.start, block.end, block.text)]


def _asks_or_denies(sentence: str) -> bool:
    """Questions and denials state nothing: 'asked who leads', 'no longer', 'is not led by'."""
    return bool(
        re.search(r"\b(?:asked|queried|questioned|wondered|unclear)\b[^.]{0,60}\b(?:who|whether|which|what|if|how)\b|\?\s*$", sentence)
        or re.search(
            r"\b(?:no longer|not|never|nobody|no one)\s+(?:\w+\s+){0,2}(?:leads?|led|chairs?|chaired|responsible|owns?|delivered|member)\b",
            sentence,
        )
    )
