"""What the window shows of a session: from what counts to one plain view."""

from __future__ import annotations

from cordee_agent.consent import Consent
from cordee_agent.window import model
from cordee_agent.window.model import Cost, Live, Over
from cordee_agent.window.sharing import Shared
from cordee_shared.session.states import EndReason, Side, State
from cordee_shared.wire import control


def under_way(
    state: State,
    asking: model.Question | None,
    consent: Consent,
    *,
    since: float | None,
    linked: bool,
    shared: Shared,
) -> model.View:
    """Return the view of a session that is not over.

    Args:
        state: that counts at this side.
        asking: the question that is open.
        consent: who asks.
        since: monotonic seconds of the first yes; ``None`` before it.
        linked: whether this computer has its link.
        shared: what the two people share.
    """
    if state is State.CONSENTING and asking is not None:
        return asking
    if state in (State.PAIRING, State.CONSENTING):
        return model.Pairing(consent.organisation)
    return Live(
        state=state,
        technician=consent.technician,
        organisation=consent.organisation,
        since=since or 0.0,
        linked=linked,
        question=asking,
        shared=shared,
    )


def cost_of(bill: control.Bill) -> Cost:
    """Return what the relay says that a session comes to."""
    return Cost(bill.seconds, bill.units, bill.amount_cents, bill.currency)


def ended(
    reason: EndReason,
    by: Side,
    consent: Consent,
    *,
    seconds: float,
    reclaims: int,
    confirmed: bool,
) -> Over:
    """Return the view of a session that has just ended; its price is awaited."""
    return Over(
        reason=reason,
        by=by,
        technician=consent.technician,
        organisation=consent.organisation,
        seconds=int(seconds),
        reclaims=reclaims,
        cost=None,
        confirmed=confirmed,
        pending=True,
    )
