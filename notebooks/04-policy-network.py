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
# # 04 政策网络
#
# > **In English.** Regions and the concepts they state form a two-mode network of 22 texts that were read; linking regions that share a concept links nearly all of them (201 of 231 pairs), so the projection by itself says little. Compared with tables that keep how long each text is and how common each concept is, Ningxia and Zhejiang stand out most (eight shared, 2.7 expected), and yet no pair survives the correction for 231 tests; five of the eight come from two stock phrases. Communities are found, stably, but no stronger than in random tables. The network is written as GEXF for Gephi.
#
# **问题。** 哪些地区说的话相像？谁在网络的中心？分不分得出群？22 份短文本够不够回答？

# %% [markdown]
# ## 数据
#
# 要问端点，只改 `graph` 一行：`graph = open_graph(engine="http://127.0.0.1:8000/sparql")`。

# %%
import matplotlib.pyplot as plt
import networkx as nx
import pandas as pd

from kg.graph import open_graph
from kg.identity import identify
from kg.networks import measured, measures_table
from kg.plotting import COLORS, caption, save, use_cjk

graph = open_graph()

# %%
identity = identify(graph)
print(identity)
use_cjk()
pd.set_option("display.max_colwidth", None)
MADE = graph.project.build / "notebooks"

# %% [markdown]
# ## 两类节点的网络
#
# 一端是地区，一端是概念，有提法就相连，边的权重是依据的条数。`measured` 加上量度；没有读到正文的地区（湖南只有标题）不算，因为不知道它没说什么。

# %%
network = measured(graph.to_networkx("region-concept"))
regions = [node for node, data in network.nodes(data=True) if data["kind"] == "Region"]
concepts = [node for node, data in network.nodes(data=True) if data["kind"] == "PlatformConcept"]
assert (len(regions), len(concepts), network.number_of_edges()) == (23, 279, 448)
print(network.graph["limits"])

# %% [markdown]
# ## 谁在中心
#
# `degree` 是说到的概念数，`betweenness` 是最短路经过的份额（按一端节点数归一），`redundancy` 是去掉它以后邻居之间仍相连的份额。定义与出处见 [docs/networks.md](../docs/networks.md)。

# %%
measures = measures_table(network).to_pandas()
texts = (
    graph.ask("coverage-by-region")
    .to_pandas()
    .rename(columns={"region": "node"})[["node", "characters"]]
)
central = measures[(measures["kind"] == "Region") & measures["degree"].notna()].merge(
    texts, on="node"
)
columns = ["degree", "weighted_degree", "betweenness", "closeness", "redundancy", "characters"]
assert len(central) == 22
central.set_index("label")[columns].sort_values("betweenness", ascending=False).head(8).round(3)

# %%
ranks = (
    central[columns].rank().corr().loc["characters", ["degree", "weighted_degree", "betweenness"]]
)
assert (ranks > 0.5).all()
ranks.round(2).to_frame("与字数的等级相关")

# %% [markdown]
# 中心性首先反映文本的长短：摘录越长，概念越多，越“居中”。拿它给地区排名没有意义。
#
# ## 投影：谁与谁相像
#
# 两个地区共有一个概念就连一条边。22 个地区有 231 对，201 对相连，几乎人人相连；共有几个，又取决于两份文本多长、概念多常见（22 份文本里有 17 份说“数字政府”）。所以要与偶然相比：保持每份文本的概念数与每个概念的地区数，随机重排五千张表，看实际共有的数目有多少见。

# %%
similar = graph.to_networkx("region-region")
pairs = pd.DataFrame(
    {
        "甲": similar.nodes[one]["label"],
        "乙": similar.nodes[other]["label"],
        "共有": data["weight"],
        "偶然": data["expected"],
        "杰卡德": data["jaccard"],
        "p": data["p_value"],
        "q": data["q_value"],
        "共有的概念": "、".join(data["shared"]),
    }
    for one, other, data in similar.edges(data=True)
).sort_values(["p", "共有", "甲", "乙"], ascending=[True, False, True, True], ignore_index=True)
assert (similar.number_of_nodes(), len(pairs)) == (22, 201)
pairs.head(6).round({"偶然": 2, "杰卡德": 2, "p": 4, "q": 3})

