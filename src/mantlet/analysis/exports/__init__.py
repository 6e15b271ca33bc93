"""A saved run for other programs: one module for each format, all fed by the same run folder."""
