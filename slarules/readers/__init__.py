"""Files and exports to events: JSON lines, CSV and Parquet, ours, CloudEvents or through a mapping file.

``read_events`` is the way in. Nothing here keeps a whole file in memory, and nothing is lost: a line
that gives no event is counted and listed with its cause.
"""

from slarules.readers.mapping import EventMapping
from slarules.readers.mapping_file import load_mapping
from slarules.readers.reading import Reading, read_events
from slarules.readers.rejects import CODES, Rejected, RejectsFile, Tally

__all__ = [
    "CODES",
    "EventMapping",
    "Reading",
    "Rejected",
    "RejectsFile",
    "Tally",
    "load_mapping",
    "read_events",
]
