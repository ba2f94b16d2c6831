"""Tickets that cannot be told from their own events alone: the reference engine judges them, all together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

from slarules.columnar.kernels import layout as at
from slarules.columnar.log.coding import Coded, Instants
from slarules.columnar.log.correcting import CarriedOut
from slarules.columnar.log.ids import rows_with
from slarules.columnar.meanings import Meanings, first_of_unknown
from slarules.model.contract import Terms


@frozen(eq=False)
class Entangled:
    """The subjects whose events bear on others', or that tell what is told of a log once."""

    subjects: Instants
    """In order."""
    why: Instants
    """Of each: why its tickets are beyond the kernels."""


def entangled(standing: CarriedOut, meanings: Meanings, terms: Terms, types: Sequence[str]) -> Entangled:
    """Those of a log: of changes that reach across (R3), of ids that come twice (R32), of what draws on allowances
    (R34), and of the first to record a fact that the contract does not know."""
    log = standing.log
    corrected, repeated = _corrected(standing), log.subject[log.twice]
    doubtful = np.zeros(len(log.names), np.bool_)  # an event of theirs may not stand, and then is the first of nothing
    doubtful[corrected] = doubtful[repeated] = True
    found: list[tuple[Any, int]] = [
        (corrected, at.CORRECTED),
        (log.subject[list(first_of_unknown(log, meanings, ~doubtful))], at.UNKNOWN_FACT),
        (repeated, at.REPEATED),
        (_drawing(log, meanings, terms, types), at.DRAWS),
    ]
    why = np.concatenate([np.full(len(own), code, np.int64) for own, code in found])
    subjects, place = np.unique(np.concatenate([own.astype(np.int64) for own, _ in found]), return_index=True)
    return Entangled(subjects, why[place])


def why_of(known: Entangled, subjects: Instants) -> Instants:
    """[subject] → why it is beyond the kernels; 0: it is not known to be."""
    if not len(known.subjects):
        return np.zeros(len(subjects), np.int64)
    place = np.minimum(np.searchsorted(known.subjects, subjects), len(known.subjects) - 1)
    return np.where(known.subjects[place] == subjects, known.why[place], 0)


def _corrected(standing: CarriedOut) -> Instants:
    """Of corrections and retractions that were left, and of what they change."""
    log, changes = standing.log, standing.left
    if not len(changes):
        return np.empty(0, np.int64)
    targets, facts = log.column("target"), log.column("facts")
    if any('"subject"' in facts.values[n] for n in facts.codes[changes] if n >= 0):
        return np.arange(len(log.names))  # an event given to another subject
    meant = {targets.values[n] for n in targets.codes[changes] if n >= 0}
    rows = rows_with(log.ids, pa.array(sorted(meant), pa.string()))
    return np.concatenate((log.subject[rows], log.subject[changes]))


def _drawing(log: Coded, meanings: Meanings, terms: Terms, types: Sequence[str]) -> Any:
    names = {name for own in terms.allowances.values() for name, *_ in (*own.fills, *own.draws)}
    codes = [number for number, name in enumerate(types) if name in names]
    if not codes:
        return np.empty(0, np.int64)
    return log.subject[np.isin(meanings.types, codes)[log.column("type").codes]]
