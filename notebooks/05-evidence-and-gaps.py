# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 证据、缺口与此来源不能说明什么
#
# > **In English.** How good is the evidence? 22 provincial sections were read in full and 97.8 % of their words stand in a quote; Hunan is a picture of which only the heading could be read, eleven province-level regions have no section at all. Half of the quotes have 12 characters or fewer. Two readers who worked apart agree on 93 % of claims (F1 0.929), least on what a platform is. The longer a section, the more concepts it states (rank correlation 0.79), so counts compare excerpts and not governments. The last table lists conclusions that one forum post of 2021 does not support.
#
# **问题。** 图谱的事实有多可靠？原文哪些没有读到，哪些没有给出？哪些结论，一份 2021 年的帖子撑不起来？

# %% [markdown]
# ## 数据
#
# 要问端点，只改 `graph` 一行：`graph = open_graph(engine="http://127.0.0.1:8000/sparql")`。

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from kg.graph import open_graph
from kg.identity import identify
from kg.plotting import COLORS, NOT_READ, caption, save, use_cjk

graph = open_graph()

# %%
identity = identify(graph)
print(identity)
use_cjk()
pd.set_option("display.max_colwidth", None)
MADE = graph.project.build / "notebooks"

# %% [markdown]
# ## 来源
#
# 全部事实出自一份来源。它的每个字节都由 SHA-256 锁定。

# %%
source = graph.ask("sources")
assert len(source) == 1
pd.Series(source[0])[
    [
        "sourceLabel",
        "kindLabel",
        "issued",
        "retrieved",
        "characters",
        "sections",
        "sentences",
        "claims",
        "quotes",
        "sha256",
        "citation",
    ]
].rename(source.heads()).to_frame("值")

# %% [markdown]
# ## 读了多少
#
# 每个字要么在某条断言的引文里（已断言），要么注明理由搁置（如“备注”“据悉”），没有第三种。没有读到章节的地区，数字为空（`<NA>`），不是 0。

# %%
reply = graph.ask("coverage-by-region")
coverage = reply.to_pandas()
reading = coverage["reading"].value_counts()
assert reading.to_dict() == {"text": 22, "not-read": 11, "picture": 1}
read = coverage[coverage["reading"] == "text"]
share = read["claimed"].sum() / read["characters"].sum()
assert (round(share, 3), read["left"].sum()) == (0.978, 0)
print(
    f"22 个地区全文 {read['characters'].sum()} 字（不计标点），{share:.1%} 在引文里，其余注明理由搁置"
)
coverage[
    [
        "regionLabel",
        "readingLabel",
        "characters",
        "claimed",
        "setAside",
        "share",
        "firstLine",
        "lastLine",
    ]
].rename(columns=reply.heads())

# %% [markdown]
# **湖南**一节除标题外是一幅图，所存文本里没有。标题说了的，记作“说到”；标题没说的，是“未读到”，不是“未提”：

# %%
hunan = graph.ask("statements-of-region", region="湖南")
assert len(hunan) == 4
hunan

# %% [markdown]
# ## 来源自己的缺口
#
# 来源提到却没有给出的：两幅图、没有展开的口号、没有说明分母的比例。缺口也是事实，记下来，不去补。

# %%
gaps = graph.ask("source-gaps")
assert len(gaps) == 8
gaps.to_pandas()[["gapLabel", "kindLabel", "regionLabel", "quote", "line"]].rename(
    columns=gaps.heads()
)

# %% [markdown]
# ## 引文有多长
#
# 引文越短，事实与原话贴得越紧。规则是取能说明它的最短连续片段。

# %%
quotes = graph.table(
    graph.with_prefixes("""
SELECT ?claim ?kind ?quote WHERE {
  ?claim a kg:Claim , ?class ; kg:quote ?quote .
  ?class rdfs:subClassOf kg:Claim ; rdfs:label ?kind . FILTER(LANG(?kind) = "zh")
}
ORDER BY ?claim""")
).to_pandas()
quotes["length"] = quotes["quote"].str.len()
assert (len(quotes), quotes["length"].median()) == (670, 12)
quotes.groupby("kind")["length"].describe()[["count", "25%", "50%", "75%", "max"]].astype(int)

