/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.array.ElementType;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Interpolator;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.filter.Filter;
import org.syncline.interval.TimeInterval;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.SessionLoader;

/** A recording of 12.5 s at 8 Hz with two trials of 5 and 7.5 s, tiers train and test. */
class ExplanationTest {
  private static final String ONE =
      "safe_interval_threshold: 0.5\nmodality_config:\n  a: {sampling_rate: 8, chunk_size: 5}\n";

  @TempDir Path root;

  @BeforeEach
  void write() {
    new Handmade(root).sequence("a", 8, 0, 12.375, 100, 1, i -> i);
    Handmade.write(
        root.resolve("a/combined_meta.json"),
        "{\"00000\": {\"modality\": \"video\", \"num_frames\": 40, \"first_frame_idx\": 0, \"image_size\": [1, 1],"
            + " \"tier\": \"train\", \"valid_trial\": true},"
            + " \"00001\": {\"modality\": \"video\", \"num_frames\": 60, \"first_frame_idx\": 40, \"image_size\": [1, 1],"
            + " \"tier\": \"test\", \"valid_trial\": false}}");
  }

  private static String with(String more) {
    return ONE.replace("5}", "5, " + more + "}");
  }

  private static Map<String, Long> counts(ChunkDataset dataset) {
    Map<String, Long> counts = new LinkedHashMap<>();
    dataset.explain().steps().forEach(s -> counts.put(s.name(), s.left()));
    return counts;
  }

  @Test
  void everyStepSaysWhatItLeaves() {
    Registry registry =
        Registry.builder()
            .filter("early", target -> device -> List.of(new TimeInterval(0, 4)))
            .filter(
                "gap", target -> d -> List.of(new TimeInterval(0, 2), new TimeInterval(2.25, 9)))
            .build();
    String config =
        with(
            "sample_stride: 3, valid_condition: {tier: train},"
                + " filters: {one: {_target_: early}, two: {_target_: gap}}");
    try (ChunkDataset d = ChunkDataset.open(root, Handmade.config(config), registry)) {
      Map<String, Long> counts = counts(d);
      assertEquals(
          List.of(
              "grid_points",
              "valid_range",
              "valid_condition",
              "a.filters.one",
              "a.filters.two",
              "whole_chunks",
              "short_chunks",
              "sample_stride",
              "chunks"),
          List.copyOf(counts.keySet()));
      // 0.5 … 11.75 make 91; below 5 s 36; below 4 s 28; without 2 and 2.125 26, runs of 12 and 14
      assertEquals(
          List.of(99L, 91L, 36L, 28L, 26L, 8L + 10, 18L, 6L, 6L), List.copyOf(counts.values()));
      assertEquals(6, d.length());
      assertEquals(d.fullValidSampleTimes(true).length, counts.get("short_chunks").intValue());
      assertEquals(List.of(), d.explain().advice());
      String text = d.explain().toString();
      assertTrue(text.contains("valid_condition         36  {tier: train}: 1 of 2 trials"), text);
      assertTrue(text.contains("5 points each, the longest stretch has 14"), text);
    }
  }

  @Test
  void textsThatLookLikeNumbersAreQuotedInConditions() {
    for (String[] each : new String[][] {{"'1'", "'1'"}, {"1", "1"}, {"''", "''"}, {"x", "x"}}) {
      try (ChunkDataset d =
          Handmade.open(root, with("valid_condition: [{tier: train}, {tier: " + each[0] + "}]"))) {
        String text = d.explain().toString();
        assertTrue(text.contains("{tier: train} or {tier: " + each[1] + "}: 1 of 2"), text);
      }
    }
  }

