#!/usr/bin/env bash
# Puts the other encoders into a folder: python-escpos from PyPI, receipt-printer-encoder from npm.
#
# usage: install.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
cd "$1"
if ! cmp -s "$here/requirements.txt" python/installed; then
    /usr/bin/python3 -m venv --clear python
    python/bin/pip install --quiet --requirement "$here/requirements.txt"
    # It keeps what it knows of printers in a file at its first start: two starts at once spoil it.
    ESCPOS_CAPABILITIES_PICKLE_DIR=$PWD python/bin/python -c 'import escpos.capabilities'
    cp "$here/requirements.txt" python/installed
fi
if ! cmp -s "$here/package-lock.json" node_modules/installed; then
    cp "$here/package.json" "$here/package-lock.json" .
    npm ci --silent --no-audit --no-fund
    cp "$here/package-lock.json" node_modules/installed
fi
