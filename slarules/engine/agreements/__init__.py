"""An agreement's life: its statuses, people and allowances, at every instant."""
