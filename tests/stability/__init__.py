"""Every command's answers on the bundled models, kept short, so that a change shows which of them moved."""
