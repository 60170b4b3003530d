"""A passkey in software: what a phone would answer, right or wrong in the one thing a test wants wrong."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

HOST = "localhost"  # browsers give passkeys to it without https
ORIGIN = f"http://{HOST}"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftPasskey:
    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.count = 0
        self.user_handle = ""

    def make(self, options: dict[str, Any], *, verified: bool = True) -> str:
        """The answer to the options of `accounts:add_passkey`, as JSON."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(ATTESTED, verified) + credential
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", asked["challenge"], ORIGIN),
            attestationObject=attestation,
        )

    def answer(
        self,
        options: dict[str, Any],
        *,
        origin: str = ORIGIN,
        count: int | None = None,
        verified: bool = True,
    ) -> str:
        """The answer to a challenge, as JSON. `count`: what the counter says; else one more than before."""
        self.count = self.count + 1 if count is None else count
        data = self._data(0, verified)
        client_data = self._client_data("webauthn.get", options["publicKey"]["challenge"], origin)
        signed = data + hashlib.sha256(client_data).digest()
        return self._answer(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=self.key.sign(signed, ec.ECDSA(SHA256())),
            userHandle=self.user_handle,
        )

    def _data(self, flags: int, verified: bool) -> bytes:
        flags |= PRESENT | (VERIFIED if verified else 0)
        return hashlib.sha256(HOST.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()

    def _answer(self, **response: bytes | str) -> str:
        name = websafe_encode(self.id)
        texts = {
            key: value if isinstance(value, str) else websafe_encode(value) for key, value in response.items()
        }
        whole = {"id": name, "rawId": name, "type": "public-key", "response": texts}
        return json.dumps(whole | {"clientExtensionResults": {}})
