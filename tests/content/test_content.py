"""The built-in content: complete, its code runs and holds, and every wording of the seed is answered."""

import ast
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from opencc import OpenCC

from index.decision import Outcome
from index.searcher import Searcher
from knowledge.folder import built_in, snapshot
from knowledge.model import LANGS, Knowledge, Section

SEED: Mapping[str, tuple[str, ...]] = {
    "positive-definite-matrix": ("正定矩阵和半正定矩阵判断",),
    "l1-l2-norm": ("L1和L2范数",),
    "l1-prevents-overfitting": ("为什么L1正则项可以防止模型过拟合？",),
    "l2-prevents-overfitting": ("为什么L2正则项可以防止模型过拟合？",),
    "eigenvalues-eigenvectors": ("什么是特征值和特征向量",),
    "conditional-probability-bayes": ("条件概率和贝叶斯公式",),
    "gaussian-laplace-distribution": ("高斯分布和拉普拉斯分布以及正态分布",),
    "why-normal-distribution": ("为什么一般选择正态分布不会出错？",),
    "linear-vs-logistic-regression": ("线性回归和逻辑回归的区别",),
    "loss-functions": ("常用的损失函数、分类和回归损失函数",),
    "dnn-training-problems": ("深度神经网络训练的问题",),
    "vanishing-exploding-solutions": ("如何解决梯度消失和梯度爆炸的问题？", "如何解决梯度消失和梯度下降的问题？"),
    "backprop-chain-rule": ("反向传播的过程以及链式法则",),
    "kernel-size-1x1": ("卷积核大小如何选取？1 x 1卷积核的作用？",),
    "convolution-formula": ("卷积计算的公式",),
    "activation-functions": ("常见的激活函数有哪些？激活函数有哪些特点？如何选择激活函数?",),
    "relu-advantages": ("relu激活函数的优点是什么？",),
    "batch-size": ("batch size如何选取？有什么影响？",),
    "overfitting-underfitting": ("如何解决过拟合和欠拟合",),
    "batch-norm": ("简述下BN算法",),
    "bn-why-works": ("为什么bn可以让",),
    "local-connection-weight-sharing": ("简述下局部连接和权值共享",),
    "training-tricks": ("网络训练的一些技巧",),
    "pytorch-vs-tensorflow": ("Pytorch或者tensorflow的优点",),
}
"""Entry: the headings and follow-up questions of the seed document that it answers, to the letter."""

ASKED = [(wording, entry) for entry, wordings in SEED.items() for wording in wordings]


def bare(text: str) -> str:
    """Without punctuation."""
    return "".join(character for character in text if not unicodedata.category(character).startswith("P"))


WAYS: Mapping[str, Callable[[str], str]] = {
    "as it stands": str,
    "请问": lambda text: f"请问{text}",
    "traditional": OpenCC("s2t").convert,
    "without punctuation": bare,
}


def test_the_seed_has_25_wordings_for_24_entries() -> None:
    assert (len(ASKED), len(SEED)) == (25, 24)
    changed = {way: sum(change(wording) != wording for wording, _ in ASKED) for way, change in WAYS.items()}
    assert changed == {"as it stands": 0, "请问": 25, "traditional": 25, "without punctuation": 10}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("wording", "entry"), ASKED, ids=[wording for wording, _ in ASKED])
def test_every_wording_of_the_seed_is_answered(searcher: Searcher, wording: str, entry: str, way: str) -> None:
    found = searcher.search(WAYS[way](wording))
    assert (found.outcome, found.hits[0].entry) == (Outcome.ANSWER, entry)


@pytest.mark.parametrize("id_", SEED)
def test_a_seed_entry_is_whole(knowledge: Knowledge, id_: str) -> None:
    entry = knowledge.entries[id_]
    assert entry.seed
    assert set(entry.texts) == set(LANGS)
    assert SEED[id_][0] == entry.texts["zh"].question or id_ == "bn-why-works"
    assert set(SEED[id_]) <= set(entry.texts["zh"].wordings)
    assert sum(len(text.also) for text in entry.texts.values()) >= 16
    assert len(entry.texts["en"].also) >= 4
    assert all(wording.isascii() or not any("\u4e00" <= c <= "\u9fff" for c in wording) for wording in entry.texts["en"].also)
    assert len(entry.sources) >= 1
    assert len(entry.follow_ups) >= 1
    assert len(entry.terms) >= 1
    for text in entry.texts.values():
        assert 3 <= len(text.points) <= 6
        assert 20 <= len(text.short) <= 800
        assert {Section.DETAILS, Section.PITFALLS} <= text.sections.keys()


def test_entries_marked_as_seed_are_those_of_the_seed(knowledge: Knowledge) -> None:
    assert {entry.id for entry in knowledge.entries.values() if entry.seed} == SEED.keys()


