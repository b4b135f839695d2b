"""The supply network: both sides see the same links, and networkx sees them too."""

import copy
import pickle

import networkx as nx
import numpy as np
import pytest

from millworks.errors import InputError
from millworks.world.network import SupplyNetwork
from millworks.world.network_measures import MEASURES
from millworks.world.trade import LINK_KINDS, OUTSIDE_CUSTOMER

# makers 0 1 2 3, retailer 4, outside 5; (buyer, seller, seller's sector, kind, weight, miles)
LINKS = [
    (4, 1, 7, 1, 0.25, 3.0),
    (0, 2, 9, 0, 1.0, 4.0),
    (5, 3, 7, OUTSIDE_CUSTOMER, 0.75, 0.0),
    (4, 3, 7, 1, 0.75, 1.0),
    (0, 1, 7, 0, 1.0, 5.0),
    (5, 3, 7, OUTSIDE_CUSTOMER, 0.25, 0.0),
    (2, 0, 8, 0, 1.0, 4.0),
    (5, 1, 7, OUTSIDE_CUSTOMER, 1.0, 0.0),
]
GROUPS = {"maker": range(4), "retailer": [4], "outside": [5]}


def small_network(**changes):
    buyer, seller, sector, kind, weight, distance = zip(*LINKS, strict=True)
    arguments = {
        "buyer": buyer, "seller": seller, "sector": sector, "kind": kind, "weight": weight,
        "distance": distance, "terms": [5] * 8, "large": [False] * 8, "n_firms": 6,
        "groups": GROUPS, "aggregates": ["outside"],
    } | changes  # fmt: skip
    return SupplyNetwork(**arguments)


def random_network(agents=300, links=4000, seed=3):
    draw = np.random.default_rng(seed)
    return SupplyNetwork(
        draw.integers(agents, size=links), draw.integers(agents, size=links),
        draw.integers(34, size=links), np.zeros(links, int), draw.random(links),
        draw.random(links) * 50, np.full(links, 5), draw.random(links) < 0.1, agents,
    )  # fmt: skip


def test_links_stand_by_buyer_sector_and_seller():
    network = small_network()
    assert len(network) == 8
    keys = list(zip(network.buyer, network.sector, network.seller, strict=True))
    assert keys == sorted(keys)
    assert network.buyer[network.links_of_buyer(4)].tolist() == [4, 4]
    assert network.weight[network.links_of_buyer(4)].tolist() == [0.25, 0.75]
    # two customers outside of one seller keep the order in which they were given
    assert network.weight[network.links_of_buyer(5)].tolist() == [1.0, 0.75, 0.25]
    assert network.order.tolist() == [4, 1, 6, 0, 3, 7, 2, 5]


def test_numbers_are_stored_as_narrow_as_a_nation_needs():
    network = small_network()
    assert network.buyer.dtype == network.seller.dtype == np.uint32
    assert network.weight.dtype == np.float32
    assert network.buyer_start.dtype == network.by_seller.dtype == np.int64


def test_buyers_and_sellers_see_the_same_links():
    network = random_network()
    assert network.buyer_start[-1] == network.seller_start[-1] == len(network)
    assert sorted(network.by_seller.tolist()) == list(range(len(network)))
    for agent in range(network.n_firms):
        assert np.all(network.buyer[network.links_of_buyer(agent)] == agent)
        sold = network.links_of_seller(agent)
        assert np.all(network.seller[sold] == agent)
        assert np.all(np.diff(sold) > 0)


def test_suppliers_and_customers_by_hand():
    network = small_network()
    assert network.suppliers(0) == [1, 2]
    assert network.customers(1) == [0, 4, 5]
    assert network.customers(4) == []
    assert network.suppliers(3) == []


def test_shares_of_every_buyer_and_sector_sum_to_one():
    assert small_network().worst_share() < 1e-7
    weight = [link[4] for link in LINKS]
    weight[0] = 0.5  # the retailer now buys 125 % of sector 7
    assert small_network(weight=weight).worst_share() == pytest.approx(0.25)
    weight = [link[4] for link in LINKS]
    weight[5] = 0.15  # maker 3 sells 90 % of what it sells outside
    assert small_network(weight=weight).worst_share() == pytest.approx(0.1)


