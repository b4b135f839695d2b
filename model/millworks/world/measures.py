"""Measures: policies and shocks in force, and what they are allowed to touch.

A policy changes what is *offered* (prices, limits, terms, entitlements), a shock changes the
conditions of the week (parameters, demand from outside); neither changes an outcome. So they see
the world read-only (`State`) and write into two things that are made anew every week: columns
declared with `offered`, and the parameters of the week. Eligibility of all policies is read before
any of them has written; they then write in one canonical order, so that the order in which they
were named does not matter.

Entitlements are money that a programme owes by a rule: so much a week, a part of pay, a part of
the levy paid. The week pays them (`millworks.programmes`) and `cost` keeps what each policy cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import numpy as np
import numpy.typing as npt

from millworks.economy.imports import import_share
from millworks.economy.sectors import N_SECTORS
from millworks.parameters import Parameters
from millworks.world.accounts import OPERATORS
from millworks.world.columns import MEASURES as BY_MEASURES
from millworks.world.columns import Population

if TYPE_CHECKING:
    from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Basis = Literal["flat", "pay", "levy"]


OPEN_MATTERS = (
    "programme_fund",
    "capital_debt",
    "programme_outlay",
    "outlay_smoothed",
    "levied",
    "levy_receivable",
    "notes",
)
"""Columns of the government that are not zero while a policy that has ended leaves accounts."""


@dataclass(frozen=True, eq=False)
class Entitlement:
    """Money a policy owes the rows of a holder: `amounts` times what `basis` says.

    flat: USD a week; pay: share of this week's pay; levy: share of the levy paid this week for what
    the policy announced.
    """

    policy: str
    letter: str
    basis: Basis
    amounts: Floats


class ReadOnly:
    """A population or the trade book as policies see it: arrays that refuse to be written."""

    def __init__(self, seen: Any) -> None:
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        declared = getattr(self._seen, "declared", {})
        if name in declared and declared[name].writer == BY_MEASURES:
            raise AttributeError(f"{name} is what policies offer; eligibility cannot rest on it.")
        value = getattr(self._seen, name)
        if isinstance(value, np.ndarray):
            # A plain view could be made writable again; one of a read-only buffer cannot.
            value = np.asarray(memoryview(cast(Any, value)).toreadonly())
        elif callable(value):
            raise AttributeError(f"policies and shocks read columns; {name} is a method.")
        return value


class State:
    """The world of this week, read-only; `parameters` are those before any shock."""

    def __init__(self, world: World, start: int) -> None:
        self._world = world
        self.week = world.week
        self.weeks_in = world.week - start
        """Weeks since the study began: 0 in its first week."""
        self.parameters: Parameters = world.base_parameters
        self.scale = world.scale
        """Part of the place that is simulated: sums of money for all of it are scaled by it."""

    def population(self, letter: str) -> ReadOnly:
        """Return the columns of a holder letter."""
        return ReadOnly(self._world.population(letter))

    @property
    def pounds_per_unit(self) -> Floats:
        """[34] weight of a unit of goods by sector, lb."""
        return self._world.pounds_per_unit.copy()

    def places(self, letter: str) -> tuple[Floats, Floats]:
        """Miles east and north of the district's centre, of the rows of a letter with links."""
        span = self._world.trade.spans[letter]
        return self._world.place_x[span].copy(), self._world.place_y[span].copy()

    @property
    def trade(self) -> ReadOnly:
        """The trade book: links, shares, backlogs."""
        return ReadOnly(self._world.trade)

    def luck(self, purpose: str, letter: str) -> Floats:
        """Return a uniform number for each row of a holder letter, the same in every arm and week.

        `purpose` is one of `millworks.world.purposes`.
        """
        firms = self._world.population(letter)
        return self._world.streams.uniform(purpose, firms.identity, generation=firms.generation)


class Offered:
    """The columns of one population that policies may write."""

    def __init__(self, population: Population) -> None:
        self._population = population

    def __getattr__(self, name: str) -> Floats:
        column = self._population.declared.get(name)
        if column is None or column.writer != BY_MEASURES:
            raise AttributeError(
                f"{self._population.agent_class.__name__}.{name} is not what policies may offer."
            )
        array: Floats = getattr(self._population, name)
        return array


class Offers:
    """Where a policy writes what it offers this week; all it may touch."""

    def __init__(self, world: World, measures: Measures) -> None:
        self._world, self._measures = world, measures
        self.policy = ""

    def population(self, letter: str) -> Offered:
        """Return the offer columns of a holder letter."""
        return Offered(self._world.population(letter))

    @property
    def operator(self) -> int:
        """Row (O) of the non-profit that runs this policy's facility; ValueError without one."""
        return OPERATORS.index(self.policy)

    def entitle(self, letter: str, basis: Basis, amounts: Floats) -> None:
        """Owe the rows of a holder money by a rule (see `Entitlement`)."""
        self._measures.entitlements.append(Entitlement(self.policy, letter, basis, amounts))

    def plan(self, weekly: float) -> None:
        """Say what the policy will pay out this week, USD, so that the levy can foresee it."""
        self._measures.planned[self.policy] += weekly


