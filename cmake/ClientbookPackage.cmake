# The two libraries that users link, and their installation.
#
#   clientbook::clientbook   every room but the program's
#   clientbook::core         the rooms that firmware has too
#
# Included after the rooms. Used by find_package(clientbook), by pkg-config --static and by
# add_subdirectory alike; tests/install tries all three from outside the tree.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

get_property(rooms GLOBAL PROPERTY clientbook_rooms)
get_property(core_rooms GLOBAL PROPERTY clientbook_core_rooms)
list(REMOVE_ITEM rooms cli)

# clientbook_library(name rooms...) -> clientbook::name; its third-party targets in <name>_links
function(clientbook_library name)
  set(objects "")
  set(links "")
  foreach(room IN LISTS ARGN)
    list(APPEND objects $<TARGET_OBJECTS:clientbook_${room}_objects>)
    get_property(room_links GLOBAL PROPERTY clientbook_${room}_links)
    list(APPEND links ${room_links})
  endforeach()
  list(REMOVE_DUPLICATES links)
  # Boost's headers are in the objects; nothing of it is linked and nobody who links us needs it.
  list(REMOVE_ITEM links clientbook_dep_boost)

  set(target clientbook_library_${name})
  add_library(${target} STATIC ${objects})
  add_library(clientbook::${name} ALIAS ${target})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  target_link_libraries(${target} PRIVATE ${links})
  if(name STREQUAL "clientbook")
    set(output clientbook)
  else()
    set(output clientbook_${name})
  endif()
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX OUTPUT_NAME ${output}
                                             EXPORT_NAME ${name})
  set(${name}_links ${links} PARENT_SCOPE)
endfunction()

clientbook_library(core ${core_rooms})
if(CLIENTBOOK_HOSTED)
  clientbook_library(clientbook ${rooms})
endif()

if(CLIENTBOOK_INSTALL AND CLIENTBOOK_HOSTED)
  # Two components, core and clientbook, each with its targets in a file of its own. What the
  # installed package asks pkg-config for are the modules behind a component's links; the core's
  # are among those of both, and looked for first.
  set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/clientbook")
  set(requires "")
  set(seen "")
  foreach(component core clientbook)
    set(asks_${component} "")
    set(indent "")
    if(component STREQUAL "clientbook")
      set(indent "  ")
    endif()
    set(exported clientbook_library_${component})
    foreach(link IN LISTS ${component}_links)
      if(link IN_LIST seen)
        continue()
      endif()
      list(APPEND seen ${link})
      if(link STREQUAL "clientbook_dep_psa")
        list(APPEND exported ${link})
        set_target_properties(${link} PROPERTIES EXPORT_NAME dep_psa)
      elseif(link MATCHES "^clientbook_(dep_(.+))$")
        get_property(module GLOBAL PROPERTY ${link}_module)
        string(APPEND asks_${component} "${indent}clientbook_needs(${CMAKE_MATCH_2} ${module})\n")
        list(APPEND requires ${module})
        list(APPEND exported ${link})
        set_target_properties(${link} PROPERTIES EXPORT_NAME ${CMAKE_MATCH_1})
      elseif(link STREQUAL "Threads::Threads")
        string(APPEND asks_${component} "${indent}find_dependency(Threads)\n")
      endif()
    endforeach()
    install(TARGETS ${exported} EXPORT clientbook-${component}-targets
            ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(EXPORT clientbook-${component}-targets NAMESPACE clientbook::
            DESTINATION "${package_dir}")
  endforeach()
  list(JOIN requires ", " requires)

  get_property(headers GLOBAL PROPERTY clientbook_public_headers)
  list(APPEND headers core.hpp clientbook.hpp exchange.hpp)
  # Internal headers only where a public one includes them, and those that these include.
  set(include_dir "${PROJECT_SOURCE_DIR}/include/clientbook")
  set(waiting ${headers})
  while(waiting)
    list(POP_FRONT waiting header)
    file(STRINGS "${include_dir}/${header}" lines REGEX "#include <clientbook/internal/")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE ".*<clientbook/(.*)>.*" "\\1" needed "${line}")
      if(NOT needed IN_LIST headers)
        list(APPEND headers ${needed})
        list(APPEND waiting ${needed})
      endif()
    endforeach()
  endwhile()
  foreach(header IN LISTS headers)
    get_filename_component(within "clientbook/${header}" DIRECTORY)
    install(FILES "${include_dir}/${header}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/${within}")
  endforeach()

  # What is read: the pages, with those that they lead to, and the column maps to begin one's own
  # from.
  foreach(page LICENSE README.md CONTRIBUTING.md tests/vectors/notes/README.md)
    get_filename_component(within "${page}" DIRECTORY)
    install(FILES "${PROJECT_SOURCE_DIR}/${page}"
            DESTINATION "${CMAKE_INSTALL_DOCDIR}/${within}")
  endforeach()
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs" DESTINATION "${CMAKE_INSTALL_DOCDIR}"
          FILES_MATCHING PATTERN "*.md" PATTERN "*.schema.json" PATTERN "*.svg")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/examples/import" "${PROJECT_SOURCE_DIR}/examples/data"
          DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples")

  configure_package_config_file(cmake/package/clientbook-config.cmake.in
                                package/clientbook-config.cmake
                                INSTALL_DESTINATION "${package_dir}")
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/clientbook-config-version.cmake"
                                   COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/package/clientbook-config.cmake"
                "${PROJECT_BINARY_DIR}/package/clientbook-config-version.cmake"
          DESTINATION "${package_dir}")

  # pkg-config: the compiler's own C++ library is named for programs that are linked by a C
  # compiler.
  set(private_libs -lstdc++)
  if(CLIENTBOOK_PSA)
    string(APPEND private_libs " -lmbedcrypto")
  endif()
  if("Threads::Threads" IN_LIST clientbook_links)
    string(APPEND private_libs " -pthread")
  endif()
  file(RELATIVE_PATH pc_to_prefix "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
  configure_file(cmake/package/clientbook.pc.in package/clientbook.pc @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/package/clientbook.pc"
          DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endif()