  @Test
  void entriesThatAreNamedTwiceOrNotAtAllAreSaid() {
    for (String[] each :
        new String[][] {
          {"[a, a]", "out_keys has 'a' twice, which is one entry"},
          {"[]", "out_keys is empty, and chunks hold nothing"},
          {"[a, timestamps]", null}
        }) {
      List<String> said =
          Handmade.warnings(() -> Handmade.open(root, "out_keys: " + each[0] + "\n" + ONE).close());
      assertEquals(each[1] == null ? 0 : 1, said.size(), said::toString);
      assertTrue(each[1] == null || said.getFirst().contains(each[1]), said::toString);
    }
    try (ChunkDataset d = Handmade.open(root, ONE)) {
      List<String> said =
          Handmade.warnings(
              () ->
                  ChunkLoader.builder()
                      .dataset(d)
                      .outKeys(List.of("timestamps", "timestamps"))
                      .types(Map.of("a", ElementType.FLOAT32))
                      .build()
                      .close());
      assertEquals(2, said.size(), said::toString);
      assertTrue(
          said.getFirst().contains("loader: out_keys has 'timestamps' twice"), said::toString);
      assertTrue(
          said.getLast()
              .contains("loader: types.a changes nothing, for out_keys leaves that device out"),
          said::toString);
      ConfigException e =
          assertThrows(
              ConfigException.class, () -> ChunkLoader.builder().option("out_keys", List.of()));
      assertTrue(e.getMessage().contains("out_keys: found an empty list"), e.getMessage());
    }
  }

  @Test
  void chunksThatAreLeftOutCountAsAStep() {
    new Handmade(root).sequence("b", 8, 0, 12.375, 100, 1, i -> i);
    String both = with("") + "  b: {sampling_rate: 8, chunk_size: 5, offset: 1}\n";
    try (ChunkDataset d = Handmade.open(root, "short_chunks: skip\n" + both)) {
      Map<String, Long> counts = counts(d);
      assertTrue(counts.get("short_chunks") < counts.get("whole_chunks"), counts.toString());
      assertEquals(d.length(), counts.get("chunks").intValue());
    }
    List<String> warnings =
        Handmade.warnings(
            () -> {
              try (ChunkDataset d = Handmade.open(root, both)) {
                assertEquals(counts(d).get("whole_chunks"), counts(d).get("short_chunks"));
                assertTrue(
                    d.explain().toString().contains("they raise an error when they are read"));
              }
            });
    assertTrue(warnings.toString().contains("short_chunks: skip"), warnings.toString());
  }

  /** Opens with a condition, and asserts what its warnings contain. */
  private void assertWarns(String condition, String... texts) {
    String config = with("valid_condition: " + condition);
    List<String> warnings = Handmade.warnings(() -> Handmade.open(root, config).close());
    for (String text : texts) {
      assertTrue(
          warnings.stream().anyMatch(w -> w.contains(text) && w.contains(root.toString())),
          condition + ": " + warnings);
    }
    if (texts.length == 0) {
      assertEquals(List.of(), warnings);
    }
  }

  @Test
  void namesThatMatchNoTrialAreWarnings() {
    assertWarns("{tier: train}");
    assertWarns("[{tier: train}, {valid_trial: true}]");
    assertWarns("{tier: train, valid_trial: 1.0}");
    assertWarns(
        "{teir: train}",
        "no trial has the key 'teir'; did you mean 'tier'? Keys: modality, num_frames",
        "found no chunks: grid_points 99, valid_range 91, valid_condition 0 ({teir: train}: 0 of 2");
    assertWarns(
        "{tier: Train}",
        "no trial has tier: 'Train'; did you mean 'train'? Values: 'train', 'test'");
    assertWarns(
        "[{tier: train}, {ties: test}]", "no trial has the key 'ties'; did you mean 'tier'?");
    // a key that no trial has counts as "blank", so that every trial matches
    assertWarns("{teir: blank}", "no trial has the key 'teir'");
    assertWarns("{valid_trial: 'true'}", "no trial has valid_trial: 'true'; did you mean true?");
    assertWarns("{valid_trial: 7}", "no trial has valid_trial: 7; Values: true, false");
    assertWarns(
        "{tier: train, valid_trial: false}",
        "no trial has all of {tier: train, valid_trial: false}, though some have each of them");
    assertWarns("{tier: [train, test]}", "a map of its own for each value");
    assertWarns("[]", "an empty list of conditions matches no trial");
    assertWarns("[{tier: train}, {}]", "an empty map of conditions matches no trial");
  }

