/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.syncline.array.ElementType;

/**
 * The compiled way of frames from memory as stored to finished planes: frame by frame through
 * {@linkplain FrameStep steps}, then perhaps, for whole clips, through a {@linkplain #clip
 * transform of clips} and the {@linkplain #after plan of what follows it}.
 *
 * <p>Every step is bound to element types once. Steps merge where they can, the last statistics are
 * part of the step before them, and frames without any step are written in one pass. Immutable;
 * several threads may run one plan at a time, each with scratch memory of its own.
 */
public final class FramePlan {
  private static final ElementType FLOAT = ElementType.FLOAT32;
  // rows of two buffers exactly 4 KiB apart look like store-to-load conflicts to the processor
  private static final int STAGGER_BYTES = 192;

  private final FrameShape input;
  private final FrameShape output;
  private final ElementType type;
  private final FrameStep[] steps;
  private final ChannelStatistics statistics;
  private final FrameStep.Bound[] passes;
  private final long[] planeBytes;
  private final long bufferBytes;
  private final long stepScratch;
  private final long scratchBytes;
  private final ScreenTransform clip;
  private final FramePlan after;

  private FramePlan(Section section, ElementType type, FramePlan after) {
    input = section.input;
    output = section.output();
    this.type = type;
    clip = section.clip;
    this.after = after;
    List<FrameStep> list = new ArrayList<>(section.steps);
    if (!list.isEmpty() && list.getLast() instanceof NormalizeStep last) {
      list.removeLast();
      statistics = last.statistics();
    } else {
      statistics = null;
    }
    steps = list.toArray(FrameStep[]::new);
    Binder binder = new Binder(section);
    for (int i = 0; i < steps.length; i++) {
      if (i < steps.length - 1) {
        binder.step(steps[i], null, FLOAT);
      } else {
        binder.step(steps[i], statistics, type);
      }
    }
    binder.finish(statistics, type);
    passes = binder.passes.toArray(FrameStep.Bound[]::new);
    planeBytes = new long[passes.length - 1];
    long largest = 0;
    long scratch = passes[passes.length - 1].scratchBytes();
    for (int i = 0; i < planeBytes.length; i++) {
      FrameShape written = binder.written.get(i);
      planeBytes[i] = 4L * written.plane();
      largest = Math.max(largest, written.pixels());
      scratch = Math.max(scratch, passes[i].scratchBytes());
    }
    bufferBytes = (4 * largest + 63) / 64 * 64 + STAGGER_BYTES;
    stepScratch = Math.min(2, planeBytes.length) * bufferBytes;
    scratchBytes = stepScratch + scratch;
  }

  /** Frame steps in a row, and the transform of whole clips that ends them, if any. */
  private static final class Section {
    private final ElementType from;
    private final FrameShape input;
    private final boolean interleaved;
    private final List<FrameStep> steps = new ArrayList<>();
    private ScreenTransform clip;

    Section(ElementType from, FrameShape input, boolean interleaved) {
      this.from = from;
      this.input = input;
      this.interleaved = interleaved && input.channels() > 1;
    }

    FrameShape output() {
      return steps.isEmpty() ? input : steps.getLast().output();
    }
  }

  /** Binds steps one after the other, with passes between them where they do not fit together. */
  private static final class Binder {
    private final List<FrameStep.Bound> passes = new ArrayList<>();
    private final List<FrameShape> written = new ArrayList<>();
    private FrameShape shape;
    private ElementType at;
    private boolean interleaved;
    private boolean normalized;

    Binder(Section section) {
      shape = section.input;
      at = section.from;
      interleaved = section.interleaved;
    }

    private void add(FrameStep.Bound pass, FrameShape output, ElementType to) {
      passes.add(pass);
      written.add(output);
      shape = output;
      at = to;
    }

    void step(FrameStep step, ChannelStatistics statistics, ElementType to) {
      separateChannels(null);
      if (bind(step, statistics, to)) {
        return;
      }
      widen();
      if (!bind(step, statistics, to)) {
        throw new IllegalStateException(
            step.getClass().getName()
                + ".bind returned null from float32 to float32 without statistics");
      }
    }

