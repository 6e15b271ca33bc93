"""Outside data into files that scenarios read: borders, places, and records of alerts."""
