"""The stage all others stand on: Earth frames, air, places, zones, borders."""
