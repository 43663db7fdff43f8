# SPDX-License-Identifier: GPL-2.0-only
"""The supervisor's key, and what it does for tests/verify.py: open record 0."""
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (X25519PrivateKey,
                                                              X25519PublicKey)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import (
    Encoding, PublicFormat, load_pem_private_key)

ENVELOPE = b"tongbu envelope v2".ljust(32, b"\0")


class Secret:
    """An X25519 private key"""

    def __init__(self, private):
        if not isinstance(private, X25519PrivateKey):
            raise ValueError("this is no X25519 key")
        self.private = private
        self.public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @classmethod
    def load(cls, pem):
        return cls(load_pem_private_key(pem, None))

    @classmethod
    def fromhex(cls, text):
        return cls(X25519PrivateKey.from_private_bytes(bytes.fromhex(text)))

    def agree(self, ephemeral):
        return self.private.exchange(X25519PublicKey.from_public_bytes(ephemeral))

    def wrap_key(self, shared, ephemeral, chain):
        return hashlib.blake2s(shared + ENVELOPE + self.public + ephemeral + chain).digest()

    def unwrap(self, rec):
        """K_0, or None if it does not open; and whether record 0 names this key"""
        named, ephemeral, wrapped = rec.payload[:32], rec.payload[32:64], rec.payload[256:304]
        try:
            key = self.wrap_key(self.agree(ephemeral), ephemeral, rec.payload[64:80])
            clear = rec.sealed[:48] + self.public + rec.payload[32:256]
            key0 = ChaCha20Poly1305(key).decrypt(bytes(12), wrapped, clear)
        except (InvalidTag, ValueError):
            key0 = None
        return key0, named == self.public
