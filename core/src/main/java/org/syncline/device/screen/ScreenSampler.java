/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Objects;
import org.syncline.array.ElementType;
import org.syncline.device.Finish;
import org.syncline.device.Sampler;
import org.syncline.device.support.ClipFinish;
import org.syncline.device.support.Scratch;
import org.syncline.device.trials.TrialIndex;
import org.syncline.kernel.FillPass;
import org.syncline.os.Advice;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;

/**
 * Reads a screen into chunks (C, T, H, W). Interpolation, transforms and normalisation are compiled
 * into one plan for each stored layout; a transform that sees whole clips divides it into stages.
 */
final class ScreenSampler implements Sampler {
  private final ScreenInterpolator source;
  private final ClipFinish clips;

  /** From a frame in the interpolated size, as blanks are. */
  private final FramePlan blanks;

  /** Writes blanks as finished frames, and as frames that plans read. */
  private final FillPass fillFinished;

  private final FillPass fillBlank;

  // by the number of the stored layout
  private volatile FramePlan[] plans = {};

  ScreenSampler(ScreenInterpolator source, Finish finish) {
    this.source = source;
    clips =
        new ClipFinish(
            source.folder(),
            finish,
            interpolated(FramePlan.builder(ElementType.FLOAT32, source.target(), false)));
    blanks = clips.first();
    fillFinished = FillPass.of(blanks.type());
    fillBlank = FillPass.of(ElementType.FLOAT32);
  }

  private FramePlan.Builder interpolated(FramePlan.Builder stored) {
    source.interpolate(stored);
    return stored;
  }

  /** Returns the plan of a stored layout; it is compiled when first needed. */
  private FramePlan plan(int layout) {
    FramePlan[] known = plans;
    return layout < known.length && known[layout] != null ? known[layout] : compile(layout);
  }