  /** Makes trials of 90 rows, all as long, with this metadata, the last without end. */
  private void trials(String... metadata) {
    int rows = 90 / metadata.length;
    StringBuilder text = new StringBuilder("{");
    for (int k = 0; k < metadata.length; k++) {
      text.append(k == 0 ? "" : ", ")
          .append("\"0000" + k + "\": {\"first_frame_idx\": " + rows * k)
          .append(", \"num_frames\": " + rows + ", \"image_size\": [1, 1], " + metadata[k] + "}");
    }
    Handmade.write(root.resolve("a/combined_meta.json"), text.append('}').toString());
  }

  @Test
  void trialsThatConditionsTakeForBlanksAreWarnings() {
    String train = "\"modality\": \"video\", \"tier\": \"train\"";
    String odd = "trial with frames (00001) has no tier but 'Tier', while 2 have one";
    trials(train, "\"modality\": \"video\", \"Tier\": \"test\"", train);
    assertWarns("{tier: train}, include_blanks: true", odd, "include_blanks adds what it shows");
    assertWarns("[{tier: train}, {tier: blank}]", odd);
    // nobody asks for blanks
    assertWarns("{tier: train}");
    trials(train, "\"modality\": \"video\", \"tier\": null", "\"modality\": \"video\"");
    assertWarns(
        "{tier: train}, include_blanks: true",
        "2 trials with frames (00001, 00002) have no tier, while 1 has one");
    trials(train, "\"modality\": \"video\", \"tier\": \"None\"", train);
    assertWarns(
        "{tier: train}, include_blanks: true",
        "1 trial (00001) has tier: 'None', a value like any other");
    trials(train, "\"modality\": \"video\", \"tier\": [\"train\"]", train);
    assertWarns(
        "{tier: train}", "trials with tier: [train] are left out, for a list equals no value");
    // blanks have none, and a recording may have no tiers at all
    trials(train, "\"modality\": \"video\", \"tier\": \"test\"", train);
    assertWarns("{tier: train}, include_blanks: true");
  }

  @Test
  void masksWarnOfTheSame() {
    try (ChunkDataset d = Handmade.open(root, ONE)) {
      var wrong = List.of(org.syncline.config.TrialCondition.of("tier", "trian"));
      List<String> warnings =
          Handmade.warnings(
              () -> {
                d.conditionMask(wrong);
                d.sampleMask(1, wrong, true);
              });
      assertEquals(2, warnings.stream().filter(w -> w.contains("did you mean 'train'?")).count());
    }
  }

  @Test
  void normalisationThatIsDoneTwiceOrNotAtAllIsAWarning() {
    new Handmade(root)
        .sequence("b", 8, 0, 12.375, 100, 1, i -> i)
        .statistics("b", new double[] {1}, new double[] {2});
    String b = ONE + "  b: {sampling_rate: 8, chunk_size: 5, ";
    List<String> twice =
        Handmade.warnings(
            () ->
                Handmade.open(
                        root,
                        b
                            + "interpolation: {normalize: true}, transforms: {normalization: normalize}}\n")
                    .close());
    assertEquals(1, twice.size(), twice.toString());
    assertTrue(twice.get(0).contains("modality_config.b: values are normalised twice"));
    List<String> never =
        Handmade.warnings(
            () ->
                Handmade.open(root, b + "interpolation: {normalize_subtract_mean: true}}\n")
                    .close());
    assertEquals(1, never.size(), never.toString());
    assertTrue(never.get(0).contains("normalize_subtract_mean has no effect"));
  }

