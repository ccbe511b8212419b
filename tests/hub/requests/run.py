"""Requests that schemathesis makes from the hub's own OpenAPI document.

usage: run.py HUB_PROGRAM SCHEMATHESIS_PROGRAM [EXAMPLES]

Starts a hub in a folder of its own and prints lines that begin with ok, failed or note.
"""

import json
import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).parent
TIME_MAX = 600
# Where a till asks with wait=25 and nothing comes, that is how long the answer takes.
ANSWER_SECS_MAX = 40


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def said(program, config, *words):
    answer = subprocess.run(
        [program, *words, "--config", config, "--json"], check=True, capture_output=True, text=True
    )
    return json.loads(answer.stdout)


def posted(url, value):
    body = json.dumps(value).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_until_ready(url, hub):
    for _ in range(200):
        if hub.poll() is not None:
            raise SystemExit("failed requests: the hub ended")
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("failed requests: the hub does not answer")


def known_to(program, config, url):
    """A terminal's token, and an address that providers post to."""
    for kind in ("4pay", "devdraft", "altapay", "4geeks"):
        said(program, config, "endpoint", "add", "--shop", "Corner", "--kind", kind)
    invited = said(program, config, "terminal", "add", "--shop", "Corner", "--name", "till")
    token = secrets.token_hex(32)
    joined = posted(f"{url}/v1/pair", {"code": invited["code"], "token": token})
    hook = next(hook for hook in joined["hooks"] if hook["kind"] == "4pay")
    link = f"s{secrets.token_hex(16)}{secrets.token_hex(32)}"
    endpoint = hook["address"].rsplit("/", 1)[1]
    return {"token": token, "kind": "4pay", "endpoint": endpoint, "link": link}


def requests(folder, schemathesis, url, known, examples):
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "HUB_KNOWN": json.dumps(known),
    }
    return subprocess.run(
        [
            schemathesis, "run", f"{url}/openapi.json",
            "--checks", "all",
            "--phases", "examples,coverage,fuzzing",
            "--max-examples", str(examples),
            "--request-timeout", str(ANSWER_SECS_MAX),
            "--generation-database", "none",
            "--seed", "1",
            "--no-color",
        ],
        env=environment, cwd=folder, timeout=TIME_MAX, capture_output=True, text=True,
    )  # fmt: skip


def main(program, schemathesis, examples="100"):
    program = pathlib.Path(program).absolute()
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "hub.toml")
        url = f"http://127.0.0.1:{free_port()}"
        config.write_text(
            f'[hub]\nlisten = "{url[7:]}"\ndatabase = "sqlite:{folder}/hub.sqlite3"\n'
            'trusted_proxies = ["127.0.0.1"]\n'
        )
        hub = subprocess.Popen(
            [program, "serve", "--config", config], cwd=folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            wait_until_ready(url, hub)
            known = known_to(program, config, url)
            found = requests(folder, pathlib.Path(schemathesis).absolute(), url, known, examples)
            is_there = hub.poll() is None
        finally:
            hub.send_signal(signal.SIGTERM)
            log = hub.communicate(timeout=20)[1]
    sums = re.findall(r"^ *(\d+ generated.*|Seed: .*)$", found.stdout, re.M)
    print("note requests:", "; ".join(sums))
    if found.returncode == 0 and sums and is_there and "panic" not in log:
        print("ok requests: schemathesis found nothing")
        return 0
    print(f"failed requests: schemathesis ended with {found.returncode}")
    print("\n".join((found.stdout + found.stderr + log).splitlines()[-150:]))
    return 1


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
