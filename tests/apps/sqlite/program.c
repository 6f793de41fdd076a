/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* SQLite with a database in memory, which comes from malloc. Prints rows as the command line tool does. */
#include <program.h>

#include <sqlite3.h>

#include <stdio.h>

static int print_row(void *context, int columns, char **values, char **names) {
    (void)context;
    (void)names;
    for (int column = 0; column < columns; column++) {
        printf("%s%s", column > 0 ? "|" : "", values[column] != NULL ? values[column] : "");
    }
    printf("\n");
    return 0;
}

static bool run(sqlite3 *database, const char *script) {
    if (sqlite3_exec(database, script, print_row, NULL, NULL) == SQLITE_OK) {
        return true;
    }
    printf("sqlite: %s\n", sqlite3_errmsg(database));
    return false;
}

/* `script` is known to end with a zero. */
bool program_run(const char *script, size_t length) {
    (void)length;
    sqlite3 *database = NULL;
    bool done = false;
    if (sqlite3_open(":memory:", &database) == SQLITE_OK) {
        done = run(database, script);
    } else {
        printf("sqlite: not enough memory\n");
    }
    sqlite3_close(database);
    sqlite3_shutdown();
    return done;
}
