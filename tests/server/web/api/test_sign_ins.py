from tests.server.conftest import Browser, House, sign_in


async def test_one_sees_where_one_is_signed_in_and_which_is_this_browser(
    house: House, browser: Browser
) -> None:
    luc = await sign_in(house, browser)
    await house.technicians.sign_in(
        "luc", luc.password, house.digits(luc, 1), "Edge, Windows"
    )
    _, _, said = await browser.ask("GET", "/api/me/sign-ins")
    assert isinstance(said, dict)
    found = {one["browser"]: one["is_this"] for one in said["sign_ins"]}
    assert found == {"": True, "Edge, Windows": False}


async def test_one_ends_another_browser_and_then_this_one(
    house: House, browser: Browser
) -> None:
    luc = await sign_in(house, browser)
    await house.technicians.sign_in("luc", luc.password, house.digits(luc, 1))
    _, _, said = await browser.ask("GET", "/api/me/sign-ins")
    assert isinstance(said, dict)
    for one in sorted(said["sign_ins"], key=lambda one: bool(one["is_this"])):
        status, _, _ = await browser.ask(
            "POST", "/api/me/sign-ins/revoke", {"id": one["id"]}
        )
        assert status == 200
    assert (await browser.ask("GET", "/api/me/sign-ins"))[0] == 401


async def test_a_sign_in_that_is_not_there_cannot_be_ended(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    status, _, said = await browser.ask(
        "POST", "/api/me/sign-ins/revoke", {"id": "0" * 16}
    )
    assert (status, said) == (403, {"code": "not_allowed"})


async def test_new_recovery_codes_are_said_once_and_kept_by_no_browser(
    house: House, browser: Browser
) -> None:
    luc = await sign_in(house, browser)
    status, headers, said = await browser.ask("POST", "/api/me/recovery", {})
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert isinstance(said, dict)
    assert len(set(said["recovery"]) | set(luc.recovery)) == 16
