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
import org.syncline.device.Sampler;
import org.syncline.error.ClosedException;
import org.syncline.storage.SharedArena;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;

/** Finishes the frames of another sampler as those of a screen are, screen transforms included. */
final class TransformedSampler implements Sampler {
  private final Sampler natural;
  private final Path folder;
  private final ClipFinish clips;
  private final FrameShape frame;

  TransformedSampler(Sampler natural, Finish finish, Path folder) {
    this.natural = natural;
    this.folder = folder;
    long[] shape = natural.shape(1);
    frame =
        new FrameShape(
            Math.toIntExact(shape[0]), Math.toIntExact(shape[2]), Math.toIntExact(shape[3]));
    clips = new ClipFinish(folder, finish, FramePlan.builder(natural.type(), frame, false));
  }

  @Override
  public ElementType type() {
    return clips.type();
  }

  @Override
  public long[] shape(int samples) {
    return clips.shape(samples);
  }

  @Override
  public String toString() {
    return "TransformedSampler(" + natural + ")";
  }

  @Override
  public Cursor cursor(int maxSamples) {
    // shared: a reader may be opened by one thread and used by another
    return Scratch.owned(new SharedArena(), arena -> new TransformingCursor(maxSamples, arena));
  }

  private final class TransformingCursor implements Cursor {
    private final int maxSamples;
    private final Arena arena;
    private final ClipFinish.Cursor clip;
    private final Cursor source;
    private final MemorySegment values;

    /** One frame with its channels side by side; null where frames have one. */
    private final MemorySegment gathered;

    private boolean closed;

    TransformingCursor(int maxSamples, Arena arena) {
      this.maxSamples = maxSamples;
      this.arena = arena;
      int size = natural.type().bytes();
      values = arena.allocate(Math.max(8, Tensor.elements(natural.shape(maxSamples)) * size), 64);
      gathered = frame.channels() == 1 ? null : arena.allocate((long) frame.pixels() * size, 64);
      clip = clips.cursor(maxSamples, arena);
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
        clip.begin(n, dst, dstOffset);
        for (int t = 0; t < n; t++) {
          run(t, n);
        }
        clip.finish(times, n, natural.type().isFloating(), dst, dstOffset);
      } finally {
        // kernels know it and statistics by their addresses alone: an automatic arena must not be
        // freed under them
        Reference.reachabilityFence(dst);
        Reference.reachabilityFence(this);
      }
      return n;
    }

    private void run(int t, int frames) {
      long plane = (long) frame.plane() * natural.type().bytes();
      for (int c = 0; gathered != null && c < frame.channels(); c++) {
        long from = ((long) c * frames + t) * plane;
        MemorySegment.copy(values, from, gathered, c * plane, plane);
      }
      clips
          .first()
          .run(
              gathered == null ? values : gathered,
              gathered == null ? t * plane : 0,
              clip.scratch(),
              clip.destination(),
              clip.place(t),
              clip.planeBytes());
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
      return clip.replaced() + source.replacedNaNs();
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
