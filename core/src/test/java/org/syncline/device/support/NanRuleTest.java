/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NanPolicy;
import org.syncline.device.Finish;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Sampler;
import org.syncline.error.RecordingException;
import org.syncline.testdata.NpyFile;
import org.syncline.transform.Normalization;

/** Every NaN policy does the same to the same values, whatever device they come from. */
class NanRuleTest {
  private static final double NAN = Double.NaN;

  /** Three samples of 2 × 2 values; the last column is NaN throughout. */
  private static final double[][] VALUES = {
    {1, NAN, 5, NAN},
    {NAN, 4, Double.POSITIVE_INFINITY, NAN},
    {3, 10, Double.NEGATIVE_INFINITY, NAN}
  };

  private static final double[] TIMES = {0.5, 1.5, 2.5};

  @TempDir Path folder;

  private Path sequence;
  private Path screen;

  @BeforeEach
  void write() throws IOException {
    byte[] bytes = new byte[4 * 12];
    ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (double[] sample : VALUES) {
      for (double v : sample) {
        floats.putFloat((float) v);
      }
    }
    sequence = Files.createDirectories(folder.resolve("sequence"));
    Files.writeString(
        sequence.resolve("meta.yml"),
        "modality: sequence\nsampling_rate: 1\nstart_time: 0\nend_time: 3\nn_signals: 4\n");
    NpyFile.write(sequence.resolve("data.npy"), "<f4", false, new long[] {3, 4}, bytes);
    screen = Files.createDirectories(folder.resolve("screen"));
    Files.createDirectories(screen.resolve("data"));
    Files.writeString(screen.resolve("meta.yml"), "modality: screen\nframe_rate: 1\n");
    Files.writeString(
        screen.resolve("combined_meta.json"),
        "{\"00000\": {\"modality\": \"video\", \"first_frame_idx\": 0, \"num_frames\": 4,"
            + " \"image_size\": [2, 2]}}");
    NpyFile.write(screen.resolve("timestamps.npy"), new double[] {0, 1, 2, 3}, 4);
    byte[] frames = java.util.Arrays.copyOf(bytes, 4 * 16);
    NpyFile.write(
        screen.resolve("data").resolve("00000.npy"), "<f4", false, new long[] {4, 2, 2}, frames);
  }

  private void eachDevice(Consumer<Interpolator> test) {
    ModalityConfig held =
        ModalityConfig.builder()
            .interpolation(
                InterpolationConfig.builder().mode(InterpolationConfig.Mode.PREVIOUS).build())
            .build();
    ModalityConfig shown = ModalityConfig.builder().build();
    List<Interpolator> devices =
        List.of(
            Registry.EMPTY.open(sequence, held, false),
            Registry.EMPTY.open(screen, shown, false),
            new Given(Layout.COLUMNS, ElementType.FLOAT32, 1, 4, VALUES),
            new Given(Layout.FRAMES, ElementType.FLOAT32, 2, 2, VALUES));
    for (Interpolator device : devices) {
      try (device) {
        test.accept(device);
      }
    }
  }

  private double[] read(Interpolator device, Finish finish, long replaced) {
    Sampler sampler = Finishing.sampler(device, finish, folder);
    try (Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor = sampler.cursor(3)) {
      MemorySegment dst = arena.allocate(12L * sampler.type().bytes(), 64);
      assertEquals(3, cursor.read(TIMES, 3, dst, 0), device.toString());
      assertEquals(replaced, cursor.replacedNaNs(), device.toString());
      double[] got = new double[12];
      for (int i = 0; i < 12; i++) {
        got[i] =
            switch (sampler.type()) {
              case FLOAT64 -> dst.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
              case FLOAT16 -> Float.float16ToFloat(dst.getAtIndex(ValueLayout.JAVA_SHORT, i));
              default -> dst.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            };
      }
      return got;
    }
  }

  private static Finish finish(NanPolicy policy, ElementType type) {
    return new Finish(List.of(), null, policy, type);
  }

  @Test
  void everyPolicyDoesTheSameToEveryDevice() {
    double inf = Double.POSITIVE_INFINITY;
    for (ElementType type :
        List.of(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.FLOAT16)) {
      eachDevice(
          device -> {
            assertArrayEquals(
                new double[] {1, NAN, 5, NAN, NAN, 4, inf, NAN, 3, 10, -inf, NAN},
                read(device, finish(NanPolicy.KEEP, type), 0));
            assertArrayEquals(
                new double[] {1, 7, 5, 0, 2, 4, inf, 0, 3, 10, -inf, 0},
                read(device, finish(NanPolicy.MEAN, type), 5));
            assertArrayEquals(
                new double[] {1, 0, 5, 0, 0, 4, inf, 0, 3, 10, -inf, 0},
                read(device, finish(NanPolicy.ZERO, type), 5));
            assertArrayEquals(
                new double[] {1, -6, 5, -6, -6, 4, inf, -6, 3, 10, -inf, -6},
                read(device, finish(NanPolicy.value(-6), type), 5));
          });
    }
  }

  @Test
  void refusalsNameTimePlaceAndRemedyAlike() {
    eachDevice(
        device -> {
          String message =
              assertThrows(
                      RecordingException.class, () -> read(device, finish(NanPolicy.FAIL, null), 0))
                  .getMessage();
          String place = device.layout() == Layout.FRAMES ? "channel 0, pixel [0, 1]" : "column 1";
          assertTrue(message.contains(place), message);
          assertTrue(message.contains("NaN at 0.5 s"), message);
          assertTrue(
              message.contains(
                  "is fail: mend the data or the statistics in meta, or choose mean, zero, a value or keep"),
              message);
        });
  }

  /** Normalised values are what a policy sees: means are of those, and statistics make NaN too. */
  @Test
  void policiesComeAfterNormalisation() {
    double inf = Double.POSITIVE_INFINITY;
    Normalization halved = new Normalization(new double[] {1}, new double[] {2});
    Normalization broken = new Normalization(null, new double[] {NAN});
    eachDevice(
        device -> {
          assertArrayEquals(
              new double[] {0, 3, 2, 0, 0.5, 1.5, inf, 0, 1, 4.5, -inf, 0},
              read(device, new Finish(List.of(), halved, NanPolicy.MEAN, null), 5));
          assertArrayEquals(
              new double[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9},
              read(device, new Finish(List.of(), broken, NanPolicy.value(9), null), 12));
        });
  }
}
