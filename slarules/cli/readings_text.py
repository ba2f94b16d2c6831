"""What ``slarules readings`` prints for people: readings by what hangs on them, the verdicts that flip, pairs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from slarules.cli import output
from slarules.cli.excerpt import clean
from slarules.model.contract import Contract
from slarules.model.value import MINUTE
from slarules.model.verdict import Verdict
from slarules.readers.log import Log
from slarules.scenario.judging import words_of
from slarules.stakes.words import favour, idle, ranked, size, together, told, zone_of
from slarules.stakes.worth import Change, Effect, OptionStake, Pairs, ReadingStake, Stakes

GOOD, BAD, OPEN, DIM = "green", "bold red", "yellow", "dim"


def show(contract: Contract, log: Log, stakes: Stakes, chosen: Sequence[OptionStake], top: int) -> None:
    """Prints what hangs on each reading; of ``chosen`` options also which verdicts, ``top`` of each."""
    console = output.results()
    zone = zone_of(contract, stakes.base)
    title = Text.assemble(
        (clean(contract.title or contract.name), "bold"),
        f": {output.counted(log.size, 'event')} of {output.counted(stakes.subjects, 'subject')}, "
        f"{output.counted(stakes.verdicts, 'verdict')}, as of {output.local(stakes.as_of, zone)}",
    )
    output.line(console, title)
    hanging = ranked(stakes)
    if hanging:
        _table(console, hanging)
    else:
        output.line(console, "no reading changes anything in this log")
    _standings(console, hanging)
    _idle(console, stakes)
    for one in chosen:
        _flips(console, one, zone, top)
    _pairs(console, stakes.pairs, top)
    if log.rejected:
        output.say(f"{output.counted(log.rejected.total(), 'line')} set aside: `slarules run` says which")


def _table(console: Console, hanging: Sequence[ReadingStake]) -> None:
    rows: list[list[Text | str]] = []
    for reading in hanging:
        for number, option in enumerate(one for one in reading.options if one.nothing is None):
            name = Text.assemble((f"{reading.reading}\n" if number == 0 else "", "bold"), f"  {option.option}")
            rows.append([name, *_figures(option.effect)])
    money = any(option.effect.money for reading in hanging for option in reading.options)
    heads = ["reading, and instead", "verdicts", "in whose favour", "lateness", "deadlines", "rules"]
    if money:
        heads.append("money")
    shown = rows if money else [row[:-1] for row in rows]
    output.table(console, heads, shown, right=(1, 3), title="What hangs on each reading")


def _figures(effect: Effect) -> list[Text | str]:
    late = [
        f"{sign}{minutes(size)}" for sign, size in (("+", effect.lateness.gained), ("−", effect.lateness.lost)) if size
    ]
    favours = [Text(one, GOOD if one.startswith("for") else BAD) for one in favour(effect)]
    if effect.undetermined:
        word = "more" if effect.undetermined > 0 else "fewer"
        favours.append(Text(f"{abs(effect.undetermined):,} {word} unclear", OPEN))
    verdicts = [
        f"{found:,} {one if found == 1 else more}"
        for found, one, more in ((effect.flips, "flips", "flip"), (effect.arisen, "arises", "arise"),
                                 (effect.vanished, "vanishes", "vanish"))
        if found
    ]  # fmt: skip
    return [_lines(verdicts), Text("\n").join(favours) if favours else Text("·", DIM), _lines(late), _moved(effect),
            _rules(effect), _money(effect)]  # fmt: skip


def _lines(parts: Sequence[str]) -> Text:
    return Text("\n".join(parts)) if parts else Text("·", DIM)


def _rules(effect: Effect) -> str:
    """The rule with the most verdicts that differ, and how many more there are; `--json` names them all."""
    if not effect.rules:
        return "·"
    most = max(effect.rules, key=lambda name: effect.rules[name])
    return most + (f", +{len(effect.rules) - 1}" if len(effect.rules) > 1 else "")


def minutes(micros: int) -> str:
    """A length in whole minutes; what is less than one is `under 1 min`."""
    return f"{micros // MINUTE:,} min" if micros >= MINUTE else "under 1 min"


def _moved(effect: Effect) -> Text:
    moves = effect.moves
    parts = [f"{many:,} {word}" for many, word in ((moves.later, "later"), (moves.earlier, "earlier")) if many]
    return _lines([*parts, f"by {minutes(moves.median)}"] if parts else [])


def _money(effect: Effect) -> str:
    return ", ".join(f"{currency} +{more} −{less}" for currency, (more, less) in effect.money.items())


def _standings(console: Console, hanging: Sequence[ReadingStake]) -> None:
    rows = [
        [f"{option.reading} = {option.option}", one.agreement, one.name, _value(one.before), _value(one.after)]
        for reading in hanging
        for option in reading.options
        for one in option.effect.standings
    ]
    if rows:
        shown = rows[:20]
        title = "Agreements" + (f" (the first {len(shown)} of {len(rows):,} lines)" if len(rows) > len(shown) else "")
        output.table(console, ["reading", "agreement", "what", "now", "instead"], shown, title=title)


def _value(value: object) -> str:
    return "not begun" if value is None else words_of(value)


def _idle(console: Console, stakes: Stakes) -> None:
    reasons: dict[str, list[str]] = {}
    for reading, why in idle(stakes):
        reasons.setdefault(why, []).append(reading.reading)
    if reasons:
        rows = [[why, f"{len(names):,}", ", ".join(names)] for why, names in reasons.items()]
        output.table(console, ["why", "many", "readings"], rows, right=(1,), title="Nothing in this log hangs on")


def _flips(console: Console, option: OptionStake, zone: str, top: int) -> None:
    several = size(option.effect)
    name = clean(f"{option.reading} = {option.option}")
    if not several:
        output.line(console, f"{name}: no verdict changes its state, arises or vanishes")
        return
    shown = option.effect.changes[:top]
    rows = [_row(change, zone) for change in shown]
    many = f"the first {len(shown):,} of {several:,}" if several > len(shown) else "all"
    if option.effect.doubtful:
        many += f"; {option.effect.doubtful:,} hang on less than the log's precision"
    heads = ["subject", "duty", "now", "due", "instead", "due instead"]
    output.table(console, heads, rows, title=f"{name}: verdicts that come out otherwise ({many})")


def _row(change: Change, zone: str) -> list[Text | str]:
    one = change.before or change.after
    assert one is not None
    level = f", severity {one.severity}" if one.severity else ""
    before, after = _due(change.before, zone), _due(change.after, zone)
    return [
        Text(clean(one.subject), "bold"), f"{one.label}{level}", told(change.before), before, told(change.after), after
    ]  # fmt: skip


def _due(verdict: Verdict | None, zone: str) -> str:
    return "" if verdict is None or verdict.deadline is None else output.local(verdict.deadline, zone)


def _pairs(console: Console, pairs: Pairs, top: int) -> None:
    if not pairs.pairs:
        return
    shown = pairs.found[:top]
    if shown:
        rows = [
            ["\n".join("=".join(one) for one in (pair.first, pair.second)),
             "\n".join(f"{many:,}" for many in pair.flips[:2]), f"{pair.flips[2]:,}", together(pair)]
            for pair in shown
        ]  # fmt: skip
        many = f"the first {len(shown):,} of {len(pairs.found):,}" if len(pairs.found) > len(shown) else "all"
        heads = ["readings", "alone", "both", "verdicts that do not add up"]
        output.table(console, heads, rows, right=(1, 2), title=f"Readings that act on each other ({many})")
    told = f"{pairs.pairs:,} pairs of options: {len(pairs.found):,} act on each other"
    told += f"; {pairs.apart:,} cannot, for no rule rests on both"
    if pairs.left_out:
        told += f"; {len(pairs.left_out):,} were not looked at (--pairs all looks at them, and takes its time)"
    output.line(console, told)
