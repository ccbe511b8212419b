#!/usr/bin/env bash
# Runs a command on a screen of its own: Xvfb, a window manager, and assistive technology switched on.
#
# usage: stage.sh WIDTHxHEIGHT COMMAND [ARGUMENT...]
#
# The command finds DISPLAY and the two buses in its environment and must end what it starts.
# Everything that is started here ends with it, by process id.
set -euo pipefail

# Waits until a file has something in it.
wait_for_content() {
    local file=$1 what=$2
    for _ in $(seq 200); do
        if [[ -s $file ]]; then return 0; fi
        sleep 0.05
    done
    echo "stage.sh: $what did not start" >&2
    return 1
}

# The part that runs inside of the private session bus.
inside() {
    local launcher bus='' manager='' command='' code=0
    for launcher in /usr/libexec/at-spi-bus-launcher /usr/lib/at-spi2-core/at-spi-bus-launcher; do
        if [[ -x $launcher ]]; then break; fi
    done
    "$launcher" --launch-immediately >/dev/null 2>&1 &
    bus=$!
    # Without a window manager nothing answers a window's wish to fill the screen, and a wish that
    # comes before it is ready is lost.
    openbox --sm-disable --startup "sh -c 'echo ready >\"$STAGE_READY\"'" >/dev/null 2>&1 &
    manager=$!
    # shellcheck disable=SC2064  # the ids are known now
    trap "kill $bus $manager 2>/dev/null || true" EXIT
    # Toolkits build their tree for assistive technology only while this property is set.
    for _ in $(seq 50); do
        if dbus-send --session --dest=org.a11y.Bus --type=method_call --print-reply /org/a11y/bus \
            org.freedesktop.DBus.Properties.Set string:org.a11y.Status string:IsEnabled \
            variant:boolean:true >/dev/null 2>&1; then
            break
        fi
        sleep 0.1
    done
    wait_for_content "$STAGE_READY" "the window manager"
    # In the background, so that a signal is acted on at once and reaches the command too.
    "$@" &
    command=$!
    # shellcheck disable=SC2064  # the ids are known now
    trap "kill $command 2>/dev/null && wait $command; kill $bus $manager 2>/dev/null || true" EXIT
    wait "$command" || code=$?
    # shellcheck disable=SC2064  # the command's id may be somebody else's by now
    trap "kill $bus $manager 2>/dev/null || true" EXIT
    return "$code"
}

if [[ ${1:-} == --inside ]]; then
    shift
    exec >&5 2>&4
    echo "$$" >"${STAGE_READY%/*}/inside"
    trap 'exit 143' TERM
    inside "$@"
    exit
fi

if (($# < 2)); then
    echo "usage: stage.sh WIDTHxHEIGHT COMMAND [ARGUMENT...]" >&2
    exit 2
fi
size=$1
shift

folder=$(mktemp -d)
numbers=$folder/number
export STAGE_READY=$folder/ready
# The server chooses a free number itself and tells it when it is ready: no race. Without -noreset it
# would begin anew whenever its last client leaves, and turn away who comes at that moment.
Xvfb -displayfd 3 -screen 0 "${size}x24" -dpi 96 -noreset -nolisten tcp 3>"$numbers" 2>/dev/null &
server=$!
session=''
# dbus-run-session hands no signal on: the part inside has left its id for that.
# shellcheck disable=SC2317  # called by the trap
ending() {
    if [[ -n $session ]] && kill -0 "$session" 2>/dev/null; then
        kill "$(cat "$folder/inside")" 2>/dev/null || true
        wait "$session" || true
    fi
    kill "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap ending EXIT
trap 'exit 143' TERM
wait_for_content "$numbers" "the screen (Xvfb)"
DISPLAY=":$(tr -d '[:space:]' <"$numbers")"
export DISPLAY
# A person's own Wayland session must not attract the window, nor their locale change its numbers.
unset WAYLAND_DISPLAY XDG_SESSION_TYPE
export LC_ALL=C.UTF-8 NO_AT_BRIDGE=0
code=0
# What the buses and their services say goes nowhere; what the command says goes where it should.
dbus-run-session -- "${BASH_SOURCE[0]}" --inside "$@" 4>&2 5>&1 >/dev/null 2>&1 &
session=$!
wait "$session" || code=$?
exit "$code"