# %% [markdown]
# 最弱的依据是“只提到、不在任何断言里”的概念。省级地区只有三处，其中天津那一处是它说到“数据汇聚共享”的唯一依据：

# %%
mentions = graph.ask("mentions-without-claim").to_pandas()
provincial = mentions[mentions["region"] != "kgr:china"]
assert len(provincial) == 3
provincial[["conceptLabel", "regionLabel", "wording", "statements", "sentence", "line"]]

# %% [markdown]
# ## 两位读者有多一致
#
# 两位读者互不相见，各自读完全文，再逐条比较（方法与全部数字见 [docs/agreement.md](../docs/agreement.md)）。F1 是两人共有的断言占两人全部断言的比例；95 % 区间由自助法得出，抽样单位是断言。区间只说明条数多少带来的波动，不说明规则是否得当；里程碑与成果各二十来条，全都一致，区间便缩成一点，不等于永远一致。

# %%
READINGS = pd.DataFrame(
    {
        "both": [361, 25, 22, 60, 53, 99],
        "first": [18, 0, 0, 13, 16, 13],
        "second": [19, 0, 0, 4, 6, 6],
    },
    index=["目标", "里程碑", "成果", "框架", "平台断言", "举措断言"],
)
READINGS.loc["全部"] = READINGS.sum()
chance = np.random.default_rng(2021)


def agreement(row: pd.Series) -> pd.Series:
    """Give F1 and its bootstrap interval from the claims of both readers and of one only."""
    drawn = chance.multinomial(row.sum(), row / row.sum(), 5000)
    spread = 2 * drawn[:, 0] / (2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2])
    return pd.Series(
        [
            2 * row["both"] / (2 * row["both"] + row["first"] + row["second"]),
            *np.percentile(spread, [2.5, 97.5]),
        ]
    )


scores = READINGS.apply(agreement, axis=1).set_axis(["F1", "低", "高"], axis=1).round(3)
assert scores.loc["全部", "F1"] == 0.929
scores.join(READINGS.rename(columns={"both": "两人都有", "first": "只有甲", "second": "只有乙"}))

# %% [markdown]
# ## 文本长短左右条数
#
# 各地的摘录从一百多字到三百多字不等。写得长，说到的概念就多，这不等于做得多。

# %%
profile = graph.ask("region-profile").to_pandas()[["regionLabel", "concepts", "claims"]]
both = read.merge(profile, on="regionLabel")
rank = both["characters"].rank().corr(both["concepts"].rank())
assert round(rank, 2) == 0.79
print(f"字数与概念数的等级相关（Spearman，n = {len(both)}）：{rank:.2f}")

# %% [markdown]
# ## 图：四个侧面
#
# 读了多少、文本长短、引文长短、读者是否一致。

# %%
# 替代文字：四幅小图：各地区读到与搁置的字数，字数与概念数，引文长度，两位读者的一致程度。
ordered = read.sort_values("characters", ascending=False)
rows = [*ordered["regionLabel"], "湖南（图片）", "其余 11 个"]
figure = plt.figure(figsize=(9.2, 7.6))
grid = figure.add_gridspec(3, 2, width_ratios=[1.15, 1])
words, length, quote, score = (
    figure.add_subplot(grid[:, 0]),
    *(figure.add_subplot(grid[at, 1]) for at in range(3)),
)

words.barh(range(22), ordered["claimed"], color=COLORS["blue"], label="已断言")
words.barh(
    range(22),
    ordered["setAside"],
    left=ordered["claimed"],
    color=COLORS["orange"],
    label="注明理由搁置",
)
words.barh([22, 23], 420, height=1, zorder=0, **NOT_READ, label="没有读到正文")
words.barh(22, 16, color=COLORS["blue"])
words.barh(22, 4, left=16, color=COLORS["orange"])
for at, region in enumerate(ordered.itertuples()):
    words.text(region.characters + 5, at, f"{region.share:.1%}", va="center", fontsize=7.5)
