/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Problem;
import org.syncline.device.Trials;
import org.syncline.device.support.LogCapture;
import org.syncline.error.SynclineException;
import org.syncline.testdata.NpyFile;

/**
 * A FIFO, a socket or a device in the place of any file of a recording is named, not waited for.
 */
@Tag("any-width")
class IrregularFilesTest {
  // the path of a socket has 108 characters at most
  @TempDir Path r;

  private static final String KINDS = "a FIFO, a socket or a device";

  /** What is read where a configuration asks for it; a validation speaks of it always. */
  private static final List<String> UNASKED =
      List.of("responses/meta/means.npy", "units/meta/unit_ids.npy");

  private static final List<String> NOT_NEEDED =
      List.of(
          "responses/meta/means.npy",
          "treadmill/timestamps.npy",
          "units/meta/unit_ids.npy",
          "meta.json");

  private void write() throws IOException {
    new Handmade(r)
        .screen(0, 10, List.of(Handmade.video(40), Handmade.trial("image"), Handmade.video(39)))
        .floats("responses", 8, 0, 8, 65, 3)
        .statistics("responses", new double[] {90, 91, 92}, new double[] {50, 50, 50})
        .sequence("treadmill", 20, 0, 8, 161, 1, i -> i)
        .statistics("treadmill", new double[] {80}, new double[] {50})
        .labels(8, 1, 3);
    Handmade.write(
        r.resolve("spikes/meta.yml"),
        "modality: spikes\nspike_indices: [0, 4]\nstart_time: 0.0\nend_time: 8.0\n"
            + "dtype: float64\nis_mem_mapped: true\n");
    ByteBuffer times = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 4; i++) {
      times.putDouble(0.5 + i);
    }
    Files.write(r.resolve("spikes/spikes.mem"), times.array());
    new Handmade(r).sequence("units", 10, 0, 8, 81, 2, i -> i);
    NpyFile.write(r.resolve("units/meta/unit_ids.npy"), new double[] {3, 4}, 2);
    Handmade.write(r.resolve("eye/meta.yml"), "modality: sequence\nn_signals: 2\n");
    double[] eye = new double[322];
    Arrays.setAll(eye, i -> i % 89);
    NpyFile.write(r.resolve("eye/data.npy"), eye, 161, 2);
    double[] clock = new double[161];
    Arrays.setAll(clock, i -> i * 0.05);
    NpyFile.write(r.resolve("eye/timestamps.npy"), clock, 161);
  }

  static Stream<Arguments> places() {
    List<Arguments> all = new ArrayList<>();
    for (String place :
        List.of(
            "treadmill/data.npy",
            "responses/data.mem",
            "eye/timestamps.npy",
            "treadmill/timestamps.npy",
            "screen/timestamps.npy",
            "screen/data/00000.npy",
            "screen/data/00001.npy",
            "spikes/spikes.mem",
            "labels/moving.npy",
            "responses/meta/means.npy",
            "treadmill/meta/stds.npy",
            "units/meta/unit_ids.npy",
            "screen/meta.yml",
            "screen/combined_meta.json",
            "meta.json")) {
      for (String kind : List.of("FIFO", "socket", "device")) {
        all.add(Arguments.of(place, kind));
      }
    }
    return all.stream();
  }

  private static void put(String kind, Path file) throws Exception {
    Files.deleteIfExists(file);
    switch (kind) {
      case "FIFO" ->
          assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
      case "socket" ->
          ServerSocketChannel.open(StandardProtocolFamily.UNIX)
              .bind(UnixDomainSocketAddress.of(file))
              .close();
      default -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
    }
  }

  /** Opens the recording and reads all of it; returns what was said, errors and warnings. */
  private List<String> said() {
    List<String> all = new ArrayList<>();
    try (LogCapture log = new LogCapture()) {
      try {
        DatasetConfig config = DefaultConfigs.forRecording(r);
        try (ChunkDataset dataset = ChunkDataset.open(r, config)) {
          for (int i = 0; i < dataset.length(); i++) {
            dataset.item(i).close();
          }
          Trials trials = dataset.experiment().device("screen").trials().orElseThrow();
          for (int t = 0; t < trials.count(); t++) {
            dataset.experiment().device("screen").interpolate(new double[] {trials.start(t)});
          }
        }
      } catch (SynclineException e) {
        all.add("error: " + e.getMessage());
      }
      all.addAll(log.messages());
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("places")
  void isNamedAndNotWaitedFor(String place, String kind) throws Exception {
    write();
    Path file = r.resolve(place);
    put(kind, file);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          String named = file + ": found ";
          List<String> said = said().stream().filter(m -> m.contains(named)).toList();
          List<Problem> problems =
              Validator.validate(r).stream()
                  .filter(p -> p.toString().contains(named))
                  .filter(p -> !p.toString().contains("found a link to /dev/zero"))
                  .toList();
          boolean needed = !NOT_NEEDED.contains(place);
          assertEquals(
              needed ? 1 : 0,
              problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).count(),
              problems::toString);
          // of statistics it says once more that others may do without
          assertTrue(problems.size() == 1 || place.endsWith("stds.npy"), problems::toString);
          assertTrue(
              problems.stream().allMatch(p -> p.toString().contains(KINDS)), problems::toString);
          assertEquals(UNASKED.contains(place) ? 0 : 1, said.size(), said::toString);
          for (String message : said) {
            assertEquals(needed, message.startsWith("error: "), message);
            assertTrue(message.contains(KINDS), message);
          }
        });
  }
}
