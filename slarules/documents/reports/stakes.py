"""What the ambiguities are worth on a history: for each what would come out otherwise, and one case told in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from slarules.documents.blocks import (
    EMPHASIS,
    STRONG,
    Block,
    Cell,
    Document,
    Figure,
    Grid,
    Item,
    Listing,
    Paragraph,
    Run,
    Section,
    Words,
    plain,
)
from slarules.documents.moments import moment
from slarules.documents.reports.stakes_told import (
    FEW,
    case,
    changed,
    deadlines,
    favours,
    joined,
    lateness,
    standing,
    value,
)
from slarules.documents.summary.statements import quotations
from slarules.model.contract import Contract
from slarules.pictures.bars import Row, bars
from slarules.stakes.words import idle, ranked, telling, together, zone_of
from slarules.stakes.worth import OptionStake, Pair, ReadingStake, Stakes
from slarules.wording.grammar import capital, finished, quoted, words

DRAWN = 20
"""Options drawn in the picture, those first on which most hangs."""
SHOWN = 15
"""Pairs of readings in the table."""
CARE = (
    "The past is not the future, and a log tells only what was recorded: a reading on which nothing hangs here may "
    "matter next year."
)


def document(stakes: Stakes, contract: Contract) -> Document:
    """What the ambiguities are worth, as a document of its own."""
    title = contract.title or contract.name
    own = section(stakes, contract)
    head = f"{title}: what its ambiguities are worth"
    return Document(title, "What its ambiguities are worth", head, own.blocks, _numbered(own.sections))


def _numbered(sections: tuple[Section, ...], before: str = "") -> tuple[Section, ...]:
    return tuple(
        evolve(one, number=f"{before}{n}", sections=_numbered(one.sections, f"{before}{n}."))
        for n, one in enumerate(sections, 1)
    )


def section(stakes: Stakes, contract: Contract) -> Section:
    """The page on what each ambiguity is worth; its sections: all in one table, each by itself, those that act on each
    other, and those on which nothing hangs."""
    zone = zone_of(contract, stakes.base)
    hanging = ranked(stakes)
    parts = [_overview(hanging)] if hanging else []
    if hanging:
        readings = tuple(_reading(one, contract, zone) for one in hanging)
        says = "Those first on which most verdicts hang that can be determined both ways."
        parts.append(Section("Reading by reading", "stakes-by-reading", (Paragraph(plain(says)),), readings))
    parts += [found for found in (_pairs(stakes), _idle(stakes, contract)) if found is not None]
    return Section("What the ambiguities are worth", "stakes", tuple(_lead(stakes, hanging, zone)), tuple(parts),
                   new_page=True)  # fmt: skip


def _lead(stakes: Stakes, hanging: Sequence[ReadingStake], zone: str) -> Iterator[Block]:
    yield Paragraph(plain(
        f"A history of {stakes.subjects:,} cases was judged by the readings that are adopted, as of "
        f"{moment(stakes.as_of, zone)} ({zone}); that gave {stakes.verdicts:,} verdicts. Then each other way to read "
        f"the words was put in the place of the adopted one, alone, and what rests on it was judged again."
    ), "lead")  # fmt: skip
    many = len(stakes.readings)
    yield Paragraph(plain(
        f"On {len(hanging)} of {many} readings something hangs in this history. A verdict flips where its state is "
        "another; it arises or vanishes where the duty is owed under one reading only. Lateness is counted in real "
        f"time, where both ways know it. {CARE}"
    ))  # fmt: skip


# ---- All of them ------------------------------------------------------------------------------------------------


def _overview(hanging: Sequence[ReadingStake]) -> Section:
    options = [option for one in hanging for option in one.options if option.nothing is None]
    drawn = sorted((o for o in options if o.effect.decided), key=lambda o: -o.effect.decided)[:DRAWN]
    blocks: list[Block] = []
    if drawn:
        rows = [
            Row(f"{words(one.reading)}: {words(one.option)}", many, f"{many:,}", joined(favours(one.effect)))
            for one in drawn
            for many in [one.effect.decided]
        ]
        title = "Verdicts that come out otherwise"
        unit = "verdicts that flip, arise or vanish if the words are read so instead, and can be determined both ways"
        picture = bars(title, rows, unit)
        most = " on which most hangs" if len(drawn) < len(options) else ""
        blocks.append(Figure(picture, f"{title}, for each way to read the words that is not adopted{most}."))
    heads = ("reading", "instead", "flip", "arise", "vanish", "in whose favour", "lateness", "deadlines moved")
    cells = []
    for option in options:
        effect = option.effect
        figures = [effect.flips, effect.arisen, effect.vanished]
        texts = (joined(favours(effect)) or "nobody’s", lateness(effect), deadlines(effect))
        cells.append((
            Cell((Run(words(option.reading), STRONG),)), Cell(plain(words(option.option))),
            *(Cell(plain(f"{many:,}"), right=True) for many in figures), *(Cell(plain(text)) for text in texts),
        ))  # fmt: skip
    grid = Grid("What hangs on each reading", tuple(Cell(plain(head)) for head in heads), tuple(cells),
                (15, 15, 7, 7, 8, 18, 14, 16))  # fmt: skip
    return Section("At a glance", "stakes-at-a-glance", (*blocks, grid))


# ---- Each of them -----------------------------------------------------------------------------------------------


def _reading(stake: ReadingStake, contract: Contract, zone: str) -> Section:
    reading = contract.readings[stake.reading]
    why = {option.name: option.why for option in reading.options}
    blocks: list[Block] = list(quotations(reading.citation.quotations))
    blocks.append(Paragraph((Run(reading.question, EMPHASIS),)))
    judged = finished(f"judged by {quoted(stake.base)}" + (f": {why[stake.base]}" if why.get(stake.base) else ""))
    blocks.append(Paragraph(plain(judged)))
    for option in stake.options:
        blocks += _option(option, stake.base, why.get(option.option), contract, zone)
    return Section(_title(stake.reading), f"stakes-{stake.reading.replace('_', '-')}", tuple(blocks))


def _title(name: str) -> str:
    said = words(name)
    return capital(said)


def _option(
    option: OptionStake, base: str, why: str | None, contract: Contract, zone: str
) -> Iterator[Block]:
    effect = option.effect
    name: Words = (Run(f"If it is read as {quoted(option.option)} instead", STRONG), Run(f": {why}." if why else "."))
    yield Paragraph(name)
    if option.nothing is not None:
        yield Paragraph(plain("Nothing in this history comes out otherwise."))
        return
    points = [Item(plain(text)) for text in (*changed(effect), *standing(effect))]
    yield Listing(tuple(points))
    change = telling(effect)
    if change is not None:
        yield Paragraph((Run("For example: ", STRONG), *plain(case(change, base, option.option, contract, zone))))
    if effect.standings:
        yield _agreements(option)


def _agreements(option: OptionStake) -> Grid:
    rows = tuple(
        tuple(Cell(plain(text)) for text in (one.agreement, words(one.name), value(one.before), value(one.after)))
        for one in option.effect.standings[:FEW]
    )
    more = len(option.effect.standings) - len(rows)
    heads = tuple(Cell(plain(head)) for head in ("agreement", "what", "as it is read now", "instead"))
    return Grid("What agreements come to" + (f"; {more:,} more are left out" if more > 0 else ""), heads, rows)


# ---- Together, and not at all -----------------------------------------------------------------------------------


def _pairs(stakes: Stakes) -> Section | None:
    pairs = stakes.pairs
    if not pairs.pairs:
        return None
    says = (
        f"Of {pairs.pairs:,} pairs of options of two readings, {len(pairs.found):,} act on each other here: what both "
        "bring about is not the sum of what each brings about alone, in the state of a verdict or in its lateness. "
        f"{pairs.apart:,} cannot, for no rule rests on both."
    )
    if pairs.left_out:
        says += f" {len(pairs.left_out):,} were not looked at, for want of time."
    blocks: list[Block] = [Paragraph(plain(says))]
    if pairs.found:
        shown = pairs.found[:SHOWN]
        heads = ("two ways to read the words", "the first alone", "the second alone", "both", "what does not add up")
        caption = "Verdicts that flip, arise or vanish" + (
            f"; the first {len(shown)} of {len(pairs.found):,} pairs" if len(shown) < len(pairs.found) else ""
        )
        rows = tuple(_pair(pair) for pair in shown)
        blocks.append(Grid(caption, tuple(Cell(plain(head)) for head in heads), rows, (34, 11, 11, 11, 33)))
    return Section("Readings that act on each other", "stakes-pairs", tuple(blocks))


def _pair(pair: Pair) -> tuple[Cell, ...]:
    names = " and ".join(f"{quoted(reading)} as {quoted(option)}" for reading, option in (pair.first, pair.second))
    return (
        Cell(plain(names)), *(Cell(plain(f"{many:,}"), right=True) for many in pair.flips), Cell(plain(together(pair)))
    )  # fmt: skip


def _idle(stakes: Stakes, contract: Contract) -> Section | None:
    found = idle(stakes)
    if not found:
        return None
    items = []
    for stake, why in found:
        because = f"{why}: {stake.marked}" if stake.marked else why
        question = contract.readings[stake.reading].question
        items.append(Item((Run(_title(stake.reading), STRONG), Run(f". {question} {finished(because)}"))))
    says = "However these are read, nothing in this history comes out otherwise."
    return Section("On which nothing hangs here", "stakes-nothing", (Paragraph(plain(says)), Listing(tuple(items))))
