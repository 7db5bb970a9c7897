"""A receiver of webhooks in Python 3.8 or later, without packages. Take the function of your dialect.

    DIALECT=vem SECRET=… PORT=3000 python3 python.py

VELLUM_URL: of the dialect vellum, the URL exactly as it was registered.
"""

import base64
import hashlib
import hmac
import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer


def hex_of(secret, content):
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def is_fresh(timestamp, seconds):
    return (timestamp or "").isdigit() and abs(time.time() - int(timestamp)) <= seconds


def equal(received, expected):
    """Compares in constant time."""
    return hmac.compare_digest((received or "").encode(), expected.encode())


# Each is given the headers (whose names ignore case), the body as the bytes that came, and the secret as it was shown.


def standard(headers, body, secret):
    message_id, timestamp = headers["webhook-id"] or "", headers["webhook-timestamp"]
    if not is_fresh(timestamp, 300):
        return False
    key = base64.b64decode(secret[len("whsec_") :])
    content = f"{message_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return any(equal(one, expected) for one in (headers["webhook-signature"] or "").split(" "))


def vem(headers, body, secret):
    return equal(headers["x-webhook-signature"], "sha256=" + hex_of(secret, body))


def veriswarm(headers, body, secret):
    timestamp = headers["x-veriswarm-timestamp"]
    if not is_fresh(timestamp, 300):
        return False
    return equal(headers["x-veriswarm-signature"], hex_of(secret, f"{timestamp}.".encode() + body))


def vellum(headers, body, secret):
    timestamp = headers["x-vellum-timestamp"]
    if not is_fresh(timestamp, 60):
        return False
    content = f"{timestamp}\nPOST\n{os.environ['VELLUM_URL']}\n".encode() + body
    return equal(headers["x-vellum-signature"], hex_of(secret, content))


def ventryx(headers, body, secret):
    return equal(headers["ventryx-signature"], "sha256=" + hex_of(secret, body))


VERIFY = {
    "standard": standard,
    "vem": vem,
    "veriswarm": veriswarm,
    "vellum": vellum,
    "ventryx": ventryx,
}


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"] or 0))
        verify = VERIFY[os.environ.get("DIALECT", "standard")]
        genuine = verify(self.headers, body, os.environ.get("SECRET", ""))
        self.send_response(204 if genuine else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Receiver)
    print(f"listening on {server.server_port}", flush=True)
    server.serve_forever()
