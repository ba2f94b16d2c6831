"""The terminal: editing, completion, colours, history. The only user of prompt_toolkit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import History as Entries
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from slarules.repl.answers import DOUBT, FAINT, line
from slarules.repl.completion import complete
from slarules.repl.highlight import highlighted
from slarules.repl.history import History, read_history
from slarules.repl.judging import evaluated, tell_of, zone_in
from slarules.repl.loop import Run, prompt, take, unclean, watch
from slarules.repl.plain import GOES_ON, pasted
from slarules.repl.reading import goes_on

STYLE = Style.from_dict(
    {
        "command": "bold",
        "keyword": "ansiblue",
        "subject": "bold ansicyan",
        "name": "ansicyan",
        "time": "ansimagenta",
        "string": "ansigreen",
        "comment": "ansibrightblack",
        "prompt": "ansibrightblack",
        "bottom-toolbar": "noreverse ansibrightblack",
        "completion-menu": "bg:default",
        "completion-menu.completion": "bg:default ansidefault",
        "completion-menu.completion.current": "reverse",
        "completion-menu.meta.completion": "bg:default ansibrightblack",
        "completion-menu.meta.completion.current": "bg:default ansidefault",
        "auto-suggestion": "ansibrightblack",
    }
)
WIDEST = 60
"""Cells of what is said beside a word that may come."""


class _Words(Completer):
    """Offers what may come next in the session as it is now."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        text = document.text_before_cursor
        try:
            found = complete(text, self.run.session)
        except Exception:  # writing must go on; the command itself tells what is wrong
            return
        if found.wants_path:
            yield from self.paths.get_completions(Document(text[found.start :]), complete_event)
            return
        for one in found.candidates:
            yield Completion(one.text, found.start - len(text), display_meta=one.meaning[:WIDEST])


class _Colours(Lexer):
    """Colours an entry while it is written."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        lines = document.lines

        def coloured(number: int) -> StyleAndTextTuples:
            try:
                return [(f"class:{kind}", text) for kind, text in highlighted(lines[number], self.run.session)]
            except Exception:  # writing must go on without colours
                return [("", lines[number])]

        return coloured


class _Kept(Entries):
    """The history file, as the editor asks for it."""

    def __init__(self, history: History) -> None:
        super().__init__()
        self.history = history

    def load_history_strings(self) -> Iterable[str]:
        return reversed(self.history.entries)

    def store_string(self, string: str) -> None:
        self.history.add(string)


def _keys() -> KeyBindings:
    """Enter ends an entry that is finished, and goes on with one that is not; Alt-Enter always goes on."""
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            buffer.complete_state = None
        elif goes_on(buffer.text) and buffer.document.is_cursor_at_the_end:
            buffer.insert_text("\n  ")
        else:
            buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n  ")

    return keys


def _foot(run: Run) -> str:
    """One quiet line below: the policy, and when something changes next."""
    session = run.session
    policy = session.policy
    if policy is None or policy.contract is None:
        return " no policy yet: load FILE" if policy is None else f" {policy.path} has errors"
    said = [policy.contract.name, zone_in(session)]
    if session.case.now is not None and session.case.entries and not any(entry.many for entry in session.case.entries):
        try:
            at = evaluated(policy.contract, session.case).next_change_at
        except Exception:  # the next command tells what is wrong
            return " " + "   ".join(said)
        said.append(f"next change {tell_of(session)(at)}" if at is not None else "nothing more changes by itself")
    if policy.is_behind:
        said.append("the file has errors: its last good state goes on")
    return " " + "   ".join(said)


def converse_on_terminal(run: Run, folder: Path | None) -> None:
    """One entry after another until `quit` or the end of input; ``folder`` keeps the history, None: nothing does."""
    history: Entries = InMemoryHistory() if folder is None else _Kept(read_history(folder))
    editor: PromptSession[str] = PromptSession(
        history=history,
        completer=_Words(run),
        complete_while_typing=False,
        lexer=_Colours(run),
        style=STYLE,
        color_depth=ColorDepth.from_env() or None,
        auto_suggest=AutoSuggestFromHistory(),
        key_bindings=_keys(),
        multiline=True,
        prompt_continuation=[("class:prompt", GOES_ON)],
        reserve_space_for_menu=6,
    )
    _welcome(run)
    while True:
        try:
            watch(run)
            text = editor.prompt([("class:prompt", prompt(run.session))], bottom_toolbar=_foot(run))
            watch(run)  # the file may have changed while the entry was written
            for entry in pasted(text):
                if not take(run, entry):
                    return
        except KeyboardInterrupt:
            continue
        except EOFError:
            unclean(run)
            return


def _welcome(run: Run) -> None:
    """What to do first, and sessions that were not finished."""
    run.show((line(("`help` lists the commands, Tab completes, Ctrl-D leaves", FAINT)),))
    policy = run.session.policy
    if run.folder is None or policy is None or policy.contract is None or run.session.case.entries:
        return
    left = sorted(run.folder.glob(f"{policy.contract.name}-*.sla"), key=lambda path: path.stat().st_mtime_ns)
    if left:
        run.show((line((f"an earlier session was not finished: `load {left[-1]}` goes on with it", DOUBT)),))
