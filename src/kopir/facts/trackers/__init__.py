"""Files of open trackers, as their publishers issue them, to rows of facts."""
