"""The command line: ``main`` is the table of commands, each has a file, ``output`` prints."""
