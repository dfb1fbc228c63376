# Warnings are ours and private; no global flag and no language mode is forced on users.
add_library(clientbook_warnings INTERFACE)
target_compile_options(clientbook_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wimplicit-fallthrough
  -Wdouble-promotion -Wformat=2
  -Wno-missing-field-initializers  # designated initialisers leave members at their defaults
  # GCC 12 sees an overlap in "text" + std::string at -O3 that is not there (its bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  $<$<BOOL:${CLIENTBOOK_WERROR}>:-Werror>)

# Whoever has precompiled headers: what lets ccache see into them (with its sloppiness set to
# pch_defines,time_macros; else it leaves these files alone).
set(clientbook_precompiled $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)

if(CLIENTBOOK_SANITIZE)
  add_compile_options(-fsanitize=${CLIENTBOOK_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CLIENTBOOK_SANITIZE})
endif()

if(CLIENTBOOK_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "CLIENTBOOK_FUZZ needs clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(CLIENTBOOK_CCACHE ccache)
if(CLIENTBOOK_CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER "${CLIENTBOOK_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CLIENTBOOK_CCACHE}")
endif()
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
endif()
