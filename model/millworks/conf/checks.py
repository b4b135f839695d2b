"""The last gates: every value within its bounds, and settings that fit together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from millworks.conf.keys import PAPER_KEYS
from millworks.conf.levers import SINGULAR, incompatible, lever_names, settings_of, title_of
from millworks.conf.plan import COMMAND_LINE, Plan
from millworks.conf.schema import DistrictConfig, MultiplierConfig, Paper, RunConfig
from millworks.conf.targets import check_target
from millworks.errors import InputError, nearest
from millworks.parameters import as_written


def validated(schema: type[DistrictConfig], tree: Mapping[str, Any], plan: Plan) -> DistrictConfig:
    """Return the configuration, or say in one sentence which value does not fit and where."""
    content = dict(tree)
    if issubclass(schema, RunConfig):
        content = _with_papers(content, plan)
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        raise InputError(_sentence(schema, error, content, plan, "")) from None


def _with_papers(tree: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """Tell what a policy's file says from what it sets, and check the settings."""
    papers: dict[str, Any] = {}
    for kind in SINGULAR:
        settings: dict[str, Any] = {}
        for name in lever_names(kind) if tree.get(kind) else ():
            if name not in tree[kind]:
                continue
            content = dict(tree[kind][name])
            words = {key: content.pop(key) for key in PAPER_KEYS if key in content}
            prefix = f"{kind}.{name}"
            papers[name] = _model(Paper, {"title": title_of(kind, name)} | words, plan, prefix)
            settings[name] = _model(settings_of(kind, name), content, plan, prefix).model_dump()
        tree[kind] = settings
    return tree | {"papers": papers}


def _model(model: type[BaseModel], content: Mapping[str, Any], plan: Plan, prefix: str) -> Any:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise InputError(_sentence(model, error, content, plan, prefix)) from None


def _sentence(
    model: type[BaseModel], error: ValidationError, content: Any, plan: Plan, prefix: str
) -> str:
    """The first complaint of pydantic as: where, the key, what it is, what it must be."""
    names = [prefix] if prefix else []
    extra: Any = None
    inner: Any = model
    for part in error.errors()[0]["loc"]:
        field = inner.model_fields.get(str(part))
        names.append(str(part))
        key = ".".join(names)
        if field is None:
            close = nearest(str(part), inner.model_fields)
            return f"{plan.where(key)}: there is no setting {key!r}.{close}"
        content = content.get(part) if isinstance(content, Mapping) else content
        extra, inner = field.json_schema_extra, field.annotation
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break  # what follows lies inside one value, which is shown whole
    must = extra["must"] if isinstance(extra, dict) else "a mapping"
    if names[-1] == "payer" and content is None:
        return (
            f"{plan.where(key)}: {key} is null, but somebody must pay for a policy; "
            f"it must be {must}."
        )
    return f"{plan.where(key)}: {key} is {as_written(content)}; it must be {must}."


def checked(config: DistrictConfig, plan: Plan) -> DistrictConfig:
    """Refuse names that no table knows, and settings that do not fit together."""
    from millworks.economy.places import load_place

    try:
        changes: dict[str, Any] = {"district": load_place(config.district, config.makers).slug}
    except InputError as error:
        places = [plan.where(key) for key in ("district", "makers")]
        if COMMAND_LINE in places or not isinstance(config, RunConfig):
            raise
        raise InputError(f"{places[0]}: {error}") from None
    if isinstance(config, MultiplierConfig):
        changes |= _check_multiplier(config)
    if isinstance(config, RunConfig):
        _check_run(config, plan)
    return config.model_copy(update=changes)


def _check_multiplier(config: MultiplierConfig) -> dict[str, str]:
    """Refuse orders that do not fit; return the sector as the tables write it."""
    from millworks.economy.sectors import sector_index

    if config.order_weeks > config.weeks:
        raise InputError(
            f"{COMMAND_LINE}: order_weeks is {config.order_weeks}; "
            f"it must be at most weeks, which is {config.weeks}."
        )
    if config.injection * 52.0 > config.order_weeks:
        most = config.order_weeks / 52.0
        raise InputError(
            f"{COMMAND_LINE}: injection is {config.injection:g} over {config.order_weeks} "
            "weeks, more than doubling weekly sales, for which makers' stocks of inputs do "
            f"not reach; it must be at most {most:.3g} with that order_weeks."
        )
    if config.sector is None:
        return {}
    if config.sector.lower() == "all":
        return {"sector": "all"}
    sector_index(config.sector.upper())
    return {"sector": config.sector.upper()}


def _check_run(config: RunConfig, plan: Plan) -> None:
    """Refuse a scenario in which nothing happens, or which cannot be studied as it says."""
    if config.together and not config.policies and not config.shocks:
        raise InputError(
            f"{plan.main}: there is neither a policy nor a shock to study; choose one under "
            "'defaults:', as '- policy: inventory_finance', or on the command line, as "
            "policies.inventory_finance.intensity=1."
        )
    for kind, found in (("policies", config.policies), ("shocks", config.shocks)):
        for name, settings in found.items():
            _check_timing(f"{kind}.{name}", settings, config.study.weeks, plan)
            _check_two_sums(f"{kind}.{name}", settings, settings_of(kind, name), plan)
            check_target(f"{kind}.{name}", settings, plan.where)
    if config.together:
        _check_company(config, plan)
    study = config.study
    if study.precision is None:
        return
    where = plan.where("study.precision")
    if study.pairs == 1:
        raise InputError(
            f"{where}: study.precision needs an interval, which one pair does not give; "
            "study.pairs must be 2 or more."
        )
    if study.most_pairs < study.pairs:
        raise InputError(
            f"{where}: with study.precision the study goes on from study.pairs, {study.pairs}, to "
            f"at most study.most_pairs, which is {study.most_pairs}; it must be at least "
            f"{study.pairs}."
        )


def _check_company(config: RunConfig, plan: Plan) -> None:
    """Refuse two policies that cannot be in force at the same time."""
    clash = incompatible(config.lever_settings())
    if clash:
        name, other, reason = clash
        raise InputError(
            f"{plan.where(f'policies.{name}')}: policies.{name} and policies.{other} cannot be "
            f"combined: {reason}; leave one out, or let one begin when the other has ended."
        )


def _check_two_sums(
    prefix: str, settings: Mapping[str, Any], model: type[BaseModel], plan: Plan
) -> None:
    """Refuse a share of sales that a budget would leave without any effect."""
    usual, given = model.model_fields.get("sales_share"), settings.get("sales_share")
    if usual is not None and settings["budget"] is not None and given != usual.default:
        key = f"{prefix}.sales_share"
        raise InputError(
            f"{plan.where(key)}: {key} is {given:g}, but {prefix}.budget says how much already; "
            "give one of them."
        )


def _check_timing(prefix: str, settings: Mapping[str, Any], weeks: int, plan: Plan) -> None:
    if settings["start"] >= weeks:
        key = f"{prefix}.start"
        raise InputError(
            f"{plan.where(key)}: {key} is {settings['start']}, after the study's end; it must be "
            f"below study.weeks, which is {weeks}."
        )