# %%
first = pairs.iloc[0]
assert {first["甲"], first["乙"]} == {"宁夏", "浙江"}
assert (first["共有"], round(first["偶然"], 1)) == (8, 2.7)
assert first["p"] < 0.001
assert (pairs["q"] >= 0.05).all()
print(
    f"检验 231 对，第一名的 p 要小到 {0.05 / 231:.5f} 才站得住（错误发现率 5%）；现在最小的是 {first['p']:.4f}"
)

# %% [markdown]
# 宁夏与浙江最相像，但 231 次检验里出现一个这样的 p 并不稀奇：校正之后（q），没有一对站得住。这不是说它们不像，是说 22 份短文本分不出“像”与“碰巧”。
#
# ## 分群稳不稳，强不强
#
# Louvain 算法总会给出分群。要看两件事：换个种子还是不是那样分（调整兰德指数，1 为完全一致）；模块度比随机表高不高。

# %%
told = network.graph
assert told["stability"] > 0.8
assert told["modularity_p_value"] > 0.05
print(told["communities"])
groups = central.groupby("community")["label"].agg("、".join).to_frame("地区")
groups["地区数"] = central.groupby("community").size()
groups

# %% [markdown]
# 分得稳，却不比随机表更强：每个地区独有的概念很多，自然自成一群。这样的“群”不宜当作政策阵营来解释。
#
# ## 图：网络，与偶然相比

# %%
# 替代文字：左图：22个地区与至少三个地区提出的概念之间的连线；右图：每对地区实际共有的概念数与偶然共有数的散点。
read = {node for node in regions if network.nodes[node]["reading"] == "text"}
links = {node: read & set(network[node]) for node in concepts}
common = sorted(
    (node for node in concepts if len(links[node]) >= 3), key=lambda it: (-len(links[it]), it)
)
share = {node: sum(node in links[it] for it in common) for node in read}
left_order = sorted(read, key=lambda it: (-share[it], it))
height = {node: 1 - at / (len(left_order) - 1) for at, node in enumerate(left_order)}
height |= {node: 1 - at / (len(common) - 1) for at, node in enumerate(common)}
PAIR = {"kgr:ningxia": (COLORS["vermillion"], "-"), "kgr:zhejiang": (COLORS["blue"], "--")}

figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 7.2), width_ratios=[1.1, 1])
for node in common:
    for region in sorted(links[node]):
        tone, dash = PAIR.get(region, ("#D0D0D0", "-"))
        width, above = (1.3, 2) if region in PAIR else (0.5, 1)
        left.plot(
            [0, 1], [height[region], height[node]], dash, color=tone, linewidth=width, zorder=above
        )
left.scatter([0] * len(left_order), [height[it] for it in left_order], 26, COLORS["blue"], zorder=3)
left.scatter(
    [1] * len(common), [height[it] for it in common], 20, COLORS["orange"], marker="D", zorder=3
)
for node in left_order:
    tone = PAIR.get(node, ("black",))[0]
    left.text(
        -0.04,
        height[node],
        f"{network.nodes[node]['label']} {share[node]}",
        ha="right",
        va="center",
        fontsize=8,
        color=tone,
    )
for node in common:
    weight = "bold" if links[node] >= set(PAIR) else "normal"
    left.text(
        1.04,
        height[node],
        f"{len(links[node])} {network.nodes[node]['label']}",
        va="center",
        fontsize=7.5,
        weight=weight,
    )
left.set(xlim=(-0.35, 1.75), ylim=(-0.02, 1.03))
left.set_axis_off()
left.set_title(f"甲 22 个地区与至少三个地区提出的 {len(common)} 个概念", fontsize=9.5)

rare = pairs["p"] < 0.01
right.axline((0, 0), slope=1, color=COLORS["grey"], linewidth=0.8)
right.text(4.5, 4.25, "与偶然相等", fontsize=8, color=COLORS["grey"])
right.scatter(
    pairs.loc[~rare, "偶然"],
    pairs.loc[~rare, "共有"],
    22,
    COLORS["sky"],
    edgecolors="white",
    linewidths=0.4,
    label="p ≥ 0.01",
)
right.scatter(
    pairs.loc[rare, "偶然"],
    pairs.loc[rare, "共有"],
    40,
    COLORS["vermillion"],
    marker="^",
    label="p < 0.01，但 q ≥ 0.05",
)
for pair in pairs[rare].itertuples():
    right.annotate(
        f"{pair.甲}–{pair.乙}",
        (pair.偶然, pair.共有),
        (6, 6),
        textcoords="offset points",
        fontsize=8.5,
    )
