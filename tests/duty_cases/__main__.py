"""Judges any file of duty cases: `python -m tests.duty_cases FILE`."""

from __future__ import annotations

import sys

from tests.duty_cases.judging import main

sys.exit(main(sys.argv[1:]))
