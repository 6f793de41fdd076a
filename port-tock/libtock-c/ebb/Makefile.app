# SPDX-License-Identifier: Apache-2.0 OR MIT

# Makes ebb the malloc of a libtock-c app. One line in the app's makefile, before it includes AppMakefile.mk:
#
#     EXTERN_LIBS += /path/to/ebb/port-tock/libtock-c/ebb
#
# libtock-c reads this file then, and builds the library with its own rules, for all targets of the app and with the
# app's flags, in the app's build directory.
#
#     EBB_GRANULE   alignment of blocks: 8 (the default), or 16 as max_align_t has it on RISC-V
#     EBB_RECORDER  1: what is called of the heap goes through the recorder of ebb/recorder.h

EBB := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../../..)
EBB_GRANULE ?= 8
EBB_RECORDER ?= 0

LIBNAME := ebb
ebb_DIR := $(BUILDDIR)/ebb

# The rules want all sources below libtock-c's own directory. So that is where these are said to be, and make is told
# where to look for what it does not find there.
VPATH_DIRS += $(EBB)
ebb_SRCS := $(wildcard $(EBB)/core/source/*.c $(EBB)/port-tock/source/*.c)
ifeq ($(EBB_RECORDER),1)
ebb_SRCS += $(wildcard $(EBB)/core/recorder/source/*.c)
override CPPFLAGS += -I$(EBB)/core/recorder/include
ebb_WRAPPED := alloc calloc aligned_alloc realloc free free_sized
override WLFLAGS += $(ebb_WRAPPED:%=-Wl,--wrap=ebb_%)
endif
ebb_SRCS := $(ebb_SRCS:$(EBB)/%=$(TOCK_USERLAND_BASE_DIR)/%)

override CPPFLAGS += -I$(EBB)/core/include -I$(EBB)/port-tock/include
override CPPFLAGS_ebb += -DEBB_NUMBER_BITS=16 -DEBB_GRANULE=$(EBB_GRANULE)
# GCC turns an allocation followed by clearing into a call of calloc: itself, in the end.
override CPPFLAGS_ebb += -fno-builtin-malloc -fno-builtin-calloc

# What only the C library calls would be taken from there. These names call for malloc.c, which has all of them.
override WLFLAGS += -Wl,-u,malloc -Wl,-u,_malloc_r $(EBB)/port-tock/one_heap.ld

include $(TOCK_USERLAND_BASE_DIR)/TockLibrary.mk

# `make format` leaves our sources alone.
$(ebb_FORMATTED_FILES): ;
