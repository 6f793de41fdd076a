# SPDX-License-Identifier: Apache-2.0 OR MIT

# The whole core as two files, ebb.h and ebb.c, in the folder amalgamation/ of the build: target ebb_amalgamation.
# Beside them ebb_fixed.c, in place of ebb.c where the end of the heap never moves.

# ebb_amalgamate(): makes the target, if there is a Python to do it.
function(ebb_amalgamate)
    find_package(Python3 COMPONENTS Interpreter)
    if(NOT Python3_Interpreter_FOUND)
        return()
    endif()
    get_property(core GLOBAL PROPERTY EBB_CORE_DIRECTORY)
    get_property(sources GLOBAL PROPERTY EBB_CORE_SOURCES)
    get_property(fixed_sources GLOBAL PROPERTY EBB_CORE_FIXED_SOURCES)
    file(GLOB headers CONFIGURE_DEPENDS "${core}/include/ebb/*.h" "${core}/source/*.h")
    set(generator "${PROJECT_SOURCE_DIR}/cmake/amalgamate.py")
    set(folder "${PROJECT_BINARY_DIR}/amalgamation")
    set(command Python3::Interpreter -B "${generator}" --include "${core}/include")
    add_custom_command(
        OUTPUT "${folder}/ebb.h" "${folder}/ebb.c"
        COMMAND ${command} --header "${folder}/ebb.h" --source "${folder}/ebb.c" ${sources}
        DEPENDS "${generator}" ${sources} ${headers}
        COMMENT "Making ebb.h and ebb.c"
        VERBATIM
    )
    add_custom_command(
        OUTPUT "${folder}/ebb_fixed.c"
        COMMAND ${command} --source "${folder}/ebb_fixed.c" ${fixed_sources}
        DEPENDS "${generator}" ${fixed_sources} ${headers}
        COMMENT "Making ebb_fixed.c"
        VERBATIM
    )
    add_custom_target(ebb_amalgamation DEPENDS "${folder}/ebb.h" "${folder}/ebb.c" "${folder}/ebb_fixed.c")
    set_property(TARGET ebb_amalgamation PROPERTY EBB_FOLDER "${folder}")
endfunction()
