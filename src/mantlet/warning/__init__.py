"""Who is told to take shelter, when, and when it is over. Every message is an Exercise."""
