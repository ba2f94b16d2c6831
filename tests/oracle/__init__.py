"""An independent oracle: judges the neutral duty cases by stepping through time, minute by minute."""
