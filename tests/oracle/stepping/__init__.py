"""The parts of the stepper, one for each thing that happens at an instant."""
