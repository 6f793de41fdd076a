/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * C++17: operator new and delete of a whole program on a heap, in all their forms. The heap is made at the first
 * allocation, which may come from the constructor of a static object.
 */
#include <ebb/buffer_store.h>
#include <ebb/heap.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace {

alignas(16) unsigned char memory[1024 * 1024];
ebb_buffer_store store;
ebb_heap *heap;
std::mutex lock; /* the heap has none; leave it out where there is one thread */

/* Needs the lock. */
ebb_heap *the_heap() {
    if (heap == nullptr) {
        ebb_buffer_store_init(&store, memory, sizeof memory);
        heap = ebb_create(&store.store, nullptr);
        if (heap == nullptr) {
            std::abort();
        }
        ebb_set_fault_handler(
            heap, [](void *, ebb_fault, const void *) { std::puts("Something wrong was deleted."); }, nullptr);
    }
    return heap;
}

/* begin: allocate */
void *allocate(std::size_t size, std::size_t alignment) noexcept {
    const std::lock_guard guard{lock};
    return ebb_aligned_alloc(the_heap(), alignment, size);
}

/* As the standard has it: the new handler may find memory, or else throws. */
void *allocate_or_throw(std::size_t size, std::size_t alignment) {
    for (;;) {
        if (void *block = allocate(size, alignment); block != nullptr) {
            return block;
        }
        const std::new_handler handler = std::get_new_handler();
        if (handler == nullptr) {
            throw std::bad_alloc{};
        }
        handler();
    }
}
/* end: allocate */

void *allocate_or_null(std::size_t size, std::size_t alignment) noexcept {
    try {
        return allocate_or_throw(size, alignment);
    } catch (...) {
        return nullptr;
    }
}

void release(void *block) noexcept {
    const std::lock_guard guard{lock};
    ebb_free(the_heap(), block);
}

void release(void *block, std::size_t size) noexcept {
    const std::lock_guard guard{lock};
    ebb_free_sized(the_heap(), block, size);
}

constexpr std::size_t as_size(std::align_val_t alignment) {
    return static_cast<std::size_t>(alignment);
}

/* An alignment below the heap's own costs nothing. */
constexpr std::size_t usual = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

} // namespace

/* The forms for arrays call these. */
void *operator new(std::size_t size) {
    return allocate_or_throw(size, usual);
}

void *operator new(std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, as_size(alignment));
}

void *operator new(std::size_t size, const std::nothrow_t & /*tag*/) noexcept {
    return allocate_or_null(size, usual);
}

void *operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t & /*tag*/) noexcept {
    return allocate_or_null(size, as_size(alignment));
}

void operator delete(void *block) noexcept {
    release(block);
}

void operator delete(void *block, std::align_val_t /*alignment*/) noexcept {
    release(block);
}

void operator delete(void *block, std::size_t size) noexcept {
    release(block, size);
}

void operator delete(void *block, std::size_t size, std::align_val_t /*alignment*/) noexcept {
    release(block, size);
}

namespace {

// NOLINTNEXTLINE(cert-err58-cpp): an exception would end the program, as it may
std::string at_start = "A static object's text is long enough to be allocated before main().";

struct alignas(128) wide {
    unsigned char bytes[128];
};

std::size_t live_bytes() {
    const std::lock_guard guard{lock};
    ebb_statistics figures;
    ebb_get_statistics(the_heap(), &figures);
    return figures.live_bytes;
}

bool is_ours(const void *block) {
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    return address >= reinterpret_cast<std::uintptr_t>(memory) &&
           address < reinterpret_cast<std::uintptr_t>(memory + sizeof memory);
}

void from_several_threads() {
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; i++) {
        threads.emplace_back([] {
            for (int j = 0; j < 1000; j++) {
                const auto one = std::make_unique<std::string>(100, 'x');
                const auto many = std::make_unique<wide[]>(3);
            }
        });
    }
    for (auto &thread : threads) {
        thread.join();
    }
}

} // namespace

int main() {
    std::printf("%s It is %s.\n", at_start.c_str(), is_ours(at_start.data()) ? "ours" : "not ours");

    const std::size_t before = live_bytes();
    {
        const auto one = std::make_unique<wide>();
        std::printf("%zu bytes for one that is %zu bytes wide; it is %s.\n", sizeof(wide), alignof(wide),
                    reinterpret_cast<std::uintptr_t>(one.get()) % alignof(wide) == 0 ? "aligned" : "not aligned");
        from_several_threads();
    }
    std::printf("What was deleted is %s.\n", live_bytes() == before ? "free again" : "lost");

    try {
        const std::vector<char> too_much(2 * sizeof memory);
    } catch (const std::bad_alloc &) {
        std::puts("Two megabytes of one: std::bad_alloc.");
    }
    const std::unique_ptr<char[]> none{new (std::nothrow) char[2 * sizeof memory]};
    std::puts(none == nullptr ? "And a null pointer, where that was asked for." : "There was memory after all.");
    return 0;
}
