"""The one exception base of goldenthread, and the errors of the ontology."""

from __future__ import annotations


class GoldenthreadError(Exception):
    """Something went wrong that a person can mend; the text says what failed, where, and what to do.

    Attributes:
        exit_code: what the command line exits with when this error ends it.

    """

    exit_code = 2


class OntologyError(GoldenthreadError):
    """A Turtle or CSV file of the ontology, or a user's vocabulary, does not hold what it must."""
