"""What became of the files that were loaded, and of the claims about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..graph import Document
from ..graph.store import Change
from .claims import WrittenClaim
from .extract import Extracted
from .outcomes import Outcome


@dataclass(slots=True)
class LoadReport:
    """What became of each file."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)  #: (path, why and what to do)
    passed_over: list[tuple[str, str]] = field(default_factory=list)  #: (path, why)
    notes: list[str] = field(default_factory=list)
    stated: int = 0  #: statements in the documents that were added or replaced
    suggested: int = 0  #: those that are not likely enough to be stated
    taken: int = 0  #: claims of claims files
    rejected: list[tuple[str, Outcome]] = field(
        default_factory=list
    )  #: (document, what became of a claim of a claims file)
    claimed: list[tuple[Document, tuple[Outcome, ...]]] = field(
        default_factory=list
    )  #: every claim of each document, where that was asked for

    def count(self, change: Change, extracted: Extracted) -> None:
        """Take account of a document that was read."""
        graph = extracted.graph
        for outcome in extracted.outcomes:
            if isinstance(outcome.claim, WrittenClaim):
                if outcome.status == "rejected":
                    self.rejected.append((graph.document.path, outcome))
                else:
                    self.taken += 1
        {"added": self.added, "replaced": self.replaced, "unchanged": self.unchanged}[change].append(
            graph.document.path
        )
        if change != "unchanged":
            suggested = sum(1 for statement in graph.statements if statement.status == "suggested")
            self.stated += len(graph.statements) - suggested
            self.suggested += suggested
            self.notes.extend(graph.notes)

    @property
    def rejected_by_hand(self) -> list[tuple[str, Outcome]]:
        """What was rejected of claims that somebody gave, who wants to know of each; not those of a model."""
        return [each for each in self.rejected if isinstance(each[1].claim, WrittenClaim) and not each[1].claim.asked]

    @property
    def finding_of_claims(self) -> str:
        """What became of the claims of claims files, in a sentence; '' where there were none."""
        if not self.taken + len(self.rejected):
            return ""
        reasons = Counter(outcome.reason.value for _, outcome in self.rejected if outcome.reason)
        why = ", ".join(
            f"{count} {reason}" for reason, count in sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
        )
        return f"{_claims(self.taken)} taken, {len(self.rejected)} rejected{f' ({why})' if why else ''}."

    @property
    def finding_of_dry_run(self) -> str:
        """What would happen, in a sentence."""
        return (
            f"{len(self.added)} would be added, {len(self.replaced)} replaced, {len(self.unchanged)} left unchanged,"
            f" {len(self.failed)} cannot be read. Nothing was changed."
        )

    @property
    def finding(self) -> str:
        """The result in a sentence."""
        done = len(self.added) + len(self.replaced)
        parts = [
            f"{done} document{'' if done == 1 else 's'} loaded with {self.stated} "
            f"statement{'' if self.stated == 1 else 's'}"
        ]
        if self.suggested:
            parts[0] += f" and {self.suggested} possible one{'' if self.suggested == 1 else 's'} to check"
        if self.replaced:
            parts.append(f"{len(self.replaced)} of them in place of an older version")
        if self.unchanged:
            parts.append(f"{len(self.unchanged)} unchanged")
        if self.failed:
            parts.append(f"{len(self.failed)} could not be read")
        return ", ".join(parts) + "."


def _claims(count: int) -> str:
    return f"{count} claim{'' if count == 1 else 's'}"
