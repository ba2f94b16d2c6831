"""Numbers as people of some country write them: 1.234,50 or 1,234.50; none is read in another country's way."""

from __future__ import annotations

import re
from decimal import Decimal

from attrs import field, frozen

from slarules.readers.fields import number

THOUSANDS = (".", ",", " ", "'", "’")
"""What may stand between the thousands; a blank is also one that does not break."""
_BLANKS = str.maketrans("\u00a0\u202f\u2009", "   ")


@frozen
class NumberFormat:
    """How a log writes its numbers."""

    decimal: str = "."
    """Before the fraction: a point or a comma."""
    thousands: str | None = None
    """Between the thousands, of ``THOUSANDS``; None: nothing."""
    _grouped: re.Pattern[str] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        mark, point = re.escape(self.thousands or ""), re.escape(self.decimal)
        written = rf"([+-]?)(\d+|\d{{1,3}}(?:{mark}\d{{3}})+)(?:{point}(\d+))?"
        object.__setattr__(self, "_grouped", re.compile(written, re.ASCII))

    def number(self, text: str) -> Decimal:
        """The number exactly. Raises ``ValueError`` or ``InvalidOperation`` for what is none, and ``Refused``."""
        if self.decimal == "." and self.thousands is None:
            return number(text)
        match = self._grouped.fullmatch(text.translate(_BLANKS) if self.thousands == " " else text)
        if match is None:
            raise ValueError
        sign, whole, fraction = match.groups()
        whole = whole.replace(self.thousands, "") if self.thousands else whole
        return number(f"{sign}{whole}.{fraction}" if fraction else sign + whole)
