"""Engines side by side: the same tickets, the same contract, the same verdicts; only the time and memory differ."""
