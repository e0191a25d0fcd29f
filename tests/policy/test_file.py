"""Policy files."""

import pytest

from leeward.policy.compile import PolicyError, check
from leeward.policy.file import parse, starter


def test_the_starter_policy_is_sound() -> None:
    assert check(starter()).strictest_profile == "strict"


def test_an_unknown_key_is_an_error_that_says_where() -> None:
    with pytest.raises(PolicyError, match=r"rules\[0\]"):
        parse('[[rules]]\nid = "a"\nhost = ["x.test"]\n')
