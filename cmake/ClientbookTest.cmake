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
  foreach(used IN LISTS ARG_USES)
    target_link_libraries(${target} PRIVATE clientbook_${used})
  endforeach()
  add_test(NAME ${name} COMMAND ${target})
  set_tests_properties(${name} PROPERTIES LABELS "unit;${ARG_LABELS}" TIMEOUT 600)
endfunction()

# A sabotage: one check dropped on purpose, and the test case that must go red for it.
#
#   clientbook_sabotage(expiry_ignored     # -DCLIENTBOOK_SABOTAGE_EXPIRY_IGNORED
#     ROOM consent                         # whose sources are sabotaged
#     SOURCES evaluate.cpp                 # those that hold the #ifdef, in src/<room>
#     TEST consent                         # the clientbook_test that should notice
#     CASE "consent: holds from given_at up to, not including, its end")
#
# Only the given sources are compiled again; the test's objects and the rest of the rooms are
# reused, the sabotaged objects standing before the libraries that hold the honest ones.
function(clientbook_sabotage name)
  cmake_parse_arguments(ARG "" "ROOM;TEST;CASE" "SOURCES" ${ARGN})
  foreach(required ROOM TEST CASE SOURCES)
    if(NOT ARG_${required})
      message(FATAL_ERROR "clientbook_sabotage(${name}): ${required} is missing")
    endif()
  endforeach()
  string(TOUPPER "${name}" upper)
  set(target clientbook_sabotage_${name})
  set(test clientbook_test_${ARG_TEST})
  get_target_property(source_dir clientbook_${ARG_ROOM}_objects SOURCE_DIR)
  list(TRANSFORM ARG_SOURCES PREPEND "${source_dir}/")

  get_property(links GLOBAL PROPERTY clientbook_${ARG_ROOM}_links)
  add_executable(${target} ${ARG_SOURCES} $<TARGET_OBJECTS:${test}>
                           $<TARGET_OBJECTS:clientbook_doctest_main>)
  target_compile_definitions(${target} PRIVATE CLIENTBOOK_SABOTAGE_${upper})
  target_compile_features(${target} PRIVATE cxx_std_20)
  # A dropped check leaves parameters unused: warnings would say so.
  target_compile_options(${target} PRIVATE -w -O1 -g0)
  target_link_libraries(${target} PRIVATE clientbook_${ARG_ROOM}_headers ${links}
                                          $<TARGET_PROPERTY:${test},LINK_LIBRARIES>)
  add_test(NAME sabotage.${name}
    COMMAND "${Python3_EXECUTABLE}" "${PROJECT_SOURCE_DIR}/tests/sabotage/must_fail.py"
            $<TARGET_FILE:${target}> "${ARG_CASE}")
  set_tests_properties(sabotage.${name} PROPERTIES LABELS sabotage TIMEOUT 320)
  set_property(GLOBAL APPEND PROPERTY clientbook_sabotages ${name})
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
