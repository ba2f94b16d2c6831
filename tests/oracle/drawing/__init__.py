"""The parts of the generator of random cases."""
