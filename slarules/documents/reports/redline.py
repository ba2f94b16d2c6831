"""What changed between two versions of one contract, clause by clause; words and meaning apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import PurePath

from attrs import frozen

from slarules.comparison.compare import Comparison, Other, compare
from slarules.comparison.meaning import JUDGED, NO_DIFFERENCE, SAME, Row
from slarules.comparison.sides import side
from slarules.comparison.words import deadlines_words, example_words, in_short, verdict_words
from slarules.documents.blocks import (
    DELETED,
    EMPHASIS,
    INSERTED,
    PLAIN,
    STRONG,
    Block,
    Cell,
    Grid,
    Item,
    Listing,
    Paragraph,
    Run,
    Section,
    Words,
    cells,
    plain,
)
from slarules.documents.summary.register import Entry, Register, register
from slarules.loader import Loaded
from slarules.model.rules import Note, Reading, Table
from slarules.wording.grammar import capital, listed, quoted
from slarules.wording.grammar import words as in_words

NEITHER = "Neither the contract’s words nor what its rules mean has changed."
DRIFTED = ("The contract’s words are the same, yet the rule now says something else: one of the two versions of the "
           "rule does not fit the words.")
MOVED = "The contract’s words and the rule are the same; it means something else by what it rests on: {}."
REWORDED = "The words changed; what is owed is the same."
UNPROVEN = "The words changed; no difference in what is owed was found among {} tickets tried."
_WORD = re.compile(r"\S+\s*")
_NAME = re.compile(r"\w+")
_PROSE = re.compile(r'"[^"]*"')


@frozen(eq=False)
class Changed:
    """Two versions of a contract, with the comparison of their meaning."""

    old: Loaded
    """The version before."""
    new: Loaded
    """The version now."""
    compared: Comparison
    """The old one compared with the new one."""


@frozen
class Pair:
    """One rule in both versions; None: it has none in that one."""

    before: Entry | None
    now: Entry | None

    @property
    def entry(self) -> Entry:
        """The rule as it is now, or as it was."""
        found = self.now or self.before
        assert found is not None
        return found


def changed(old: Loaded, new: Loaded, done: Callable[[int, int], None] | None = None) -> Changed:
    """What changed from one loaded policy to another; both must have loaded without an error.

    ``done`` is told pairs of rules compared and pairs in all.
    """
    assert old.contract is not None and new.contract is not None
    return Changed(old, new, compare(side(old.contract), side(new.contract), done=done))


def section(given: Changed) -> Section:
    """The redline: first what changed in effect, then each clause with the words and the rules that changed."""
    before, now = register(given.old), register(given.new)
    pairs = tuple(_paired(before, now))
    at_hand = Rewritten(given, _texts(pairs), frozenset(_rewritten(pairs)))
    parts = tuple(_clauses(at_hand, before, now, pairs))
    told = f"From {_named(given.old)} to {_named(given.new)}. "
    if not parts:
        return Section("What changed", "redline", (Paragraph(plain(told + NEITHER)),))
    says = (Run(told), Run("What was taken out is "), Run("struck through", DELETED), Run(", what was put in is "),
            Run("underlined", INSERTED), Run(". Stricter and looser are said of what is now against what was, for "
                                             "whoever owes; each ticket shown was judged under both versions."))
    return Section("What changed", "redline", (Paragraph(says), *_in_effect(given)), parts, new_page=True)


def _named(loaded: Loaded) -> str:
    assert loaded.contract is not None and loaded.data is not None
    digest = sha256(loaded.data).hexdigest()
    return f"“{loaded.contract.title}” ({PurePath(loaded.path).name}, SHA-256 {digest[:12]}…)"


# ---- Which rule was which -------------------------------------------------------------------------------------------


def _key(entry: Entry) -> tuple[str, str]:
    sort = {"target": "duty", "date": "amount"}.get(entry.sort, entry.sort)
    return (sort, _quoted(entry) if isinstance(entry.rule, Note) else entry.name)


def _paired(before: Register, now: Register) -> Iterator[Pair]:
    """Rules by sort and name, words without a rule by what they are; those left of one clause in their order."""
    old: dict[tuple[str, str], list[Entry]] = {}
    for entry in before.entries:
        old.setdefault(_key(entry), []).append(entry)
    found: list[Pair] = []
    new: list[Entry] = []
    for entry in now.entries:
        same = old.get(_key(entry), [])
        if same:
            found.append(Pair(same.pop(0), entry))
        else:
            new.append(entry)
    gone = [entry for entry in before.entries if any(entry is other for other in old.get(_key(entry), []))]
    for entry in new:
        twin = next((one for one in gone if _is_note_like(one, entry, before, now)), None)
        if twin is not None:
            gone.remove(twin)
        found.append(Pair(twin, entry))
    yield from found
    yield from (Pair(entry, None) for entry in gone)


def _is_note_like(one: Entry, other: Entry, before: Register, now: Register) -> bool:
    """Whether two notes of one clause stand for words that were only changed a little."""
    if not (isinstance(one.rule, Note) and isinstance(other.rule, Note)) or _clause(one, before) != _clause(other, now):
        return False
    return SequenceMatcher(None, _quoted(one).split(), _quoted(other).split(), autojunk=False).ratio() > 0.5


def _clause(entry: Entry, found: Register) -> str:
    return "" if entry.clause is None else found.clauses[entry.clause].title


def _quoted(entry: Entry) -> str:
    return "\n".join(" ".join(quotation.text.split()) for quotation in entry.quotations)


# ---- Clause by clause -----------------------------------------------------------------------------------------------


@frozen(eq=False)
class Rewritten:
    """What changed, with what is needed to tell on what a rule rests."""

    changed: Changed
    """The two versions."""
    texts: Mapping[str, str]
    """Name of a rule, reading, fact or table's column → how it is written now."""
    names: frozenset[str]
    """Those that are written otherwise than before."""


