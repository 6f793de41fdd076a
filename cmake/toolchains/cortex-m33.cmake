# SPDX-License-Identifier: Apache-2.0 OR MIT

set(EBB_TARGET cortex-m33)
include("${CMAKE_CURRENT_LIST_DIR}/arm.cmake")