  @Test
  void framesThatAreNormalisedTwiceAreAWarning() {
    new Handmade(root)
        .screen(0, 30, List.of(Handmade.video(300)))
        .statistics("screen", new double[] {80}, new double[] {60});
    String normalize = "{_target_: Normalize, mean: 80, std: 60}";
    String scale = "{_target_: Normalize, mean: 0, std: 255}";
    assertTrue(ofScreen("a: " + normalize).isEmpty());
    assertTrue(ofScreen("a: " + scale + ", b: " + normalize).isEmpty());
    for (String twice :
        List.of(
            "a: " + normalize + ", b: " + normalize,
            "a: " + normalize + ", normalization: normalize",
            "a: " + normalize + ", normalization: screen_default")) {
      List<String> said = ofScreen(twice);
      assertTrue(
          said.stream()
              .anyMatch(
                  w ->
                      w.contains(
                          "modality_config.screen: values are normalised twice, by a transform Normalize and by ")),
          said.toString());
    }
  }

  private List<String> ofScreen(String transforms) {
    String config =
        "modality_config:\n  screen: {sampling_rate: 30, chunk_size: 5, transforms: {"
            + transforms
            + "}}\n";
    return Handmade.warnings(() -> Handmade.open(root, config).close());
  }

  @Test
  void anOffsetOfTheScreenWhoseConditionCountsIsAWarning() {
    new Handmade(root)
        .screen(
            0,
            30,
            List.of(Handmade.video(150, "tier", "train"), Handmade.video(150, "tier", "test")));
    // no chunk ends where the second trial begins
    String config =
        "safe_interval_threshold: 0.51\nmodality_config:\n  screen: {sampling_rate: 30, chunk_size: 5, valid_condition: {tier: train}, offset: ";
    assertEquals(List.of(), Handmade.warnings(() -> Handmade.open(root, config + "0}\n").close()));
    List<String> said = Handmade.warnings(() -> Handmade.open(root, config + "-0.2}\n").close());
    assertTrue(
        said.toString().contains("modality_config.screen.offset is -0.2 s"), said.toString());
  }

  @Test
  void anOffsetInMillisecondsIsAWarning() {
    new Handmade(root).sequence("b", 8, 0, 200, 1600, 1, i -> i);
    String config =
        "short_chunks: skip\nmodality_config:\n  b: {sampling_rate: 8, chunk_size: 8, offset: ";
    for (String sound : List.of("0.05", "-9.5")) {
      assertEquals(
          List.of(), Handmade.warnings(() -> Handmade.open(root, config + sound + "}").close()));
    }
    for (String wrong : List.of("50", "-50")) {
      String said =
          Handmade.warnings(() -> Handmade.open(root, config + wrong + "}").close()).toString();
      assertTrue(said.contains("modality_config.b.offset is " + wrong + ".0 s, over"), said);
    }
  }

  @Test
  void aRateFarAboveTheStoredOneIsAWarning() {
    new Handmade(root).sequence("ms", 0.008, 0, 12375, 100, 1, i -> i);
    String config = "modality_config:\n  ms: {chunk_size: 5, sampling_rate: ";
    assertEquals(
        List.of(), Handmade.warnings(() -> Handmade.open(root, config + "0.5}\n").close()));
    List<String> said = Handmade.warnings(() -> Handmade.open(root, config + "8}\n").close());
    assertTrue(
        said.toString()
            .contains("modality_config.ms.sampling_rate is 8.0 Hz, over a hundred times"),
        said.toString());
  }

  @Test
  void statisticsThatMakeColumnsNaNAreSaid() {
    new Handmade(root)
        .sequence("b", 8, 0, 12.375, 100, 2, i -> i == 7 ? Double.POSITIVE_INFINITY : i)
        .sequence("responses", 8, 0, 12.375, 100, 2, i -> i)
        .statistics("responses", new double[] {1, 1}, new double[] {-2, 6});
    String b = "modality_config:\n  b: {sampling_rate: 8, chunk_size: 5, transforms: {";
    List<String> said =
        Handmade.warnings(
            () -> Handmade.open(root, b + "normalization: recompute_behavior}}\n").close());
    assertTrue(
        said.toString().contains("computed statistics that are NaN or infinite, of columns 1,"),
        said.toString());
    for (String wrong :
        List.of("means: .nan, stds: 1", "means: 1, stds: .inf", "means: 1, stds: 1.0e-320")) {
      assertThrows(
          ConfigException.class,
          () -> Handmade.open(root, b + "normalization: {" + wrong + "}}}\n").close(),
          wrong);
    }
    assertThrows(
        ConfigException.class,
        () -> Handmade.open(root, b + "normalization: false, normalize: true}}\n").close());
    String r = "modality_config:\n  responses: {sampling_rate: 8, chunk_size: 5, ";
    said =
        Handmade.warnings(
            () ->
                Handmade.open(root, r + "transforms: {normalization: normalize_variance_only}}\n")
                    .close());
    assertTrue(said.toString().contains("1 of 2 are negative"), said.toString());
    said =
        Handmade.warnings(
            () -> Handmade.open(root, r + "interpolation: {normalize: true}}\n").close());
    assertTrue(said.toString().contains("1 below 0"), said.toString());
  }

