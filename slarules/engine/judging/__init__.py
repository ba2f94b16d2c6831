"""One case judged, instant by instant, in the order of R1: what happens, arises, is owed, kept or broken."""
