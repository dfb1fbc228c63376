# Tests are compiled often and run once: little optimisation, and the headers that nearly all of
# them include are read once (tests/CMakeLists.txt makes clientbook_test_headers).
function(clientbook_compile_quickly target)
  target_compile_options(${target} PRIVATE ${CLIENTBOOK_TEST_FLAGS})
  target_precompile_headers(${target} REUSE_FROM clientbook_test_headers)
endfunction()

# One doctest executable a room, registered with ctest.
#
#   clientbook_test(consent
#     SOURCES evaluate_test.cpp
#     USES consent              # the room under test; what it uses comes with it
#     LINKS clientbook_dep_x    # only where a test needs a third-party library itself
#     LABELS slow)
function(clientbook_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LINKS;LABELS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "clientbook_test(${name}): unknown ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  set(target clientbook_test_${name})
  add_executable(${target} ${ARG_SOURCES} $<TARGET_OBJECTS:clientbook_doctest_main>)
  target_link_libraries(${target} PRIVATE clientbook_warnings clientbook_test_support ${ARG_LINKS})
  clientbook_compile_quickly(${target})
  set_property(GLOBAL APPEND PROPERTY clientbook_tests ${name})
  foreach(used IN LISTS ARG_USES)
    target_link_libraries(${target} PRIVATE clientbook_${used})
  endforeach()
  add_test(NAME ${name} COMMAND ${target})
  set_tests_properties(${name} PROPERTIES LABELS "unit;${ARG_LABELS}" TIMEOUT 600)
endfunction()

# A long test, run by scripts/soak only. It is told how long by CLIENTBOOK_SOAK_SECONDS and
# prints what it counted on a line that begins with "soak:".
#
#   clientbook_soak(book_crash COMMAND clientbook_test_book_crash --loops)
function(clientbook_soak name)
  cmake_parse_arguments(ARG "" "" "COMMAND" ${ARGN})
  add_test(NAME soak.${name} COMMAND ${ARG_COMMAND} CONFIGURATIONS Soak)
  set_tests_properties(soak.${name} PROPERTIES LABELS soak TIMEOUT 36000)
endfunction()