  @Test
  void tiersThatDifferInCaseOrBlanksAloneAreWarnings() throws Exception {
    Path trials = root.resolve("a/combined_meta.json");
    Handmade.write(trials, Files.readString(trials).replace("\"test\"", "\"Train \""));
    assertWarns(
        "{tier: train}",
        "trials with tier: 'Train ' are left out, whose text is not exactly 'train'");
    String both = "{tier: 'Train ', valid_trial: %s}";
    assertWarns("[{tier: train}, " + both.formatted(false) + "]");
    assertWarns(
        "[{tier: train}, {tier: 'Train '}]",
        "1 trial has valid_trial: false and is read like the others; valid_trial: true among the"
            + " conditions leaves it out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0.5 | \"0.5\" | '0.5'",
        "1 | \" 1.0 \" | ' 1.0 '",
        "\"0.5\" | 0.5 | 0.5",
        "true | \"True\" | 'True'",
        "\"true\" | true | true",
        "0.3 | 0.30000000000000004 | 0.30000000000000004",
        "0.1 | 0.10000000149011612 | 0.10000000149011612",
        "\"\\u00e9\" | \"e\\u0301\" | 'e\u0301'",
        "0.5 | 0.51 |",
        "20230115 | 20230116 |",
        "0.5 | \"0.5 Hz\" |",
        "true | \"yes\" |",
      })
  void valuesThatLookAlikeAndAreNotAreWarnings(String wanted, String other, String named) {
    String video = "\"modality\": \"video\", \"c\": ";
    trials(video + wanted, video + other, video + wanted);
    String condition = "{c: " + wanted + "}";
    assertWarns(
        condition,
        named == null ? new String[0] : new String[] {"trials with c: " + named + " are left out"});
    // where no trial has the wanted one, the other is what was meant
    trials(video + other, video + other);
    assertWarns(
        condition, named == null ? "no trial has c: " : "did you mean " + named + "?", "Values: ");
  }

  @Test
  void aConditionThatIsNanIsSaidToEqualNothing() {
    trials("\"modality\": \"video\", \"c\": NaN", "\"modality\": \"video\", \"c\": 1");
    assertWarns("{c: .nan}", "no trial has c: NaN, which equals nothing; Values: NaN, 1");
  }

