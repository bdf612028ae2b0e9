"""What several tests share: the built-in knowledge with its index, and a small knowledge of another subject."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index import store
from index.build import build
from index.searcher import Searcher
from knowledge.folder import built_in, snapshot
from knowledge.model import Knowledge
from knowledge.reader import read_knowledge, serveable

BICYCLES: Mapping[str, str] = {
    "topics.toml": """\
[brakes]
zh = "刹车"
en = "Brakes"
start = "disc-brake"

[drivetrain]
zh = "传动"
en = "Drivetrain"

[wheels]
zh = "轮组"
en = "Wheels"
start = "tubeless-puncture"
""",
    "lexicon.toml": """\
[disc-brake]
zh = ["碟刹", "盘式刹车"]
en = ["disc brake"]
misspelt = ["disk brake"]
siblings = ["rim-brake"]

[rim-brake]
zh = ["圈刹", "夹器刹车"]
en = ["rim brake", "caliper brake"]
siblings = ["disc-brake"]

[chain]
zh = ["链条"]
en = ["bicycle chain", "chain"]

[tubeless]
zh = ["真空胎", "无内胎轮胎"]
en = ["tubeless tyre", "tubeless tire", "tubeless"]
abbr = ["UST"]
siblings = ["inner-tube"]

[inner-tube]
zh = ["内胎"]
en = ["inner tube"]
siblings = ["tubeless"]
""",
    "brakes/disc-brake.md": """\
---
question: 碟刹是怎么工作的？
also:
  - 碟刹
  - 捏下刹把以后卡钳里发生了什么
  - 油碟的活塞为什么能推得动来令片
  - 下雨天用哪种刹车更灵
terms: [disc-brake]
follow_ups: [rim-brake]
points:
  - 刹把推动油液或拉线
  - 卡钳里的活塞把来令片压向碟片
  - 摩擦把动能变成热
sources:
  - Wilson & Schmidt 2020, Bicycling Science, chapter 8
---
碟刹用卡钳里的来令片夹住花鼓上的碟片，靠摩擦把动能变成热。

## 展开

油碟用不可压缩的油液传力，机械碟用拉线。碟片小而远离轮圈，沾水后也很快恢复。

## 公式

$$p=\\frac{F}{A}$$

$p$ 是油压，$F$ 是活塞上的力，$A$ 是活塞的面积。

## 代码

```python
force = 10.0 / 0.5 * 2.0  # 力 = 压强 × 面积
assert force == 40.0, "放大了四倍"
```

## 易错点

- 新来令片不磨合就上路：制动力只有一小半。
""",
    "brakes/disc-brake.en.md": """\
---
question: How does a disc brake work?
also:
  - disc brake
  - what happens inside the caliper
  - which brakes stop better in the rain
points:
  - the lever pushes fluid or pulls a cable
  - the caliper's pistons press the pads onto the rotor
  - friction turns kinetic energy into heat
---
A disc brake clamps a rotor on the hub between two pads; friction turns the motion into heat.

## Details

Hydraulic brakes use a fluid, mechanical ones a cable. The rotor is small and far from the rim, so water hardly matters.

## Formula

$$p=\\frac{F}{A}$$

$p$ is the pressure, $F$ the force on the piston and $A$ its area.

## Code

```python
force = 10.0 / 0.5 * 2.0  # force = pressure × area
assert force == 40.0, "four times as much"
```

## Pitfalls

- Riding on new pads without bedding them in: they brake with less than half their force.
""",
    "brakes/rim-brake.md": """\
---
question: 圈刹有哪些优缺点？
also:
  - 圈刹
  - 夹器直接夹轮圈好不好
  - 为什么有人还坚持用老式刹车
terms: [rim-brake]
follow_ups: [tubeless-puncture]
points:
  - 轻、便宜、好保养
  - 潮湿时制动变差
  - 会磨轮圈
sources:
  - Brandt 1993, The Bicycle Wheel, part 1
