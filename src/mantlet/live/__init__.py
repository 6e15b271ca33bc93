"""The always-on service: a run as it happens or a saved one, over HTTP and WebSocket."""