  private synchronized FramePlan compile(int layout) {
    FramePlan[] grown = Arrays.copyOf(plans, Math.max(plans.length, layout + 1));
    if (grown[layout] == null) {
      TrialFrames.Layout stored = source.files().layout(layout);
      grown[layout] =
          clips.plan(interpolated(FramePlan.builder(stored.type(), stored.shape(), true)));
      plans = grown;
    }
    return grown[layout];
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
  public FrameCursor cursor(int maxSamples) {
    if (maxSamples < 0) {
      throw new IllegalArgumentException("maxSamples is " + maxSamples + ", expected 0 or more");
    }
    source.arena().ensureOpen();
    // shared: a reader may be opened by one thread and used by another
    return cursor(maxSamples, Arena.ofShared());
  }

  /** Opens a cursor that owns the arena given. */
  FrameCursor cursor(int maxSamples, Arena scratch) {
    return Scratch.owned(scratch, a -> new FrameCursor(maxSamples, a));
  }

  /** Scratch memory of one thread. */
  final class FrameCursor implements Cursor {
    private final int maxSamples;
    private final int[] frames;
    private final float[] constants;
    private final Arena arena;
    private final ClipFinish.Cursor clip;
    private MemorySegment blank = MemorySegment.NULL;
    private float blankValue;
    private boolean mayBeNaN;
    private Arena temporary;
    private boolean closed;

    private FrameCursor(int maxSamples, Arena arena) {
      this.maxSamples = maxSamples;
      this.arena = arena;
      frames = new int[maxSamples];
      int channels = Math.max(source.target().channels(), blanks.output().channels());
      constants = new float[Math.max(3, channels)];
      clip = clips.cursor(maxSamples, arena);
    }

    @Override
    public int read(double[] times, int count, MemorySegment dst, long dstOffset) {
      Objects.checkFromIndexSize(0, count, Math.min(maxSamples, times.length));
      source.arena().enter();
      try {
        int n = source.locate(times, count, frames, null);
        if (n < count) {
          return n;
        }
        Objects.checkFromIndexSize(
            dstOffset, (long) n * clips.shape().pixels() * type().bytes(), dst.byteSize());
        clip.begin(n, dst, dstOffset);
        mayBeNaN = source.normalizes();
        readFrames(n, clip.destination(), clip.planeBytes());
        clip.finish(times, n, mayBeNaN, dst, dstOffset);
        return n;
      } finally {
        closeBrief();
        source.arena().exit();
        // kernels know it, weights and statistics by address alone: memory of an automatic arena
        // must not be freed under them
        Reference.reachabilityFence(dst);
        Reference.reachabilityFence(this);
      }
    }

    @Override
    public long willNeed(double[] times, int count) {
      source.arena().enter();
      try {
        int n = source.locate(times, count, frames, null);
        TrialIndex trials = source.trialIndex();
        long asked = 0;
        for (int t = 0; t < n; ) {
          int trial = source.trialOf(frames[t]);
          int end = trials.firstFrame(trial + 1);
          int first = frames[t];
          while (t < n && frames[t] < end) {
            t++;
          }
          if (trials.hasFile(trial)) {
            asked += ask(trial, first - trials.firstFrame(trial), frames[t - 1] + 1 - first);
          }
        }
        return asked;
      } finally {
        source.arena().exit();
      }
    }

    private long ask(int trial, long first, long count) {
      TrialFrames file = source.files().kept(trial);
      if (file == null) {
        file = source.files().open(trial);
      }
      if (file == null || !file.memory().isMapped()) {
        return 0;
      }
      long from = file.file().frameOffset(first);
      return Advice.willNeed(file.memory(), from, file.file().frameOffset(first + count) - from);
    }

    private void readFrames(int n, MemorySegment to, long planeBytes) {
      TrialIndex trials = source.trialIndex();
      FrameShape out = blanks.output();
      int trial = -1;
      int end = 0;
      TrialFrames file = null;
      FramePlan plan = null;
      for (int t = 0; t < n; t++) {
        int frame = frames[t];
        long at = clip.place(t);
        if (t > 0 && frame == frames[t - 1]) {
          // an image is held for many samples
          long bytes = (long) out.plane() * blanks.type().bytes();
          long before = clip.place(t - 1);
          for (int c = 0; c < out.channels(); c++) {
            MemorySegment.copy(to, before + c * planeBytes, to, at + c * planeBytes, bytes);
          }
          continue;
        }
        if (trial < 0 || frame >= end) {
          trial = source.trialOf(frame);
          end = trials.firstFrame(trial + 1);
          file = trials.hasFile(trial) ? file(trial) : null;
          plan = file == null ? null : plan(file.layout());
          if (plan != null) {
            clip.reserve(plan.scratchBytes());
          }
        }
        if (file == null) {
          fill((float) trials.interleaveValue(trial), to, at, planeBytes);
        } else {
          long k = (long) frame - trials.firstFrame(trial);
          file.guard(k);
          mayBeNaN |= file.file().type() != ElementType.UINT8;
          try {
            plan.run(file.memory(), file.file().frameOffset(k), clip.scratch(), to, at, planeBytes);
            file.file().settle();
          } catch (InternalError e) {
            throw file.file().unreadable(e);
          }
        }
      }
    }

    private TrialFrames file(int trial) {
      TrialFrames file = source.files().kept(trial);
      if (file == null) {
        file = source.files().open(trial);
      }
      if (file == null) {
        closeBrief();
        temporary = Arena.ofConfined();
        file = source.files().open(trial, temporary);
      }
      return file;
    }

    private void closeBrief() {
      if (temporary != null) {
        temporary.close();
        temporary = null;
      }
    }

    private void fill(float value, MemorySegment to, long at, long planeBytes) {
      mayBeNaN |= value != value;
      Arrays.fill(constants, value);
      if (blanks.constant(constants)) {
        for (int c = 0; c < blanks.output().channels(); c++) {
          fillFinished.run(to, at + c * planeBytes, blanks.output().plane(), constants[c]);
        }
        return;
      }
      int count = source.target().pixels();
      if (blank.byteSize() == 0) {
        blank = arena.allocate(4L * count, 64);
        blankValue = value;
        fillBlank.run(blank, 0, count, value);
      } else if (Float.floatToRawIntBits(value) != Float.floatToRawIntBits(blankValue)) {
        blankValue = value;
        fillBlank.run(blank, 0, count, value);
      }
      blanks.run(blank, 0, clip.scratch(), to, at, planeBytes);
    }

    @Override
    public long replacedNaNs() {
      return clip.replaced();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        arena.close();
      }
    }
  }
}
