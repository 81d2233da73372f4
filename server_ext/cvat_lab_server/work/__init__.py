"""Background requests: the queue, and the executors that run them."""
