"""The manners in which councils write, each with what a careful officer would take from it, and what not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from goldenthread.graph import DocumentGraph

Said = Callable[[DocumentGraph], set[tuple[str, ...]]]
Read = Callable[..., DocumentGraph]

PLAN = "Harrowmere Community Safety Plan 2024-2027\n\n"
MINUTES = "Minutes of the Harrowmere Community Safety Partnership Board\n\n"

Case = tuple[str, set[tuple[str, ...]], set[tuple[str, ...]]]

CASES: dict[str, Case] = {
    "it means the group that was just named": (
        MINUTES + "The Tides Group would be renamed the Harbour Group. "
        "It would continue to be chaired by the Head of Parks.\n",
        {("Tides Group", "renames", "Harbour Group"), ("Head of Parks", "chairs", "Harbour Group")},
        {("Head of Parks", "chairs", "Tides Group")},
    ),
    "it was agreed speaks of nothing": (
        MINUTES + "Operation Heron targets begging. It was agreed that the Head of Parks "
        "will chair the Harbour Group.\n",
        {("Operation Heron", "addresses", "begging"), ("Head of Parks", "chairs", "Harbour Group")},
        {("Head of Parks", "leads", "Operation Heron")},
    ),
    "the operation is the one named before": (
        MINUTES + "Operation Heron targets begging. The operation is run by Westmarch Police.\n",
        {("Westmarch Police", "leads", "Operation Heron")},
        set(),
    ),
    "this priority is the one of the chapter": (
        PLAN + "Priority 1: Calm streets and squares\n\nThis priority is led by the Head of Parks. "
        "It covers begging, graffiti; and dog fouling.\n",
        {
            ("Head of Parks", "leads", "Calm streets and squares"),
            ("Calm streets and squares", "addresses", "dog fouling"),
        },
        set(),
    ),
    "who reports goes on in the next sentences": (
        MINUTES + "The Community Safety Analyst presented the dashboard. Burglary was lower than a year before. "
        "Shoplifting had risen.\n",
        {("Community Safety Analyst", "raises", "burglary", "decrease")},
        set(),
    ),
    "reductions are no worry": (
        MINUTES + "The Community Safety Analyst presented the dashboard, which identified reductions in burglary.\n",
        {("Community Safety Analyst", "raises", "burglary", "decrease")},
        {("Community Safety Analyst", "raises", "burglary", "concern")},
    ),
    "members who heard something did not say it": (
        MINUTES + "The Head of Parks reported on the summer. Members heard that begging had fallen.\n",
        {("Head of Parks", "raises", "begging", "decrease")},
        {("Members", "raises", "begging", "decrease")},
    ),
    "a quotation is of whom the line below names": (
        "<html><body><h1>What you told us about Harrowmere</h1><p>Results of the consultation.</p>"
        "<blockquote><p>“I have been afraid of the e-scooters since May.”</p>"
        "<p>Shopper, Quay Street</p></blockquote></body></html>",
        {("Shopper, Quay Street", "raises", "e-scooters", "concern")},
        {("respondents", "raises", "e-scooters", "concern")},
    ),
    "an owner in brackets leads, and those with him help": (
        PLAN + "Priority 1: Calm streets and squares\n\n1.1 We will keep Operation Heron going against begging. "
        "[Owner: Westmarch Police, with the Street Pastors]\n",
        {("Westmarch Police", "leads", "Operation Heron"), ("Street Pastors", "supports", "Operation Heron")},
        {("Street Pastors", "leads", "Operation Heron")},
    ),
    "a promise without a scheme is the priority's": (
        PLAN + "Priority 1: Calm streets and squares\n\nWe will:\n\n- reduce dog fouling in the parks\n"
        "- tackle graffiti (lead: Westmarch Police)\n",
        {
            ("Calm streets and squares", "addresses", "dog fouling"),
            ("Calm streets and squares", "addresses", "graffiti"),
            ("Westmarch Police", "leads", "tackle graffiti"),
        },
        {("Westmarch Police", "leads", "Calm streets and squares")},
    ),
    "a table of groups names members, chairs and whom they answer to": (
        "| Group | Concerned with | Chair | Who sits on it | Reports to |\n|---|---|---|---|---|\n"
        "| Harbour Group | Begging | Head of Parks "
        "| Westmarch Police; Probation Service | Harrowmere Delivery Board |\n",
        {
            ("Harbour Group", "delivers", "begging"), ("Head of Parks", "chairs", "Harbour Group"),
            ("Probation Service", "member_of", "Harbour Group"),
            ("Harbour Group", "part_of", "Harrowmere Delivery Board"),
        },
        {("Probation Service", "leads", "Harbour Group"), ("Harrowmere Delivery Board", "leads", "Harbour Group")},
    ),
    "outcomes have leads": (
        "| Outcome | How we shall know | Outcome lead |\n|---|---|---|\n"
        "| Less begging at the quay | From 90 to 50 reports | Head of Parks |\n",
        {("Head of Parks", "leads", "Less begging at the quay"), ("Less begging at the quay", "addresses", "begging")},
        set(),
    ),
    "asking who is responsible is no ownership": (
        MINUTES + "Members asked whether the Head of Parks leads on begging.\n",
        {("Members", "raises", "begging", "concern")},
        {("Head of Parks", "leads", "begging")},
    ),
    "attending is not membership, and presenting is not leading": (
        MINUTES + "Present: Westmarch Police, Probation Service\n\n"
        "The Head of Parks presented the report on begging.\n",
        set(),
        {("Westmarch Police", "member_of", "CSP Board"), ("Head of Parks", "leads", "begging")},
    ),
    "short forms and slips are one body": (
        MINUTES + "The Harrowmere Voluntary Action chief spoke. HVA runs Operation Heron. "
        "The Combatting Drugs Partnership met. The Combating Drugs Partnership agreed.\n",
        {("Harrowmere Voluntary Action", "leads", "Operation Heron")},
        set(),
    ),
    "nobody asked is no request": (
        "# Consultation results for Harrowmere\n\nRespondents supported the plan. "
        "None of the groups asked for more cameras.\n",
        set(),
        {("respondents", "requests", "None of the groups asked for more cameras")},
    ),
    "a phrase in an owner's cell is no owner": (
        "| Action | Lead |\n|---|---|\n| Mend the quay lamps | No owner agreed |\n"
        "| Count the swans | Whoever is nearest to the pond |\n",
        set(),
        {
            ("No owner agreed", "leads", "Mend the quay lamps"),
            ("Whoever is nearest to the pond", "leads", "Count the swans"),
        },
    ),
    "an action of minutes is owned by whom it is given to": (
        MINUTES + "Present:\n\nAnn Price – Head of Parks, Harrowmere Council (Chair) (AP)\n\n"
        "Tom Lewis (TL), Housing Manager\n\nACTION 4: AP and TL to count the swans by 4 May 2025\n\n"
        "Rents were discussed. Action: Head of Housing to write to tenants about graffiti – CLOSED\n\n"
        "ACTION: All to comment on the plan.\n\nACTION: Head of Law to be invited to the next meeting.\n",
        {
            ("Head of Parks", "leads", "count the swans"), ("Housing Manager", "leads", "count the swans"),
            ("Head of Housing", "leads", "write to tenants about graffiti"),
            ("write to tenants about graffiti", "addresses", "graffiti"),
        },
        {("All", "leads", "comment on the plan"), ("Head of Law", "leads", "be invited to the next meeting")},
    ),
    "a post of many fields is one post": (
        PLAN + "The Manager for Public Health, Regulation and Housing leads Operation Heron.\n",
        {("Manager for Public Health, Regulation and Housing", "leads", "Operation Heron")},
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_manner_is_read_as_an_officer_would(name: str, read_text: Read, said: Said) -> None:
    text, wanted, unwanted = CASES[name]
    ending = "html" if text.startswith("<html") else "md" if text.startswith(("|", "#")) else "txt"
    found = said(read_text(text, f"document.{ending}"))
    assert wanted <= found, wanted - found
    assert not unwanted & found
