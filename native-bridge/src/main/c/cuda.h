/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Page-locked memory through the CUDA driver. Layer 2: includes error.h.
 */
#ifndef SYNCLINE_CUDA_H_
#define SYNCLINE_CUDA_H_

#include <stdint.h>

#include "error.h"

/* Registers memory; 0 or SYNCLINE_E_CUDA with a message in error, which may be NULL. */
int32_t syncline_cuda_pin(void *address, uint64_t bytes, syncline_error *error);
/* Waits until the device is done with it; 0 or SYNCLINE_E_CUDA. */
int32_t syncline_cuda_unpin(void *address);
/* Waits until the device is done with everything. */
void syncline_cuda_quiesce(void);

#endif
