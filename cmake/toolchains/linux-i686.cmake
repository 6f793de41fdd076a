# SPDX-License-Identifier: Apache-2.0 OR MIT

# 32 bits, little end first.
set(EBB_MACHINE i686)
include("${CMAKE_CURRENT_LIST_DIR}/linux.cmake")
# A PC runs its programs as its own.
if(NOT CMAKE_HOST_SYSTEM_PROCESSOR MATCHES "^(x86_64|i[3-6]86)$")
    set(CMAKE_CROSSCOMPILING_EMULATOR qemu-i386)
endif()
