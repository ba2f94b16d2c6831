"""The same question asked of every implementation: each field of each answer is equal, or the ticket is printed."""
