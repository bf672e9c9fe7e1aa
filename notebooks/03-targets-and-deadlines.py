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
# # 03 目标与期限
#
# > **In English.** Of the 382 targets of provinces, 129 have a deadline and only 8 a number; 220 are open-ended (推进, 加快, 探索) and undated. Deadlines are kept with the precision of the text: “by 2022” and “by the end of 2022” both end on 2022-12-31 but are drawn apart, and five deadlines had passed when the text was posted. A firm target that has a number and a date can be checked later; there are six of these, in three provinces. None of this says what was reached.
#
# **问题。** 谁许诺了什么，到什么时候，用什么数量？哪些目标将来可以核对，哪些只是愿望？

# %% [markdown]
# ## 数据
#
# 要问端点，只改 `graph` 一行：`graph = open_graph(engine="http://127.0.0.1:8000/sparql")`。

# %%
import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D
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
# ## 各地区有多少目标，多少有期限
#
# 已存的问题 `target-profile` 给全部 34 个省级地区各一行。湖南只读到标题，所以只数标题里的；另 11 个没有读到：数目为空（`<NA>`），不是 0。

# %%
reply = graph.ask("target-profile")
profile = reply.to_pandas()
assert len(profile) == 34
assert profile[["targets", "dated", "numbered"]].sum().to_list() == [382, 129, 8]
profile[
    ["regionLabel", "presenceLabel", "readingLabel", "targets", "dated", "numbered", "firm"]
].rename(columns=reply.heads())

# %% [markdown]
# ## 每个目标：力度、期限、精度、数量
#
# 没有现成的问题给出全部目标，就写一句查询。`OPTIONAL` 留住没有期限的目标，`EXISTS` 只问有没有。

# %%
targets = graph.table(
    graph.with_prefixes("""
SELECT ?target ?region ?strength ?rank ?latest ?precision ?counted WHERE {
  ?target a kg:Target ; kg:aboutRegion ?place ; kg:strength ?how .
  ?place kg:level kg:level-province ; skos:prefLabel ?region . FILTER(LANG(?region) = "zh")
  ?how kg:rank ?rank ; skos:prefLabel ?strength . FILTER(LANG(?strength) = "zh")
  ?target kg:precision/skos:prefLabel ?precision . FILTER(LANG(?precision) = "zh")
  OPTIONAL { ?target kg:latest ?latest }
  BIND(EXISTS { ?target kg:quantity ?quantity } AS ?counted)
}
ORDER BY ?target""")
).to_pandas()
assert len(targets) == targets["target"].nunique() == 382
targets.head()

# %% [markdown]
# **精度。** “到2022年”与“到2022年底”最晚都是 2022-12-31，但说法的紧严不同，所以精度另记。期限一律由里程碑（一处时间用语）给出；里程碑与目标不在同一句的，期限及于此处是编录者的判断：

# %%
inherited = graph.ask("inherited-deadlines")
deadlines = inherited.to_pandas()
deadlines = deadlines[deadlines["kind"] == "kg:Target"]
assert len(deadlines) == 129
precision = pd.crosstab(
    deadlines["precisionLabel"],
    deadlines["sameSentence"].map({True: "与目标同句", False: "在另一句"}),
)
precision

# %% [markdown]
# ## 可以核对的，与只是愿望的
#
# 三个条件：有数量、有期限、力度为“约束”或“承诺”（必须、建成、实现、达到……）。三样俱全的目标，将来才有据可查。

# %%
KINDS = [
    "力度坚决，有期限，有数量",
    "力度坚决，有期限",
    "力度坚决，无期限",
    "推进或探索，有期限",
    "推进或探索，无期限",
]


def kind(target: pd.Series) -> str:
    """Tell how well a target can be checked one day."""
    firm, dated = target["rank"] <= 2, pd.notna(target["latest"])
    if firm and dated and target["counted"]:
        return KINDS[0]
    return KINDS[(1 if dated else 2) if firm else (3 if dated else 4)]


targets["kind"] = targets.apply(kind, axis=1)
counts = targets["kind"].value_counts().reindex(KINDS)
assert counts.to_list() == [6, 99, 33, 24, 220]
pd.DataFrame({"目标数": counts, "占比": (counts / counts.sum()).map("{:.1%}".format)})

# %% [markdown]
# 数量写在目标里的只有八条，单位各异，只有同一指标才能相比：

# %%
quantified = graph.ask("targets-quantified")
numbers = quantified.to_pandas()
assert len(numbers) == 8
numbers[
    [
        "regionLabel",
        "indicator",
        "comparatorLabel",
        "value",
        "unitLabel",
        "denominator",
        "latest",
        "precisionLabel",
        "strengthLabel",
    ]
].rename(columns=quantified.heads())

# %% [markdown]
# ## 图：期限在哪一年，多少目标没有期限
#
# 左图的数字是目标条数，形状是精度。右图是目标总数。

# %%
# 替代文字：左图：各地区目标的期限，按日期与精度标出条数；右图：各地区目标按能否核对分色的横条。
LOOK = {
    "月底": ("D", COLORS["purple"]),
    "年底": ("s", COLORS["blue"]),
    "年": ("o", COLORS["orange"]),
    "时段": ("^", COLORS["green"]),
}
FILL = dict(
    zip(
        KINDS,
        [("black", ""), ("blue", ""), ("sky", ""), ("orange", ".."), ("pale", "")],
        strict=True,
    )
)
read = profile[profile["reading"] == "kg:reading-text"].sort_values(
    ["dated", "targets"], ascending=False
)
rows = [*read["regionLabel"], "湖南"]
bars = pd.crosstab(targets["region"], targets["kind"]).loc[rows, KINDS]
points = targets.dropna(subset="latest").groupby(["region", "latest", "precision"]).size()