def test_who_buys_from_whom_cannot_be_overwritten_but_weights_can():
    network = small_network()
    for name in ("buyer", "seller", "sector", "by_seller", "buyer_start"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(network, name)[0] = 1
    network.weight[0] = 0.5
    network.large[0] = True


def test_a_copied_network_is_equal_and_as_protected():
    network = small_network(labels=list("abcdef"))
    for twin in (copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        assert np.array_equal(twin.seller, network.seller)
        assert twin.labels == network.labels
        with pytest.raises(ValueError, match="read-only"):
            twin.buyer[0] = 1


def test_a_neighbourhood_reaches_suppliers_and_customers_but_not_through_the_outside():
    network = small_network()
    assert network.neighbourhood([2], hops=0).tolist() == [2]
    assert network.neighbourhood([2], hops=1).tolist() == [0, 2]
    assert network.neighbourhood([2], hops=2).tolist() == [0, 1, 2]
    assert network.neighbourhood([2], hops=3).tolist() == [0, 1, 2, 4, 5]
    assert network.neighbourhood([2], hops=4).tolist() == [0, 1, 2, 3, 4, 5]
    assert network.neighbourhood([1], hops=2).tolist() == [0, 1, 2, 3, 4, 5]
    # maker 3 is reached through the retailer only: without it, not at all
    assert network.neighbourhood([1], hops=3, kind=["outside customer", 0]).tolist() == [0, 1, 2, 5]


def test_neighbourhoods_are_those_of_networkx():
    network = random_network(agents=120, links=260)
    graph = network.to_networkx()
    for hops in (1, 2, 3):
        theirs = nx.ego_graph(graph, 7, radius=hops, undirected=True)
        ours = network.to_networkx(rows=[7], hops=hops)
        assert set(ours.nodes) == set(theirs.nodes)
        assert set(ours.edges(keys=True)) == set(theirs.edges(keys=True))


def test_a_graph_runs_from_seller_to_buyer_and_says_what_each_link_is():
    graph = small_network(labels=list("abcdef")).to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    assert graph.number_of_nodes() == 6
    assert graph.number_of_edges() == 8
    assert graph.nodes[4] == {"group": "retailer", "label": "e"}
    (link,) = graph.get_edge_data(2, 0).values()
    assert link == {
        "sector": 9, "kind": LINK_KINDS[0], "weight": 1.0, "distance": 4.0, "terms": 5,
        "large": False,
    }  # fmt: skip
    assert graph.number_of_edges(3, 5) == 2
    assert small_network().to_networkx(kind="retailer").number_of_edges() == 2
    assert small_network().to_networkx(rows=[2]).number_of_edges() == 2


def test_a_network_comes_back_from_its_graph_unchanged():
    network = small_network()
    again = SupplyNetwork.from_networkx(network.to_networkx())
    for name in ("buyer", "seller", "sector", "kind", "weight", "distance", "terms", "large"):
        assert np.array_equal(getattr(again, name), getattr(network, name)), name
    assert again.group_names[again.group_of[4]] == "retailer"
    assert again.aggregates == ("outside",)
    assert again.n_firms == 6


def test_a_measured_graph_becomes_a_network():
    graph = nx.DiGraph()
    graph.add_node("sawmill", sector=5, x_miles=0.0, y_miles=0.0)
    graph.add_node("joiner", sector=5, x_miles=3.0, y_miles=4.0)
    graph.add_node("chairs", sector=17, x_miles=3.0, y_miles=0.0)
    graph.add_edge("sawmill", "chairs", weight=30_000.0)
    graph.add_edge("joiner", "chairs", weight=10_000.0, terms=8, large=True)
    graph.add_edge("chairs", "joiner")
    network = SupplyNetwork.from_networkx(graph)
    assert network.labels == ["sawmill", "joiner", "chairs"]
    chairs = network.links_of_buyer(2)
    assert network.seller[chairs].tolist() == [0, 1]
    assert network.weight[chairs].tolist() == [0.75, 0.25]
    assert network.sector[chairs].tolist() == [5, 5]
    assert network.distance[chairs].tolist() == [3.0, 4.0]
    assert network.terms[chairs].tolist() == [5, 8]
    assert network.weight[network.links_of_buyer(1)].tolist() == [1.0]
    assert network.worst_share() < 1e-7


@pytest.mark.parametrize(
    ("edge", "sentence"),
    [
        ({"weight": -1.0}, "finite and 0 or more"),
        ({"weight": 0.0}, "sum to nothing"),
        ({"weight": "much"}, "attribute that does not fit"),
        ({"kind": "retial"}, "Did you mean 'retailer'"),
        ({"distance": float("nan")}, "'distance' of the network's links must hold finite"),
        ({"terms": 200}, "'terms' of the network's links must be a whole number up to 127"),
    ],
)
def test_a_graph_that_makes_no_sense_is_refused(edge, sentence):
    graph = nx.DiGraph()
    graph.add_edge(0, 1, **edge)
    with pytest.raises(InputError, match=sentence):
        SupplyNetwork.from_networkx(graph)


def test_an_undirected_graph_does_not_say_who_buys():
    with pytest.raises(InputError, match="from seller to buyer"):
        SupplyNetwork.from_networkx(nx.Graph([(0, 1)]))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"seller": [6] * 8}, "names seller 6, and the last agent is 5"),
        ({"buyer": [-1] * 8}, "'buyer' of the network's links must be 0 or more"),
        ({"weight": [1.0] * 7}, r"8 links, and 'weight' has the shape \(7,\)"),
        ({"weight": [np.nan] * 8}, "'weight' of the network's links must hold finite"),
        ({"sector": [0.5] * 8}, "'sector' of the network's links must be a whole number"),
        ({"labels": ["a"]}, "6 agents and 1 labels"),
        ({"aggregates": ["outsid"]}, "Did you mean 'outside'"),
    ],
)
def test_links_that_make_no_sense_are_refused(change, sentence):
    with pytest.raises(InputError, match=sentence):
        small_network(**change)


