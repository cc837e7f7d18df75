import pytest

from cordee_server.web.systems import System, system_for, system_of

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0": System.WINDOWS,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1": System.MACOS,
    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0": System.LINUX,
    "Mozilla/5.0 (Linux; Android 15) Chrome/138.0 Mobile": System.MOBILE,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)": System.MOBILE,
    "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X)": System.MOBILE,
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/138.0": System.UNKNOWN,
    "curl/8": System.UNKNOWN,
    "": System.UNKNOWN,
}
FILES = {
    "cordee-agent.exe": System.WINDOWS,
    "Cordee.MSI": System.WINDOWS,
    "Cordee.dmg": System.MACOS,
    "Cordee-x86_64.AppImage": System.LINUX,
    "cordee-agent": System.LINUX,
    "readme.txt": None,
    "cordee-agent.exe.sig": None,
}


@pytest.mark.parametrize(("user_agent", "system"), AGENTS.items())
def test_a_browser_says_its_system(user_agent: str, system: System) -> None:
    assert system_of(user_agent) is system


@pytest.mark.parametrize(("name", "system"), FILES.items())
def test_a_file_is_for_a_system_by_its_ending(name: str, system: System) -> None:
    assert system_for(name) is system