    /** Binds a step that reads what there is, to do as much as it can of what is left to do. */
    private boolean bind(FrameStep step, ChannelStatistics statistics, ElementType to) {
      FrameStep.Bound bound = step.bind(at, to, statistics);
      if (bound != null) {
        add(bound, step.output(), to);
        normalized = true;
        return true;
      }
      if (to != FLOAT) {
        return bind(step, statistics, FLOAT);
      }
      if (statistics != null) {
        bound = step.bind(at, FLOAT, null);
      }
      if (bound == null) {
        return false;
      }
      add(bound, step.output(), FLOAT);
      normalized = false;
      return true;
    }

    private void widen() {
      if (at != FLOAT) {
        add(new WidenPass(at, shape.pixels()), shape, FLOAT);
      }
    }

    private void separateChannels(ChannelStatistics statistics) {
      if (!interleaved) {
        return;
      }
      interleaved = false;
      if (at != ElementType.UINT8) {
        widen();
      }
      add(new PlanarPass(at, shape.plane(), statistics), shape, FLOAT);
      normalized = statistics != null;
    }

    /** Adds what is left to do after the last step. */
    void finish(ChannelStatistics statistics, ElementType to) {
      separateChannels(to == FLOAT ? statistics : null);
      ChannelStatistics left = normalized ? null : statistics;
      if (passes.isEmpty() || at != to || left != null) {
        add(new FinishPass(at, shape, to, left), shape, to);
      }
    }
  }

  /** Starts a plan at frames in memory: whole numbers or floats, of planes or interleaved. */
  public static Builder builder(ElementType from, FrameShape input, boolean interleaved) {
    Objects.requireNonNull(from, "from is null");
    Objects.requireNonNull(input, "input is null");
    return new Builder(new Section(from, input, interleaved));
  }

  /** Compiles one transform of planar float32 frames to planar float32 frames. */
  static FramePlan of(FrameTransform transform, FrameShape input) {
    Builder builder = builder(FLOAT, input, false);
    builder.add(transform);
    FramePlan plan = builder.build(FLOAT);
    if (plan.clip != null) {
      throw new IllegalStateException(
          transform.getClass().getName()
              + " appended a transform of clips: it cannot be a FrameTransform");
    }
    return plan;
  }

  /** What transforms append their steps to; for one thread. */
  public static final class Builder {
    private final List<Section> sections = new ArrayList<>();

    private Builder(Section first) {
      sections.add(first);
    }

    /** Returns the shape of the frames that the next step reads. */
    public FrameShape shape() {
      return sections.getLast().output();
    }

    @Override
    public String toString() {
      return "Builder of FramePlan(" + sections.getFirst().input + " to " + shape() + ")";
    }

    /**
     * Appends a step, merged with the one before it where they can be.
     *
     * @throws IllegalArgumentException where it reads frames of another shape
     */
    public void add(FrameStep step) {
      check(step.input());
      List<FrameStep> steps = sections.getLast().steps;
      FrameStep both = steps.isEmpty() ? null : steps.getLast().then(step);
      if (both != null) {
        steps.removeLast();
      }
      steps.add(both == null ? step : both);
    }

    /**
     * Appends {@code (x - mean) / std} in float32.
     *
     * @param means one value, or one per channel; null where nothing is subtracted
     * @param stds one value, or one per channel
     */
    public void normalize(double @Nullable [] means, double[] stds) {
      FrameShape s = shape();
      add(new NormalizeStep(s, ChannelStatistics.of(s.channels(), means, stds)));
    }

    private FrameShape outputShape(ScreenTransform transform) {
      FrameShape output = transform.outputShape(shape());
      if (output == null) {
        throw new IllegalArgumentException(
            transform.getClass().getName()
                + ".outputShape returned null, expected the shape of what comes of frames of "
                + shape());
      }
      return output;
    }

    /** Appends what a transform does. */
    public void add(ScreenTransform transform) {
      FrameShape output = outputShape(transform);
      transform.append(this);
      if (!shape().equals(output)) {
        throw new IllegalStateException(
            transform.getClass().getName()
                + ".append led to frames of "
                + shape()
                + ", outputShape says "
                + output);
      }
    }

    /**
     * Appends a transform by its {@link ScreenTransform#apply}, which sees whole clips: what {@link
     * ScreenTransform#append} does unless it is overridden.
     */
    public void addClip(ScreenTransform transform) {
      FrameShape output = outputShape(transform);
      sections.getLast().clip = transform;
      sections.add(new Section(FLOAT, output, false));
    }

