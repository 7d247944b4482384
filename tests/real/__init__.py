"""Real servers: each connector against the server that it speaks with, and the whole story with all of them."""
