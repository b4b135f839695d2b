"""Which settings each command has: the schema by the command's name."""

from __future__ import annotations

from millworks.conf import schema, studies

SCHEMAS: dict[str, type[schema.DistrictConfig]] = {
    "multiplier": schema.MultiplierConfig,
    "accounts": schema.AccountsConfig,
    "shares": schema.SharesConfig,
    "validate": schema.ValidateConfig,
    "run": schema.RunConfig,
    "rank": studies.RankConfig,
    "interactions": studies.InteractionsConfig,
    "stress": studies.StressConfig,
    "sizes": studies.SizesConfig,
    "constraints": studies.ConstraintsConfig,
    "additionality": studies.AdditionalityConfig,
}
