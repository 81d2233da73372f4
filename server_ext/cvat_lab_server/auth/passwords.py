"""Secrets: passwords are stored as scrypt hashes, keys and tokens as SHA-256."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_N, _R, _P = 2**14, 8, 1
"""Cost of scrypt: about 16 MiB and 50 ms per check, as OWASP's guide recommends at least."""


def hash_password(password: str) -> str:
    """Return ``scrypt$salt$hash`` for storage."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_text(salt)}${_text(_derive(password, salt))}"


def check_password(password: str, stored: str) -> bool:
    """Return whether ``password`` is the one that was hashed. An empty ``stored`` matches nothing."""
    scheme, _, rest = stored.partition("$")
    salt, _, digest = rest.partition("$")
    if scheme != "scrypt" or not digest:
        _derive(password, b"equal time for unknown users")
        return False
    return hmac.compare_digest(_derive(password, base64.b64decode(salt)), base64.b64decode(digest))


def new_secret() -> str:
    """Return a secret of 40 characters, the longest key CVAT's clients accept."""
    return secrets.token_hex(20)


def hash_secret(secret: str) -> str:
    """Return the SHA-256 of a random secret, for storage and look-up."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _derive(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
