/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.device.Problem;
import org.syncline.device.Trials;
import org.syncline.device.support.LogCapture;
import org.syncline.error.SynclineException;
import org.syncline.testdata.NpyFile;

/**
 * Forms in which laboratories store the same values: a validation has an error of a file exactly
 * where the reader refuses it, and what is read is what was stored. {@link DamagedRecordingsTest}
 * asks the same of thousands of damages.
 */
@Tag("any-width")
class SameVerdictTest {
  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void write() {
    root = folder.resolve("rec");
    new Handmade(root)
        .screen(0, 10, List.of(Handmade.video(40), Handmade.trial("image"), Handmade.video(39)))
        .floats("responses", 8, 0, 8, 65, 3)
        .sequence("treadmill", 20, 0, 8, 161, 1, i -> i)
        .spikes(8, 0.5, 1.5, 2.5, 7.5);
    NpyFile.write(root.resolve("treadmill/timestamps.npy"), ramp(161, 0.05), 161);
    Handmade.write(root.resolve("eye/meta.yml"), "modality: sequence\nn_signals: 2\n");
    NpyFile.write(root.resolve("eye/data.npy"), ramp(322, 1), 161, 2);
    NpyFile.write(root.resolve("eye/timestamps.npy"), ramp(161, 0.05), 161);
  }

