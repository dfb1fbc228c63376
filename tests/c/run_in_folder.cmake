# Runs PROGRAM with an empty FOLDER of its own as its argument.
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
execute_process(COMMAND "${PROGRAM}" "${FOLDER}" WORKING_DIRECTORY "${FOLDER}" RESULT_VARIABLE said)
if(NOT said EQUAL 0)
  message(FATAL_ERROR "${PROGRAM}: ${said}")
endif()
