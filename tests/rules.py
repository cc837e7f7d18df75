"""Every rule of the terms and of billing: id, clause, part, what must be true.

Parts: A agent, C console, R relay, J journal, B billing. ``make_rules_page.py`` puts
the tests that carry an id beside it.
"""
# ruff: noqa: E501  # a row of a table stays a row

from typing import Final

#: Id, clause of the terms, parts, statement.
RULES: Final[tuple[tuple[str, str, str, str], ...]] = tuple(
    tuple(part.strip() for part in line.split("|", 3))  # type: ignore[misc]  # four parts
    for line in """
R01|§1, §2.3|C R J|No code without an engagement that says customer, channel, slot, service, tariff, terms, confirmation
R02|§2.2|C J|Prerequisites are answered, or waived with a reason, before a code is issued
R03|§2.2, §10.2|C J|A start outside the agreed slot is flagged, never blocked
R04|§2.2, §2.4|C A J|Opening hours with French holidays flag, never block and never charge
R05|§3.1|B J|The tariff is the one in force at the date of the offer
R06|§3.2|C A B|Extra work is billed only after the customer accepted its price
R07|§3.3|B|No travel line on a remote session
R08|§2.6|A J|Of age, or with a parent's or guardian's authorisation: asked once and journaled
R09|§1|A J|The terms in force are offered before consent, and their hash is journaled
R10|§10.2|C J|Every intervention is at the customer's express request
R11|§4|C|A late payer is a warning that a person overrides with a reason
R12|§2.4|C J|The withdrawal deadline is computed by the terms and by law; the later one applies
R13|§2.5|A J R|Beginning in the withdrawal time takes two separate statements of the customer
R14|§2.4|C J B|A withdrawal is recorded and costs the part served, to the second, or nothing
R15|§2.5|B|A refund's due date is exported; the refund itself is not our business
R16|§2.4|C|A late engagement never produces a no-show
R20|§7.1|A|The agent runs for one session and leaves nothing behind
R21|§7.1|A C R|A code may be dictated in either direction; a code is not consent
R22|§7.1|R J|A code is single use, short-lived, bound to one engagement, its guesses limited
R23|§7.1|A R J|Nothing is seen or moved before the customer's yes is durable
R24|§7.1|J|The consent record names the exact text shown
R25|§7.1|A|The customer's mouse takes control back at once, without the relay
R26|§7.1|A R J|Control taken back returns only by a fresh act of the customer
R27|§7.1|R A J|An end is final: nothing of the session can be used again
R28|§7.1|A J|The agent says that the technician is disconnected, and when
R29|§7.2|A C|The real minimum equipment is shown; never Flash or Java
R30|§7.2|A|Antivirus and data advice stand before consent
R31|§6, §7.2|A C J B|The backup question is answered before consent
R32|§7.3|A|Files are transferred only with consent for each
R33|§7.2|A|A contact address is shown
R34|§10.2|R A|Attended only
R35|§5, §10.2|C J|A technician who breaks off names the cause
R36|§5, §10.2|C J|An unlicensed product is refused, and that is on the document
R37|§10.4|A|The manufacturer's warranty is warned of
R38|§13.1|A C R J|Nothing that is seen or typed is logged
R39|§11|C J|A customer's data can be exported, rectified and erased
R40|§11|C|Nothing is shared with third parties unless asked for
R41|§2.6|J|Records are append-only, chained and signed; a change is found and named
R42|§13.4|B J|Every intervention comes with a supporting document within 60 s
R43|§10.5|C J|The customer's written reserves are recorded
B01|§3.2|B|Service that began owes the minimum, whatever its result
B02|§3.2|B|Every begun unit is due: floor to the second, one ceiling, one minimum
B03|§3.2|B A|A tariff without increment and minimum is refused
B04|§5|B|A break-off owes the minimum, but not for the provider's own fault
B05|§3.5, §10.2|C B|A no-show is an hour at least, a draft for review, never automatic
B06|§10.5|B|The same fault within ten days is counted at 0 €
B07|§3.4|B|Means of payment are a list; a payment is never recorded
B08|§3.4|B|The invoice goes by e-mail, else by post
B09|(silent)|B|VAT is the policy's; consumer prices include it
B10|§4|B|Late-payment terms are printed for professionals only
B11|§10.3|B|No line for electricity or Internet
B12|§12|B|Retention of title only with goods
B13|§14|B|The mediator is named; no commercial court for consumers
""".strip().splitlines()
)
