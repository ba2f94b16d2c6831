"""slarules: the clauses of software-support contracts, written down and judged against ticket histories."""

__version__ = "0.1.0"
