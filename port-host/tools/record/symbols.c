/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "symbols.h"

#include "../common/command_line.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef ElfW(Ehdr) file_header;
typedef ElfW(Shdr) section;
typedef ElfW(Sym) entry;

struct symbol {
    uintptr_t start;
    size_t size;
    const char *name; /* in the file, ended there */
};

/* A part of the file, which may begin at any address; NULL if it is not all there. */
static const void *part(const struct symbols *self, uint64_t start, uint64_t size) {
    return start <= self->size && size <= self->size - start ? self->bytes + start : NULL;
}

static bool read_section(const struct symbols *self, const file_header *header, size_t index, section *found) {
    const void *place = part(self, (uint64_t)header->e_shoff + index * sizeof *found, sizeof *found);
    if (place != NULL) {
        memcpy(found, place, sizeof *found);
    }
    return place != NULL;
}

static const char *name_at(const struct symbols *self, const section *names, size_t offset) {
    const char *text = offset < names->sh_size ? part(self, names->sh_offset, names->sh_size) : NULL;
    const bool ends = text != NULL && memchr(text + offset, '\0', names->sh_size - offset) != NULL;
    return ends && text[offset] != '\0' ? text + offset : NULL;
}

static void add(struct symbols *self, const entry *symbol, const char *name) {
    if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx != SHN_UNDEF && symbol->st_size > 0 &&
        name != NULL) {
        self->functions[self->count++] =
            (struct symbol){.start = symbol->st_value, .size = symbol->st_size, .name = name};
    }
}

static void add_table(struct symbols *self, const section *table, const section *names) {
    const unsigned char *entries = part(self, table->sh_offset, table->sh_size);
    const size_t count = entries == NULL ? 0 : table->sh_size / sizeof(entry);
    self->functions = reallocate(self->functions, self->count + count + 1, sizeof *self->functions);
    for (size_t index = 0; index < count; index++) {
        entry symbol;
        memcpy(&symbol, entries + index * sizeof symbol, sizeof symbol);
        add(self, &symbol, name_at(self, names, symbol.st_name));
    }
}

static bool is_called(const char *name, const char *wanted) {
    return name != NULL && strcmp(name, wanted) == 0;
}

/* Debuggers look for the lines of a stripped file by the number that its build had. */
static bool has_file_of_lines(const struct symbols *self, const section *note) {
    enum { HEAD = sizeof(ElfW(Nhdr)) + sizeof "GNU", MOST = 64 };
    const unsigned char *bytes = part(self, note->sh_offset, note->sh_size);
    if (bytes == NULL || note->sh_size <= HEAD || note->sh_size > HEAD + MOST) {
        return false;
    }
    char path[sizeof "/usr/lib/debug/.build-id/" + 2 * MOST + sizeof "/.debug"];
    size_t length = (size_t)snprintf(path, sizeof path, "/usr/lib/debug/.build-id/%02x/", bytes[HEAD]);
    for (size_t index = HEAD + 1; index < note->sh_size; index++) {
        length += (size_t)snprintf(path + length, sizeof path - length, "%02x", bytes[index]);
    }
    snprintf(path + length, sizeof path - length, ".debug");
    return access(path, R_OK) == 0;
}

static bool tells_lines(const struct symbols *self, const section *some, const char *name) {
    return is_called(name, ".debug_line") || is_called(name, ".zdebug_line") ||
           (is_called(name, ".note.gnu.build-id") && has_file_of_lines(self, some));
}

static bool is_ours(const file_header *header) {
    const unsigned char width = sizeof(void *) > 4 ? ELFCLASS64 : ELFCLASS32;
    return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_ident[EI_CLASS] == width &&
           header->e_shentsize == sizeof(section);
}

static int by_start(const void *one, const void *other) {
    const uintptr_t first = ((const struct symbol *)one)->start;
    const uintptr_t second = ((const struct symbol *)other)->start;
    return (first > second) - (first < second);
}

static void read_one_section(struct symbols *self, const file_header *header, size_t index) {
    section one;
    section names;
    if (!read_section(self, header, index, &one)) {
        return;
    }
    const bool has_symbols = one.sh_type == SHT_SYMTAB || one.sh_type == SHT_DYNSYM;
    if (has_symbols && read_section(self, header, one.sh_link, &names)) {
        add_table(self, &one, &names);
    }
    if (read_section(self, header, header->e_shstrndx, &names)) {
        self->has_lines = self->has_lines || tells_lines(self, &one, name_at(self, &names, one.sh_name));
    }
}

static void read_tables(struct symbols *self) {
    file_header header;
    const void *start = part(self, 0, sizeof header);
    if (start == NULL) {
        return;
    }
    memcpy(&header, start, sizeof header);
    for (size_t index = 0; is_ours(&header) && index < header.e_shnum; index++) {
        read_one_section(self, &header, index);
    }
    if (self->count > 0) {
        qsort(self->functions, self->count, sizeof *self->functions, by_start);
    }
}

void symbols_open(struct symbols *self, const char *path) {
    *self = (struct symbols){.bytes = NULL};
    struct stat status;
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        self->bytes = bytes == MAP_FAILED ? NULL : bytes;
        self->size = bytes == MAP_FAILED ? 0 : (size_t)status.st_size;
        read_tables(self);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
}

const char *symbols_function(const struct symbols *self, uintptr_t address) {
    size_t low = 0;
    size_t high = self->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (self->functions[middle].start <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct symbol *last = low > 0 ? &self->functions[low - 1] : NULL;
    return last != NULL && address - last->start < last->size ? last->name : NULL;
}

void symbols_close(struct symbols *self) {
    free(self->functions);
    if (self->bytes != NULL) {
        munmap((void *)(uintptr_t)self->bytes, self->size);
    }
}
