"""The closed lists that curators choose from; labels and definitions are in `ontology/lists.ttl`.

The value `existing` of the list `status` is the node `kg:status-existing`.
"""

from __future__ import annotations

from typing import Literal

__all__ = [
    "Basis",
    "Comparator",
    "GapKind",
    "InitiativeKind",
    "Level",
    "PlatformKind",
    "Precision",
    "Reading",
    "Reason",
    "RegionType",
    "Scope",
    "SourceKind",
    "Stage",
    "Status",
    "Strength",
    "Theme",
    "Unit",
]

Strength = Literal["binding", "commit", "advance", "explore"]
Status = Literal["existing", "to-be-upgraded", "planned", "unknown"]
Stage = Literal["proposed", "launched", "continuing", "in-force", "unknown"]
Comparator = Literal["gte", "lte", "eq", "about", "just-under"]
Precision = Literal["day", "month", "month-end", "year", "year-end", "period", "none"]
Basis = Literal["level", "growth"]
Unit = Literal["percent", "count", "cny"]
PlatformKind = Literal[
    "service-platform", "portal", "app", "cloud", "network", "data-centre", "data-platform",
    "support-platform", "business-system", "city-operation", "sector-platform",
    "security-system", "hotline", "architecture",
]  # fmt: skip
InitiativeKind = Literal[
    "strategy", "plan", "programme", "campaign", "reform", "mechanism", "pilot", "model",
    "service-approach", "service-brand", "transformation", "construction",
]  # fmt: skip
Theme = Literal[
    "overall", "services", "governance", "operations", "data", "infrastructure", "security",
    "supervision", "inclusion", "reform", "institutions", "economy", "livelihood",
]  # fmt: skip
Scope = Literal["national", "inter-provincial", "provincial", "municipal", "county", "internal"]
Reading = Literal["text", "heading-only", "picture"]
Reason = Literal[
    "section-name", "attribution", "connective", "background", "rhetoric", "restatement",
    "reference",
]  # fmt: skip
Level = Literal["country", "province", "city", "group"]
RegionType = Literal[
    "country", "province", "municipality", "autonomous-region", "special-administrative-region",
    "prefecture-level-city", "sub-provincial-city", "four-region-scheme", "strategy-area",
]  # fmt: skip
GapKind = Literal[
    "missing-figure", "missing-document", "unfolded-slogan", "unstated-denominator",
]  # fmt: skip
SourceKind = Literal["policy", "report", "news", "forum-post"]