    private void check(FrameShape given) {
      if (!given.equals(shape())) {
        throw new IllegalArgumentException("a step for frames " + given + ", these are " + shape());
      }
    }

    /**
     * Compiles the plan.
     *
     * @param type what the last frames are written as: float32, float64, float16, bfloat16 or
     *     uint8; a transform of clips reads float32 in any case
     */
    public FramePlan build(ElementType type) {
      Objects.requireNonNull(type, "type is null");
      FramePlan plan = null;
      for (int i = sections.size() - 1; i >= 0; i--) {
        Section section = sections.get(i);
        plan = new FramePlan(section, section.clip == null ? type : FLOAT, plan);
      }
      return plan;
    }
  }

  /** Returns the shape of the frames that {@link #run} reads. */
  public FrameShape input() {
    return input;
  }

  /** Returns the shape of the frames that {@link #run} writes. */
  public FrameShape output() {
    return output;
  }

  @Override
  public String toString() {
    return "FramePlan("
        + input
        + " to "
        + output
        + " "
        + type.numpyName()
        + ": "
        + Arrays.toString(steps)
        + (clip == null ? "" : ", " + clip)
        + (after == null ? ")" : ", " + after + ")");
  }

  /** Returns the element type that {@link #run} writes. */
  public ElementType type() {
    return type;
  }

  /** Returns the transform that takes clips of this plan's frames; null where this is all. */
  public @Nullable ScreenTransform clip() {
    return clip;
  }

  /** Returns the plan of the frames that {@link #clip} gives; null where there is none. */
  public @Nullable FramePlan after() {
    return after;
  }

  /** Returns whether each value of the last frames is one of those of the first, or 0. */
  public boolean keepsValues() {
    if (clip != null || statistics != null) {
      return false;
    }
    for (FrameStep step : steps) {
      if (!step.keepsValues()) {
        return false;
      }
    }
    return true;
  }

  /** Returns how many bytes of scratch memory a run takes. */
  public long scratchBytes() {
    return scratchBytes;
  }

  /**
   * Computes a finished frame from one whose channels are of one value each, in place.
   *
   * @param channels one value a channel, replaced by the finished ones; room for the largest number
   *     of channels on the way, three at least
   * @return whether the finished frame's channels are of one value each, too; else the frame is to
   *     be run
   */
  public boolean constant(float[] channels) {
    for (FrameStep step : steps) {
      if (!step.constant(channels)) {
        return false;
      }
    }
    for (int c = 0; statistics != null && c < output.channels(); c++) {
      channels[c] = statistics.normalize(c, channels[c]);
    }
    return true;
  }

  /**
   * Writes a finished frame; offsets are bytes. Allocates nothing. The caller has touched the pages
   * of mapped sources.
   *
   * @param scratch room for {@link #scratchBytes}, aligned to 64 bytes
   * @param channelBytes distance of the channels in the destination
   */
  public void run(
      MemorySegment src,
      long srcOffset,
      @Nullable MemorySegment scratch,
      MemorySegment dst,
      long dstOffset,
      long channelBytes) {
    Objects.requireNonNull(src, "src is null");
    Objects.requireNonNull(dst, "dst is null");
    MemorySegment from = src;
    long offset = srcOffset;
    for (int i = 0; i < planeBytes.length; i++) {
      long to = (i & 1) * bufferBytes;
      passes[i].run(from, offset, scratch, stepScratch, scratch, to, planeBytes[i]);
      from = scratch;
      offset = to;
    }
    passes[planeBytes.length].run(from, offset, scratch, stepScratch, dst, dstOffset, channelBytes);
  }

  /** Writes the frames of a clip, (T, C, H, W) float32 in and out. */
  void runAll(MemorySegment source, int frames, MemorySegment destination) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment scratch = arena.allocate(scratchBytes, 64);
      for (int t = 0; t < frames; t++) {
        run(
            source,
            4L * t * input.pixels(),
            scratch,
            destination,
            4L * t * output.pixels(),
            4L * output.plane());
      }
    }
    // kernels know them by address alone: automatic memory must not be freed under them
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(destination);
  }
}
