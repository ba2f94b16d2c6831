"""A version of a contract as tables for the kernels: all that can be known of it before any event."""
