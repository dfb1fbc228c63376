# A room of the house: one static library, whose include path is a generated view.
#
#   clientbook_module(consent CORE
#     HEADERS consent.hpp            # public, in include/clientbook/<room>/
#     INTERNAL state.hpp             # in include/clientbook/internal/<room>/
#     SOURCES evaluate.cpp           # in the calling directory, private headers beside them
#     USES model base                # lower rooms; nothing else can be included or linked
#     LINKS clientbook_dep_sodium)   # third-party targets, never visible to users of the room
#
# The view holds links to the room's own public headers and, through USES, to those of
# the rooms below: an upward #include does not compile, an upward call does not link.
# INTERNAL headers are for the rooms above, not for users: the view holds them, and they are
# installed only where a public header includes them (ClientbookPackage.cmake). Headers of
# adapters_x lie in the folder adapters. TOP names headers that lie in include/clientbook itself.
# SMALL: in firmware bytes count for more than speed. HOSTED and FIRMWARE: sources that only one of
# the two has. TABLES: made while building by scripts/<MADE_BY> from the files MADE_FROM, which lie in
# one folder; the room includes them as <tables/<room>/x.inc>, another target that compiles its
# sources links clientbook_<room>_tables.
# PRECOMPILE names third-party headers that take long to read, and nothing else: a source still
# includes what it uses.
# Objects are compiled once; clientbook::core and clientbook::clientbook gather them
# (ClientbookPackage.cmake).
function(clientbook_module room)
  cmake_parse_arguments(ARG "CORE;SMALL" "MADE_BY"
    "TOP;HEADERS;INTERNAL;SOURCES;HOSTED;FIRMWARE;TABLES;MADE_FROM;USES;LINKS;PRECOMPILE" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "clientbook_module(${room}): unknown ${ARG_UNPARSED_ARGUMENTS}")
  endif()

  string(REGEX REPLACE "_.*" "" folder "${room}")
  list(TRANSFORM ARG_HEADERS PREPEND "${folder}/")
  list(TRANSFORM ARG_INTERNAL PREPEND "internal/${folder}/")
  set(public_headers ${ARG_TOP} ${ARG_HEADERS})
  set(headers ${public_headers} ${ARG_INTERNAL})

  set(view "${PROJECT_BINARY_DIR}/view/${room}")
  file(REMOVE_RECURSE "${view}")
  file(MAKE_DIRECTORY "${view}/clientbook")
  foreach(header IN LISTS headers)
    set(source "${PROJECT_SOURCE_DIR}/include/clientbook/${header}")
    if(NOT EXISTS "${source}")
      message(FATAL_ERROR "clientbook_module(${room}): no header ${source}")
    endif()
    get_filename_component(within "${view}/clientbook/${header}" DIRECTORY)
    file(MAKE_DIRECTORY "${within}")
    file(CREATE_LINK "${source}" "${view}/clientbook/${header}" SYMBOLIC)
  endforeach()

  # Objects once, with the rules of our own build.
  set(objects clientbook_${room}_objects)
  if(CLIENTBOOK_HOSTED)
    add_library(${objects} OBJECT ${ARG_SOURCES} ${ARG_HOSTED})
  else()
    add_library(${objects} OBJECT ${ARG_SOURCES} ${ARG_FIRMWARE})
  endif()
  clientbook_tables(${room} SCRIPT "${ARG_MADE_BY}" FROM ${ARG_MADE_FROM} TABLES ${ARG_TABLES})
  target_link_libraries(${objects} PRIVATE clientbook_${room}_tables)
  target_include_directories(${objects} PUBLIC "${view}")
  target_compile_features(${objects} PUBLIC cxx_std_20)
  target_link_libraries(${objects} PRIVATE clientbook_warnings ${ARG_LINKS})
  foreach(used IN LISTS ARG_USES)
    target_link_libraries(${objects} PUBLIC clientbook_${used}_headers)
  endforeach()
  if(ARG_PRECOMPILE)
    target_precompile_headers(${objects} PRIVATE ${ARG_PRECOMPILE})
    target_compile_options(${objects} PRIVATE ${clientbook_precompiled})
  endif()
  if(CLIENTBOOK_HOSTED)
    set_target_properties(${objects} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  else()
    # Smaller tables, where a page of docs/ says so.
    target_compile_definitions(${objects} PRIVATE CLIENTBOOK_FIRMWARE)
    if(ARG_SMALL)
      # Loops here are short and bytes count: what these passes add is not gained back.
      target_compile_options(${objects} PRIVATE
        -fno-move-loop-invariants -fno-tree-loop-optimize -fno-schedule-insns2
        -fno-jump-tables -fno-gcse -fno-caller-saves -fno-if-conversion -fno-tree-tail-merge)
    endif()
  endif()

  # What a room above may see: headers only.
  add_library(clientbook_${room}_headers INTERFACE)
  target_include_directories(clientbook_${room}_headers INTERFACE "${view}")
  foreach(used IN LISTS ARG_USES)
    target_link_libraries(clientbook_${room}_headers INTERFACE clientbook_${used}_headers)
  endforeach()

  # What tests of the room link: it and what it uses, nothing above.
  add_library(clientbook_${room} STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:${objects}>)
  set_target_properties(clientbook_${room} PROPERTIES LINKER_LANGUAGE CXX)
  target_compile_features(clientbook_${room} PUBLIC cxx_std_20)
  target_link_libraries(clientbook_${room} PUBLIC clientbook_${room}_headers PRIVATE ${ARG_LINKS})
  foreach(used IN LISTS ARG_USES)
    target_link_libraries(clientbook_${room} PUBLIC clientbook_${used})
  endforeach()

  set_property(GLOBAL APPEND PROPERTY clientbook_rooms ${room})
  set_property(GLOBAL PROPERTY clientbook_${room}_firmware_sources ${ARG_SOURCES} ${ARG_FIRMWARE})
  set_property(GLOBAL PROPERTY clientbook_${room}_links ${ARG_LINKS})
  set_property(GLOBAL APPEND PROPERTY clientbook_public_headers ${public_headers})
  set_property(GLOBAL APPEND PROPERTY clientbook_internal_headers ${ARG_INTERNAL})
  if(ARG_CORE)
    set_property(GLOBAL APPEND PROPERTY clientbook_core_rooms ${room})
  endif()

  # Every header of the room is also compiled alone.
  if(CLIENTBOOK_TESTS)
    foreach(header IN LISTS headers)
      string(MAKE_C_IDENTIFIER "${header}" stem)
      set(alone "${PROJECT_BINARY_DIR}/alone/${room}_${stem}.cpp")
      file(CONFIGURE OUTPUT "${alone}" CONTENT "#include <clientbook/${header}>\n")
      list(APPEND alones "${alone}")
    endforeach()
    if(alones)
      add_library(clientbook_${room}_alone OBJECT ${alones})
      target_compile_features(clientbook_${room}_alone PRIVATE cxx_std_20)
      target_link_libraries(clientbook_${room}_alone PRIVATE clientbook_${room}_headers
                                                              clientbook_warnings)
    endif()
  endif()
endfunction()

# clientbook_<room>_tables: the folder of the tables that are made for a room, and their making before
# anything that links it is compiled.
function(clientbook_tables room)
  cmake_parse_arguments(ARG "" "SCRIPT" "FROM;TABLES" ${ARGN})
  add_library(clientbook_${room}_tables INTERFACE)
  if(NOT ARG_TABLES)
    return()
  endif()
  set(tables "${PROJECT_BINARY_DIR}/made/${room}")
  set(to "${tables}/tables/${room}")
  set(script "${PROJECT_SOURCE_DIR}/scripts/${ARG_SCRIPT}")
  list(TRANSFORM ARG_FROM PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  list(TRANSFORM ARG_TABLES PREPEND "${to}/")
  list(GET ARG_FROM 0 first)
  get_filename_component(from "${first}" DIRECTORY)
  # The stamp is always written again, a table only when it differs: who includes one that stays the
  # same is not compiled again.
  add_custom_command(
    OUTPUT "${tables}/stamp"
    BYPRODUCTS ${ARG_TABLES}
    COMMAND "${Python3_EXECUTABLE}" "${script}" "${from}" "${to}"
    COMMAND "${CMAKE_COMMAND}" -E touch "${tables}/stamp"
    DEPENDS "${script}" ${ARG_FROM}
    COMMENT "Tables of ${room}"
    VERBATIM)
  add_custom_target(clientbook_${room}_tables_made DEPENDS "${tables}/stamp")
  add_dependencies(clientbook_${room}_tables clientbook_${room}_tables_made)
  target_include_directories(clientbook_${room}_tables INTERFACE "${tables}")
endfunction()
