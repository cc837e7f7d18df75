from cordee_server.ports import engagement_named
from cordee_shared.session.states import Event, Remark
from tests.builders import AGREED, engagement
from tests.shared.journals import Journal


def test_only_what_gives_or_claims_a_code_names_the_engagement() -> None:
    written = Journal()
    written.fact(Remark.CODE_ISSUED, {"engagement": AGREED})
    written.fact(Event.CODE_CLAIMED, {"engagement": AGREED})
    written.fact(Event.ENDED, {"engagement": AGREED})
    assert [engagement_named(entry) for entry in written.entries] == [
        AGREED,
        AGREED,
        None,
    ]


def test_a_code_may_live_before_it_is_known_what_for() -> None:
    for data in ({}, {"engagement": ""}, {"engagement": None}, {"engagement": 1}):
        entry = Journal().fact(Remark.CODE_ISSUED, data).entries[0]
        assert engagement_named(entry) is None


def test_an_engagement_is_called_as_its_offer_says() -> None:
    assert engagement().id == AGREED
