"""The reduced rule, for engines without a calendar: was the first response within the hours of its severity?

Elapsed hours, no pauses, no changes, no reopening. Zen gets it as a decision table, OpenFisca as a formula.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from attrs import frozen

from benchmarks.engines.columns import Sorted
from benchmarks.engines.given import HOUR, LIMITS
from benchmarks.engines.kinds import OPENED, RESPONDED
from benchmarks.engines.workload import Flags, Ints

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@frozen(eq=False)
class Reduced:
    """The tickets that were responded to."""

    severity: Ints
    """At the opening."""
    hours: Numbers
    """From the opening to the first response."""


def reduced(events: Sorted) -> Reduced:
    """The reduced rule's inputs."""
    opened = np.flatnonzero(events.code == OPENED)
    ticket = np.cumsum(events.code == OPENED) - 1
    rows = np.flatnonzero(events.code == RESPONDED)[::-1]
    first = np.zeros(len(opened), np.int64)
    first[ticket[rows]] = events.at[rows]
    answered = np.flatnonzero(first)
    hours = (first[answered] - events.at[opened[answered]]) / HOUR
    return Reduced(events.severity[opened[answered]].astype(np.int64), hours)


def expected(given: Reduced) -> Flags:
    """Whether each is in time."""
    return given.hours <= (LIMITS[1] / HOUR)[given.severity]


# ---- Zen -------------------------------------------------------------------------------------------------------------


def _table() -> str:
    """The decision table in Zen's own format."""
    rules = [
        {"_id": str(level), "severity": str(level), "hours": f"<= {LIMITS[1, level] // HOUR}", "within": "true"}
        for level in (1, 2, 3, 4)
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in ("severity", "hours")],
        "outputs": [{"id": "within", "name": "within", "field": "within"}],
        "rules": [*rules, {"_id": "else", "severity": "", "hours": "", "within": "false"}],
    }
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "table", "type": "decisionTableNode", "name": "table", "position": place, "content": table},
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


class Zen:
    """The decision table, and the tickets as it takes them."""

    def __init__(self, given: Reduced) -> None:
        import zen

        self.decision = zen.ZenEngine().create_decision(_table())
        pairs = zip(given.severity.tolist(), given.hours.tolist(), strict=True)
        self.inputs = [{"severity": severity, "hours": hours} for severity, hours in pairs]
        self.found: list[dict[str, Any]] = []

    def judge(self) -> None:
        self.found = [self.decision.evaluate(each) for each in self.inputs]

    def within(self) -> Flags:
        return np.array([each["result"]["within"] for each in self.found])


# ---- OpenFisca -------------------------------------------------------------------------------------------------------


DAY_OF_RULE = "2025-01-01"
"""OpenFisca computes for a period; the rule is the same on every day."""


class OpenFisca:
    """The rule as a formula over all tickets at once; a ticket is OpenFisca's single person."""

    def __init__(self, given: Reduced) -> None:
        from openfisca_core.entities import Entity
        from openfisca_core.periods import DateUnit
        from openfisca_core.simulation_builder import SimulationBuilder
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem
        from openfisca_core.variables import Variable

        ticket = Entity("ticket", "tickets", "A ticket", "")
        limits = LIMITS[1] / HOUR

        class severity(Variable):
            value_type, entity, definition_period = int, ticket, DateUnit.DAY
            label = "the severity"

        class hours(Variable):
            value_type, entity, definition_period = float, ticket, DateUnit.DAY
            label = "the hours from the opening to the response"

        class within(Variable):
            value_type, entity, definition_period = bool, ticket, DateUnit.DAY
            label = "whether the response was in time"

            def formula(tickets, period, parameters):
                return tickets("hours", period) <= limits[tickets("severity", period)]

        self.system = TaxBenefitSystem([ticket])
        self.system.add_variables(severity, hours, within)
        self.builder, self.given = SimulationBuilder, given
        self.found: Flags = np.zeros(0, np.bool_)

    def judge(self) -> None:
        simulation = self.builder().build_default_simulation(self.system, len(self.given.hours))
        simulation.set_input("severity", DAY_OF_RULE, self.given.severity)
        simulation.set_input("hours", DAY_OF_RULE, self.given.hours.astype(np.float32))
        self.found = simulation.calculate("within", DAY_OF_RULE)

    def within(self) -> Flags:
        return self.found