  @Test
  void aSingleTrialWithASlipIsAWarning() {
    String[] tiers = {"train", "train", "trian", "train", "test"};
    for (String tier : List.of("trian", "tain", "train", "train2", "oracle")) {
      tiers[2] = tier;
      trials(
          Arrays.stream(tiers)
              .map(t -> "\"modality\": \"video\", \"tier\": \"" + t + "\"")
              .toArray(String[]::new));
      boolean slip = tier.equals("trian") || tier.equals("tain");
      assertWarns(
          "{tier: train}",
          slip ? new String[] {"one trial has tier: '" + tier + "'"} : new String[0]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'[3, 2]', '[3, 2]', true", "'[6, 4]', '[6, 4]', true", "'[2, 3]', '[4, 6]', false",
    "'[4, 4]', '[4, 4]', false", "'[3, 3]', '[5, 3]', false", "'[2, 2]', '2', false",
  })
  void sizesInTheOrderOfOtherLibrariesAreWarnings(String rescaled, String resized, boolean turned) {
    new Handmade(root.resolve("r")).screen(0, 10, List.of(Handmade.video(60)));
    String start =
        "time_grid: exact\nmodality_config: {screen: {sampling_rate: 10, chunk_size: 5, ";
    String own = "interpolation: {rescale: true, rescale_size: " + rescaled + "}}}";
    List<String> said =
        Handmade.warnings(() -> Handmade.open(root.resolve("r"), start + own).close());
    assertEquals(turned ? 1 : 0, said.size(), said::toString);
    assertTrue(
        !turned || said.getFirst().contains("rescale_size: found " + rescaled), said::toString);
    String transform =
        "transforms: {a: {_target_: Normalize, mean: [1], std: [2]}, b: {_target_: Resize, size: "
            + resized
            + "}}}}";
    said = Handmade.warnings(() -> Handmade.open(root.resolve("r"), start + transform).close());
    assertEquals(turned ? 1 : 0, said.size(), said::toString);
    assertTrue(
        !turned
            || said.getFirst()
                .contains(
                    "a Resize to size "
                        + resized
                        + " squeezes frames of [2, 3] to the reverse of their proportions"),
        said::toString);
  }

  @Test
  void roundingThatChangesTheSpeedIsAWarning() {
    String config = ONE.replace("modality", "interpolate_precision: 2\nmodality");
    List<String> warnings = Handmade.warnings(() -> Handmade.open(root, config).close());
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(
        warnings
            .get(0)
            .contains(
                "modality_config.a: interpolate_precision 2 makes its period of 0.125 s one of"
                    + " 0.12 s, so that a chunk spans 96 % of its time"),
        warnings.toString());
    assertEquals(
        List.of(),
        Handmade.warnings(() -> Handmade.open(root, "time_grid: exact\n".concat(config)).close()));
  }

  @Test
  void nanFiltersThatLeaveNothingOutAreWarnings() {
    String config =
        with("filters: {nan: {__target__: nan_filter, __partial__: true, vicinity: 0}}");
    List<String> warnings = Handmade.warnings(() -> Handmade.open(root, config).close());
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.get(0).contains("nan_filter.vicinity: found 0"), warnings.toString());
  }

  @Test
  void keysThatOnlyTheLeadHasAreWarnings() {
    new Handmade(root).sequence("b", 8, 0, 12.375, 100, 1, i -> i);
    String config =
        ONE
            + "  b: {sampling_rate: 8, chunk_size: 5, sample_stride: 2, valid_condition: {tier: train}}\n";
    List<String> warnings = Handmade.warnings(() -> Handmade.open(root, config).close());
    assertEquals(2, warnings.size(), warnings.toString());
    List<String> blanks =
        Handmade.warnings(
            () ->
                Handmade.open(
                        root,
                        with("valid_condition: {tier: train}")
                            + "  b: {sampling_rate: 8, chunk_size: 5, include_blanks: true}\n")
                    .close());
    assertTrue(blanks.toString().contains("modality_config.b.include_blanks"), blanks.toString());
    assertTrue(warnings.get(0).contains("modality_config.b.valid_condition has no effect"));
    assertTrue(warnings.get(1).contains("modality_config.b.sample_stride has no effect"));
  }

  @Test
  void devicesWithoutFolderAreWarningsWithTheNearest() {
    new Handmade(root).sequence("responses", 8, 0, 12.375, 100, 1, i -> i);
    List<String> warnings =
        Handmade.warnings(
            () ->
                Handmade.open(root, ONE + "  respones: {sampling_rate: 8, chunk_size: 5}\n")
                    .close());
    assertTrue(
        warnings
            .toString()
            .contains(
                "'respones' is configured but has no folder there: left out; did you mean 'responses'?"),
        warnings.toString());
    List<String> keys =
        Handmade.warnings(() -> Handmade.open(root, "out_keys: [a, timestamp]\n" + ONE).close());
    assertTrue(keys.toString().contains("did you mean 'timestamps'?"), keys.toString());
  }

