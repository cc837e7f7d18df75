"""Asks the customer, one question at a time; silence means no.

Rules:

1. A question has a deadline, and no answer in time is a no.
2. An answer counts only for the question that is open, and only once.
3. Extra work is asked about by itself, when nothing else is asked (R06).
4. While a question is open nothing is injected (agent_platform.md 1.4).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from cordee_agent.window.model import Answer, Question
from cordee_shared.canonical import Json, unb64
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.session.asking import MINOR, PLEASE, Ask, Why, are_answered
from cordee_shared.session.consent import (
    ConsentText,
    Language,
    Scope,
    consent_data,
    render,
)
from cordee_shared.session.extra import (
    Extra,
    ExtraText,
    accepted_data,
    render_extra,
)
from cordee_shared.session.machine import Kind
from cordee_shared.session.offer import Attestation, Offer, Signed
from cordee_shared.session.states import Event, Remark
from cordee_shared.wire import control
from cordee_shared.wire.terms import Gathering

#: What a yes to each scope is called in the table.
GRANT_OF = {Scope.VIEW: Event.VIEW_GRANTED, Scope.CONTROL: Event.CONTROL_GRANTED}


def yes_to(question: Question) -> Kind:
    """Return what a yes to this question is called in the table."""
    if isinstance(question.text, ExtraText):
        return Remark.EXTRA_ACCEPTED
    return GRANT_OF[question.text.scope]


def no_to(question: Question) -> Kind:
    """Return what a no to this question is called in the table."""
    is_extra = isinstance(question.text, ExtraText)
    return Remark.EXTRA_REFUSED if is_extra else Remark.CONSENT_REFUSED


def is_about_seeing(question: Question) -> bool:
    """Tell whether a no to this question ends everything."""
    return getattr(question.text, "scope", None) is Scope.VIEW


def is_about_terms(text: ConsentText | ExtraText) -> bool:
    """Tell whether the general terms are read beside this: once, before seeing."""
    return getattr(text, "scope", None) is Scope.VIEW


def is_about_control(question: Question) -> bool:
    """Tell whether a yes hands mouse and keyboard over."""
    return getattr(question.text, "scope", None) is Scope.CONTROL


def why_not(answer: Answer) -> str:
    """Tell why somebody refused, as far as the technician can help (R08, R31)."""
    said = dict(answer.answers)
    if said.get(Ask.ADULT) == MINOR:
        return Why.MINOR
    # "Please" is a reason to refuse only where no price for it was agreed on.
    if said.get(Ask.BACKUP) == PLEASE:
        return Why.BACKUP
    return Why.NO


def who_asks(
    paired: control.Paired,
    peer_pk: bytes,
    peer_ad: Mapping[str, Any],
    relay_pk: bytes,
    now: int,
    language: Language,
    *,
    pinned: bool,
    terms: Gathering,
) -> Consent:
    """Check who asks and what was agreed, by the relay's signatures (S-24).

    The attestation comes from the console's associated data, which the code has
    authenticated; ``paired`` brings the offer, and ``terms`` the text that it names:
    nobody is asked to agree to terms that cannot be read (R09).

    Raises:
        MalformedFrame, Tampered: a statement or the terms are missing, or do not
            verify.
    """
    said = Signed(paired.offer.text, paired.offer.sig)
    offer = Offer.read(said, relay_pk)
    match peer_ad.get("att"):
        case {"text": str(text), "sig": str(sig)}:
            attested = Attestation.read(Signed(text, sig), relay_pk, now)
        case _:
            raise MalformedFrame("the console brought no attestation")
    if unb64(attested.pk) != peer_pk:
        raise Tampered("attestation", "is about another key")
    return Consent(
        offer,
        said.hash,
        attested.technician,
        language,
        verified=pinned and offer.organisation == attested.organisation,
        terms=terms.joined(offer.terms_hash),
    )


class Consent:
    """The questions of one session. Pure; owned by the session."""

    def __init__(
        self,
        offer: Offer,
        offer_hash: str,
        technician: str,
        language: Language,
        *,
        verified: bool,
        terms: str,
    ) -> None:
        """Prepare to ask in ``language`` for ``technician`` under ``offer``."""
        self._terms = terms
        self._offer = offer
        self._offer_hash = offer_hash
        self.technician = technician
        self._language = language
        self._verified = verified
        self.organisation = offer.organisation
        self._asked = 0
        #: Every word that was said yes to, for the receipt.
        self.agreed: list[dict[str, Json]] = []
        self.open: Question | None = None
        #: Extras that wait for their question: the proposing act's hash, and what.
        self._waiting: deque[tuple[str, Extra]] = deque()
        #: The one whose question is open.
        self._shown: tuple[str, Extra] | None = None

    def ask(self, scope: Scope, until: float) -> Question:
        """Open the question for ``scope``, in place of any other."""
        self.withdraw()
        return self._open(self._text(scope), until)

    def propose(self, proposal: str, extra: Extra) -> None:
        """Remember an extra until nothing else is asked (R06).

        Args:
            proposal: hash of the technician's act.
            extra: what, and for how much.
        """
        self._waiting.append((proposal, extra))

    def ask_extra(self, until: float) -> Question | None:
        """Open the question of the extra that has waited longest, if one does."""
        if self.open is not None or not self._waiting:
            return None
        self._shown = self._waiting.popleft()
        extra, name = self._shown[1], self.technician
        return self._open(render_extra(extra, self._language, self._offer, name), until)

    def _open(self, text: ConsentText | ExtraText, until: float) -> Question:
        self._asked += 1
        self.open = Question(
            id=self._asked,
            text=text,
            technician=self.technician,
            organisation=self._offer.organisation,
            verified=self._verified,
            until=until,
            terms=self._terms if is_about_terms(text) else "",
        )
        return self.open

    def answered(self, answer: Answer) -> Question | None:
        """Close the question that was answered.

        ``None`` if it is not open, or if a yes leaves one of its questions without an
        answer to begin with: that is no yes, and the question stays (R13, R31).
        """
        question = self.open
        if question is None or question.id != answer.question:
            return None
        if answer.yes and not are_answered(
            question.text.questions, dict(answer.answers)
        ):
            return None
        self.open = None
        return question

    def expired(self, now: float) -> Question | None:
        """Close and return the open question once its time is over."""
        question = self.open
        if question is None or now < question.until:
            return None
        self.open = None
        return question

    def withdraw(self) -> None:
        """Take the open question away unanswered: it has lost its sense.

        An extra waits again: it is asked once it makes sense.
        """
        if self.open is not None and isinstance(self.open.text, ExtraText):
            assert self._shown is not None, "an open extra is shown"
            self._waiting.appendleft(self._shown)
        self.open = self._shown = None

    def yes(self, question: Question, answer: Answer) -> dict[str, Json]:
        """Return the data of the act of consent, or of the extra's acceptance."""
        self.agreed.append(question.text.words)
        if isinstance(question.text, ExtraText):
            proposal, extra = self._answered_extra()
            return accepted_data(proposal, extra, question.text, answer.hand.value)
        return consent_data(
            question.text,
            self._offer_hash,
            answer.hand.value,
            dict(answer.answers),
            self._offer.backup_cents,
            self._offer.terms_hash,
        )

    def no(self, question: Question, why: str) -> dict[str, Json]:
        """Return the data of the refusal; ``why`` is a :class:`Why`."""
        if isinstance(question.text, ExtraText):
            return {"extra": self._answered_extra()[0], "why": why}
        return {"scope": question.text.scope.value, "why": why}

    def _answered_extra(self) -> tuple[str, Extra]:
        shown, self._shown = self._shown, None
        assert shown is not None, "what is answered was shown"
        return shown

    def _text(self, scope: Scope) -> ConsentText:
        return render(scope, self._language, self._offer, self.technician)