words.text(
    26,
    22,
    "只有标题，20 字",
    va="center",
    fontsize=7.5,
    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
)
words.set(xlim=(0, 420), ylim=(23.5, -0.6))
words.set_yticks(range(24), rows, fontsize=8)
words.tick_params(axis="y", length=0)
words.legend(loc="lower right", bbox_to_anchor=(1, 0.1), fontsize=8)
words.set_title("甲 各地区的字数与已断言的比例", fontsize=9.5)

length.scatter(both["characters"], both["concepts"], 22, COLORS["blue"])
for region in both.itertuples():
    if region.regionLabel in {"浙江", "江西", "广东", "山东", "广西"}:
        length.annotate(
            region.regionLabel,
            (region.characters, region.concepts),
            (5, 2),
            textcoords="offset points",
            fontsize=7.5,
        )
length.set_xlabel("字数", fontsize=8)
length.set_title(f"乙 写得越长，概念数越多（等级相关 {rank:.2f}）", fontsize=9.5)

quote.hist(quotes["length"], bins=range(0, 101, 4), color=COLORS["sky"], edgecolor="white")
quote.axvline(12, color=COLORS["vermillion"], linestyle="--", linewidth=1)
quote.text(13.5, quote.get_ylim()[1] * 0.88, "中位数 12 字", fontsize=8, color=COLORS["vermillion"])
quote.set_xlabel("引文字数", fontsize=8)
quote.set_title("丙 670 条断言的引文长度", fontsize=9.5)

levels = range(len(scores))
score.hlines(levels, scores["低"], scores["高"], color=COLORS["grey"])
score.scatter(scores["F1"], levels, 26, COLORS["green"], zorder=3, clip_on=False)
for at, value in enumerate(scores["F1"]):
    score.text(1.02, at, f"{value:.3f}", va="center", fontsize=8)
score.set(xlim=(0.7, 1.0), ylim=(len(scores) - 0.5, -0.5))
score.set_yticks(levels, scores.index, fontsize=8)
score.set_title("丁 两位读者的一致程度（F1 与 95 % 区间）", fontsize=9.5)
for axes in (words, length, quote, score):
    axes.tick_params(axis="x", labelsize=8)
length.tick_params(axis="y", labelsize=8)
quote.tick_params(axis="y", labelsize=8)
caption(
    figure,
    "来源：2021年各地“数字政府”建设政策及措施（论坛帖子，2021-03-31）；丁：docs/agreement.md。",
    identity.short,
)
save(figure, MADE / "figures" / "05-evidence-and-gaps")

# %% [markdown]
# ## 依据
#
# 引文最长的五条，最该怀疑是否取宽了；打开整句自己判断。

# %%
longest = quotes.nlargest(5, "length")
longest[["claim", "kind", "length", "quote"]]

# %% [markdown]
# ## 局限：这份来源撑不起的结论
#
# | 想下的结论 | 为什么撑不起 | 还需要什么 |
# |---|---|---|
# | 某地没有这项政策 | 12 个省级地区没有读到正文；读到的也只是摘录 | 该地的规划全文 |
# | 只有九个省市做一网通办 | 九个是“在这份文本里提出”，不是“在做” | 各地文件与平台现状 |
# | 甲省先提出，乙省后学 | 一份来源、一个时点，没有先后 | 带日期的多份文件 |
# | 目标多的省更积极 | 条数随摘录长短与拆分细粗变动 | 同类文件的全文，按比例比较 |
# | 目标后来实现了 | 文本只到 2021 年 3 月 | 之后的统计与验收 |
# | 江苏 95 % 可网办高于北京的九成 | 分母与口径不同，江苏的分母没有写明 | 统一口径的统计 |
# | 中央怎样要求 | 引言之外没有中央文件 | 国务院与部委文件 |
# | 发帖人摘得准确 | 图谱只核对到帖子 | 与政府网站原文比对 |
#
# ## 自己试试
#
# 看一个地区读到了什么、缺什么。

# %%
MINE = "江苏"
graph.ask("reading-by-region", region=MINE)
