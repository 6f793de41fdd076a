/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Lua 5.4: an interpreter with a heap of its own, and a limit on it that no script can exceed. */
#include <ebb/heap.h>
#include <ebb/host_store.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdio.h>

/* begin: allocator */
/*
 * What lua_newstate() takes. Lua knows the size of what it frees, and the heap checks it. Lua assumes that making a
 * block smaller never fails; with ebb_realloc(), it never does.
 */
static void *lua_heap(void *context, void *block, size_t old_size, size_t size) {
    struct ebb_heap *heap = context;
    if (size > 0) {
        return ebb_realloc(heap, block, size);
    }
    if (block != NULL) {
        ebb_free_sized(heap, block, old_size);
    }
    return NULL;
}
/* end: allocator */

static lua_State *start_lua(struct ebb_heap *heap) {
    lua_State *lua = lua_newstate(lua_heap, heap);
    if (lua != NULL) {
        luaL_openlibs(lua);
    }
    return lua;
}

static void on_fault(void *context, enum ebb_fault fault, const void *address) {
    (void)context;
    (void)address;
    printf("Fault %d.\n", (int)fault);
}

static void run(lua_State *lua, const char *script) {
    if (luaL_dostring(lua, script) != LUA_OK) {
        printf("error: %s\n", lua_tostring(lua, -1));
        lua_pop(lua, 1);
    }
}

static struct ebb_statistics figures_of(const struct ebb_heap *heap) {
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    return figures;
}

int main(void) {
    static const struct ebb_policy policy = {.maximum = (size_t)512 * 1024};
    struct ebb_host_store store;
    if (ebb_host_store_init(&store, policy.maximum) != 0) {
        return 1;
    }
    struct ebb_heap *heap = ebb_create(&store.store, &policy);
    lua_State *lua = heap != NULL ? start_lua(heap) : NULL;
    if (lua == NULL) {
        return 1;
    }
    ebb_set_fault_handler(heap, on_fault, NULL);

    run(lua, "local sum = 0; for i = 1, 100 do sum = sum + i end; print('sum ' .. sum)");
    run(lua, "words = {}; for i = 1, 2000 do words[i] = 'word ' .. i end; print(#words .. ' words')");
    run(lua, "local text = 'x'; while true do text = text .. text end");
    run(lua, "print(#words .. ' words are still there'); collectgarbage()");
    ebb_trim(heap);
    const struct ebb_statistics figures = figures_of(heap);
    printf("Of %zu bytes, %s went back after that.\n", figures.peak_region_bytes,
           figures.region_bytes < figures.peak_region_bytes ? "some" : "none");

    lua_close(lua);
    printf("After lua_close(): %zu bytes in use.\n", figures_of(heap).live_bytes);
    ebb_destroy(heap);
    return ebb_host_store_destroy(&store);
}
