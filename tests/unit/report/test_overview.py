"""The first page: what is blocked and by whom, how far each return is, and who hands in what."""

from __future__ import annotations

from dataclasses import replace

from made import contents, state

from orchestration.quality.gate import Decision, StopReason
from orchestration.report import words
from orchestration.report.blocked import Ask
from orchestration.report.overview import overview_page
from orchestration.report.pages import Page, Section, environment, render
from orchestration.report.return_pages import ReturnState

USED = [("beds.used", "Occupied beds", "beds", "12", "")]


def home(name: str, number: int) -> ReturnState:
    return state({"2026-10": USED}, name=name, number=number)


def blocked(name: str, number: int) -> ReturnState:
    """A return that a rule stops."""
    ready = home(name, number)
    why = StopReason("beds", "failed", 1, 1, (), "More people than beds.", "Oakfield Care", "Correct it.")
    decision = Decision(ready.owed.definition.return_id, ready.owed.submitter_id, (why,))
    ask = Ask(why.rule_id, why.message, "error", "1 of 1 checked", why.next_step, ("Oakfield Care",))
    return replace(ready, owed=replace(ready.owed, decision=decision), stops=(ask,))


def overview(*states: ReturnState) -> Page:
    return overview_page(contents(*states).facts, list(states))


def drawn(page: Page) -> str:
    class Banner(dict[str, object]):
        senders: tuple[str, ...] = ()

    return render(environment(), page, [Section("overview", "Overview", "index.html")], Banner())


def test_a_return_stands_once_however_many_hand_it_in() -> None:
    page = overview(home("Alder", 1), blocked("Birch", 2), home("Cedar", 3))
    (one,) = page.context["standings"]
    assert (one.ready, one.owed) == (2, 3)
    assert one.path == "returns/index.html#capacity-tracker"
    assert one.due == "12 October 2026"


def test_whoever_has_something_blocked_stands_first() -> None:
    page = overview(home("Alder", 1), blocked("Birch", 2))
    assert [name for name, _ in page.context["submitters"]] == ["Birch", "Alder"]


def test_the_card_of_a_blocked_return_says_why_who_must_act_and_leads_to_what_is_to_be_done() -> None:
    text = drawn(overview(home("Alder", 1), blocked("Birch", 2)))
    card = text[text.index("card--blocked") : text.index("</article>")]
    assert "More people than beds." in card
    assert "Who must act:</span> Oakfield Care" in card
    assert 'href="returns/capacity-tracker/1-900000002.html#why"' in card


def test_a_run_without_a_submitter_says_so() -> None:
    assert "No return is owed: the settings name no submitter of one." in drawn(overview())


def test_a_heading_of_a_column_is_the_short_name_of_a_return() -> None:
    titles = {
        "Adult Social Care Workforce Data Set (ASC-WDS)": "ASC-WDS",
        "Client Level Data, Release 2": "Client Level Data",
        "CQC statutory notifications: what is due": "CQC statutory notifications",
        "Plain title": "Plain title",
    }
    assert {title: words.short_title(title) for title in titles} == titles


def test_names_of_standards_keep_their_capitals() -> None:
    told = {"cld_review": "CLD review", "asc_wds_workplace": "ASC-WDS workplace", "nhs_number": "NHS number"}
    assert {name: words.sentence(name) for name in told} == told
    assert words.sentence("include_picture") == "Include picture"
    assert words.sentence("dols_outcome") == "DoLS outcome"
    assert words.sentence("asc_wds") == "ASC-WDS"
