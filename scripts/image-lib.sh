# shellcheck shell=bash disable=SC2034,SC2154
# How the test images are made: a folder of files that this machine has, imported as the image's only layer. No registry,
# no Dockerfile, no build engine.

# with_libraries ROOT FILE...: copies the shared libraries that the programs need into ROOT, at the paths they have here.
with_libraries() {
  local root=$1
  shift
  # ldd fails on a static program and on a library's own folder; both need nothing
  { ldd "$@" 2>/dev/null || true; } | grep -o '/[^ :]* (0x' | cut -d' ' -f1 | sort -u |
    while read -r library; do
      case $library in "$root"/*) ;; *) cp -L --parents "$library" "$root" ;; esac
    done
}

# base ROOT: the shell and small tools, a few users, and name resolution.
base() {
  local root=$1 tool
  mkdir -p "$root"/{bin,etc,proc,sys,dev,root,var,usr/bin}
  mkdir -m 1777 "$root/tmp"
  cp "$RGD_TEST_BUSYBOX" "$root/bin/busybox"
  for tool in $("$RGD_TEST_BUSYBOX" --list | grep -vx busybox); do ln -sf busybox "$root/bin/$tool"; done
  ln -s /bin/env "$root/usr/bin/env"
  printf '%s\n' root:x:0:0::/root:/bin/sh postgres:x:999:999::/var/lib/postgresql:/bin/sh app:x:1000:1000::/tmp:/bin/sh \
    >"$root/etc/passwd"
  printf '%s\n' root:x:0: postgres:x:999: app:x:1000: >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
  cp -r --parents /usr/lib/locale/C.utf8 "$root"
}

# image NAME HASH FILL CHANGE...: imports NAME:HASH unless the engine has it, and prints that name. FILL ROOT fills the root
# folder; the CHANGEs are docker import's. The layer is kept, so that another engine gets it without building.
image() {
  local name=$1 hash=$2 fill=$3 tar change options=()
  shift 3
  if ! docker image inspect "$name:$hash" >/dev/null 2>&1; then
    tar=$cache/images/$name-$hash.tar
    if [ ! -s "$tar" ]; then locked build "$name" "$tar" "$fill"; fi
    for change in "$@"; do options+=(--change "$change"); done
    docker import "${options[@]}" "$tar" "$name:$hash" >/dev/null
  fi
  echo "$name:$hash"
}

build() {
  local name=$1 tar=$2 fill=$3 work
  [ ! -s "$tar" ] || return 0 # made while we waited for the lock
  say "building $name"
  mkdir -p "$cache/images"
  rm -f "$cache/images/$name"-*.tar
  work=$(mktemp -d)
  # SC2064: the folder's name of now
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  mkdir -m 755 "$work/root"
  base "$work/root"
  "$fill" "$work/root"
  tar -c -f "$work/tar" -C "$work/root" --owner=0 --group=0 --sort=name --exclude=./var/lib/postgresql .
  if [ -d "$work/root/var/lib/postgresql" ]; then
    tar -r -f "$work/tar" -C "$work/root" --owner=999 --group=999 ./var/lib/postgresql
  fi
  cp "$work/tar" "$tar.new"
  mv "$tar.new" "$tar"
}
