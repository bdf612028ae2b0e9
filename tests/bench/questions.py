"""Seeded questions as people type them, in Chinese, English and both, for knowledges of any size."""

import random
from collections.abc import Iterator, Sequence

TERMS = (
    *"批归一化 梯度消失 梯度爆炸 学习率 过拟合 欠拟合 注意力机制 残差连接 交叉熵 反向传播 卷积核 池化层 感受野 词向量 位置编码 正则化".split(),
    *"决策树 随机森林 支持向量机 逻辑回归 线性回归 主成分分析 聚类 朴素贝叶斯 特征工程 混淆矩阵 召回率 学习曲线 数据增强 早停".split(),
    *"知识蒸馏 模型剪枝 量化 分布式训练 混合精度 显存 优化器 动量 权重初始化 损失函数 激活函数 超参数 自编码器 扩散模型".split(),
    *"BN Dropout ReLU sigmoid softmax LSTM GRU Transformer BERT GPT ResNet U-Net YOLO Adam SGD L1 L2 k-NN PCA SVM XGBoost".split(),
)
ENGLISH = (
    *"batch normalization,vanishing gradients,exploding gradients,learning rate,overfitting,self-attention,residual".split(","),
    *"cross entropy,backpropagation,receptive field,word embeddings,weight decay,early stopping,label smoothing".split(","),
    *"random forest,logistic regression,gradient boosting,data augmentation,knowledge distillation,mixed precision".split(","),
)
_CHINESE = (
    *"什么是{a} {a}为什么有效 {a}和{b}有什么区别 怎么理解{a} {a}的原理是什么 {a}的优缺点 训练时{a}怎么选 {a}会带来什么问题".split(),
    *"为什么{a}能缓解{b} {a}用在{b}之前还是之后 {c}里{a}怎么实现 {a}公式推导 面试官问{a}怎么答 {a}不收敛怎么办 {c}的{a}太大会怎样".split(),
)
_ENGLISH = (
    "what is {a}",
    "why does {a} help with {b}",
    "difference between {a} and {b}",
    "how do you choose {a} for {c}",
    "explain {a} to me",
    "when would you use {a} instead of {b}",
    "what goes wrong with {a} in {c}",
)
_BEFORE = ("", "", "", "请问", "想问下", "面试被问到", "hey, ", "那个…")
_AFTER = ("", "", "", "?", "？", "啊", "呢", "，在线等", " please")
_COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
_CHARACTERS = 2500
"""Chinese characters that the rarer words are made of, besides the commonest."""


class Questions:
    """An endless supply; equal seeds give equal questions on every machine."""

    def __init__(self, seed: int) -> None:
        """Prepare the words: the terms of the field, and made-up ones in numbers that grow with what is drawn."""
        self._chance = random.Random(seed)
        self._rare = [chr(0x4E00 + self._chance.randrange(0x5000)) for _ in range(_CHARACTERS)]
        self._words: list[str] = []

    def groups(self, number: int) -> Iterator[list[str]]:
        """Entries with one to eight wordings each, ``number`` wordings in all."""
        left = number
        while left:
            size = min(left, self._chance.choice((1, 2, 3, 4, 4, 5, 6, 8)))
            subject = self._subject()
            yield [self._wording(subject) for _ in range(size)]
            left -= size

    def texts(self, number: int) -> list[str]:
        """So many wordings, entry after entry."""
        return [wording for group in self.groups(number) for wording in group]

    def queries(self, among: Sequence[str], number: int) -> list[str]:
        """Questions as they are asked: of ten seven are wordings of the knowledge in other words, three are new."""
        return [
            self._changed(self._chance.choice(among)) if self._chance.random() < 0.7 else self._wording(self._subject())
            for _ in range(number)
        ]

    def _subject(self) -> tuple[str, str, str]:
        return self._word(), self._word(), self._word()

    def _word(self) -> str:
        """A term in two cases of five, else a word that was made up before or is made up now, as in Simon's model of texts."""
        draw = self._chance.random()
        if draw < 0.4:
            return self._chance.choice(TERMS)
        if self._words and draw < 0.85:
            return self._chance.choice(self._words)
        size = self._chance.choice((2, 2, 2, 3, 4))
        made = "".join(self._chance.choice(_COMMON if self._chance.random() < 0.3 else self._rare) for _ in range(size))
        self._words.append(made)
        return made

    def _wording(self, subject: tuple[str, str, str]) -> str:
        if self._chance.random() < 0.2:
            a, b, c = (self._chance.choice(ENGLISH) if self._chance.random() < 0.6 else word for word in subject)
            return self._chance.choice(_ENGLISH).format(a=a, b=b, c=c)
        a, b, c = subject
        body = self._chance.choice(_CHINESE).format(a=a, b=b, c=c)
        if self._chance.random() < 0.35:
            body += "，" + self._chance.choice(_CHINESE).format(a=b, b=c, c=a)
        return f"{self._chance.choice(_BEFORE)}{body}{self._chance.choice(_AFTER)}"

    def _changed(self, text: str) -> str:
        """A text with a character left out, doubled or moved, or with another frame around it."""
        at = self._chance.randrange(len(text))
        match self._chance.randrange(4):
            case 0:
                return text[:at] + text[at + 1 :] or text
            case 1:
                return text[:at] + text[at] + text[at:]
            case 2:
                return text[at:] + text[:at]
            case _:
                return f"{self._chance.choice(_BEFORE)}{text}{self._chance.choice(_AFTER)}"
