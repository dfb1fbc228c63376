# usage: build.sh PKG_CONFIG "COMPILER [FLAG...]" PROGRAM
# A makefile's way: every member of the archive is linked, so that a library that the .pc file
# forgets is noticed even where this program does not use it.
set -eu
pkg_config=$1 compiler=$2 program=$3
cd "$(dirname "$0")"
cflags=$("$pkg_config" --static --cflags clientbook)
libs=$("$pkg_config" --static --libs clientbook)
# shellcheck disable=SC2086  # words on purpose
$compiler -std=c++20 $cflags main.cpp -o "$program" $libs
all=$(printf '%s' "$libs" | sed 's/-l:libclientbook\.a/-Wl,--whole-archive & -Wl,--no-whole-archive/')
# shellcheck disable=SC2086
$compiler -std=c++20 $cflags main.cpp -o "$program.all" $all
