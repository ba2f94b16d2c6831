"""Says where we disagree with a file of clock cases: `python -m tests.clock_cases FILE`."""

from __future__ import annotations

import sys

from tests.clock_cases.judging import main

sys.exit(main(sys.argv[1:]))
