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
# # 01 从一句话到一个事实
#
# > **In English.** One fact of the graph, Beijing's promise that 90 % of government services can be handled anywhere in the city, is walked to the exact characters of its sentence and back. Six small SPARQL queries show SELECT, FILTER, OPTIONAL, GROUP BY, a property path and GRAPH; the end shows how to cite a fact and how to save a table that Excel opens. Headline: that sentence carries two claims, and the graph holds 670 claims, each with a quote.
#
# **问题。** 图谱说：北京要在“十四五”期间让九成政务服务事项实现“全城通办”。这条事实是从哪一句、哪几个字来的？怎样核对，怎样引用？
#
# 读完会用：已存的问题（`graph.ask`）、原文依据（`graph.evidence`）、六种小查询（`graph.table`）、引用与表格。

# %% [markdown]
# ## 数据
#
# 下面一行打开图谱。要问 `kg serve` 或别的 SPARQL 端点，只改这一行：`graph = open_graph(engine="http://127.0.0.1:8000/sparql")`。

# %%
from datetime import date

import matplotlib.pyplot as plt
import pandas as pd

from kg.citation import cite_answer, cite_thing
from kg.graph import open_graph
from kg.identity import identify
from kg.plotting import COLORS, caption, save, use_cjk

graph = open_graph()

# %%
identity = identify(graph)
print(identity)
use_cjk()
pd.set_option("display.max_colwidth", None)
MADE = graph.project.build / "notebooks"

# %% [markdown]
# ## 已存的问题
#
# 问题写在 `queries/` 里，一个文件一个问题，全部列在 [docs/questions.md](../docs/questions.md)。地区可以写“北京”“beijing”或“CN-BJ”。表中黄色的是引文，它站在自己的整句里。

# %%
reply = graph.ask("targets-quantified", region="北京")
reply

# %%
fact = reply[0]
assert len(reply) == 1
assert (fact["value"], fact["unitLabel"], fact["latest"]) == ("90", "%", "2025-12-31")
assert fact["quote"] == "九成政务服务事项将实现“全城通办”"
pd.Series(fact)[
    [
        "statement",
        "targetLabel",
        "value",
        "unitLabel",
        "denominator",
        "dateWording",
        "precisionLabel",
        "latest",
        "strengthLabel",
    ]
].to_frame("值")

# %% [markdown]
# “九成”记作 90 %，分母照原文是“政务服务事项”；“‘十四五’期间”记作精度“时段”，最晚一天是 2025-12-31。换算之后仍留着原文用词，谁都可以重新判断。
#
# ## 从事实到原句
#
# 每条断言（claim）都有依据（evidence）：一段原文，连同起止位置。位置按 Unicode 码位从 0 数起，终点不含。查询可以很短。

# %%
sentence = graph.table(
    graph.with_prefixes("""
SELECT ?quote ?start ?end ?sentence ?from ?line WHERE {
  kgcl:beijing-nine-tenths-city-wide kg:quote ?quote ; kg:start ?start ; kg:end ?end ;
    kg:inPassage ?passage .
  ?passage kg:text ?sentence ; kg:start ?from ; kg:firstLine ?line .
}""")
).to_pandas()
sentence

# %%
row = sentence.iloc[0]
cut = row["sentence"][row["start"] - row["from"] : row["end"] - row["from"]]
assert cut == row["quote"]
print(f"第 {row['line']} 行，第 {row['start']} 至 {row['end']} 字：{cut}")

# %% [markdown]
# 从整句里按位置切出来的字，与引文一字不差。图谱每次生成时都这样核对全部引文，有一处对不上就不发布。
#
# ## 从原句回到事实
#
# 反过来问：这一句里有哪些断言，提到哪些概念？断言的原话在 `kg:quote`，概念的写法在 `kg:wording`，竖线表示“或”。

# %%
spans = graph.table(
    graph.with_prefixes("""
SELECT ?kind ?words ?start ?end WHERE {
  VALUES ?class { kg:Target kg:Milestone kg:Mention }
  ?statement kg:inPassage kgt:2021-provincial-roundup.beijing.06 ;
    a ?class ; kg:start ?start ; kg:end ?end ; kg:quote|kg:wording ?words .
  ?class rdfs:label ?kind . FILTER(LANG(?kind) = "zh")
}
ORDER BY ?start DESC(?end)""")
).to_pandas()
spans

# %%
assert spans["kind"].value_counts().to_dict() == {"提及": 2, "里程碑": 1, "目标": 1}

# %% [markdown]
# ## 图：一句话里有什么
#
# 每一格是原文的一个字，下面的横条是图谱从中读出的断言与概念。

# %%
# 替代文字：一句原文逐字排开，下面四条横条标出里程碑、目标与两处概念提及各占哪几个字。
LOOK = {
    "里程碑": (COLORS["orange"], "//"),
    "目标": (COLORS["sky"], ""),
    "提及": (COLORS["pale"], ".."),
}
text, first = row["sentence"], row["from"]
figure, axes = plt.subplots(figsize=(8.6, 2.7))
for at, sign in enumerate(text):
    axes.text(first + at + 0.5, 0, sign, ha="center", va="center", fontsize=13)
for level, span in enumerate(spans.itertuples(), 1):
    color, hatch = LOOK[span.kind]
    width = span.end - span.start
    axes.barh(
        -level,
        width,
        left=span.start,
        height=0.62,
        color=color,
        hatch=hatch,
        edgecolor="white",
        linewidth=0,
    )
    axes.text(span.end + 0.3, -level, f"{span.kind}：{span.words}", va="center", fontsize=8.5)
