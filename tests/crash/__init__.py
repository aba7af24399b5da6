"""What survives when the server is killed at its worst moment."""
