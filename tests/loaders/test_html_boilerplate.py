"""Which elements of a web page are its text, and which are menus, banners, controls, or nothing that anybody sees."""

from __future__ import annotations

import pytest

from goldenthread.loaders.formats.blocks import ReadFile
from goldenthread.loaders.formats.html import read_html


def read(body: str) -> ReadFile:
    return read_html(f"<!DOCTYPE html><html><head><title>Plan</title></head><body>{body}</body></html>")


def lines(body: str) -> list[str]:
    return read(body).text.splitlines()


def headings(body: str) -> list[str]:
    return [b.text for b in read(body).blocks if b.kind == "heading"]


@pytest.mark.parametrize(
    "name",
    ["anti-social-behaviour", "drug-related-harm", "share-of-offences", "social-housing", "menu-of-interventions"],
)
@pytest.mark.parametrize("attribute", ["id", "class"])
@pytest.mark.parametrize("tag", ["h2", "section", "div", "p"])
def test_no_words_are_lost_for_what_their_element_is_called(tag: str, attribute: str, name: str) -> None:
    body = f"<{tag} {attribute}='{name}'>The wardens lead on litter.</{tag}><p>After.</p>"
    assert lines(body) == ["The wardens lead on litter.", "After."]


@pytest.mark.parametrize(
    ("box", "note"),
    [
        ("<div class='breadcrumb'><a href=/>Home</a> &gt; <a href=/b>Safety</a></div>", "“breadcrumb” (3 words)"),
        ("<div class='share'>Share: <a>By post</a> <a>By mail</a></div>", "“share” (5 words)"),
        ("<ul id='related'><li><a>Other plans</a><li><a>Old plans</a></ul>", "“related” (4 words)"),
        ("<div class='site-menu'><button>Open all</button><a>Bins</a></div>", "“menu” (3 words)"),
        (
            "<div class='cookie-notice'><p>We keep cookies to count your visits here.</p><button>Accept</button></div>",
            "“cookie” (9 words)",
        ),
        ("<aside><h2>See</h2><a>Other plans</a> <a>Old plans</a></aside>", "aside (5 words)"),
        ("<header><a>Council of Elms</a> <span>Search</span></header>", "header (4 words)"),
        ("<footer>Elms Council, Elm Road</footer>", "footer (4 words)"),
        ("<main><footer>Tags: <a>Parks</a> <a>Litter</a></footer></main>", "footer (3 words)"),
    ],
)
def test_ways_to_other_pages_and_what_belongs_to_the_site_are_left_out_and_counted(box: str, note: str) -> None:
    found = read(f"{box}<p>The plan.</p>")
    assert found.text.splitlines() == ["The plan."]
    assert found.notes == (f"Left out as not of the page’s own text: {note}.",)


def test_a_page_that_stands_in_a_form_is_read_without_its_controls() -> None:
    body = (
        "<form action=a.aspx><input type=hidden value=abc><div><h1>Plan</h1><p>The wardens lead.</p>"
        "<select><option>All years</select></div></form>"
    )
    assert lines(body) == ["Plan", "The wardens lead."]


def test_the_buttons_of_an_accordion_are_headings_and_what_they_open_is_read() -> None:
    inside = (
        "<h2><button aria-expanded=false>Priority 1: Litter</button></h2>"
        "<div hidden=until-found><p>Wardens lead.</p></div>"
    )
    assert (headings(inside), lines(inside)) == (["Priority 1: Litter"], ["Priority 1: Litter", "Wardens lead."])
    alone = "<button aria-controls=p1>Priority 1: Litter</button><div id=p1 hidden><p>Wardens lead.</p></div>"
    assert (headings(alone), lines(alone)) == (["Priority 1: Litter"], ["Priority 1: Litter", "Wardens lead."])
    tabs = (
        "<ul><li><a role=tab href='#p1'>Litter</a></ul><div id=p1 aria-hidden=true><p>Wardens lead.</p></div>"
        "<div role=tabpanel hidden><p>Rangers help.</p></div>"
    )
    assert lines(tabs) == ["Litter", "Wardens lead.", "Rangers help."]
    toggled = "<button data-bs-toggle=collapse data-bs-target='#p1'>Litter</button><p id=p1 hidden>Wardens lead.</p>"
    assert lines(toggled) == ["Litter", "Wardens lead."]


def test_other_buttons_hidden_parts_and_menus_that_a_button_opens_are_left_out() -> None:
    assert lines("<button>Print</button><p hidden>Draft words.</p><p>The plan.</p>") == ["The plan."]
    menu = "<button aria-controls=m>Menu</button><ul id=m hidden><li><a>Bins</a><li><a>Parks</a></ul><p>The plan.</p>"
    assert lines(menu) == ["The plan."]
    assert lines("<button aria-controls=nowhere>Menu</button><p>The plan.</p>") == ["The plan."]


def test_headers_footers_and_asides_of_a_passage_are_read() -> None:
    body = (
        "<header><a>Council of Elms</a></header><main><article><header><h1>Elms Board</h1><p>4 May 2024</p></header>"
        "<blockquote><p>Litter is worse.</p><footer>Elms Parish Council</footer></blockquote>"
        "<aside class=callout><p>The wardens lead on litter.</p></aside></article></main><footer>Contact us</footer>"
    )
    assert lines(body) == [
        *("Elms Board", "4 May 2024", "Litter is worse.", "Elms Parish Council"),
        "The wardens lead on litter.",
    ]


def test_the_header_of_the_site_is_read_only_where_it_holds_the_only_main_heading() -> None:
    assert lines("<header><h1>Our plan</h1></header><p>The plan.</p>") == ["Our plan", "The plan."]
    assert lines("<header><h1>Council</h1></header><h1>Our plan</h1><p>The plan.</p>") == ["Our plan", "The plan."]


def test_a_box_with_many_words_beside_its_links_is_text() -> None:
    words = " ".join(f"word{number}" for number in range(70))
    assert lines(f"<aside><p>{words}</p>{'<a>link</a> ' * 90}</aside>")[0] == words


def test_a_comment_is_no_word_of_a_menu_and_what_follows_it_is_text() -> None:
    body = "<div class=related><!-- begin -->The wardens lead on litter.<a>See this</a></div>"
    assert lines(body) == ["The wardens lead on litter.See this"]


def test_a_page_with_a_notice_about_cookies_is_no_notice() -> None:
    words = " ".join(f"word{number}" for number in range(300))
    assert lines(f"<div class=cookie-notice-on><input name=q><p>{words}</p></div>") == [words]


def test_of_two_levels_of_navigation_in_a_header_nothing_is_read() -> None:
    menu = "<header><ul><li><a>Bins</a><ul><li><a>Days</a></ul></ul><a>Search</a></header>"
    assert lines(f"<main>{menu}</main><p>The plan.</p>") == ["The plan."]
