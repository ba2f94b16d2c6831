"""The kernels: plain loops over arrays, compiled where numba is installed and run as they are where it is not."""

GENERAL, QUICK, WIDE = "telling.tell_all", "quick.quick_all", "quick.wide_all"
"""Those that take long to compile, half a minute and some seconds; ``QUICK`` or ``WIDE`` is all that plain tickets
need, as their contract is."""
