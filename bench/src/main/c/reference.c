/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernels of org.syncline.kernel in plain C, for comparison in the same run: what a careful C programmer writes and
 * leaves to the compiler (cc -O3 -march=native -ffp-contract=off). Same arithmetic, so that results agree bit for bit
 * where the Java kernels promise bits.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define API __attribute__((visibility("default")))

/* ---- roofline: what no kernel can avoid ------------------------------------------------------------------------ */

API void ref_fill(float *restrict dst, int64_t n, float value) {
  for (int64_t i = 0; i < n; i++) dst[i] = value;
}

API void ref_copy(const uint8_t *restrict src, uint8_t *restrict dst, int64_t bytes) { memcpy(dst, src, (size_t)bytes); }

/* Reads every byte once; the result keeps the compiler honest. */
API uint64_t ref_read(const uint64_t *restrict src, int64_t bytes) {
  uint64_t a = 0;
  for (int64_t i = 0, n = bytes / 8; i < n; i++) a ^= src[i];
  return a;
}

/* Reads a number of each cache line listed. */
API uint64_t ref_read_lines(const uint64_t *restrict src, const int64_t *restrict lines, int64_t n) {
  uint64_t a = 0;
  for (int64_t i = 0; i < n; i++) a ^= src[8 * lines[i]];
  return a;
}

/* ---- rows ------------------------------------------------------------------------------------------------------- */

#define CONVERT(name, S, D)                                                   \
  API void name(const S *restrict src, D *restrict dst, int64_t n) {          \
    for (int64_t i = 0; i < n; i++) dst[i] = (D)src[i];                       \
  }
CONVERT(ref_u8_f32, uint8_t, float)
CONVERT(ref_i16_f32, int16_t, float)
CONVERT(ref_u16_f32, uint16_t, float)
CONVERT(ref_i32_f32, int32_t, float)
CONVERT(ref_f64_f32, double, float)
CONVERT(ref_f32_f64, float, double)
CONVERT(ref_f16_f32, _Float16, float)
CONVERT(ref_f32_f16, float, _Float16)

API void ref_f32_bf16(const float *restrict src, uint16_t *restrict dst, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    uint32_t bits;
    memcpy(&bits, src + i, 4);
    uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
    dst[i] = (bits & 0x7FFFFFFFu) > 0x7F800000u ? (uint16_t)((bits >> 16) | 0x40u) : (uint16_t)rounded;
  }
}

API void ref_f32_u8(const float *restrict src, uint8_t *restrict dst, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    float v = nearbyintf(src[i]);
    v = v > 0.0f ? v : 0.0f; /* NaN too */
    v = v < 255.0f ? v : 255.0f;
    dst[i] = (uint8_t)(int32_t)v;
  }
}

#define SCALAR(name, S, C)                                                                      \
  API void name(const S *restrict src, C *restrict dst, int64_t n, C mean, C std) {             \
    for (int64_t i = 0; i < n; i++) dst[i] = ((C)src[i] - mean) / std;                          \
  }
SCALAR(ref_normalize_u8_f32, uint8_t, float)
SCALAR(ref_normalize_f32, float, float)

#define COLUMNS(name, S, C)                                                                              \
  API void name(const S *restrict src, const C *restrict mean, const C *restrict std, C *restrict dst,   \
                int64_t n) {                                                                             \
    for (int64_t i = 0; i < n; i++) dst[i] = ((C)src[i] - mean[i]) / std[i];                             \
  }
COLUMNS(ref_normalize_columns_f32, float, float)
COLUMNS(ref_normalize_columns_f64, double, double)
COLUMNS(ref_normalize_columns_i16_f32, int16_t, float)

API void ref_divide_columns_f32(const float *restrict src, const float *restrict std, float *restrict dst, int64_t n) {
  for (int64_t i = 0; i < n; i++) dst[i] = src[i] / std[i];
}

API void ref_blend_f32_f64(const float *restrict a, double wa, const float *restrict b, double wb, double *restrict dst,
                           int64_t n) {
  for (int64_t i = 0; i < n; i++) dst[i] = wa * (double)a[i] + wb * (double)b[i];
}

API void ref_blend_f32_f32(const float *restrict a, double wa, const float *restrict b, double wb, float *restrict dst,
                           int64_t n) {
  for (int64_t i = 0; i < n; i++) dst[i] = (float)(wa * (double)a[i] + wb * (double)b[i]);
}

API void ref_shifted_nearest_f32(const float *restrict data, int64_t columns, double time, double start, double dt,
                                 const double *restrict shifts, float *restrict dst, int64_t n) {
  for (int64_t j = 0; j < n; j++) {
    int64_t row = (int64_t)floor((time - shifts[j] - start) / dt);
    dst[j] = data[row * columns + j];
  }
}

