"""Charts of the pages: drawn on the server, and the same specifications to be pointed at."""
