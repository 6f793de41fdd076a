# SPDX-License-Identifier: Apache-2.0 OR MIT

# Builds an app as libtock-c does, as far as a library can tell: from TOCK_USERLAND_BASE_DIR, C_SRCS, EXTERN_LIBS and
# TOCK_ARCHS to $(BUILDDIR)/<arch>/<arch>.elf, with a map. Nothing of it was taken from libtock-c but its variables.

all:

BUILDDIR ?= build

include $(TOCK_USERLAND_BASE_DIR)/Configuration.mk
include $(TOCK_USERLAND_BASE_DIR)/libtock/Makefile

# A library may bring rules and flags for the app. One that does not bring rules to build it is a make of its own.
define external_library
-include $(1)/Makefile.app
$$(foreach arch,$$(TOCK_ARCHS),$$(eval LIBS_$$(arch) += $$($(notdir $(1))_BUILDDIR)/$$(arch)/$(notdir $(1)).a))
$$(foreach arch,$$(TOCK_ARCHS),%/$$(arch)/$(notdir $(1)).a):
	$$(MAKE) -C $(1) -f Makefile all
endef

$(foreach library,$(EXTERN_LIBS),$(eval $(call external_library,$(library))))

define app_rules
$$(BUILDDIR)/$(1)/%.o: %.c
	mkdir -p $$(dir $$@)
	$$(TOOLCHAIN_$(1))$$(CC_$(1)) $$(CFLAGS) $$(CPPFLAGS) $$(CPPFLAGS_$(1)) -c -o $$@ $$<

$$(BUILDDIR)/$(1)/$(1).elf: $$(patsubst %.c,$$(BUILDDIR)/$(1)/%.o,$$(C_SRCS)) $$(LIBS_$(1))
	$$(TOOLCHAIN_$(1))$$(CC_$(1)) $$(CFLAGS) $$(CPPFLAGS) $$(CPPFLAGS_$(1)) $$(WLFLAGS) $$(WLFLAGS_$(1)) \
	    -Wl,--defsym=STACK_SIZE=$$(STACK_SIZE) -T $$(LAYOUT) -nostdlib \
	    -Wl,--start-group $$(filter %.o,$$^) $$(LIBS_$(1)) $$(SYSTEM_LIBS_$(1)) -Wl,--end-group \
	    -Wl,-Map=$$(BUILDDIR)/$(1)/$(1).Map -o $$@

all: $$(BUILDDIR)/$(1)/$(1).elf
endef

$(foreach arch,$(TOCK_ARCHS),$(eval $(call app_rules,$(arch))))

clean:
	rm -rf $(BUILDDIR)
