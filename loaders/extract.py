"""From a document as read to what it says: priorities, names, relations, who raises what."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ..graph import Document, DocumentGraph
from ..ontology import Ontology, slug
from .acting import acting_names
from .antecedents import Antecedents
from .attribution import Attribution, Speaker, own_block
from .blocks import Block, Cell, ReadFile
from .builder import Builder
from .claims import Span
from .context import Context, PlaceFinder
from .cues import Cue, Masked, Part, apply, masked
from .feedback import FeedbackReader
from .lists import GLOSSARY_ENTRY, ListReader, apart
from .mentions import MentionFinder, Names, issues_of
from .owners import OwnerNames, owner_cells
from .people import CHAIR, people_in
from .priorities import REFERENCE, PriorityFound, find_priorities
from .renames import RenameReader
from .resolution import initials
from .schemes import find_schemes, with_works
from .table_statements import TableReader
from .tokens import sentences, squeezed

#: 'ACTION 1: ...' in bold is no heading of a chapter.
_ACTION = re.compile(r"(?:ACTION|Action)(?: \d+(?:\.\d+)?)?\s*[:–-]\s")
#: A title that speaks of a plan, and is another paper's.
_NO_PLAN = re.compile(
    r"\b(?:action plan|delivery plan|minutes|consultation|report|update|scrutiny|review|draft|workshop|agenda)\b", re.IGNORECASE
)
#: What follows the name of a group that is no more.
_ENDED = re.compile(
    r"[^.;\n]{0,40}?\b(?:stood down|disbanded|dissolved|wound up|abolished|discontinued|disestablished|(?:has|have|had) (?:gone|ended|ceased|closed|been closed)|"
    r"no longer (?:meets?|exists?|sits?)|ceased to (?:meet|exist)|came to an end)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"\b[A-Z]{3,6}\b")
_ACRONYM = re.compile(r"\s*\(([A-Z][A-Za-z&]{1,7})\)")


class Extractor:
    """Reads documents with one ontology and one set of cues.

    Args:
        ontology: what may exist and how it is written.
        cues: the wordings that state relations.

    """

    def __init__(self, ontology: Ontology, cues: Sequence[Cue]) -> None:
        self.ontology = ontology
        self.places = PlaceFinder(ontology)
        self.finder = MentionFinder(ontology)
        self._cues = cues

    def extract(self, read: ReadFile, document: Document, context: Context) -> DocumentGraph:
        """Find all that a document says."""
        return Reading(self.ontology, self.finder, self._cues, read, document, context).graph()


class Reading:
    """The work on one document."""

    def __init__(
        self, ontology: Ontology, finder: MentionFinder, cues: Sequence[Cue], read: ReadFile, document: Document, context: Context
    ) -> None:  # fmt: skip
        self.ontology = ontology
        self.finder = finder
        self._cues = cues
        self.read = read
        self.context = context
        self._document = document
        self.builder = Builder(read.text, document.id, context, ontology)
        self.names = Names()
        self._plan_title = self._find_plan_title()
        self._apart = apart(read)
        self._starts = [block.start for block in read.blocks]
        self.priorities = self._own_priorities()
        self._glossary()
        self._schemes()
        self._people()
        self._acronyms()
        self._unknown_bodies()
        self.mentions = [self._in_block(block) for block in read.blocks]
        self._initials()
        self.attribution = Attribution(read, context, self.mentions)
        self.owners = OwnerNames(finder, context, self.names)
        self.antecedents = Antecedents(read, self.mentions, self.priorities, self.plan(None))
        self._before: Speaker | None = None  # who reports in the paragraph before
        self.lists = ListReader(self)
        self.feedback = FeedbackReader(self)
        self._renames = RenameReader(self)

    def graph(self) -> DocumentGraph:
        self._state_priorities()
        self._note_entities()
        for index, block in enumerate(self.read.blocks):
            if block.kind == "table":
                if index not in self._apart:
                    TableReader(self, index, block).state()
            elif own_block(block) or (block.kind == "heading" and _ACTION.match(block.text)):
                self._read_block(index, block)
        self.feedback.state_you_said()
        self.builder.place_actions(self.plan(None), self.context.period, self._headed_at)
        doubtful = self.builder.resolve()
        notes = tuple(f"{self._document.path}: {note}" for note in self.read.notes)
        notes += tuple(f"{self._document.path}: '{a}' and '{b}' may be the same; they are kept apart." for a, b in doubtful)
        if not self.context.stated:
            notes += (f"{self._document.path} does not say whose it is: place it with --partnership.",)
        return self.builder.graph(self._document, notes)

    # ------------------------------------------------------------------------------- names the document defines

    def _own_priorities(self) -> list[tuple[PriorityFound, Span]]:
        own = []
        numbers: dict[str, Span] = {}
        for priority in find_priorities(self.read):
            found = Span("Priority", slug(priority.name), priority.name, priority.start, priority.end, 2)
            own.append((priority, found))
            if priority.number:
                numbers.setdefault(priority.number, found)
            # A priority called 'burglary' is not meant wherever burglary is.
            words = priority.name.split()
            if len(words) >= 3 or (len(words) == 2 and priority.name.istitle() and not self.finder.find(priority.name, self.context)):
                self.names.add(priority.name, found)
        self._numbers = numbers
        return own

    def _schemes(self) -> None:
        for block in self.read.blocks:
            for cell in _texts(block):
                for scheme in find_schemes(cell.text, cell.start):
                    known = self.finder.find(scheme.label, self.context, None)
                    if any(
                        m.type in ("Partner", "Subgroup", "Source", "Partnership", "Role") and len(m.label) >= len(scheme.label) - 4
                        for m in known
                    ):
                        continue
                    self.names.add(scheme.label, Span("Action", slug(scheme.label), scheme.label, 0, 0, 1))

    def _people(self) -> None:
        """Initials and names of those present mean their posts; where two share initials, neither is meant."""
        meant: dict[str, set[Span]] = defaultdict(set)
        for block in self.read.blocks:
            for called, post in people_in(block):
                words = squeezed(CHAIR.sub("", post.text))
                known = self.finder.find(words, self.context, None, 0)
                whole = next((m for m in known if m.type == "Partner" and m.end - m.start >= len(words) - 9), None)
                found = whole or Span("Role", slug(words), words, 0, 0, 1, "role-lead")
                for name in called:
                    meant[name].add(replace(found, start=0, end=0, inside=()))
        for name, posts in sorted(meant.items()):
            if len(posts) == 1 and len(name) > 1:
                self.names.add(name, next(iter(posts)))

    def _glossary(self) -> None:
        """What the document's own list of short forms says that they mean."""
        for index in sorted(self._apart):
            for row in self.read.blocks[index].rows:
                if len(row) == 2 and row[0].text.strip().isupper():
                    self._short_form(row[0].text.strip(), row[1].text)
            entry = GLOSSARY_ENTRY.match(squeezed(self.read.blocks[index].text))
            if entry:
                self._short_form(entry.group("short"), entry.group("full"))

    def _short_form(self, short: str, full: str) -> None:
        found = self.finder.find(full, self.context, None, 0)
        meant = next((f for f in found if f.start == 0 and f.type in ("Partner", "Subgroup", "Role", "Issue")), None)
        if meant is not None:
            self.names.add(short, replace(meant, start=0, end=0))

    def _acronyms(self) -> None:
        """'Executive Planning Group (EPG)': from here on EPG is the group."""
        for block in self.read.blocks:
            for cell in _texts(block):
                for start, end in sentences(cell.text):
                    if not _ACRONYM.search(cell.text, start, end):
                        continue
                    for found in self.finder.find(cell.text[start:end], self.context, self.names, 0):
                        defined = _ACRONYM.match(cell.text[start:end], found.end)
                        if defined and found.type in ("Partner", "Subgroup", "Role", "Issue", "Action") and defined.group(1).isupper():
                            self.names.add(defined.group(1), replace(found, start=0, end=0))

    def _unknown_bodies(self) -> None:
        """'Turnstone was leading the roll-out': a name that no list knows, where only a body can stand."""
        for block in self.read.blocks:
            for cell in _texts(block):
                for name in acting_names(cell.text):
                    if name != self.context.place_name and not self.finder.find(name, self.context, self.names, 0):
                        self.names.add(name, Span("Partner", slug(name), name, 0, 0, 0))

    def _initials(self) -> None:
        """'KVA', where only Kelderby Voluntary Action can be meant: initials that the document uses and does not explain."""
        full: dict[str, dict[str, Span]] = defaultdict(dict)
        for mention in (m for found in self.mentions for m in found):
            if mention.type in ("Partner", "Subgroup") and len(mention.label.split()) >= 3:
                for letters in initials(mention.label):
                    full[letters][mention.key] = mention
        for index, block in enumerate(self.read.blocks):
            texts = [cell.text for cell in _texts(block)]
            used = {word for text in texts for word in _CAPITALS.findall(text)} - self.names.wordings.keys()
            meant = {word: next(iter(full[word].values())) for word in sorted(used) if len(full.get(word, ())) == 1}
            known = {self.read.text[m.start : m.end] for m in self.mentions[index]}
            for word, body in meant.items():
                if word not in known:
                    self.names.add(word, replace(body, start=0, end=0, inside=()))
            if meant:
                self.mentions[index] = self._in_block(block)

    def _in_block(self, block: Block) -> list[Span]:
        return [m for cell in _texts(block) for m in self.in_text(cell)]

    def in_text(self, cell: Cell) -> list[Span]:
        """The mentions in a piece of text, sentence by sentence, with references to priorities by number."""
        found: list[Span] = []
        for start, end in sentences(cell.text):
            sentence = cell.text[start:end]
            mentions = self.finder.find(sentence, self.context, self.names, cell.start + start)
            for match in REFERENCE.finditer(sentence):
                number = match.group("number")
                at = cell.start + start + match.start()
                if number in self._numbers and not any(m.start < at + len(match.group()) and m.end > at for m in mentions):
                    mentions.append(replace(self._numbers[number], start=at, end=at + len(match.group())))
            found.extend(sorted(mentions, key=lambda m: m.start))
        return found

    # --------------------------------------------------------------------------------------------- priorities

    def _find_plan_title(self) -> str | None:
        """What the document calls its plan, if a heading at its beginning does so with the years."""
        heads = [squeezed(b.text) for b in self.read.blocks[:6] if b.kind == "heading"]
        for title in (self.context.title, *heads):
            if (
                self.context.period
                and re.search(r"\b(?:Plan|Strategy)\b", title)
                and str(self.context.period[0]) in title
                and not _NO_PLAN.search(title)
                and len(title) < 70
            ):
                return title
        return None

    def plan(self, period: tuple[int, int] | None) -> Span:
        """The plan of a period; of the document's own where none is given."""
        years = period or self.context.period
        if years is None:
            return Span("Plan", "period-not-stated", "Plan (period not stated)", 0, 0)
        own = (
            years == self.context.period and re.search(r"\b(?:Plan|Strategy)\b", self.context.title) and str(years[0]) in self.context.title
        )
        label = self.context.title if own else f"Plan {years[0]}-{years[1]}"
        # An action plan or a report under the plan is titled after it, and is not what it is called.
        rank = 2 if own and not _NO_PLAN.search(self.context.title) else 1
        return Span("Plan", f"{years[0]}-{years[1]}", label, 0, 0, rank)

    def _state_priorities(self) -> None:
        for priority, found in self.priorities:
            self.state_priority(found, priority)

    def state_priority(self, found: Span, priority: PriorityFound) -> None:
        self.builder.entity(found, number=priority.number)
        plan = self.plan(priority.period)
        years = priority.period or self.context.period
        self.builder.entity(plan, period=years)
        self.builder.state(found, "stands_in", plan, found.start, found.end, priority.cue, assumed=True)
        self.address_by_name(found, priority.cue)

    def address_by_name(self, found: Span, cue: str) -> None:
        """A priority or action addresses the issues that its own name names."""
        for issue in self.issues_in_name(found):
            self.builder.state(found, "addresses", issue, found.start, found.end, cue)

    def issues_in_name(self, found: Span) -> list[Span]:
        """The issues that the name of a priority or action names, where it stands."""
        block = next((b for b in self.read.blocks if b.kind != "table" and b.start <= found.start and b.end >= found.end), None)
        clean = block.text[found.start - block.start : found.end - block.start] if block else self.read.text[found.start : found.end]
        mentions = self.finder.find(clean, self.context, None, found.start)
        return [one for mention in mentions for one in (*issues_of(mention), *(mention.inside if mention.type == "Partner" else ()))]

    # ------------------------------------------------------------------------------------------------ entities

    def _note_entities(self) -> None:
        """Issues, partners and groups are entities wherever they are named; speakers and posts only where they take part."""
        for index, found in enumerate(self.mentions):
            if self._is_chrome(self.read.blocks[index]) or index in self._apart:
                continue
            block = self.read.blocks[index]
            owners = owner_cells(block)
            for mention in found:
                if block.kind == "heading" and self._is_sector(mention):
                    continue  # 'Faith groups' above what they said: a chapter's name
                if mention.type == "Partner" and any(f.start <= mention.start < f.end for _, f in self.priorities):
                    continue  # a body only by the look of a priority's name, such as 'Safer Homes'
                if mention.type in ("Issue", "Subgroup", "Partnership") or (
                    mention.type == "Partner" and mention.start not in owners and not self._nobody_in_particular(mention)
                ):
                    self.builder.entity(mention)
                for issue in mention.inside:
                    self.builder.entity(issue)
                    if mention.type == "Subgroup" and not _ENDED.match(block.text, mention.end - block.start):
                        self.builder.state(mention, "delivers", issue, mention.start, mention.end, "group-named-after-issue")
                    elif mention.type == "Action":
                        self.builder.state(mention, "addresses", issue, mention.start, mention.end, "action-named-after-issue")

    def _nobody_in_particular(self, partner: Span) -> bool:
        """'schools', 'a hospital': a kind of which there are many, without a name; it counts only where it takes part in something."""
        kind = self.ontology.kinds.get(partner.kind or "")
        common = partner.label.islower() or (partner.label[1:].islower() and self.finder.is_wording(partner.label))
        return kind is not None and kind.name_as_written and common

    def _is_sector(self, mention: Span) -> bool:
        """'Faith groups', 'Businesses': the common name of many, which nobody is called."""
        kind = self.ontology.kinds.get(mention.kind or "")
        return mention.type == "Partner" and kind is not None and kind.name_as_written and self.finder.is_wording(mention.label)

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
        if self._is_chrome(block) or index in self._apart:
            return
        self.lists.fields(index, block)
        self.lists.item(index, block)
        self.read_sentences(index, Cell(block.start, block.end, block.text), self.mentions[index])
        self._renames.block(index, block)

    def read_sentences(
        self, index: int, cell: Cell, mentions: Sequence[Span], about: Sequence[Span] = (), *, explicit: bool = False
    ) -> None:
        """State what the sentences of a text say.

        Args:
            index: the block in which it stands.
            cell: the text.
            mentions: what it mentions.
            about: what the words around it are about, such as the action of a table's row; 'it' may mean this.
            explicit: only a speaker whom a sentence names counts.

        """
        before = None if explicit else self._before
        known = list(about)
        for start, end in sentences(cell.text):
            text = cell.text[start:end]
            inside = [m for m in mentions if m.start >= cell.start + start and m.end <= cell.start + end]
            inside = self.antecedents.resolved(index, text, cell.start + start, with_works(text, cell.start + start, inside), known)
            sentence = masked(text, inside, cell.start + start)
            led = self._relations(sentence, cell.start + start, cell.start + end, known)
            before = self.feedback.sentence(
                index, sentence, cell.start + start, cell.start + end, before, [*known, *inside], explicit=explicit, led=led
            )
            known = self.antecedents.after(known, inside, sentence.text)
        if not explicit:
            self._before = self.attribution.goes_on_below(index, before)

    def _relations(self, sentence: Masked, start: int, end: int, known: Sequence[Span]) -> set[str]:
        """State what the cues find in a sentence; return the keys of the issues that somebody leads."""
        led: set[str] = set()
        if _asks_or_denies(sentence.text):
            return led
        for cue, subjects, objects in apply(self._cues, sentence):
            left: list[Part | None] = [s for n, s in enumerate(subjects) if not self._is_field_of(subjects[n - 1] if n else None, s)]
            right: list[Part | None] = list(objects)
            for subject, object_ in ((self._end(s, start), self._end(o, start)) for s in left or [None] for o in right or [None]):
                if subject is None and cue.predicate == "addresses":
                    subject = self._headed_at(start)
                if subject is None:
                    continue
                for one in [object_] if object_ is not None else self._not_said(cue, start, known):
                    assumed = object_ is None and cue.predicate != "member_of"
                    self.builder.state(
                        self._renamed_text(cue, subject, object_),
                        cue.predicate,
                        one,
                        start,
                        end,
                        cue.name,
                        confidence=cue.precision,
                        assumed=assumed,
                    )
                    if cue.name == "sits-with" and subject.type == "Subgroup" and one.type == "Priority":
                        self.builder.state(subject, "delivers", one, start, end, cue.name, confidence=cue.precision, assumed=assumed)
                    if one.type == "Action" and one.start:
                        self.address_by_name(one, "action-named-after-issue")
                    if one.type == "Issue" and cue.predicate == "leads":
                        led.add(one.key)
        return led

    def _renamed_text(self, cue: Cue, subject: Span, object_: Span | None) -> Span:
        """'Respect in Public Places is now Objective 1': a name that nothing else told is of the type of what it became."""
        if cue.predicate != "renames" or subject.rank != 0 or subject.type != "Action" or object_ is None:
            return subject
        return replace(subject, type=object_.type, rank=1)

    def _not_said(self, cue: Cue, start: int, known: Sequence[Span]) -> list[Span]:
        """The object that a cue leaves out, as in 'Trading Standards is responsible'."""
        if cue.name == "will-be-members":
            return [m for m in reversed(known) if m.type == "Subgroup"][:1]
        if cue.predicate == "member_of":
            own = Span("Partnership", "partnership", self.context.partnership_label, 0, 0)
            return [own if cue.name == "joined-by" else self.board()]
        if cue.predicate == "leads":
            return [m for m in reversed(known) if m.type in ("Action", "Priority", "Issue", "Subgroup")][:1]
        return self._objects_nearby(cue, start) if cue.predicate == "delivers" else []

    def _headed_at(self, offset: int) -> Span | None:
        index = bisect_right(self._starts, offset) - 1
        return self.headed_by(index) if index >= 0 else None

    def headed_by(self, index: int) -> Span | None:
        """The priority whose chapter a block stands in."""
        for above in reversed(self.read.blocks[index].headings):
            for priority, found in self.priorities:
                if priority.block == above:
                    return found
        return None

    def _is_field_of(self, before: Part | None, part: Part) -> bool:
        """'Director of Place, NHS Board' is one post, not a post and a body."""
        if before is None or before.mention is None or part.mention is None:
            return False
        between = self.read.text[before.mention.end : part.mention.start]
        if re.fullmatch(r",\s+an?\s+(?:local\s+|national\s+)?", between):
            return True  # 'Common Ground, a charity'
        return before.mention.type == "Role" and part.mention.type == "Partner" and re.fullmatch(r",\s+(?:the\s+)?", between) is not None

    def _end(self, part: Part | None, offset: int) -> Span | None:
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
            Span("Action", slug(name)[:80], name, start, start + len(self.read.text[start:end].rstrip(" ,")), 0) if len(name) > 3 else None
        )

    def _objects_nearby(self, cue: Cue, start: int) -> list[Span]:
        """What 'Three priorities sit with the board' or 'puts the plan into practice' means: the list that follows, or the plan."""
        if cue.name == "puts-plan-into-practice":
            return [self.plan(None)]
        index = next((i for i, b in enumerate(self.read.blocks) if b.start <= start < b.end), None)
        listed = [found for priority, found in self.priorities if self.read.blocks[priority.block].intro == index]
        headed = self.headed_by(index) if index is not None and not listed else None
        return [headed] if headed is not None else listed

    def board(self) -> Span:
        """The partnership's own board."""
        kind = self.ontology.kinds["partnership-board"]
        return Span("Subgroup", kind.id, kind.label, 0, 0, 0, kind.id)


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
