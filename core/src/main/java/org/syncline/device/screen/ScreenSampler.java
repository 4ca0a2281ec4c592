/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Objects;
import org.syncline.array.ElementType;
import org.syncline.device.Finish;
import org.syncline.device.Sampler;
import org.syncline.device.support.ClipFinish;
import org.syncline.device.support.Scratch;
import org.syncline.device.trials.TrialIndex;
import org.syncline.storage.SharedArena;
import org.syncline.transform.FramePlan;

/**
 * Reads a screen into chunks (C, T, H, W): finds the frames of the times and runs the plan of their
 * layout on each, straight into its place.
 */
final class ScreenSampler implements Sampler {
  private final ScreenInterpolator source;
  private final LayoutPlans plans;
  private final ClipFinish clips;
  private final BlankFrames blanks;

  ScreenSampler(ScreenInterpolator source, Finish finish) {
    this.source = source;
    source.files().watch().asked(finish, source.ownScales());
    plans = new LayoutPlans(source, finish);
    clips = plans.clips();
    blanks = new BlankFrames(plans.blanks());
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
    return "ScreenSampler(" + source + ")";
  }

  @Override
  public boolean writesStoredBytes() {
    return clips.keepsBytes() && source.storesBytes();
  }

  @Override
  public FrameCursor cursor(int maxSamples) {
    if (maxSamples < 0) {
      throw new IllegalArgumentException("maxSamples is " + maxSamples + ", expected 0 or more");
    }
    source.arena().ensureOpen();
    // shared: a reader may be opened by one thread and used by another
    return cursor(maxSamples, new SharedArena());
  }

  /** Opens a cursor that owns the arena given. */
  FrameCursor cursor(int maxSamples, Arena scratch) {
    return Scratch.owned(scratch, a -> new FrameCursor(maxSamples, a));
  }

  /** Scratch memory of one thread. */
  final class FrameCursor implements Cursor {
    private final int maxSamples;
    private final int[] frames;
    private final Arena arena;
    private final ClipFinish.Cursor clip;
    private final BlankFrames.Cursor blank;
    private final OpenTrials open;
    private boolean mayBeNaN;
    private boolean closed;

    private FrameCursor(int maxSamples, Arena arena) {
      this.maxSamples = maxSamples;
      this.arena = arena;
      frames = new int[maxSamples];
      clip = clips.cursor(maxSamples, arena);
      blank = blanks.cursor(arena);
      open = new OpenTrials(source.files());
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
        readFrames(n);
        clip.finish(times, n, mayBeNaN, dst, dstOffset);
        return n;
      } finally {
        open.release();
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
            int shown = frames[t - 1] + 1 - first;
            asked += open.willNeed(trial, first - trials.firstFrame(trial), shown);
          }
        }
        return asked;
      } finally {
        source.arena().exit();
      }
    }

    @Override
    public void openFiles(double[] times, int count) {
      source.arena().enter();
      try {
        int n = source.locate(times, count, frames, null);
        TrialIndex trials = source.trialIndex();
        for (int t = 0; t < n; ) {
          int trial = source.trialOf(frames[t]);
          int end = trials.firstFrame(trial + 1);
          if (trials.hasFile(trial)) {
            open.frames(trial);
          }
          while (t < n && frames[t] < end) {
            t++;
          }
        }
      } finally {
        open.release();
        source.arena().exit();
      }
    }

    private void readFrames(int n) {
      TrialIndex trials = source.trialIndex();
      int trial = -1;
      int end = 0;
      TrialFrames file = null;
      FramePlan plan = null;
      for (int t = 0; t < n; t++) {
        int frame = frames[t];
        if (t > 0 && frame == frames[t - 1]) {
          // an image is held for many samples
          clip.repeat(t);
          continue;
        }
        if (trial < 0 || frame >= end) {
          trial = source.trialOf(frame);
          end = trials.firstFrame(trial + 1);
          file = trials.hasFile(trial) ? open.frames(trial) : null;
          if (file != null && type() == ElementType.UINT8) {
            source.checkBytes(file.file());
          }
          plan = file == null ? null : plans.of(file.layout());
          if (plan != null) {
            clip.reserve(plan.scratchBytes());
          }
        }
        if (file == null) {
          float value = (float) trials.interleaveValue(trial);
          mayBeNaN |= value != value;
          blank.write(value, clip, clip.place(t));
        } else {
          mayBeNaN |= file.file().type() != ElementType.UINT8;
          run(plan, file, (long) frame - trials.firstFrame(trial), clip.place(t));
        }
      }
    }

    private void run(FramePlan plan, TrialFrames file, long frame, long place) {
      file.guard(frame);
      try {
        plan.run(
            file.memory(),
            file.file().frameOffset(frame),
            clip.scratch(),
            clip.destination(),
            place,
            clip.planeBytes());
        file.file().settle();
      } catch (InternalError e) {
        throw file.file().unreadable(e);
      }
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
