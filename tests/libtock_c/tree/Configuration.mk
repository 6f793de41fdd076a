# SPDX-License-Identifier: Apache-2.0 OR MIT

# The flags that libtock-c gives its compilers and linkers, and the C libraries that Debian has in place of its own.
#
#     TOCK_ARCHS   what to build for
#     LIBC         newlib, nano or picolibc

ifndef CONFIGURED
CONFIGURED := yes

# libtock-c builds without make's own rules too.
MAKEFLAGS += -r -R
STACK_SIZE ?= 2048
LAYOUT ?= $(TOCK_USERLAND_BASE_DIR)/layout.ld

override CFLAGS += -std=gnu2x
override CPPFLAGS += -Os -fdata-sections -ffunction-sections -fstack-usage -frecord-gcc-switches -gdwarf-2 \
    -D_FORTIFY_SOURCE=2 -I$(TOCK_USERLAND_BASE_DIR) -Werror
override WLFLAGS += -Wl,--warn-common -Wl,--gc-sections -Wl,--build-id=none -Wl,--fatal-warnings

override CPPFLAGS += -Wall -Wextra -Wdate-time -Wfloat-equal -Wformat-nonliteral -Wformat-security -Wformat-y2k \
    -Winit-self -Wlogical-op -Wmissing-declarations -Wmissing-field-initializers -Wmissing-format-attribute \
    -Wmissing-noreturn -Wmultichar -Wpointer-arith -Wredundant-decls -Wshadow -Wstack-usage=$(STACK_SIZE) \
    -Wtrampolines -Wunused-macros -Wunused-parameter -Wwrite-strings
override CFLAGS += -Wbad-function-cast -Wjump-misses-init -Wmissing-prototypes -Wnested-externs -Wold-style-definition

cortex-m := -mthumb -mfloat-abi=soft -fPIC -Wl,--emit-relocs -msingle-pic-base -mpic-register=r9 \
    -mno-pic-data-is-text-relative

# settings(ARCH, TOOLCHAIN, MACHINE-FLAGS, LINKER-FLAGS)
define settings
TOOLCHAIN_$(1) := $(2)
CC_$(1) := -gcc
override CPPFLAGS_$(1) += $(3) $$(LIBC_FLAGS)
override WLFLAGS_$(1) += $(4)
SYSTEM_LIBS_$(1) := $$(LIBC_LIBS)
endef

, := ,
LIBC ?= newlib
LIBC_LIBS := $(if $(filter nano,$(LIBC)),-lc_nano,-lc) -lgcc
LIBC_FLAGS := $(if $(filter picolibc,$(LIBC)),--specs=picolibc.specs)

$(eval $(call settings,cortex-m0,arm-none-eabi,$(cortex-m) -mcpu=cortex-m0 -march=armv6s-m))
$(eval $(call settings,cortex-m3,arm-none-eabi,$(cortex-m) -mcpu=cortex-m3))
$(eval $(call settings,cortex-m4,arm-none-eabi,$(cortex-m) -mcpu=cortex-m4))
$(eval $(call settings,cortex-m7,arm-none-eabi,$(cortex-m) -mcpu=cortex-m7))
riscv := riscv64-unknown-elf
$(eval $(call settings,rv32imc,$(riscv),-march=rv32imc -mabi=ilp32 -mcmodel=medlow,-Wl$(,)--no-relax))
$(eval $(call settings,rv32imac,$(riscv),-march=rv32imac -mabi=ilp32 -mcmodel=medlow,-Wl$(,)--no-relax))
$(eval $(call settings,rv64imac,$(riscv),-march=rv64imac -mabi=lp64 -mcmodel=medany,-Wl$(,)--no-relax))

endif
