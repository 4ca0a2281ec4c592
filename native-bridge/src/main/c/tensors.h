/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tensors over memory of Java's, and what goes back to Java when they are deleted. Layer 2: includes error.h. Calls no Java.
 */
#ifndef SYNCLINE_TENSORS_H_
#define SYNCLINE_TENSORS_H_

#include <stdbool.h>
#include <stdint.h>

#include "syncline.h"

/* One tensor as Java describes it. */
typedef struct {
  int64_t data;
  int64_t code; /* DLDataTypeCode */
  int64_t bits;
  int64_t ndim;
  int64_t shape[SYNCLINE_MAX_DIMS];
} syncline_tensor_view;

/* Tensors that share one owner, as Java describes them. */
typedef struct {
  int64_t token; /* what Java wants back when the last of them is deleted */
  int64_t index;
  int64_t epoch;
  int64_t rows;
  int64_t session;
  int64_t count;
  syncline_tensor_view tensors[]; /* count of them */
} syncline_view;

/* Builds the tensors of a view; on failure nothing is built and the token is given back. */
syncline_status syncline_export_view(const syncline_view *view, DLManagedTensorVersioned **tensors);
/* Makes one of our tensors one of the older struct, in its place. */
DLManagedTensor *syncline_tensor_to_legacy(DLManagedTensorVersioned *tensor);
/* What is small beside its batch: at most so many bytes, and at most this part of all tensors together. */
#define SYNCLINE_SMALL_BYTES ((size_t)1 << 20)
#define SYNCLINE_SMALL_PART 16
/*
 * Gives the small tensors of a batch, of the first 63, memory of their own, so that who keeps one keeps no more. Returns a
 * bit for each that has.
 */
int64_t syncline_tensors_set_small_apart(DLManagedTensorVersioned **tensors, int32_t count);
/* Takes the tokens of owners whose last tensor was deleted, up to capacity of them. */
int32_t syncline_take_returned(int64_t *tokens, int32_t capacity);
/* Whether there are any. */
bool syncline_any_returned(void);

#endif
