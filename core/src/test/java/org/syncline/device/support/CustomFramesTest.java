/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.syncline.Allocations;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.config.NanPolicy;
import org.syncline.config.Target;
import org.syncline.device.Finish;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Sampler;
import org.syncline.error.ConfigException;
import org.syncline.transform.FrameShape;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;

/** Frames of a device that the library knows nothing of, finished by it: (2 channels, T, 2, 3). */
class CustomFramesTest {
  private static final Path FOLDER = Path.of("recording", "camera");
  private static final double NAN = Double.NaN;

  private static final double[][] RED = {{0, 1, 2, 3, 4, 5}, {10, 11, 12, 13, 14, 15}};
  private static final double[][] BLUE = {{100, 101, 102, 103, NAN, 105}, {1, 1, 1, 1, 1, 1}};
  private static final double[] TIMES = {0, 1.5};

  private static Interpolator device(ElementType type) {
    return new Given(Layout.FRAMES, type, 2, 3, RED, BLUE);
  }

  private static ScreenTransform crop(int width) {
    Target target = Target.of("CenterCrop", Map.of("size", List.of(2L, (long) width)));
    return Registry.EMPTY.transform(target);
  }

  private static double[] read(Interpolator device, Finish finish) {
    Sampler sampler = Finishing.sampler(device, finish, FOLDER);
    try (Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor = sampler.cursor(2)) {
      long[] shape = sampler.shape(2);
      int n = (int) (shape[0] * shape[1] * shape[2] * shape[3]);
      MemorySegment dst = arena.allocate(8L * n, 64);
      assertEquals(2, cursor.read(TIMES, 2, dst, 0));
      double[] got = new double[n];
      for (int i = 0; i < n; i++) {
        got[i] =
            switch (sampler.type()) {
              case FLOAT64 -> dst.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
              case FLOAT16 -> Float.float16ToFloat(dst.getAtIndex(ValueLayout.JAVA_SHORT, i));
              case UINT8 -> dst.get(ValueLayout.JAVA_BYTE, i) & 0xff;
              default -> dst.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            };
      }
      return got;
    }
  }

  private static Finish finish(Normalization n, NanPolicy nans, ElementType type) {
    return new Finish(List.of(), n, nans, type);
  }