class Conditions:
    """Where a shock writes the conditions of the week.

    `parameters`: key to value, put in place of the base; `outside_demand`: factor of demand from
    outside the district; and [34] by sector `abroad_price`: of imports over the base year's,
    `tariff`: part of that price that buyers owe on top, `exports`: factor of what customers abroad
    order here.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.parameters: dict[str, float] = {}
        self.outside_demand = 1.0
        self.abroad_price = np.ones(N_SECTORS)
        self.tariff = np.zeros(N_SECTORS)
        self.exports = np.ones(N_SECTORS)

    @property
    def import_share(self) -> Floats:
        """[34] part of the nation's home market that imports supply, in the base year."""
        return import_share(self._world.technology.national)

    def value(self, key: str) -> float:
        """Return a parameter as shocks before this one left it."""
        return self.parameters.get(key, self._world.base_parameters[key])

    def population(self, letter: str) -> Offered:
        """Return the offer columns of a holder letter."""
        return Offered(self._world.population(letter))


class PolicyLike(Protocol):
    """What `Measures` asks of a policy (see `millworks.policies.base`)."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def order(self) -> int: ...  # noqa: D102

    @property
    def paid_by_levy(self) -> bool: ...  # noqa: D102

    @property
    def has_overhead(self) -> bool: ...  # noqa: D102

    def strength(self, weeks_in: int) -> float: ...  # noqa: D102

    def eligible(self, state: State) -> Mapping[str, Flags]: ...  # noqa: D102

    def offer(  # noqa: D102
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None: ...


class ShockLike(Protocol):
    """What `Measures` asks of a shock (see `millworks.shocks.base`)."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def order(self) -> int: ...  # noqa: D102

    def strength(self, weeks_in: int) -> float: ...  # noqa: D102

    def apply(self, state: State, conditions: Conditions, strength: float) -> None: ...  # noqa: D102


class Dollars(dict[str, float]):
    """USD by policy; nothing stands for a policy without an entry, and asking makes none."""

    def __missing__(self, policy: str) -> float:
        return 0.0


class Measures:
    """The policies and shocks of one world; `start` is the week from which they count theirs.

    `levy`: USD a week that are levied whatever is paid out; None: what policies need.

    `cost`: USD of public outlay of this week by policy, its overhead included; `resource_cost`: USD
    that others than the public put into what it offers, less what they got back of it; `capital`:
    part of `cost` that bought capital; `charge`: what the public's capital costs a week, an annuity
    over its life.
    """

    def __init__(
        self,
        policies: Sequence[PolicyLike] = (),
        shocks: Sequence[ShockLike] = (),
        start: int = 0,
        levy: float | None = None,
    ) -> None:
        self.levy = levy
        self.policies = tuple(sorted(policies, key=lambda policy: (policy.order, policy.name)))
        self.shocks = tuple(sorted(shocks, key=lambda shock: (shock.order, shock.name)))
        self.start = start
        self.running = bool(self.policies)
        """Whether programmes keep books: policies are in force, or left something to be settled."""
        self.cost = Dollars()
        self.resource_cost = Dollars()
        self.capital = Dollars()
        self.charge = Dollars()
        self.planned = Dollars()
        self.entitlements: list[Entitlement] = []

    def public_cost(self, policy: str) -> float:
        """USD of this week that a policy costs the public: a charge stands for its capital."""
        return self.cost[policy] - self.capital[policy] + self.charge[policy]

    def by_name(self, name: str) -> PolicyLike:
        """Return a policy in force; KeyError if there is none of that name."""
        for policy in self.policies:
            if policy.name == name:
                return policy
        raise KeyError(name)

    def begin(self, world: World) -> None:
        """Follow on whatever was in force before: its offers end, what it left owing does not."""
        _take_back_offers(world)
        world.parameters, world.outside_demand = world.base_parameters, 1.0
        unmoved = Conditions(world)
        world.trade_abroad(unmoved.abroad_price, unmoved.tariff, unmoved.exports)
        government = world.population("G")
        self.running = bool(self.policies) or any(
            getattr(government, name).any() for name in OPEN_MATTERS
        )

    def open_week(self, world: World) -> None:
        """Take back last week's offers and conditions, and let all write this week's."""
        if not (self.policies or self.shocks):
            return
        self.cost.clear()
        self.resource_cost.clear()
        self.capital.clear()
        self.charge.clear()
        self.planned.clear()
        self.entitlements.clear()
        state = State(world, self.start)
        # Everybody's eligibility first: nobody's may rest on what another offers.
        entitled = [policy.eligible(state) for policy in self.policies]
        _take_back_offers(world)
        conditions = Conditions(world)
        for shock in self.shocks:
            shock.apply(state, conditions, shock.strength(state.weeks_in))
        world.parameters = _changed(world.base_parameters, conditions.parameters)
        world.outside_demand = conditions.outside_demand
        offers = Offers(world, self)
        for policy, rows in zip(self.policies, entitled, strict=True):
            offers.policy = policy.name
            policy.offer(state, offers, rows, policy.strength(state.weeks_in))
        price = conditions.abroad_price * world.population("X").import_price[0]
        world.trade_abroad(price, conditions.tariff, conditions.exports)


def _take_back_offers(world: World) -> None:
    for population in world.populations.values():
        for name, column in population.declared.items():
            if column.writer == BY_MEASURES:
                getattr(population, name)[:] = column.default


def _changed(base: Parameters, changes: Mapping[str, float]) -> Parameters:
    """The base where nothing differs from it; values of a shock may lie beyond a prior's range."""
    moved = {key: value for key, value in changes.items() if value != base[key]}
    return base.replace(unchecked=True, **moved) if moved else base
