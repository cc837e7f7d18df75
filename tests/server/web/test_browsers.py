import pytest

from cordee_server.web.browsers import browser_of

LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36"
)
MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.4 Safari/605.1.15"
)


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (LINUX, "Firefox, Linux"),
        (WINDOWS, "Chrome, Windows"),
        (f"{WINDOWS} Edg/138.0.0.0", "Edge, Windows"),
        (MAC, "Safari, macOS"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/138.0", "Chrome, Android"),
        ("curl/8.5.0", ""),
        ("<script>alert(1)</script> Linux", "Linux"),
        ("", ""),
    ],
)
def test_a_browser_is_one_of_few_words(user_agent: str, said: str) -> None:
    assert browser_of(user_agent) == said
