"""Pictures as SVG, by template, from plain data: each with a title and a description for who cannot see it."""
