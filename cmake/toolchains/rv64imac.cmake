# SPDX-License-Identifier: Apache-2.0 OR MIT

set(EBB_TARGET rv64imac)
include("${CMAKE_CURRENT_LIST_DIR}/riscv.cmake")