figure, (left, right) = plt.subplots(1, 2, figsize=(9.2, 7.2), sharey=True, width_ratios=[3, 2])
for (region, latest, how), number in points.items():
    marker, color = LOOK[how]
    x, y = latest, rows.index(region)
    left.scatter(x, y, 165, color, marker=marker, zorder=3)
    left.text(
        x,
        y,
        str(number),
        ha="center",
        va="center",
        fontsize=7.5,
        zorder=4,
        color="black" if how == "年" else "white",
    )
left.axvline(pd.Timestamp("2021-03-31"), color=COLORS["vermillion"], linestyle="--", linewidth=1)
left.text(
    pd.Timestamp("2021-04-10"),
    -0.75,
    "发帖 2021-03-31",
    va="center",
    fontsize=8,
    color=COLORS["vermillion"],
)
starts = pd.Series(0, index=rows)
for name in KINDS:
    color, hatch = FILL[name]
    right.barh(
        range(len(rows)),
        bars[name],
        left=starts,
        color=COLORS[color],
        hatch=hatch,
        label=name,
        height=0.72,
    )
    starts += bars[name]
for y, total in enumerate(starts):
    right.text(total + 0.4, y, str(total), va="center", fontsize=8)
for axes, width in ((left, pd.Timestamp("2026-09-01") - pd.Timestamp("2020-06-01")), (right, 26)):
    start = pd.Timestamp("2020-06-01") if axes is left else 0
    axes.barh([len(rows) - 1, len(rows)], width, left=start, height=1, zorder=0, **NOT_READ)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
left.set(
    xlim=(pd.Timestamp("2020-06-01"), pd.Timestamp("2026-09-01")), ylim=(len(rows) + 0.5, -1.1)
)
left.set_yticks(
    range(len(rows) + 1), [*read["regionLabel"], "湖南（图片）", "其余 11 个"], fontsize=8.5
)
left.set_xticks([pd.Timestamp(f"{year}-12-31") for year in range(2020, 2026)])
left.xaxis.set_major_formatter(mdates.DateFormatter("%Y年末"))
left.tick_params(axis="x", labelsize=8)
left.grid(axis="x", color="#EEEEEE")
right.set_xlim(0, 26)
right.tick_params(axis="x", labelsize=8)
left.set_title("期限（最晚一天）与条数", fontsize=10)
right.set_title("目标条数：能否核对", fontsize=10)
signs = [
    Line2D([], [], marker=m, color=c, linestyle="", markersize=8, label=f"精度：{how}")
    for how, (m, c) in LOOK.items()
]
left.legend(
    handles=signs,
    loc="upper left",
    bbox_to_anchor=(0, -0.07),
    ncols=4,
    fontsize=8,
    handletextpad=0.1,
    columnspacing=1,
)
stacks = [Patch(facecolor=COLORS[c], hatch=h, label=name) for name, (c, h) in FILL.items()]
right.legend(
    handles=[*stacks, Patch(**NOT_READ, label="没有读到正文")],
    loc="upper left",
    bbox_to_anchor=(-0.05, -0.07),
    ncols=2,
    fontsize=8,
    columnspacing=1,
)
figure.suptitle(
    "382 条目标里，129 条有期限，八条有数量，六条将来可以核对", fontsize=11.5, x=0.01, ha="left"
)
caption(
    figure,
    "左图空白处：所读文本没有写期限。“到2022年”与“到2022年底”最晚都是 12 月 31 日，以形状区分。\n来源：2021年各地“数字政府”建设政策及措施（论坛帖子，2021-03-31）。",
    identity.short,
)
save(figure, MADE / "figures" / "03-targets-and-deadlines")

# %% [markdown]
# ## 已经过去的期限
#
# 发帖时（2021-03-31）有五条目标的期限已经过去。它们仍然记作目标：原文没有说做到了。

# %%
overdue = graph.ask("overdue-at", date="2021-03-31")
assert len(overdue) == 5
overdue

# %% [markdown]
# ## 依据
#
# 六条将来可以核对的目标，原话在此；期限由前文统领的，下一表给出那一处的整句。

# %%
checkable = set(targets.loc[targets["kind"] == KINDS[0], "target"])
evidence = numbers[numbers["target"].isin(checkable)]
assert set(evidence["regionLabel"]) == {"北京", "福建", "辽宁"}
evidence[["regionLabel", "quote", "dateWording", "latest", "sentence", "line"]].rename(
    columns=quantified.heads()
)

# %%
pairs = deadlines[deadlines["statement"].isin(checkable)]
assert set(pairs["latest"].dt.year) == {2022, 2025}
pairs[["regionLabel", "quote", "milestoneSentence", "milestoneLine", "sameSentence"]].rename(
    columns=inherited.heads()
)

# %% [markdown]
# ## 局限
#
# - 期限及于多远是编录者读出来的：一个“到2022年底”统领后文几句，见 `inherited-deadlines`，两处原话并列。
# - 力度按动词表判定（建成为承诺，推进为推进），语气之外的约束力文本里看不到。
# - 目标条数取决于拆分的细粗：并列的几项各算一条。384 条目标来自 285 个分句（[docs/agreement.md](../docs/agreement.md)），比较地区时请看比例，不看条数。
# - 只有一份来源：没写期限，可能是帖子摘录时略去了。
#
# ## 自己试试
#
# 换一个日期、一个地区或一个概念。

# %%
MINE = {"concept": "政务云", "by": "2025"}
graph.ask("targets-by-concept", **MINE)
