"""One thing at a time within a chat, everything at once across chats."""

import asyncio

import pytest

from bot.messenger.order import Flooded, Turns


def test_a_chat_keeps_its_order_and_others_do_not_wait() -> None:
    async def main() -> list[str]:
        turns, log, gate = Turns(), [], asyncio.Event()

        async def work(chat: int, name: str, *, waits: bool = False) -> None:
            async with turns.turn(chat):
                log.append(f"{name} begins")
                if waits:
                    await gate.wait()
                log.append(f"{name} ends")

        tasks = [asyncio.create_task(work(1, "a", waits=True))]
        tasks += [asyncio.create_task(work(1, "b")), asyncio.create_task(work(1, "c")), asyncio.create_task(work(2, "x"))]
        await asyncio.sleep(0.01)
        assert len(turns) == 1
        gate.set()
        await asyncio.gather(*tasks)
        assert len(turns) == 0
        return log

    log = asyncio.run(main())
    assert log == ["a begins", "x begins", "x ends", "a ends", "b begins", "b ends", "c begins", "c ends"]


def test_a_flood_is_cut_off_and_leaves_others_alone() -> None:
    async def main() -> None:
        turns = Turns(most=2)
        async with turns.turn(1):
            waiting = asyncio.create_task(asyncio.wait_for(_take(turns, 1), 0.05))
            await asyncio.sleep(0.01)
            with pytest.raises(Flooded):
                await _take(turns, 1)
            await _take(turns, 2)
            with pytest.raises(TimeoutError):
                await waiting
        await _take(turns, 1)
        assert len(turns) == 0

    asyncio.run(main())


async def _take(turns: Turns, chat: int) -> None:
    async with turns.turn(chat):
        pass
