#!/usr/bin/env bash
# Puts the page of the comparison into a folder, with the npm package `qrcode` as one local script.
#
# usage: page.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$1
mkdir -p "$folder"
cp "$here/page/index.html" "$folder/"
if [[ -s $folder/qrcode.js ]]; then exit 0; fi
cd "$folder"
printf '{"private":true}\n' >package.json
npm install --silent --no-audit --no-fund qrcode@1 esbuild@0.25 >/dev/null
printf 'module.exports = require("qrcode");\n' >entry.js
node_modules/.bin/esbuild entry.js --bundle --minify --platform=browser --format=iife \
    --global-name=QRCode --outfile=qrcode.js --log-level=error
