"""Who tries passwords has to wait, and only he."""

from __future__ import annotations

import pytest

from cvat_lab.errors import TooManyAttemptsError
from cvat_lab_server.auth.throttle import PER_ADDRESS, PER_NAME, WINDOW_SECONDS, LoginThrottle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_it_lets_go_when_the_first_failure_is_old() -> None:
    clock = Clock()
    throttle = LoginThrottle(clock)
    for _ in range(PER_NAME):
        throttle.require_patience("ada", "1.2.3.4")
        throttle.note_failure("ada", "1.2.3.4")
        clock.now += 1
    with pytest.raises(TooManyAttemptsError) as refused:
        throttle.require_patience("ADA", "1.2.3.4")
    assert refused.value.retry_after == WINDOW_SECONDS - PER_NAME
    clock.now += refused.value.retry_after
    throttle.require_patience("ada", "1.2.3.4")


def test_other_names_and_addresses_go_on() -> None:
    throttle = LoginThrottle(Clock())
    for _ in range(PER_NAME):
        throttle.note_failure("ada", "1.2.3.4")
    throttle.require_patience("bob", "1.2.3.4")
    throttle.require_patience("ada", "5.6.7.8")


def test_many_names_from_one_address() -> None:
    throttle = LoginThrottle(Clock())
    for number in range(PER_ADDRESS):
        throttle.note_failure(f"user{number}", "1.2.3.4")
    with pytest.raises(TooManyAttemptsError):
        throttle.require_patience("another", "1.2.3.4")
    throttle.require_patience("another", "5.6.7.8")


def test_the_right_password_forgives() -> None:
    throttle = LoginThrottle(Clock())
    for _ in range(PER_NAME):
        throttle.note_failure("ada", "1.2.3.4")
    throttle.note_success("ada", "1.2.3.4")
    throttle.require_patience("ada", "1.2.3.4")
