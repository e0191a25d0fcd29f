"""The taxonomy covers what the guidance names, and UT1."""

from leeward.policy.taxonomy import categories, from_ut1, private, sealed


def test_the_guidance_is_covered() -> None:
    wanted = {
        "child-abuse", "terrorism", "intimate-image-abuse", "coercive-control", "fraud", "hate", "suicide", "drugs",
        "extremism", "gambling", "malware", "pornography", "piracy", "self-harm", "violence", "misinformation",
        "harmful", "vawg", "bypass", "webmail", "social", "chat", "games", "ai", "health", "banking", "counselling",
    }  # fmt: skip
    assert wanted <= categories().keys()


def test_illegal_content_is_sealed_and_help_is_private() -> None:
    assert sealed() == {"child-abuse", "terrorism", "probe"}
    assert {"counselling", "health", "banking"} <= private()


def test_every_ut1_category_has_one_place() -> None:
    assert from_ut1()["adult"] == "pornography"
    assert from_ut1()["agressif"] == "hate"
    names = [name for item in categories().values() for name in item.ut1]
    assert len(names) == len(set(names))
