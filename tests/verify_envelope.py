# SPDX-License-Identifier: GPL-2.0-only
"""The supervisor's key, and what it does for tests/verify.py: open record 0."""
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (X25519PrivateKey,
                                                              X25519PublicKey)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import (
    Encoding, PublicFormat, load_pem_private_key)

ENVELOPE = b"tongbu envelope v1".ljust(32, b"\0")


def seal(key, data):
    return hashlib.blake2s(data, key=key).digest()


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

    def unwrap(self, rec):
        """K_0, or None if it does not open; and whether record 0 names this key"""
        named, ephemeral, wrapped = rec.payload[:32], rec.payload[32:64], rec.payload[224:272]
        try:
            key = seal(self.agree(ephemeral), ENVELOPE + self.public + ephemeral + rec.chain)
            clear = rec.sealed[:64] + self.public + rec.payload[32:224]
            key0 = ChaCha20Poly1305(key).decrypt(bytes(12), wrapped, clear)
        except (InvalidTag, ValueError):
            key0 = None
        return key0, named == self.public
