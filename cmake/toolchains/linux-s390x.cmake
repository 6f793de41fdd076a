# SPDX-License-Identifier: Apache-2.0 OR MIT

# 64 bits, big end first.
set(EBB_MACHINE s390x)
include("${CMAKE_CURRENT_LIST_DIR}/linux.cmake")
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-s390x)