  @Test
  void normalisesByChannelAndConverts() {
    Normalization byChannel = new Normalization(new double[] {1, 101}, new double[] {2, 4});
    double[] expected = {
      -0.5, 0, 0.5, 1, 1.5, 2, 4.5, 5, 5.5, 6, 6.5, 7, -0.25, 0, 0.25, 0.5, 8, 1, -25, -25, -25,
      -25, -25, -25
    };
    for (ElementType from : List.of(ElementType.FLOAT32, ElementType.FLOAT64)) {
      for (ElementType to :
          List.of(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.FLOAT16)) {
        Finish finish = finish(byChannel, NanPolicy.value(8), to);
        assertArrayEquals(expected, read(device(from), finish), from + " to " + to);
        Finish widened = new Finish(List.of(crop(3)), byChannel, NanPolicy.value(8), to);
        assertArrayEquals(expected, read(device(from), widened), from + " to " + to);
      }
    }
    Normalization wrong = new Normalization(null, new double[] {1, 2, 3});
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> read(device(ElementType.FLOAT32), finish(wrong, NanPolicy.KEEP, null)));
    assertTrue(e.getMessage().contains("expected 1 or 2, one a channel"), e.getMessage());
  }

  @Test
  void pixelsAreRoundedToBytesAsOnScreens() {
    Interpolator dim =
        new Given(
            Layout.FRAMES,
            ElementType.FLOAT64,
            1,
            3,
            new double[][] {{-3, 0.5, 1.5}, {254.6, 300, NAN}});
    assertArrayEquals(
        new double[] {0, 0, 2, 255, 255, 0},
        read(dim, finish(null, NanPolicy.KEEP, ElementType.UINT8)));
    assertArrayEquals(
        new double[] {0, 0, 2, 255, 255, 9},
        read(dim, finish(null, NanPolicy.value(9), ElementType.UINT8)));
  }

  @Test
  void appliesScreenTransforms() {
    ScreenTransform crop = crop(1);
    Normalization byChannel = new Normalization(new double[] {1, 101}, new double[] {2, 4});
    for (ElementType from : List.of(ElementType.FLOAT32, ElementType.FLOAT64)) {
      Finish cropped = new Finish(List.of(crop), null, NanPolicy.MEAN, null);
      assertArrayEquals(
          new double[] {1, 4, 11, 14, 101, 1, 1, 1}, read(device(from), cropped), from.toString());
      Finish normalised = new Finish(List.of(crop), byChannel, NanPolicy.ZERO, ElementType.FLOAT64);
      assertArrayEquals(
          new double[] {0, 1.5, 5, 6.5, 0, 0, -25, -25}, read(device(from), normalised));
    }
    Finish padded = new Finish(List.of(crop(5)), null, NanPolicy.ZERO, ElementType.UINT8);
    double[] got = read(device(ElementType.FLOAT32), padded);
    assertArrayEquals(
        new double[] {0, 0, 1, 2, 0, 0, 3, 4, 5, 0}, java.util.Arrays.copyOf(got, 10));
    assertEquals(
        List.of(2L, 7L, 2L, 1L),
        java.util.Arrays.stream(
                Finishing.sampler(
                        device(ElementType.FLOAT32),
                        new Finish(List.of(crop), null, NanPolicy.KEEP, null),
                        FOLDER)
                    .shape(7))
            .boxed()
            .toList());
  }

  /** Subtracts the clip's first frame: a transform that no plan of frames can fuse. */
  private record Difference() implements ScreenTransform {
    @Override
    public FrameShape outputShape(FrameShape input) {
      return input;
    }

    @Override
    public void apply(
        MemorySegment source, FrameShape shape, int frames, MemorySegment destination) {
      for (int i = 0; i < frames * shape.pixels(); i++) {
        float first = source.getAtIndex(ValueLayout.JAVA_FLOAT, i % shape.pixels());
        destination.setAtIndex(
            ValueLayout.JAVA_FLOAT, i, source.getAtIndex(ValueLayout.JAVA_FLOAT, i) - first);
      }
    }

    @Override
    public boolean keepsPixelRange() {
      return false;
    }
  }

  @Test
  void appliesTransformsOfWholeClips() {
    List<ScreenTransform> transforms = List.of(crop(1), new Difference(), crop(3));
    double[] expected = {
      0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 10, 0,
      0, 0, 0, 0, 5, 0, 0, -100, 0, 0, 5, 0
    };
    assertArrayEquals(
        expected,
        read(
            device(ElementType.FLOAT64),
            new Finish(transforms, null, NanPolicy.value(5), ElementType.FLOAT16)));
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                read(
                    device(ElementType.FLOAT64),
                    new Finish(transforms, null, NanPolicy.KEEP, ElementType.UINT8)));
    assertTrue(e.getMessage().contains("Difference makes values"), e.getMessage());
  }

  @Test
  void validityIsTheDevices() {
    for (List<ScreenTransform> transforms : List.of(List.<ScreenTransform>of(), List.of(crop(1)))) {
      Finish finish = new Finish(transforms, null, NanPolicy.ZERO, ElementType.FLOAT64);
      try (Arena arena = Arena.ofConfined();
          Sampler.Cursor cursor =
              Finishing.sampler(device(ElementType.FLOAT32), finish, FOLDER).cursor(3)) {
        MemorySegment dst = arena.allocate(8 * 36, 64);
        assertEquals(2, cursor.read(new double[] {0, 1, 2}, 3, dst, 0));
        assertEquals(1, cursor.read(new double[] {-1, 1}, 2, dst, 0));
        assertEquals(0, cursor.replacedNaNs());
        assertEquals(1, cursor.read(new double[] {1}, 1, dst, 0));
        assertThrows(IllegalArgumentException.class, () -> cursor.read(new double[4], 4, dst, 0));
      }
    }
  }

  @Test
  void readingAllocatesNothing() {
    Normalization n = new Normalization(new double[] {1, 101}, new double[] {2, 4});
    Finish finish = new Finish(List.of(crop(1)), n, NanPolicy.MEAN, ElementType.FLOAT16);
    double[] times = {0, 1};
    try (Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor =
            Finishing.sampler(device(ElementType.FLOAT32), finish, FOLDER).cursor(2)) {
      MemorySegment dst = arena.allocate(64, 64);
      Allocations.assertNone(
          () -> {
            for (int i = 0; i < 1000; i++) {
              cursor.read(times, 2, dst, 0);
            }
          },
          1000);
    }
  }
}
