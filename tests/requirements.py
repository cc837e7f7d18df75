"""Every requirement of the product's safety: id and what must be true.

``make_requirements_page.py`` puts the tests that carry an id beside it, and how they
ended. An id never changes its meaning; what is no longer wanted stays, and says so.
"""
# ruff: noqa: E501  # a row of a table stays a row

from typing import Final

#: Id, statement.
REQUIREMENTS: Final[tuple[tuple[str, str], ...]] = tuple(
    tuple(part.strip() for part in line.split("|", 1))  # type: ignore[misc]  # two parts
    for line in """
S-01|All vectors of CPace draft 21 pass in Python, under Node and in a real browser
S-02|All seven low-order shares make both sides abort
S-03|500 differential runs of pairing in Python and JavaScript agree
S-04|The map to the curve is blinded: Welch's t stays below 4.5
S-05|Shared secret and session keys are never logged, stored or handed out
S-06|Tags are compared in constant time
S-07|A relay that alters, swaps, reflects or replays a message of pairing makes both sides fail
S-08|Another origin, nameplate, direction, version, key or name makes both sides fail
S-09|The secret half of the code is nowhere in the relay: memory, logs, database, URLs, arguments, page
S-10|A digit misheard is found without asking the relay
S-11|A code dies after one failed run (three when the console invites), after its time, and after success
S-12|Nameplates rest for half an hour; unknown, burnt and expired codes get one answer
S-13|Claims are limited for each account and each address
S-14|Replay, reordering, loss, flipped bits, cut records and reflection end the session
S-15|Keys turn after 2^20 records and after ten minutes
S-16|A link that ends without a word is journaled as lost, never as ended
S-17|No mode in clear exists
S-18|A session resumes within 120 s with its own secret only, and control needs a new click
S-19|No picture before the customer's yes is durable
S-20|The agent checks the scope of every record
S-21|The customer's hand takes effect within 100 ms, network or not
S-22|Injected input cannot press the agent's own buttons
S-23|The bar is always on top; there is no black screen
S-24|Provider and technician are shown out of a signature that the pinned key verifies; else red, and refusal preset
S-25|The agent takes no settings from the network
S-26|Each act verifies with the key of the pairing and its transcript
S-27|A missing, altered, doubled or moved act is found
S-28|A receipt verifies offline, with one file and one dependency
S-29|Billed time is never more than signed time
S-30|The Merkle tree gives the reference roots and passes the reference cases
S-31|One changed byte in any row of the journal is found
S-32|A cut tail of the journal is found with any receipt
S-33|After an erasure no personal datum is readable, and the journal verifies
S-34|If the journal cannot be written, no session starts and a running one ends
S-35|The content security policy is exact, and the browser refuses what it forbids
S-36|Hostile text in any field of an agent stays text
S-37|A foreign origin gets 403 on every upgrade and every change
S-38|No page can be framed
S-39|A file's name never leaves the folder and never overwrites
S-40|The clipboard passes text only, 64 KiB, by a button each time
S-41|A picture of more than 16 million pixels is refused before it is unfolded
S-42|No WebSocket is compressed
S-43|A frame above 288 KiB closes the socket with 1009
S-44|Silent connections and dripped headers or bodies are closed within 12 s
S-45|A mute peer is dropped within 20 s, and the other side is told
S-46|A log line stays one JSON object, whatever was sent
S-47|A webhook reaches no address that is not public, not by rebinding, not by redirection
S-48|A step of the second factor works once, also in parallel
S-49|An account locks after ten failures
S-50|The cookie's flags are exact; a revoked session ends within 1 s
S-51|The table of routes and roles is complete
S-52|There is no set-up over the web
S-53|`cordee verify-console` finds one changed byte
S-54|Every dependency is locked with its hash; aiohttp is 3.14.1 or newer
""".strip().splitlines()
)
