"""Whose press it was, by the time stamps that toolkit and guard both know."""

from cordee_agent.window.model import Presses


def test_a_press_is_whose_the_guard_says() -> None:
    presses = Presses()
    presses.add(5, customer=True)
    presses.add(9, customer=False)
    assert presses.is_the_customer(5) is True
    assert presses.is_the_customer(9) is False


def test_nobody_knows_whose_an_unreported_press_was() -> None:
    presses = Presses()
    presses.add(5, customer=True)
    assert presses.is_the_customer(6) is None


def test_two_presses_under_one_stamp_one_of_them_ours_count_as_ours() -> None:
    for order in ((True, False), (False, True)):
        presses = Presses()
        for customer in order:
            presses.add(5, customer=customer)
        assert presses.is_the_customer(5) is False


def test_only_the_last_presses_are_kept() -> None:
    presses = Presses(keep=3)
    for time_ms in range(5):
        presses.add(time_ms, customer=True)
    assert [presses.is_the_customer(at) for at in range(5)] == [
        *(None, None),
        *(True, True, True),
    ]
