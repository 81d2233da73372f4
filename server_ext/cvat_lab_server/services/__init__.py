"""The rules of every resource. Services know nothing of HTTP and have no SQL of their own."""
