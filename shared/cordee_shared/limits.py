"""Every number of the protocol, once, with its reason.

Operators may shorten or lengthen the deadlines in the relay's settings; the
values here are the defaults. Sizes are never settings: both ends count on them.
"""

from __future__ import annotations

from typing import Final

# --- the code (security.md 1.4) -----------------------------------------------------

#: Routing half, given by the relay; 1 000 live codes at most, 400 in practice.
NAMEPLATE_DIGITS: Final = 3
#: Secret half, drawn by the code's owner: one run is one guess in 100 000.
SECRET_DIGITS: Final = 5
#: A customer's agent shows a code this long (security.md 1.4 a).
AGENT_CODE_LIFETIME_S: Final = 600
#: A console's invitation lives longer: the customer first has to start the agent.
INVITATION_LIFETIME_S: Final = 900
#: Runs a code survives when the agent shows it: an account is needed to try.
AGENT_CODE_RUNS: Final = 1
#: Runs when the console invites: an outsider can burn one there (security.md 1.4).
INVITATION_RUNS: Final = 3
#: Fast reuse of a nameplate doubles what somebody in the middle may try.
NAMEPLATE_REST_S: Final = 1800
#: Above this share of nameplates in use, new codes are refused until some end.
NAMEPLATE_FULL_PERCENT: Final = 40

# --- deadlines of a session ---------------------------------------------------------

#: The four messages of pairing take milliseconds; this bounds a stalled one.
PAIRING_S: Final = 15
#: To read the consent screen calmly, twice. No answer means no.
CONSENT_S: Final = 120
#: The relay waits a little longer than the agent, whose own "no" says more.
CONSENT_GRACE_S: Final = 10
#: A lost link may come back this long (security.md 1.6).
RESUME_S: Final = 120
#: Nobody did anything: neither input nor act, by either side.
IDLE_S: Final = 3600
#: The longest session; a working day.
SESSION_S: Final = 8 * 3600
#: The agent signs "still here" this often; a crash costs at most one of them.
TICK_S: Final = 15
#: Both ends ping the relay; a mute link is lost after 1.5 times this.
HEARTBEAT_S: Final = 10
#: The guard releases held keys when the session says nothing for so long.
GUARD_SILENCE_S: Final = 2.0
#: A connection must say who it is within this time.
HELLO_S: Final = 5

# --- sizes --------------------------------------------------------------------------

#: One clear control message, JSON text. Acts are about 600 bytes.
CONTROL_MAX: Final = 8 * 1024
#: The provider's general terms, UTF-8: those of 2021 are 23 kB.
TERMS_MAX: Final = 128 * 1024
#: Characters of one piece of them: a control message also if each were escaped.
TERMS_PIECE: Final = 6 * 1024
#: What proves a session's entries, JSON text: eight hours beside thirty other sessions.
PROOF_MAX: Final = 256 * 1024
#: One CPace message (security.md 1.5).
PAIRING_MAX: Final = 4 * 1024
#: Plaintext of one sealed record (security.md 1.6).
RECORD_PLAINTEXT_MAX: Final = 256 * 1024
#: One binary frame: header, record, tag; above it the socket closes with 1009 (S-43).
FRAME_MAX: Final = 288 * 1024
#: Bytes queued in the relay per direction before the source stops being read.
QUEUE_BYTES: Final = 64 * 1024
#: A peer that drains no byte for so long is gone (relay.md 3).
STUCK_WRITER_S: Final = 15
#: Largest screen the console will draw (S-41: a picture above 16 Mpx is refused).
SCREEN_PIXELS_MAX: Final = 16 * 1024 * 1024
#: Pixels that one picture message may unfold to: four chunks, as raw RGB 768 KiB.
#: It bounds what a hostile agent makes the console allocate for 256 KiB received.
PICTURE_PIXELS_MAX: Final = 1 << 18
#: The zstd window is memory on both ends (codec.md 5): 64 MiB at most in the console.
PICTURE_WINDOW_LOG_MAX: Final = 26
#: Pictures sent and not yet painted (relay.md 3): 1.1 s at 2 Mbit/s, never more.
PICTURE_FLIGHT_MAX: Final = 256 * 1024
#: Monitors of one desktop; X11, Windows and macOS cards stop well below.
MONITORS_MAX: Final = 16
#: A pointer's side; desktops enlarge it to 128 for people who see badly.
CURSOR_SIDE_MAX: Final = 256
#: Characters in any free text a person enters.
TEXT_MAX: Final = 200
#: Characters of a file's name as a peer announces it; no system has longer ones.
FILE_NAME_ANNOUNCED_MAX: Final = 1024
#: Bytes of a received file's name; every system takes 255, and a temporary name
#: is longer than the name (S-39).
FILE_NAME_BYTES_MAX: Final = 200
#: Bytes of a text from or for the clipboard, in UTF-8 (S-40).
CLIPBOARD_MAX: Final = 64 * 1024

