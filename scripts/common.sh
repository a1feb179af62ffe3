# shellcheck shell=bash
# What the scripts share. Sourced, never run: it goes to the top folder and defines how they speak and fail.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
called_from=$PWD
cd "$root" || exit 1

# rustup and `cargo install` put programs here, and a login shell may not have looked yet.
PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
export PATH
# shellcheck disable=SC2034 # for those who source this
target=${CARGO_TARGET_DIR:-$root/target}

name=$(basename "$0")

say() { printf '%s: %s\n' "$name" "$*" >&2; }

# Something is missing or failed: exit 1.
fail() {
  say "$@"
  exit 1
}

# The caller asked for something that does not exist: exit 2.
misused() {
  say "$@"
  usage >&2
  exit 2
}

# A path as the caller meant it, who may have stood in another folder.
as_called() {
  case $1 in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s/%s\n' "$called_from" "$1" ;;
  esac
}
