import pytest

from cordee_server.roles import ALL, HELPING, Role, read_role
from cordee_shared.errors import BadInput


def test_there_are_four_roles_and_two_of_them_help() -> None:
    assert {role.value for role in ALL} == {
        "technician",
        "supervisor",
        "admin",
        "auditor",
    }
    assert {Role.TECHNICIAN, Role.SUPERVISOR} == HELPING


def test_a_role_is_read_by_its_name() -> None:
    assert read_role("admin") is Role.ADMIN


@pytest.mark.parametrize("text", ["", "Admin", "root", "admin "])
def test_what_is_no_role_is_said_with_those_that_are(text: str) -> None:
    with pytest.raises(BadInput, match="technician, supervisor, admin, auditor") as no:
        read_role(text)
    assert no.value.field == "role"