axes.set(xlim=(first, first + len(text) + 9.5), ylim=(-len(spans) - 0.6, 0.8), yticks=[])
axes.set_xticks([first, *sorted({*spans["start"], *spans["end"]})])
axes.tick_params(axis="x", labelsize=7.5, rotation=45)
axes.spines["left"].set_visible(False)
axes.set_title("北京：一句话，两条断言，两处概念", fontsize=11)
axes.set_xlabel("原文中的位置（Unicode 码位）", fontsize=8.5, loc="left")
caption(
    figure,
    "来源：2021年各地“数字政府”建设政策及措施（论坛帖子，2021-03-31），第 89 行。",
    identity.short,
)
save(figure, MADE / "figures" / "01-sentence-to-fact")

# %% [markdown]
# ## 六种小查询
#
# 上面用了 SELECT。再看五种，都可以改几个字就用。`graph.with_prefixes` 补上前缀，默认图是全部图的合并。
#
# **FILTER**：哪些目标的原话里有“九成”“100%”这样的比例？

# %%
shares = graph.table(
    graph.with_prefixes("""
SELECT ?region ?quote ?value WHERE {
  ?target a kg:Target ; kg:quote ?quote ; kg:quantity ?quantity ; kg:aboutRegion/skos:prefLabel ?region .
  ?quantity qudt:numericValue ?value ; qudt:hasUnit unit:PERCENT .
  FILTER(LANG(?region) = "zh" && ?value >= 90)
}
ORDER BY ?region""")
).to_pandas()
assert len(shares) == 2
shares

# %% [markdown]
# **OPTIONAL**：北京的目标，有期限的带上期限，没有的也留着。没有 `OPTIONAL`，二十条会悄悄不见。

# %%
dated = graph.table(
    graph.with_prefixes("""
SELECT ?target ?quote ?latest WHERE {
  ?target a kg:Target ; kg:aboutRegion kgr:beijing ; kg:quote ?quote .
  OPTIONAL { ?target kg:latest ?latest }
}
ORDER BY ?target""")
).to_pandas()
assert (len(dated), dated["latest"].notna().sum()) == (21, 1)
dated.sort_values("latest").head(4)

# %% [markdown]
# **GROUP BY**：每类断言有多少条？

# %%
kinds = graph.table(
    graph.with_prefixes("""
SELECT ?kind (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
  ?claim a kg:Claim , ?class . ?class rdfs:subClassOf kg:Claim ; rdfs:label ?kind .
  FILTER(LANG(?kind) = "zh")
}
GROUP BY ?kind ORDER BY DESC(?claims)""")
).to_pandas()
assert kinds["claims"].sum() == 670
kinds

# %% [markdown]
# **路径**：`skos:broader*` 沿上位概念一直走。“政务服务”之下各级概念，各被多少省级地区提出？

# %%
below = graph.table(
    graph.with_prefixes("""
SELECT ?concept (COUNT(DISTINCT ?region) AS ?regions) WHERE {
  ?c skos:broader* kgc:zheng-wu-fu-wu ; skos:prefLabel ?concept . FILTER(LANG(?concept) = "zh")
  ?statement kg:names ?c ; kg:aboutRegion ?region . ?region kg:level kg:level-province .
}
GROUP BY ?concept ORDER BY DESC(?regions) ?concept LIMIT 5""")
).to_pandas()
assert dict(below.to_numpy())["一网通办"] == 9
below

# %% [markdown]
# **GRAPH**：一条三元组只在一个命名图里。事物在 `reference`，断言在它的来源图里，所以总能问“这是谁说的”。

# %%
graphs = graph.table(
    graph.with_prefixes("""
SELECT ?graph (COUNT(*) AS ?triples) WHERE {
  GRAPH ?graph { kgcl:beijing-nine-tenths-city-wide ?p ?o }
}
GROUP BY ?graph""")
).to_pandas()
assert list(graphs["graph"]) == ["https://w3id.org/dgkg/graph/source/2021-provincial-roundup"]
graphs

# %% [markdown]
# ## 依据
#
# 一条断言的全部引文与语境，前文、后文各十来个字，便于在别的版本里找到它。

# %%
graph.evidence("beijing-nine-tenths-city-wide")

# %% [markdown]
# ## 引用
#
# 引用一条事实，就引它的原话；引用一张表，就引问题、参数与发布版。查阅日期写你自己的。

# %%
SEEN = date(2026, 11, 23)
print(cite_thing(graph.engine, graph.resolve("beijing-nine-tenths-city-wide").iri, SEEN).gbt)
print(cite_answer(graph.receipt(reply), SEEN).gbt)
print(cite_answer(graph.receipt(reply), SEEN).bibtex)

# %% [markdown]
# ## 存成 Excel 能开的表
#
# `utf-8-sig` 让 Excel 认出中文。表头可以换成中文的。

# %%
MADE.mkdir(parents=True, exist_ok=True)
table = reply.to_pandas()[reply.shown()].rename(columns=reply.heads())
table.to_csv(MADE / "01-targets.csv", index=False, encoding="utf-8-sig")
assert pd.read_csv(MADE / "01-targets.csv").loc[0, "数值"] == 90
table

# %% [markdown]
# ## 局限
#
# - 这句话是一篇论坛帖子转述的，不是北京市的文件。图谱保证“帖子里有这句话”，不保证“文件里有这句话”。
# - “约束”“时段”“90 %”是编录者按写明的规则读出来的。两位读者在数量与期限上完全一致，在“什么算平台”上出入最大，见 [docs/agreement.md](../docs/agreement.md)。
# - 2021 年的承诺，后来做到没有，原文不可能说。
#
# ## 自己试试
#
# 换一个地区或一条断言；不知道名字就先看 `graph.ask("targets-by-region", region=…)` 的“依据”一列。

# %%
MINE = "辽宁"
graph.ask("targets-quantified", region=MINE)
