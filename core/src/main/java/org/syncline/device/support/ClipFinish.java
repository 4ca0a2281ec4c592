/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.syncline.array.ElementType;
import org.syncline.config.NanPolicy;
import org.syncline.device.Finish;
import org.syncline.error.ConfigException;
import org.syncline.kernel.PixelPass;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;

/**
 * What becomes of frames on their way into a chunk (C, T, H, W): screen transforms, normalisation,
 * NaN policy and element type. Immutable, shared by threads.
 *
 * <p>Frame by frame it is a {@linkplain #plan plan} that the sampler runs on each. What needs whole
 * clips comes after that, in {@link Cursor#finish}: transforms that see clips, the NaN policy, and
 * the conversion of what must hold NaN until then.
 */
public final class ClipFinish {
  /** A transform of clips and the frame steps after it. */
  private record Stage(ScreenTransform transform, FrameShape in, FrameShape out, FramePlan rest) {}

  private final Path folder;
  private final Finish finish;
  private final ElementType type;

  /**
   * What plans write last: float32 where a policy must still see NaN that {@link #type} cannot
   * hold.
   */
  private final ElementType written;

  private final FramePlan first;
  private final List<Stage> stages;
  private final FrameShape shape;
  private final NanRule nans;

  /** Whether what is done to frames can make NaN of numbers. */
  private final boolean makesNaN;

  /** Turns clips into what is written, null where clips are written as they are. */
  private final PixelPass conversion;

