"""Sections of the summary that tell what the contract says: its clauses, definitions, ambiguities, ledger."""