  @Test
  void aFolderOfRecordingsIsSaidToBeOne() throws IOException {
    Path all = root.resolve("recordings");
    new Handmade(all.resolve("mouse1")).sequence("responses", 8, 0, 12.375, 100, 1, i -> i);
    List<Executable> slips =
        List.of(
            () -> Handmade.open(all, ONE),
            () -> DefaultConfigs.forRecording(all),
            () -> Handmade.open(Files.createDirectories(root.resolve("empty")), ONE));
    List<String> said = new ArrayList<>();
    List<String> warnings =
        Handmade.warnings(
            () ->
                slips.forEach(
                    slip -> said.add(assertThrows(RecordingException.class, slip).getMessage())));
    assertEquals(List.of(), warnings);
    String folder = "found a folder of recordings: mouse1, expected one recording; open ";
    assertTrue(said.get(0).contains(folder + all.resolve("mouse1")), said.get(0));
    assertEquals(said.get(0), said.get(1));
    assertTrue(said.get(2).contains("found no sub-folder with a meta.yml"), said.get(2));
  }

  @Test
  void filtersThatRejectEverythingAreWarnings() {
    Registry registry =
        Registry.builder().filter("far", target -> d -> List.of(new TimeInterval(90, 99))).build();
    String config = with("filters: {x: {_target_: far}}");
    List<String> warnings =
        Handmade.warnings(() -> ChunkDataset.open(root, Handmade.config(config), registry).close());
    assertTrue(
        warnings.get(0).contains("a.filters.x finds nothing valid from 0.5 s to 11.875 s"),
        warnings.toString());
    assertTrue(warnings.get(1).contains("a.filters.x 0"), warnings.toString());
  }

  @Test
  void filtersThatReturnWhatIsNoIntervalAreNamed() {
    Map<String, List<TimeInterval>> answers = new LinkedHashMap<>();
    answers.put("null", null);
    answers.put(
        "a list with null in it", Arrays.asList(new TimeInterval(0, 1), (TimeInterval) null));
    answers.put(
        "an interval from NaN to 3.0",
        List.of(new TimeInterval(0, 1), new TimeInterval(Double.NaN, 3)));
    for (Map.Entry<String, List<TimeInterval>> answer : answers.entrySet()) {
      Filter filter = device -> answer.getValue();
      Registry registry = Registry.builder().filter("mine", target -> filter).build();
      ConfigException error =
          assertThrows(
              ConfigException.class,
              () ->
                  ChunkDataset.open(
                      root, Handmade.config(with("filters: {x: {_target_: mine}}")), registry));
      assertTrue(
          error
              .getMessage()
              .contains(
                  "modality_config.a.filters.x: the filter 'mine': "
                      + filter.getClass().getName()
                      + ".validIntervals returned "
                      + answer.getKey()
                      + ", expected a list of intervals, empty where nothing is valid"),
          error.getMessage());
    }
  }

  @Test
  void chunksWithinTrialsBeginAndEndInOne() {
    try (ChunkDataset any = Handmade.open(root, ONE);
        ChunkDataset within = Handmade.open(root, "within_trial: true\n" + ONE)) {
      assertFalse(counts(any).containsKey("within_trial"));
      Map<String, Long> counts = counts(within);
      // points from 0.5 to 11.75 s, 36 of them before the second trial begins at 5 s
      assertEquals(List.of(87L, 83L), List.of(any.length() + 0L, counts.get("within_trial")));
      assertEquals(
          List.of("whole_chunks", "within_trial", "short_chunks"),
          List.copyOf(counts.keySet()).subList(3, 6));
      List<Double> expected = new ArrayList<>();
      for (double t : any.startTimes()) {
        if (t + 4 * 0.125 < 5 || t >= 5) {
          expected.add(t);
        }
      }
      assertEquals(expected, Arrays.stream(within.startTimes()).boxed().toList());
      assertArrayEquals(within.startTimes(), within.fullValidSampleTimes(false));
      assertTrue(within.explain().toString().contains("4 end in another trial than they begin in"));
      assertNotEquals(any.fingerprint(), within.fingerprint());
      assertTrue(within.identity().containsKey("config.within_trial"));
      assertFalse(any.identity().containsKey("config.within_trial"));
    }
  }

