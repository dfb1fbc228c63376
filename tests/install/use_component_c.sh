# usage: use_component_c.sh PREFIX LIBDIR EMBED_C WORK CC CMAKE PKG_CONFIG
# A program in C, built outside the tree by CMake's component and by pkg-config, and run.
set -eu
prefix=$1 libdir=$2 embed=$3 work=$4 cc=$5 cmake=$6 pkg_config=$7
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$work"
mkdir -p "$work"
cp "$here/component_c/CMakeLists.txt" "$embed" "$work"
cd "$work"
"$cmake" -S . -B build -G Ninja -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" > /dev/null
"$cmake" --build build
mkdir by_cmake by_pkg_config
(cd by_cmake && ../build/program)
PKG_CONFIG_PATH=$prefix/$libdir/pkgconfig
export PKG_CONFIG_PATH
# shellcheck disable=SC2046  # words on purpose
$cc -std=c99 embed.c -o program $("$pkg_config" --cflags --libs clientbook-c) -Wl,-rpath,"$prefix/$libdir"
(cd by_pkg_config && ../program)