API void ref_shifted_linear_f32(const float *restrict data, int64_t columns, double time, double start, double dt,
                                const double *restrict shifts, double *restrict dst, int64_t n) {
  for (int64_t j = 0; j < n; j++) {
    double t = time - shifts[j];
    double row = floor((t - start) / dt);
    double t0 = start + row * dt, t1 = start + (row + 1.0) * dt;
    const float *x = data + (int64_t)row * columns + j;
    dst[j] = (t1 - t) / (t1 - t0) * (double)x[0] + (t - t0) / (t1 - t0) * (double)x[columns];
  }
}

API int32_t ref_has_nan_f32(const float *restrict src, int64_t n) {
  int32_t any = 0;
  for (int64_t i = 0; i < n; i++) any |= src[i] != src[i];
  return any;
}

API int64_t ref_replace_nan_f32(float *restrict data, int64_t n, float value) {
  int64_t replaced = 0;
  for (int64_t i = 0; i < n; i++) {
    int bad = data[i] != data[i];
    data[i] = bad ? value : data[i];
    replaced += bad;
  }
  return replaced;
}

/* Rows of columns elements of 4 bytes, in the order of their numbers. */
API void ref_gather(const uint8_t *restrict src, const int32_t *restrict rows, int64_t n, int64_t columns,
                    uint8_t *restrict dst) {
  int64_t bytes = 4 * columns;
  for (int64_t r = 0; r < n; r++) memcpy(dst + r * bytes, src + rows[r] * bytes, (size_t)bytes);
}

/* Each row with the one after it, as ref_blend_f32_f32 does. */
API void ref_blend_rows_f32(const float *restrict src, const int32_t *restrict rows, const double *restrict w0,
                            const double *restrict w1, int64_t n, int64_t columns, float *restrict dst) {
  for (int64_t r = 0; r < n; r++) {
    const float *x0 = src + rows[r] * columns, *x1 = x0 + columns;
    for (int64_t j = 0; j < columns; j++) dst[r * columns + j] = (float)(w0[r] * x0[j] + w1[r] * x1[j]);
  }
}

API void ref_rows_have_nan_f32(const float *restrict src, int64_t n, int64_t columns, uint8_t *restrict dst) {
  for (int64_t r = 0; r < n; r++) dst[r] = (uint8_t)ref_has_nan_f32(src + r * columns, columns);
}

/* Every 101st number is NaN from now on. */
API void ref_plant_nan_f32(float *restrict data, int64_t n) {
  for (int64_t i = 0; i < n; i += 101) data[i] = NAN;
}

API int64_t ref_replace_nan_columns_f32(float *restrict data, const double *restrict values, int64_t n) {
  int64_t replaced = 0;
  for (int64_t i = 0; i < n; i++) {
    int bad = data[i] != data[i];
    data[i] = bad ? (float)values[i] : data[i];
    replaced += bad;
  }
  return replaced;
}

API void ref_accumulate_f32(const float *restrict src, double *restrict sums, double *restrict counts, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    int good = src[i] == src[i];
    sums[i] += good ? (double)src[i] : 0.0;
    counts[i] += good ? 1.0 : 0.0;
  }
}

API void ref_accumulate_squares_f32(const float *restrict src, const double *restrict means, double *restrict sums,
                                    int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    double d = (double)src[i] - means[i];
    sums[i] += d == d ? d * d : 0.0;
  }
}

/* The weighted mean of some rows of each column, NaN left out: AveragePass. */
API void ref_average_f32(const float *restrict src, const double *restrict weights, int64_t rows, float *restrict dst,
                         int64_t n) {
  enum { BLOCK = 64 };
  for (int64_t from = 0; from < n; from += BLOCK) {
    int64_t m = n - from < BLOCK ? n - from : BLOCK;
    double sum[BLOCK] = {0}, weight[BLOCK] = {0}, last[BLOCK] = {0}, counted[BLOCK] = {0};
    for (int64_t row = 0; row < rows; row++) {
      const float *x = src + row * n + from;
      double w = weights[row];
      for (int64_t i = 0; i < m; i++) {
        int there = x[i] == x[i];
        sum[i] += there ? w * (double)x[i] : 0.0;
        weight[i] += there ? w : 0.0;
        last[i] = there ? (double)x[i] : last[i];
        counted[i] += there ? 1.0 : 0.0;
      }
    }
    for (int64_t i = 0; i < m; i++) {
      double mean = sum[i] / weight[i];
      dst[from + i] = (float)(counted[i] == 1.0 ? last[i] : mean);
    }
  }
}

/* ---- frames ------------------------------------------------------------------------------------------------------- */

