/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.syncline.Allocations;
import org.syncline.FreshJvm;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.config.Target;

/** Plans against the same transforms one after the other, each by itself. */
class FramePlanTest {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final FrameShape INPUT = new FrameShape(3, 12, 17);

  /** A user's: the largest of each 2 × 2 pixels, with a border of -1 at the bottom. */
  private static void pool(
      MemorySegment src, long from, FrameShape in, MemorySegment dst, long to, long planeBytes) {
    FrameShape out = pooled(in);
    for (int c = 0; c < in.channels(); c++) {
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          float most = y == out.height() - 1 ? -1 : Float.NEGATIVE_INFINITY;
          for (int k = 0; k < 4 && y < out.height() - 1; k++) {
            long pixel = (c * in.height() + 2L * y + k / 2) * in.width() + 2L * x + k % 2;
            most = Math.max(most, src.get(FLOAT, from + 4 * pixel));
          }
          dst.set(FLOAT, to + c * planeBytes + 4 * ((long) y * out.width() + x), most);
        }
      }
    }
  }

  private static FrameShape pooled(FrameShape in) {
    return new FrameShape(in.channels(), in.height() / 2 + 1, in.width() / 2);
  }

  /** It as a transform of clips. */
  private static final class ClipPool implements ScreenTransform {
    @Override
    public FrameShape outputShape(FrameShape input) {
      return pooled(input);
    }

    @Override
    public void apply(
        MemorySegment source, FrameShape shape, int frames, MemorySegment destination) {
      FrameShape out = pooled(shape);
      for (int t = 0; t < frames; t++) {
        long to = 4L * t * out.pixels();
        pool(source, 4L * t * shape.pixels(), shape, destination, to, 4L * out.plane());
      }
    }
  }

  /** It as a step of a plan. */
  private static final class FramePool implements FrameTransform {
    @Override
    public FrameShape outputShape(FrameShape input) {
      return pooled(input);
    }

    @Override
    public void append(FramePlan.Builder plan) {
      FrameShape in = plan.shape();
      plan.add(
          new FrameStep(in, pooled(in)) {
            @Override
            protected Bound bind(ElementType from, ElementType to, ChannelStatistics statistics) {
              return from == ElementType.FLOAT32 && to == from && statistics == null
                  ? (src, at, scratch, free, dst, place, planeBytes) ->
                      pool(src, at, in, dst, place, planeBytes)
                  : null;
            }
          });
    }
  }

  private static ScreenTransform named(String name, Map<String, Object> arguments) {
    return Registry.EMPTY.transform(Target.of(name, arguments).at(name, "test"));
  }

  private static final ScreenTransform NORMALIZE =
      named("Normalize", Map.of("mean", List.of(100L, 110L, 90.5), "std", List.of(60L, 3L, 7L)));

  /** Lists of transforms, each with {@code own} somewhere. */
  private static List<List<ScreenTransform>> lists(ScreenTransform own) {
    ScreenTransform crop = named("CenterCrop", Map.of("size", List.of(9L, 20L)));
    ScreenTransform smaller = named("CenterCrop", Map.of("size", 4L));
    ScreenTransform resize = named("Resize", Map.of("size", List.of(8L, 30L)));
    ScreenTransform gray = named("Grayscale", Map.of("num_output_channels", 3L));
    ScreenTransform tensor = named("ToTensor", Map.of());
    return List.of(
        List.of(own),
        List.of(own, NORMALIZE),
        List.of(tensor, NORMALIZE, own, tensor),
        List.of(NORMALIZE, NORMALIZE, own),
        List.of(crop, own, resize, NORMALIZE),
        List.of(resize, smaller, own, gray, NORMALIZE),
        List.of(resize, smaller, NORMALIZE, own, own, named("Grayscale", Map.of())),
        List.of(smaller, NORMALIZE, NORMALIZE),
        List.of(named("Grayscale", Map.of()), gray, own, crop, NORMALIZE));
  }

  /** Writes interleaved pixels of some type, and returns them as planes of float32. */
  private static MemorySegment fill(MemorySegment pixels, ElementType type, Arena arena) {
    MemorySegment planes = arena.allocate(4L * INPUT.pixels(), 64);
    Random random = new Random(7);
    for (int i = 0; i < INPUT.pixels(); i++) {
      int value = random.nextInt(256);
      switch (type) {
        case UINT8 -> pixels.set(ValueLayout.JAVA_BYTE, i, (byte) value);
        case FLOAT32 -> pixels.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        default -> pixels.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
      }
      planes.setAtIndex(ValueLayout.JAVA_FLOAT, (long) i % 3 * INPUT.plane() + i / 3, value);
    }
    return planes;
  }

  /** Applies transforms one after the other, each by itself. */
  private static float[] alone(
      List<ScreenTransform> transforms, MemorySegment planes, Arena arena) {
    MemorySegment data = planes;
    FrameShape shape = INPUT;
    for (ScreenTransform t : transforms) {
      FrameShape out = t.outputShape(shape);
      MemorySegment next = arena.allocate(4L * out.pixels(), 64).fill((byte) 0x5a);
      t.apply(data, shape, 1, next);
      data = next;
      shape = out;
    }
    return data.toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Runs a plan and the plans after it on a clip of one frame. */
  private static MemorySegment run(FramePlan first, MemorySegment pixels, Arena arena) {
    MemorySegment data = pixels;
    for (FramePlan plan = first; ; plan = plan.after()) {
      FrameShape out = plan.output();
      MemorySegment next =
          arena.allocate((long) plan.type().bytes() * out.pixels(), 64).fill((byte) 0x5a);
      MemorySegment scratch = arena.allocate(plan.scratchBytes(), 64).fill((byte) 0x5a);
      plan.run(data, 0, scratch, next, 0, (long) plan.type().bytes() * out.plane());
      if (plan.clip() == null) {
        return next;
      }
      data = arena.allocate(4L * plan.after().input().pixels(), 64);
      plan.clip().apply(next, out, 1, data);
    }
  }

  private static FramePlan plan(
      ElementType from, List<ScreenTransform> transforms, ElementType to) {
    FramePlan.Builder builder = FramePlan.builder(from, INPUT, true);
    transforms.forEach(builder::add);
    return builder.build(to);
  }

  private static int[] bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i])).toArray();
  }

  @Test
  void fusedTransformsHaveTheBitsOfLoneOnes() {
    List<List<ScreenTransform>> all = new ArrayList<>(lists(new FramePool()));
    all.addAll(lists(new ClipPool()));
    for (ElementType from : List.of(ElementType.UINT8, ElementType.FLOAT32, ElementType.FLOAT64)) {
      for (int i = 0; i < all.size(); i++) {
        List<ScreenTransform> transforms = all.get(i);
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment pixels = arena.allocate((long) from.bytes() * INPUT.pixels(), 64);
          float[] expected = alone(transforms, fill(pixels, from, arena), arena);
          float[] got =
              run(plan(from, transforms, ElementType.FLOAT32), pixels, arena)
                  .toArray(ValueLayout.JAVA_FLOAT);
          assertArrayEquals(bits(expected), bits(got), "list " + i + " from " + from);
          double[] wide =
              run(plan(from, transforms, ElementType.FLOAT64), pixels, arena)
                  .toArray(ValueLayout.JAVA_DOUBLE);
          for (int k = 0; k < wide.length; k++) {
            assertEquals(expected[k], wide[k], "list " + i + " from " + from + ", value " + k);
          }
          byte[] small =
              run(plan(from, transforms, ElementType.UINT8), pixels, arena)
                  .toArray(ValueLayout.JAVA_BYTE);
          for (int k = 0; k < small.length; k++) {
            int rounded = (int) Math.clamp(Math.rint(expected[k]), 0, 255);
            assertEquals(rounded, small[k] & 0xff, "list " + i + " from " + from + ", value " + k);
          }
        }
      }
    }
  }

  @Test
  void framesOfOneValueHaveTheBitsOfARun() {
    for (List<ScreenTransform> transforms : lists(named("ToTensor", Map.of()))) {
      FramePlan plan = plan(ElementType.FLOAT32, transforms, ElementType.FLOAT32);
      float[] channels = {7, 7, 7};
      boolean pads = transforms.toString().contains("width=20");
      assertEquals(!pads, plan.constant(channels), transforms.toString());
      if (pads) {
        continue;
      }
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment pixels = arena.allocate(4L * INPUT.pixels(), 64);
        for (int i = 0; i < INPUT.pixels(); i++) {
          pixels.setAtIndex(ValueLayout.JAVA_FLOAT, i, 7);
        }
        float[] got = run(plan, pixels, arena).toArray(ValueLayout.JAVA_FLOAT);
        for (int i = 0; i < got.length; i++) {
          assertEquals(channels[i / plan.output().plane()], got[i], transforms.toString());
        }
      }
    }
    assertEquals(
        false,
        plan(ElementType.UINT8, List.of(new FramePool()), ElementType.FLOAT32)
            .constant(new float[3]));
  }

  /**
   * In a process of its own, which runs frames of one plan as programs do: after the other tests of
   * this suite HotSpot's type profile of the Vector API has seen every kernel there is, and which
   * of them is compiled first decides whether some box their vectors for ever.
   */
  @Test
  void runsAllocateNothing() throws Exception {
    FreshJvm.run(Allocating.class);
  }

  /** Fails where a plan that is warm allocates. */
  static final class Allocating {
    private Allocating() {}

    public static void main(String[] args) {
      List<ScreenTransform> transforms = lists(new FramePool()).get(5);
      FramePlan plan = plan(ElementType.UINT8, transforms, ElementType.FLOAT32);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment pixels = arena.allocate(INPUT.pixels(), 64);
        MemorySegment scratch = arena.allocate(plan.scratchBytes(), 64);
        MemorySegment dst = arena.allocate(4L * plan.output().pixels(), 64);
        long plane = 4L * plan.output().plane();
        Allocations.assertNone(
            () -> {
              for (int i = 0; i < 1000; i++) {
                plan.run(pixels, 0, scratch, dst, 0, plane);
              }
            },
            1000);
      }
    }
  }

  @Test
  void lastStatisticsAndCropsNeedNoPassOfTheirOwn() {
    ScreenTransform resize = named("Resize", Map.of("size", List.of(8L, 30L)));
    ScreenTransform crop = named("CenterCrop", Map.of("size", 5L));
    FramePlan.Builder builder =
        FramePlan.builder(ElementType.UINT8, new FrameShape(1, 12, 17), true);
    builder.add(resize);
    builder.add(crop);
    builder.normalize(new double[] {80}, new double[] {60});
    FramePlan plan = builder.build(ElementType.FLOAT16);
    // the step's own scratch memory alone, no buffer between passes
    assertTrue(plan.scratchBytes() < 4L * 12 * 17 + 4L * 8 * 30, plan.scratchBytes() + " bytes");
    assertEquals(new FrameShape(1, 5, 5), plan.output());
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    FrameShape other = new FrameShape(1, 2, 2);
    FramePlan.Builder builder = FramePlan.builder(ElementType.FLOAT32, INPUT, false);
    assertThrows(
        IllegalArgumentException.class,
        () -> builder.add(new NormalizeStep(other, ChannelStatistics.of(1, null, new double[1]))));
    assertThrows(IllegalStateException.class, () -> builder.add(new Misled()));
    FrameStep refusing =
        new FrameStep(INPUT, INPUT) {
          @Override
          protected Bound bind(ElementType from, ElementType to, ChannelStatistics statistics) {
            return null;
          }
        };
    FramePlan.Builder refused = FramePlan.builder(ElementType.FLOAT32, INPUT, false);
    refused.add(refusing);
    assertThrows(IllegalStateException.class, () -> refused.build(ElementType.FLOAT32));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment frame = arena.allocate(4L * INPUT.pixels());
      MemorySegment to = arena.allocate(4L * INPUT.pixels());
      assertThrows(IllegalStateException.class, () -> new ClipInside().apply(frame, INPUT, 1, to));
    }
  }

  /** Says another shape than its steps lead to. */
  private static final class Misled implements FrameTransform {
    @Override
    public FrameShape outputShape(FrameShape input) {
      return new FrameShape(1, 1, 1);
    }

    @Override
    public void append(FramePlan.Builder plan) {
      plan.add(named("CenterCrop", Map.of("size", 2L)));
    }
  }

  /** Promises to treat frames by themselves, and does not. */
  private static final class ClipInside implements FrameTransform {
    @Override
    public FrameShape outputShape(FrameShape input) {
      return input;
    }

    @Override
    public void append(FramePlan.Builder plan) {
      plan.addClip(this);
    }
  }
}
