"""An independent second opinion on agreements: random policies and lives, stepped from instant to instant."""