---
圈刹轻、便宜、好保养；但潮湿时变差，还会磨损轮圈。

## 展开

长下坡时轮圈会发热，碳圈尤其要注意。
""",
    "brakes/rim-brake.en.md": """\
---
question: What are the pros and cons of rim brakes?
also:
  - rim brake
  - is squeezing the rim itself a good idea
points:
  - light, cheap and easy to service
  - weaker in the wet
  - they wear the rim
---
Rim brakes are light, cheap and easy to service, but weaker in the wet, and they wear the rim.

## Details

The rim heats up on a long descent; carbon rims suffer most.
""",
    "drivetrain/chain-wear.md": """\
---
question: 怎么判断链条磨损了？
also:
  - 链条多久换一次
  - 踩起来老是跳齿
  - 用卡尺量几节合适
terms: [chain]
follow_ups: [disc-brake]
points:
  - 用链条尺量伸长
  - 超过百分之零点七五就换
  - 拖久了会连飞轮一起磨坏
sources:
  - Berto 2005, The Dancing Chain, chapter 14
---
用链条尺量：伸长超过 0.75% 就该换，再拖会把飞轮也磨坏。

## 展开

伸长不是钢被拉长，而是销轴和滚子磨出了间隙。
""",
    "drivetrain/chain-wear.en.md": """\
---
question: How do you tell that a chain is worn?
also:
  - when should I replace my chain
  - pedals skip under load
points:
  - measure the elongation with a chain gauge
  - replace it beyond 0.75 per cent
  - waiting ruins the cassette too
---
Measure it with a chain gauge: beyond 0.75 per cent it is due, and waiting ruins the cassette.

## Details

The steel does not stretch; pins and rollers wear and leave play.
""",
    "wheels/tubeless-puncture.md": """\
---
question: 真空胎扎了怎么补？
also:
  - 真空胎
  - 自补液堵不住洞怎么办
  - 没有内胎的轮子漏气了
terms: [tubeless]
follow_ups: [chain-wear]
points:
  - 小洞靠自补液
  - 大洞塞胶条
  - 再不行就临时装一条内胎
sources:
  - Schwalbe 2021, Tubeless technology guide
---
小洞靠自补液，大洞塞胶条，再不行就临时装一条内胎。

## 展开

胶条要留一小截在外面，气压不要马上打满。
""",
    "wheels/tubeless-puncture.en.md": """\
---
question: How do you repair a punctured tubeless tyre?
also:
  - tubeless
  - sealant does not close the hole
points:
  - sealant closes small holes
  - a plug closes larger ones
  - an inner tube gets you home
---
Sealant closes small holes, a plug larger ones, and an inner tube gets you home.

## Details

Leave a little of the plug outside, and do not inflate to full pressure at once.
""",
}
"""A knowledge without a fault, of a subject that the program was not made for."""


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The built-in knowledge."""
    return serveable(read_knowledge(snapshot(built_in())), "built-in")


@pytest.fixture(scope="session")
def searcher(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """The built-in knowledge as it is served: from a stored index, mapped into memory."""
    path = tmp_path_factory.mktemp("index") / "built-in.index"
    store.save(path, *build(knowledge))
    return Searcher(*store.load(path))


@pytest.fixture(scope="session")
def bicycles() -> Mapping[str, str]:
    """The files of the small knowledge: path and text."""
    return BICYCLES


@pytest.fixture(scope="session")
def small_searcher() -> Searcher:
    """The small knowledge, served from memory."""
    reading = read_knowledge({path: text.encode() for path, text in BICYCLES.items()})
    return Searcher(*build(serveable(reading, "bicycles")))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Writes files into a new folder of knowledge, and gives the folder."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "knowledge"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture
def small(write: Callable[[Mapping[str, str | bytes]], Path]) -> Path:
    """The folder of the small knowledge: four entries about bicycles in two languages."""
    return write(BICYCLES)
