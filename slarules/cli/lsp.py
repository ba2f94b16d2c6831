"""``slarules lsp``: serve an editor over stdin and stdout, by the Language Server Protocol."""

from __future__ import annotations

import gc
import logging
import sys

import click

from slarules.cli import output
from slarules.cli.main import COULD_NOT_RUN, FINE


@click.command()
@click.option("--stdio", is_flag=True, help="Serve over stdin and stdout, as it always does; some editors say so.")
@click.option("--verbose", is_flag=True, help="Tell on stderr what is asked and answered.")
def command(stdio: bool, verbose: bool) -> int:
    """Serve an editor: diagnostics, hover, completion, rename and more. docs/editor.md says how it starts this."""
    del stdio
    try:
        from slarules.lsp.server import server
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] not in ("pygls", "lsprotocol"):
            raise
        output.say("the language server needs an extra: pip install 'slarules[lsp]'", "bold red")
        return COULD_NOT_RUN
    if sys.stdin.isatty():
        output.say("this serves an editor, which starts it itself (docs/editor.md); press Ctrl+D to end it")
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("pygls").setLevel(logging.DEBUG if verbose else logging.CRITICAL)  # faults are told by us
    logging.getLogger("slarules").setLevel(logging.DEBUG if verbose else logging.WARNING)
    sys.setswitchinterval(0.001)  # a keystroke is answered while a text is checked in another thread
    gc.set_threshold(50_000, 20, 50)  # trees of policies are many small objects, and have no circles
    server().start_io()
    return FINE
