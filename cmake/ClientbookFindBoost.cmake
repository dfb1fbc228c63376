# Finds the headers of Boost >= 1.81, which our own build needs and users of the installed library do
# not. Sets CLIENTBOOK_BOOST_INCLUDE in the cache.
#
#   clientbook_find_boost(hint...)    # folders to try before the system's
function(clientbook_find_boost)
  find_path(CLIENTBOOK_BOOST_INCLUDE boost/version.hpp
            HINTS ${ARGN} ${Boost_INCLUDE_DIR} ${BOOST_ROOT}/include ENV BOOST_ROOT
            PATHS /usr/include
            PATH_SUFFIXES include
            DOC "Folder that holds boost/version.hpp of Boost >= 1.81")
  set(mend "install it (Debian 12: scripts/install-dependencies build), or set \
CLIENTBOOK_BOOST_INCLUDE to the folder that holds boost/version.hpp")
  if(NOT CLIENTBOOK_BOOST_INCLUDE)
    message(FATAL_ERROR "clientbook needs the headers of Boost >= 1.81 and found none: ${mend}")
  endif()
  set(version_file "${CLIENTBOOK_BOOST_INCLUDE}/boost/version.hpp")
  file(STRINGS "${version_file}" line REGEX "^#define BOOST_VERSION [0-9]+")
  string(REGEX MATCH "[0-9]+$" version "${line}")
  if(NOT version OR version LESS 108100)
    set(found "${CLIENTBOOK_BOOST_INCLUDE}")
    unset(CLIENTBOOK_BOOST_INCLUDE CACHE)
    message(FATAL_ERROR "clientbook needs Boost >= 1.81 (BOOST_VERSION 108100), but ${found} "
                        "holds ${version}: ${mend}")
  endif()
endfunction()
