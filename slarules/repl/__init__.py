"""The REPL: a policy tried on a live case, beside a clock that only the user moves."""