  /**
   * Compiles what is done to frames.
   *
   * @param folder the device's folder, for messages
   * @param frames frames as they are interpolated; more is appended
   * @throws ConfigException where transforms or statistics do not fit the frames, or the type
   *     cannot be written
   */
  public ClipFinish(Path folder, Finish finish, FramePlan.Builder frames) {
    this.folder = folder;
    this.finish = finish;
    type = finish.type() == null ? ElementType.FLOAT32 : finish.type();
    switch (type) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16, UINT8 -> {}
      default ->
          throw new ConfigException(
              folder.toString(),
              0,
              "dtype",
              "is "
                  + type.numpyName()
                  + ", expected float32, float64, float16, bfloat16 or uint8 for frames");
    }
    boolean late = type == ElementType.UINT8 && finish.nans().kind() != NanPolicy.Kind.KEEP;
    written = late ? ElementType.FLOAT32 : type;
    conversion = late ? PixelPass.of(ElementType.FLOAT32, type) : null;
    first = plan(frames);
    stages = new ArrayList<>();
    FramePlan last = first;
    for (FramePlan plan = first; plan.clip() != null; plan = plan.after()) {
      last = plan.after();
      stages.add(new Stage(plan.clip(), plan.output(), last.input(), last));
    }
    shape = last.output();
    nans = new NanRule(finish.nans(), true, written, shape.plane());
    makesNaN =
        !stages.isEmpty()
            || !finish.transforms().stream().allMatch(ScreenTransform::keepsPixelRange)
            || NanRule.possible(false, finish.normalization());
  }

  /**
   * Compiles the plan of frames that are stored in another way than those that this was made with;
   * it writes the same.
   */
  public FramePlan plan(FramePlan.Builder b) {
    for (ScreenTransform t : finish.transforms()) {
      if (type == ElementType.UINT8 && !t.keepsPixelRange()) {
        throw new ConfigException(
            folder.toString(),
            0,
            "transforms",
            t.getClass().getSimpleName()
                + " makes values that uint8 cannot hold: leave it to the device, or choose a floating dtype");
      }
      try {
        b.add(t);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(folder.toString(), 0, "transforms", e.getMessage());
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
          folder.toString(),
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

  /** Returns the plan of the frames that this was made with. */
  public FramePlan first() {
    return first;
  }

  /** Returns whether frames of bytes are written as the bytes that they are, cropped at most. */
  public boolean keepsBytes() {
    return type == ElementType.UINT8 && first.keepsValues();
  }

  /** Returns the shape of finished frames. */
  public FrameShape shape() {
    return shape;
  }

  /** Returns the type of finished frames. */
  public ElementType type() {
    return type;
  }

  /** Returns the shape of a chunk of so many frames: (C, T, H, W). */
  public long[] shape(int samples) {
    return new long[] {shape.channels(), samples, shape.height(), shape.width()};
  }

  /**
   * Returns what one thread finishes clips with.
   *
   * @param maxSamples frames of a clip at most
   * @param arena the cursor's memory
   */
  public Cursor cursor(int maxSamples, Arena arena) {
    return new Cursor(maxSamples, arena);
  }

  /** Scratch memory of one thread. */
  public final class Cursor {
    private final Arena arena;
    private final NanRule.Cursor policy;
    // clips of all samples: two in turn around transforms of clips, the first also before a late
    // conversion
    private final MemorySegment clip;
    private final MemorySegment otherClip;
    private MemorySegment scratch = MemorySegment.NULL;

    // where the frames of the clip under way go
    private MemorySegment destination;
    private long offset;
    private long frameBytes;
    private long planeBytes;

    private Cursor(int maxSamples, Arena arena) {
      this.arena = arena;
      policy =
          nans.cursor(arena, folder, folder, (c, pixel) -> NanRule.pixel(c, pixel, shape.width()));
      long largest = Math.max(shape.pixels(), first.output().pixels());
      long need = first.scratchBytes();
      for (Stage stage : stages) {
        largest = Math.max(largest, Math.max(stage.in().pixels(), stage.out().pixels()));
        need = Math.max(need, stage.rest().scratchBytes());
      }
      long clipBytes = 4 * largest * maxSamples;
      boolean direct = stages.isEmpty() && conversion == null || clipBytes == 0;
      clip = direct ? MemorySegment.NULL : arena.allocate(clipBytes, 64);
      otherClip = stages.isEmpty() || direct ? MemorySegment.NULL : arena.allocate(clipBytes, 64);
      reserve(need);
    }

    /** Makes sure that {@link #scratch} has so many bytes. */
    public void reserve(long bytes) {
      if (scratch.byteSize() < bytes) {
        scratch = arena.allocate(bytes, 64);
      }
    }

    /** Returns scratch memory for plans; it is used between calls of this cursor, not across. */
    public MemorySegment scratch() {
      return scratch;
    }

    /** Begins a clip of so many frames, which will be written to the memory given. */
    public void begin(int frames, MemorySegment dst, long dstOffset) {
      boolean direct = stages.isEmpty() && conversion == null;
      destination = direct ? dst : clip;
      offset = direct ? dstOffset : 0;
      FrameShape out = first.output();
      long plane = (long) out.plane() * first.type().bytes();
      // chunks are (C, T, H, W), clips between transforms (T, C, H, W)
      boolean last = stages.isEmpty();
      frameBytes = last ? plane : plane * out.channels();
      planeBytes = last ? plane * frames : plane;
    }

    /** Returns where plans write the frames of the clip that was begun. */
    public MemorySegment destination() {
      return destination;
    }

    /** Returns the place of one of those frames. */
    public long place(int frame) {
      return offset + frame * frameBytes;
    }

    /** Returns the distance of a frame's channels there. */
    public long planeBytes() {
      return planeBytes;
    }

    /** Writes a frame of the clip as the one before it. */
    public void repeat(int frame) {
      FrameShape out = first.output();
      long bytes = (long) out.plane() * first.type().bytes();
      long from = place(frame - 1);
      long to = place(frame);
      for (int c = 0; c < out.channels(); c++) {
        MemorySegment.copy(
            destination, from + c * planeBytes, destination, to + c * planeBytes, bytes);
      }
    }

    /**
     * Finishes the clip once plans have written its frames.
     *
     * @param mayHoldNaN whether frames had NaN before they went through a plan
     */
    public void finish(
        double[] times, int frames, boolean mayHoldNaN, MemorySegment dst, long dstOffset) {
      for (int i = 0; i < stages.size(); i++) {
        runStage(stages.get(i), i == stages.size() - 1, frames, dst, dstOffset);
      }
      if (mayHoldNaN || makesNaN) {
        boolean late = conversion != null;
        policy.apply(late ? clip : dst, late ? 0 : dstOffset, shape.channels(), frames, times);
      }
      if (conversion != null) {
        convert(dst, dstOffset, (long) frames * shape.pixels());
      }
    }

    /**
     * Runs a transform from the first clip into the second, and what follows back into the first or
     * to the end.
     */
    private void runStage(Stage stage, boolean last, int n, MemorySegment dst, long dstOffset) {
      long inBytes = 4L * n * stage.in().pixels();
      long outBytes = 4L * n * stage.out().pixels();
      stage
          .transform()
          .apply(
              clip.asSlice(0, inBytes).asReadOnly(), stage.in(), n, otherClip.asSlice(0, outBytes));
      FrameShape out = stage.rest().output();
      boolean end = last && conversion == null;
      long plane = (long) out.plane() * stage.rest().type().bytes();
      long outFrame = last ? plane : plane * out.channels();
      long outPlane = last ? plane * n : plane;
      for (int t = 0; t < n; t++) {
        stage
            .rest()
            .run(
                otherClip,
                4L * t * stage.out().pixels(),
                scratch,
                end ? dst : clip,
                (end ? dstOffset : 0) + t * outFrame,
                outPlane);
      }
    }

    /** Converts the first clip into what is written. */
    private void convert(MemorySegment dst, long dstOffset, long count) {
      for (long done = 0; done < count; done += 1 << 28) {
        int part = (int) Math.min(count - done, 1 << 28);
        conversion.run(clip, 4 * done, dst, dstOffset + done * type.bytes(), part);
      }
    }

    /** Returns how many NaN the policy has replaced. */
    public long replaced() {
      return policy.replaced();
    }
  }
}
