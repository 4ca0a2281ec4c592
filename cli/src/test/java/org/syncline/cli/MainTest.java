/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.syncline.cli.Outcome.run;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.storage.Npy;
import org.syncline.testdata.NpyFile;
import org.syncline.testdata.Recordings;
import org.syncline.write.RecordingWriter;
import org.syncline.write.ScreenWriter;
import org.syncline.write.SequenceWriter;

/** Runs the commands as the launcher does, over small recordings. */
class MainTest {
  @TempDir static Path folder;
  private static Path recording;
  private static Path config;

  @BeforeAll
  static void makeRecording() throws Exception {
    recording = folder.resolve("recording");
    var made = Recordings.defaultConfig(recording, 5).seconds(40).write();
    config = Files.writeString(folder.resolve("config.yaml"), made.configText());
  }

  @Test
  void demoStreamsEveryChunkAndDrawsOne() throws Exception {
    Path picture = folder.resolve("chunk.png");
    Outcome demo = run("demo", "--recording", recording, "--config", config, "--picture", picture);
    assertEquals(0, demo.status(), demo.err());
    assertTrue(demo.out().contains("screen "), demo.out());
    assertTrue(demo.out().contains("float32"), demo.out());
    assertTrue(demo.out().contains("frames/s of screen"), demo.out());
    assertTrue(demo.out().contains("GB/s"), demo.out());
    BufferedImage image = ImageIO.read(picture.toFile());
    assertNotNull(image);
    assertTrue(image.getWidth() >= 800 && image.getHeight() >= 400);
    assertTrue(colours(image) > 50, "the picture shows next to nothing");
  }

  private static long colours(BufferedImage image) {
    return java.util.stream.IntStream.range(0, image.getHeight())
        .flatMap(
            y -> java.util.stream.IntStream.range(0, image.getWidth()).map(x -> image.getRGB(x, y)))
        .distinct()
        .count();
  }

  @Test
  void demoWorksWithoutConfigurationOnARecordingWithoutScreen() throws Exception {
    Path spikes = folder.resolve("spikes");
    Recordings.shape("E", spikes, 1).seconds(20).spikes(7, 2_000).write();
    Path picture = folder.resolve("spikes.png");
    Outcome demo = run("demo", "--recording", spikes, "--picture", picture, "--batches", 2);
    assertEquals(0, demo.status(), demo.err());
    assertTrue(demo.out().contains("led by lfp"), demo.out());
    assertNotNull(ImageIO.read(picture.toFile()));
  }

  @Test
  void infoPrintsRangeEntriesAndStatistics() {
    Outcome info = run("info", recording, "--config", config);
    assertEquals(0, info.status(), info.err());
    assertTrue(info.out().contains("timestamps.responses"), info.out());
    assertTrue(info.out().contains("Valid Intervals"), info.out());
    assertTrue(info.out().contains("responses.filters.nan_filter"), info.out());
    assertTrue(info.out().contains("{tier: train} or {tier: blank}: "), info.out());
  }

  @Test
  void statsPrintsATableAndJsonAndWritesOnlyWhenAsked() throws Exception {
    Path root = folder.resolve("stats");
    try (RecordingWriter writer = RecordingWriter.create(root)) {
      SequenceWriter sequence = writer.sequence("treadmill", 10, 0).statistics(false);
      for (int row = 0; row < 400; row++) {
        sequence.append(new double[] {row % 4, row < 200 ? 7 : Double.NaN}, 2);
      }
      ScreenWriter screen = writer.screen("screen");
      for (int k = 0; k < 4; k++) {
        screen.file(image(), new double[] {10 * k}, Map.of("tier", k < 2 ? "train" : "test"));
      }
      screen.blank(0, 39.9, Map.of());
      writer.finish();
    }
    Outcome table = run("stats", root, "--device", "treadmill", "--lines", 1);
    assertEquals(0, table.status(), table.err());
    assertTrue(table.out().contains("stats: treadmill, 2 signals"), table.out());
    assertTrue(table.out().contains("q0.95"), table.out());
    assertTrue(table.out().contains("1.5000      1.1180"), table.out());
    assertTrue(table.out().contains("... and 1 more"), table.out());
    String all = "{\"" + root + "\":{";
    Outcome json = run("stats", root, "--tier", "train", "--quantiles", 0.5, "--json");
    String bare = json.out().replaceAll("\\s", "");
    assertTrue(bare.startsWith(all + "\"screen\":{\"unit\":\"channel\""), json.out());
    assertTrue(bare.contains("\"counts\":[200,200],\"nan_shares\":[0.0,0.0]"), json.out());
    assertTrue(bare.contains("\"quantiles\":{\"0.5\":["), json.out());
    Outcome both =
        run("stats", root, "--tier", "train", "--condition", "{modality: image}", "--json");
    assertTrue(both.out().contains("\"counts\" : [ 200, 200 ]"), both.out());
    Outcome none = run("stats", root, "--quantiles", "none", "--json");
    assertTrue(none.out().contains("maxima") && !none.out().contains("quantiles"), none.out());
    Path other = folder.resolve("stats-2");
    try (RecordingWriter writer = RecordingWriter.create(other)) {
      writer.sequence("treadmill", 10, 0).append(new double[800], 2);
      writer.finish();
    }
    Outcome pooled =
        run("stats", root, other, "--pooled", "--moments", "--device", "treadmill", "--json");
    assertTrue(pooled.out().contains("\"counts\" : [ 800, 600 ]"), pooled.out());
    assertFalse(pooled.out().contains("minima"), pooled.out());
    Path means = root.resolve("treadmill/meta/means.npy");
    assertFalse(Files.exists(means), "nothing is written unasked");
    Outcome condition =
        run("stats", root, "--condition", "{tier: test}", "--moments", "--write", "--per-pixel");
    assertEquals(0, condition.status(), condition.err());
    assertTrue(Files.exists(means));
    Outcome again = run("stats", root, "--write");
    assertEquals(1, again.status());
    assertTrue(again.err().contains("ask for it to be replaced"), again.err());
    assertTrue(again.err().contains("--replace"), again.err());
    assertEquals(0, run("stats", root, "--write", "--replace").status());
    Outcome some = run("stats", root, root.resolveSibling("nope"), "--json", "--moments");
    assertEquals(1, some.status());
    assertTrue(some.out().contains("\"error\" : ") && some.out().contains("means"), some.out());
    assertTrue(some.err().contains("nope"), some.err());
    Path same = Files.createSymbolicLink(folder.resolve("stats-1-too"), root);
    for (Path alike : List.of(root, same, root.resolve("."))) {
      Outcome twice = run("stats", root, alike, "--pooled");
      assertEquals(alike.equals(root) ? 2 : 1, twice.status(), twice.out());
      assertTrue(twice.err().contains("expected each recording once"), twice.err());
    }
    for (Object[] wrong :
        new Object[][] {
          {"--replace"},
          {root},
          {"--config", config},
          {"--quantiles", 2},
          {"--condition", "tier"},
          {"--condition", "{tier: test}", "--tier", "train"},
          {"--threads", 0},
          {"--lines", 0}
        }) {
      Object[] words = new Object[wrong.length + 2];
      words[0] = "stats";
      words[1] = root;
      System.arraycopy(wrong, 0, words, 2, wrong.length);
      Outcome refused = run(words);
      assertEquals(2, refused.status(), wrong[0] + refused.out());
      assertTrue(refused.err().contains("expected"), refused.err());
    }
  }

