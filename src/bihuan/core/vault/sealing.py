"""Seal and open: AES-GCM under a key for each collection, wrapped by the site's vault key."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from bihuan.core.errors import Conflict, Invalid
from bihuan.core.vault.types import Identity

_NONCE = 12
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: people read it from paper


def new_pseudonym() -> str:
    """Twelve signs, sixty bits, of no meaning."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def wrap_new_key(name: str) -> bytes:
    """A fresh key of a collection, sealed under the site's."""
    return _seal(_site_key(b"wrap"), AESGCM.generate_key(256), name.encode())


def seal(person: Identity, *, wrapped_key: bytes, collection: str, pseudonym: str) -> bytes:
    """The person as bytes that only this collection's key opens, for this pseudonym alone."""
    said = json.dumps({k: v for k, v in asdict(person).items() if v}, ensure_ascii=False)
    return _seal(_unwrap(wrapped_key, collection), said.encode(), pseudonym.encode())


def unseal(content: bytes, *, wrapped_key: bytes, collection: str, pseudonym: str) -> Identity:
    """Raises Conflict("vault.key_destroyed"), Invalid("vault.unreadable")."""
    said = _open(_unwrap(wrapped_key, collection), content, pseudonym.encode())
    return Identity(**json.loads(said))


def seal_paper(data: bytes, *, wrapped_key: bytes, collection: str) -> bytes:
    """A file that names people, as bytes that only this collection's key opens."""
    return _seal(_unwrap(wrapped_key, collection), data, b"paper")


def unseal_paper(content: bytes, *, wrapped_key: bytes, collection: str) -> bytes:
    """Raises Conflict("vault.key_destroyed"), Invalid("vault.unreadable")."""
    return _open(_unwrap(wrapped_key, collection), content, b"paper")


def mark(key: str) -> str:
    """A key of comparison as a keyed hash: equal keys meet, nothing else can be learnt."""
    digest = hmac.new(_site_key(b"marks"), key.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:15]).decode()


def marks(keys: Iterable[str]) -> list[str]:
    """The marks of several keys, in an order that says nothing."""
    return sorted(mark(key) for key in keys)


def _site_key(use: bytes) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=b"bihuan.vault." + use)
    return derived.derive(settings.VAULT_KEY.encode())


def _unwrap(wrapped_key: bytes, collection: str) -> bytes:
    if not wrapped_key:
        raise Conflict("vault.key_destroyed", collection=collection)
    return _open(_site_key(b"wrap"), bytes(wrapped_key), collection.encode())


def _seal(key: bytes, said: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, said, bound_to)


def _open(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    content = bytes(content)
    try:
        return AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], bound_to)
    except InvalidTag as fault:
        raise Invalid("vault.unreadable") from fault
