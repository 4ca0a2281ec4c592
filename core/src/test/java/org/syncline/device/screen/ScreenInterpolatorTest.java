/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.FreshJvm;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.NanPolicy;
import org.syncline.config.Target;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Sampler;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.testdata.NpyFile;
import org.syncline.transform.ChannelStatistics;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;
import org.syncline.transform.FrameStep;
import org.syncline.transform.FrameTransform;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;

/**
 * A screen of 10 Hz: video 00000 of frames 0 to 3, image 00001, blank 00002 of value 7, blank 00003
 * without value, video 00004 of two frames. Pixel (y, x) of stored frame f of trial k is {@code 50
 * k + 10 f + 3 y + x}, sizes are 4 x 6.
 */
class ScreenInterpolatorTest {
  private static final int H = 4;
  private static final int W = 6;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.createDirectories(folder.resolve("meta"));
    Files.writeString(folder.resolve("meta.yml"), "modality: screen\nframe_rate: 10\n");
    metadata(0, 4);
    clock(9);
    pixels("00000", 0, 4, 4);
    pixels("00001", 1, 0, 1);
    pixels("00004", 4, 2, 2);
  }

  private void metadata(int first, int videoFrames) throws IOException {
    String size = "\"image_size\": [4, 6]";
    Files.writeString(
        folder.resolve("combined_meta.json"),
        "{\"00000\": {\"modality\": \"Video\", \"first_frame_idx\": "
            + first
            + ", \"num_frames\": "
            + videoFrames
            + ", "
            + size
            + ", \"stimulus_name\": \"a\"}, \"00001\": {\"modality\": \"image\", \"first_frame_idx\": "
            + (first + videoFrames)
            + ", "
            + size
            + ", \"stimulus_name\": \"b\"},"
            + "\"00002\": {\"modality\": \"BLANK\", \"first_frame_idx\": "
            + (first + videoFrames + 1)
            + ", \"interleave_value\": 7, "
            + size
            + "}, \"00003\": {\"modality\": \"invalid\", \"first_frame_idx\": "
            + (first + videoFrames + 2)
            + ", "
            + size
            + "}, \"00004\": {\"modality\": \"video\", \"first_frame_idx\": "
            + (first + videoFrames + 3)
            + ", \"num_frames\": 2, "
            + size
            + ", \"stimulus_name\": \"a\"}}");
  }

  private void clock(int n) {
    double[] times = new double[n];
    for (int i = 0; i < n; i++) {
      times[i] = 100 + i / 10.0;
    }
    NpyFile.write(folder.resolve("timestamps.npy"), times, n);
  }

  private void pixels(String name, int trial, int videoFrames, int frames) {
    byte[] data = new byte[frames * H * W];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) pixel(trial, i / (H * W), i / W % H, i % W);
    }
    long[] shape = videoFrames == 0 ? new long[] {H, W} : new long[] {frames, H, W};
    NpyFile.write(folder.resolve("data").resolve(name + ".npy"), "|u1", false, shape, data);
  }

  private static int pixel(int trial, int frame, int y, int x) {
    return 50 * trial + 10 * frame + 3 * y + x & 0xff;
  }

  private static InterpolationConfig options(
      boolean rescale, int[] size, Boolean names, boolean normalize) {
    return InterpolationConfig.builder()
        .normalize(normalize)
        .rescale(rescale)
        .rescaleSize(size)
        .useStimuliNames(names)
        .build();
  }

  private ScreenInterpolator open() {
    return ScreenInterpolator.open(folder, null, false);
  }

  private static float at(Interpolation got, long index) {
    return got.values().data().getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  @Test
  void holdsTheLastFrameShown() {
    for (boolean cache : new boolean[] {false, true}) {
      try (ScreenInterpolator screen = ScreenInterpolator.open(folder, null, cache)) {
        double[] times = {
          99.9,
          100,
          100.0998,
          100.09995,
          100.25,
          100.4,
          100.45,
          100.5,
          100.6,
          Double.NaN,
          100.7,
          100.8,
          100.81
        };
        Interpolation got = screen.interpolate(times);
        assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 10, 11}, got.valid());
        assertArrayEquals(new long[] {10, H, W}, got.values().shape());
        int[][] shown = {
          {0, 0}, {0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, {4, 1}
        };
        for (int i = 0; i < shown.length; i++) {
          for (int p = 0; p < H * W; p++) {
            float want =
                switch (shown[i][0]) {
                  case 2 -> 7;
                  case 3 -> Float.NaN;
                  default -> pixel(shown[i][0], shown[i][1], p / W, p % W);
                };
            assertEquals(want, at(got, (long) i * H * W + p), "sample " + i + " pixel " + p);
          }
        }
        assertEquals(100, screen.startTime());
        assertEquals(100.8, screen.endTime());
        assertArrayEquals(new int[] {H, W}, screen.frameShape());
      }
    }
  }

  @Test
  void clocksCoarserThanTheToleranceStartWithTheFirstFrame() {
    // milliseconds since 1970 taken for seconds: 0.1 ms vanishes in them
    double[] times = new double[9];
    for (int i = 0; i < times.length; i++) {
      times[i] = 1.7e12 + i;
    }
    NpyFile.write(folder.resolve("timestamps.npy"), times, 9);
    try (ScreenInterpolator screen = open()) {
      Interpolation found = screen.interpolate(new double[] {1.7e12, 1.7e12 + 1.5});
      assertArrayEquals(new int[] {0, 1}, found.valid());
      assertEquals(pixel(0, 0, 0, 0), found.values().data().getAtIndex(ValueLayout.JAVA_FLOAT, 0));
      assertEquals(
          pixel(0, 1, 0, 0), found.values().data().getAtIndex(ValueLayout.JAVA_FLOAT, H * W));
    }
  }

  @Test
  void sizesBeyondMemoryAreRefusedWhereTheyAreSaid() throws IOException {
    ConfigException asked =
        assertThrows(
            ConfigException.class,
            () ->
                ScreenInterpolator.open(
                    folder, options(true, new int[] {1 << 20, 1 << 20}, null, false), false));
    assertTrue(asked.getMessage().contains("rescale_size"), asked.getMessage());
    Path combined = folder.resolve("combined_meta.json");
    Files.writeString(combined, Files.readString(combined).replace("[4, 6]", "[1048576, 1048576]"));
    RecordingException stored = assertThrows(RecordingException.class, this::open);
    assertTrue(stored.getMessage().contains("image_size"), stored.getMessage());
  }

  @Test
  void refusesTimesThatDoNotIncrease() {
    try (ScreenInterpolator screen = open()) {
      assertThrows(
          IllegalArgumentException.class, () -> screen.interpolate(new double[] {100.2, 100.2}));
      assertThrows(
          IllegalArgumentException.class, () -> screen.interpolate(new double[] {100.2, 100.1}));
      assertEquals(1, screen.interpolate(new double[] {100.2, 99}).valid().length);
      assertArrayEquals(
          new long[] {0, H, W}, screen.interpolate(new double[] {1, 2}).values().shape());
    }
  }

  @Test
  void namesWhatIsWrong() throws IOException {
    clock(20);
    try (ScreenInterpolator screen = open()) {
      assertEquals(1, screen.interpolate(new double[] {100.8}).valid().length);
      RecordingException e =
          assertThrows(RecordingException.class, () -> screen.interpolate(new double[] {101}));
      assertTrue(e.getMessage().contains("20") && e.getMessage().contains("9"), e.getMessage());
    }
    clock(5);
    try (ScreenInterpolator screen = open()) {
      assertEquals(100.4, screen.endTime());
    }
    NpyFile.write(folder.resolve("timestamps.npy"), new double[] {1, 2, Double.NaN}, 3);
    assertThrows(RecordingException.class, this::open);
    NpyFile.write(folder.resolve("timestamps.npy"), new double[] {1, 3, 2}, 3);
    assertThrows(RecordingException.class, this::open);
    clock(9);
    pixels("00000", 0, 4, 3);
    try (ScreenInterpolator screen = open()) {
      RecordingException e =
          assertThrows(RecordingException.class, () -> screen.interpolate(new double[] {100}));
      assertTrue(
          e.getMessage().contains("00000") && e.getMessage().contains("3 frames"), e.getMessage());
    }
    metadata(1, 4);
    assertThrows(RecordingException.class, this::open);
  }

  @Test
  void sizesThatDifferNeedRescaling() {
    assertThrows(
        ConfigException.class,
        () ->
            ScreenInterpolator.open(folder, options(false, new int[] {8, 8}, null, false), false));
    NpyFile.write(folder.resolve("data/00001.npy"), new double[48], 6, 8);
    try (ScreenInterpolator screen = open()) {
      RecordingException e =
          assertThrows(RecordingException.class, () -> screen.interpolate(new double[] {100.4}));
      assertTrue(e.getMessage().contains("rescale"), e.getMessage());
    }
    try (ScreenInterpolator screen =
        ScreenInterpolator.open(folder, options(true, null, null, false), false)) {
      Interpolation got = screen.interpolate(new double[] {100.3, 100.4});
      assertArrayEquals(new long[] {2, H, W}, got.values().shape());
      assertEquals(pixel(0, 3, 0, 0), at(got, 0));
      assertEquals(0, at(got, H * W));
    }
    try (ScreenInterpolator screen =
        ScreenInterpolator.open(folder, options(true, new int[] {2, 3}, null, false), false)) {
      Interpolation got = screen.interpolate(new double[] {100, 100.5, 100.6});
      assertEquals((0 + 1 + 3 + 4) / 4f, at(got, 0));
      assertEquals(7, at(got, 6));
      assertTrue(Float.isNaN(at(got, 12)));
    }
  }

  @Test
  void sharesFilesOfOneStimulus() throws IOException {
    Files.move(folder.resolve("data/00000.npy"), folder.resolve("data/a.npy"));
    Files.move(folder.resolve("data/00001.npy"), folder.resolve("data/b.npy"));
    try (ScreenInterpolator screen =
        ScreenInterpolator.open(folder, options(false, null, true, false), false)) {
      Interpolation got = screen.interpolate(new double[] {100, 100.4, 100.8});
      assertEquals(pixel(0, 1, 0, 0), at(got, 2 * H * W));
      assertEquals(2, screen.maps());
    }
  }

  @Test
  void normalisesEachPixel() {
    double[] means = new double[H * W];
    double[] stds = new double[H * W];
    for (int i = 0; i < means.length; i++) {
      means[i] = i;
      stds[i] = 1 + i % 3;
    }
    NpyFile.write(folder.resolve("meta/means.npy"), means, H, W);
    NpyFile.write(folder.resolve("meta/stds.npy"), stds, H, W);
    try (ScreenInterpolator screen =
        ScreenInterpolator.open(folder, options(false, null, null, true), false)) {
      Interpolation got = screen.interpolate(new double[] {100.1, 100.5});
      for (int p = 0; p < H * W; p++) {
        assertEquals((pixel(0, 1, p / W, p % W) - (float) p) / (1 + p % 3), at(got, p));
        assertEquals((7 - (float) p) / (1 + p % 3), at(got, H * W + p));
      }
    }
    stds[5] = 0;
    NpyFile.write(folder.resolve("meta/stds.npy"), stds, H, W);
    assertThrows(
        RecordingException.class,
        () -> ScreenInterpolator.open(folder, options(false, null, null, true), false));
  }

  private static float[] sample(Interpolator screen, Finish finish, double... times) {
    Sampler sampler = screen.fused(finish).orElseThrow();
    long bytes = sampler.type().bytes();
    for (long n : sampler.shape(times.length)) {
      bytes *= n;
    }
    try (Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor = sampler.cursor(times.length)) {
      MemorySegment dst = arena.allocate(bytes + 8, 64).fill((byte) 0x5a);
      assertEquals(times.length, cursor.read(times, times.length, dst, 4));
      assertEquals(0x5a5a5a5a, dst.get(ValueLayout.JAVA_INT, 0));
      assertEquals(0x5a, dst.get(ValueLayout.JAVA_BYTE, 4 + bytes));
      if (sampler.type() == ElementType.UINT8) {
        float[] values = new float[(int) bytes];
        for (int i = 0; i < bytes; i++) {
          values[i] = dst.get(ValueLayout.JAVA_BYTE, 4 + i) & 0xff;
        }
        return values;
      }
      return dst.asSlice(4, bytes).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
  }

  /** Keeps every other column: a transform of clips that changes the shape. */
  private record EveryOther() implements ScreenTransform {
    @Override
    public FrameShape outputShape(FrameShape input) {
      return new FrameShape(input.channels(), input.height(), input.width() / 2);
    }

    @Override
    public void apply(
        MemorySegment source, FrameShape shape, int frames, MemorySegment destination) {
      for (int i = 0; i < frames * outputShape(shape).pixels(); i++) {
        destination.setAtIndex(
            ValueLayout.JAVA_FLOAT, i, source.getAtIndex(ValueLayout.JAVA_FLOAT, 2L * i));
      }
    }
  }

  /** The same, frame by frame. */
  private record EveryOtherFused() implements FrameTransform {
    @Override
    public FrameShape outputShape(FrameShape input) {
      return new EveryOther().outputShape(input);
    }

    @Override
    public void append(FramePlan.Builder plan) {
      FrameShape in = plan.shape();
      FrameShape out = outputShape(in);
      plan.add(
          new FrameStep(in, out) {
            @Override
            protected Bound bind(ElementType from, ElementType to, ChannelStatistics statistics) {
              return from == ElementType.FLOAT32 && to == from && statistics == null
                  ? (src, at, scratch, free, dst, place, planeBytes) -> {
                    for (int i = 0; i < out.pixels(); i++) {
                      long pixel = place + i / out.plane() * planeBytes + 4L * (i % out.plane());
                      dst.set(
                          ValueLayout.JAVA_FLOAT_UNALIGNED,
                          pixel,
                          src.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 8L * i));
                    }
                  }
                  : null;
            }
          });
    }
  }

  @Test
  void usersTransformsOfAnotherShapeHaveEqualBitsFusedAndAlone() {
    ScreenTransform resize = transform("Resize", Map.of("size", List.of(3L, 10L)));
    ScreenTransform crop = transform("CenterCrop", Map.of("size", List.of(3L, 4L)));
    Normalization n = new Normalization(new double[] {80}, new double[] {60});
    double[] times = {100, 100.1, 100.5};
    try (ScreenInterpolator screen = open();
        Arena arena = Arena.ofConfined()) {
      Interpolation raw = screen.interpolate(times);
      for (ScreenTransform own : List.of(new EveryOther(), new EveryOtherFused())) {
        List<ScreenTransform> transforms = List.of(resize, own, crop);
        MemorySegment data = raw.values().data();
        FrameShape shape = new FrameShape(1, H, W);
        for (ScreenTransform t : transforms) {
          FrameShape out = t.outputShape(shape);
          MemorySegment next = arena.allocate(4L * times.length * out.pixels(), 64);
          t.apply(data, shape, times.length, next);
          data = next;
          shape = out;
        }
        float[] got = sample(screen, new Finish(transforms, n, NanPolicy.KEEP, null), times);
        assertEquals(times.length * 3 * 4, got.length);
        for (int i = 0; i < got.length; i++) {
          assertEquals(
              (data.getAtIndex(ValueLayout.JAVA_FLOAT, i) - 80f) / 60f, got[i], own + " " + i);
        }
        // what the core does to values it does to a user's as well
        NanPolicy nine = NanPolicy.value(9);
        float[] blank =
            sample(screen, new Finish(transforms, n, nine, ElementType.UINT8), 100, 100.6);
        assertEquals(9, blank[blank.length - 1]);
      }
    }
  }

  private static ScreenTransform transform(String name, Map<String, Object> arguments) {
    return Registry.EMPTY.transform(Target.of(name, arguments).at(name, "test"));
  }

  @Test
  void finishesChunks() {
    Normalization n = new Normalization(new double[] {80}, new double[] {60});
    try (ScreenInterpolator screen = open()) {
      double[] times = {100, 100.05, 100.1, 100.5};
      float[] got = sample(screen, new Finish(List.of(), n, NanPolicy.KEEP, null), times);
      int[] shown = {0, 0, 1};
      for (int t = 0; t < 4; t++) {
        for (int p = 0; p < H * W; p++) {
          float x = t == 3 ? 7 : pixel(0, shown[t], p / W, p % W);
          assertEquals((x - 80f) / 60f, got[t * H * W + p]);
        }
      }
      float[] pixels =
          sample(screen, new Finish(List.of(), n, NanPolicy.KEEP, ElementType.UINT8), times);
      assertEquals(pixel(0, 1, 1, 2), pixels[2 * H * W + W + 2]);
      assertEquals(7, pixels[3 * H * W]);
      NanPolicy value = NanPolicy.value(-1);
      assertEquals(-1, sample(screen, new Finish(List.of(), n, value, null), 100.5, 100.6)[H * W]);
      NanPolicy mean = NanPolicy.MEAN;
      assertEquals(7, sample(screen, new Finish(List.of(), null, mean, null), 100.5, 100.6)[H * W]);
      assertEquals(
          7,
          sample(screen, new Finish(List.of(), null, mean, ElementType.UINT8), 100.5, 100.6)[
              H * W]);
      Finish fail = new Finish(List.of(), null, NanPolicy.FAIL, null);
      assertThrows(RecordingException.class, () -> sample(screen, fail, 100.5, 100.6));
      List<ScreenTransform> pads = List.of(transform("CenterCrop", Map.of("size", 6L)));
      float[] padded = sample(screen, new Finish(pads, n, NanPolicy.KEEP, null), 100.2, 100.5);
      assertEquals(-80f / 60f, padded[0]);
      assertEquals((20 - 80f) / 60f, padded[6]);
      assertEquals(-80f / 60f, padded[36]);
      assertEquals((7 - 80f) / 60f, padded[42]);
      Finish wrong =
          new Finish(
              List.of(), new Normalization(null, new double[] {1, 2, 3}), NanPolicy.KEEP, null);
      assertThrows(ConfigException.class, () -> screen.sampler(wrong));
    }
  }

  /** Subtracts the clip's first frame: something no frame-wise transform can do. */
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
  }

  @Test
  void runsCustomTransformsOnWholeClips() {
    try (ScreenInterpolator screen = open()) {
      List<ScreenTransform> transforms =
          List.of(
              transform("CenterCrop", Map.of("size", 2L)),
              new Difference(),
              transform("Grayscale", Map.of("num_output_channels", 3L)));
      Normalization n = new Normalization(new double[] {0}, new double[] {2});
      float[] got =
          sample(screen, new Finish(transforms, n, NanPolicy.KEEP, null), 100, 100.1, 100.3);
      assertEquals(3 * 3 * 4, got.length);
      for (int i = 0; i < got.length; i++) {
        assertEquals(new float[] {0, 5, 15}[i / 4 % 3], got[i], "value " + i);
      }
      NanPolicy mean = NanPolicy.MEAN;
      float[] pixels =
          sample(screen, new Finish(transforms, n, mean, ElementType.UINT8), 100, 100.1, 100.3);
      assertEquals(30, pixels[8]);
    }
  }

  @Test
  void closes() {
    ScreenInterpolator screen = open();
    Sampler sampler = screen.sampler(Finish.NONE);
    Sampler.Cursor cursor = sampler.cursor(1);
    screen.close();
    screen.close();
    assertThrows(ClosedException.class, () -> screen.interpolate(new double[] {100}));
    assertThrows(ClosedException.class, () -> sampler.cursor(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment dst = arena.allocate(4 * H * W);
      assertThrows(ClosedException.class, () -> cursor.read(new double[] {100}, 1, dst, 0));
    }
    cursor.close();
    cursor.close();
  }

  @Test
  void readsWithoutAllocating() throws Exception {
    FreshJvm.run(Allocating.class, folder.toString());
  }

  /** Fails where reading frames that are enlarged allocates. */
  static final class Allocating {
    private Allocating() {}

    public static void main(String[] args) {
      var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      double[] times = {100, 100.1, 100.2, 100.25, 100.4, 100.5, 100.7};
      try (ScreenInterpolator screen =
              ScreenInterpolator.open(
                  Path.of(args[0]), options(true, new int[] {20, 33}, null, false), false);
          Arena arena = Arena.ofConfined()) {
        Sampler sampler =
            screen.sampler(
                new Finish(
                    List.of(),
                    new Normalization(new double[] {80}, new double[] {60}),
                    NanPolicy.KEEP,
                    null));
        MemorySegment dst = arena.allocate(4L * times.length * 20 * 33);
        try (Sampler.Cursor cursor = sampler.cursor(times.length)) {
          long least = Long.MAX_VALUE;
          long limit = System.nanoTime() + 60_000_000_000L;
          while (least > 0 && System.nanoTime() < limit) {
            for (int i = 0; i < 1_000; i++) {
              cursor.read(times, times.length, dst, 0);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
              cursor.read(times, times.length, dst, 0);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
          }
          assertTrue(least < 100, least + " bytes in 100 reads");
        }
      }
    }
  }
}