/* Separable resampling with tables: dst row y takes taps source rows from y_first[y], likewise for columns. */
API void ref_resample_u8(const uint8_t *restrict src, int64_t sh, int64_t sw, float *restrict dst, int64_t dh, int64_t dw,
                         const int32_t *restrict y_first, const float *restrict y_weight, int64_t y_taps,
                         const int32_t *restrict x_first, const float *restrict x_weight, int64_t x_taps, float mean,
                         float std, float *restrict line) {
  (void)sh;
  for (int64_t y = 0; y < dh; y++) {
    const uint8_t *row = src + (int64_t)y_first[y] * sw;
    const float *wy = y_weight + y * y_taps;
    for (int64_t x = 0; x < sw; x++) line[x] = wy[0] * (float)row[x];
    for (int64_t k = 1; k < y_taps; k++) {
      float w = wy[k];
      if (w == 0.0f) continue;
      const uint8_t *r = row + k * sw;
      for (int64_t x = 0; x < sw; x++) line[x] += w * (float)r[x];
    }
    float *out = dst + y * dw;
    for (int64_t x = 0; x < dw; x++) {
      const float *wx = x_weight + x * x_taps;
      const float *in = line + x_first[x];
      float v = wx[0] * in[0];
      for (int64_t k = 1; k < x_taps; k++) v += wx[k] * in[k];
      out[x] = (v - mean) / std;
    }
  }
}

API void ref_planar_u8(const uint8_t *restrict src, float *restrict dst, int64_t pixels, const float *restrict mean,
                       const float *restrict std) {
  for (int c = 0; c < 3; c++) {
    float *plane = dst + (int64_t)c * pixels;
    float m = mean[c], s = std[c];
    for (int64_t i = 0; i < pixels; i++) plane[i] = ((float)src[3 * i + c] - m) / s;
  }
}

API void ref_gray(const float *restrict src, float *restrict dst, int64_t pixels, float mean, float std) {
  const float *restrict g = src + pixels, *restrict b = g + pixels;
  for (int64_t i = 0; i < pixels; i++) dst[i] = ((0.2989f * src[i] + 0.587f * g[i]) + 0.114f * b[i] - mean) / std;
}

API void ref_interleave(const float *restrict src, float *restrict dst, int64_t pixels) {
  for (int64_t i = 0; i < pixels; i++) {
    dst[3 * i] = src[i];
    dst[3 * i + 1] = src[pixels + i];
    dst[3 * i + 2] = src[2 * pixels + i];
  }
}

/* A part of a plane, its first element at src; rows are stride elements apart. */
API void ref_crop_f32(const float *restrict src, int64_t stride, float *restrict dst, int64_t height, int64_t width,
                      float mean, float std) {
  for (int64_t y = 0; y < height; y++) ref_normalize_f32(src + y * stride, dst + y * width, width, mean, std);
}

/* ---- spikes --------------------------------------------------------------------------------------------------------- */

static int64_t lower_bound(const double *times, int64_t from, int64_t to, double t) {
  while (from < to) {
    int64_t mid = from + (to - from) / 2;
    if (times[mid] < t) from = mid + 1;
    else to = mid;
  }
  return from;
}

/* Counts per unit and window, windows ascending: gallops from the last place, then searches between. */
static inline void count_spikes(const double *restrict times, const int64_t *restrict offsets, int64_t units,
                                const double *restrict starts, const double *restrict ends,
                                const int64_t *restrict rows, int64_t windows, double *restrict counts) {
  for (int64_t u = 0; u < units; u++) {
    int64_t lo = offsets[u], end = offsets[u + 1], hi = lo;
    for (int64_t w = 0; w < windows; w++) {
      int64_t step = 16, from = lo;
      while (lo + step < end && times[lo + step] < starts[w]) from = lo + step, step *= 2;
      lo = lower_bound(times, from, lo + step < end ? lo + step + 1 : end, starts[w]);
      if (hi < lo) hi = lo;
      step = 16, from = hi;
      while (hi + step < end && times[hi + step] < ends[w]) from = hi + step, step *= 2;
      hi = lower_bound(times, from, hi + step < end ? hi + step + 1 : end, ends[w]);
      counts[(rows ? rows[w] : w) * units + u] = (double)(hi - lo);
    }
  }
}

API void ref_count_spikes(const double *restrict times, const int64_t *restrict offsets, int64_t units,
                          const double *restrict starts, const double *restrict ends, int64_t windows,
                          double *restrict counts) {
  count_spikes(times, offsets, units, starts, ends, NULL, windows, counts);
}

/* Row rows[w] gets the counts of window w. */
API void ref_count_spikes_rows(const double *restrict times, const int64_t *restrict offsets, int64_t units,
                               const double *restrict starts, const double *restrict ends,
                               const int64_t *restrict rows, int64_t windows, double *restrict counts) {
  count_spikes(times, offsets, units, starts, ends, rows, windows, counts);
}

/* Gaussian along time with a mirrored edge: rows of padded, (T + 2r, N), into (T, N). */
API void ref_smooth(const double *restrict padded, const double *restrict weights, int64_t radius, double *restrict dst,
                    int64_t t, int64_t n) {
  for (int64_t r = 0; r < t; r++) {
    double *out = dst + r * n;
    const double *centre = padded + (r + radius) * n;
    for (int64_t j = 0; j < n; j++) out[j] = weights[radius] * centre[j];
    for (int64_t k = 1; k <= radius; k++) {
      double w = weights[radius + k];
      const double *before = centre - k * n, *after = centre + k * n;
      for (int64_t j = 0; j < n; j++) out[j] += w * (before[j] + after[j]);
    }
  }
}
