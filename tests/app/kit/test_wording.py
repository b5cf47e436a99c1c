"""Keys are shown in words, spelled one way."""

from app.kit.wording import plain


def test_a_key_is_said_as_people_say_it() -> None:
    assert plain("self_sustaining") == "self-sustaining"
    assert plain("P13 re_engagement") == "P13 re-engagement"
    assert plain("co_creating") == "co-creating"
    assert plain("effort: volunteer_hours") == "effort: volunteer hours"
    assert plain("core_team") == "core team"
