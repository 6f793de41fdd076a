# SPDX-License-Identifier: Apache-2.0 OR MIT

# Rules for one library, from LIBNAME, $(LIBNAME)_DIR, $(LIBNAME)_SRCS, CPPFLAGS_$(LIBNAME) and VPATH_DIRS. As in
# libtock-c, every source has to be below its own directory, and what make does not find there it looks for in
# VPATH_DIRS.

all:

include $(TOCK_USERLAND_BASE_DIR)/Configuration.mk

$(LIBNAME)_BUILDDIR := $($(LIBNAME)_DIR)/build
VPATH_DIRS += $(TOCK_USERLAND_BASE_DIR)
vpath %.c $(VPATH_DIRS)

# rules(ARCH, LIBNAME)
define library_rules
$$($(2)_BUILDDIR)/$(1)/$(2)/%.o: %.c
	mkdir -p $$(dir $$@)
	$$(TOOLCHAIN_$(1))$$(CC_$(1)) $$(CFLAGS) $$(CPPFLAGS) $$(CPPFLAGS_$(1)) $$(CPPFLAGS_$(2)) -c -o $$@ $$<

$(2)_OBJS_$(1) := $$(patsubst $$(TOCK_USERLAND_BASE_DIR)/%.c,$$($(2)_BUILDDIR)/$(1)/$(2)/%.o,$$($(2)_SRCS))

$$($(2)_BUILDDIR)/$(1)/$(2).a: $$($(2)_OBJS_$(1))
	$$(TOOLCHAIN_$(1))-ar rcs $$@ $$^

LIBS_$(1) += $$($(2)_BUILDDIR)/$(1)/$(2).a
endef

$(foreach arch,$(TOCK_ARCHS),$(eval $(call library_rules,$(arch),$(LIBNAME))))

all: $(foreach arch,$(TOCK_ARCHS),$($(LIBNAME)_BUILDDIR)/$(arch)/$(LIBNAME).a)

# `make format` would rewrite what this names.
$(LIBNAME)_FORMATTED_FILES := $(patsubst $(TOCK_USERLAND_BASE_DIR)/%.c,$($(LIBNAME)_BUILDDIR)/format/%,\
    $($(LIBNAME)_SRCS))
format:: $($(LIBNAME)_FORMATTED_FILES)

$($(LIBNAME)_BUILDDIR)/format/%: %.c
	@echo "formatted $<"
