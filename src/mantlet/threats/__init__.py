"""What falls: generic classes, raids as published or assumed, and their true flights."""
