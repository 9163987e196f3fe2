"""The second factor of a sign-in: a time-based code, and recovery codes that work once.

The secret is kept encrypted with AES-256-GCM under a key derived from the site's own, bound to its
account; the last step used is kept with it, so that a code seen by somebody else is worth nothing.
"""

import hashlib
import json
import secrets
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from bihuan.core.audit.services import System, record
from bihuan.core.errors import Invalid
from bihuan.core.orgs.models import Account

STEP_SECONDS = 30
DRIFT_STEPS = 1  # a clock half a minute off still signs in
RECOVERY_CODES = 8
_NONCE = 12


def new_secret() -> str:
    """A fresh secret, base32, to be shown as a QR code and confirmed by a first code."""
    return pyotp.random_base32()


@transaction.atomic
def enable_second_factor(*, account_id: int, secret: str, code: str, at: datetime) -> list[str]:
    """Turn the second factor on once a code proves that the device has the secret.

    Returns the recovery codes, shown this once. Locks the account.
    Raises Invalid("second_factor.wrong").
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    step = _step_of(secret, code, at=at, after=0)
    if step is None:
        raise Invalid("second_factor.wrong", field="code")
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    account.second_factor = _seal(account_id, secret, step)
    account.recovery_hashes = [_digest(code) for code in codes]
    account.save(update_fields=["second_factor", "recovery_hashes"])
    _tell(account, "account.second_factor_on", at)
    return codes


@transaction.atomic
def disable_second_factor(*, account_id: int, code: str, at: datetime) -> None:
    """Turn it off, against a last code. Raises Invalid("second_factor.wrong")."""
    if not pass_second_factor(account_id=account_id, code=code, at=at):
        raise Invalid("second_factor.wrong", field="code")
    account = Account.objects.get(pk=account_id)
    account.second_factor, account.recovery_hashes = b"", []
    account.save(update_fields=["second_factor", "recovery_hashes"])
    _tell(account, "account.second_factor_off", at)


@transaction.atomic
def pass_second_factor(*, account_id: int, code: str, at: datetime) -> bool:
    """Whether a code opens the account now; spends it. Locks the account."""
    account = Account.objects.select_for_update().get(pk=account_id)
    secret, last = _open(account)
    typed = code.strip().replace(" ", "").lower()
    step = _step_of(secret, typed, at=at, after=last)
    if step is not None:
        account.second_factor = _seal(account_id, secret, step)
        account.save(update_fields=["second_factor"])
        return True
    if _digest(typed) not in account.recovery_hashes:
        return False
    account.recovery_hashes.remove(_digest(typed))
    account.save(update_fields=["recovery_hashes"])
    _tell(account, "account.recovery_code_used", at)
    return True


def _step_of(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """The time step whose code this is, later than `after`."""
    device = pyotp.TOTP(secret, interval=STEP_SECONDS)
    now = int(at.timestamp()) // STEP_SECONDS
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if step > after and secrets.compare_digest(device.generate_otp(step), code.strip()):
            return step
    return None


def _cipher() -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=None, info=b"bihuan.second_factor")
    return AESGCM(derived.derive(settings.SECRET_KEY.encode()))


def _bound_to(account_id: int) -> bytes:
    return f"account:{account_id}".encode()


def _seal(account_id: int, secret: str, step: int) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    said = json.dumps({"secret": secret, "step": step}).encode()
    return nonce + _cipher().encrypt(nonce, said, _bound_to(account_id))


def _open(account: Account) -> tuple[str, int]:
    """Secret and last step. Raises Invalid("second_factor.unreadable") under another key."""
    sealed = bytes(account.second_factor)
    try:
        said = _cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(account.pk))
    except (InvalidTag, ValueError) as fault:
        raise Invalid("second_factor.unreadable") from fault
    kept = json.loads(said)
    return kept["secret"], kept["step"]


def _digest(code: str) -> str:
    """Recovery codes are 48 random bits and are tried under a lock-out: SHA-256 is enough."""
    return hashlib.sha256(code.encode()).hexdigest()


def _tell(account: Account, action: str, at: datetime) -> None:
    record(action=action, subject=f"account:{account.pk}", by=System(account.username), at=at)
