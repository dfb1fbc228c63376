# Cross compiler for a bare Cortex-M, CMAKE_SYSTEM_PROCESSOR: no operating system, no heap, no exceptions,
# no RTTI. Read by cortex-m4.cmake and cortex-m33.cmake.
set(CMAKE_SYSTEM_NAME Generic)

set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
# Nothing is linked: a program needs a board.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

set(clientbook_cortex_m "-mcpu=${CMAKE_SYSTEM_PROCESSOR} -mthumb -ffunction-sections -fdata-sections \
-fno-unwind-tables -fno-asynchronous-unwind-tables -Wno-psabi")
set(CMAKE_C_FLAGS_INIT "${clientbook_cortex_m}")
set(CMAKE_CXX_FLAGS_INIT "${clientbook_cortex_m} -fno-exceptions -fno-rtti \
-fno-threadsafe-statics -fno-use-cxa-atexit")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE NEVER)