  @Test
  void withoutTrialsNothingLiesWithinOne() {
    new Handmade(root).sequence("b", 8, 0, 12.375, 100, 1, i -> i);
    String config = ONE.replace("  a:", "  b:");
    List<String> warnings =
        Handmade.warnings(
            () -> {
              try (ChunkDataset d = Handmade.open(root, "within_trial: true\n" + config)) {
                assertEquals(counts(d).get("whole_chunks"), counts(d).get("within_trial"));
                assertTrue(d.explain().toString().contains("not applied: no trials"));
              }
            });
    assertTrue(warnings.toString().contains("within_trial is not applied"), warnings.toString());
  }

  @Test
  void filtersJudgeWholeChunks() {
    // the chunk from 1.5 s on is sampled until 2 s
    Filter before2 =
        new Filter() {
          @Override
          public List<TimeInterval> validIntervals(Interpolator device) {
            throw new AssertionError("asked for intervals");
          }

          @Override
          public Optional<Predicate<double[]>> chunks(Interpolator device) {
            return Optional.of(times -> times.length == 5 && times[4] <= 2);
          }
        };
    Registry registry =
        Registry.builder()
            .filter("before2", target -> before2)
            .filter(
                "never",
                target ->
                    new Filter() {
                      @Override
                      public List<TimeInterval> validIntervals(Interpolator device) {
                        return List.of();
                      }

                      @Override
                      public Optional<Predicate<double[]>> chunks(Interpolator device) {
                        return Optional.of(times -> false);
                      }
                    })
            .build();
    DatasetConfig config = Handmade.config(with("filters: {x: {_target_: before2}}"));
    try (ChunkDataset d = ChunkDataset.open(root, config, registry)) {
      assertEquals(
          List.of("whole_chunks", "a.filters.x", "short_chunks"),
          List.copyOf(counts(d).keySet()).subList(3, 6));
      assertEquals(9, d.length());
      assertEquals(87, d.fullValidSampleTimes(false).length);
      assertTrue(d.explain().toString().contains("78 of 87 chunks fail"), d.explain().toString());
    }
    DatasetConfig none = Handmade.config(with("filters: {x: {_target_: never}}"));
    List<String> warnings =
        Handmade.warnings(() -> ChunkDataset.open(root, none, registry).close());
    assertTrue(warnings.toString().contains("a.filters.x finds no chunk valid"));
  }

  @Test
  void loadersSayWhyThereAreNoChunks() {
    String config = with("valid_condition: {tier: trian}");
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () -> SessionLoader.builder().add(root, Handmade.config(config)).build());
    assertTrue(
        error.getMessage().contains("found no chunks in " + root + ": grid_points 99"),
        error.getMessage());
    assertTrue(error.getMessage().contains("did you mean 'train'?"), error.getMessage());
    // beside one that has chunks it is left out, by name
    Path other = root.resolve("../other").normalize();
    new Handmade(other).sequence("a", 8, 0, 12.375, 100, 1, i -> i);
    List<String> said =
        Handmade.warnings(
            () -> {
              try (SessionLoader loader =
                  SessionLoader.builder()
                      .add(root, Handmade.config(config))
                      .add(other, Handmade.config(ONE))
                      .build()) {
                assertTrue(loader.chunksPerEpoch() > 0);
              }
            });
    assertTrue(
        said.stream()
            .anyMatch(
                m ->
                    m.contains("recording " + root.getFileName() + " ")
                        && m.contains("no chunks")
                        && m.contains("grid_points 99")),
        said::toString);
    Path none = root.resolveSibling("none");
    ConfigException broken =
        assertThrows(
            ConfigException.class,
            () ->
                SessionLoader.builder()
                    .add(none, Handmade.config(config))
                    .skipBroken(true)
                    .build());
    assertTrue(
        broken
            .getMessage()
            .contains("found no chunks in " + none + ": " + none + ": found nothing"),
        broken.getMessage());
  }
}
