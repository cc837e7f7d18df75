"""The documentation's table of states is the table."""

from pathlib import Path

from cordee_shared.session.states import AUTHORS, TRANSITIONS, Event

PAGE = Path(__file__).parents[2] / "docs" / "protocol" / "session.md"
BEGIN, END = "<!-- the table: begin -->", "<!-- the table: end -->"


def table() -> str:
    """Write the session table as Markdown."""
    lines = ["| in | event | said by | leads to |", "|---|---|---|---|"]
    for state, events in TRANSITIONS.items():
        for event, after in events.items():
            by = ", ".join(sorted(AUTHORS[Event(event)]))
            lines.append(f"| {state} | {event} | {by} | {after} |")
    return "\n".join(lines)


def test_the_page_shows_the_table_as_it_is() -> None:
    page = PAGE.read_text("utf-8")
    shown = page[page.index(BEGIN) + len(BEGIN) : page.index(END)].strip()
    assert shown == table(), f"put this between the marks:\n{table()}"