  @Test
  void statisticsOfDifferentSignalsAreNotPooled() throws Exception {
    long[][] ids = {{1, 2}, {1, 2}, {1, 9}, null, {1, 2, 3}};
    Path[] roots = new Path[ids.length];
    for (int k = 0; k < ids.length; k++) {
      roots[k] = folder.resolve("pool-" + k);
      try (RecordingWriter writer = RecordingWriter.create(roots[k])) {
        int signals = ids[k] == null ? 2 : ids[k].length;
        SequenceWriter cells = writer.sequence("cells", 10, 0);
        if (ids[k] != null) {
          cells.unitIds(ids[k]);
        }
        cells.append(new Random(k).doubles(300 * signals).toArray(), signals);
        if (k == 1) {
          writer.sequence("eye", 10, 0).append(new Random(9).doubles(300).toArray(), 1);
        }
        writer.finish();
      }
    }
    Outcome same = run("stats", roots[0], roots[1], "--pooled", "--moments", "--json");
    assertEquals(0, same.status(), same.err());
    assertTrue(same.out().contains("\"counts\" : [ 600, 600 ]"), same.out());
    assertTrue(
        same.err().contains("warning: eye: only 1 of 2 recordings have it: " + roots[1]),
        same.err());
    String[][] different = {
      {"signals [2] whose id 1 is 9", "signals [2] whose id 1 is 2"},
      {"signals [2] without ids", "signals [2] with ids"},
      {"signals [3] with ids", "signals [2] with ids"}
    };
    for (int k = 2; k < roots.length; k++) {
      Outcome refused = run("stats", roots[0], roots[k], "--pooled", "--moments", "--write");
      assertEquals(1, refused.status(), refused.out());
      String[] words = different[k - 2];
      assertEquals(
          "syncline: %s/cells: signals: found %s, expected %s, as in %s; leave the recordings apart, or the device out (devices, of the command --device)"
              .formatted(roots[k], words[0], words[1], roots[0]),
          refused.err().strip());
    }
  }

