# SPDX-License-Identifier: Apache-2.0 OR MIT

# What `cmake --install` puts where: libraries, headers, the package config for find_package(), files for pkg-config.

# ebb_install_library(<target>): installs a library named ebb_<part> with the folder include/ beside its
# CMakeLists.txt, exports it as ebb::<part>, and writes its pkg-config file: ebb.pc for the core, else ebb-<part>.pc.
# Call it when everything is linked to `target`. Does nothing with EBB_INSTALL off.
function(ebb_install_library target)
    if(NOT EBB_INSTALL)
        return()
    endif()
    string(REGEX REPLACE "^ebb_" "" part ${target})
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${part})
    install(
        TARGETS ${target}
        EXPORT ebb
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    )
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/include")
        install(DIRECTORY include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
    endif()

    get_target_property(linked ${target} INTERFACE_LINK_LIBRARIES)
    if(linked MATCHES "Threads::Threads")
        set_property(GLOBAL PROPERTY EBB_NEEDS_THREADS ON)
    endif()
    ebb_install_pkg_config(${target} ${part} "${linked}")
endfunction()

function(ebb_install_pkg_config target part linked)
    get_target_property(type ${target} TYPE)
    if(NOT type MATCHES "^(STATIC|SHARED)_LIBRARY$")
        return()
    endif()
    get_target_property(output ${target} OUTPUT_NAME)
    if(NOT output)
        set(output ${target})
    endif()
    set(libraries "-l${output}")
    string(REGEX MATCHALL "ebb(::|_)[a-z_]+" parts "${linked}")
    foreach(other IN LISTS parts)
        string(REPLACE "::" "_" other ${other})
        string(APPEND libraries " -l${other}")
    endforeach()
    if(linked MATCHES "Threads::Threads")
        string(APPEND libraries " -pthread")
    endif()

    get_target_property(options ${target} INTERFACE_LINK_OPTIONS)
    foreach(option IN LISTS options)
        if(option MATCHES "^LINKER:(.*)$")
            string(PREPEND libraries "-Wl,${CMAKE_MATCH_1} ")
        elseif(option MATCHES "^.<INSTALL_INTERFACE:.<INSTALL_PREFIX>/(.*)>$")
            # A linker script of ours.
            string(PREPEND libraries "\${prefix}/${CMAKE_MATCH_1} ")
        endif()
    endforeach()
    file(RELATIVE_PATH to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")

    string(REPLACE "_" "-" name "ebb-${part}")
    if(part STREQUAL "core")
        set(name ebb)
    endif()
    configure_file("${PROJECT_SOURCE_DIR}/cmake/ebb.pc.in" "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()

# ebb_install_package(): the package config, once all libraries are known.
function(ebb_install_package)
    if(NOT EBB_INSTALL)
        return()
    endif()
    include(CMakePackageConfigHelpers)
    get_property(EBB_NEEDS_THREADS GLOBAL PROPERTY EBB_NEEDS_THREADS)
    set(folder "${CMAKE_INSTALL_LIBDIR}/cmake/ebb")
    configure_package_config_file(
        "${PROJECT_SOURCE_DIR}/cmake/ebbConfig.cmake.in"
        "${PROJECT_BINARY_DIR}/ebbConfig.cmake"
        INSTALL_DESTINATION "${folder}"
    )
    # Before 1.0 a minor version may change the interface.
    write_basic_package_version_file("${PROJECT_BINARY_DIR}/ebbConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
    install(
        FILES "${PROJECT_BINARY_DIR}/ebbConfig.cmake" "${PROJECT_BINARY_DIR}/ebbConfigVersion.cmake"
        DESTINATION "${folder}"
    )
    install(EXPORT ebb FILE ebbTargets.cmake NAMESPACE ebb:: DESTINATION "${folder}")
    install(FILES LICENSE-APACHE LICENSE-MIT DESTINATION "${CMAKE_INSTALL_DOCDIR}")
endfunction()
