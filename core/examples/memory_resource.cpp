/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* C++17: a heap as a std::pmr::memory_resource, for the standard containers of one part of a program. */
#include <ebb/buffer_store.h>
#include <ebb/heap.h>

#include <cstdint>
#include <cstdio>
#include <memory_resource>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

class heap_resource final : public std::pmr::memory_resource {
  public:
    explicit heap_resource(const ebb_store &store, const ebb_policy *policy = nullptr)
        : heap_{ebb_create(&store, policy)} {
        if (heap_ == nullptr) {
            throw std::bad_alloc{};
        }
    }

    ~heap_resource() override {
        ebb_destroy(heap_);
    }

    heap_resource(const heap_resource &) = delete;
    heap_resource &operator=(const heap_resource &) = delete;

    [[nodiscard]] ebb_heap *heap() const noexcept {
        return heap_;
    }

  private:
    /* begin: blocks */
    void *do_allocate(std::size_t bytes, std::size_t alignment) override {
        void *block = ebb_aligned_alloc(heap_, alignment, bytes);
        if (block == nullptr) {
            throw std::bad_alloc{};
        }
        return block;
    }

    /* Containers know the size of what they free; the heap checks it. */
    void do_deallocate(void *block, std::size_t bytes, std::size_t /*alignment*/) override {
        ebb_free_sized(heap_, block, bytes);
    }
    /* end: blocks */

    [[nodiscard]] bool do_is_equal(const std::pmr::memory_resource &other) const noexcept override {
        return this == &other;
    }

    ebb_heap *heap_;
};

namespace {

alignas(16) unsigned char memory[64 * 1024];

ebb_statistics figures_of(const heap_resource &resource) {
    ebb_statistics figures;
    ebb_get_statistics(resource.heap(), &figures);
    return figures;
}

void count_words(heap_resource &resource) {
    const auto word = [&](int i) {
        return std::pmr::string{"a text that is too long to be part of its string: ", &resource} + char('a' + i % 26);
    };
    std::pmr::unordered_map<std::pmr::string, int> counts{&resource};
    for (int i = 0; i < 1000; i++) {
        counts[word(i)] += 1;
    }
    std::printf("%zu words; the first came %d times.\n", counts.size(), counts.at(word(0)));
}

void align_lines(heap_resource &resource) {
    struct alignas(64) cache_line {
        int values[16];
    };
    const std::pmr::vector<cache_line> lines{20, &resource};
    const bool aligned = reinterpret_cast<std::uintptr_t>(lines.data()) % alignof(cache_line) == 0;
    std::printf("%zu lines, %s.\n", lines.size(), aligned ? "aligned" : "not aligned");
}

void want_too_much(heap_resource &resource) {
    std::pmr::vector<int> numbers{&resource};
    try {
        for (;;) {
            numbers.push_back(1);
        }
    } catch (const std::bad_alloc &) {
        std::printf("No more memory after %s numbers.\n", numbers.size() >= 4096 ? "thousands of" : "a few");
    }
}

} // namespace

int main() {
    ebb_buffer_store store;
    ebb_buffer_store_init(&store, memory, sizeof memory);
    heap_resource resource{store.store};
    ebb_set_fault_handler(
        resource.heap(), [](void *, ebb_fault, const void *) { std::puts("Something wrong was freed."); }, nullptr);

    count_words(resource);
    align_lines(resource);
    want_too_much(resource);
    std::printf("In use now: %zu bytes.\n", figures_of(resource).live_bytes);
    ebb_trim(resource.heap());
    std::printf("Held now: %s.\n", figures_of(resource).region_bytes < 1024 ? "the control block" : "more than that");
    return 0;
}