  @Test
  void makeWritesARecordingOfFilesThatOptionsOrAPlanName() throws Exception {
    Path in = Files.createDirectories(folder.resolve("lab"));
    double[] signalsFirst = new double[3 * 300];
    for (int i = 0; i < signalsFirst.length; i++) {
      signalsFirst[i] = i / 300 * 1000 + i % 300;
    }
    Npy.write(in.resolve("F.npy"), signalsFirst, 3, 300);
    Npy.write(in.resolve("iscell.npy"), new double[] {1, 0.9, 0, 0.1, 1, 0.8}, 3, 2);
    StringBuilder csv = new StringBuilder("time,x,y\n");
    for (int i = 0; i < 300; i++) {
      csv.append(i / 10.0 + i % 2 * 0.01).append(',').append(i).append(i == 7 ? ",\n" : ",1\n");
    }
    Files.writeString(in.resolve("pupil.csv"), csv);
    Npy.write(in.resolve("times.npy"), new double[] {3, 1, 2, 20}, 4);
    Npy.write(in.resolve("clusters.npy"), new double[] {5, 2, 5, 2}, 4);
    Files.writeString(in.resolve("trials.csv"), "start,end,label\n1,2,left\n3,4,right\n");
    Npy.write(in.resolve("clip.npy"), new double[20], 5, 2, 2);
    Npy.write(in.resolve("frames.npy"), new double[] {0, 5, 10, 15, 20}, 5);
    Npy.write(in.resolve("unsure.npy"), new double[] {1, Double.NaN, 1}, 3);
    Outcome unsure =
        run(
            "make",
            folder.resolve("unsure"),
            "--sequence",
            "responses=" + in.resolve("F.npy"),
            "--rate",
            "responses=10",
            "--transpose",
            "responses",
            "--keep",
            "responses=" + in.resolve("unsure.npy"));
    assertEquals(1, unsure.status(), unsure.out());
    assertTrue(
        unsure
            .err()
            .contains("unsure.npy: values: found NaN in row 1, expected 0, or another number"),
        unsure.err());
    Path root = folder.resolve("made");
    Outcome made =
        run(
            "make",
            root,
            "--sequence",
            "responses=" + in.resolve("F.npy"),
            "--rate",
            "responses=10",
            "--transpose",
            "responses",
            "--keep",
            "responses=" + in.resolve("iscell.npy"),
            "--sequence",
            "eye=" + in.resolve("pupil.csv"),
            "--times",
            "eye=time",
            "--spikes",
            "units=" + in.resolve("times.npy"),
            "--clusters",
            "units=" + in.resolve("clusters.npy"),
            "--start",
            "units=0",
            "--end",
            "units=30",
            "--data-key",
            "mouse");
    assertEquals(0, made.status(), made.err());
    assertTrue(made.out().contains("made " + root), made.out());
    double[] means = Npy.readDoubles(root.resolve("responses/meta/means.npy")).values();
    assertArrayEquals(new double[] {149.5, 2149.5}, means);
    assertArrayEquals(
        new double[] {149.5, 1}, Npy.readDoubles(root.resolve("eye/meta/means.npy")).values());
    assertArrayEquals(
        new long[] {0, 2}, Npy.readLongs(root.resolve("responses/meta/unit_ids.npy")));
    assertArrayEquals(new long[] {2, 5}, Npy.readLongs(root.resolve("units/meta/unit_ids.npy")));
    assertEquals(0, run("validate", root).status());
    String said = run("info", root).out();
    assertTrue(said.contains("300 x 2 float64 with times of its own"), said);
    Path plan =
        Files.writeString(
            in.resolve("plan.yaml"),
            """
            data_key: mouse
            meta: {rig: 3}
            devices:
              eye: {values: pupil.csv, columns: [x], rate: 10, start: 0}
              screen:
                frame_rate: 1
                trials:
                - {file: clip.npy, times: frames.npy, tier: train}
                - {blank: 128, time: 25}
              behavior: {intervals: trials.csv, start: 0, end: 30}
            """);
    Outcome planned = run("make", folder.resolve("planned"), plan);
    assertEquals(0, planned.status(), planned.err());
    assertTrue(Files.exists(folder.resolve("planned/behavior/left.npy")));
    assertTrue(Files.readString(folder.resolve("planned/meta.json")).contains("\"rig\" : 3"));
    assertEquals(1, run("make", folder.resolve("planned"), plan).status());
    assertEquals(0, run("make", folder.resolve("planned"), plan, "--replace").status());
    for (String[] wrong :
        new String[][] {
          {"devices: {a: {values: F.npy}}", "found neither rate nor times, expected one of them"},
          {"devices: {a: {rate: 1}}", "expected one of values, trials, spikes, intervals"},
          {"devices: {a: {values: F.npy, rate: 1, hertz: 2}}", "the key 'hertz'"},
          {"devices: {a: {values: none.npy, rate: 1}}", "no such file"},
          {"devices: {a: {values: trials.csv, rate: 1}}", "row 1, column label: found 'left'"},
          {"devices: {a: {values: F.npy, rate: -1}}", "expected a positive number of Hz"},
          {"devices: {a: {values: F.npy, times: frames.npy}}", "found 3, expected 5, as there are"},
          {"devices: {a: {intervals: pupil.csv}}", "expected one called start or start_time"},
          {"device: {}", "the key 'device'"},
          {"devices: {a: {values: pupil.csv, rate: 1, columns: [z]}}", "expected one called z"},
          {"devices: {../a: {values: F.npy, rate: 1}}", "the name of a device: found '../a'"},
          {"{data_key: '', devices: {a: {values: F.npy, rate: 1}}}", "found '', expected a text"},
          {"{data_key: 7, devices: {a: {values: F.npy, rate: 1}}}", "found 7, expected a text"},
          {"{meta: {data_key: []}, devices: {a: {values: F.npy, rate: 1}}}", "found [], expected"}
        }) {
      Path file = Files.writeString(in.resolve("wrong.yaml"), wrong[0]);
      Outcome refused = run("make", folder.resolve("wrong"), file);
      assertEquals(1, refused.status(), refused.err());
      assertTrue(refused.err().contains(wrong[1]), refused.err());
      assertFalse(refused.err().contains("\tat "), refused.err());
    }
    assertEquals(2, run("make", folder.resolve("wrong")).status());
    assertEquals(2, run("make", folder.resolve("wrong"), plan, "--rate", "x=1").status());
    assertFalse(Files.exists(folder.resolve("wrong")));
  }

