/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * mbed TLS: all of its memory in one heap. A client and a server in one program, which agree on a key beforehand, shake
 * hands and exchange a message; what is printed is what the heap saw of it.
 */
#include <ebb/heap.h>
#include <ebb/host_store.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/platform.h>
#include <mbedtls/ssl.h>

#include <stdio.h>
#include <string.h>

static struct ebb_heap *heap;

void *tls_calloc(size_t count, size_t size);
void tls_free(void *block);

void *tls_calloc(size_t count, size_t size) {
    return ebb_calloc(heap, count, size);
}

void tls_free(void *block) {
    ebb_free(heap, block);
}

/* begin: hooks */
/*
 * A library with MBEDTLS_PLATFORM_MEMORY is told at run time. One whose configuration also says that
 * MBEDTLS_PLATFORM_CALLOC_MACRO is tls_calloc, and MBEDTLS_PLATFORM_FREE_MACRO tls_free, calls them by name.
 */
static void use_ebb(void) {
#if defined(MBEDTLS_PLATFORM_MEMORY) && !defined(MBEDTLS_PLATFORM_CALLOC_MACRO)
    mbedtls_platform_set_calloc_free(tls_calloc, tls_free);
#endif
}
/* end: hooks */

/* What one side has sent and the other not yet received. */
struct pipe {
    unsigned char bytes[4096];
    size_t start;
    size_t end;
};

struct side {
    mbedtls_ssl_context context;
    mbedtls_ssl_config config;
    struct pipe *out;
    struct pipe *in;
};

static int send_bytes(void *context, const unsigned char *bytes, size_t size) {
    struct pipe *pipe = ((struct side *)context)->out;
    const size_t room = sizeof pipe->bytes - pipe->end;
    if (room == 0) {
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    }
    const size_t sent = size < room ? size : room;
    memcpy(pipe->bytes + pipe->end, bytes, sent);
    pipe->end += sent;
    return (int)sent;
}

static int receive_bytes(void *context, unsigned char *bytes, size_t size) {
    struct pipe *pipe = ((struct side *)context)->in;
    const size_t waiting = pipe->end - pipe->start;
    if (waiting == 0) {
        return MBEDTLS_ERR_SSL_WANT_READ;
    }
    const size_t received = size < waiting ? size : waiting;
    memcpy(bytes, pipe->bytes + pipe->start, received);
    pipe->start += received;
    if (pipe->start == pipe->end) {
        pipe->start = pipe->end = 0;
    }
    return (int)received;
}

static const int cipher_suites[] = {MBEDTLS_TLS_PSK_WITH_AES_128_GCM_SHA256, 0};
static const unsigned char key[16] = "sixteen secrets";

static int set_up(struct side *side, int endpoint, mbedtls_ctr_drbg_context *random) {
    mbedtls_ssl_init(&side->context);
    mbedtls_ssl_config_init(&side->config);
    int status =
        mbedtls_ssl_config_defaults(&side->config, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    if (status == 0) {
        mbedtls_ssl_conf_rng(&side->config, mbedtls_ctr_drbg_random, random);
        mbedtls_ssl_conf_ciphersuites(&side->config, cipher_suites);
        mbedtls_ssl_conf_max_version(&side->config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
        status = mbedtls_ssl_conf_psk(&side->config, key, sizeof key, (const unsigned char *)"device", 6);
    }
    if (status == 0) {
        status = mbedtls_ssl_setup(&side->context, &side->config);
    }
    mbedtls_ssl_set_bio(&side->context, side, send_bytes, receive_bytes, NULL);
    return status;
}

static void tear_down(struct side *side) {
    mbedtls_ssl_free(&side->context);
    mbedtls_ssl_config_free(&side->config);
}

static bool is_waiting(int status) {
    return status == MBEDTLS_ERR_SSL_WANT_READ || status == MBEDTLS_ERR_SSL_WANT_WRITE;
}

static int shake_hands(struct side *client, struct side *server) {
    int of_client;
    int of_server;
    do {
        of_client = mbedtls_ssl_handshake(&client->context);
        of_server = mbedtls_ssl_handshake(&server->context);
        if (of_client != 0 && !is_waiting(of_client)) {
            return of_client;
        }
    } while (is_waiting(of_server) || (of_server == 0 && of_client != 0));
    return of_server;
}

static void tell(const char *when) {
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    printf("%-18s %6zu bytes in use, at most %6zu, of %6zu held\n", when, figures.live_bytes, figures.peak_live_bytes,
           figures.region_bytes);
}

/* Two sides want two pairs of buffers; returns mbed TLS's error, or 0. */
static int talk(mbedtls_ctr_drbg_context *random) {
    static struct pipe to_server;
    static struct pipe to_client;
    struct side client = {.out = &to_server, .in = &to_client};
    struct side server = {.out = &to_client, .in = &to_server};

    int status = set_up(&client, MBEDTLS_SSL_IS_CLIENT, random);
    const int status_of_server = set_up(&server, MBEDTLS_SSL_IS_SERVER, random);
    status = status != 0 ? status : status_of_server;
    if (status == 0) {
        tell("Set up:");
        status = shake_hands(&client, &server);
    }
    if (status == 0) {
        tell("Connected:");
        unsigned char text[32] = {0};
        mbedtls_ssl_write(&client.context, (const unsigned char *)"Is anybody there?", 17);
        mbedtls_ssl_read(&server.context, text, sizeof text - 1);
        printf("The server was asked: %s\n", (const char *)text);
    }
    tear_down(&client);
    tear_down(&server);
    return status;
}

/* Everything in a heap of at most `limit` bytes. */
static bool talk_within(size_t limit) {
    const struct ebb_policy policy = {.maximum = limit};
    struct ebb_host_store store;
    if (ebb_host_store_init(&store, limit) != 0) {
        return false;
    }
    heap = ebb_create(&store.store, &policy);
    if (heap == NULL) {
        ebb_host_store_destroy(&store);
        return false;
    }
    use_ebb();

    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random);
    int status = mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0);
    status = status != 0 ? status : talk(&random);
    mbedtls_ctr_drbg_free(&random);
    mbedtls_entropy_free(&entropy);

    ebb_trim(heap);
    tell("All closed:");
    const bool as_before = ebb_check(heap).damage == EBB_SOUND;
    ebb_destroy(heap);
    ebb_host_store_destroy(&store);
    if (status == MBEDTLS_ERR_SSL_ALLOC_FAILED) {
        printf("%zu bytes are not enough.\n", limit);
    }
    return as_before && (status == 0 || status == MBEDTLS_ERR_SSL_ALLOC_FAILED);
}

int main(void) {
    return talk_within((size_t)1024 * 1024) && talk_within((size_t)32 * 1024) ? 0 : 1;
}
