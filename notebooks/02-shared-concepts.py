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
# # 02 一网通办及其同类：概念的共享
#
# > **In English.** Nine provinces state 一网通办 (all services through one network). Names that look alike (一网统管, 一网通享, 一件事一次办, 跨省通办 …) are concepts of their own: merging those that begin with 一网 would make nine eleven, and change the meaning. The count hardly depends on whether mere mentions count, but a search for the literal label would find 一网统管 in three provinces instead of six, since the other three write 一网通管. The figure keeps “not in the text read” apart from “not read”.
#
# **问题。** 哪些省级地区提出“一网通办”？名字相近的概念是不是一回事，合起来算会怎样？换一种匹配规则，数目变不变？

# %% [markdown]
# ## 数据
#
# 要问端点，只改 `graph` 一行：`graph = open_graph(engine="http://127.0.0.1:8000/sparql")`。

# %%
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.patches import Patch

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
# ## 九个地区
#
# 一个地区可能几次说到同一个概念。这里每个地区一行，取最强的提法：成果强于举措，举措强于目标，框架组成部分与单纯的提及最弱。

# %%
reply = graph.ask("regions-sharing-concept", concept="一网通办")
shared = reply.to_pandas()
NINE = {"广东", "江苏", "浙江", "宁夏", "黑龙江", "上海", "河北", "河南", "江西"}
assert set(shared["regionLabel"]) == NINE
shared[["regionLabel", "formLabel", "wording", "scopeLabel", "quote", "line"]].rename(
    columns=reply.heads()
)

# %% [markdown]
# 只有江苏报告的是**成果**，而且限于长三角。七个地区列为举措，宁夏只列为目标。“九个地区提出”不等于“九个地区已经做到”。
#
# ## 名字相近的概念
#
# 图谱给每个概念写了定义，并注明不可与谁混淆。先看“一网通办”的。

# %%
alike = graph.ask("look-alike-concepts", concept="一网通办").to_pandas()
assert len(alike) == 5
alike[["otherLabel", "otherRegions", "otherDefinition"]].rename(
    columns={"otherLabel": "相近的概念", "otherRegions": "省级地区数", "otherDefinition": "定义"}
)

# %% [markdown]
# ## 对照表：34 个省级地区 × 14 个相近的概念
#
# 三组名字：“一网……”“一件事……”“……通办”“……网办”。`presence` 有三个值：说到、所读文本未提、未读到。

# %%
FAMILIES = {
    "一网……": ["一网通办", "一网统管", "一网办理", "一网通达", "一网通享", "一网通贷"],
    "一件事……": ["一件事一次办", "一件事通办", "一事通办"],
    "……通办、网办": ["跨省通办", "省内通办", "全城通办", "全程网办", "可网办"],
}
names = [name for family in FAMILIES.values() for name in family]
cells = graph.ask("concept-matrix", min_regions=1).to_pandas()
cells = cells[cells["conceptLabel"].isin(names)]
assert len(cells) == 34 * len(names)
pd.crosstab(cells["conceptLabel"], cells["presenceLabel"]).loc[names]

# %% [markdown]
# ## 图：谁说到哪一个
#
# 先排行：说到几个概念的在上，湖南（正文是图片，只读到标题）与未读到的在下。

# %%
presence = cells.pivot_table(
    index="regionLabel", columns="conceptLabel", values="presence", aggfunc="first"
)[names]
form = cells.pivot_table(
    index="regionLabel", columns="conceptLabel", values="formLabel", aggfunc="first"
).reindex(index=presence.index, columns=names)
stated = (presence == "stated").sum(axis=1)
unread = (presence == "not-read").any(axis=1)
order = sorted(
    presence.index, key=lambda r: (unread[r], -stated[r], list(presence.loc[r] != "stated"), r)
)
presence, form = presence.loc[order], form.loc[order]
assert unread.sum() == 12

# %%
# 替代文字：34个省级地区与14个相近概念的对照表：形状与颜色表示提法强弱，小点为所读文本未提，斜线为未读到。
LOOK = {
    "成果": ("*", COLORS["green"], 120),
    "举措": ("s", COLORS["blue"], 52),
    "目标": ("^", COLORS["orange"], 58),
    "框架或其组成部分": ("D", COLORS["purple"], 38),
    "仅提及": ("o", COLORS["grey"], 40),
}
used = set(cells["formLabel"].dropna())
figure, axes = plt.subplots(figsize=(7.6, 9.4))
places = {name: x for x, name in enumerate(names)}
for y, region in enumerate(order):
    if unread[region]:
        axes.barh(y, len(names), left=-0.5, height=1, **NOT_READ)
    for name, x in places.items():
        if presence.loc[region, name] == "stated":
            marker, color, size = LOOK[form.loc[region, name]]
            axes.scatter(
                x,
                y,
                size,
                color,
                marker=marker,
                edgecolors="white" if unread[region] else "none",
                zorder=3,
            )
        elif presence.loc[region, name] == "not-in-text":
            axes.scatter(x, y, 3, "#BBBBBB")
edge = -0.5
for title, family in FAMILIES.items():
    axes.text(
        edge + len(family) / 2, -5.4, title, ha="center", va="bottom", fontsize=9.5, weight="bold"
    )
    edge += len(family)
    axes.axvline(edge, color="#CCCCCC", linewidth=0.8)
for name, x in places.items():
    axes.text(x, -1.9, "\n".join(name), ha="center", va="bottom", fontsize=8, linespacing=1.0)
    axes.text(
        x,
        -1.2,
        str((presence[name] == "stated").sum()),
        ha="center",
        va="center",
        fontsize=8.5,
        weight="bold",
    )
