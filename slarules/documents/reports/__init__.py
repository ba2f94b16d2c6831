"""Documents about a log or about two contracts: the report, advice, stakes of readings, comparison, redline."""
