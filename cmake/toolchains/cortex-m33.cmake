# A bare Cortex-M33.
set(CMAKE_SYSTEM_PROCESSOR cortex-m33)
include("${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake")
