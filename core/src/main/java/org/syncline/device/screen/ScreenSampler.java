/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.syncline.array.ElementType;
import org.syncline.config.NanPolicy;
import org.syncline.device.Finish;
import org.syncline.device.Sampler;
import org.syncline.device.support.NanRule;
import org.syncline.device.support.Scratch;
import org.syncline.device.trials.TrialIndex;
import org.syncline.error.ConfigException;
import org.syncline.kernel.FillPass;
import org.syncline.kernel.PixelPass;
import org.syncline.os.Advice;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;

/**
 * Reads a screen into chunks (C, T, H, W). Interpolation, transforms and normalisation are compiled
 * into one plan for each stored layout; a transform that sees whole clips divides it into stages.
 */
final class ScreenSampler implements Sampler {
  /** A transform of clips and the frame steps after it. */
  private record Stage(ScreenTransform transform, FrameShape in, FrameShape out, FramePlan rest) {}

  private final ScreenInterpolator source;
  private final Finish finish;
  private final List<Stage> stages;
  private final FrameShape shape;
  private final ElementType type;

  /**
   * What plans write last: float32 where a policy must still see NaN that {@link #type} cannot
   * hold.
   */
  private final ElementType written;

  private final boolean lateConversion;

  private final NanRule nans;

  /** Whether what is done to frames can make NaN of numbers. */
  private final boolean makesNaN;

  /** From a frame in the interpolated size, as blanks are. */
  private final FramePlan blanks;

  /** Writes blanks as finished frames, and as frames that plans read. */
  private final FillPass fillFinished;

  private final FillPass fillBlank;

  /** Turns clips into what is written, null where clips are written as they are. */
  private final PixelPass clipConversion;

  // by the number of the stored layout
  private volatile FramePlan[] plans = {};