right.set(xlim=(0, 6), ylim=(0, 9))
right.set_xlabel("偶然会共有几个概念（零模型平均）", fontsize=8.5)
right.set_ylabel("实际共有几个概念", fontsize=8.5)
right.tick_params(labelsize=8)
right.legend(loc="lower right", fontsize=8)
right.set_title("乙 201 对相连的地区：没有一对经得起多重检验", fontsize=9.5)
caption(
    figure,
    "甲：名称旁的数字是连线数；红线宁夏，蓝虚线浙江，粗体为两地都有。没有读到正文的 12 个省级地区不在图中，有无不得而知。",
    "乙：零模型保持每份文本的概念数与每个概念的地区数。",
    f"来源：2021年各地“数字政府”建设政策及措施（论坛帖子，2021-03-31）。{identity.short}",
)
save(figure, MADE / "figures" / "04-policy-network")

# %% [markdown]
# ## 依据：宁夏与浙江共有的概念，原话各是什么
#
# 相像是字面的：下面每一行左右两句，由读者判断说的是不是一回事。“跨部门、跨层级、跨业务”三行出自同一句套话，“一网通办、一网统管”两行也同出一句：八个共有的概念不是八份独立的证据，而零模型把它们当作独立的，p 因此偏小。


# %%
def quote(region: str, concept: str) -> str:
    """Give the shortest quote of a region on a concept that names it, and its line."""
    data, label = network.edges[region, concept], network.nodes[concept]["label"]
    quotes = zip(data["quotes"], data["lines"], strict=True)
    words, line = min(quotes, key=lambda it: (label not in it[0], len(it[0])))
    return f"{words}（第 {line} 行）"


shared = sorted(set(network["kgr:ningxia"]) & set(network["kgr:zhejiang"]))
evidence = pd.DataFrame(
    {
        "宁夏": [quote("kgr:ningxia", it) for it in shared],
        "浙江": [quote("kgr:zhejiang", it) for it in shared],
    },
    index=[network.nodes[it]["label"] for it in shared],
)
assert len(evidence) == 8
evidence

# %% [markdown]
# ## 在 Gephi 里打开
#
# 写成 GEXF 1.3：节点带中英文名称、类别、量度与坐标，边带权重、提法与引文。
#
# 1. Gephi 里“文件 › 打开”，选 `build/notebooks/04-region-concept.gexf`，类型为无向图。
# 2. 坐标已经算好，不必再布局；要重排就用 ForceAtlas 2。
# 3. “外观 › 节点 › 分割”按 `kind` 或 `community` 着色，“排名”按 `degree` 定大小。
# 4. 显示标签，字体选一种中文字体，否则会是方框。
# 5. 点一条边，“数据资料”里看 `quotes`。

# %%
MADE.mkdir(parents=True, exist_ok=True)
graph.export("gexf", MADE / "04-region-concept.gexf", network="region-concept")

# %%
again = nx.read_gexf(MADE / "04-region-concept.gexf")
assert (again.number_of_nodes(), again.number_of_edges()) == (302, 448)
again.nodes["kgr:shanghai"]["label"]

# %% [markdown]
# ## 局限
#
# - n = 22。p 值、社群、中心性都只说这 22 份短文本，不说 22 个省。
# - 概念的粗细由编录者定：拆得细，独有的多，网络就散；[02](02-shared-concepts.py) 给出合并会怎样。
# - 措辞相同未必政策相同；“一网通办”在江苏是成果，在宁夏是目标，这里同算一条边。
# - 编者（发帖人）摘什么，决定了谁与谁相连。
# - 没有时间先后，不能说谁影响了谁。
#
# ## 自己试试
#
# 换一个网络：`concept-concept`（概念一同出现）、`full`（全部事物与断言）；或换一对地区看原话。

# %%
MINE = "concept-concept"
together = graph.to_networkx(MINE)
print(together)
