"""The date of a document is its own, or none is given."""

from __future__ import annotations

import pytest

from goldenthread.loaders.mentions.dates import date_of

PLAN = "Safer Harrowmere Plan 2024-2027\n"


@pytest.mark.parametrize(
    "words",
    [
        "Date of meeting: 12 March 2024",
        "Tuesday, 12th March 2024, 6.30 pm",
        "Held on 12 March 2024 in the Corn Hall",
        "Safer Harrowmere Partnership | Approved by the Partnership Board on 12 March 2024 | "
        "In force 1 April 2024 to 31 March 2027",
        "Adopted on the 12th of March 2024.",
        "Action plan for the Safer Harrowmere Plan, as at 12/03/2024",
        "Board workshop, 12 March 2024",
        "Cabinet (12 March 2024)",
        "2024-03-12",
        "Minutes of the meeting held on Tuesday 12 March 2024",
        "12 March 2024, 10am",
        "12 March 2024 at 6.30 pm - 8 pm\nNext meeting: Tuesday 11 June 2024",
        "Cabinet (12 March 2024)\n"
        "The minutes of the meeting of Monday 4 December 2023 were agreed as a correct record.",
        "Approved by the Board on 12 March 2024. "
        "It also approved the minutes of the meeting of Monday 4 December 2023.",
    ],
)
def test_what_is_a_documents_own_date(words: str) -> None:
    assert date_of(f"{PLAN}{words}\nThe plan takes over on 1 April 2024.\n", "plan.md") == "2024-03-12"


@pytest.mark.parametrize(
    "words",
    [
        "The plan will go to Cabinet for approval on the 12th March 2024",
        "To be adopted by Cabinet on 12 March 2024",
        "Approved actions are due by 12 March 2024",
        "Have your say until 12 March 2024",
        "Closing date: 12 March 2024",
        "Date of next meeting: Tuesday 12 March 2024",
        "The minutes of the meeting held on 12 March 2024 were confirmed and signed.",
        "Next review date: 12 March 2024",
        "The Rural Crime Forum met 12 March 2024",
        "In force from 12 March 2024",
        "31/02/2024 is no day, and 12/13/2024 no month",
    ],
)
def test_another_days_date_is_not_taken(words: str) -> None:
    assert date_of(f"{PLAN}{words}\n", "plan.md") is None


def test_only_the_head_is_believed_without_a_word_for_the_date() -> None:
    assert date_of(PLAN + "It goes on and on.\n" * 60 + "Board workshop, 12 March 2024\n", "plan.md") is None


def test_the_name_of_a_file_dates_what_says_nothing_of_its_own() -> None:
    assert date_of(PLAN, "minutes-2024-03-12.html") == "2024-03-12"
