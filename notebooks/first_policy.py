"""From a district to the effect of a policy, and a picture of the supply network around one maker.

Open it with `marimo edit notebooks/first_policy.py`, or run it as a script.
"""

import marimo

app = marimo.App(width="medium", app_title="A first policy")


@app.cell
def _():
    import marimo as mo

    mo.md(
        """
        # A first policy

        Found a district, watch it, offer something, and see what difference that makes to the
        *same* district with the *same* luck. Everything here is small so that it runs in under a
        minute: a scale model of Hickory, North Carolina, four pairs of runs, one year. Nothing is
        calibrated; figures show how the tool works, not what a policy does.
        """
    )
    return (mo,)


@app.cell
def _():
    from millworks import DistrictModel

    MAKERS, SEEDS, BURN_IN, WEEKS = 120, (1, 2, 3, 4), 52, 52

    def settled(seed):
        """A district that has been left alone for a year."""
        district = DistrictModel("hickory", seed=seed, makers=MAKERS, check_every=13)
        for _ in range(BURN_IN):
            district.step()
        return district

    model = settled(SEEDS[0])
    return SEEDS, WEEKS, model, settled


@app.cell
def _(mo):
    mo.md(
        """
        ## Who is there

        `model.makers` is a Mesa `AgentSet` that reads columns: select, group, aggregate.
        """
    )
    return


@app.cell
def _(model):
    import polars as pl

    from millworks.economy.size_mix import SIZE_CLASSES

    makers = model.populations["makers"].to_polars(
        ["size_class", "jobs", "annual_sales", "wants", "constrained"]
    )
    by_size = (
        makers.group_by("size_class")
        .agg(
            pl.len().alias("makers"),
            pl.col("jobs").sum().round(0),
            (pl.col("annual_sales").sum() / 1e6).round(1).alias("sales, USD million a year"),
            pl.col("constrained").sum().alias("cannot finance their growth"),
        )
        .sort("size_class")
        .with_columns(
            pl.col("size_class").replace_strict(dict(enumerate(SIZE_CLASSES))).alias("employees")
        )
        .drop("size_class")
    )
    by_size
    return


@app.cell
def _(mo):
    mo.md(
        """
        ## An offer, and the same world without it

        Both arms start from the same bytes and share every draw, so the difference between them is
        the policy's and nobody's luck. The offer: lenders advance more on stocks.
        """
    )
    return


@app.cell
def _(SEEDS, WEEKS, model, settled):
    def year(district, start, policies):
        """Output of the district's makers over a year, USD at base-year prices."""
        district.load_state(start)
        district.introduce(policies)
        made = 0.0
        for _ in range(WEEKS):
            district.step()
            made += float(district.populations["makers"].output.sum())
        return made

    effects = []
    for seed in SEEDS:
        district = model if seed == SEEDS[0] else settled(seed)
        start = district.state()
        without = year(district, start, {})
        offered = year(district, start, {"inventory_finance": {"intensity": 1.0}})
        effects.append(100.0 * (offered / without - 1.0))
    return (effects,)


@app.cell
def _(effects, mo):
    import math
    import statistics

    from scipy import stats

    middle = statistics.mean(effects)
    error = statistics.stdev(effects) / math.sqrt(len(effects))
    half = stats.t.ppf(0.975, len(effects) - 1) * error
    verdict = "covers zero" if middle - half <= 0.0 <= middle + half else "does not cover zero"
    mo.md(
        f"""
        Makers' output changed by **{middle:+.3f} %**, 95 % interval
        {middle - half:+.3f} to {middle + half:+.3f} %: an interval that {verdict}.
        Four pairs are few; `millworks run hickory_inventory_finance` runs twenty of ten years.
        """
    )
    return


@app.cell
def _(mo):
    mo.md("## The supply network around one maker")
    return


@app.cell
def _(model):
    import networkx as nx
    import numpy as np
    import plotly.graph_objects as go

    sellers, links = np.unique(model.network.seller, return_counts=True)
    first = model.trade.spans["M"]
    own = (sellers >= first.start) & (sellers < first.stop)
    # Not the largest maker, whose picture would be a hairball: one in the middle.
    row = int(sellers[own][np.argsort(links[own])[own.sum() // 2]])
    graph = nx.Graph(model.network.to_networkx(rows=[row], hops=1))
    place = nx.spring_layout(graph, seed=1, k=1.4)
    lines_x, lines_y = [], []
    for a, b in graph.edges:
        lines_x += [place[a][0], place[b][0], None]
        lines_y += [place[a][1], place[b][1], None]
    names = [graph.nodes[node]["group"] for node in graph]
    figure = go.Figure()
    figure.add_scatter(x=lines_x, y=lines_y, mode="lines", line={"color": "#bbbbbb", "width": 1})
    for name in sorted(set(names)):
        nodes = [node for node in graph if graph.nodes[node]["group"] == name and node != row]
        figure.add_scatter(
            x=[place[node][0] for node in nodes],
            y=[place[node][1] for node in nodes],
            mode="markers",
            name=name,
            marker={"size": 11},
        )
    figure.add_scatter(
        x=[place[row][0]],
        y=[place[row][1]],
        mode="markers+text",
        text=["this maker"],
        textposition="top center",
        marker={"size": 20, "color": "#d55e00"},
        name="this maker",
    )
    figure.update_layout(
        title=f"{len(graph) - 1} trading partners within one step of one maker",
        template="simple_white",
        xaxis={"visible": False},
        yaxis={"visible": False},
    )
    figure
    return figure, graph


if __name__ == "__main__":
    app.run()
