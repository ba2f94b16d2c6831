"""Logs larger than memory, and logs that grow: put on disk, and judged a range of tickets at a time."""
