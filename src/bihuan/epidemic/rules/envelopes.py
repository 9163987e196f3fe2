"""Signed envelopes between installations, and what is sealed for one reader alone. Pure."""

import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


def new_pair() -> tuple[bytes, bytes]:
    """Secrets of a signing key and of a box, 32 bytes each."""
    return (
        Ed25519PrivateKey.generate().private_bytes_raw(),
        X25519PrivateKey.generate().private_bytes_raw(),
    )


def public_of(signing: bytes, box: bytes) -> tuple[str, str]:
    """What others may know of a pair, hexadecimal."""
    signer = Ed25519PrivateKey.from_private_bytes(signing).public_key()
    opener = X25519PrivateKey.from_private_bytes(box).public_key()
    return signer.public_bytes_raw().hex(), opener.public_bytes_raw().hex()


def canonical(envelope: dict[str, Any]) -> bytes:
    """The bytes that are signed: everything but the signature, keys sorted, no blanks."""
    said = {key: value for key, value in envelope.items() if key != "signature"}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signed(envelope: dict[str, Any], signing: bytes) -> dict[str, Any]:
    """The envelope with its signature."""
    key = Ed25519PrivateKey.from_private_bytes(signing)
    return envelope | {"signature": key.sign(canonical(envelope)).hex()}


def verifies(envelope: dict[str, Any], public: str) -> bool:
    """Whether the owner of a public key signed exactly this."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(str(envelope.get("signature", ""))), canonical(envelope))
    except (InvalidSignature, ValueError):
        return False
    return True


def sealed(data: bytes, box: str) -> dict[str, str]:
    """Bytes that only the owner of a box opens."""
    own = X25519PrivateKey.generate()
    shared = own.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(box)))
    public = own.public_key().public_bytes_raw()
    nonce = secrets.token_bytes(NONCE)
    held = AESGCM(_key(shared, public)).encrypt(nonce, data, bytes.fromhex(box))
    return {"box": box, "from": public.hex(), "data": (nonce + held).hex()}


def opened(said: dict[str, str], secret: bytes) -> bytes | None:
    """What was sealed; None for another's box or a changed one."""
    try:
        public, held = bytes.fromhex(said["from"]), bytes.fromhex(said["data"])
        shared = X25519PrivateKey.from_private_bytes(secret).exchange(
            X25519PublicKey.from_public_bytes(public)
        )
        bound = bytes.fromhex(said["box"])
        return AESGCM(_key(shared, public)).decrypt(held[:NONCE], held[NONCE:], bound)
    except (InvalidTag, KeyError, ValueError):
        return None


def _key(shared: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"bihuan.line." + public).derive(shared)
