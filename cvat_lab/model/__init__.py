"""The domain: every type, defined once.

Three families, told apart by their last word: plain names (``Task``) are what is stored, ``...Read`` is what the server
answers, ``...Write`` and ``...Patch`` is what clients send.
"""