# --- files (wire/files.py) ----------------------------------------------------------

#: One piece of a file: 2 KiB take 16 ms of a 1 Mbit/s line, so nothing waits long
#: behind one; 32 KiB keep the work for each byte low on a fast one.
FILE_PIECE_MIN: Final = 2 * 1024
FILE_PIECE_MAX: Final = 32 * 1024
#: Bytes of files sent and not yet written at the other end, as with pictures.
FILE_FLIGHT_MAX: Final = 256 * 1024
#: A file's size; far above any, and exact in every number that counts it.
FILE_SIZE_MAX: Final = 1 << 40
#: Files of one side that wait for an answer or are under way.
FILES_OPEN_MAX: Final = 16

#: Characters of one message of the chat: a page of text.
SAID_MAX: Final = 4000
#: Messages of the chat that either side keeps in memory; older ones are let go.
SAID_KEPT: Final = 500
#: Plaintext of one record of the chat channel: the longest words, each escaped.
TALK_MAX: Final = 32 * 1024
#: Points of one part of a mark: a tenth of a second of a hand, several times over.
MARK_POINTS_MAX: Final = 64
#: Points of all marks that are drawn at once; the oldest go.
MARKS_MAX: Final = 4096
#: A mark fades so long after its last point: long enough to be found, twice.
MARK_S: Final = 6.0
#: Lines about a machine.
MACHINE_LINES_MAX: Final = 24

# --- input (agent_platform.md 2) ----------------------------------------------------

#: Events in one input record. A hand makes 125 a second at most, and the console
#: sends moves already merged: more than this is no hand.
INPUT_BATCH_MAX: Final = 128
#: Plaintext of one input record; the longest batch of moves is half of it.
INPUT_MAX: Final = 16 * 1024
#: Characters in one piece of typed text; a longer one comes in several.
TYPED_MAX: Final = 200

# --- sealed channel (security.md 1.6) -----------------------------------------------

#: Records under one key; keeps GCM's margin near 2^-60.
REKEY_RECORDS: Final = 1 << 20
#: And no key lives longer than this.
REKEY_S: Final = 600

# --- throttling of claims (security.md 1.4) -----------------------------------------

CLAIMS_PER_MINUTE: Final = 5
CLAIMS_PER_HOUR: Final = 20
#: Failed claims by one technician's account in ten minutes before it is locked.
ACCOUNT_FAILED_CLAIMS: Final = 10
ACCOUNT_WINDOW_S: Final = 600
#: Sockets, and waiting codes, that one address may hold.
SOCKETS_PER_ADDRESS: Final = 20
CODES_PER_ADDRESS: Final = 5

# --- the customer's hand (agent_platform.md 1.3) ------------------------------------

#: Path in pixels, inside the window below, that counts as the customer's movement.
#: A jittering desk stays under it; 0 is the strict setting: any movement counts.
DEAD_ZONE_PX: Final = 4
DEAD_ZONE_WINDOW_S: Final = 2.0
#: Buttons of a question ignore clicks this long after it appears: no accidental yes.
QUESTION_DEAF_S: Final = 0.8

# --- billing (billing_legal.md 3) ---------------------------------------------------

#: "Toute demi-heure entamee est due" (terms, article 3).
HALF_HOUR_S: Final = 1800
