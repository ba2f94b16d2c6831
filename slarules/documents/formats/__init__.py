"""A document as a file: web page, Word, PDF, Markdown; and a report as a workbook."""
