# shellcheck shell=sh
# shellcheck disable=SC2154
# Sourced by bin/stenograf and by every script, with $root set to the project's folder: makes sure of
# Bun and of the dependencies, and sets $bun. Says nothing when nothing is to be done; speaks and
# fails on standard error, so that standard output stays the command's own.

# An empty environment still finds the system's programs.
PATH=${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
export PATH

bun_version=$(cat "$root/.bun-version")
own_bun="$root/.tools/bun-$bun_version/node_modules/bun/bin/bun.exe"
# A copy of the lockfile, made when everything in it is installed.
installed_lockfile="$root/node_modules/.installed-bun.lock"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "stenograf: $*"
  exit 1
}

# The first Bun of the pinned version: on the PATH, else our own.
find_bun() {
  bun=$(command -v bun 2>/dev/null) && [ "$("$bun" --version 2>/dev/null)" = "$bun_version" ] && return
  bun=$own_bun
  [ -x "$bun" ]
}

is_installed() { cmp -s "$root/bun.lock" "$installed_lockfile"; }

is_ready() { find_bun && is_installed; }

# One set-up at a time. flock's lock ends with its process. Where there is no flock, a link that
# names its owner is made, which is atomic, and one whose owner is gone is taken away.
lock() {
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$root/.tools/setup.lock"
    flock -n 9 || { say 'Waiting for another set-up …' && flock 9; }
    return
  fi
  trap unlock EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  until ln -s $$ "$root/.tools/setup.owner" 2>/dev/null; do
    owner=$(readlink "$root/.tools/setup.owner") || continue
    kill -0 "$owner" 2>/dev/null || rm -f "$root/.tools/setup.owner"
    sleep 1
  done
}

unlock() {
  if command -v flock >/dev/null 2>&1; then
    exec 9>&-
    return
  fi
  [ "$(readlink "$root/.tools/setup.owner")" != $$ ] || rm -f "$root/.tools/setup.owner"
  trap - EXIT INT TERM
}

# Without a home to write to, the package managers keep their caches in the project.
choose_caches() {
  [ -n "${HOME:-}" ] && [ -w "$HOME" ] && return
  export npm_config_cache="$root/.tools/npm-cache"
  export BUN_INSTALL_CACHE_DIR="$root/.tools/bun-cache"
}

# Renamed into its place, so that a set-up that was killed half-way is never taken for whole.
install_bun() {
  command -v npm >/dev/null 2>&1 ||
    fail "Bun $bun_version is needed, and neither it nor npm is on the PATH. Install Bun $bun_version (https://bun.sh) or Node.js with npm."
  say "Getting Bun $bun_version …"
  place="$root/.tools/bun-$bun_version"
  rm -rf "$place" "$place.new"
  mkdir -p "$place.new"
  npm install --prefix "$place.new" --no-save --no-package-lock --no-audit --no-fund \
    --ignore-scripts=false --loglevel=error "bun@$bun_version" >&2 ||
    fail "npm could not install Bun $bun_version; its own words stand above."
  mv "$place.new" "$place"
}

install_dependencies() {
  say 'Installing the dependencies …'
  # The programs of some packages are started by `node`; Bun takes its place where it is missing.
  # What it says of scripts that it rightly did not run would alarm a newcomer: shown on failure only.
  said=$(cd "$root" && "$bun" install --frozen-lockfile 2>&1) || {
    printf '%s\n' "$said" >&2
    fail 'Bun could not install the dependencies; its own words stand above.'
  }
  cp "$root/bun.lock" "$installed_lockfile.new"
  mv "$installed_lockfile.new" "$installed_lockfile"
}

set_up() {
  mkdir -p "$root/.tools" || fail "The folder $root cannot be written to."
  lock
  choose_caches
  find_bun || install_bun
  find_bun || fail "The Bun in $own_bun does not run on this machine."
  is_installed || install_dependencies
  unlock
}

is_ready || set_up
