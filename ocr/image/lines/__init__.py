"""Takes lines that are no print off a page: strokes of pens, shadows of folds, streaks."""
