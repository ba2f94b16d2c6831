"""Whole logs judged on a Spark cluster, and streams of events judged as they come: the same verdicts as on a laptop."""

from slarules.spark.batch import Judging, collected, judge, judging
from slarules.spark.events import rejects, set_aside, usable
from slarules.spark.files import EventFiles, event_files
from slarules.spark.linking import HangTogether
from slarules.spark.live import latest, live
from slarules.spark.order import NeedsPosition
from slarules.spark.schema import CHANGES, FINDINGS, SUBJECTS, VERDICTS
from slarules.spark.watching import OutOfStream
from slarules.spark.writing import write

__all__ = [
    "CHANGES",
    "FINDINGS",
    "SUBJECTS",
    "VERDICTS",
    "EventFiles",
    "HangTogether",
    "Judging",
    "NeedsPosition",
    "OutOfStream",
    "collected",
    "event_files",
    "judge",
    "judging",
    "latest",
    "live",
    "rejects",
    "set_aside",
    "usable",
    "write",
]
