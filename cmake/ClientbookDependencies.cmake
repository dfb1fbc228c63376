# Third-party libraries, each behind one interface target, each linked by one room.
# scripts/install-dependencies installs them; on Debian 12 it may unpack Boost beside the
# system's own into .deps/boost (libboost1.81-dev conflicts with the default 1.74).

# clientbook_dependency(sodium libsodium) -> clientbook_dep_sodium
function(clientbook_dependency name module)
  pkg_check_modules(clientbook_${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
  add_library(clientbook_dep_${name} INTERFACE)
  target_link_libraries(clientbook_dep_${name} INTERFACE PkgConfig::clientbook_${name})
  set_property(GLOBAL PROPERTY clientbook_dep_${name}_module ${module})
endfunction()

# The same, where it is installed; without it there is no such target, and configuring says so.
function(clientbook_optional_dependency name module package)
  pkg_check_modules(clientbook_${name} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(NOT clientbook_${name}_FOUND)
    message(STATUS "No ${module} (${package}): what needs it is left out")
    return()
  endif()
  add_library(clientbook_dep_${name} INTERFACE)
  target_link_libraries(clientbook_dep_${name} INTERFACE PkgConfig::clientbook_${name})
  set_property(GLOBAL PROPERTY clientbook_dep_${name}_module ${module})
endfunction()

# PSA Crypto as Mbed TLS has it. Debian's comes without a file for pkg-config: it is linked by its name.
function(clientbook_psa_dependency)
  find_path(CLIENTBOOK_PSA_INCLUDE psa/crypto.h DOC "Folder that holds psa/crypto.h")
  find_library(CLIENTBOOK_PSA_LIBRARY mbedcrypto DOC "libmbedcrypto")
  if(NOT CLIENTBOOK_PSA_INCLUDE OR (CLIENTBOOK_HOSTED AND NOT CLIENTBOOK_PSA_LIBRARY))
    message(FATAL_ERROR "CLIENTBOOK_PSA needs psa/crypto.h and libmbedcrypto: install libmbedtls-dev, "
                        "or set CLIENTBOOK_PSA_INCLUDE and CLIENTBOOK_PSA_LIBRARY")
  endif()
  add_library(clientbook_dep_psa INTERFACE)
  target_include_directories(clientbook_dep_psa SYSTEM INTERFACE
    "$<BUILD_INTERFACE:${CLIENTBOOK_PSA_INCLUDE}>")
  if(CLIENTBOOK_HOSTED)
    target_link_libraries(clientbook_dep_psa INTERFACE
      "$<BUILD_INTERFACE:${CLIENTBOOK_PSA_LIBRARY}>" "$<INSTALL_INTERFACE:mbedcrypto>")
  endif()
endfunction()
if(CLIENTBOOK_PSA)
  clientbook_psa_dependency()
endif()

if(CLIENTBOOK_HOSTED)
  # Boost serves inside and is compiled into the archive. A host may have another Boost, or
  # compile this one's JSON itself: in our objects the namespace has a name of its own, so that
  # the two never meet. (A macro is not expanded in <boost/x.hpp>; the one include that is made of
  # macros is named here.)
  include(ClientbookFindBoost)
  clientbook_find_boost("${CMAKE_CURRENT_SOURCE_DIR}/.deps/boost/usr/include")
  add_library(clientbook_dep_boost INTERFACE)
  target_compile_definitions(clientbook_dep_boost INTERFACE
    boost=clientbook_boost "BOOST_USER_CONFIG=\"boost/config/user.hpp\"")
  if(NOT CLIENTBOOK_BOOST_INCLUDE STREQUAL "/usr/include")
    target_include_directories(clientbook_dep_boost SYSTEM INTERFACE "${CLIENTBOOK_BOOST_INCLUDE}")
  endif()
  find_package(PkgConfig REQUIRED)
  clientbook_dependency(sodium libsodium)
  clientbook_dependency(lmdb lmdb)
  clientbook_dependency(zlib zlib)
  find_package(Threads REQUIRED)
  if(NOT CLIENTBOOK_PSA)
    clientbook_dependency(libcrypto libcrypto)
  endif()
  clientbook_optional_dependency(re2 re2 libre2-dev)
  clientbook_optional_dependency(spdlog spdlog libspdlog-dev)
  clientbook_optional_dependency(p11kit p11-kit-1 libp11-kit-dev)
  if(CLIENTBOOK_BENCHMARKS)
    clientbook_optional_dependency(vectorscan libhs "libvectorscan-dev or libhyperscan-dev")
  endif()
else()
  # Firmware: nothing is linked here, and the host's headers of a C library must stay out of
  # sight. A folder of links holds the set that the core may include.
  find_path(CLIENTBOOK_SODIUM_INCLUDE sodium.h PATHS /usr/include REQUIRED
            DOC "Folder that holds sodium.h")
  set(view "${PROJECT_BINARY_DIR}/third_party")
  file(REMOVE_RECURSE "${view}")
  file(MAKE_DIRECTORY "${view}")
  file(CREATE_LINK "${CLIENTBOOK_SODIUM_INCLUDE}/sodium.h" "${view}/sodium.h" SYMBOLIC)
  file(CREATE_LINK "${CLIENTBOOK_SODIUM_INCLUDE}/sodium" "${view}/sodium" SYMBOLIC)
  add_library(clientbook_dep_sodium INTERFACE)
  target_include_directories(clientbook_dep_sodium SYSTEM INTERFACE "$<BUILD_INTERFACE:${view}>")
endif()
