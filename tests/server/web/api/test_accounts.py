import msgspec
import pytest

from cordee_server.roles import Role
from cordee_server.services.technicians import NewSecrets
from tests.server.conftest import Browser, House


async def admin(house: House, browser: Browser) -> NewSecrets:
    """Sign an admin in."""
    made = await house.technicians.add("ada", "Ada", Role.ADMIN)
    status, _, _ = await browser.ask(
        "POST",
        "/api/login",
        {"name": "ada", "password": made.password, "totp": house.digits(made)},
    )
    assert status == 200
    return made


async def test_an_admin_makes_an_account_and_its_secrets_are_said_once(
    house: House, browser: Browser
) -> None:
    await admin(house, browser)
    status, headers, said = await browser.ask(
        "POST",
        "/api/accounts",
        {"name": " Luc ", "display_name": "Luc Martin", "role": "supervisor"},
    )
    assert status == 201
    assert headers["Cache-Control"] == "no-store"
    assert isinstance(said, dict)
    assert (said["name"], said["role"]) == ("luc", "supervisor")
    assert len(said["recovery"]) == 8
    _, _, listed = await browser.ask("GET", "/api/accounts")
    text = msgspec.json.encode(listed).decode()
    for secret in (said["password"], said["seed"], *said["recovery"]):
        assert secret not in text
    assert '"name":"luc"' in text
    assert '"role":"supervisor"' in text


@pytest.mark.parametrize(
    ("account", "status", "field"),
    [
        ({"name": "Not a name!", "display_name": "x", "role": "admin"}, 422, "name"),
        ({"name": "luc", "display_name": "x", "role": "root"}, 422, "role"),
        ({"name": "luc", "role": "admin"}, 422, None),
        ({"name": "ada", "display_name": "x", "role": "admin"}, 403, None),
    ],
)
async def test_an_account_that_cannot_be_is_refused_and_the_field_is_named(
    house: House,
    browser: Browser,
    account: dict[str, str],
    status: int,
    field: str | None,
) -> None:
    await admin(house, browser)
    got, _, said = await browser.ask("POST", "/api/accounts", account)
    assert got == status
    assert isinstance(said, dict)
    assert said.get("field") == field
    assert len(await house.technicians.all()) == 1


async def test_role_lock_and_reset_reach_the_account(
    house: House, browser: Browser
) -> None:
    await admin(house, browser)
    luc = await house.technicians.add("luc", "Luc Martin")
    for path, body in (
        ("role", {"role": "auditor"}),
        ("lock", {"locked": True}),
    ):
        status, _, _ = await browser.ask("POST", f"/api/accounts/luc/{path}", body)
        assert status == 200
    (_, shown) = await house.people.all()
    assert (shown.technician.role, shown.technician.locked) == (Role.AUDITOR, True)
    status, _, said = await browser.ask("POST", "/api/accounts/luc/reset", {})
    assert status == 200
    assert isinstance(said, dict)
    assert said["password"] != luc.password
    _, _, deeds = await browser.ask("GET", "/api/accounts/deeds")
    assert isinstance(deeds, dict)
    assert [(one["by"], one["done"]) for one in deeds["deeds"]] == [
        ("ada", "reset"),
        ("ada", "locked"),
        ("ada", "role"),
        ("operator", "added"),
        ("operator", "added"),
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [("role", {"role": "technician"}), ("lock", {"locked": True}), ("reset", {})],
)
async def test_an_admin_does_nothing_to_their_own_account(
    house: House, browser: Browser, path: str, body: dict[str, object]
) -> None:
    await admin(house, browser)
    status, _, said = await browser.ask("POST", f"/api/accounts/ada/{path}", body)
    assert (status, said) == (403, {"code": "not_allowed"})
    assert (await browser.ask("GET", "/api/accounts"))[0] == 200


async def test_an_admin_sees_and_ends_the_sign_ins_of_an_account(
    house: House, browser: Browser
) -> None:
    await admin(house, browser)
    luc = await house.technicians.add("luc", "Luc Martin")
    await house.technicians.sign_in("luc", luc.password, house.digits(luc))
    _, _, said = await browser.ask("GET", "/api/accounts/luc/sign-ins")
    assert isinstance(said, dict)
    (one,) = said["sign_ins"]
    assert one["is_this"] is False
    status, _, _ = await browser.ask(
        "POST", "/api/accounts/luc/sign-ins/revoke", {"id": one["id"]}
    )
    assert status == 200
    _, _, said = await browser.ask("GET", "/api/accounts/luc/sign-ins")
    assert said == {"sign_ins": []}
