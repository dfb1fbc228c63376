# Sourced by the other scripts: where we are, how we speak, how a preset is built.
# shellcheck shell=bash
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export LC_ALL=C
# Where install-dependencies has put a Node.js that the system does not have.
[[ ! -x $root/.deps/node/bin/node ]] || export PATH=$root/.deps/node/bin:$PATH
# ccache keeps files with precompiled headers only if it is told that their times do not matter.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}

# The newest of these that is installed compiles the presets clang and fuzz and judges the
# format; 14 is what the project is written against.
clang_version() {
  local version
  for version in 14 15 16 17 18; do
    if command -v "clang++-$version" >/dev/null; then
      echo "$version"
      return
    fi
  done
  return 1
}

say() { printf '\n== %s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Prints the comment at the head of the script that sourced this file.
help() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"; }

jobs=${CLIENTBOOK_JOBS:-$(nproc)}

# configure PRESET: quiet unless it fails.
configure() {
  local preset=$1 log options=()
  case $preset in
    clang | fuzz)
      local version
      version=$(clang_version) || fail "no clang: scripts/install-dependencies check"
      options=(-DCMAKE_C_COMPILER="clang-$version" -DCMAKE_CXX_COMPILER="clang++-$version")
      ;;
  esac
  log=$(mktemp)
  if ! cmake --preset "$preset" "${options[@]}" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "cmake --preset $preset failed"
  fi
  rm -f "$log"
}

# build PRESET [TARGET...]: shows ninja's progress.
build() {
  local preset=$1
  shift
  say "build, preset $preset${*:+: $*}"
  configure "$preset"
  cmake --build "build/$preset" --parallel "$jobs" ${*:+--target "$@"}
}
