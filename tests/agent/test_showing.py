"""From what counts in a session to what the window shows."""

import pytest

from cordee_agent import showing
from cordee_agent.consent import Consent
from cordee_agent.window import model
from cordee_agent.window.sharing import Shared
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import EndReason, Side, State
from tests.agent.opposite import Opposite


def consent() -> Consent:
    met = Opposite().meet().met
    assert met is not None
    return met.consent


def shown(state: State, asking: model.Question | None = None) -> model.View:
    return showing.under_way(
        state, asking, consent(), since=None, linked=True, shared=Shared()
    )


@pytest.mark.parametrize("state", [State.PAIRING, State.CONSENTING])
def test_before_the_first_question_the_two_are_being_brought_together(
    state: State,
) -> None:
    assert shown(state) == model.Pairing("Micro-Alpes")


def test_the_first_question_fills_the_window_and_a_later_one_hangs_from_the_bar() -> (
    None
):
    question = consent().ask(Scope.VIEW, 120)
    assert shown(State.CONSENTING, question) == question
    live = shown(State.VIEWING, question)
    assert isinstance(live, model.Live)
    assert (live.question, live.since) == (question, 0.0)


def test_the_end_says_who_and_why_and_waits_for_its_price() -> None:
    over = showing.ended(
        EndReason.IDLE,
        Side.RELAY,
        consent(),
        seconds=61.9,
        reclaims=2,
        confirmed=False,
    )
    assert (over.seconds, over.reclaims, over.technician) == (61, 2, "Claire Martin")
    assert over.pending
    assert over.cost is None
