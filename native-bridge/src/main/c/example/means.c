/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Opens a recording, reads one epoch in batches, and prints the mean of every entry.
 *
 *     cc -std=c11 -o means means.c $(pkg-config --cflags --libs syncline) -lm && ./means RECORDING [CONFIG.yaml] [BATCHES]
 *
 * It is C++, too: c++ -x c++ in place of cc -std=c11.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "syncline.h"

static void check(syncline_status status, const char *what) {
  if (status < 0) {
    fprintf(stderr, "%s: %s\n", what, syncline_last_error());
    exit(1);
  }
}

/* A whole file as text; the caller frees it. */
static char *slurp(const char *path) {
  FILE *f = fopen(path, "rb");
  if (f == NULL) {
    perror(path);
    exit(1);
  }
  size_t n = 0, capacity = 1 << 16;
  char *text = (char *)malloc(capacity);
  for (size_t got; text != NULL && (got = fread(text + n, 1, capacity - n - 1, f)) > 0;) {
    n += got;
    if (n + 1 == capacity) {
      char *larger = (char *)realloc(text, capacity *= 2);
      if (larger == NULL) {
        free(text);
      }
      text = larger;
    }
  }
  fclose(f);
  if (text == NULL) {
    fprintf(stderr, "%s: out of memory\n", path);
    exit(1);
  }
  text[n] = 0;
  return text;
}

static double element(const DLTensor *t, int64_t i) {
  const char *data = (const char *)t->data + t->byte_offset;
  switch (t->dtype.code * 256 + t->dtype.bits) {
    case kDLFloat * 256 + 32: return ((const float *)data)[i];
    case kDLFloat * 256 + 64: return ((const double *)data)[i];
    case kDLInt * 256 + 8: return ((const int8_t *)data)[i];
    case kDLInt * 256 + 16: return ((const int16_t *)data)[i];
    case kDLInt * 256 + 32: return ((const int32_t *)data)[i];
    case kDLInt * 256 + 64: return (double)((const int64_t *)data)[i];
    case kDLUInt * 256 + 8:
    case kDLBool * 256 + 8: return ((const uint8_t *)data)[i];
    case kDLUInt * 256 + 16: return ((const uint16_t *)data)[i];
    case kDLUInt * 256 + 32: return ((const uint32_t *)data)[i];
    case kDLUInt * 256 + 64: return (double)((const uint64_t *)data)[i];
    default: fprintf(stderr, "element type %d.%d is not for this example\n", t->dtype.code, t->dtype.bits); exit(1);
  }
}

/* Sum and count of what is not NaN, over all batches of one entry. */
typedef struct {
  double sum;
  int64_t count, nans;
} mean;

static void add(mean *m, const DLTensor *t) {
  int64_t n = 1;
  for (int d = 0; d < t->ndim; d++) {
    n *= t->shape[d];
  }
  for (int64_t i = 0; i < n; i++) {
    double v = element(t, i);
    if (isnan(v)) {
      m->nans++;
    } else {
      m->sum += v;
      m->count++;
    }
  }
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: %s RECORDING [CONFIG.yaml] [BATCHES]\n", argv[0]);
    return 2;
  }
  char *config = argc > 2 && argv[2][0] != 0 ? slurp(argv[2]) : NULL;
  long most = argc > 3 ? strtol(argv[3], NULL, 10) : -1;

  syncline_handle dataset = 0, loader = 0;
  check(syncline_dataset_open(argv[1], config, NULL, &dataset), argv[1]);
  free(config);
  int64_t length = 0;
  check(syncline_dataset_length(dataset, &length), "length");
  char *info = NULL;
  check(syncline_dataset_info(dataset, &info), "info");
  printf("chunks %" PRId64 "\ninfo %s\n", length, info);
  syncline_free(info);

  /* the last batch may be short: no sample is left out */
  check(syncline_loader_open(&dataset, 1, "{\"batch_size\": 4, \"threads\": 2}", &loader), "loader");
  /* the loader holds on to what it needs */
  check(syncline_release(dataset), "release");

  DLManagedTensorVersioned *tensors[SYNCLINE_MAX_TENSORS];
  mean means[SYNCLINE_MAX_TENSORS];
  memset(means, 0, sizeof means);
  syncline_batch_info batch;
  int64_t batches = 0, samples = 0;
  int32_t entries = 0;
  for (;;) {
    syncline_status status = syncline_loader_next(loader, -1, tensors, SYNCLINE_MAX_TENSORS, &batch);
    check(status, "next");
    if (status == SYNCLINE_END) {
      break;
    }
    entries = batch.count;
    for (int32_t i = 0; i < batch.count; i++) {
      add(&means[i], &tensors[i]->dl_tensor);
      syncline_tensor_delete(tensors[i]);
    }
    batches++;
    samples += batch.rows;
    if (batches == most) {
      break;
    }
  }
  printf("batches %" PRId64 " samples %" PRId64 "\n", batches, samples);
  for (int32_t i = 0; i < entries; i++) {
    printf("entry %d mean %.17g count %" PRId64 " nan %" PRId64 "\n", (int)i,
           means[i].count == 0 ? NAN : means[i].sum / (double)means[i].count, means[i].count, means[i].nans);
  }
  check(syncline_release(loader), "release");
  syncline_shutdown();
  return 0;
}
