/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Heaps where programs in C++ have them, for a debugger to find. It comes by stop_here(). */
#include <ebb/buffer_store.h>
#include <ebb/heap.h>

#include <cstddef>
#include <cstdint>

namespace {

class Place {
  public:
    ebb_heap *create() {
        ebb_buffer_store_init(&store, memory, sizeof memory);
        return ebb_create(&store.store, nullptr);
    }

  private:
    ebb_buffer_store store;
    alignas(16) unsigned char memory[4096];
};

Place places[4];

ebb_heap *hidden_heap;

} // namespace

static ebb_heap *plain_heap;

namespace app {

ebb_heap *arena;

struct Device {
    static ebb_heap *pool;
};

ebb_heap *Device::pool;

} // namespace app

__attribute__((noinline)) static void stop_here(const void *seen) {
    static const void *volatile last;
    last = seen;
}

int main() {
    /* As one that has no value yet. */
    ebb_heap *none_yet = reinterpret_cast<ebb_heap *>(static_cast<std::uintptr_t>(64));
    ebb_heap **const heaps[] = {&hidden_heap, &plain_heap, &app::arena, &app::Device::pool};
    std::size_t place = 0;
    for (ebb_heap **heap : heaps) {
        *heap = places[place].create();
        place++;
    }
    stop_here(none_yet);
    return 0;
}