def test_measures_by_hand():
    measures = small_network().measures()
    assert list(measures) == list(MEASURES)
    assert measures == pytest.approx(
        {
            "firms": 5,
            "links": 5,
            "suppliers": 5 / 3,  # 2 of maker 0, 1 of maker 2, 2 of the retailer
            "customers": 5 / 4,
            "most_customers": 2,
            "connected": 1.0,
            "circular": 2 / 5,  # makers 0 and 2 sell to one another
            "mutual": 2 / 5,
            "concentration": (1 + 1 + 1 + (0.25**2 + 0.75**2)) / 4,
            "distance": (0.25 * 3 + 0.75 * 1 + 4 + 5 + 4) / 4,
        }
    )


def test_measures_are_those_of_networkx():
    network = random_network(agents=200, links=300)
    graph = network.to_networkx()
    measures = network.measures()
    weak = max(map(len, nx.weakly_connected_components(graph)))
    strong = max(map(len, nx.strongly_connected_components(graph)))
    assert measures["connected"] == pytest.approx(weak / 200)
    assert measures["circular"] == pytest.approx(strong / 200)


def test_a_district_without_links_has_a_network_too():
    empty = SupplyNetwork([], [], [], [], [], [], [], [], 3)
    assert len(empty) == 0
    assert empty.neighbourhood([1], hops=2).tolist() == [1]
    assert empty.to_networkx().number_of_nodes() == 3
    assert empty.measures()["connected"] == pytest.approx(1 / 3)
    assert empty.worst_share() == 0.0
    nobody = SupplyNetwork([], [], [], [], [], [], [], [], 0)
    assert set(nobody.measures().values()) == {0.0}
    assert SupplyNetwork.from_networkx(nx.DiGraph()).n_firms == 0
    with pytest.raises(InputError, match="agents 0 to 2"):
        empty.neighbourhood([3])
