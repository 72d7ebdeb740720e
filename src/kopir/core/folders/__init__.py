"""Tables with a schema and folders of them: read, checked, written whole, stored."""
