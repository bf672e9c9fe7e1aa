"""What a network is called, and what its readers must know: what was not read, what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import networkx as nx

    from kg.networks.communities import Communities
    from kg.networks.facts import Facts

__all__ = ["TITLES", "noted", "structure", "was_read"]

TITLES: Final = {
    "full": ("数字政府知识图谱全图", "Digital government knowledge graph"),
    "region-concept": ("地区与概念网络", "Network of regions and concepts"),
    "region-region": ("地区相似网络", "Network of regions that share concepts"),
    "concept-concept": ("概念共现网络", "Network of concepts that regions share"),
}
"""Name of a network -> its title in Chinese and English."""

CHANCE: Final = 0.05
"""A p-value up to which something is told to be more than chance."""

LIMITS_ZH: Final = (
    "网络说的是所读到的文本，不是省份本身：收录哪些地区、各写多少，由来源的编者选定。"
    "没有读到的地区不等于没有提出，不能据此推断；量度与检验只比较这些文本。"
)
LIMITS_EN: Final = (
    "The network tells of the texts that were read, not of provinces: whoever wrote the source "
    "chose which regions to tell of, and at what length. A region that was not read may state "
    "anything, and nothing is inferred about it; measures and tests compare these texts only."
)


def was_read(data: dict[str, Any]) -> bool:
    """Say of the attributes of a region whether text was read on it, and not a heading alone."""
    return data.get("reading") == "text"


def noted(graph: nx.Graph[str], name: str, facts: Facts) -> None:
    """Set `name`, `zh`, `en`, `not_read` and `limits` of a network, the last two also `…_en`.

    `not_read` lists the province-level regions of which no text was read, each with what was.

    Args:
        graph: a network.
        name: a key of `TITLES`.
        facts: every region, with its `level` and `reading`.
    """
    missing = [
        data
        for _, data in sorted(facts.items())
        if data.get("level") == "level-province" and not was_read(data)
    ]
    zh, en = TITLES[name]
    graph.graph.update(
        name=name,
        zh=zh,
        en=en,
        not_read="、".join(f"{it['label']}（{it['reading_zh']}）" for it in missing),
        not_read_en=", ".join(f"{it['label_en']} ({it['reading_en']})" for it in missing),
        limits=LIMITS_ZH,
        limits_en=LIMITS_EN,
    )


def structure(
    found: Communities, digits: int, chance: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Give what is to be known of a network's communities, as numbers and in words.

    Args:
        found: the communities.
        digits: to which numbers are rounded.
        chance: the modularity to be expected by chance, and the p-value of the real one.
    """
    told: dict[str, Any] = {
        "modularity": round(found.modularity, digits),
        "stability": round(found.stability, digits),
    }
    number = max(found.of.values())
    zh = [
        f"{number} 个社群（Louvain 法运行 {found.runs} 次，取模块度最高者）",
        f"模块度 {found.modularity:.3f}",
        f"任两次运行之间的调整兰德指数平均 {found.stability:.2f}（1 为完全一致）",
    ]
    en = [
        f"{number} communities (Louvain, the best of {found.runs} runs)",
        f"modularity {found.modularity:.3f}",
        f"adjusted Rand index of two runs {found.stability:.2f} on average (1: the same)",
    ]
    if chance is not None:
        expected, p_value = chance
        told["modularity_expected"] = round(expected, digits)
        told["modularity_p_value"] = round(p_value, digits)
        beyond = p_value <= CHANCE
        zh.append(
            f"一次运行平均 {found.usual:.3f}，各行各列之和相同的随机表平均 {expected:.3f}，"
            f"p = {p_value:.3f}：分群{'强于' if beyond else '不强于'}偶然"
        )
        en.append(
            f"{found.usual:.3f} in a run, {expected:.3f} in tables drawn with the same sums, "
            f"p = {p_value:.3f}: {'more' if beyond else 'no more'} divided than by chance"
        )
    return {**told, "communities": "；".join(zh) + "。", "communities_en": "; ".join(en) + "."}