  @Test
  void makeSaysWhatItTookAsNamesAndRefusesALineThatMayBeEither() throws Exception {
    Path csv = folder.resolve("first.csv");
    Path root = folder.resolve("first");
    String rows = "1,1.5\n2,2.5\n3,3.5\n";
    for (String[] taken :
        new String[][] {
          {"\uFEFF" + rows, "2 columns without names, 3 rows"},
          {"\uFEFFx,y\n" + rows, "columns x, y, 3 rows"},
          {"x,y\n" + rows.strip(), "the last line has no end"},
          {"0,1\n" + rows, "the first line, which counts from 0"},
          {"\"x, left\",\"y; \"\"right\"\"\"\n" + rows, "columns x, left, y; \"right\", 3 rows"},
          {"\"x, left\";y\n" + rows.replace(',', ';'), "columns x, left, y, 3 rows"},
          {"x, \"y\"\n\"1\", \"1.5\"\n2,3\n", "columns x, y, 2 rows"}
        }) {
      Files.writeString(csv, taken[0]);
      Outcome made = run("make", root, "--sequence", "e=" + csv, "--rate", "e=1", "--replace");
      assertEquals(0, made.status(), made.err());
      assertTrue(made.out().contains(taken[1]), made.out());
    }
    for (String[] wrong :
        new String[][] {
          {"NA,0.5\n" + rows, "line 1: found 'NA,0.5', expected names of columns without a number"},
          {"t,0,1\n1,2,3\n", "write a first line of names"},
          {",0,1\n0,1,2\n", "to_csv(index=False, header=False)"},
          {",x,y\n0,1,2\n", "line 1: found a column without a name"},
          {"0,5\n1,5\n2,5\n", "these may be decimal commas"},
          {"x;y\n0,5;1\n", "write decimal points"},
          {"x,y\n" + rows + "4", "line 5: found 1 values, expected 2"},
          {"x,y\n" + rows + "NA,4\n", "found 'NA', expected a number, or nothing"},
          {"x,y\n1f,2\n", "found '1f'"},
          {"\"x,y\n" + rows, "line 1: found a quotation mark without its second"},
          {"\"x\ny\",z\n" + rows, "line 1: found a quotation mark without its second"}
        }) {
      Files.writeString(csv, wrong[0]);
      Outcome refused = run("make", root, "--sequence", "e=" + csv, "--rate", "e=1", "--replace");
      assertEquals(1, refused.status(), refused.out());
      assertTrue(refused.err().contains(wrong[1]), refused.err());
    }
    // a column is that of its name, whatever the name holds
    Files.writeString(csv, "\"a, b\",c\n" + rows);
    Path plan = folder.resolve("quoted.yaml");
    Files.writeString(
        plan, "devices: {e: {values: first.csv, rate: 1, start: 0, columns: ['a, b']}}\n");
    Outcome named = run("make", folder.resolve("quoted"), plan, "--replace");
    assertEquals(0, named.status(), named.err());
    assertArrayEquals(
        new double[] {2}, Npy.readDoubles(folder.resolve("quoted/e/meta/means.npy")).values());
    Files.writeString(csv, "# time,x\n" + rows);
    Outcome unknown = run("make", root, "--sequence", "e=" + csv, "--times", "e=time", "-r");
    assertEquals(1, unknown.status());
    assertTrue(unknown.err().contains("columns # time, x, 3 rows"), unknown.err());
    Outcome many = run("make", root, "--spikes", "u=" + csv, "-r");
    assertTrue(many.err().contains("columns: found 2, expected 1"), many.err());
  }

  @Test
  void makeRefusesTimesThatWereRoundedTooFar() throws IOException {
    float[] late = new float[20];
    float[] early = new float[20];
    for (int i = 0; i < late.length; i++) {
      late[i] = 200_000 + i / 30f;
      early[i] = i / 30f;
    }
    Path values = folder.resolve("values.npy");
    Npy.write(values, new double[20], 20, 1);
    Path times = folder.resolve("times.npy");
    Path plan = folder.resolve("plan.yaml");
    for (String device :
        List.of(
            "{values: values.npy, times: times.npy}",
            "{spikes: times.npy}",
            "{intervals: pairs.npy}",
            "{trials: [{file: values.npy, times: times.npy, modality: video}]}")) {
      floats(times, late, 20);
      floats(folder.resolve("pairs.npy"), late, 10, 2);
      Files.writeString(plan, "devices: {a: " + device + "}");
      Outcome refused = run("make", folder.resolve("late"), plan);
      assertEquals(1, refused.status());
      assertTrue(
          refused
              .err()
              .contains(".npy: dtype: found float32, which has steps of 0.015625 s at 200000."),
          refused.err());
    }
    floats(times, early, 20);
    Files.writeString(plan, "devices: {a: {values: values.npy, times: times.npy}}");
    Outcome made = run("make", folder.resolve("early"), plan);
    assertEquals(0, made.status(), made.err());
  }

  @Test
  void infoTellsAMissingTierFromTextsThatLookSo() throws IOException {
    Path root = folder.resolve("tiers");
    Path image = folder.resolve("tier.npy");
    Npy.write(image, new double[4], 2, 2);
    Path plan = folder.resolve("tiers.yaml");
    Files.writeString(
        plan,
        "devices:\n  a: {values: tiered.npy, rate: 10}\n  s:\n    trials:\n"
            + Stream.of(
                    "", ", tier: none", ", tier: ''", ", tier: '1'", ", tier: 1", ", tier: train")
                .map(
                    tier ->
                        "    - {file: tier.npy, time: "
                            + (tier.length() + "0123456789".length())
                            + tier
                            + "}\n")
                .sorted()
                .collect(Collectors.joining()));
    Npy.write(folder.resolve("tiered.npy"), new double[600], 600, 1);
    Outcome made = run("make", root, plan, "-r");
    assertEquals(0, made.status(), made.err());
    String info = run("info", root).out();
    for (String row :
        List.of(
            "image  none",
            "image  'none'",
            "image  ''",
            "image  '1'",
            "image  1 ",
            "image  train")) {
      assertTrue(info.replaceAll(" {2,}", "  ").contains(row), row + "\n" + info);
    }
    String json = run("info", root, "--json").out().replaceAll("\\s", "");
    for (String tier : List.of("null", "\"none\"", "\"\"", "\"1\"", "1", "\"train\"")) {
      assertTrue(json.contains("\"tier\":" + tier + ",\"count\":1"), tier + "\n" + json);
    }
  }

