/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.trials;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.syncline.document.Documents;
import org.syncline.document.Node;
import org.syncline.error.RecordingException;
import org.syncline.file.RegularFiles;
import org.syncline.format.Fields;
import org.syncline.format.SafeNames;
import org.syncline.storage.Pointers;

/**
 * Collects trial metadata into columns and encodes them as the bytes that {@link TrialIndex} reads,
 * and caches keep.
 */
final class TrialTable {
  /** A file of more bytes has more trials than the parser should remember the keys of. */
  private static final long LONG_FILE = 32L << 20;

  private static final Pattern NUMBER = Pattern.compile("\\s*[-+]?[0-9.]+\\s*");

  /** A list or map of the metadata, as compact JSON. */
  record Json(String text) {}

  /** Values of one metadata key: codes into a pool of distinct values. */
  private static final class Column {
    private final BytePool pool = new BytePool();
    private int[] codes = new int[64];
    private int size;

    void put(int trial, Object value) {
      if (trial >= codes.length) {
        codes = Arrays.copyOf(codes, Math.max(trial + 1, codes.length * 2));
      }
      // 0 stands for missing; null is a value
      codes[trial] = pool.add(bytes(value)) + 1;
      size = trial + 1;
    }

    boolean has(int trial) {
      return trial < size && codes[trial] != 0;
    }

    int code(int trial) {
      return trial < size ? codes[trial] : 0;
    }

    /** Returns the bytes that a code takes. */
    int width() {
      return pool.count() < 0xff ? 1 : pool.count() < 0xffff ? 2 : 4;
    }
  }

  private final Path file;
  private final boolean useStimuliNames;
  private final BytePool keys = new BytePool();
  private final Map<String, Column> columns = new LinkedHashMap<>();
  private final List<Object[]> basics = new ArrayList<>();
  private int nextFrame;

  private byte[] kinds = new byte[64];
  private int[] firsts = new int[64];
  private int[] heights = new int[64];
  private int[] widths = new int[64];
  private int[] channels = new int[64];
  private double[] interleaves = new double[64];
  private final BytePool names = new BytePool();
  private int[] nameCodes = new int[64];

  private final Consumer<RecordingException> problems;

  private TrialTable(Path file, boolean useStimuliNames, Consumer<RecordingException> problems) {
    this.file = file;
    this.useStimuliNames = useStimuliNames;
    this.problems = problems;
  }

