"""The language server: what an editor shows while a policy is written."""
