/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.array.TensorSpec;
import org.syncline.error.ConfigException;
import org.syncline.loader.Batch;
import org.syncline.loader.SessionLoader;

/** Entries that say of which trial the points of a chunk are. */
@Tag("any-width")
class SampleOriginsTest {
  private static final String KEYS =
      "short_chunks: skip\nsafe_interval_threshold: 0\nout_keys: [a, timestamps, meta.tier, trial_index, meta.contrast, meta.seen, meta.mixed]\n";

  private static final String DEVICES =
      "modality_config:\n  a: {sampling_rate: 8, chunk_size: 5, offset: 0.3}\n";

  @TempDir Path root;

  private Path one;

  @BeforeEach
  void write() {
    one = recording("one", "0", "train", "test");
  }

  /** Trials from 1 s to 2 s, to 5 s and on; before them lies none. */
  private Path recording(String name, String key, String first, String second) {
    Path folder = root.resolve(name);
    new Handmade(folder).sequence("a", 8, 0, 12.375, 100, 1, i -> i);
    Handmade.write(folder.resolve("meta.json"), "{\"data_key\": \"" + name + key + "\"}");
    String trial = "\"modality\": \"video\", \"image_size\": [1, 1], ";
    Handmade.write(
        folder.resolve("a/combined_meta.json"),
        "{\"00000\": {"
            + trial
            + "\"num_frames\": 1, \"first_frame_idx\": 0, \"tier\": \""
            + first
            + "\", \"contrast\": 0.5, \"mixed\": 1},\"00001\": {"
            + trial
            + "\"num_frames\": 1, \"first_frame_idx\": 1, \"contrast\": 3, \"seen\": true, \"mixed\": \"b\"},"
            + "\"00002\": {"
            + trial
            + "\"num_frames\": 1, \"first_frame_idx\": 2, \"tier\": \""
            + second
            + "\", \"seen\": false}}");
    org.syncline.testdata.NpyFile.write(
        folder.resolve("a/timestamps.npy"), new double[] {1, 2, 5}, 3);
    return folder;
  }

  private static int[] ints(Tensor t) {
    int[] all = new int[(int) t.elements()];
    for (int i = 0; i < all.length; i++) {
      all[i] = t.data().get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
    }
    return all;
  }

