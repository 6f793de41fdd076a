# SPDX-License-Identifier: Apache-2.0 OR MIT

include_guard(GLOBAL)

set(EBB_TRACE_SOURCE_DIR "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "")
cmake_path(SET reader NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../../port-host/tools/trace")
set(EBB_TRACE_READER_DIR "${reader}" CACHE INTERNAL "")

# Traces recorded from programs, and traces made by generators.
set(EBB_TRACES_RECORDED
    lua_events lua_json duk_script sqlite_log cjson_cfg expat_dom mbed_pk coap_pdus CACHE INTERNAL "")
set(EBB_TRACES_SYNTHETIC syn_iot syn_phases syn_vectors syn_steady CACHE INTERNAL "")

# ebb_use_trace_reader(<target>): compiles the reader of the tools (trace.h) into the target.
function(ebb_use_trace_reader target)
    target_sources(${target} PRIVATE "${EBB_TRACE_READER_DIR}/trace.c")
    target_include_directories(${target} PRIVATE "${EBB_TRACE_READER_DIR}")
endfunction()

# ebb_embed_traces(<target> <name>...): puts the named traces into the target, which finds them by embedded.h.
function(ebb_embed_traces target)
    set(list "")
    set(files "")
    foreach(name IN LISTS ARGN)
        set(file "${EBB_TRACE_SOURCE_DIR}/data/${name}.mtr")
        if(NOT EXISTS "${file}")
            message(FATAL_ERROR "ebb_embed_traces: there is no trace ${file}")
        endif()
        string(APPEND list " TRACE(${name})")
        list(APPEND files "${file}")
    endforeach()
    target_sources(${target} PRIVATE "${EBB_TRACE_SOURCE_DIR}/embedded.c")
    set_source_files_properties("${EBB_TRACE_SOURCE_DIR}/embedded.c" PROPERTIES OBJECT_DEPENDS "${files}")
    target_include_directories(${target} PRIVATE "${EBB_TRACE_SOURCE_DIR}")
    target_compile_definitions(${target} PRIVATE
        "EBB_TRACES=${list}" "EBB_TRACE_DIRECTORY=\"${EBB_TRACE_SOURCE_DIR}/data\"")
endfunction()