  private static double[] ramp(int n, double step) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> i * step);
    return values;
  }

  /** What a reader gives: all values of all chunks, or what it refuses them with. */
  private record Reading(List<double[]> values, String refusal, List<String> warnings) {}

  private Reading read() {
    List<double[]> values = new ArrayList<>();
    String refusal = "";
    try (LogCapture log = new LogCapture()) {
      try (ChunkDataset dataset = ChunkDataset.open(root, DefaultConfigs.forRecording(root))) {
        for (int i = 0; i < dataset.length(); i++) {
          try (Chunk chunk = dataset.item(i)) {
            for (String name : dataset.deviceNames()) {
              values.add(Handmade.doubles(chunk.tensor(name)));
            }
          }
        }
        Trials trials = dataset.experiment().device("screen").trials().orElseThrow();
        for (int t = 0; t < trials.count(); t++) {
          dataset.experiment().device("screen").interpolate(new double[] {trials.start(t)});
        }
      } catch (SynclineException e) {
        refusal = e.getMessage();
      }
      return new Reading(values, refusal, log.messages());
    }
  }

  private List<String> errors() {
    return Validator.validate(root).stream()
        .filter(p -> p.severity() == Problem.Severity.ERROR)
        .map(p -> p.toString().substring("error: ".length()))
        .toList();
  }

  private void taken() {
    assertEquals(List.of(), Validator.validate(root));
    Reading reading = read();
    assertEquals("", reading.refusal());
    assertEquals(List.of(), reading.warnings());
  }

  private void refused(String file, String found) {
    Reading reading = read();
    String place = root.resolve(file) + ": " + found;
    List<String> errors = errors();
    assertEquals(1, errors.size(), errors::toString);
    for (String message : List.of(reading.refusal(), errors.getFirst())) {
      // a shape in Java's brackets or in Python's
      assertTrue(message.replace('[', '(').replace(']', ')').startsWith(place), message);
    }
  }

  private void sameValuesAs(Reading before) {
    assertEquals(List.of(), errors());
    Reading reading = read();
    assertEquals("", reading.refusal());
    List<double[]> values = reading.values();
    assertEquals(before.values().size(), values.size());
    for (int i = 0; i < values.size(); i++) {
      assertArrayEquals(before.values().get(i), values.get(i));
    }
  }

  @Test
  void theRecordingIsSound() {
    taken();
    assertTrue(read().values().size() > 5);
  }

  @ParameterizedTest
  @CsvSource({
    "treadmill/timestamps.npy, true, true",
    "eye/timestamps.npy, true, true",
    "screen/timestamps.npy, false, false",
    "spikes/spikes.npy, true, false"
  })
  void timesWithAnAxisOfOne(String name, boolean column, boolean row) {
    Reading before = read();
    Path file = root.resolve(name);
    NpyFile stored = NpyFile.read(file);
    int n = (int) stored.shape()[0];
    double[] times = new double[n];
    stored.data().asDoubleBuffer().get(times);
    NpyFile.write(file, times, n, 1);
    if (column) {
      sameValuesAs(before);
    } else {
      refused(name, "shape: found (" + n + ", 1), expected one axis");
    }
    NpyFile.write(file, times, 1, n);
    if (row) {
      sameValuesAs(before);
    } else {
      refused(name, "shape: found (1, " + n + "), expected one axis");
    }
  }

  @Test
  void imagesWithAnAxisOfOne() throws IOException {
    Path trials = root.resolve("screen/combined_meta.json");
    Files.writeString(trials, Files.readString(trials).replace("[2,3]", "[2,5]"));
    byte[] pixels = new byte[40 * 10];
    NpyFile.write(
        root.resolve("screen/data/00000.npy"), "|u1", false, new long[] {40, 2, 5}, pixels);
    NpyFile.write(
        root.resolve("screen/data/00002.npy"),
        "|u1",
        false,
        new long[] {39, 2, 5},
        Arrays.copyOf(pixels, 390));
    Path image = root.resolve("screen/data/00001.npy");
    byte[] one = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    NpyFile.write(image, "|u1", false, new long[] {2, 5}, one);
    Reading before = read();
    NpyFile.write(image, "|u1", false, new long[] {1, 2, 5}, one);
    sameValuesAs(before);
    NpyFile.write(image, "|u1", false, new long[] {2, 2, 5}, Arrays.copyOf(pixels, 20));
    refused("screen/data/00001.npy", "trial 00001: found 5 channels, expected grey frames");
  }

  /** The hundredth file is looked at as the first is. */
  @ParameterizedTest
  @CsvSource({"100, <u2", "101, <u2", "100, <c8", "101, <c8"})
  void imagesOfAnotherTypeHoweverManyThereAre(int count, String type) throws IOException {
    new Handmade(root).screen(0, 10, Collections.nCopies(count, Handmade.trial("image")));
    List<Path> files;
    try (var all = Files.list(root.resolve("screen/data"))) {
      files = all.sorted().toList();
    }
    assertEquals(count, files.size());
    Reading before = read();
    byte[] pixels = new byte[6 * (type.charAt(2) - '0')];
    for (Path file : files) {
      NpyFile image = NpyFile.read(file);
      for (int i = 0; i < 6; i++) {
        pixels[i * pixels.length / 6] = image.data().get(i);
      }
      NpyFile.write(file, type, false, new long[] {2, 3}, pixels);
    }
    if (type.equals("<u2")) {
      sameValuesAs(before);
    } else {
      Reading reading = read();
      assertTrue(reading.refusal().contains("descr: found '<c8'"), reading::toString);
      assertEquals(count, errors().size());
    }
  }

  /** Numbers of the same size are read as what they are declared, and nothing is: so it is said. */
  @Test
  void wholeNumbersDeclaredAsFloatsAndFloatsAsWholeNumbers() throws IOException {
    Path meta = root.resolve("responses/meta.yml");
    String text = Files.readString(meta);
    Path data = root.resolve("responses/data.mem");
    Files.writeString(meta, text.replace("dtype: float32", "dtype: int32"));
    Reading reading = read();
    String place = meta + ": dtype: found int32";
    assertTrue(reading.warnings().stream().anyMatch(w -> w.startsWith(place)), reading::toString);
    assertEquals(1, errors().size());
    assertTrue(errors().getFirst().startsWith(place), errors()::toString);
    ByteBuffer numbers = ByteBuffer.allocate(65 * 3 * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 65 * 3; i++) {
      numbers.putInt(i * 37 % 1000 - 500);
    }
    Files.write(data, numbers.array());
    taken();
    Files.writeString(meta, text);
    Reading other = read();
    String back = meta + ": dtype: found float32";
    assertTrue(other.warnings().stream().anyMatch(w -> w.startsWith(back)), other::toString);
    assertEquals(1, errors().size());
    assertTrue(errors().getFirst().startsWith(back), errors()::toString);
  }
}
