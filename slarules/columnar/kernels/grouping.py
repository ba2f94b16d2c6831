"""Events put ticket by ticket and in order (R12), and those whose order chance would decide."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.layout import AT_ONCE, NEVER


@compiled
def grouped(ticket: Any, first: Any, order: Any) -> None:
    """The rows of each ticket, in the log's order: into ``order``; ``first`` [ticket] has where each begins.

    ``ticket`` [row] is below 0 for a row of no ticket; ``first`` has two entries more than tickets, all 0 before.
    """
    for row in range(ticket.shape[0]):
        if ticket[row] >= 0:
            first[ticket[row] + 2] += 1
    for place in range(2, first.shape[0]):
        first[place] += first[place - 1]
    for row in range(ticket.shape[0]):
        own = ticket[row]
        if own >= 0:
            order[first[own + 1]] = row
            first[own + 1] += 1


@compiled
def ordered(
    first: Any, order: Any, at: Any, source: Any, sequence: Any, rank: Any, moves: Any, bare: Any, beyond: Any
) -> None:
    """Each ticket's rows by instant, source, the source's sequence and rank, in place.

    ``sequence`` is ``NEVER`` where the source has none. A ticket of which one instant's events could as well come in
    another order, or whose order only ids decide, is marked in ``beyond``.
    """
    for ticket in range(first.shape[0] - 1):
        begin, end = first[ticket], first[ticket + 1]
        for place in range(begin + 1, end):
            row = order[place]
            before = place
            while before > begin and _after(order[before - 1], row, at, source, sequence, rank):
                order[before] = order[before - 1]
                before -= 1
            order[before] = row
        place = begin
        while place < end:
            after = place + 1
            while after < end and at[order[after]] == at[order[place]]:
                after += 1
            if after > place + 1 and _doubtful(order, place, after, source, sequence, rank, moves, bare):
                beyond[ticket] = AT_ONCE
            place = after


@compiled
def _after(one: int, other: int, at: Any, source: Any, sequence: Any, rank: Any) -> bool:
    """Whether one row comes after another."""
    if at[one] != at[other]:
        return bool(at[one] > at[other])
    if source[one] != source[other]:
        return bool(source[one] > source[other])
    if sequence[one] != sequence[other]:
        return bool(sequence[one] > sequence[other])
    return bool(rank[one] > rank[other])


@compiled
def _doubtful(order: Any, place: int, after: int, source: Any, sequence: Any, rank: Any, moves: Any, bare: Any) -> bool:
    """Whether the order of one instant's rows is chance, or hangs on their ids."""
    counted, moving, telling = 0, 0, 0
    for at in range(place, after):
        row = order[at]
        if sequence[row] != NEVER:
            counted += 1
        moving += moves[row]
        telling += 1 - bare[row]
        if at > place:
            last = order[at - 1]
            if source[last] == source[row]:
                if sequence[last] == sequence[row] and rank[last] == rank[row]:
                    return True
                if (sequence[last] == NEVER) != (sequence[row] == NEVER):
                    return True
    one_source = source[order[place]] == source[order[after - 1]]
    if one_source and counted == after - place:
        return False
    return moving > 1 or telling > 1


@compiled
def repeated(numbers: Any, slots: Any, twice: Any) -> int:
    """Marks in ``twice`` each row whose number another row has too; gives how many were found again.

    ``slots`` is all -1, a power of two long and longer than there are rows.
    """
    found = 0
    mask = slots.shape[0] - 1
    for row in range(numbers.shape[0]):
        place = int(numbers[row] & mask)
        while slots[place] >= 0:
            if numbers[slots[place]] == numbers[row]:
                twice[slots[place]] = 1
                twice[row] = 1
                found += 1
                break
            place = (place + 1) & mask
        else:
            slots[place] = row
    return found
