#!/usr/bin/env bash
# From a fresh clone to a running till: installs what is missing, builds, starts the demo shop.
set -euo pipefail
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/packages.sh
source packaging/packages.sh

usage() {
    cat <<'TEXT'
usage: packaging/run.sh [--windowed] [--headless [FOLDER]] [--help]

Installs missing system packages (Debian, Ubuntu), builds Tillcode and starts it as a kiosk in the
demo shop.

  --windowed            in a window instead of the full screen
  --headless [FOLDER]   without a screen: sells the first product on a screen in memory, reads the
                        payment code off it, and leaves screenshot and link in FOLDER
                        (target/headless unless given)
  --help                this text
TEXT
}

mode=kiosk
folder=target/headless
while (($# > 0)); do
    case $1 in
        --windowed) mode=windowed ;;
        --headless)
            mode=headless
            if [[ -n ${2:-} && ${2:-} != --* ]]; then
                folder=$2
                if [[ $folder != /* ]]; then folder=$called_from/$folder; fi
                shift
            fi
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
    shift
done

if [[ $mode != headless && -z ${DISPLAY:-} && -z ${WAYLAND_DISPLAY:-} ]]; then
    echo "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)." >&2
    echo "Start this from a desktop, or try it without one: bash packaging/run.sh --headless" >&2
    exit 1
fi

# A port that is there and not for this user: the one command that helps.
ports_need() {
    local port group user
    user=$(id -un)
    for port in /dev/ttyUSB* /dev/ttyACM* /dev/rfcomm* /dev/usb/lp*; do
        if [[ ! -c $port || (-r $port && -w $port) ]]; then continue; fi
        group=$(stat -c %G "$port")
        if [[ $group == root || $group == UNKNOWN ]]; then continue; fi
        echo "The port $port cannot be used for a printer: $user is not in the group $group." >&2
        echo "Do this, then log out and in again: sudo usermod --append --groups $group $user" >&2
    done
}

cargo_need
if [[ $mode == headless ]]; then
    packages_need build kiosk headless
else
    packages_need build kiosk
fi
cargo build --release --locked --bin tillcode
program=${CARGO_TARGET_DIR:-$PWD/target}/release/tillcode
if [[ $mode != headless ]]; then ports_need; fi

case $mode in
    kiosk) exec "$program" run --demo ;;
    windowed) exec "$program" run --demo --windowed ;;
    headless)
        mkdir -p "$folder"
        TILL_PROGRAM=$program TILL_OUT=$(cd "$folder" && pwd) \
            tests/gui/stage.sh 1280x800 /usr/bin/python3 tests/gui/first_sale.py
        ;;
esac
