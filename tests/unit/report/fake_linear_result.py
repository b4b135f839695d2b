"""A plausible `LinearResult` made without the engine: Leontief rounds on the shipped table.

The numbers are those of a district like Hickory (local shares of .25 for goods, .60 for services;
80 % of pay respent), spread over weeks by a lag per round; firms and links are drawn from a fixed
seed. Good for looking at pictures and for testing words, not for any claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import polars as pl

from millworks.study.results import Check, LinearResult

GOODS = ("AGR", "MIN")
SIZE_CLASSES = ("maker_lt5", "maker_5_9", "maker_10_19", "maker_20_99", "maker_100_499")
SIZE_SHARES = np.array([0.03, 0.05, 0.08, 0.29, 0.55])


@dataclass(frozen=True)
class FakePlace:
    slug: str = "hickory"
    name: str = "Hickory-Lenoir-Morganton, NC"
    geography: str = "metro 25860"
    mix_quality: str = "published jobs by sector; 5 % of manufacturing jobs estimated"
    small_makers: int = 612
    retail_firms: int = 1180
    manufacturing_jobs: float = 41000.0
    population: float = 366000.0
    year: int = 2019


def _table(name: str) -> pl.DataFrame:
    return pl.read_csv(files("millworks").joinpath(f"data/{name}").read_bytes())


def _matrices(year: int):
    sectors = _table("compact_sectors.csv")
    codes = sectors["sector"].to_list()
    technical = _table(f"compact_{year}_A_domestic.csv")
    columns = [code for code in codes if code in technical.columns]
    inputs = technical.head(len(codes)).select(columns).to_numpy().astype(float)
    value_added = _table(f"compact_{year}_value_added.csv")
    return codes, sectors["is_manufacturing"].to_numpy() == 1, inputs, value_added


def _household_column(year: int, codes: list[str], inputs: np.ndarray) -> np.ndarray:
    final = _table(f"compact_{year}_final_demand_domestic.csv")
    name = next(c for c in final.columns if "household" in c.lower() or "pce" in c.lower())
    spending = np.maximum(final.head(len(codes))[name].to_numpy().astype(float), 0)
    return spending / spending.sum() * 0.935


def fake_result(
    *, sector: str = "FURN", year: int = 2022, nodes: int = 40, seed: int = 7, weeks: int = 104
) -> LinearResult:
    codes, manufacturing, inputs, _ = _matrices(year)
    basket = _household_column(year, codes, inputs)
    goods = manufacturing | np.isin(codes, GOODS)
    local_share = np.where(goods, 0.25, 0.60)
    pay = np.where(manufacturing, 0.24, 0.36)
    value_added = np.where(manufacturing, 0.40, 0.60)
    jobs = np.where(manufacturing, 3.4, 7.2)
    demand = np.zeros(len(codes))
    demand[codes.index(sector)] = 1.0

    def rounds(share: np.ndarray, households: bool, count: int = 60) -> np.ndarray:
        matrix = inputs + (np.outer(basket, 0.80 * pay) if households else 0.0)
        matrix = share[:, None] * matrix
        made = [demand]
        for _ in range(count):
            made.append(matrix @ made[-1])
        return np.array(made)

    ones = np.ones(len(codes))
    output = {}
    for region, share in (("local", local_share), ("national", ones)):
        first, both = rounds(share, False), rounds(share, True)
        later = both - first
        first_direct = np.zeros_like(first)
        first_direct[0] = first[0]
        output[region] = {
            "direct": first_direct,
            "indirect": first - first_direct,
            "induced": later,
        }
    output["rest_of_us"] = {
        effect: output["national"][effect] - output["local"][effect]
        for effect in ("direct", "indirect", "induced")
    }

    rows = _rows(output, year, sector, value_added, pay, jobs)
    path = _path(output, weeks)
    recipients = _recipients(output, codes, manufacturing, pay, seed)
    leakages = pl.DataFrame(
        {
            "region": ["local"] * 3 + ["rest_of_us"] * 4 + ["abroad"],
            "leakage": [
                "other_value_added",
                "taxes_on_production",
                "saving",
                "purchases",
                "other_value_added",
                "household_tax",
                "commuters",
                "imports",
            ],
            "value": [0.07, 0.01, 0.08, 0.45, 0.12, 0.08, 0.06, 0.13],
        }
    )
    node_frame, edge_frame = _network(codes, manufacturing, sector, nodes, seed)
    return LinearResult(
        place=FakePlace(),
        year=year,
        sector=sector,
        seed=seed,
        horizon_weeks=weeks,
        order_weeks=52,
        injection_usd=1_000_000.0,
        makers=612,
        scale=1.0,
        counts={"makers": 612, "partners": 9, "retailers": 1180, "lenders": 8},
        rows=rows,
        path=path,
        recipients=recipients,
        leakages=leakages,
        nodes=node_frame,
        edges=edge_frame,
        checks=[
            Check("agents_equal_leontief", True, 1.0e-4, 5e-4),
            Check("accounting_identities", True, 3.1e-13, 1e-9),
        ],
        worst_residual=3.1e-13,
        seconds={"engine": 2.1, "start": 0.8},
        assumptions=[
            {
                "key": "s_w",
                "value": 0.80,
                "unit": "share of gross pay",
                "meaning": "consumption out of gross labour income",
                "source": "REPORT",
            },
            {
                "key": "rpc_chain",
                "value": 0.03,
                "unit": "share",
                "meaning": "goods chains buy in the district",
                "source": "assumption",
            },
        ],
        notes=["Sectors of the place's 500+ firms are estimated."],
        settled=weeks >= 104,
        regionalisation="flq_goods",
        local_shares=_shares(codes, local_share),
        local_output_by_method={"flq_goods": 1.4601, "flq": 1.2345, "slq": 1.8765},
    )


def _shares(codes: list[str], local_share: np.ndarray) -> list[dict[str, object]]:
    return [
        {
            "sector": code,
            "name": code.title(),
            "location_quotient": 1.5 * float(share),
            "firms_share": float(share),
            "households_share": float(share),
            "limited_by": "",
            "firms_share_flq_goods": float(share),
            "firms_share_flq": 0.5 * float(share),
            "firms_share_slq": 0.9,
        }
        for code, share in zip(codes, local_share, strict=True)
    ]


def _rows(output, year, sector, value_added, pay, jobs):
    weights = {"output": 1.0, "value_added": value_added, "labour_income": pay, "jobs": jobs}
    rows = []
    for region in ("local", "rest_of_us", "national"):
        for quantity, weight in weights.items():
            totals = {
                effect: float((output[region][effect] * weight).sum())
                for effect in ("direct", "indirect", "induced")
            }
            first, closed = totals["direct"] + totals["indirect"], sum(totals.values())
            listed = [("type_i", *item) for item in list(totals.items())[:2]]
            listed.append(("type_i", "total", first))
            listed += [("type_ii", *item) for item in totals.items()]
            listed.append(("type_ii", "total", closed))
            for place, (table, effect, analytic) in enumerate(listed):
                error = 0.0 if effect == "direct" else -1e-5 * (1 + place)
                rows.append(
                    {
                        "year": year,
                        "sector": sector,
                        "quantity": quantity,
                        "region": region,
                        "effect": effect,
                        "table": table,
                        "simulated": analytic * (1 + error),
                        "analytic": analytic,
                        "relative_difference": error if analytic else None,
                    }
                )
    return rows


def _path(output, weeks: int) -> pl.DataFrame:
    frames = []
    for region in ("local", "rest_of_us"):
        for effect, made in output[region].items():
            by_round = made.sum(axis=1)
            flow = np.zeros(weeks + 200)
            for k, value in enumerate(by_round):
                lag = 3 * k + (4 if effect == "induced" else 1 if k else 0)
                for week in range(52):
                    if week + lag < len(flow):
                        flow[week + lag] += value / 52
            frames.append(
                pl.DataFrame(
                    {
                        "week": np.arange(weeks),
                        "effect": [effect] * weeks,
                        "region": [region] * weeks,
                        "value": flow[:weeks],
                    }
                )
            )
    return pl.concat(frames)


def _recipients(output, codes, manufacturing, pay, seed) -> pl.DataFrame:
    rows = []
    local = sum(output["local"].values()).sum(axis=0)
    elsewhere = sum(output["rest_of_us"].values()).sum(axis=0)
    made_here = local[manufacturing].sum()
    for name, share in zip(SIZE_CLASSES, SIZE_SHARES, strict=True):
        rows.append((name, "local", "output", made_here * share * 0.78))
    rows.append(("partner", "local", "output", made_here * 0.22))
    for code, here, there, factory in zip(codes, local, elsewhere, manufacturing, strict=True):
        if code == "RET":
            rows.append(("retailer", "local", "output", here * 0.4))
            rows.append(("chain", "local", "output", here * 0.6))
        elif not factory:
            rows.append((code, "local", "output", here))
        rows.append((code, "rest_of_us", "output", there))
    rows.append(("workers", "local", "income", float(local @ pay) * 0.88))
    rows.append(("commuters", "rest_of_us", "income", float(local @ pay) * 0.12))
    rows.append(("owners", "local", "income", 0.05))
    rows.append(("owners", "rest_of_us", "income", 0.07))
    rows.append(("local_government", "local", "income", 0.01))
    rows.append(("workers", "rest_of_us", "income_elsewhere", float(elsewhere @ pay)))
    return pl.DataFrame(rows, schema=["group", "region", "quantity", "value"], orient="row")


def _network(codes, manufacturing, sector, count, seed):
    draw = np.random.default_rng(seed)
    suppliers = ["WOOD", "PLAS", "TEXT", "FMET", "CHEM", "PRNT", "PAPR", "MACH", "PMET", "MISC"]
    blocks = [c for c, m in zip(codes, manufacturing, strict=True) if not m and c != "RET"]
    kinds: list[tuple[str, str]] = []
    fixed = min(len(blocks), max(3, count // 8))
    for code in blocks[:fixed] if count < 100 else blocks:
        kinds.append(("block", code))
    kinds.append(("chain", "RET"))
    left = count - len(kinds) - 1
    for place in range(left):
        share = place / left
        if share < 0.42:
            kinds.append(("maker", sector))
        elif share < 0.74:
            kinds.append(("maker", suppliers[int(draw.integers(0, len(suppliers)) ** 1.0)]))
        elif share < 0.77:
            kinds.append(("partner", suppliers[place % 4] if place % 2 else sector))
        else:
            kinds.append(("retailer", "RET"))
    kinds.append(("outside", ""))
    nodes = []
    for place, (kind, code) in enumerate(kinds):
        sales = {
            "maker": 1e6 * draw.lognormal(0.7, 1.2),
            "partner": 1.6e8 * draw.lognormal(0, 0.5),
            "retailer": 8e5 * draw.lognormal(0, 0.9),
            "chain": 2.2e9,
            "block": 9e8 * draw.lognormal(0, 0.6),
            "outside": 0.0,
        }[kind]
        received = sales / 2e9 * draw.lognormal(0, 0.6) * (1 if code == sector else 0.03)
        if kind == "block":
            received = 0.002 * draw.lognormal(0, 1.5)
        label = "Outside" if kind == "outside" else f"{kind} {place}"
        nodes.append((place, kind, label, code, int(draw.integers(0, 5)), sales, float(received)))
    ids = {kind: [n[0] for n in nodes if n[1] == kind] for kind in {n[1] for n in nodes}}
    edges = []
    makers = [n for n in nodes if n[1] in ("maker", "partner")]
    for node in makers:
        for other in draw.choice([m[0] for m in makers], size=4, replace=False):
            if other != node[0]:
                edges.append(
                    (node[0], int(other), "supply", nodes[other][3], 1e4, draw.lognormal(-9, 1.5))
                )
        for block in ids["block"]:
            edges.append((node[0], block, "block", nodes[block][3], 1e4, draw.lognormal(-9, 1.5)))
        if node[3] == sector:
            edges.append((ids["outside"][0], node[0], "outside", node[3], node[5], node[6]))
    for shop in ids.get("retailer", []):
        for other in draw.choice([m[0] for m in makers], size=3, replace=False):
            edges.append((shop, int(other), "retail", nodes[other][3], 1e3, draw.lognormal(-11, 1)))
    return (
        pl.DataFrame(
            nodes,
            schema=["id", "kind", "label", "sector", "size_class", "sales", "received"],
            orient="row",
        ),
        pl.DataFrame(
            edges,
            schema=["buyer", "seller", "kind", "sector", "base_sales", "received"],
            orient="row",
        ),
    )
