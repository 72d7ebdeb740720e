"""A brief as Markdown, a page and a record, with its figures drawn."""
