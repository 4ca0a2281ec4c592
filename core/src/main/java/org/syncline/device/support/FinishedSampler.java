/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.device.Finish;
import org.syncline.device.Layout;
import org.syncline.device.Sampler;
import org.syncline.error.ClosedException;
import org.syncline.storage.SharedArena;
import org.syncline.transform.Normalization;

/**
 * Normalises the values of another sampler, applies the NaN policy and converts: one matrix of (T,
 * N), or one of (T, pixels) for each channel.
 */
final class FinishedSampler implements Sampler {
  private final Sampler natural;
  private final Path folder;
  private final MatrixFinish[] planes;
  private final NanRule nans;
  private final NanRule.Names names;

  FinishedSampler(Sampler natural, Layout layout, Finish finish, Path folder) {
    this.natural = natural;
    this.folder = folder;
    long[] shape = natural.shape(1);
    boolean frames = layout == Layout.FRAMES;
    int columns = Math.toIntExact(frames ? shape[2] * shape[3] : shape[1]);
    planes = new MatrixFinish[frames ? Math.toIntExact(shape[0]) : 1];
    boolean possible = false;
    for (int c = 0; c < planes.length; c++) {
      Finish own =
          new Finish(
              finish.transforms(),
              frames ? ofChannel(finish.normalization(), c, planes.length) : finish.normalization(),
              finish.nans(),
              finish.type());
      planes[c] = new MatrixFinish(natural.type(), columns, true, own, folder);
      possible |= planes[c].mayHoldNaN();
    }
    nans = new NanRule(finish.nans(), possible, type(), columns);
    int width = frames ? Math.toIntExact(shape[3]) : 1;
    names = frames ? (c, pixel) -> NanRule.pixel(c, pixel, width) : NanRule.COLUMNS;
  }

  private Normalization ofChannel(Normalization all, int c, int channels) {
    return all == null
        ? null
        : new Normalization(
            all.means() == null ? null : ofChannel(all.means(), c, channels),
            ofChannel(all.stds(), c, channels));
  }

  private double[] ofChannel(double[] values, int c, int channels) {
    if (values.length != 1 && values.length != channels) {
      throw new IllegalArgumentException(
          folder
              + ": statistics of "
              + values.length
              + " values, expected 1 or "
              + channels
              + ", one a channel");
    }
    return new double[] {values[values.length == 1 ? 0 : c]};
  }

  @Override
  public ElementType type() {
    return planes.length == 0 ? natural.type() : planes[0].type();
  }

  @Override
  public long[] shape(int samples) {
    return natural.shape(samples);
  }

  @Override
  public String toString() {
    return "FinishedSampler(" + natural + ")";
  }

  @Override
  public Cursor cursor(int maxSamples) {
    // shared: a reader may be opened by one thread and used by another
    return Scratch.owned(new SharedArena(), arena -> new FinishingCursor(maxSamples, arena));
  }

  private final class FinishingCursor implements Cursor {
    private final int maxSamples;
    private final Arena arena;
    private final Cursor source;
    private final MemorySegment values;
    private final NanRule.Cursor policy;
    private boolean closed;

    FinishingCursor(int maxSamples, Arena arena) {
      this.maxSamples = maxSamples;
      this.arena = arena;
      policy = nans.cursor(arena, folder, folder, names);
      long bytes = Tensor.elements(natural.shape(maxSamples)) * natural.type().bytes();
      values = arena.allocate(Math.max(8, bytes), 64);
      source = Answers.cursor(natural, maxSamples);
    }

    @Override
    public int read(double[] times, int count, MemorySegment dst, long dstOffset) {
      ValidTimes.check(times, count, maxSamples);
      if (closed) {
        throw new ClosedException("cursor of " + folder);
      }
      int n = Answers.read(source, times, count, values, 0);
      if (n < count) {
        return n;
      }
      try {
        for (int c = 0; c < planes.length; c++) {
          planes[c].write(values, c, count, dst, dstOffset);
        }
        policy.apply(dst, dstOffset, planes.length, count, times);
      } finally {
        // kernels know it and statistics by their addresses alone: an automatic arena must not be
        // freed under them
        Reference.reachabilityFence(dst);
        Reference.reachabilityFence(this);
      }
      return n;
    }

    @Override
    public void openFiles(double[] times, int count) {
      source.openFiles(times, count);
    }

    @Override
    public long willNeed(double[] times, int count) {
      return source.willNeed(times, count);
    }

    @Override
    public long replacedNaNs() {
      return policy.replaced() + source.replacedNaNs();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        try {
          source.close();
        } finally {
          arena.close();
        }
      }
    }
  }
}
