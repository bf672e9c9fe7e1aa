"""What the attributes of nodes and edges are called, in both languages, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["ATTRIBUTES", "MEASURES", "Attribute"]


@dataclass(frozen=True)
class Attribute:
    """The label of an attribute, and what it holds where its label does not say it.

    Args:
        zh: its label in Chinese.
        en: its label in English.
        note: what it holds, zh and en.
    """

    zh: str
    en: str
    note: str = ""


NODES: Final = {
    "label": Attribute("名称", "Label (zh)"),
    "label_en": Attribute("名称（英）", "Label"),
    "kind": Attribute("类", "Class", "本体中的类名。Name of the class in the ontology."),
    "kind_zh": Attribute("类（中）", "Class (zh)"),
    "kind_en": Attribute("类（英）", "Class (en)"),
    "bipartite": Attribute("侧", "Side", "0 地区，1 概念。0 regions, 1 concepts."),
    "level": Attribute("层级", "Level"),
    "level_zh": Attribute("层级（中）", "Level (zh)"),
    "level_en": Attribute("层级（英）", "Level (en)"),
    "reading": Attribute(
        "可读程度",
        "Reading",
        "text 读到全文；heading-only 仅标题；picture 正文是图片；not-read 没有章节。"
        "Only of `text` can be said what it does not state.",
    ),
    "reading_zh": Attribute("可读程度（中）", "Reading (zh)"),
    "reading_en": Attribute("可读程度（英）", "Reading (en)"),
    "code": Attribute("行政区划代码", "GB/T 2260 code"),
    "concept_count": Attribute("提出的概念数", "Concepts stated"),
    "region_count": Attribute(
        "提出它的地区数", "Regions that state it", "只数读到全文的地区。Of those that were read."
    ),
    "definition": Attribute("定义", "Definition (zh)"),
    "definition_en": Attribute("定义（英）", "Definition"),
    "rendering": Attribute(
        "译名来历", "Origin of the English label", "own 为自译。`own`: our own rendering."
    ),
    "variants": Attribute("异名", "Variant labels"),
    "sort": Attribute("种类", "Sort", "平台或举措的种类。Of a platform or initiative."),
    "sort_zh": Attribute("种类（中）", "Sort (zh)"),
    "sort_en": Attribute("种类（英）", "Sort (en)"),
    "brands": Attribute("品牌", "Brands"),
    "slogan_part": Attribute("口号组成部分", "Part of a slogan"),
    "region": Attribute("地区", "Region", "断言所说的地区。The region that a claim is about."),
    "region_zh": Attribute("地区（中）", "Region (zh)"),
    "region_en": Attribute("地区（英）", "Region (en)"),
    "strength": Attribute("力度", "Strength", "目标许诺得多坚决。How firmly a target is promised."),
    "strength_zh": Attribute("力度（中）", "Strength (zh)"),
    "strength_en": Attribute("力度（英）", "Strength (en)"),
    "status": Attribute(
        "现状", "Status", "来源所说的平台现状。Of a platform, as its source has it."
    ),
    "status_zh": Attribute("现状（中）", "Status (zh)"),
    "status_en": Attribute("现状（英）", "Status (en)"),
    "stage": Attribute(
        "阶段", "Stage", "来源所说的举措阶段。Of an initiative, as its source has it."
    ),
    "stage_zh": Attribute("阶段（中）", "Stage (zh)"),
    "stage_en": Attribute("阶段（英）", "Stage (en)"),
    "verb": Attribute("用词", "Verb", "显示现状或阶段的原文。The words that show status or stage."),
    "earliest": Attribute("最早", "Earliest", "时段的第一天。The first day of a period."),
    "latest": Attribute(
        "最晚",
        "Latest",
        "期限允许的最后一天，须连同精度一起读。The last day meant; read it with `precision`.",
    ),
    "as_of": Attribute("截至", "As of"),
    "precision": Attribute("时间精度", "Precision"),
    "precision_zh": Attribute("时间精度（中）", "Precision (zh)"),
    "precision_en": Attribute("时间精度（英）", "Precision (en)"),
    "date_wording": Attribute("时间用词", "Wording of the date"),
    "scope": Attribute("范围", "Scope"),
    "scope_zh": Attribute("范围（中）", "Scope (zh)"),
    "scope_en": Attribute("范围（英）", "Scope (en)"),
    "themes": Attribute("主题", "Themes (zh)"),
    "themes_en": Attribute("主题（英）", "Themes"),
    "quantities": Attribute(
        "数量",
        "Quantities (zh)",
        "指标、比较、数值、单位［水平或增长；分母；原文］。"
        "Indicator, comparator, number, unit [level or growth; denominator; wording].",
    ),
    "quantities_en": Attribute("数量（英）", "Quantities"),
    "value": Attribute("数值", "Value", "只有一个数量时才有。Where there is one quantity only."),
    "unit": Attribute("单位", "Unit"),
    "comparator": Attribute("比较", "Comparator"),
    "comparator_zh": Attribute("比较（中）", "Comparator (zh)"),
    "comparator_en": Attribute("比较（英）", "Comparator (en)"),
    "position": Attribute("次序", "Position", "在其框架中。Of a part in its framework."),
    "wording": Attribute("用词", "Wording", "组成部分自己的词。Of a part of a framework."),
    "slogan": Attribute("口号", "Slogan"),
    "slogan_count": Attribute("口号所称数目", "Count of the slogan"),
    "sentence": Attribute("原句", "Sentence"),
    "line": Attribute("行", "Line", "在来源文本中，从 1 起。In the text of the source, from 1."),
    "contexts": Attribute(
        "上下文引文",
        "Contexts",
        "在别处的主语、动词或分母。A subject, verb or denominator that stands elsewhere.",
    ),
}

MEASURES: Final = {
    "degree": Attribute("度", "Degree", "边数。Edges at a node (Freeman 1978)."),
    "in_degree": Attribute("入度", "In-degree"),
    "out_degree": Attribute("出度", "Out-degree"),
    "weighted_degree": Attribute(
        "加权度", "Weighted degree", "各边权重之和。Sum of weights (Barrat et al. 2004)."
    ),
    "degree_share": Attribute(
        "度中心性",
        "Degree centrality",
        "度除以对侧节点数。Degree by the size of the other side (Borgatti & Everett 1997).",
    ),
    "betweenness": Attribute(
        "中介中心性", "Betweenness", "二模标准化。Two-mode (Borgatti & Everett 1997)."
    ),
    "closeness": Attribute(
        "接近中心性", "Closeness", "二模标准化。Two-mode (Borgatti & Everett 1997)."
    ),
    "clustering": Attribute(
        "二模聚类系数",
        "Two-mode clustering",
        "与两步之外的同侧节点，邻居平均重合多少。"
        "How far neighbourhoods overlap (Latapy et al. 2008).",
    ),
    "redundancy": Attribute(
        "冗余系数",
        "Redundancy",
        "去掉该节点后，其邻居对仍相连的比例。Pairs of neighbours still linked without it "
        "(Latapy et al. 2008).",
    ),
    "backbone_degree": Attribute("骨干度", "Backbone degree", "骨干边数。Edges of the backbone."),
    "community": Attribute(
        "社群", "Community", "Louvain 法，编号由大到小。Largest first (Blondel et al. 2008)."
    ),
    "community_certainty": Attribute(
        "社群归属稳定度",
        "Community certainty",
        "多次运行中与本社群其他成员同在一群的平均比例。Share of runs together with its fellows.",
    ),
}

EDGES: Final = {
    "key": Attribute("关系", "Property"),
    "property": Attribute("关系", "Property"),
    "weight": Attribute(
        "权重",
        "Weight",
        "地区与概念：断言与提及数；地区之间：共有概念数；概念之间：并提的地区数。"
        "Claims and mentions; concepts shared; regions that state both.",
    ),
    "form": Attribute("最强提法", "Strongest form"),
    "quotes": Attribute("引文", "Quotes", "原文，逐字。The words of the text, exactly."),
    "statements": Attribute(
        "依据", "Statements", "与引文逐一对应。One for one what the quotes are of."
    ),
    "forms": Attribute("各处提法", "Forms", "与引文逐一对应。One for one with the quotes."),
    "lines": Attribute("各处行号", "Lines", "与引文逐一对应。One for one with the quotes."),
    "passages": Attribute("语句", "Passages", "与引文逐一对应。One for one with the quotes."),
    "shared": Attribute("共有概念", "Shared concepts (zh)"),
    "shared_en": Attribute("共有概念（英）", "Shared concepts"),
    "regions": Attribute("并提的地区", "Regions that state both (zh)"),
    "regions_en": Attribute("并提的地区（英）", "Regions that state both"),
    "sentences": Attribute(
        "同句次数", "Sentences", "同一句中都出现的句数。Sentences in which both are named."
    ),
    "jaccard": Attribute("Jaccard 系数", "Jaccard index", "共有 ÷ 合计。Shared by either."),
    "expected": Attribute(
        "偶然应有", "Expected by chance", "随机表中权重的平均。Mean weight of drawn tables."
    ),
    "p_value": Attribute(
        "p 值", "p-value", "随机表达到或超过该权重的比例。Drawn tables that reach this weight."
    ),
    "q_value": Attribute(
        "q 值", "q-value", "按检验次数校正后的 p 值。Adjusted (Benjamini & Hochberg 1995)."
    ),
    "backbone": Attribute("骨干", "Backbone", "q ≤ 0.05。"),
}

ATTRIBUTES: Final = {**NODES, **MEASURES, **EDGES}
"""Attribute of nodes or edges -> its labels; `size`, `color`, `shape` say how nodes are drawn."""
