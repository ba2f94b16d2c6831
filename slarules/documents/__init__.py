"""Documents: one outline of blocks, rendered as a web page, a Word file, a PDF or Markdown."""
