"""The kernels: plain loops over arrays, compiled where numba is installed and run as they are where it is not."""
