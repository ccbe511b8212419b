"""The message server as a process of its own, and a proxy in front of it as a provider's operator
would want one: it signs what the sandbox posts, for the sandbox has no secret.
"""

import contextlib
import hashlib
import hmac
import http.client
import http.server
import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import till

PROGRAM = os.environ.get("HUB_PROGRAM", str(Path(till.PROGRAM).with_name("tillcode-hub")))
SHOP = "Corner"


def free_port():
    """A port that nobody has at this moment."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


class Hub:
    """A hub on SQLite, with a data folder of its own; it keeps its address when it starts again."""

    def __init__(self, folder, log, environment=None, public_url=None):
        self.folder, self.log, self.environment = Path(folder), log, environment
        self.folder.mkdir()
        self.listen = f"127.0.0.1:{free_port()}"
        self.address = f"http://{self.listen}"
        self.public_url = public_url or self.address
        self.process = None

    def _words(self, *words):
        place = ["--database", f"sqlite:{self.folder}/hub.sqlite3", "--public-url", self.public_url]
        return [PROGRAM, *words, *place]

    def start(self):
        self.process = subprocess.Popen(
            self._words("serve", "--listen", self.listen),
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            env=self.environment,
        )
        # It says so as soon as it listens.
        if not self.process.stdout.readline():
            raise till.Failure("the hub ended without saying where it listens")

    def stop(self):
        till.stop(self.process)

    def command(self, *words):
        """What one of the owner's commands prints as JSON."""
        done = subprocess.run(
            self._words(*words, "--json"),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env=self.environment,
        )
        if done.returncode != 0:
            raise till.Failure(f"`tillcode-hub {' '.join(words)}`: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def endpoint(self, kind, secret=None):
        """Adds an endpoint; the address that the account's own console is given."""
        words = ["endpoint", "add", "--shop", SHOP, "--kind", kind]
        if secret is not None:
            file = self.folder / "secret"
            file.touch(mode=0o600)
            file.write_text(secret)
            words += ["--secret-file", str(file)]
        return self.command(*words)["address"]

    def invitation(self, name="till 1"):
        """Adds a terminal; what `tillcode pair` takes."""
        return self.command("terminal", "add", "--shop", SHOP, "--name", name)["invitation"]

    def waiting(self):
        """How many notifications are stored that the one terminal has not read."""
        return sum(row["waiting"] for row in till.rows(self.command("terminal", "list"), "terminals"))


class Signer:
    """A proxy in front of the hub that signs 4pay's notifications and posts each twice.

    While `secret` is none nothing is signed. `statuses` are the hub's answers to notifications.
    """

    def __init__(self):
        self.hub, self.secret, self.statuses = None, None, []
        signer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def _forward(self):
                length = int(self.headers.get("content-length", 0))
                signer.forward(self, self.rfile.read(length))

            do_GET = do_POST = _forward

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def forward(self, asked, body):
        headers = {name: value for name, value in asked.headers.items() if name.lower() != "host"}
        is_notification = asked.path.startswith("/hooks/")
        if is_notification and self.secret is not None:
            at = str(int(time.time()))
            signed = hmac.new(self.secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
            headers |= {"x-webhook-timestamp": at, "x-webhook-signature": signed.hexdigest()}
        for _ in range(2 if is_notification else 1):
            status, kind, answer = self._post(asked, headers, body)
            if is_notification:
                self.statuses.append(status)
        with contextlib.suppress(OSError):
            asked.send_response(status)
            asked.send_header("content-type", kind)
            asked.send_header("content-length", str(len(answer)))
            asked.end_headers()
            asked.wfile.write(answer)

    def _post(self, asked, headers, body):
        line = http.client.HTTPConnection(self.hub.listen, timeout=90)
        try:
            line.request(asked.command, asked.path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.headers.get("content-type", ""), answer.read()
        except OSError:
            return 502, "text/plain", b"the hub does not answer"
        finally:
            line.close()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