  /** A float64 has not all of them: no other number is written in their place. */
  @Test
  void makeRefusesWholeNumbersThatItWouldRound() throws IOException {
    Path csv = folder.resolve("ids.csv");
    Path root = folder.resolve("ids");
    for (String id :
        List.of(
            "9007199254740993", "-9007199254740993", "9007199254740993.0", "1234567890123456789")) {
      Files.writeString(csv, "time,id\n0.0,1\n0.1," + id + "\n0.2,3\n");
      Outcome refused = run("make", root, "--sequence", "e=" + csv, "--times", "e=time", "-r");
      assertEquals(1, refused.status());
      assertTrue(
          refused
              .err()
              .contains(
                  "ids.csv: row 2, column id: found " + id + ", expected whole numbers of at most"),
          refused.err());
      assertTrue(refused.err().contains("as int64 to a .npy file"), refused.err());
    }
    // what float64 has, or was written from one
    for (String id :
        List.of("9007199254740992", "123456789012345680000", "1.2345678901234567e+30", "1e300")) {
      Files.writeString(csv, "time,id\n0.0,1\n0.1," + id + "\n0.2,3\n");
      Outcome made = run("make", root, "--sequence", "e=" + csv, "--times", "e=time", "-r");
      assertEquals(0, made.status(), made.err());
    }
    Path values = folder.resolve("some.npy");
    Npy.write(values, new double[3], 3, 1);
    ByteBuffer ticks = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    ticks.asLongBuffer().put(new long[] {1, 2, (1L << 53) + 1});
    Path times = folder.resolve("ticks.npy");
    NpyFile.write(times, "<i8", false, new long[] {3}, ticks.array());
    Outcome refused = run("make", root, "--sequence", "e=" + values, "--times", "e=" + times, "-r");
    assertEquals(1, refused.status());
    assertTrue(
        refused.err().contains("ticks.npy: value 2: found about 9007199254740992, expected whole"),
        refused.err());
    Path plan = folder.resolve("large.yaml");
    Files.writeString(plan, "devices: {s: {trials: [{blank: 9007199254740993, time: 0}]}}");
    refused = run("make", root, plan, "-r");
    assertTrue(
        refused
            .err()
            .contains("s.trials[0].blank: found 9007199254740993, expected a whole number"),
        refused.err());
    // metadata are kept as they are
    Files.writeString(
        plan,
        "devices: {s: {trials: [{file: some.npy, time: 0, id: 36893488147419103233}, {blank: 0, time: 9}]}}");
    assertEquals(0, run("make", root, plan, "-r").status());
    String written = Files.readString(root.resolve("s/combined_meta.json"));
    assertTrue(written.contains("36893488147419103233"), written);
  }

  private static void floats(Path file, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    NpyFile.write(file, "<f4", false, shape, bytes.array());
  }

