"""The agent's command: what it says when it cannot help."""

import os
import subprocess
import sys

import pytest

#: The agent, saying what its window is told to show.
_STOPPED = """
import sys
from cordee_agent import cli
from cordee_agent.window.qt import window

show = window.QtWindow.show

def said(self, view):
    show(self, view)
    print("shown", view.trouble, file=sys.stderr, flush=True)

window.QtWindow.show = said
sys.argv = ["cordee-agent", "--relay", "relay.example"]
cli.main()
"""


def agent(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the agent's command without a desktop."""
    ours = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "CORDEE_RELAY")}
    return subprocess.run(
        [sys.executable, "-m", "cordee_agent", *words],
        capture_output=True,
        text=True,
        timeout=60,
        env=ours | env,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "relay: give its address"),
        (["--relay", "http://relay.example"], "is not protected"),
        (["--relay", "relay.example", "--lang", "de"], "none of fr, en"),
        (["--relay", "relay.example", "--relay-key", "x"], "relay-key: expected"),
        (["--relay", "relay.example", "--dead-zone", "99"], "dead-zone: expected"),
        (["--relay", "relay.example"], "there is no desktop here"),
    ],
)
def test_what_cannot_work_is_one_sentence_and_exit_code_2(
    words: list[str], said: str
) -> None:
    done = agent(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("cordee-agent: ")
    assert said in line


@pytest.mark.slow
def test_a_desktop_that_does_not_answer_is_shown_until_it_is_closed() -> None:
    env = os.environ | {"DISPLAY": ":987", "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-c", _STOPPED], stderr=subprocess.PIPE, text=True, env=env
    ) as program:
        assert program.stderr is not None
        assert program.stderr.readline() == "shown no_desktop\n"
        program.terminate()  # as the system does when somebody logs out
        said = program.stderr.read()
    assert program.returncode == 1
    assert ":987" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_s09_the_code_is_no_argument() -> None:
    done = agent("--help")
    assert done.returncode == 0
    assert "code" not in done.stdout.lower().replace("exit code", "")