axes.text(-0.8, -1.2, "地区数", ha="right", va="center", fontsize=8.5)
axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(order) - 0.5, -0.7), xticks=[])
axes.set_yticks(
    range(len(order)), [f"{r}（图片）" if r == "湖南" else r for r in order], fontsize=8.5
)
axes.tick_params(length=0)
axes.spines[:].set_visible(False)
marks = [
    axes.scatter([], [], s, c, marker=m, label=label)
    for label, (m, c, s) in LOOK.items()
    if label in used
]
marks += [
    axes.scatter([], [], 3, "#BBBBBB", label="所读文本未提"),
    Patch(**NOT_READ, label="未读到"),
]
axes.legend(
    handles=marks,
    loc="upper center",
    bbox_to_anchor=(0.45, 0),
    ncols=len(marks),
    fontsize=8,
    handletextpad=0.3,
)
figure.suptitle(
    "九个地区提出“一网通办”；名字相近的，多半只有一两个地区说", fontsize=11.5, x=0.01, ha="left"
)
caption(
    figure,
    "标记为最强的提法。来源：2021年各地“数字政府”建设政策及措施（论坛帖子，2021-03-31）。",
    identity.short,
)
save(figure, MADE / "figures" / "02-shared-concepts")

# %% [markdown]
# ## 合并会改变什么
#
# 把相近的名字并成一个，地区数会上去，意思也跟着变。


# %%
def regions(*concepts: str) -> set[str]:
    """Give the regions that state one of some concepts."""
    found = cells[cells["conceptLabel"].isin(concepts) & (cells["presence"] == "stated")]
    return set(found["regionLabel"])


MERGERS = {
    "只算一网通办": ["一网通办"],
    "加上一网办理": ["一网通办", "一网办理"],
    "再加一网通达": ["一网通办", "一网办理", "一网通达"],
    "全部“一网……”": FAMILIES["一网……"],
    "三组全部": names,
}
merged = pd.DataFrame(
    {
        "地区数": {rule: len(regions(*group)) for rule, group in MERGERS.items()},
        "多出的地区": {
            rule: "、".join(sorted(regions(*group) - NINE)) for rule, group in MERGERS.items()
        },
    }
)
assert list(merged["地区数"]) == [9, 9, 10, 11, 14]
merged

# %% [markdown]
# 并入“一网统管”会让北京也成了“一网通办”，可北京那句说的是城市运行管理；并入“一网通达”会加进广西，可原文没有展开它是什么。图谱因此分开记，要合并由研究者自己合，并写明合了哪些。
#
# ## 换一种匹配规则
#
# 前四种按图谱的读法，由宽到严；末一种只查字面。断言（claim）是编录者读出来的话，提及（mention）是标签在原文中的出现。

# %%
COUNT = """
SELECT ?concept (COUNT(DISTINCT ?region) AS ?regions) WHERE {{
  VALUES ?c {{ kgc:yi-wang-tong-ban kgc:yi-wang-tong-guan }}
  ?c skos:prefLabel ?concept . FILTER(LANG(?concept) = "zh")
  ?region kg:level kg:level-province .
  {pattern}
}}
GROUP BY ?concept"""
RULES = {
    "断言或提及（图谱的规则）": "?s kg:names ?c ; kg:aboutRegion ?region .",
    "只算断言": "?s a kg:Claim ; kg:names ?c ; kg:aboutRegion ?region .",
    "只算提及": "?s a kg:Mention ; kg:names ?c ; kg:aboutRegion ?region .",
    "只算举措、平台与成果": "?s kg:names ?c ; kg:aboutRegion ?region ; kg:form/kg:rank ?rank . FILTER(?rank <= 6)",
    "只查首选标签的字面": "?p kg:text ?text ; kg:inSection/kg:aboutRegion ?region . FILTER(CONTAINS(?text, STR(?concept)))",
}
counted = pd.DataFrame(
    {
        rule: dict(
            graph.table(graph.with_prefixes(COUNT.format(pattern=pattern))).to_pandas().to_numpy()
        )
        for rule, pattern in RULES.items()
    }
).T[["一网通办", "一网统管"]]
counted

# %%
assert counted.loc["断言或提及（图谱的规则）"].to_list() == [9, 6]
assert counted.loc["只查首选标签的字面"].to_list() == [9, 3]

# %% [markdown]
# “一网通办”怎么数都是八九个。“一网统管”却不是：只查字面，会漏掉写作“一网通管”的三个地区。变体要不要并，得一条条看原文：

# %%
variants = graph.ask("concept-variants", concept="一网统管").to_pandas()
assert set(variants.loc[variants["wording"] == "一网通管", "regionLabel"]) == {
    "河南",
    "宁夏",
    "浙江",
}
variants[["regionLabel", "wording", "mentions", "sentence", "line"]].rename(
    columns=graph.ask("concept-variants", concept="一网统管").heads()
)

# %% [markdown]
# ## 依据
#
# 九个地区的原句，引文标黄。`reply.to_pandas()["statement"]` 是每一行的依据，其代号可以交给 `graph.evidence` 再查。

# %%
reply

# %% [markdown]
# ## 局限
#
# - 12 个省级地区没有读到正文（湖南只有标题），“没有行”对它们什么也不说明。
# - “提出”是话语，不是建成；提法强弱由动词与句式判断，规则见 [data/README.md](../data/README.md)。
# - 每地文本只有几百字，而且是 2021 年 3 月的转述。某地没写“一网通办”，可能只是这段摘录没写。
# - 只有一份来源、一个时点，看得出“共享”，看不出谁先谁后，不能叫“扩散”。
#
# ## 自己试试
#
# 换一个概念：“数据共享”“政务云”“数字经济”……；写别名也行，会告诉你按哪个概念回答。

# %%
MINE = "一网通管"
graph.ask("concept-forms", concept=MINE)
