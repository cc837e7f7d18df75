from cordee_server.roles import Role
from tests.server.conftest import Browser, House


async def admin(house: House, browser: Browser) -> None:
    """Sign an admin in."""
    made = await house.technicians.add("ada", "Ada", Role.ADMIN)
    given = {"name": "ada", "password": made.password, "totp": house.digits(made)}
    assert (await browser.ask("POST", "/api/login", given))[0] == 200


async def test_an_admin_reads_what_is_in_force_and_how_the_relay_does(
    house: House, browser: Browser
) -> None:
    await admin(house, browser)
    luc = await house.technicians.add("luc")
    for _ in range(2):
        await house.engagements.create(
            luc.technician, customer="Mme Durand", purpose="x", tariff="remote"
        )
    status, _, said = await browser.ask("GET", "/api/office")
    assert status == 200
    assert isinstance(said, dict)
    (tariff,) = said["tariffs"]
    assert (tariff["id"], tariff["is_in_force"]) == ("remote", True)
    assert said["policy"]["id"] in said["policies"]
    assert said["terms"]["version"] == house.settings.terms.version
    (customer,) = said["customers"]
    assert (customer["customer"], customer["engagements"]) == ("Mme Durand", 2)
    assert said["health"]["journal"] is True
    assert said["health"]["free_bytes"] > 0


async def test_the_size_of_what_is_kept_is_told(house: House, browser: Browser) -> None:
    await admin(house, browser)
    house.settings.documents_folder.mkdir(parents=True, exist_ok=True)
    (house.settings.documents_folder / "a.pdf").write_bytes(b"12345")
    _, _, said = await browser.ask("GET", "/api/office")
    assert isinstance(said, dict)
    assert said["kept"]["documents"] == 5
    assert said["kept"]["database"] == 0  # in memory here


async def test_s51_nobody_but_an_admin_reads_it(house: House, browser: Browser) -> None:
    for role in (Role.TECHNICIAN, Role.SUPERVISOR, Role.AUDITOR):
        made = await house.technicians.add(role.value, role=role)
        given = {"name": role, "password": made.password, "totp": house.digits(made)}
        assert (await browser.ask("POST", "/api/login", given))[0] == 200
        assert (await browser.ask("GET", "/api/office"))[0] == 403
