/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.document.Documents;
import org.syncline.testdata.Recording;

/** The functions as C calls them, without C: no exception comes out, whatever goes in. */
class ExportTest {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment error = arena.allocate(Layouts.ERROR);
  private final MemorySegment words = arena.allocate(JAVA_LONG, 9);
  @TempDir Path folder;

  @AfterEach
  void close() {
    arena.close();
  }

  private int call(Export function, long... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      words.setAtIndex(JAVA_LONG, i, arguments[i]);
    }
    return Export.call(function.ordinal(), error.address(), words.address());
  }

  private long text(String s) {
    return s == null ? 0 : arena.allocateFrom(s).address();
  }

  private void refuseLoader(MemorySegment list, String options, String message) {
    assertEquals(
        Status.CONFIG, call(Export.LOADER_OPEN, list.address(), 1, text(options)), options);
    assertTrue(message().contains(message), message());
  }

  private String message() {
    return error.getString(Layouts.offset(Layouts.ERROR, "message"));
  }

  private long handle() {
    return words.getAtIndex(JAVA_LONG, 0);
  }

  private MemorySegment view() {
    return Memory.at(words.getAtIndex(JAVA_LONG, 0), 1 << 16);
  }

  private long viewed(String member) {
    return view().get(JAVA_LONG, Layouts.offset(Layouts.VIEW, member));
  }

  private MemorySegment data(int tensor, long bytes) {
    long at = Layouts.VIEW.byteSize() + tensor * Layouts.TENSOR_VIEW.byteSize();
    return Memory.at(
        view().get(JAVA_LONG, at + Layouts.offset(Layouts.TENSOR_VIEW, "data")), bytes);
  }

  @Test
  void everyFunctionRefusesAHandleThatIsNone() {
    for (Export e : Export.values()) {
      if (e.name().matches("(DATASET|LOADER|EXPERIMENT|INTERPOLATOR|TRANSFORMS)_.*")
          // these take no handle
          && !e.name().endsWith("_OPEN")) {
        words.fill((byte) 0);
        assertEquals(Status.HANDLE, call(e, 12345), e.name());
        assertEquals(Status.HANDLE, error.get(JAVA_INT, 0), e.name());
        assertTrue(message().contains("handle 0x3039"), message());
      }
    }
    assertEquals(Status.HANDLE, call(Export.RELEASE, 12345));
  }

  @Test
  void errorsHaveTheirStatus() {
    assertEquals(Status.NOT_FOUND, call(Export.DOCUMENT_READ, text(folder + "/none.yml")));
    assertTrue(message().contains("found nothing"), message());
    assertEquals(Status.RECORDING, call(Export.DOCUMENT_READ, text(folder.toString())));
    assertTrue(message().startsWith(folder + ": found a folder"), message());
    assertEquals(Status.NOT_FOUND, call(Export.DATASET_OPEN, text(folder + "/none"), 0, 0));
    assertEquals(
        "org.syncline.error.RecordingException",
        error.getString(Layouts.offset(Layouts.ERROR, "type")));
    assertEquals(
        Status.CONFIG, call(Export.DATASET_OPEN, text("x"), text("{\"modality_confg\": {}}"), 0));
    assertTrue(message().contains("modality_config"), message());
    assertEquals(
        Status.CONFIG, call(Export.DATASET_OPEN, text("x"), 0, text("{\"lenint\": true}")));
    assertEquals(Status.CONFIG, call(Export.DATASET_OPEN, text("x"), text("[1, 2"), 0));
    assertEquals(Status.NOT_FOUND, call(Export.DOCUMENT_READ, text(folder + "/none.yml")));
    assertEquals(
        Status.CONFIG, call(Export.TRANSFORMS_OPEN, text("[{\"_target_\": \"NoSuchTransform\"}]")));
    assertEquals(
        Status.INTERNAL, call(Export.DATASET_OPEN, 0, 0, 0), "a null path is C's to refuse");
  }

  @Test
  void textsThatAreNoUtf8AreNotReadAsOthers() {
    byte[] latin = {'r', (byte) 0xE9, 'c', 0};
    long name = arena.allocateFrom(JAVA_BYTE, latin).address();
    for (Export e : List.of(Export.DATASET_OPEN, Export.WRITER_OPEN, Export.DOCUMENT_PARSE)) {
      assertEquals(Status.ARGUMENT, call(e, name, 0, 0), e.name());
      assertTrue(message().contains("byte 0xE9 at 1, expected UTF-8"), message());
    }
    byte[] cut = {'r', (byte) 0xC3, 0};
    assertEquals(
        Status.ARGUMENT,
        call(Export.DATASET_OPEN, arena.allocateFrom(JAVA_BYTE, cut).address(), 0, 0));
    assertTrue(message().contains("byte 0xC3 at 1"), message());
    // the sign that stands for what cannot be read may be meant
    assertEquals(Status.NOT_FOUND, call(Export.DATASET_OPEN, text("r\uFFFDc"), 0, 0));
  }

  @Test
  void messagesAreCutBetweenCharacters() {
    // three bytes each: more than C's memory for a message holds of what is left of so long a text
    String longText = "€".repeat(10_000);
    assertEquals(Status.NOT_FOUND, call(Export.DOCUMENT_READ, text("/" + "ü".repeat(100))));
    Errors.report(error.address(), new IllegalArgumentException(longText));
    String cut = message();
    assertTrue(
        cut.length() > 2600 && cut.chars().allMatch(c -> c == '€'),
        "ends in " + cut.substring(cut.length() - 3));
  }

  @Test
  void stackOverflowAndAssertionsBecomeCodes() {
    StackOverflowError deep = new StackOverflowError();
    assertEquals(Status.INTERNAL, Errors.report(error.address(), deep));
    assertEquals(Status.MEMORY, Errors.report(error.address(), new OutOfMemoryError("heap")));
    assertEquals("heap", message());
    assertEquals(Status.INDEX, Export.call(-1, error.address(), words.address()));
    assertEquals(Status.INDEX, Export.call(10_000, error.address(), words.address()));
  }

  @Test
  void aDatasetReadsAndItsMemoryOutlivesIt() {
    Recording r = Native.recording(folder.resolve("rec"), 5);
    assertEquals(
        0,
        call(Export.DATASET_OPEN, text(r.folder().toString()), text(r.configText()), 0),
        message());
    long dataset = handle();
    assertEquals(0, call(Export.DATASET_INFO, dataset), message());
    byte[] json =
        Memory.at(words.getAtIndex(JAVA_LONG, 0), words.getAtIndex(JAVA_LONG, 1))
            .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    Map<?, ?> info =
        (Map<?, ?>)
            Documents.json(new String(json, java.nio.charset.StandardCharsets.UTF_8), "info")
                .value();
    assertEquals(8, ((java.util.List<?>) info.get("layout")).size());
    assertEquals(Status.CAPACITY, call(Export.DATASET_ITEM, dataset, 2, 0));
    assertEquals(8, handle(), "four devices' values and timestamps");
    assertEquals(0, call(Export.DATASET_ITEM, dataset, 256, 0), message());
    assertEquals(8, viewed("count"));
    long token = viewed("token");
    MemorySegment screen = data(0, 4);
    int held = Owners.count();
    assertEquals(0, call(Export.RELEASE, dataset), message());
    assertTrue(
        Float.isFinite(screen.get(java.lang.foreign.ValueLayout.JAVA_FLOAT, 0)),
        "readable after release");
    MemorySegment tokens = arena.allocateFrom(JAVA_LONG, token);
    assertEquals(0, call(Export.RETURNED, 1, tokens.address()));
    assertEquals(held - 1, Owners.count());
    assertEquals(
        0, call(Export.RETURNED, 1, tokens.address()), "a token that came back twice does nothing");
    assertEquals(Status.HANDLE, call(Export.DATASET_ITEM, dataset, 256, 0));
  }

  @Test
  void aLoaderKeepsWhatItReads() {
    Recording r = Native.signals(folder.resolve("rec"), 6);
    assertEquals(
        0,
        call(Export.DATASET_OPEN, text(r.folder().toString()), text(r.configText()), 0),
        message());
    long dataset = handle();
    MemorySegment list = arena.allocateFrom(JAVA_LONG, dataset);
    assertEquals(
        Status.CONFIG, call(Export.LOADER_OPEN, list.address(), 1, text("{\"batchsize\": 2}")));
    assertTrue(
        message().contains("batchsize: unknown option; did you mean 'batch_size'?"), message());
    refuseLoader(
        list, "{\"lookahead\": -1}", "lookahead: found -1, expected a whole number from 0");
    refuseLoader(list, "{\"max_batches\": -2}", "max_batches: found -2, expected");
    refuseLoader(list, "{\"remainder\": \"padd\"}", "did you mean 'pad'?");
    refuseLoader(list, "{\"types\": {\"screen\": \"float33\"}}", "types.screen: found float33");
    refuseLoader(list, "{\"rank\": 2, \"world_size\": 2}", "rank: is 2, expected 0 to 1");
    refuseLoader(
        list, "{\"fed\": true, \"drop_last\": true}", "drop_last: found together with fed");
    refuseLoader(
        list, "{\"fed\": true, \"sessions\": \"long\"}", "sessions: found together with fed");
    // accepted, they would change nothing
    refuseLoader(
        list, "{\"max_open\": 3}", "max_open: is an option of loaders of several recordings");
    refuseLoader(list, "{\"cache_data\": true}", "cache_data: found true, expected false");
    refuseLoader(
        list, "{\"indices_only\": true, \"out_keys\": [\"a\"]}", "indices_only: found true");
    refuseLoader(
        list,
        "{\"recordings\": [{\"root\": \"x\", \"confg\": {}}]}",
        "recordings.confg: unknown key");
    assertEquals(
        0,
        call(
            Export.LOADER_OPEN,
            list.address(),
            1,
            text(
                "{\"batch_size\": 3, \"drop_last\": true, \"threads\": 1, \"lookahead\": 1048576}")),
        message());
    long loader = handle();
    assertEquals(0, call(Export.RELEASE, dataset));
    assertEquals(Status.CAPACITY, next(loader, 1));
    assertEquals(0, call(Export.LOADER_STATE, loader));
    assertEquals(0L, json().get("position"), "a batch that did not fit was not taken");
    String before = Documents.toJson(json());
    int batches = 0;
    int status;
    while ((status = next(loader, 256)) != Status.END) {
      assertEquals(0, status, message());
      assertEquals(batches++, viewed("index"), "the batch that did not fit comes again");
      assertEquals(3, viewed("rows"));
      MemorySegment token = arena.allocateFrom(JAVA_LONG, viewed("token"));
      assertEquals(0, call(Export.RETURNED, 1, token.address()));
    }
    assertEquals(0, call(Export.LOADER_LENGTH, loader));
    assertEquals(batches, handle());
    assertEquals(0, call(Export.LOADER_RESTORE, loader, text(before)), message());
    assertEquals(0, next(loader, 256));
    assertEquals(0, viewed("index"));
    assertEquals(0, call(Export.LOADER_INFO, loader));
    assertEquals(3L, json().get("batch_size"));
    assertEquals((long) batches, json().get("batches"));
    assertEquals(1L, json().get("position"));
    assertEquals(32, json().get("fingerprint").toString().length());
    assertEquals(Status.ARGUMENT, call(Export.LOADER_BEGIN_EPOCH, loader, -2));
    assertEquals(Status.ARGUMENT, call(Export.LOADER_FEED, loader, 0, 0, 0, 0));
    assertTrue(message().contains("order of its own, expected one opened with"), message());
    assertEquals(0, call(Export.RELEASE, loader), message());
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> json() {
    byte[] bytes =
        Memory.at(words.getAtIndex(JAVA_LONG, 0), words.getAtIndex(JAVA_LONG, 1))
            .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    return (Map<String, Object>)
        Documents.json(new String(bytes, java.nio.charset.StandardCharsets.UTF_8), "test").value();
  }

  @Test
  void screensTellTheSizeOfTheirFrames() {
    Recording r = Native.recording(folder.resolve("rec"), 7);
    assertEquals(
        0,
        call(
            Export.INTERPOLATOR_OPEN,
            text(r.folder().resolve("screen").toString()),
            text("{\"rescale\": true, \"rescale_size\": [5, 7]}")),
        message());
    assertEquals(0, call(Export.INTERPOLATOR_INFO, handle()));
    assertEquals(java.util.List.of(5L, 7L), json().get("image_size"));
  }

  @Test
  void shapesThatCannotBeAreArguments() {
    assertEquals(
        0, call(Export.TRANSFORMS_OPEN, text("[{\"_target_\": \"Resize\", \"size\": [2, 2]}]")));
    long transforms = handle();
    for (long wrong : new long[] {-1, 1L << 31, Long.MAX_VALUE}) {
      assertEquals(
          Status.ARGUMENT, call(Export.TRANSFORMS_APPLY, transforms, 0, wrong, 1, 4, 4), message());
      assertEquals(
          Status.ARGUMENT, call(Export.TRANSFORMS_APPLY, transforms, 0, 1, 1, wrong, 4), message());
    }
  }

  private int next(long loader, long capacity) {
    int status;
    do {
      status = call(Export.LOADER_NEXT, loader, capacity, 1000);
    } while (status == Status.TIMEOUT);
    return status;
  }

  @Test
  void providedPartsTakePartInRangesAndMasks() {
    Recording r = Native.recording(folder.resolve("rec"), 7);
    double from = r.start() + 5;
    double to = r.start() + 20;
    String options =
        Documents.toJson(
            Map.of(
                "devices",
                Map.of(
                    "treadmill",
                    Map.of(
                        "start_time",
                        from,
                        "end_time",
                        to,
                        "valid_interval",
                        java.util.List.of(from, to))),
                "valid_intervals",
                java.util.List.of(java.util.List.of(java.util.List.of(from + 1, to - 1)))));
    assertEquals(
        0,
        call(Export.DATASET_OPEN, text(r.folder().toString()), text(r.configText()), text(options)),
        message());
    long dataset = handle();
    assertEquals(0, call(Export.DATASET_VALID_INTERVALS, dataset), message());
    MemorySegment intervals = data(0, 16);
    assertTrue(
        intervals.get(JAVA_DOUBLE, 0) >= from + 1 && intervals.get(JAVA_DOUBLE, 8) <= to - 1);
    assertEquals(
        0,
        call(
            Export.DATASET_CHUNK_TIMES,
            dataset,
            text("treadmill"),
            Double.doubleToLongBits(from + 2)));
    assertEquals(from + 2, data(0, 8).get(JAVA_DOUBLE, 0), 1e-4);
    assertEquals(Status.KEY, call(Export.DATASET_CHUNK_TIMES, dataset, text("nothing"), 0));
    assertEquals(0, call(Export.RELEASE, dataset));
  }

  @Test
  void chunksThatTheHostRejectsAreLeftOut() {
    Recording r = Native.recording(folder.resolve("rec"), 7);
    long all = opened(r, null);
    assertEquals(0, call(Export.DATASET_FULL_VALID_SAMPLE_TIMES, all, 1), message());
    double third = data(0, 24).get(JAVA_DOUBLE, 16);
    assertEquals(
        0,
        call(Export.DATASET_CHUNK_TIMES, all, text("treadmill"), Double.doubleToLongBits(third)));
    double first = data(0, 8).get(JAVA_DOUBLE, 0);
    long without = opened(r, java.util.List.of(first));
    assertEquals(0, call(Export.DATASET_EXPLAIN, without), message());
    String explained = Documents.toJson(json());
    assertTrue(explained.contains(": 1 of ") || explained.contains("\"1 of "), explained);
    assertEquals(0, call(Export.DATASET_FULL_VALID_SAMPLE_TIMES, without, 1), message());
    assertTrue(data(0, 24).get(JAVA_DOUBLE, 16) > third);
    Object wrong = Map.of("a", 1);
    assertEquals(Status.CONFIG, open(r, wrong));
    assertTrue(message().contains("valid_intervals.rejected: found"), message());
    assertEquals(0, call(Export.RELEASE, all));
    assertEquals(0, call(Export.RELEASE, without));
  }

  @Test
  void whatAFilterOfTheHostAnsweredIsOneThing() {
    Recording r = Native.recording(folder.resolve("rec"), 7);
    String[][] all = {
      {"\"intervals\": [[0, 9]], \"rejected\": [1]", "found intervals and rejected"},
      {"\"interval\": [[0, 9]]", "did you mean 'intervals'?"},
      {"\"intervals\": [[.nan, 9]]", "an interval from NaN to 9.0"},
    };
    for (String[] one : all) {
      String options =
          "{\"valid_intervals\": [{\"device\": \"treadmill\", \"name\": \"f\", " + one[0] + "}]}";
      assertEquals(
          Status.CONFIG,
          call(
              Export.DATASET_OPEN,
              text(r.folder().toString()),
              text(r.configText()),
              text(options)),
          options);
      assertTrue(message().contains(one[1]), message());
    }
  }

  @Test
  void whatTheHostSaysOfADeviceIsAllHeeded() {
    Recording r = Native.signals(folder.resolve("rec"), 3);
    String config =
        "modality_config: {treadmill: {sampling_rate: 10, chunk_size: 5, transforms: {normalization: recompute_behavior}}}";
    String[][] all = {
      {"\"valid_intervall\": [0, 9]", "devices.treadmill.valid_intervall: unknown key; did you"},
      {"\"computed\": {\"mean\": [1]}", "devices.treadmill.computed.mean: unknown key; did you"},
      {
        "\"computed\": {\"means\": [1, 2], \"stds\": [3]}",
        "devices.treadmill.computed: found 2 means and 1 stds"
      },
    };
    for (String[] one : all) {
      String options =
          "{\"devices\": {\"treadmill\": {\"start_time\": 0, \"end_time\": 20, " + one[0] + "}}}";
      assertEquals(
          Status.CONFIG,
          call(Export.DATASET_OPEN, text(r.folder().toString()), text(config), text(options)),
          options);
      assertTrue(message().contains(one[1]), message());
    }
  }

  @Test
  void statisticsHeedEveryOptionOrRefuseIt() {
    Recording r = Native.signals(folder.resolve("rec"), 3);
    long path = text(r.folder().toString());
    String[][] all = {
      {"devices", "\"treadmill\""},
      {"devices", "[]"},
      {"conditions", "\"tier\""},
      {"conditions", "[\"tier\"]"},
      {"quantiles", "\"none\""},
      {"quantiles", "[2]"},
      {"filters", "\"yes\""},
      {"moments", "1"},
      {"per_pixel", "\"screen\""},
      {"write", "\"true\""},
      {"threads", "\"4\""},
      {"threads", "1.5"},
      {"device", "[\"treadmill\"]"},
    };
    for (String[] one : all) {
      String options = "{\"" + one[0] + "\": " + one[1] + "}";
      assertEquals(Status.CONFIG, call(Export.STATISTICS, path, text(options)), options);
      assertTrue(message().startsWith("options: " + one[0] + ": "), message());
    }
    // one map stands for a list of it: here there are no trials at all
    assertEquals(
        Status.RECORDING,
        call(Export.STATISTICS, path, text("{\"conditions\": {\"tier\": \"test\"}}")));
    assertTrue(message().contains("tier=test"), message());
  }

  @Test
  void whatAWriterGetsIsCheckedBeforeItIsRead() {
    assertEquals(0, call(Export.WRITER_OPEN, text(folder.resolve("made").toString()), 0));
    long writer = handle();
    String sequence = "{\"modality\": \"sequence\", \"rate\": 8}";
    assertEquals(0, call(Export.WRITER_DEVICE, writer, text("a"), text(sequence)), message());
    String screen = "{\"modality\": \"screen\"}";
    assertEquals(0, call(Export.WRITER_DEVICE, writer, text("s"), text(screen)), message());
    long values = arena.allocate(JAVA_DOUBLE, 64).address();
    long f4 = text("float32");
    long rows = shape(20, 3);
    long image = shape(2, 3);
    long none = 0;
    String[] expected = {
      "a: values: found NULL, expected 240 bytes",
      "a: dtype: found NULL beside values",
      "a: ndim: found -1, expected 0 to 8",
      "a: shape[0]: found -1, expected 0 or more",
      "a: shape[1]: found 4611686018427387904, expected",
      "a: n: found -7, expected",
      "a: n: found -1 beside times",
      "s: kind: found nothing, expected image, video, blank, file",
      "s: metadata: found [1], expected a map",
      "s: metadata: found 'tier: train', expected a map",
      "s: value: found 3.0, expected none",
      "s: file: found x.mp4, expected none beside kind 'image'",
    };
    long[][] given = {
      {none, f4, rows, 2, none, -1, none},
      {values, none, rows, 2, none, -1, none},
      {values, f4, rows, -1, none, -1, none},
      {values, f4, shape(-1, 3), 2, none, -1, none},
      {values, f4, shape(4, 1L << 62), 2, none, -1, none},
      {values, f4, rows, 2, none, -7, none},
      {values, f4, rows, 2, values, -1, none},
      {values, f4, image, 2, values, 1, none},
      {values, f4, image, 2, values, 1, trial("\"metadata\": [1]")},
      {values, f4, image, 2, values, 1, trial("\"metadata\": \"tier: train\"")},
      {values, f4, image, 2, values, 1, trial("\"value\": 3")},
      {values, f4, image, 2, values, 1, trial("\"file\": \"x.mp4\"")},
    };
    for (int i = 0; i < given.length; i++) {
      long[] g = given[i];
      long device = text(expected[i].substring(0, 1));
      assertEquals(
          Status.ARGUMENT,
          call(Export.WRITER_APPEND, writer, device, g[0], g[1], g[2], g[3], g[4], g[5], g[6]),
          expected[i]);
      assertTrue(message().startsWith(expected[i]), message());
    }
    // none of it gave the recording up
    assertEquals(
        0,
        call(Export.WRITER_APPEND, writer, text("a"), values, f4, rows, 2, none, -1, none),
        message());
    assertEquals(0, call(Export.RELEASE, writer), message());
  }

  private long shape(long... lengths) {
    return arena.allocateFrom(JAVA_LONG, lengths).address();
  }

  private long trial(String more) {
    return text("{\"kind\": \"image\", " + more + "}");
  }

  private int open(Recording r, Object rejected) {
    Map<String, Object> filter = Map.of("device", "treadmill", "name", "f", "rejected", rejected);
    String options = Documents.toJson(Map.of("valid_intervals", java.util.List.of(filter)));
    return call(
        Export.DATASET_OPEN, text(r.folder().toString()), text(r.configText()), text(options));
  }

  private long opened(Recording r, Object rejected) {
    assertEquals(0, open(r, rejected == null ? java.util.List.of() : rejected), message());
    return handle();
  }
}