  /**
   * Reads combined_meta.json as a stream.
   *
   * @param problems gets what is wrong with single trials, which then count as invalid; null: the
   *     first is thrown
   */
  static ByteBuffer readCombined(
      Path file, boolean useStimuliNames, Consumer<RecordingException> problems) {
    TrialTable table = new TrialTable(file, useStimuliNames, problems);
    try (JsonParser parser = parser(file)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw RecordingException.of(
            file, null, "JSON of another kind", "a map of trials by key", null);
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        int trial = table.begin(key);
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw RecordingException.of(file, key, "no map", "a map of the trial's metadata", null);
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          table.put(trial, name, value(parser));
        }
        table.end(trial);
      }
      if (parser.nextToken() != null) {
        throw RecordingException.of(file, null, "text after the map of trials", "one map", null);
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw RecordingException.of(
          file,
          null,
          "line " + line + ": " + Documents.fault(e),
          "valid JSON",
          Pointers.advice(file, null),
          e);
    } catch (IOException e) {
      throw Fields.unreadable(file, e);
    }
    return table.encode();
  }

  private static JsonParser parser(Path file) throws IOException {
    boolean isLong = RegularFiles.size(file) > LONG_FILE;
    InputStream in = Files.newInputStream(file);
    try {
      return (isLong ? Documents.longJsonFactory() : Documents.jsonFactory()).createParser(in);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.nextToken()) {
      case null -> throw new IOException("the file ends within a trial");
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT, LONG -> (Object) parser.getLongValue();
            default -> parser.getBigIntegerValue();
          };
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      default -> {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = Documents.jsonFactory().createGenerator(text)) {
          out.copyCurrentStructure(parser);
        }
        yield new Json(text.toString());
      }
    };
  }

  /**
   * Reads meta/NNNNN.yml files, given in order; parsing is shared among threads, a block of files
   * at a time.
   */
  static ByteBuffer readSingle(
      Path folder,
      List<Path> files,
      boolean useStimuliNames,
      Consumer<RecordingException> problems) {
    TrialTable table = new TrialTable(folder, useStimuliNames, problems);
    int block = 1024;
    Fields[] parsed = new Fields[block];
    for (int from = 0; from < files.size(); from += block) {
      int count = Math.min(block, files.size() - from);
      int base = from;
      IntStream.range(0, count)
          .parallel()
          .forEach(i -> parsed[i] = Fields.readYaml(files.get(base + i)));
      for (int i = 0; i < count; i++) {
        String name = files.get(from + i).getFileName().toString();
        int trial = table.begin(name.substring(0, name.length() - ".yml".length()));
        for (Map.Entry<String, Node> entry : parsed[i].map().entries().entrySet()) {
          table.put(trial, entry.getKey(), plain(entry.getValue()));
        }
        table.end(trial);
      }
    }
    return table.encode();
  }

  static Object plain(Node node) {
    Object value = node.value();
    return value instanceof List || value instanceof Map
        ? new Json(Documents.toJson(value))
        : value;
  }

  private int begin(String key) {
    int trial = keys.count();
    if (keys.add(key.getBytes(StandardCharsets.UTF_8)) != trial) {
      throw RecordingException.of(file, key, "the trial a second time", "each trial once", null);
    }
    if (trial >= kinds.length) {
      int n = trial * 2;
      kinds = Arrays.copyOf(kinds, n);
      firsts = Arrays.copyOf(firsts, n);
      heights = Arrays.copyOf(heights, n);
      widths = Arrays.copyOf(widths, n);
      channels = Arrays.copyOf(channels, n);
      interleaves = Arrays.copyOf(interleaves, n);
      nameCodes = Arrays.copyOf(nameCodes, n);
    }
    return trial;
  }

  private void put(int trial, String name, Object value) {
    Column column = columns.computeIfAbsent(name, n -> new Column());
    if (column.has(trial)) {
      throw error(trial, name, "the key a second time", "each key once");
    }
    column.put(trial, value);
    switch (name) {
      case "modality",
          "first_frame_idx",
          "num_frames",
          "image_size",
          "interleave_value",
          "stimulus_name" ->
          basics.add(new Object[] {name, value});
      default -> {}
    }
  }

  private Object basic(String name) {
    for (Object[] pair : basics) {
      if (pair[0].equals(name)) {
        return pair[1];
      }
    }
    return null;
  }

  private String key(int trial) {
    return new String(keys.item(trial), StandardCharsets.UTF_8);
  }

  private RecordingException error(int trial, String name, Object found, String expected) {
    String text =
        found instanceof Json json
            ? json.text()
            : found instanceof String s ? s : String.valueOf(found);
    boolean quoted =
        expected.contains("number") && found instanceof String && NUMBER.matcher(text).matches();
    return RecordingException.of(
        file,
        key(trial) + "." + name,
        found == null ? "nothing" : quoted ? "the text '" + text + "'" : text,
        expected,
        quoted ? "write the number without quotes" : null);
  }

  private int count(int trial, String name, int least) {
    Object value = basic(name);
    if (value instanceof Number n) {
      double d = n.doubleValue();
      if (d >= least && d <= Integer.MAX_VALUE && d == Math.rint(d)) {
        return (int) d;
      }
    }
    throw error(trial, name, value, "a whole number from " + least);
  }

  private void end(int trial) {
    int before = nextFrame;
    try {
      check(trial);
    } catch (RecordingException e) {
      if (problems == null) {
        throw e;
      }
      problems.accept(e);
      kinds[trial] = (byte) TrialKind.INVALID.ordinal();
      nameCodes[trial] = -1;
      // go on from where the trial says it is, so that one mistake is one problem
      boolean placed =
          basic("first_frame_idx") instanceof Number n
              && n.doubleValue() >= before
              && n.doubleValue() < 1e9;
      firsts[trial] = placed ? ((Number) basic("first_frame_idx")).intValue() : before;
      boolean counted =
          basic("num_frames") instanceof Number n && n.doubleValue() >= 1 && n.doubleValue() < 1e9;
      boolean video =
          basic("modality") instanceof String text
              && (text.equalsIgnoreCase("video") || text.equalsIgnoreCase("encoded_video"));
      nextFrame =
          firsts[trial] + (counted && video ? ((Number) basic("num_frames")).intValue() : 1);
    }
    basics.clear();
  }

  /** Checks and stores what the reader of frames needs. */
  private void check(int trial) {
    Object modality = basic("modality");
    TrialKind kind =
        modality instanceof String text
            ? switch (text.toLowerCase(Locale.ROOT)) {
              case "image", "encoded_image" -> TrialKind.IMAGE;
              case "video", "encoded_video" -> TrialKind.VIDEO;
              case "blank" -> TrialKind.BLANK;
              case "invalid" -> TrialKind.INVALID;
              default -> null;
            }
            : null;
    if (kind == null) {
      throw error(trial, "modality", modality, "one of image, video, blank, invalid");
    }
    kinds[trial] = (byte) kind.ordinal();
    int first = count(trial, "first_frame_idx", 0);
    if (first != nextFrame) {
      throw error(
          trial,
          "first_frame_idx",
          first,
          nextFrame + ", the sum of the frames of the " + trial + " trials before it");
    }
    firsts[trial] = first;
    int frames = kind == TrialKind.VIDEO ? count(trial, "num_frames", 1) : 1;
    if (frames > Integer.MAX_VALUE - nextFrame) {
      throw error(trial, "num_frames", frames, "at most " + Integer.MAX_VALUE + " frames in all");
    }
    nextFrame += frames;
    size(trial);
    Object interleave = basic("interleave_value");
    if (interleave != null && !(interleave instanceof Number)) {
      throw error(trial, "interleave_value", interleave, "a number");
    }
    interleaves[trial] = interleave instanceof Number n ? n.doubleValue() : Double.NaN;
    nameCodes[trial] = -1;
    if (kind == TrialKind.IMAGE || kind == TrialKind.VIDEO) {
      name(trial);
    }
  }

  private void size(int trial) {
    Object value = basic("image_size");
    heights[trial] = 0;
    widths[trial] = 0;
    channels[trial] = 0;
    if (value == null) {
      return;
    }
    if (value instanceof Json(String text)
        && Documents.json(text, "image_size").value() instanceof List<?> list) {
      int[] sizes = new int[list.size()];
      boolean whole = sizes.length == 2 || sizes.length == 3;
      for (int i = 0; i < sizes.length && whole; i++) {
        whole =
            list.get(i) instanceof Number n
                && n.doubleValue() >= 1
                && n.doubleValue() <= 1 << 20
                && n.doubleValue() == Math.rint(n.doubleValue());
        sizes[i] = whole ? ((Number) list.get(i)).intValue() : 0;
      }
      if (whole && (sizes.length == 2 || sizes[2] == 3 || sizes[2] == 1)) {
        heights[trial] = sizes[0];
        widths[trial] = sizes[1];
        channels[trial] = sizes.length == 3 ? sizes[2] : 0;
        return;
      }
    }
    throw error(trial, "image_size", value, "[height, width] or [height, width, 3]");
  }

  private void name(int trial) {
    Object value = key(trial);
    if (useStimuliNames) {
      value = basic("stimulus_name");
      if (!(value instanceof String || value instanceof Long)) {
        throw error(
            trial,
            "stimulus_name",
            value,
            "the name of a file in data/, since use_stimuli_names is true");
      }
    }
    String name = value.toString();
    String fault = SafeNames.fault(name);
    if (fault == null && !useStimuliNames && (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0)) {
      fault = "has parts";
    }
    if (fault != null || SafeNames.resolve(file.resolveSibling("data"), name + ".npy") == null) {
      throw error(
          trial,
          useStimuliNames ? "stimulus_name" : "key",
          "'" + name + "', which " + (fault == null ? "is no file name" : fault),
          "the name of a file inside data/");
    }
    nameCodes[trial] = names.add(name.getBytes(StandardCharsets.UTF_8));
  }

  private ByteBuffer encode() {
    int n = keys.count();
    if (n == 0) {
      throw RecordingException.of(file, null, "no trials", "at least one", null);
    }
    BytePool titles = new BytePool();
    columns.keySet().forEach(title -> titles.add(title.getBytes(StandardCharsets.UTF_8)));
    long size = 3 * 4 + n * (1L + 5 * 4 + 8) + keys.size() + names.size() + titles.size();
    for (Column column : columns.values()) {
      size += 4 + (long) n * column.width() + column.pool.size();
    }
    if (size > Integer.MAX_VALUE - 16) {
      throw RecordingException.of(
          file, null, "metadata of " + size + " bytes", "less than 2^31", null);
    }
    ByteBuffer out = TrialIndex.allocate((int) size);
    out.putInt(TrialIndex.MAGIC).putInt(n).putInt(nextFrame).put(kinds, 0, n);
    putInts(out, firsts, n);
    putInts(out, heights, n);
    putInts(out, widths, n);
    putInts(out, channels, n);
    for (int i = 0; i < n; i++) {
      out.putDouble(interleaves[i]);
    }
    keys.write(out);
    putInts(out, nameCodes, n);
    names.write(out);
    titles.write(out);
    for (Column column : columns.values()) {
      int width = column.width();
      out.putInt(width);
      for (int i = 0; i < n; i++) {
        switch (width) {
          case 1 -> out.put((byte) column.code(i));
          case 2 -> out.putShort((short) column.code(i));
          default -> out.putInt(column.code(i));
        }
      }
      column.pool.write(out);
    }
    return out.flip();
  }

  private static void putInts(ByteBuffer out, int[] values, int n) {
    out.asIntBuffer().put(values, 0, n);
    out.position(out.position() + 4 * n);
  }

  /** Encodes a pooled value: a tag and its content. */
  private static byte[] bytes(Object value) {
    return switch (value) {
      case null -> new byte[] {0};
      case Boolean b -> new byte[] {(byte) (b ? 2 : 1)};
      case Long l ->
          ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).put((byte) 3).putLong(l).array();
      case Double d ->
          ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).put((byte) 4).putDouble(d).array();
      case String s -> tagged((byte) 5, s);
      case BigInteger i -> tagged((byte) TrialIndex.WHOLE, i.toString());
      case Json(String text) -> tagged((byte) 6, text);
      default -> new byte[] {0};
    };
  }

  private static byte[] tagged(byte tag, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[utf8.length + 1];
    all[0] = tag;
    System.arraycopy(utf8, 0, all, 1, utf8.length);
    return all;
  }
}