  private static double real(Tensor t) {
    return t.data().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0);
  }

  @Test
  void entriesSayWhereSamplesComeFrom() {
    try (ChunkDataset d = Handmade.open(one, KEYS + DEVICES)) {
      List<String> keys = d.layout().stream().map(TensorSpec::key).toList();
      assertEquals(
          List.of("a", "meta.contrast", "meta.mixed", "meta.seen", "meta.tier", "trial_index", "a"),
          keys);
      assertEquals(List.of("test", "train"), d.categories("tier"));
      assertEquals(List.of("1", "b"), d.categories("mixed"));
      assertEquals(
          Map.of("meta.tier", List.of("test", "train"), "meta.mixed", List.of("1", "b")),
          d.categories(d.layout()));
      // the grid counts, not the lead's own times, which are 0.3 s later
      for (double start : new double[] {0.75, 1, 1.75, 1.77, 4.75, 6}) {
        try (Chunk chunk = d.itemAt(start)) {
          int[] expected = new int[5];
          for (int k = 0; k < 5; k++) {
            double t = start + k / 8.0;
            expected[k] = t < 1 ? -1 : t < 2 ? 0 : t < 5 ? 1 : 2;
          }
          assertArrayEquals(expected, ints(chunk.tensor("trial_index")), start + " s");
          int trial = expected[0];
          assertArrayEquals(
              new int[] {List.of(-1, 1, -1, 0).get(trial + 1)}, ints(chunk.tensor("meta.tier")));
          assertArrayEquals(
              new int[] {List.of(-1, 0, 1, -1).get(trial + 1)}, ints(chunk.tensor("meta.mixed")));
          assertEquals(
              List.of(Double.NaN, 0.5, 3.0, Double.NaN).get(trial + 1),
              real(chunk.tensor("meta.contrast")));
          assertEquals(
              List.of(Double.NaN, Double.NaN, 1.0, 0.0).get(trial + 1),
              real(chunk.tensor("meta.seen")));
          assertEquals(0, chunk.tensor("meta.seen").shape().length);
          assertEquals(ElementType.INT32, chunk.tensor("trial_index").type());
        }
      }
      assertEquals(
          List.of("a", "trial_index"),
          d.layout(ReadOptions.builder().outKeys(List.of("trial_index", "a")).build()).stream()
              .map(TensorSpec::key)
              .toList());
      String text =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> d.layout(ReadOptions.builder().outKeys(List.of("meta.teir")).build()))
              .getMessage();
      assertTrue(text.contains("did you mean 'meta.tier'?"), text);
      text = assertThrows(IllegalArgumentException.class, () -> d.categories("teir")).getMessage();
      assertTrue(text.contains("did you mean 'tier'?"), text);
      text =
          assertThrows(IllegalArgumentException.class, () -> d.categories("contrast")).getMessage();
      assertTrue(text.contains("are numbers"), text);
      text = assertThrows(IllegalArgumentException.class, () -> d.categories("seen")).getMessage();
      assertTrue(text.contains("the values of 'seen' are truth values (1 and 0), expected"), text);
    }
    List<String> warnings =
        Handmade.warnings(
            () -> {
              try (ChunkDataset d =
                  Handmade.open(one, "out_keys: [a, meta.teir, trail_index]\n" + DEVICES)) {
                assertEquals(1, d.layout().size());
              }
            });
    assertTrue(warnings.toString().contains("did you mean 'meta.tier'?"), warnings.toString());
    assertTrue(warnings.toString().contains("did you mean 'trial_index'?"), warnings.toString());
  }

  /** A camera's or a database's ids: as float64 two of them may be one. */
  @Test
  void wholeNumbersThatFloat64RoundsAreSaidAndComparedExactly() {
    String config =
        "short_chunks: skip\nsafe_interval_threshold: 0\nout_keys: [a, meta.id]\n"
            + "modality_config:\n  a: {sampling_rate: 8, chunk_size: 5";
    for (String[] ids :
        new String[][] {
          {"9007199254740992", "9007199254740993"},
          {"36893488147419103232", "36893488147419103233"},
          {"-36893488147419103232", "-36893488147419103231"},
          {"7", "9007199254740992"}
        }) {
      Handmade.write(
          one.resolve("a/combined_meta.json"),
          "{\"00000\": {\"modality\": \"video\", \"image_size\": [1, 1], \"num_frames\": 1,"
              + " \"first_frame_idx\": 0, \"id\": "
              + ids[0]
              + "}, \"00001\": {\"modality\": \"video\", \"image_size\": [1, 1], \"num_frames\": 2,"
              + " \"first_frame_idx\": 1, \"id\": "
              + ids[1]
              + "}}");
      List<String> said =
          Handmade.warnings(() -> Handmade.open(one, config + "}\n").close()).stream()
              .filter(w -> w.contains("meta.id"))
              .toList();
      if (ids[0].equals("7")) {
        assertEquals(List.of(), said);
      } else {
        assertEquals(1, said.size(), said::toString);
        assertTrue(
            said.getFirst()
                .contains(
                    "meta.id: found "
                        + ids[1]
                        + " of trial 1, expected whole numbers of at most 2^53"),
            said.getFirst());
        assertTrue(said.getFirst().contains("as float64 it is " + ids[0] + ","), said.getFirst());
      }
      for (String wanted : ids) {
        try (ChunkDataset d =
            Handmade.open(
                one,
                config.replace(", meta.id", "") + ", valid_condition: {id: " + wanted + "}}\n")) {
          String text = d.explain().toString();
          assertTrue(text.contains("{id: " + wanted + "}: 1 of 2 trials"), text);
        }
      }
    }
  }

  @Test
  void categoriesOfAKeyThatNoTrialHasAreSaid() {
    for (String key : new String[] {"teir", "tier"}) {
      List<String> warnings =
          Handmade.warnings(
              () ->
                  Handmade.open(
                          one,
                          "categories: {"
                              + key
                              + ": [train, test]}\nout_keys: [a, meta.tier]\n"
                              + DEVICES)
                      .close());
      List<String> said = warnings.stream().filter(w -> w.contains("categories has")).toList();
      assertEquals(key.equals("teir") ? 1 : 0, said.size(), said::toString);
      assertTrue(said.isEmpty() || said.getFirst().contains("did you mean 'tier'?"));
    }
  }

  @Test
  void numbersAmongTextsAreSaid() throws IOException {
    for (String categories : new String[] {"", "categories: {mixed: [b, '1']}\n"}) {
      List<String> said =
          Handmade.warnings(() -> Handmade.open(one, categories + KEYS + DEVICES).close());
      said = said.stream().filter(w -> w.contains("meta.")).toList();
      assertEquals(categories.isEmpty() ? 1 : 0, said.size(), said::toString);
      assertTrue(
          said.isEmpty()
              || said.getFirst().contains("meta.mixed: found numbers, as 1, and texts, as 'b'"),
          said::toString);
    }
    Path trials = one.resolve("a/combined_meta.json");
    Files.writeString(trials, Files.readString(trials).replace("\"mixed\": 1", "\"mixed\": true"));
    String said = Handmade.warnings(() -> Handmade.open(one, KEYS + DEVICES).close()).toString();
    assertTrue(said.contains("meta.mixed: found truth values, as true, and texts, as 'b'"), said);
  }

  @Test
  void devicesNamedAsEntriesAreErrors() {
    for (String name : new String[] {"timestamps", "trial_index", "meta.tier", "mask.a"}) {
      new Handmade(one).sequence(name, 8, 0, 12.375, 100, 1, i -> i);
      String both = DEVICES + "  " + name + ": {sampling_rate: 8, chunk_size: 5}\n";
      ConfigException error =
          assertThrows(
              ConfigException.class, () -> Handmade.open(one, "short_chunks: pad\n" + both));
      assertTrue(error.getMessage().contains("modality_config." + name), error.getMessage());
      assertTrue(error.getMessage().contains("rename the device's folder"), error.getMessage());
    }
    // without padding there are no masks, and the name is free
    Handmade.open(one, DEVICES + "  mask.a: {sampling_rate: 8, chunk_size: 5}\n").close();
  }

  @Test
  void withoutTrialsNoneIsMinusOne() {
    new Handmade(one).sequence("b", 8, 0, 12.375, 100, 1, i -> i);
    String text = "out_keys: [b, trial_index]\n" + DEVICES.replace("a:", "b:");
    try (ChunkDataset d = Handmade.open(one, text);
        Chunk chunk = d.item(3)) {
      assertArrayEquals(new int[] {-1, -1, -1, -1, -1}, ints(chunk.tensor("trial_index")));
    }
  }

  @Test
  void recordingsHaveTheSameCodesByTheConfigurationsList() {
    Path two = recording("two", "1", "oracle", "train");
    String listed = "categories: {tier: [train, test, oracle]}\n";
    for (String more : new String[] {"", listed}) {
      var config = Handmade.config(more + KEYS + DEVICES);
      List<String> warnings =
          Handmade.warnings(
              () -> {
                try (SessionLoader loader =
                    SessionLoader.builder()
                        .add(one, config)
                        .add(two, config)
                        .batchSize(2)
                        .build()) {
                  for (Batch batch : loader.remaining()) {
                    try (batch) {
                      List<String> categories = loader.categories(batch.session()).get("meta.tier");
                      assertEquals(more.isEmpty() ? 2 : 3, categories.size());
                      int[] codes = ints(batch.tensor("meta.tier"));
                      int[] trials = ints(batch.tensor("trial_index"));
                      assertEquals(codes.length * 5, trials.length);
                      for (int k = 0; k < codes.length; k++) {
                        String expected =
                            trials[5 * k] == 1
                                ? null
                                : (trials[5 * k] == 0) == (batch.session() == 0)
                                    ? "train"
                                    : batch.session() == 0 ? "test" : "oracle";
                        assertEquals(expected, codes[k] < 0 ? null : categories.get(codes[k]));
                      }
                    }
                  }
                }
              });
      assertEquals(
          more.isEmpty(),
          warnings.toString().contains("mean something else in one0"),
          warnings.toString());
    }
    List<String> warnings =
        Handmade.warnings(
            () ->
                Handmade.open(one, "categories: {tier: [train, tests]}\n" + KEYS + DEVICES)
                    .close());
    assertTrue(
        warnings.toString().contains("lacks test, whose code is -1; did you mean 'tests'?"),
        warnings.toString());
    for (String wrong : List.of("{tier: train}", "{tier: [1]}", "{tier: [a, a]}", "[a]")) {
      assertThrows(
          ConfigException.class, () -> Handmade.config("categories: " + wrong + "\n" + DEVICES));
    }
    var config = Handmade.config(listed + DEVICES);
    assertEquals(config, Handmade.config(config.toJson()));
    assertEquals(Arrays.asList("train", "test", "oracle"), config.categories().get("tier"));
  }
}