  @Test
  void makeRefusesClustersThatAreNoWholeNumbers() {
    Path times = folder.resolve("spikes.npy");
    Path clusters = folder.resolve("of.npy");
    Npy.write(times, new double[] {1.5, 2}, 2);
    for (double wrong : new double[] {0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
      Npy.write(clusters, new double[] {1, wrong}, 2);
      Outcome refused =
          run("make", folder.resolve("u"), "--spikes", "u=" + times, "--clusters", "u=" + clusters);
      assertEquals(1, refused.status());
      assertTrue(
          refused.err().contains("cluster of spike 1: found " + wrong + ", expected whole"),
          refused.err());
    }
  }

  /** What a sorter or clustering gave to no unit is no unit. */
  @Test
  void makeWarnsOfSpikesOfNoUnit() {
    Path times = folder.resolve("noisy.npy");
    Path clusters = folder.resolve("noise.npy");
    double[] seconds = new double[60];
    double[] of = new double[60];
    for (int i = 0; i < 60; i++) {
      seconds[i] = i * 0.37;
      of[i] = i % 3 - 1;
    }
    Npy.write(times, seconds, 60);
    for (int least : new int[] {-1, 0}) {
      double[] ids = Arrays.stream(of).map(id -> id + least + 1).toArray();
      Npy.write(clusters, ids, 60);
      Path root = folder.resolve("noisy");
      String spikes = "u=" + times;
      Outcome made = run("make", root, "--spikes", spikes, "--clusters", "u=" + clusters, "-r");
      assertEquals(0, made.status(), made.err());
      Outcome found = run("validate", root);
      for (String text : new String[] {made.err(), found.out()}) {
        assertEquals(
            least == -1,
            text.contains("found the id -1 of unit 0, with 20 of 60 spikes")
                && text.contains("leave these out when writing"),
            text);
      }
    }
  }

  @Test
  void makeRefusesSecondsWhereSampleNumbersAreAskedFor() {
    Path times = folder.resolve("seconds.npy");
    Npy.write(times, new double[] {1, 2.5}, 2);
    Outcome refused = run("make", folder.resolve("u"), "--spikes", "u=" + times, "--rate", "u=100");
    assertEquals(1, refused.status());
    assertTrue(
        refused.err().contains("spike 1: found 2.5, expected a sample number"), refused.err());
    assertFalse(Files.exists(folder.resolve("u")));
  }

  @Test
  void twoValuesForOneDeviceAreRefused() {
    Path values = folder.resolve("twice.npy");
    Npy.write(values, new double[] {1, 2}, 2, 1);
    Path made = folder.resolve("twice");
    for (String[] more :
        new String[][] {
          {"--rate", "a=2"}, {"--sequence", "a=other.npy"}, {"--start", "a=1", "--start=a=2"}
        }) {
      List<Object> words =
          new ArrayList<>(List.of("make", made, "--sequence", "a=" + values, "--rate", "a=1"));
      words.addAll(List.of(more));
      Outcome refused = run(words.toArray());
      assertEquals(2, refused.status(), refused.out());
      assertTrue(refused.err().contains(more[0] + " a: found twice"), refused.err());
    }
    Outcome names =
        run("import", "nwb", "x.nwb", "--to", made, "--name", "b=c", "--name", "b=d", "-j");
    assertTrue(names.err().contains("--name b: found twice"), names.err());
    assertFalse(Files.exists(made));
  }

  @Test
  void recordingsThatAreBeingWrittenAreNoneOfAFolder() throws Exception {
    Path all = folder.resolve("all");
    try (RecordingWriter writer = RecordingWriter.create(all.resolve("one"))) {
      writer.sequence("a", 10, 0).append(new double[40], 2);
      writer.finish();
    }
    try (RecordingWriter writer = RecordingWriter.create(all.resolve("two"))) {
      writer.sequence("a", 10, 0).append(new double[40], 2);
      // what a killed process left has a meta.yml, too
      Path left = all.resolve(".one.writing-1/a");
      Files.createDirectories(left);
      Files.copy(all.resolve("one/a/meta.yml"), left.resolve("meta.yml"));
      Files.copy(all.resolve("one/a/data.mem"), left.resolve("data.mem"));
      Outcome found = run("stats", all, "--pooled", "--moments", "--json");
      assertEquals(0, found.status(), found.err());
      assertTrue(found.out().contains("\"counts\" : [ 20, 20 ]"), found.out());
      Outcome asked = run("validate", all.resolve(".one.writing-1"));
      assertTrue(asked.out().contains(".one.writing-1: 0 errors"), asked.out());
    }
  }

  private static Path image() {
    Path file = folder.resolve("image.npy");
    Npy.write(file, new double[] {1, 2, 3, 4}, 2, 2);
    return file;
  }

  @Test
  void decodeFillsTheCacheAndInfoShowsIt() throws Exception {
    Path encoded = EncodedRecording.make(folder.resolve("encoded"), 30);
    Path screen = encoded.resolve("screen");
    try (OwnCache _ = OwnCache.in(folder.resolve("cache"))) {
      assertTrue(run("info", encoded).out().contains("30 .png; 0 of 30 decoded"));
      Outcome decode = run("decode", encoded, recording);
      assertEquals(0, decode.status(), decode.err());
      assertEquals(1, run("decode", folder.resolve("nowhere"), recording).status());
      Outcome relative = run("decode", "no-such-recording");
      assertEquals(1, relative.status(), relative.err());
      assertTrue(
          relative.err().startsWith("syncline: no-such-recording: found no such file"),
          relative.err());
      assertTrue(decode.out().contains("30 files decoded, 0 of them before"), decode.out());
      assertTrue(decode.out().contains("no encoded files"), decode.out());
      assertTrue(run("info", encoded).out().contains("30 of 30 decoded"));
      assertEquals(0, run("validate", encoded).status());
      Files.write(screen.resolve("data/00003.png"), new byte[50]);
      Outcome damaged = run("decode", encoded);
      assertEquals(1, damaged.status(), damaged.err());
      assertTrue(damaged.out().contains("29 files decoded, 29 of them before; 1 damaged"));
      assertTrue(damaged.out().contains("error: " + screen.resolve("data/00003.png")));
      assertEquals(1, run("validate", encoded).status());
    }
  }

  @Test
  void linksThatLeaveAreNamedAndRefusedWhereTheSwitchSaysSo() throws Exception {
    Path root = folder.resolve("linked");
    Recordings.defaultConfig(root, 5).seconds(20).write();
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(root.resolve("treadmill/meta.yml"), elsewhere);
    Files.createSymbolicLink(root.resolve("treadmill/meta.yml"), elsewhere);
    assertEquals(0, run("info", root).status());
    Outcome validate = run("validate", root);
    assertEquals(0, validate.status());
    assertTrue(validate.out().contains("found a link to " + elsewhere), validate.out());
    System.setProperty("syncline.links", "refuse");
    try {
      assertEquals(1, run("validate", root).status());
      Outcome info = run("info", root);
      assertEquals(1, info.status());
      assertTrue(info.err().contains("found a link to " + elsewhere), info.err());
    } finally {
      System.clearProperty("syncline.links");
    }
  }

  @Test
  void checksumsAreWhatSha256sumPrints() throws Exception {
    Path root = folder.resolve("summed");
    Recordings.defaultConfig(root, 5).seconds(20).write();
    // as the shell does, which makes the file before the command begins
    Path list = Files.createFile(root.resolve("SHA256SUMS"));
    Outcome printed = run("checksums", root);
    assertEquals(0, printed.status(), printed.err());
    assertFalse(printed.out().contains("SHA256SUMS"), printed.out());
    for (String line : printed.out().lines().toList()) {
      byte[] content = Files.readAllBytes(root.resolve(line.substring(66)));
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(content);
      assertEquals(HexFormat.of().formatHex(sum) + "  ", line.substring(0, 66));
    }
    assertTrue(run("validate", root).out().contains("found an empty list"));
    Files.writeString(list, printed.out());
    assertFalse(run("validate", root).out().contains("SHA256SUMS"));
    Files.writeString(root.resolve("treadmill/new.txt"), "new");
    assertTrue(
        run("validate", root)
            .out()
            .contains("found a file that is not in the list: treadmill/new.txt"));
    assertFalse(run("validate", root, "--no-checksums").out().contains("SHA256SUMS"));
    System.setProperty("syncline.checksums", "verify");
    try {
      Outcome info = run("info", root);
      assertEquals(1, info.status());
      assertTrue(info.err().contains("SYNCLINE_CHECKSUMS=verify is set"), info.err());
      assertEquals(1, run("validate", root).status());
      assertEquals(0, run("demo", "-s", 25, "-n", 1, "-o", folder.resolve("sums.png")).status());
    } finally {
      System.clearProperty("syncline.checksums");
    }
    Outcome none = run("checksums", folder.resolve("none"));
    assertEquals(1, none.status());
    assertEquals("", none.out());
    assertTrue(none.err().contains("found nothing, expected a recording's folder"), none.err());
  }

  @Test
  void validateExitsWithOneWhereARecordingIsBroken() throws Exception {
    assertEquals(0, run("validate", recording).status());
    assertTrue(run("validate", folder.resolve("none")).out().contains(": 1 error, 0 warnings"));
    Path broken = folder.resolve("broken");
    Recordings.defaultConfig(broken, 6).seconds(20).write();
    Files.write(broken.resolve("responses/data.mem"), new byte[12]);
    Files.writeString(broken.resolve("treadmill/meta.yml"), "modality: tredmill\n");
    Outcome validate = run("validate", broken);
    assertEquals(1, validate.status());
    assertTrue(validate.out().contains("data.mem"), validate.out());
    assertTrue(validate.out().contains("tredmill"), validate.out());
    assertTrue(validate.out().contains("2 errors"), validate.out());
  }

  @Test
  void mistakesOfUsersAreMessages() throws Exception {
    Outcome missing = run("info", folder.resolve("nowhere"));
    assertEquals(1, missing.status());
    assertTrue(missing.err().contains("nowhere: found nothing"), missing.err());
    assertEquals(-1, missing.err().indexOf("\tat "), missing.err());
    Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "chunksize: 3\n");
    Outcome key = run("info", recording, "--config", wrong);
    assertEquals(1, key.status());
    assertTrue(key.err().contains("chunksize") && key.err().contains("wrong.yaml"), key.err());
    for (String[] mistake :
        new String[][] {
          {"time_gird: exact\n", "time_gird", "time_grid"},
          {"modality_config: {treadmill: {sampling_rat: 8}}\n", "sampling_rat", "sampling_rate"},
          {
            "modality_config: {treadmill: {transforms: {normalisation: normalize}}}\n",
            "normalisation",
            "normalization"
          },
          {
            "modality_config: {treadmill: {interpolation: {interpolation_mod: linear}}}\n",
            "interpolation_mod",
            "interpolation_mode"
          }
        }) {
      Files.writeString(wrong, mistake[0]);
      Outcome nearest = run("info", recording, "--config", wrong);
      assertEquals(1, nearest.status(), nearest.err());
      assertTrue(
          nearest.err().contains("wrong.yaml:1")
              && nearest.err().contains(mistake[1])
              && nearest.err().contains("did you mean '" + mistake[2] + "'"),
          nearest.err());
    }
    assertEquals(2, run("demo", "--no-such-option").status());
  }

