"""The window's sentences, in English."""

TEXT = {
    "app": "Remote assistance",
    "close": "Close",
    "quit": "Quit",
    "back": "Back",
    # --- first window
    "home.title": "Type your technician’s code",
    "home.code": "Nine-digit code",
    "home.go": "Continue",
    "home.other": "My technician asks me for a code",
    "home.next": "What will happen",
    "home.step1": "You type the code that you hear on the phone.",
    "home.step2": "You see who helps you and what they ask for. Nothing starts "
    "without your agreement.",
    "home.step3": "At any time, move your mouse: you have control again.",
    "home.scam": "Go on only if you called your technician yourself. Your bank, the "
    "police or a provider never call to take control.",
    "home.about": "Good to know",
    "home.ready": "Ready",
    "home.waiting": "Connecting…",
    # --- a code to read out
    "code.title": "Read this code out to your technician",
    "code.left": "{time} left",
    "code.copy": "Copy the code",
    "code.copied": "Copied",
    "code.named": "Code, digit by digit: {digits}",
    "code.only": "Give this code only to somebody whom you called yourself.",
    # --- pairing
    "pairing.title": "Connecting you…",
    "pairing.text": "This takes a few seconds. Nothing can be seen yet.",
    # --- question
    "ask.yes": "Allow",
    "ask.accept": "Accept this price",
    "ask.no": "Refuse",
    "ask.more.one": "Answer the last question",
    "ask.more.many": "Answer the questions: {count} left",
    "ask.left": "Without an answer in {time} it will be no.",
    "ask.unknown": "You do not know {technician}? Choose “Refuse”.",
    "ask.unverified": "Careful: this person’s identity could not be verified. Refuse "
    "if you are in any doubt.",
    "ask.report": "Report a scam",
    "ask.terms": "Read the terms",
    # --- good to know, and the general terms
    "terms.title": "Good to know",
    "terms.needs": "You need a Linux computer (X11 desktop) and Internet of at least "
    "1 Mbit/s. Nothing else to install.",
    "terms.antivirus": "Keep an antivirus up to date: it finds and destroys infected "
    "files.",
    "terms.data": "Your data stay in your care: copy what matters to a disk or a USB "
    "stick before you begin.",
    "terms.internet": "The Internet can be slow or cut off. Send no document over it "
    "that has to stay strictly confidential; no file ever leaves without your "
    "agreement.",
    "terms.warranty": "Work on a computer, by us or by you, may end its "
    "manufacturer’s warranty.",
    "terms.text": "General terms",
    "terms.save": "Keep a copy",
    "terms.saved": "Copy kept: {file}",
    "terms.unsaved": "The copy could not be kept. Ask your technician for one.",
    "terms.close": "Go back",
    # --- bar
    "bar.controlling": "{technician} is using your computer",
    "bar.controlling.more": "Move the mouse to take control back",
    "bar.viewing": "{technician} sees your screen",
    "bar.viewing.more": "You have control",
    "bar.reclaimed": "You have control",
    "bar.reclaimed.more": "{technician} still sees the screen, nothing more",
    "bar.paused": "Screen hidden",
    "bar.paused.more": "{technician} sees nothing",
    "bar.interrupted": "Link lost",
    "bar.interrupted.more": "Trying to restore it. Nobody sees your screen",
    "bar.unlinked": "The link is lost, trying to restore it",
    "bar.take": "Take control back",
    "bar.give": "Give control",
    "bar.hide": "Hide the screen",
    "bar.show": "Show the screen",
    "bar.end": "End",
    # --- bar, on a small screen
    "bar.controlling.short": "{technician} has control",
    "bar.viewing.short": "{technician} sees the screen",
    "bar.hide.short": "Hide",
    "bar.show.short": "Show",
    # --- writing
    "bar.talk": "Write",
    "bar.talk.unread": "Write ({count})",
    "talk.title": "Write to {technician}",
    "talk.empty": "Write here what you would like to say. Nothing is kept: all of it "
    "is gone at the end of the session.",
    "talk.you": "You",
    "talk.field": "Your message",
    "talk.send": "Send",
    "talk.give": "Send the copied text",
    "talk.messages": "Messages",
    "talk.fate.said": "sent, not yet there",
    "talk.fate.arrived": "arrived",
    "talk.fate.seen": "read",
    "talk.unsent": "The connection is lost: this goes as soon as it is back.",
    # --- asked during a session
    "please.give.title": "{technician} asks for the text that you copied",
    "please.give.text": "This is what would be sent. No password and no bank code "
    "should ever go this way.",
    "please.give.nothing": "You have copied no text, or it is too long.",
    "please.give.yes": "Send this text",
    "please.own.title": "Send this text to {technician}?",
    "please.own.text": "This is the text that you copied.",
    "please.take.title": "{technician} has a text for you to paste",
    "please.take.text": "If you accept it, it replaces what you had copied.",
    "please.take.yes": "Accept this text",
    "please.machine.title": "{technician} asks what computer this is",
    "please.machine.text": "This is what would be sent, and nothing else.",
    "please.machine.yes": "Send these lines",
    "please.no": "Refuse",
    # --- what is announced
    "notice.screenshot": "{technician} keeps a picture of your screen",
    # --- this computer
    "machine.line": "{name}: {value}",
    "machine.system": "System",
    "machine.desktop": "Desktop",
    "machine.processor": "Processor",
    "machine.cores": "{name}, {count} cores",
    "machine.memory": "Memory",
    "machine.disk": "Disk",
    "machine.free": "{free} GB free of {total} GB",
    "machine.uptime": "Running for",
    "machine.days": "{days} d {rest}",
    "machine.battery": "Battery",
    "machine.battery.charging": ", charging",
    "machine.battery.discharging": ", not plugged in",
    "machine.battery.full": ", full",
    "machine.antivirus": "Antivirus",
    "machine.antivirus.none": "the system reports none",
    "machine.updates": "Updates",
    "machine.updates.today": "looked for today",
    "machine.updates.yesterday": "looked for yesterday",
    "machine.updates.before": "looked for {days} days ago",
    "machine.updates.restart": "a restart is asked for",
    "machine.network": "Network",
    "machine.network.wifi": "Wi-Fi",
    "machine.network.cable": "cable",
    # --- end
    "over.title": "The session has ended",
    "over.gone": "The technician is disconnected and can no longer take control.",
    "over.length": "Duration",
    "over.reclaims": "Control taken back",
    "over.cost": "To pay",
    "over.free": "Nothing to pay",
    "over.amount": "{amount} incl. tax",
    "over.counted": "for {time} of counted time",
    "over.pending": "The amount is coming…",
    "over.unknown": "Your technician will tell you",
    "over.keep": "Keep the receipt",
    "over.keep.where": "Where to keep the receipt?",
    "over.keep.done": "The receipt is kept: {where}. It can be checked without us.",
    "over.keep.failed": "The receipt could not be written there. Choose another place.",
    "over.unproved": "The server did not prove that this session stands in its "
    "journal: there is no receipt. Note down date and time.",
    "over.unconfirmed": "The server could not confirm the end, but all access to your "
    "computer is cut.",
    # --- who ended it, and why
    "end.": "The session was closed.",
    "end.reported": "You reported this session: everything has stopped, and it stands "
    "in the journal. Call your helper at the number that you know; if you gave a "
    "password or money, call your bank.",
    "end.customer_ended": "You ended the session.",
    "end.technician_ended": "{technician} ended the session.",
    "end.consent_denied": "You refused. Nobody has seen your screen.",
    "end.consent_expired": "Without your answer it was no. Nobody has seen your "
    "screen.",
    "end.code_expired": "The code is no longer valid.",
    "end.code_refused": "The code was not right.",
    "end.code_cancelled": "The invitation was withdrawn.",
    "end.key_mismatch": "The code was not right.",
    "end.link_expired": "The link was lost for too long.",
    "end.idle": "Nobody did anything any more: the session closed by itself.",
    "end.time_limit": "The longest time for a session is over.",
    "end.relay_stopped": "The assistance server has stopped.",
    "end.journal_unavailable": "The server could record nothing any more: without a "
    "record, no assistance.",
    "end.screen_lost": "The screen can no longer be shown: the session has ended.",
    "end.violation": "The session was cut for safety. Tell your technician on the "
    "phone.",
    # --- what is wrong
    "trouble.": "That did not work. Try again, or tell your technician.",
    "trouble.code_mistyped": "One digit is not right. Ask for the code again, digit "
    "by digit.",
    "trouble.code_invalid": "This code is not valid. Check it with your technician, "
    "or ask for a new one.",
    "trouble.code_wrong": "This code is not right. Check it with your technician, "
    "then type it again.",
    "trouble.code_expired": "This code is no longer valid. Ask for a new one.",
    "trouble.code_refused": "The code was mistyped at the other end: it is used up. "
    "Show a new one.",
    "trouble.too_many_guesses": "Too many tries. Wait a few minutes.",
    "trouble.link_unreachable": "No connection. Check the Internet; we keep trying.",
    "trouble.link_not_trusted": "The connection is not safe: an antivirus or a public "
    "network may intercept it. Tell your technician.",
    "trouble.link_clock": "This computer’s date or time seems wrong. Tell your "
    "technician, who will help you set it.",
    "trouble.link_proxy": "This network goes through a proxy, which refuses. Say "
    "“proxy” to your technician.",
    "trouble.link_captive": "This network asks you to sign in first. Open any page in "
    "your browser and sign in; it is tried again by itself.",
    "trouble.link_refused": "The server does not answer as expected. Tell your "
    "technician.",
    "trouble.link_lost": "The connection was cut; we keep trying.",
    "trouble.link_violation": "This program is too old, or the server is not the "
    "right one. Download it again.",
    "trouble.link_busy": "The server is very busy. Try again in a moment.",
    "trouble.relay_changed": "Careful: the server is not the one that this computer "
    "knows. Do not go on, and call your technician.",
    "trouble.no_relay": "This program does not know whom to call. Download it again "
    "from your technician’s page.",
    "trouble.no_desktop": "The mouse cannot be watched on this computer: without "
    "that, no assistance.",
    "trouble.not_allowed": "That is not allowed.",
    "trouble.unavailable": "The server can record nothing right now. Try again in a "
    "moment.",
    "trouble.busy": "The server is very busy. Try again in a moment.",
    "trouble.refused": "The server said no. Tell your technician.",
    "trouble.session_over": "This session is over. Ask for a new code.",
    "trouble.bad_input": "Check what was typed.",
}
