/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Heaps where programs in C++ have them, for a debugger to find. It comes by stop_here(). */
#include <ebb/buffer_store.h>
#include <ebb/heap.h>

#include <cstddef>
#include <cstdint>

namespace {

constexpr std::size_t room = 4096;
alignas(16) unsigned char memory[4][room];
ebb_buffer_store stores[4];

ebb_heap *create(std::size_t place) {
    ebb_buffer_store_init(&stores[place], memory[place], room);
    return ebb_create(&stores[place].store, nullptr);
}

ebb_heap *hidden_heap;

} // namespace

static ebb_heap *plain_heap;

namespace app {

ebb_heap *arena;

struct device {
    static ebb_heap *pool;
};

ebb_heap *device::pool;

} // namespace app

__attribute__((noinline)) static void stop_here(const void *seen) {
    static const void *volatile last;
    last = seen;
}

int main() {
    /* As one that has no value yet. */
    ebb_heap *none_yet = reinterpret_cast<ebb_heap *>(static_cast<std::uintptr_t>(64));
    ebb_heap **const heaps[] = {&hidden_heap, &plain_heap, &app::arena, &app::device::pool};
    std::size_t place = 0;
    for (ebb_heap **heap : heaps) {
        *heap = create(place);
        place++;
    }
    stop_here(none_yet);
    return 0;
}