@pytest.mark.parametrize(
    ("id_", "first"),
    [
        ("l1-l2-norm", ["l1-prevents-overfitting", "l2-prevents-overfitting"]),
        ("gaussian-laplace-distribution", ["why-normal-distribution"]),
        ("dnn-training-problems", ["vanishing-exploding-solutions"]),
        ("activation-functions", ["relu-advantages"]),
        ("batch-norm", ["bn-why-works"]),
    ],
)
def test_the_follow_ups_of_the_seed_come_first(knowledge: Knowledge, id_: str, first: list[str]) -> None:
    assert list(knowledge.entries[id_].follow_ups[: len(first)]) == first


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of an entry."""

    place: str
    info: str
    code: str


def blocks(knowledge: Knowledge, id_: str, lang: str) -> list[Block]:
    text = knowledge.entries[id_].texts["zh" if lang == "zh" else "en"]
    parser = MarkdownIt("commonmark")
    fences = [token for part in (text.short, *text.sections.values()) for token in parser.parse(part) if token.type == "fence"]
    return [Block(place=f"{id_}/{lang}/{n}", info=token.info.strip(), code=token.content) for n, token in enumerate(fences)]


def all_blocks(knowledge: Knowledge) -> Iterator[Block]:
    for entry in knowledge.entries.values():
        for lang in entry.texts:
            yield from blocks(knowledge, entry.id, lang)


def test_no_block_is_overlooked(knowledge: Knowledge) -> None:
    """As many blocks are found by parsing as lines of the files open one."""
    opened = sum(line.startswith(b"```python") for content in snapshot(built_in()).values() for line in content.splitlines())
    found = [block.info for block in all_blocks(knowledge)]
    assert set(found) <= {"python", "python norun"}
    assert len(found) == opened > 48


def run(block: Block, folder: Path) -> str:
    """What went wrong when the block ran by itself, and nothing where it held."""
    folder.mkdir()
    command = [sys.executable, "-W", "error", "-c", block.code]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
        )
    except subprocess.TimeoutExpired:
        return f"{block.place}: does not end"
    left = [path.name for path in folder.iterdir()]
    return f"{block.place}: {done.stderr or left}" if done.returncode or done.stderr or left else ""


def test_every_block_of_code_runs_and_holds(knowledge: Knowledge, tmp_path: Path) -> None:
    """Each in a process of its own, with warnings as errors, and leaving no file behind."""
    runnable = [block for block in all_blocks(knowledge) if block.info == "python"]
    assert len(runnable) >= 48
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        wrong = list(pool.map(lambda item: run(item[1], tmp_path / str(item[0])), enumerate(runnable)))
    assert len(wrong) == len(runnable)
    assert "\n".join(filter(None, wrong)) == ""


def test_a_block_that_does_not_hold_is_noticed(tmp_path: Path) -> None:
    assert run(Block(place="x", info="python", code="assert 1 + 1 == 2\n"), tmp_path / "good") == ""
    for number, code in enumerate(
        ("assert 1 + 1 == 3", "import warnings; warnings.warn('x')", "open('x', 'w').close()", "x = ")
    ):
        assert run(Block(place="x", info="python", code=code), tmp_path / str(number)) != ""


def test_every_block_of_code_is_python_and_what_runs_asserts(knowledge: Knowledge) -> None:
    trees = {block.place: (block.info, ast.parse(block.code, block.place)) for block in all_blocks(knowledge)}
    assert len(trees) > 48
    asserting = [place for place, (_, tree) in trees.items() if any(isinstance(node, ast.Assert) for node in ast.walk(tree))]
    assert [place for place, (info, _) in trees.items() if info == "python" and place not in asserting] == []


class _Untold(ast.NodeTransformer):
    """Takes out what a translation may change: the texts."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant(value="" if isinstance(node.value, str) else node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        values = [self.visit(value) for value in node.values if isinstance(value, ast.FormattedValue)]
        return ast.JoinedStr(values=sorted(values, key=ast.dump))


def untold(code: str) -> str:
    """The code without comments and texts."""
    return ast.dump(_Untold().visit(ast.parse(code)))


def test_what_a_translation_of_code_may_change() -> None:
    one = untold("x = f'{n} 个' # 注释\nassert x, '错'")
    assert one == untold("x = f'there are {n}'\nassert x, 'wrong' # comment")
    assert one != untold("x = f'{m} 个'\nassert x, '错'")
    assert one != untold("x = f'{n} 个'\nassert not x, '错'")


def test_both_languages_have_the_same_code(knowledge: Knowledge) -> None:
    compared = 0
    for id_ in knowledge.entries:
        chinese, english = blocks(knowledge, id_, "zh"), blocks(knowledge, id_, "en")
        assert [block.info for block in chinese] == [block.info for block in english], id_
        for one, other in zip(chinese, english, strict=True):
            assert untold(one.code) == untold(other.code), one.place
            compared += 1
    assert compared >= 24
