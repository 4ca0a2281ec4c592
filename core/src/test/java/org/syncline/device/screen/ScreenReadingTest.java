/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.FreshJvm;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.NanPolicy;
import org.syncline.config.Target;
import org.syncline.device.Finish;
import org.syncline.device.Sampler;
import org.syncline.device.support.FailingArena;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;
import org.syncline.testdata.NpyFile;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;

/**
 * Reading chunks of a screen whose files shrink, that has more files than maps, that is closed
 * meanwhile, and in colour. Trials are videos of 10 Hz from 100 s; pixel (y, x, c) of frame f of
 * trial k is {@code 40 k + 7 f + 3 y + x + 50 c} modulo 256.
 */
class ScreenReadingTest {
  private static final float MEAN = 113.5f;
  private static final float STD = 59.4f;

  @TempDir Path folder;

  private static int pixel(int trial, int frame, int y, int x, int c) {
    return 40 * trial + 7 * frame + 3 * y + x + 50 * c & 0xff;
  }

  private static void write(Path folder, int trials, int frames, int h, int w, int channels)
      throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.createDirectories(folder.resolve("meta"));
    Files.writeString(folder.resolve("meta.yml"), "modality: screen\nframe_rate: 10\n");
    double[] times = new double[trials * frames];
    for (int i = 0; i < times.length; i++) {
      times[i] = 100 + i / 10.0;
    }
    NpyFile.write(folder.resolve("timestamps.npy"), times, times.length);
    StringBuilder meta = new StringBuilder("{");
    for (int k = 0; k < trials; k++) {
      String name = String.format("%05d", k);
      String size = "[" + h + ", " + w + (channels == 1 ? "]" : ", " + channels + "]");
      meta.append(k == 0 ? "" : ", ")
          .append("\"" + name + "\": {\"modality\": \"video\", \"first_frame_idx\": " + k * frames)
          .append(
              ", \"num_frames\": "
                  + frames
                  + ", \"image_size\": "
                  + size
                  + ", \"stimulus_name\": \""
                  + k
                  + "\"}");
      byte[] data = new byte[frames * h * w * channels];
      for (int i = 0; i < data.length; i++) {
        int p = i / channels;
        data[i] = (byte) pixel(k, p / (h * w), p / w % h, p % w, i % channels);
      }
      long[] shape =
          channels == 1 ? new long[] {frames, h, w} : new long[] {frames, h, w, channels};
      NpyFile.write(folder.resolve("data").resolve(name + ".npy"), "|u1", false, shape, data);
    }
    Files.writeString(folder.resolve("combined_meta.json"), meta.append("}").toString());
  }

  private static ScreenInterpolator open(Path folder, int... size) {
    InterpolationConfig rescaled =
        InterpolationConfig.builder().rescale(true).rescaleSize(size).build();
    return ScreenInterpolator.open(folder, rescaled, false);
  }

  private static Sampler sampler(ScreenInterpolator screen) {
    Normalization n = new Normalization(new double[] {MEAN}, new double[] {STD});
    return screen.sampler(new Finish(List.of(), n, NanPolicy.KEEP, null));
  }

  /** Checks one frame of enlarged, normalised pixels. */
  private static void check(
      MemorySegment dst, long at, int trial, int frame, int h, int w, int times) {
    for (int y = 0; y < h * times; y++) {
      for (int x = 0; x < w * times; x++) {
        float want = (pixel(trial, frame, y / times, x / times, 0) - MEAN) / STD;
        float got = dst.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4L * (y * w * times + x));
        if (got != want) {
          throw new AssertionError(
              "trial "
                  + trial
                  + " frame "
                  + frame
                  + " ("
                  + y
                  + ", "
                  + x
                  + "): "
                  + got
                  + ", expected "
                  + want);
        }
      }
    }
  }

  private void runs(Class<?> program, String... options) throws Exception {
    FreshJvm.succeeds(FreshJvm.of(FreshJvm.asThisOne(options), program, folder.toString()));
  }

  @Test
  void aCursorWithoutMemoryLeavesNone() throws Exception {
    write(folder, 1, 4, 8, 16, 1);
    try (ScreenInterpolator screen = open(folder, 5, 9)) {
      Target resize = Target.of("Resize", Map.of("size", 20L)).at("Resize", "test");
      List<ScreenTransform> transforms = List.of(Registry.EMPTY.transform(resize));
      NanPolicy mean = NanPolicy.MEAN;
      // memory of a step, and of frames that wait for their mean
      ScreenSampler sampler =
          (ScreenSampler) screen.sampler(new Finish(transforms, null, mean, ElementType.UINT8));
      FailingArena.check(2, arena -> sampler.cursor(3, arena));
    }
  }

  @Test
  void truncatedFilesAreRefused() throws Exception {
    write(folder, 1, 40, 64, 128, 1);
    runs(Truncated.class);
  }

  /** Reads every frame of a video while its file becomes shorter. */
  static final class Truncated {
    private Truncated() {}

    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[0]);
      Path file = folder.resolve("data/00000.npy");
      int refused = 0;
      // first as stored, then shrunk
      for (int[] size : new int[][] {{64, 128}, {25, 60}}) {
        byte[] whole = Files.readAllBytes(file);
        try (ScreenInterpolator screen = open(folder, size);
            Arena arena = Arena.ofConfined();
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          Sampler sampler = sampler(screen);
          MemorySegment dst = arena.allocate(4L * size[0] * size[1]);
          double[] time = new double[1];
          try (Sampler.Cursor cursor = sampler.cursor(1)) {
            for (int i = 0; i < 40_000; i++) {
              time[0] = 100 + i % 40 / 10.0;
              cursor.read(time, 1, dst, 0);
            }
            for (int left = 39; left >= 0; left--) {
              // whole pages alone are lost: bytes past the end in the last page read as 0
              long end = 128 + left * 8192L;
              channel.truncate(end);
              long readable = (end + 4095) / 4096 * 4096;
              for (int f = 0; f < 40; f++) {
                time[0] = 100 + f / 10.0;
                boolean lost = 128 + (f + 1) * 8192L > readable;
                try {
                  cursor.read(time, 1, dst, 0);
                  if (lost) {
                    throw new AssertionError("frame " + f + " of " + left + " was read");
                  }
                  if (size[0] == 64 && f < left) {
                    check(dst, 0, 0, f, 64, 128, 1);
                  }
                } catch (RecordingException e) {
                  if (!lost || !e.getMessage().contains("00000.npy")) {
                    throw e;
                  }
                  refused++;
                }
              }
            }
          }
        }
        Files.write(file, whole);
      }
      if (refused < 1_000) {
        throw new AssertionError("only " + refused + " frames were refused");
      }
    }
  }

  @Test
  void moreFilesThanMaps() throws Exception {
    write(folder, 6, 3, 9, 20, 1);
    runs(FewMaps.class, "-Dsyncline.screen.maps=2");
  }

  /** Reads six files again and again in a process that may keep two maps. */
  static final class FewMaps {
    private FewMaps() {}

    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[0]);
      for (int opening = 0; opening < 2; opening++) {
        try (ScreenInterpolator screen = open(folder, 18, 40);
            Arena arena = Arena.ofConfined()) {
          Sampler sampler = sampler(screen);
          double[] times = new double[18];
          for (int i = 0; i < 18; i++) {
            times[i] = 100 + i / 10.0;
          }
          MemorySegment dst = arena.allocate(18L * 4 * 18 * 40);
          try (Sampler.Cursor cursor = sampler.cursor(18)) {
            for (int turn = 0; turn < 50; turn++) {
              dst.fill((byte) 0);
              if (cursor.read(times, 18, dst, 0) != 18) {
                throw new AssertionError("frames are missing");
              }
              for (int i = 0; i < 18; i++) {
                check(dst, 4L * i * 18 * 40, i / 3, i % 3, 9, 20, 2);
              }
            }
          }
          // the first opening's places were given back
          if (screen.maps() != 2) {
            throw new AssertionError(screen.maps() + " maps are kept");
          }
          long mapped =
              Files.readAllLines(Path.of("/proc/self/maps")).stream()
                  .filter(line -> line.contains(folder.resolve("data").toString()))
                  .count();
          if (mapped != 2) {
            throw new AssertionError(mapped + " files are mapped");
          }
        }
      }
    }
  }

  @Test
  void coloursAreResizedEachForItself() throws Exception {
    write(folder, 2, 2, 12, 30, 3);
    double[] times = {100, 100.1, 100.2, 100.3};
    double[] means = {110, 113.5, 120};
    double[] stds = {60, 59.4, 3};
    Finish finish = new Finish(List.of(), new Normalization(means, stds), NanPolicy.KEEP, null);
    // replicated, shrunk by whole numbers, kept
    for (int[] size : new int[][] {{24, 60}, {36, 120}, {6, 15}, {4, 10}, {12, 30}}) {
      int h = size[0];
      int w = size[1];
      try (ScreenInterpolator screen = open(folder, size);
          Arena arena = Arena.ofConfined()) {
        Sampler sampler = screen.sampler(finish);
        assertArrayEquals(new long[] {3, 4, h, w}, sampler.shape(4));
        MemorySegment dst = arena.allocate(3L * 4 * h * w * 4);
        try (Sampler.Cursor cursor = sampler.cursor(4)) {
          assertEquals(4, cursor.read(times, 4, dst, 0));
        }
        for (int i = 0; i < 3 * 4 * h * w; i++) {
          int c = i / (4 * h * w);
          int t = i / (h * w) % 4;
          int y = i / w % h;
          int x = i % w;
          double sum = 0;
          int ratio = Math.max(1, 12 / h);
          for (int k = 0; k < ratio * ratio; k++) {
            sum +=
                h < 12
                    ? pixel(t / 2, t % 2, y * ratio + k / ratio, x * ratio + k % ratio, c)
                    : pixel(t / 2, t % 2, y * 12 / h, x * 30 / w, c);
          }
          double want = (sum / (ratio * ratio) - means[c]) / stds[c];
          assertEquals(
              want,
              dst.getAtIndex(ValueLayout.JAVA_FLOAT, i),
              1e-3 / stds[c],
              h + " x " + w + ", value " + i);
        }
      }
    }
  }

  @Test
  void closeWaitsForReaders() throws Exception {
    write(folder, 3, 4, 18, 32, 1);
    double[] times = new double[12];
    for (int i = 0; i < 12; i++) {
      times[i] = 100 + i / 10.0;
    }
    for (int round = 0; round < 20; round++) {
      ScreenInterpolator screen = open(folder, 36, 64);
      Sampler sampler = sampler(screen);
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      CountDownLatch reading = new CountDownLatch(3);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      boolean counted = false;
                      try (Arena arena = Arena.ofConfined();
                          Sampler.Cursor cursor = sampler.cursor(12)) {
                        MemorySegment dst = arena.allocate(12L * 36 * 64 * 4);
                        while (true) {
                          cursor.read(times, 12, dst, 0);
                          check(dst, 11L * 36 * 64 * 4, 2, 3, 18, 32, 2);
                          if (!counted) {
                            counted = true;
                            reading.countDown();
                          }
                        }
                      } catch (ClosedException e) {
                        // as documented
                      } catch (Throwable e) {
                        wrong.compareAndSet(null, e);
                        reading.countDown();
                      }
                    }));
      }
      reading.await();
      screen.close();
      for (Thread thread : threads) {
        thread.join(60_000);
        assertTrue(!thread.isAlive(), "a reader did not end");
      }
      assertNull(wrong.get());
    }
  }
}