  @Test
  void numbersThatMakeNoSenseAreWrongUsage() {
    Object[][] lines = {
      {"bench", recording, "--chunks", 0},
      {"bench", recording, "--batch-size", 0},
      {"bench", recording, "--threads", -1},
      {"bench", recording, "--latency", "--chunks", -5},
      {"demo", "--recording", recording, "--batch-size", -2},
      {"demo", "--recording", recording, "--batches", 0},
      {"demo", "--seconds", -1},
      {"demo", "--seconds", "NaN"},
      {"demo", "--recording", recording, "--picture", folder.resolve("nowhere/p.png")}
    };
    for (Object[] line : lines) {
      Outcome outcome = run(line);
      assertEquals(2, outcome.status(), outcome.err());
      assertTrue(
          outcome.err().contains("expected") || outcome.err().contains("no folder"), outcome.err());
      assertEquals(-1, outcome.err().indexOf("\tat "), outcome.err());
      assertEquals("", outcome.out());
    }
  }

  @Test
  void choicesOfStatisticsThatChangeNothingAreRefused() {
    Outcome refused = run("stats", recording, "--moments", "--quantiles", "0.5");
    assertEquals(2, refused.status());
    assertTrue(refused.err().contains("--quantiles has no effect beside --moments"), refused.err());
    assertEquals(0, run("stats", recording, "--moments", "-d", "treadmill").status());
    Outcome none = run("stats", recording, "--moments", "--quantiles", "none", "-d", "treadmill");
    assertEquals(0, none.status(), none.err());
    List<String> said = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            said.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger all = Logger.getLogger("");
    all.addHandler(handler);
    try {
      assertEquals(0, run("stats", recording, "--per-pixel", "-d", "treadmill").status());
    } finally {
      all.removeHandler(handler);
    }
    String text = said.toString();
    assertTrue(
        text.contains("statistics of each pixel are asked for, which none of treadmill has"), text);
  }

  @Test
  void wrongUsageIsShownInAFewLinesThatSayWhereHelpIs() {
    Object[][] lines = {
      {"stats", recording, "--threads", "few"},
      {"stats"},
      {"stats", recording, "--nosuch"},
      {"import", "nwb", "a.nwb"},
      {"plot", recording, "--to", "x.pdf"},
      {"nosuch"}
    };
    for (Object[] line : lines) {
      Outcome refused = run(line);
      assertEquals(2, refused.status(), refused.err());
      assertTrue(refused.err().startsWith("syncline: "), refused.err());
      assertTrue(refused.err().strip().endsWith(" has all options"), refused.err());
      assertTrue(refused.err().lines().count() <= 7, refused.err());
    }
    assertTrue(run("import", "nwb").err().contains("\nsyncline help import nwb has all options"));
    Object[][] said = {
      {"'few' is no whole number", "stats", recording, "--threads", "few"},
      {"'fast' is no number", "make", "new", "--sequence", "a=a.csv", "--rate", "a=fast"},
      {"Value of '--sequence' (NAME=FILE) has no =: a.csv", "make", "new", "--sequence", "a.csv"}
    };
    for (Object[] line : said) {
      String err = run(Arrays.copyOfRange(line, 1, line.length)).err();
      assertTrue(err.contains((String) line[0]), err);
    }
    assertTrue(run("help", "import", "nwb").out().startsWith("Usage: syncline import nwb "));
    assertEquals(run("help").out(), run().out());
  }

  @Test
  void filesThatAreMissingAreNamedWithARemedy() {
    Outcome missing = run("make", folder.resolve("new"), folder.resolve("nowhere.yaml"));
    assertEquals(1, missing.status());
    assertTrue(
        missing.err().contains("nowhere.yaml: found no such file, expected one; check the path"),
        missing.err());
  }

  @Test
  void missingMemoryIsAMessage() {
    // no array is so long, however large the heap
    Outcome bench =
        run("bench", recording, "--config", config, "--latency", "--chunks", Integer.MAX_VALUE);
    assertEquals(1, bench.status());
    assertTrue(bench.err().contains("memory"), bench.err());
    assertEquals(-1, bench.err().indexOf("\tat "), bench.err());
  }

  private static final Path NWB = Path.of("../nwb/src/test/resources/org/syncline/nwb");