def _texts(pairs: Iterable[Pair]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        entry = pair.now
        if entry is not None and not isinstance(entry.rule, Note):
            found[entry.name] = _rule_text(entry)
            if isinstance(entry.rule, Table):
                found |= dict.fromkeys(entry.rule.columns, entry.name)
    return found


def _rewritten(pairs: Iterable[Pair]) -> Iterator[str]:
    for pair in pairs:
        if pair.now is not None and (pair.before is None or _rule_text(pair.before) != _rule_text(pair.now)):
            yield pair.now.name


def _clauses(at_hand: Rewritten, before: Register, now: Register, pairs: Sequence[Pair]) -> Iterator[Section]:
    """A section for each clause in which something changed, in the order that they have now."""
    titles = list(dict.fromkeys(("", *(one.title for one in now.clauses), *(one.title for one in before.clauses))))
    old, new = {one.title for one in before.clauses}, {one.title for one in now.clauses}
    for number, title in enumerate(titles):
        own = [pair for pair in pairs if _clause(pair.entry, now if pair.now is not None else before) == title]
        blocks = tuple(block for pair in own for block in _rule(at_hand, pair))
        if not blocks:
            continue
        state = "" if not title or (title in old and title in new) else " (new)" if title in new else " (gone)"
        yield Section((title or "Outside any clause") + state, f"redline-{number}", blocks)


def _rule(at_hand: Rewritten, pair: Pair) -> Iterator[Block]:
    """What changed of one rule; nothing where nothing did."""
    words = _quoted(pair.before) if pair.before else "", _quoted(pair.now) if pair.now else ""
    says = tuple(tuple(one.sentences) if one else () for one in (pair.before, pair.now))
    rows, other = _meaning(at_hand.changed, pair)
    otherwise = any(row.verdict != SAME for row in rows) or (other is not None and not other.same)
    if words[0] == words[1] and says[0] == says[1] and not otherwise and pair.before and pair.now:
        return
    lines = []
    if words[0] or words[1]:
        kept = words[0] == words[1] and pair.entry.name not in at_hand.names
        lines.append(("The contract’s words", plain("Unchanged.") if kept else difference(*words)))
    if says[0] or says[1]:
        lines.append(("What the policy says", plain("Unchanged.") if says[0] == says[1] else sentences(*says)))
    effect = " ".join(_effect(at_hand, pair, words[0] != words[1], rows, other))
    if effect:
        lines.append(("In effect", plain(effect)))
    state = " (new)" if pair.before is None else " (gone)" if pair.now is None else ""
    name = f" {quoted(pair.entry.name)}" if pair.entry.name and not isinstance(pair.entry.rule, Note) else ""
    yield Grid(f"{pair.entry.sort.capitalize()}{name}{state}", cells("What", "From before to now"),
               tuple((Cell((Run(head, STRONG),)), Cell(told)) for head, told in lines), (1, 5))
    zone = at_hand.changed.compared.ours.zone
    tickets = [_ticket(row, number, zone) for row in rows for number, _ in enumerate(row.examples)]
    if tickets:
        yield Listing(tuple(Item(plain(one)) for one in tickets))


def _ticket(row: Row, number: int, zone: str) -> str:
    """A ticket in a line, as this document calls the two versions."""
    at = f" of severity {row.levels[0]}" if row.levels else ""
    return f"A ticket{at}, {example_words(row.examples[number], zone, ('before,', 'now,'))}."


def _meaning(given: Changed, pair: Pair) -> tuple[list[Row], Other | None]:
    sort, name = _key(pair.entry)
    of_now = name if pair.now is not None else None
    judged = [row for row in given.compared.rows if row.pair.sort == sort and sort in JUDGED]
    rows = [row for row in judged if of_now in row.pair.theirs]
    other = next((one for one in given.compared.others if one.pair.sort == sort and of_now in one.pair.theirs), None)
    return rows, other


def _effect(
    at_hand: Rewritten, pair: Pair, reworded: bool, rows: list[Row], other: Other | None
) -> Iterator[str]:
    if isinstance(pair.entry.rule, Note):
        yield "No rule stands for these words."
        return
    if pair.before is None or pair.now is None:
        yield "There was no such rule before." if pair.before is None else "There is no such rule any more."
        return
    if isinstance(pair.now.rule, Reading) and isinstance(pair.before.rule, Reading):
        if pair.before.rule.adopted != pair.now.rule.adopted:
            yield f"Read as {quoted(pair.now.rule.adopted)}; it was read as {quoted(pair.before.rule.adopted)}."
        return
    yield from (_row_words(row) for row in rows if row.verdict != SAME)
    if rows and all(row.idle for row in rows):
        yield "It is owed neither before nor now, as its readings are chosen."
    if other is not None and not other.same and (pair.now.name in at_hand.names or other.shows):
        shows = (other.shows or "").replace("A is", "before it is").replace("B is", "now it is")
        yield f"It says something else{': ' if shows else ''}{shows}."
    if rows and reworded and all(row.verdict == SAME and not row.idle for row in rows):
        yield REWORDED
    elif rows and reworded and all(row.verdict in (SAME, NO_DIFFERENCE) for row in rows):
        yield UNPROVEN.format(sum(row.tried for row in rows))
    elif not reworded and (any(row.verdict not in (SAME, NO_DIFFERENCE) for row in rows) or (
            other is not None and not other.same)):
        yield _why_without_words(at_hand, pair.now)


def _row_words(row: Row) -> str:
    at = f"Severity {row.levels[1]}: " if row.levels else "Where the severity changes: " if row.changing else ""
    told = verdict_words(row)
    due = f" Now {deadlines_words(row.deadlines)}." if row.deadlines and row.examples else ""
    return f"{at or ''}{told if at else capital(told)}.{due}"


def _why_without_words(at_hand: Rewritten, entry: Entry) -> str:
    """Words that stayed while the meaning changed: the rule was written anew, or what it rests on was."""
    if entry.name in at_hand.names:
        return DRIFTED
    found: dict[str, None] = {}
    seen: set[str] = set()
    todo = [_rule_text(entry)]
    while todo:
        for name in _NAME.findall(todo.pop()):
            if name in at_hand.texts and name not in seen:
                seen.add(name)
                todo.append(at_hand.texts[name])
                if name in at_hand.names:
                    found[name] = None
    return MOVED.format(listed(map(quoted, found)) or "what is around it")


def _rule_text(entry: Entry) -> str:
    """The rule as it stands in the policy, without the words quoted for it and without titles and reasons."""
    lines = [line.strip() for line in entry.span.text.splitlines()]
    told = " ".join(line for line in lines if not line.startswith((">", "--")))
    return " ".join(_PROSE.sub("", told).split())


# ---- In effect ------------------------------------------------------------------------------------------------------


def _in_effect(given: Changed) -> Iterator[Block]:
    """Every rule that is stricter, looser or not comparable, at each severity, with a ticket."""
    compared = given.compared
    rows = [row for row in compared.rows if row.verdict not in (SAME, NO_DIFFERENCE)]
    if not rows:
        yield Paragraph(plain("No duty, target, prohibition or right was found to be stricter or looser."))
        return
    lines = []
    for row in rows:
        at = "as it changes" if row.changing else row.levels[1] if row.levels else ""
        says = [in_short(one, row.pair.sort, names, row.levels and row.levels[n]) for n, (one, names) in
                enumerate(((compared.ours, row.pair.ours), (compared.theirs, row.pair.theirs)))]
        told: Words = plain(says[1]) if says[0] == says[1] else difference(says[0], says[1])
        lines.append((Cell(plain(", ".join(map(in_words, row.pair.theirs)))), Cell(plain(at)), Cell(told),
                      Cell(plain(verdict_words(row)))))
    yield Grid("What changed in effect", cells("Rule", "Severity", "What is owed", "Now against before"),
               tuple(lines), (3, 2, 5, 4))


# ---- Word by word ---------------------------------------------------------------------------------------------------


def difference(before: str, now: str) -> Words:
    """Two texts as one, word by word: what was taken out and what was put in."""
    old, new = _WORD.findall(before.replace("\n", " ")), _WORD.findall(now.replace("\n", " "))
    bare = [word.strip() for word in old], [word.strip() for word in new]
    runs: list[Run] = []
    for what, i, j, k, m in SequenceMatcher(None, *bare, autojunk=False).get_opcodes():
        if what == "equal":
            runs.append(Run("".join(new[k:m]), PLAIN))
            continue
        if j > i:
            runs += _marked(old[i:j], DELETED)
        if m > k:
            runs += _marked(new[k:m], INSERTED)
    return _tidy(runs)


def sentences(before: Sequence[str], now: Sequence[str]) -> Words:
    """The sentences that changed, word by word; three dots stand for those that did not."""
    found: list[Words] = []
    for what, i, j, k, m in SequenceMatcher(None, list(before), list(now), autojunk=False).get_opcodes():
        told = plain("…") if what == "equal" else difference(" ".join(before[i:j]), " ".join(now[k:m]))
        found.append(told)
    return tuple(run for n, one in enumerate(found) for run in ((*plain(" "), *one) if n else one))


def _marked(words: Iterable[str], style: str) -> list[Run]:
    """Words in a style, the blank after them plain."""
    return [Run("".join(words).rstrip(), style), Run(" ", PLAIN)]


def _tidy(runs: Iterable[Run]) -> Words:
    """Neighbours of one style joined, no blanks at the end."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].style == run.style:
            found[-1] = Run(found[-1].text + run.text, run.style)
        elif found and found[-1].style == PLAIN and not found[-1].text.endswith((" ", "\n")) and run.style != PLAIN:
            found[-1] = Run(found[-1].text + " ")
            found.append(run)
        elif run.text:
            found.append(run)
    if found and found[-1].style == PLAIN:
        found[-1] = Run(found[-1].text.rstrip())
    kept = tuple(run for run in found if run.text)
    return kept or (Run("(none)", EMPHASIS),)
