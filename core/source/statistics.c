/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Figures that cost nothing to read. */
#include "control.h"

struct ebb_geometry ebb_get_geometry(void) {
    return (struct ebb_geometry){
        .granule = EBB_GRANULE,
        .header = EBB_HEADER_SIZE,
        .smallest_block = ebb_bytes_of(EBB_SIZE_MIN),
        .largest_request = EBB_LARGEST_REQUEST,
        .largest_region = EBB_LARGEST_REGION,
        .control_block = EBB_FIRST - EBB_HEADER_SIZE,
        .hardening = EBB_HARDENING,
    };
}

void ebb_get_statistics(const struct ebb_heap *heap, struct ebb_statistics *statistics) {
    statistics->live_bytes = ebb_bytes_of(ebb_live(heap));
    statistics->peak_live_bytes = ebb_bytes_of(heap->peak_live);
    statistics->region_bytes = ebb_region_bytes(heap);
    statistics->peak_region_bytes = heap->peak_region;
    statistics->largest_request = heap->largest_request;
    statistics->failed_requests = heap->failed_requests;
    statistics->grows = heap->grows;
    statistics->shrinks = heap->shrinks;
    statistics->refusals = heap->refusals;
}
