"""Two contracts compared: by what they mean, and on a log of events."""