  @Test
  void importListsAndWritesRecordings() throws Exception {
    Path file = NWB.resolve("session.nwb");
    Outcome list = run("import", "nwb", file, "--list");
    assertEquals(0, list.status(), list.err());
    assertTrue(list.out().contains("(--only frames)"), list.out());
    assertTrue(run("import", "nwb", file, "--list", "--json").out().contains("\"on_request\""));
    Path to = folder.resolve("imported");
    Object[] line = {
      "import",
      "nwb",
      file,
      "--to",
      to,
      "--only",
      "lfp,trials",
      "--name",
      "lfp=field",
      "--labels",
      "trials:stimulus",
      "--dtype",
      "float64",
      "--threads",
      2
    };
    Outcome first = run(line);
    assertEquals(0, first.status(), first.err());
    assertTrue(first.out().contains("6 intervals of left, right/up"), first.out());
    assertEquals(1000 * 4 * 8, Files.size(to.resolve("session/field/data.mem")));
    assertEquals(0, run("validate", to.resolve("session")).status());
    Outcome again = run(line);
    assertEquals(1, again.status());
    assertTrue(again.err().contains("there already"), again.err());
    Outcome replaced =
        run("import", "nwb", file, "--to", to, "--only", "units", "--replace", "--json");
    assertTrue(replaced.out().contains("\"spikes\""), replaced.out() + replaced.err());
  }

  @Test
  void importSaysWhatItLeavesOut() {
    Path to = folder.resolve("faulty");
    Outcome traps =
        run("import", "nwb", NWB.resolve("traps.nwb"), NWB.resolve("first.nwb"), "--to", to);
    assertEquals(1, traps.status());
    assertTrue(traps.out().contains("faulty:\n  acquisition/blosc"), traps.out());
    assertTrue(Files.exists(to.resolve("first/UnitTimes/spikes.npy")), traps.err());
    Outcome mended =
        run(
            "import",
            "nwb",
            NWB.resolve("traps.nwb"),
            "--to",
            to,
            "--only",
            "nan_times,no_rate",
            "--repair",
            "drop-nan-times",
            "--rate",
            "no_rate=10",
            "--tolerance",
            "0",
            "--replace");
    assertEquals(0, mended.status(), mended.err());
    Outcome filled =
        run(
            "import",
            "nwb",
            NWB.resolve("traps.nwb"),
            "--to",
            to,
            "--only",
            "nan_times",
            "--repair",
            "drop-nan-times",
            "--repair",
            "fill-gaps",
            "--replace");
    assertEquals(0, filled.status(), filled.err());
    assertTrue(filled.out().contains("fill-gaps: 2 of 10 steps were missing"), filled.out());
    Outcome several =
        run("import", "nwb", NWB.resolve("other.h5"), NWB.resolve("first.nwb"), "--to", to);
    assertEquals(1, several.status());
    assertTrue(several.err().contains("nwb_version"), several.err());
    assertTrue(several.err().contains("there already"), several.err());
  }

  @Test
  void importsThatMakeNoSenseAreWrongUsage() {
    Path file = NWB.resolve("session.nwb");
    Object[][] lines = {
      {"import"},
      {"import", "nwb", file},
      {"import", "nwb", file, "--list", "--to", folder},
      {"import", "nwb", file, "--to", folder, "--dtype", "int8"},
      {"import", "nwb", file, "--to", folder, "--repair", "mend"},
      {"import", "nwb", file, "--to", folder, "--labels", "trials"},
      {"import", "nwb", file, "--to", folder, "--rate", "lfp=-1"},
      {"import", "nwb", file, "--to", folder, "--tolerance", "0.5"},
      {"import", "nwb", file, "--to", folder, "--threads", 0}
    };
    for (Object[] line : lines) {
      Outcome outcome = run(line);
      assertEquals(2, outcome.status(), outcome.err());
      assertTrue(
          outcome.err().contains("expected")
              || outcome.err().contains("leave out")
              || outcome.err().contains("needs a format"),
          outcome.err());
    }
  }

  @Test
  void benchPrintsLatenciesAndThroughput() {
    Outcome latency = run("bench", recording, "--config", config, "--latency", "--chunks", 200);
    assertEquals(0, latency.status(), latency.err());
    assertTrue(latency.out().contains("p99.9"), latency.out());
    Outcome batches = run("bench", recording, "--config", config, "--chunks", 200);
    assertEquals(0, batches.status(), batches.err());
    assertTrue(batches.out().contains("chunks/s"), batches.out());
  }

  @Test
  void tablesOfManyBlocksAreWrittenRowByRow() throws IOException {
    int rows = 300_000;
    Path csv = folder.resolve("long.csv");
    try (var out = Files.newBufferedWriter(csv)) {
      out.write("x,t,y\n");
      for (int i = 0; i < rows; i++) {
        out.write(i + "," + i * 2 + ".5," + (i == 290_000 ? "" : "-" + i) + "\n");
      }
    }
    Path root = folder.resolve("long");
    Outcome made = run("make", root, "--sequence", "e=" + csv, "--times", "e=t");
    assertEquals(0, made.status(), made.err());
    assertTrue((made.out() + made.err()).contains("columns x, t, y, 300000 rows"), made.out());
    byte[] bytes = Files.readAllBytes(root.resolve("e/data.mem"));
    assertEquals(rows * 16L, bytes.length);
    var values = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int i : new int[] {0, 1, 262_143, 262_144, 289_999, 290_001, 299_999}) {
      assertEquals(i, values.getDouble(16 * i));
      assertEquals(-i, values.getDouble(16 * i + 8), 0.0);
    }
    assertTrue(Double.isNaN(values.getDouble(16 * 290_000 + 8)));
    double[] times = org.syncline.testdata.NpyFile.read(root.resolve("e/timestamps.npy")).doubles();
    assertEquals(rows, times.length);
    assertEquals(2 * 262_144 + 0.5, times[262_144]);

    Files.writeString(csv, Files.readString(csv).replace("280000,", "28x,"));
    Outcome wrong = run("make", root, "--sequence", "e=" + csv, "--times", "e=t", "--replace");
    assertEquals(1, wrong.status());
    assertTrue(wrong.err().contains("row 280001, column x: found '28x'"), wrong.err());
    assertEquals(rows * 16L, Files.size(root.resolve("e/data.mem")), "the one before is there");
  }
}
