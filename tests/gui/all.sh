#!/usr/bin/env bash
# The scenarios of the window, one screen each. Prints lines that begin with ok, failed or note.
#
# usage: all.sh screens|offline|pays|prints|kill
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# From a small panel to a large one, and one that stands upright; behind the pixels the width in
# millimeters of real panels of that kind: 7", 7", 10.1", 15.6" and 21.5".
panels=(800x480:152 1024x600:154 1280x800:217 1920x1080:345 1080x1920:268)
themes=(light dark sunlight)

# How long a scenario may take, in seconds.
patience=300

# Runs a scenario on a screen; one that ends without a word has failed, one that hangs is ended.
scenario() {
    local size=$1 script=$2 name=$3 said
    shift 3
    said=$(timeout --foreground "$patience" "$here/stage.sh" "$size" /usr/bin/python3 "$here/$script" "$name" "$@") || true
    printf '%s\n' "$said"
    if ! grep -Eq '^(ok|failed) ' <<<"$said"; then
        echo "failed $name: the scenario ended without a result"
    fi
}

case ${1:-} in
    screens)
        for panel in "${panels[@]}"; do
            size=${panel%:*} width_mm=${panel#*:}
            for theme in "${themes[@]}"; do
                scenario "$size" sell.py "sell-$size-$theme" --theme "$theme" --width-mm "$width_mm"
            done
        done
        scenario 1280x800 fullscreen.py fullscreen
        scenario 1280x800 idle.py idle
        ;;
    offline)
        for kind in 4pay 4geeks devdraft altapay; do
            scenario 1280x800 offline.py "offline-$kind" "$kind"
        done
        ;;
    pays)
        patience=120
        for what in now signed away altapay devdraft 4geeks; do
            scenario 1280x800 pays.py "pays-$what" "$what"
        done
        ;;
    prints)
        # The day is on the size between these.
        for panel in 800x480:152 1080x1920:268; do
            size=${panel%:*} width_mm=${panel#*:}
            scenario "$size" prints.py "prints-$size" "$width_mm"
        done
        scenario 1280x800 day.py day
        ;;
    kill) scenario 1024x600 kill_window.py kill 10 ;;
    *)
        echo "usage: all.sh screens|offline|pays|prints|kill" >&2
        exit 2
        ;;
esac
