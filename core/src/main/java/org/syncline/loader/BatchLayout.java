/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.array.Tensor;
import org.syncline.array.TensorSpec;
import org.syncline.read.Entries;

/**
 * Where the entries of a batch lie in a slot. Immutable; equal layouts of several sessions are one
 * object.
 */
final class BatchLayout {
  /** A whole number of cache lines, also of those that are fetched in pairs. */
  static final long ALIGNMENT = 128;

  private final Entries entries;
  private final long[] offsets;
  private final long[] chunkBytes;
  private final long bytes;
  private final long payload;

  BatchLayout(List<TensorSpec> specs, int batchSize) {
    entries = new Entries(specs);
    offsets = new long[specs.size()];
    chunkBytes = new long[specs.size()];
    long at = 0;
    long sum = 0;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = at;
      chunkBytes[i] = specs.get(i).bytes();
      at =
          (Math.addExact(at, Math.multiplyExact(chunkBytes[i], (long) batchSize)) + ALIGNMENT - 1)
              & -ALIGNMENT;
      sum += chunkBytes[i];
    }
    bytes = at;
    payload = sum;
  }

  /** Returns the entries without the first axis. */
  List<TensorSpec> specs() {
    return entries.specs();
  }

  /** Returns the places of the entries by name. */
  Entries names() {
    return entries;
  }

  /** Returns the number of entries. */
  int entries() {
    return offsets.length;
  }

  /** Returns the bytes of a slot that holds a whole batch. */
  long bytes() {
    return bytes;
  }

  /** Returns the bytes of one chunk, gaps left out. */
  long chunkBytes() {
    return payload;
  }

  /** Writes where the entries of chunk {@code k} lie. */
  void offsets(int k, long[] target) {
    for (int i = 0; i < offsets.length; i++) {
      target[i] = offsets[i] + k * chunkBytes[i];
    }
  }

  /**
   * Tensors over a slot; belongs to the slot, which hands out no array.
   *
   * @param tensors in the order of the layout
   */
  record View(
      int size, Tensor[] tensors, Map<String, Tensor> values, Map<String, Tensor> timestamps) {}

  /** Makes tensors for the first {@code size} chunks of a slot. */
  View view(MemorySegment slot, int size) {
    return view(slot, size, null);
  }

  /**
   * Makes tensors for the first {@code size} chunks of a slot.
   *
   * @param use throws where they must not be used; or null
   */
  View view(MemorySegment slot, int size, Runnable use) {
    Tensor[] tensors = new Tensor[offsets.length];
    Map<String, Tensor> values = new LinkedHashMap<>();
    Map<String, Tensor> timestamps = new LinkedHashMap<>();
    for (int i = 0; i < offsets.length; i++) {
      TensorSpec spec = specs().get(i);
      long[] shape = new long[spec.rank() + 1];
      shape[0] = size;
      for (int axis = 0; axis < spec.rank(); axis++) {
        shape[axis + 1] = spec.size(axis);
      }
      MemorySegment data = slot.asSlice(offsets[i], size * chunkBytes[i]);
      tensors[i] = new Tensor(spec.type(), shape, data, use);
      (spec.timestamps() ? timestamps : values).put(spec.key(), tensors[i]);
    }
    return new View(
        size,
        tensors,
        Collections.unmodifiableMap(values),
        Collections.unmodifiableMap(timestamps));
  }

  /** Returns the one layout of a list that has this form, adding it where there is none. */
  static BatchLayout intern(List<TensorSpec> specs, int batchSize, ArrayList<BatchLayout> known) {
    synchronized (known) {
      for (BatchLayout layout : known) {
        if (layout.specs().equals(specs)) {
          return layout;
        }
      }
      BatchLayout layout = new BatchLayout(specs, batchSize);
      known.add(layout);
      return layout;
    }
  }
}
