// Nothing: CMake makes a precompiled header for the sources of a target.
