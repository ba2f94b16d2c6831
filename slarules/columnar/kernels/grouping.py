"""Events put ticket by ticket and in order (R12), and those whose order chance would decide."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.layout import AT_ONCE, NEVER, OPENED


@compiled
def told_of(
    subject: Any, types: Any, words: Any, by_type: Any, by_word: Any, at: Any, as_of: int, found: Any, disputed: Any
) -> None:
    """Into ``found`` [subject] what its rows up to ``as_of`` say: by their words, else by their types.

    ``types`` and ``words`` [row] are codes, -1 for null. ``by_type`` and ``by_word`` tell what each means, the last
    what null does, below 0: nothing; what a type that the contract does not know means is below -1, and its rows say
    nothing. ``found`` is below 0 before; ``disputed`` [subject] is 1 after where they do not all say the same.
    """
    for row in range(subject.shape[0]):
        said = by_type[types[row]]
        if said < -1 or at[row] > as_of:
            continue
        if by_word[words[row]] >= 0:
            said = by_word[words[row]]
        own = subject[row]
        if said >= 0 and found[own] != said:
            if found[own] < 0:
                found[own] = said
            else:
                disputed[own] = 1


@compiled
def by_subject(subject: Any, first: Any, rows: Any) -> None:
    """Into ``rows`` the rows of each subject, in the log's order.

    ``first`` [subject], where each begins, has two entries more than subjects, all 0 before; the last is of no use.
    """
    for row in range(subject.shape[0]):
        first[subject[row] + 2] += 1
    for place in range(2, first.shape[0]):
        first[place] += first[place - 1]
    for row in range(subject.shape[0]):
        place = first[subject[row] + 1]
        first[subject[row] + 1] = place + 1
        rows[place] = row


@compiled
def laid(rows: Any, at: Any, events: Any) -> None:
    """Into ``events`` [event, 2] when each happened, ``at`` [row], and nothing else yet (see ``told``)."""
    for place in range(rows.shape[0]):
        events[place, 0] = at[rows[place]]
        events[place, 1] = 0


@compiled
def told(rows: Any, codes: Any, means: Any, shift: int, mask: int, only: int, events: Any) -> int:
    """Puts what a column says of each event into that one's second number (see ``kernels.happened``), ``mask`` wide and
    so many bits from its lowest, where more is not there yet; gives the least that was said, 0 at the most.

    ``codes`` [row], -1 for null, have their meaning in ``means``, the last for null. ``only`` are events of this type
    looked at; -1: all.
    """
    least = 0
    for place in range(rows.shape[0]):
        word = events[place, 1]
        if only >= 0 and word & 0xFFFF != only:
            continue
        said = int(means[codes[rows[place]]])
        least = min(least, said)
        events[place, 1] = word + (max(said - (word >> shift & mask), 0) << shift)
    return least


@compiled
def unordered(first: Any, events: Any, found: Any) -> int:
    """Into ``found`` the tickets whose events do not each come later than the one before; gives how many."""
    many = 0
    for ticket in range(first.shape[0] - 1):
        for place in range(first[ticket] + 1, first[ticket + 1]):
            if events[place, 0] <= events[place - 1, 0]:
                found[many] = ticket
                many += 1
                break
    return many


@compiled
def ordered(
    tickets: Any,
    first: Any,
    order: Any,
    events: Any,
    at: Any,
    told: Any,
    source: Any,
    sequence: Any,
    rank: Any,
    moves: Any,
    bare: Any,
    beyond: Any,
) -> None:
    """The rows of these tickets by instant, source, the source's sequence and rank, in place.

    ``sequence`` is ``NEVER`` where the source has none; ``rank`` and ``moves`` are by type of event. A ticket of which
    one instant's events could as well come in another order, or whose order only ids decide, is marked in ``beyond``,
    if nothing is yet.
    """
    for own in range(tickets.shape[0]):
        ticket = tickets[own]
        begin, end = first[ticket], first[ticket + 1]
        for place in range(begin + 1, end):
            row = order[place]
            before = place
            while before > begin and _after(order[before - 1], row, at, told, source, sequence, rank):
                order[before] = order[before - 1]
                before -= 1
            order[before] = row
        for place in range(begin, end):
            events[place, 0], events[place, 1] = at[order[place]], told[order[place]]
        place = begin
        while place < end:
            after = place + 1
            while after < end and events[after, 0] == events[place, 0]:
                after += 1
            if after > place + 1 and _doubtful(order, place, after, told, source, sequence, rank, moves, bare):
                beyond[ticket] = beyond[ticket] or AT_ONCE
            place = after


@compiled
def _after(one: int, other: int, at: Any, told: Any, source: Any, sequence: Any, rank: Any) -> bool:
    """Whether one row comes after another."""
    if at[one] != at[other]:
        return bool(at[one] > at[other])
    if source[one] != source[other]:
        return bool(source[one] > source[other])
    if sequence[one] != sequence[other]:
        return bool(sequence[one] > sequence[other])
    return bool(rank[told[one] & 0xFFFF] > rank[told[other] & 0xFFFF])


@compiled
def _doubtful(
    order: Any, place: int, after: int, told: Any, source: Any, sequence: Any, rank: Any, moves: Any, bare: Any
) -> bool:
    """Whether the order of one instant's rows is chance, or hangs on their ids."""
    counted, moving, telling, opened = 0, 0, 0, False
    for at in range(place, after):
        row = order[at]
        if sequence[row] != NEVER:
            counted += 1
        moving += moves[told[row] & 0xFFFF]
        telling += 1 - bare[row]
        opened = opened or (told[row] & 0xFFFF) == OPENED
        if at > place:
            last = order[at - 1]
            if source[last] == source[row]:
                if sequence[last] == sequence[row] and rank[told[last] & 0xFFFF] == rank[told[row] & 0xFFFF]:
                    return True
                if (sequence[last] == NEVER) != (sequence[row] == NEVER):
                    return True
    one_source = source[order[place]] == source[order[after - 1]]
    if one_source and counted == after - place:
        return False
    return moving > 1 or telling > 1 or (opened and not one_source)
