/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Lua 5.4 with its libraries, save those that need an operating system; its memory comes from malloc. */
#include <program.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdio.h>

struct source {
    const char *text;
    size_t length;
};

static const luaL_Reg libraries[] = {
    {LUA_GNAME, luaopen_base},        {LUA_COLIBNAME, luaopen_coroutine}, {LUA_TABLIBNAME, luaopen_table},
    {LUA_STRLIBNAME, luaopen_string}, {LUA_MATHLIBNAME, luaopen_math},    {LUA_UTF8LIBNAME, luaopen_utf8},
};

static void open_libraries(lua_State *lua) {
    for (size_t index = 0; index < sizeof libraries / sizeof libraries[0]; index++) {
        luaL_requiref(lua, libraries[index].name, libraries[index].func, 1);
        lua_pop(lua, 1);
    }
}

/* In a protected call, since the libraries already may find no memory. */
static int run_protected(lua_State *lua) {
    const struct source *source = lua_touserdata(lua, 1);
    open_libraries(lua);
    if (luaL_loadbuffer(lua, source->text, source->length, "=script") != LUA_OK) {
        return lua_error(lua);
    }
    lua_call(lua, 0, 0);
    return 0;
}

static bool run(lua_State *lua, struct source *source) {
    lua_pushcfunction(lua, run_protected);
    lua_pushlightuserdata(lua, source);
    if (lua_pcall(lua, 1, 0, 0) == LUA_OK) {
        return true;
    }
    const char *message = lua_tostring(lua, -1);
    printf("lua: %s\n", message != NULL ? message : "an error without a message");
    return false;
}

bool program_run(const char *script, size_t length) {
    lua_State *lua = luaL_newstate();
    if (lua == NULL) {
        printf("lua: not enough memory\n");
        return false;
    }
    bool done = run(lua, &(struct source){script, length});
    lua_close(lua);
    return done;
}
