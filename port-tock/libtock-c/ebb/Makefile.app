# SPDX-License-Identifier: Apache-2.0 OR MIT

# Makes ebb the malloc of a libtock-c app. One line in the app's makefile, before it includes AppMakefile.mk:
#
#     EXTERN_LIBS += /path/to/ebb/port-tock/libtock-c/ebb
#
# libtock-c reads this file then, and builds the library with its own rules, for all targets of the app and with the
# app's flags, in the app's build directory. The same makefile may set, before that include:
#
#     EBB_RELIEF    1: a system call that fails because a grant did not fit is tried again once the heap has given back
#                   what is idle
#     EBB_GRANULE   alignment of blocks: 8 (the default), or 16 as max_align_t has it on RISC-V
#     EBB_HARDENING how much is checked before it is believed: 0, 1 (the default) or 2, see docs/hardening.md
#     EBB_RECORDER  1: what is called of the heap goes through the recorder of ebb/recorder.h

# As relative as it was named: an absolute path may have blanks in it, and make takes those for the end of a name.
EBB := $(dir $(lastword $(MAKEFILE_LIST)))../../..
EBB_GRANULE ?= 8
EBB_HARDENING ?= 1
ifneq ($(filter %/,$(EXTERN_LIBS)),)
$(error ebb: libtock-c wants no slash at the end of '$(filter %/,$(EXTERN_LIBS))' in EXTERN_LIBS)
endif
ifneq ($(filter-out 0 1,$(EBB_RELIEF)),)
$(error ebb: EBB_RELIEF is 1 or 0, not '$(EBB_RELIEF)')
endif
ifneq ($(filter-out 0 1,$(EBB_RECORDER)),)
$(error ebb: EBB_RECORDER is 1 or 0, not '$(EBB_RECORDER)')
endif
ifeq ($(filter 8 16,$(EBB_GRANULE)),)
$(error ebb: EBB_GRANULE is 8 or 16, not '$(EBB_GRANULE)')
endif
ifeq ($(filter 0 1 2,$(EBB_HARDENING)),)
$(error ebb: EBB_HARDENING is 0, 1 or 2, not '$(EBB_HARDENING)')
endif

LIBNAME := ebb
ebb_DIR := $(BUILDDIR)/ebb

# The rules want all sources below libtock-c's own directory. So that is where these are said to be, and make is told
# where to look for what it does not find there.
VPATH_DIRS += $(EBB)
ebb_SRCS := $(wildcard $(EBB)/core/source/*.c $(EBB)/port-tock/source/*.c)
ifneq ($(filter 1,$(EBB_RELIEF)),)
ebb_SRCS += $(EBB)/port-tock/libtock-c/relief.c
override WLFLAGS += $(patsubst %,-Xlinker --wrap=%,\
    command subscribe allow_readwrite allow_readonly allow_userspace_read driver_exists)
endif
ifneq ($(filter 1,$(EBB_RECORDER)),)
ebb_SRCS += $(wildcard $(EBB)/core/recorder/source/*.c)
override CPPFLAGS += -I$(EBB)/core/recorder/include
override WLFLAGS += $(patsubst %,-Xlinker --wrap=ebb_%,\
    alloc calloc aligned_alloc realloc free free_sized)
endif
ebb_SRCS := $(ebb_SRCS:$(EBB)/%=$(TOCK_USERLAND_BASE_DIR)/%)

override CPPFLAGS += -I$(EBB)/core/include -I$(EBB)/port-tock/include
override CPPFLAGS_ebb += -DEBB_NUMBER_BITS=16 -DEBB_GRANULE=$(EBB_GRANULE) -DEBB_HARDENING=$(EBB_HARDENING)
override CPPFLAGS_ebb += -DEBB_BEST_FIT=1
# GCC turns an allocation followed by clearing into a call of calloc: itself, in the end.
override CPPFLAGS_ebb += -fno-builtin-malloc -fno-builtin-calloc

# What only the C library calls would be taken from there. So our objects are all there from the beginning; the linker
# drops again what nobody calls.
$(foreach arch,$(TOCK_ARCHS),$(eval override WLFLAGS_$(arch) += \
    -Xlinker --whole-archive $(ebb_DIR)/build/$(arch)/ebb.a -Xlinker --no-whole-archive))
override WLFLAGS += $(EBB)/port-tock/one_heap.ld

include $(TOCK_USERLAND_BASE_DIR)/TockLibrary.mk

# `make format` leaves our sources alone.
$(ebb_FORMATTED_FILES): ;
