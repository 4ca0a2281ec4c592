/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The buffers that batches and chunks live in, and the hook that hears of them. Layer 2: includes syncline.h.
 */
#ifndef SYNCLINE_BUFFERS_H_
#define SYNCLINE_BUFFERS_H_

#include <stdint.h>

#include "syncline.h"

/* Hears of a buffer that was made, or is about to be freed; tells the hook. */
void syncline_buffers_tell(void *address, uint64_t bytes, int32_t made);

#endif
