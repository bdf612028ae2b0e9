"""People are named by digests that say nothing without the key."""

import stat
from pathlib import Path

import pytest

from bot.persons import FILE, Persons, installation_key
from bot.state import StateError


def test_names_are_the_same_with_the_same_key_only() -> None:
    one, other = Persons(b"one"), Persons(b"other")
    assert one.talk(-1, 5) == Persons(b"one").talk(-1, 5) != other.talk(-1, 5)
    assert len({one.talk(5, 5), one.talk(-1, 5), one.talk(-1, 6), one.talk(6, 6)}) == 4
    assert all(one.talk(chat, 5).startswith(one.person(5)) for chat in (5, -1))
    assert not one.talk(5, 6).startswith(one.person(5))


def test_the_key_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    key = installation_key(tmp_path)
    assert len(key) == 32
    assert installation_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_damaged_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StateError, match=FILE):
        installation_key(tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="ZHUIWEN_DATA"):
        installation_key(tmp_path / "missing")
