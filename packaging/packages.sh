# Sourced by the scripts that need things from the system: installs what is missing, and only that.
# shellcheck shell=bash

packages_list="$(dirname "${BASH_SOURCE[0]}")/packages.txt"

# Whether what a line of the list asks for is there.
package_is_there() {
    local package=$1 probe=$2 what=${2#*:} found
    case $probe in
        # ldconfig lives where an ordinary user's PATH does not look.
        library:*) PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null | grep -F "$what " >/dev/null ;;
        command:*) command -v "$what" >/dev/null ;;
        # A pattern, of which one file is enough.
        file:*)
            for found in $what; do
                if [[ -e $found ]]; then return 0; fi
            done
            return 1
            ;;
        # The system's Python: modules from packages are not found by another one in PATH.
        python:*)
            [[ -x /usr/bin/python3 ]] && /usr/bin/python3 -c \
                'import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)' \
                "$what" 2>/dev/null
            ;;
        # Without dpkg nobody can tell, and what cannot be seen must not stop anybody.
        package)
            ! command -v dpkg-query >/dev/null ||
                [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]]
            ;;
        *)
            echo "packages.txt: unknown probe $probe" >&2
            return 2
            ;;
    esac
}

# Prints the packages that are missing for the purposes given.
packages_missing() {
    local purpose package probe
    while read -r purpose package probe; do
        if [[ " $* " == *" $purpose "* ]] && ! package_is_there "$package" "$probe"; then
            echo "$package"
        fi
    done < <(grep -Ev '^[[:space:]]*(#|$)' "$packages_list") | sort -u
}

# Installs what is missing for the purposes given; does not touch the package manager if nothing is.
packages_need() {
    local missing as_root=()
    mapfile -t missing < <(packages_missing "$@")
    if ((${#missing[@]} == 0)); then return 0; fi
    if ! command -v apt-get >/dev/null; then
        echo "Please install what these Debian packages hold, then run this again: ${missing[*]}" >&2
        return 1
    fi
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null; then
            echo "Please run this as root, or install these first: apt-get install ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "installing: ${missing[*]}" >&2
    # Lists may be old or, in a fresh container, absent. One of somebody else's sources that does not
    # answer is no reason to give up: whether the packages can be had, the installation says.
    "${as_root[@]}" apt-get update -qq >&2 || true
    # A machine that was just switched on is often installing updates by itself: wait for it, and with
    # one q only say so.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=600 "${missing[@]}" >&2
    mapfile -t missing < <(packages_missing "$@")
    if ((${#missing[@]} != 0)); then
        echo "still missing after the installation: ${missing[*]}" >&2
        return 1
    fi
}

# Says how to get the Rust toolchain where there is none, or an old one as distributions have.
cargo_need() {
    local wanted has
    wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$(dirname "$packages_list")/../Cargo.toml")
    # rustup's installer puts it there, but a shell that is already open does not know.
    if ! command -v cargo >/dev/null && [[ -x ${HOME:-/}/.cargo/bin/cargo ]]; then
        PATH="$HOME/.cargo/bin:$PATH"
    fi
    if ! command -v cargo >/dev/null; then
        echo "cargo is missing: install Rust $wanted or newer with rustup (see rust-lang.org), then run this again" >&2
        return 1
    fi
    has=$(cargo --version | sed -n 's/^cargo \([0-9.]*\).*/\1/p')
    if ! printf '%s\n' "$wanted" "$has" | sort -V -C; then
        echo "cargo is of Rust $has: install $wanted or newer with rustup (see rust-lang.org), then run this again" >&2
        return 1
    fi
}
