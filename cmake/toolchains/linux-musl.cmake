# Cross compiler for a Linux terminal: zig with musl, for the architecture in CLIENTBOOK_TERMINAL (armhf,
# aarch64, armeabi-v7a). scripts/terminal-libraries brings it and the libraries; scripts/build-terminal
# calls both. Programs are static, so that they run whatever the terminal's own C library is.
set(CMAKE_SYSTEM_NAME Linux)
if(DEFINED CLIENTBOOK_TERMINAL)
  set(ENV{CLIENTBOOK_TERMINAL} "${CLIENTBOOK_TERMINAL}")  # try_compile() reads this file again.
endif()
set(terminal "$ENV{CLIENTBOOK_TERMINAL}")
set(home "${CMAKE_CURRENT_LIST_DIR}/../../.deps/terminal")
get_filename_component(home "${home}" ABSOLUTE)
if(terminal STREQUAL "aarch64")
  set(CMAKE_SYSTEM_PROCESSOR aarch64)
  set(emulator qemu-aarch64)
else()
  set(CMAKE_SYSTEM_PROCESSOR armv7l)
  set(emulator qemu-arm)
endif()

set(CMAKE_C_COMPILER "${home}/bin/${terminal}-clang")
set(CMAKE_CXX_COMPILER "${home}/bin/${terminal}-clang++")
set(CMAKE_AR "${home}/bin/zig-ar")
set(CMAKE_RANLIB "${home}/bin/zig-ranlib")
# What each path of musl and libc++ could be asked for is decided here, not by the host.
set(CMAKE_FIND_ROOT_PATH "${home}/${terminal}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_LIBDIR} "${home}/${terminal}/lib/pkgconfig")
set(ENV{PKG_CONFIG_PATH} "")

# Sections of their own, so that what nothing calls is dropped; no checks of undefined behaviour, which
# zig adds where it thinks that a build is for debugging.
set(clientbook_terminal "-ffunction-sections -fdata-sections -fno-sanitize=undefined")
set(CMAKE_C_FLAGS_INIT "${clientbook_terminal}")
set(CMAKE_CXX_FLAGS_INIT "${clientbook_terminal}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--gc-sections")
# Pages of 16 KB: Android asks for them since its version 15, and they fit on those of 4 KB too.
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-Wl,--gc-sections -Wl,-z,max-page-size=16384")
find_program(clientbook_emulator ${emulator})
if(clientbook_emulator)
  set(CMAKE_CROSSCOMPILING_EMULATOR "${clientbook_emulator}")
endif()