  ScreenSampler(ScreenInterpolator source, Finish finish) {
    this.source = source;
    this.finish = finish;
    type = finish.type() == null ? ElementType.FLOAT32 : finish.type();
    switch (type) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16, UINT8 -> {}
      default ->
          throw new ConfigException(
              source.folder().toString(),
              0,
              "dtype",
              "is "
                  + type.numpyName()
                  + ", expected float32, float64, float16, bfloat16 or uint8 for a screen");
    }
    lateConversion = type == ElementType.UINT8 && finish.nans().kind() != NanPolicy.Kind.KEEP;
    written = lateConversion ? ElementType.FLOAT32 : type;
    blanks = plan(FramePlan.builder(ElementType.FLOAT32, source.target(), false));
    stages = new ArrayList<>();
    FramePlan last = blanks;
    for (FramePlan plan = blanks; plan.clip() != null; plan = plan.after()) {
      last = plan.after();
      stages.add(new Stage(plan.clip(), plan.output(), last.input(), last));
    }
    shape = last.output();
    nans = new NanRule(finish.nans(), true, written, shape.plane());
    makesNaN =
        !stages.isEmpty()
            || source.normalizes()
            || !finish.transforms().stream().allMatch(ScreenTransform::keepsPixelRange)
            || NanRule.possible(false, finish.normalization());
    fillFinished = FillPass.of(blanks.type());
    fillBlank = FillPass.of(ElementType.FLOAT32);
    clipConversion = lateConversion ? PixelPass.of(ElementType.FLOAT32, type) : null;
  }

  /** Compiles what becomes of frames as stored, or of blank ones in the interpolated size. */
  private FramePlan plan(FramePlan.Builder b) {
    source.interpolate(b);
    for (ScreenTransform t : finish.transforms()) {
      if (type == ElementType.UINT8 && !t.keepsPixelRange()) {
        throw new ConfigException(
            source.folder().toString(),
            0,
            "transforms",
            t.getClass().getSimpleName()
                + " makes values that uint8 cannot hold: leave it to the device, or choose a floating dtype");
      }
      try {
        b.add(t);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(source.folder().toString(), 0, "transforms", e.getMessage());
      }
    }
    if (finish.normalization() != null && type != ElementType.UINT8) {
      normalize(b, finish.normalization());
    }
    return b.build(written);
  }

  private void normalize(FramePlan.Builder b, Normalization n) {
    int channels = b.shape().channels();
    int means = n.means() == null ? 1 : n.means().length;
    if (means != 1 && means != channels || n.stds().length != 1 && n.stds().length != channels) {
      throw new ConfigException(
          source.folder().toString(),
          0,
          "transforms.normalization",
          means
              + " means and "
              + n.stds().length
              + " stds, expected one value"
              + (channels == 1 ? "" : ", or one for each of " + channels + " channels"));
    }
    b.normalize(n.means(), n.stds());
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
      grown[layout] = plan(FramePlan.builder(stored.type(), stored.shape(), true));
      plans = grown;
    }
    return grown[layout];
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public long[] shape(int samples) {
    return new long[] {shape.channels(), samples, shape.height(), shape.width()};
  }

  FrameShape frameShape() {
    return shape;
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
    // clips of all samples: two in turn around custom transforms, the first also before a late
    // conversion
    private final MemorySegment clip;
    private final MemorySegment otherClip;
    private final long clipBytes;
    private MemorySegment scratch = MemorySegment.NULL;
    private MemorySegment blank = MemorySegment.NULL;
    private float blankValue;
    private final NanRule.Cursor policy;
    private boolean mayBeNaN;
    private Arena temporary;
    private boolean closed;

    private FrameCursor(int maxSamples, Arena arena) {
      this.maxSamples = maxSamples;
      this.arena = arena;
      policy =
          nans.cursor(
              arena,
              source.folder(),
              source.folder(),
              (c, pixel) -> NanRule.pixel(c, pixel, shape.width()));
      frames = new int[maxSamples];
      int channels = 3;
      long largest = shape.pixels();
      largest = Math.max(largest, blanks.output().pixels());
      channels =
          Math.max(channels, Math.max(source.target().channels(), blanks.output().channels()));
      long need = blanks.scratchBytes();
      for (Stage stage : stages) {
        largest = Math.max(largest, Math.max(stage.in().pixels(), stage.out().pixels()));
        need = Math.max(need, stage.rest().scratchBytes());
      }
      constants = new float[channels];
      clipBytes = (stages.isEmpty() && !lateConversion) ? 0 : 4 * largest * maxSamples;
      clip = clipBytes == 0 ? MemorySegment.NULL : arena.allocate(clipBytes, 64);
      otherClip = stages.isEmpty() ? MemorySegment.NULL : arena.allocate(clipBytes, 64);
      reserve(need);
    }

    private void reserve(long bytes) {
      if (scratch.byteSize() < bytes) {
        scratch = arena.allocate(bytes, 64);
      }
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
            dstOffset, (long) n * shape.pixels() * type.bytes(), dst.byteSize());
        write(times, n, dst, dstOffset);
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

    private void write(double[] times, int n, MemorySegment dst, long dstOffset) {
      mayBeNaN = makesNaN;
      if (stages.isEmpty()) {
        MemorySegment to = lateConversion ? clip : dst;
        long offset = lateConversion ? 0 : dstOffset;
        long plane = (long) shape.plane() * written.bytes();
        readFrames(n, to, offset, plane, n * plane);
        apply(times, n, to, offset);
        if (lateConversion) {
          long count = (long) n * shape.pixels();
          finishClip(dst, dstOffset, count);
        }
        return;
      }
      long plane = 4L * blanks.output().plane();
      readFrames(n, clip, 0, plane * blanks.output().channels(), plane);
      for (int i = 0; i < stages.size(); i++) {
        runStage(stages.get(i), i == stages.size() - 1, n, dst, dstOffset);
      }
      if (!lateConversion) {
        apply(times, n, dst, dstOffset);
        return;
      }
      apply(times, n, clip, 0);
      finishClip(dst, dstOffset, (long) n * shape.pixels());
    }

    /**
     * Runs a custom transform from the first clip into the second, and what follows back into the
     * first or to the end.
     */
    private void runStage(Stage stage, boolean last, int n, MemorySegment dst, long dstOffset) {
      long inBytes = 4L * n * stage.in().pixels();
      long outBytes = 4L * n * stage.out().pixels();
      stage
          .transform()
          .apply(
              clip.asSlice(0, inBytes).asReadOnly(), stage.in(), n, otherClip.asSlice(0, outBytes));
      FrameShape out = stage.rest().output();
      boolean end = last && !lateConversion;
      long plane = (long) out.plane() * stage.rest().type().bytes();
      // chunks are (C, T, H, W), clips between transforms (T, C, H, W)
      long frameBytes = last ? plane : plane * out.channels();
      long planeBytes = last ? plane * n : plane;
      for (int t = 0; t < n; t++) {
        stage
            .rest()
            .run(
                otherClip,
                4L * t * stage.out().pixels(),
                scratch,
                end ? dst : clip,
                (end ? dstOffset : 0) + t * frameBytes,
                planeBytes);
      }
    }

    /** Converts the first clip into what is written. */
    private void finishClip(MemorySegment dst, long dstOffset, long count) {
      for (long done = 0; done < count; done += 1 << 28) {
        int part = (int) Math.min(count - done, 1 << 28);
        clipConversion.run(clip, 4 * done, dst, dstOffset + done * type.bytes(), part);
      }
    }

    private void readFrames(
        int n, MemorySegment to, long offset, long frameBytes, long planeBytes) {
      TrialIndex trials = source.trialIndex();
      FrameShape out = blanks.output();
      int trial = -1;
      int end = 0;
      TrialFrames file = null;
      FramePlan plan = null;
      for (int t = 0; t < n; t++) {
        int frame = frames[t];
        long at = offset + t * frameBytes;
        if (t > 0 && frame == frames[t - 1]) {
          // an image is held for many samples
          long bytes =
              (long) out.plane() * (stages.isEmpty() ? written : ElementType.FLOAT32).bytes();
          for (int c = 0; c < out.channels(); c++) {
            MemorySegment.copy(
                to, at - frameBytes + c * planeBytes, to, at + c * planeBytes, bytes);
          }
          continue;
        }
        if (trial < 0 || frame >= end) {
          trial = source.trialOf(frame);
          end = trials.firstFrame(trial + 1);
          file = trials.hasFile(trial) ? file(trial) : null;
          plan = file == null ? null : plan(file.layout());
          if (plan != null) {
            reserve(plan.scratchBytes());
          }
        }
        if (file == null) {
          fill((float) trials.interleaveValue(trial), to, at, planeBytes);
        } else {
          long k = (long) frame - trials.firstFrame(trial);
          file.guard(k);
          mayBeNaN |= file.file().type() != ElementType.UINT8;
          try {
            plan.run(file.memory(), file.file().frameOffset(k), scratch, to, at, planeBytes);
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
      blanks.run(blank, 0, scratch, to, at, planeBytes);
    }

    /** Applies the NaN policy to a finished (C, T, H, W). */
    private void apply(double[] times, int n, MemorySegment data, long offset) {
      if (mayBeNaN) {
        policy.apply(data, offset, shape.channels(), n, times);
      }
    }

    @Override
    public long replacedNaNs() {
      return policy.replaced();
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
