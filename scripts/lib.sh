# shellcheck shell=bash disable=SC2034,SC2154
# What the test scripts share. Sourced, never run.
set -euo pipefail

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Downloads and built images, kept between runs and shared by all of them; safe to delete at any time.
cache=${RGD_TEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/rack-gateway-deploy-test}
mkdir -p "$cache"

say() { echo "test-env: $*" >&2; }
die() { say "$@"; exit 1; }
have() { command -v "$1" >/dev/null; }

# Runs a command while no other run on this machine installs, fetches or builds. The command's own background processes
# must close descriptor 9.
locked() { (flock 9; "$@") 9>"$cache/lock"; }

debian_codename() { (. /etc/os-release; [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-}") 2>/dev/null; }

# hash FILE...: twelve hex digits that change when a file's content does
hash() { cat "$@" | sha256sum | cut -c1-12; }
