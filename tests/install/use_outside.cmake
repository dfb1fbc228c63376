# Copies a user's program out of the tree, builds it by WAY and runs it.
function(run)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${WORK}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${WORK}/project")
file(COPY "${HERE}/${WAY}/" DESTINATION "${WORK}/project")
file(COPY "${HERE}/main.cpp" DESTINATION "${WORK}/project")
set(flags "")
if(SANITIZE)
  set(flags "-fsanitize=${SANITIZE}")
endif()

if(WAY STREQUAL "pkg_config")
  set(ENV{PKG_CONFIG_PATH} "${PREFIX}/${LIBDIR}/pkgconfig")
  run(sh project/build.sh "${PKG_CONFIG}" "${CXX} ${flags}" "${WORK}/program")
  run("${WORK}/program")
else()
  run("${CMAKE_COMMAND}" -S project -B build -G Ninja
      "-DCMAKE_C_COMPILER=${C}" "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_CXX_FLAGS=${flags}"
      "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}"
      "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DCLIENTBOOK_SOURCE=${SOURCE}")
  run("${CMAKE_COMMAND}" --build build --parallel 2)
  run("${WORK}/build/program")
  if(EXISTS "${WORK}/build/program_core")
    run("${WORK}/build/program_core")
  endif()
endif()
