/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.trials;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.syncline.config.TrialCondition;
import org.syncline.document.Documents;
import org.syncline.error.RecordingException;
import org.syncline.format.DiskCache;
import org.syncline.format.Fields;
import org.syncline.format.SafeNames;
import org.syncline.text.Printable;

/**
 * The trials of a screen in listing order, in columns: 21,000 trials take about 1 MB, off the heap,
 * and, from the second opening on, a few milliseconds. Immutable, safe for concurrent use; the
 * collector frees its memory.
 */
public final class TrialIndex {
  static final int MAGIC = 0x54524c32;

  /** Tag of a whole number beyond 64 bits, as text. */
  static final int WHOLE = 7;

  private static final TrialKind[] KINDS = TrialKind.values();

  /** Byte strings one after another; item i ends at offset {@code ends + 4 * i}'s value. */
  private record Table(ByteBuffer data, int count, int ends, int bytes) {
    static Table read(ByteBuffer data) {
      int count = data.getInt();
      int ends = data.position();
      check(count >= 0 && count <= data.remaining() / 4);
      int bytes = ends + 4 * count;
      int end = 0;
      for (int i = 0; i < count; i++) {
        int next = data.getInt(ends + 4 * i);
        check(next >= end);
        end = next;
      }
      check(end <= data.limit() - bytes);
      data.position(bytes + end);
      return new Table(data, count, ends, bytes);
    }

    /** Checks that every item is a value with its tag. */
    void checkValues() {
      for (int i = 0; i < count; i++) {
        int from = bytes + (i == 0 ? 0 : data.getInt(ends + 4 * (i - 1)));
        int length = bytes + data.getInt(ends + 4 * i) - from;
        check(length > 0);
        int tag = data.get(from);
        check(tag >= 0 && tag <= WHOLE && (tag != 3 && tag != 4 || length == 9));
        check(tag != WHOLE || isWhole(from + 1, from + length));
      }
    }

    private boolean isWhole(int from, int to) {
      int first = from < to && data.get(from) == '-' ? from + 1 : from;
      for (int i = first; i < to; i++) {
        if (data.get(i) < '0' || data.get(i) > '9') {
          return false;
        }
      }
      return first < to;
    }

    byte[] item(int i) {
      int from = i == 0 ? 0 : data.getInt(ends + 4 * (i - 1));
      byte[] item = new byte[data.getInt(ends + 4 * i) - from];
      data.get(bytes + from, item);
      return item;
    }

    String text(int i) {
      return new String(item(i), StandardCharsets.UTF_8);
    }

    Object value(int i) {
      byte[] item = item(i);
      ByteBuffer content = ByteBuffer.wrap(item, 1, item.length - 1).order(ByteOrder.LITTLE_ENDIAN);
      return switch (item[0]) {
        case 1 -> false;
        case 2 -> true;
        case 3 -> content.getLong();
        case 4 -> content.getDouble();
        case 5 -> new String(item, 1, item.length - 1, StandardCharsets.UTF_8);
        case 6 ->
            Documents.json(new String(item, 1, item.length - 1, StandardCharsets.UTF_8), "metadata")
                .value();
        case WHOLE ->
            new BigInteger(new String(item, 1, item.length - 1, StandardCharsets.US_ASCII));
        default -> null;
      };
    }
  }

  /**
   * Codes from 1 into a pool of values, 0 where the key is missing; {@code codes} is their offset.
   */
  private record Column(String name, int width, int codes, Table pool) {
    int code(int trial) {
      return switch (width) {
        case 1 -> pool.data.get(codes + trial) & 0xff;
        case 2 -> pool.data.getShort(codes + 2 * trial) & 0xffff;
        default -> pool.data.getInt(codes + 4 * trial);
      };
    }
  }

  private final Path screen;
  private final Path source;
  private final boolean useStimuliNames;
  private final int size;
  private final int total;
  private final ByteBuffer data;
  // offsets of columns in the data
  private final int kinds;
  private final int firsts;
  private final int heights;
  private final int widths;
  private final int channels;
  private final int interleaves;
  private final int nameCodes;
  private final Table keys;
  private final Table names;
  private final List<Column> columns;
  private final List<String> columnNames;

  /** Null until a file is asked for. */
  private volatile StimulusFiles stimuli;

  private TrialIndex(Path screen, Path source, boolean useStimuliNames, ByteBuffer encoded) {
    ByteBuffer in = offHeap(encoded);
    check(in.getInt() == MAGIC);
    this.screen = screen;
    this.source = source;
    this.useStimuliNames = useStimuliNames;
    size = in.getInt();
    total = in.getInt();
    check(size > 0);
    data = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    kinds = skip(in, 1);
    firsts = skip(in, Integer.BYTES);
    heights = skip(in, Integer.BYTES);
    widths = skip(in, Integer.BYTES);
    channels = skip(in, Integer.BYTES);
    interleaves = skip(in, Double.BYTES);
    keys = Table.read(in);
    nameCodes = skip(in, Integer.BYTES);
    names = Table.read(in);
    checkTrials();
    Table titles = Table.read(in);
    columns = new ArrayList<>(titles.count);
    List<String> texts = new ArrayList<>(titles.count);
    for (int c = 0; c < titles.count; c++) {
      int width = in.getInt();
      int codes = in.position();
      check(width == 1 || width == 2 || width == 4);
      in.position(Math.addExact(codes, Math.multiplyExact(width, size)));
      texts.add(titles.text(c));
      Column column = new Column(texts.get(c), width, codes, Table.read(in));
      column.pool.checkValues();
      for (int i = 0; i < size; i++) {
        int code = column.code(i);
        check(code >= 0 && code <= column.pool.count);
      }
      columns.add(column);
    }
    check(!in.hasRemaining());
    columnNames = Collections.unmodifiableList(texts);
  }

  /** Checks what a cache file may hold in its place. */
  private static void check(boolean sound) {
    if (!sound) {
      throw new IllegalStateException("not an encoded trial index");
    }
  }

  /**
   * Checks that lists and maps among the metadata can be read, which is done when they are asked
   * for.
   */
  private void checkDocuments() {
    for (Column column : columns) {
      for (int i = 0; i < column.pool.count; i++) {
        column.pool.value(i);
      }
    }
  }

  private void checkTrials() {
    check(keys.count == size);
    int next = 0;
    for (int i = 0; i < size; i++) {
      int kind = data.get(kinds + i);
      check(kind >= 0 && kind < KINDS.length);
      boolean stored = KINDS[kind] == TrialKind.IMAGE || KINDS[kind] == TrialKind.VIDEO;
      int code = number(nameCodes, i);
      check(code >= -1 && code < names.count && (stored || code < 0));
      check(number(firsts, i) >= next);
      next = number(firsts, i) + 1;
      int depth = number(channels, i);
      check(number(heights, i) >= 0 && number(widths, i) >= 0 && depth >= 0 && depth <= 3);
    }
    check(total >= next);
    for (int i = 0; i < names.count; i++) {
      check(SafeNames.fault(names.text(i)) == null);
    }
  }

  /** Returns little-endian memory off the heap, which the collector frees. */
  static ByteBuffer allocate(int bytes) {
    return Arena.ofAuto()
        .allocate(Math.max(1, bytes), Long.BYTES)
        .asByteBuffer()
        .limit(bytes)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer offHeap(ByteBuffer encoded) {
    return encoded.isDirect()
        ? encoded.duplicate().order(ByteOrder.LITTLE_ENDIAN)
        : allocate(encoded.remaining()).put(encoded.duplicate()).flip();
  }

  /** Returns where a column with one value a trial begins, and goes on behind it. */
  private int skip(ByteBuffer in, int width) {
    int at = in.position();
    in.position(Math.addExact(at, Math.multiplyExact(width, size)));
    return at;
  }

  private int number(int column, int trial) {
    return data.getInt(column + Integer.BYTES * Objects.checkIndex(trial, size));
  }

  /**
   * Opens the trials of a screen: {@code combined_meta.json} where it exists, else {@code
   * meta/NNNNN.yml}.
   *
   * @param screenFolder the screen's folder
   * @param useStimuliNames pixels are in files named after the stimulus
   * @throws RecordingException naming the trial, where metadata is missing, has a wrong type, its
   *     first frame is not the sum of the frames before it, or a name would leave {@code data/}
   */
  public static TrialIndex open(Path screenFolder, boolean useStimuliNames) {
    return open(screenFolder, useStimuliNames, DiskCache.system());
  }

  /** Same as {@link #open(Path, boolean)} with another cache, null for none. */
  public static TrialIndex open(Path screenFolder, boolean useStimuliNames, DiskCache cache) {
    Path combined = screenFolder.resolve("combined_meta.json");
    boolean single = !Files.exists(combined, LinkOption.NOFOLLOW_LINKS);
    Path source = single ? screenFolder.resolve("meta") : combined;
    List<Path> files = single ? singleFiles(source) : List.of(combined);
    if (files.isEmpty()) {
      throw RecordingException.of(
          screenFolder,
          "trials",
          "neither combined_meta.json nor meta/NNNNN.yml",
          "the metadata of at least one trial",
          null);
    }
    String namespace = useStimuliNames ? "trials-1-names" : "trials-1";
    String identity = cache == null ? null : cache.identity(namespace, files);
    if (identity != null) {
      ByteBuffer stored = cache.get(identity, namespace, files);
      if (stored != null) {
        try {
          TrialIndex index = new TrialIndex(screenFolder, source, useStimuliNames, stored);
          index.checkDocuments();
          return index;
        } catch (RuntimeException e) {
          // an entry of another layout: read the files again
          System.getLogger("org.syncline")
              .log(System.Logger.Level.DEBUG, "stored trial index not usable", e);
        }
      }
    }
    ByteBuffer encoded =
        single
            ? TrialTable.readSingle(source, files, useStimuliNames, null)
            : TrialTable.readCombined(combined, useStimuliNames, null);
    if (identity != null) {
      cache.put(identity, namespace, files, encoded);
    }
    return new TrialIndex(screenFolder, source, useStimuliNames, encoded);
  }

  /** Reads all trials, broken ones as invalid; what is wrong with them goes to a consumer. */
  public static TrialIndex check(
      Path screenFolder, boolean useStimuliNames, Consumer<RecordingException> problems) {
    Path combined = screenFolder.resolve("combined_meta.json");
    Path meta = screenFolder.resolve("meta");
    if (Files.exists(combined, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer encoded = TrialTable.readCombined(combined, useStimuliNames, problems);
      return new TrialIndex(screenFolder, combined, useStimuliNames, encoded);
    }
    ByteBuffer encoded = TrialTable.readSingle(meta, singleFiles(meta), useStimuliNames, problems);
    return new TrialIndex(screenFolder, meta, useStimuliNames, encoded);
  }

  /**
   * Returns the files NNNNN.yml of a folder in numeric order; empty where the folder does not
   * exist.
   */
  public static List<Path> singleFiles(Path folder) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(folder, p -> isTrialFile(p.getFileName().toString()))) {
      stream.forEach(files::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return files;
    } catch (IOException e) {
      throw Fields.unreadable(folder, e);
    }
    files.sort(Comparator.comparing(p -> p.getFileName().toString()));
    return files;
  }

  static boolean isTrialFile(String name) {
    if (name.length() != 9 || !name.endsWith(".yml")) {
      return false;
    }
    for (int i = 0; i < 5; i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Returns the file or folder that the trials were read from: combined_meta.json or meta. */
  public Path source() {
    return source;
  }

  /** Returns the number of trials, at least 1. */
  public int size() {
    return size;
  }

  /** Returns the number of frames of all trials together. */
  public int totalFrames() {
    return total;
  }

  /** Returns a trial's key, for instance {@code 00012}. */
  public String key(int trial) {
    return keys.text(trial);
  }

  /** Returns a trial's kind. */
  public TrialKind kind(int trial) {
    return KINDS[data.get(kinds + Objects.checkIndex(trial, size))];
  }

  /**
   * Returns the index of a trial's first frame; the number of all frames for {@code trial ==
   * size()}.
   */
  public int firstFrame(int trial) {
    return trial == size ? total : number(firsts, trial);
  }

  /** Returns a trial's number of frames: 1 unless it is a video. */
  public int frames(int trial) {
    return firstFrame(trial + 1) - firstFrame(trial);
  }

  /**
   * Returns the trial that owns a frame, by binary search.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= frame < totalFrames()}
   */
  public int trialOfFrame(int frame) {
    if (frame < 0 || frame >= total) {
      throw new IndexOutOfBoundsException("frame " + frame + " of " + total);
    }
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (number(firsts, middle) <= frame) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Returns whether a trial's pixels are in a file: images and videos. */
  public boolean hasFile(int trial) {
    return number(nameCodes, trial) >= 0;
  }

  /**
   * Returns a number for a trial's file from 0 to {@link #fileCount()} - 1, the same for trials
   * that share one, or -1 for blank and invalid trials.
   */
  public int fileIndex(int trial) {
    return number(nameCodes, trial);
  }

  /** Returns the number of different files. */
  public int fileCount() {
    return names.count;
  }

  /** Returns the folder of the files of pixels. */
  public Path data() {
    return screen.resolve("data");
  }

  /** Returns whether the pixels of any trial lie in an encoded file, as {@code 00000.mp4}. */
  public boolean anyEncoded() {
    return stimuli().any();
  }

  private StimulusFiles stimuli() {
    StimulusFiles known = stimuli;
    if (known == null) {
      known =
          StimulusFiles.of(
              screen.resolve("data"), source, names.count, names::text, DiskCache.system());
      stimuli = known;
    }
    return known;
  }

  /** Returns the extension that the metadata of a trial with several files choose. */
  private String chosen(int trial, String name, StimulusFiles files) {
    List<String> there = files.all(name);
    if (there.size() < 2) {
      // others were taken away since the folder was listed
      return there.isEmpty() ? ".npy" : there.getFirst();
    }
    if (metadata(trial, "format") instanceof String format) {
      String asked = format.startsWith(".") ? format : "." + format;
      if (there.contains(asked)) {
        return asked;
      }
      List<String> alike = there.stream().filter(asked::equalsIgnoreCase).toList();
      if (alike.size() == 1) {
        return alike.getFirst();
      }
      if (alike.isEmpty() && StimulusFiles.isExtension(asked)) {
        throw RecordingException.of(
            screen.resolve("data"),
            "trial " + key(trial),
            named(name, there),
            name + Printable.value(asked) + ", as format in the trial's metadata says",
            "put the file there, or name the extension of one that is, as format: "
                + there.getLast());
      }
    }
    if (there.contains(".npy") && !Boolean.TRUE.equals(metadata(trial, "encoded"))) {
      // an array with a preview beside it, as the original reads it
      return ".npy";
    }
    throw RecordingException.of(
        screen.resolve("data"),
        "trial " + key(trial),
        named(name, there),
        "one file of frames",
        "move the others away, or name the extension in the trial's metadata, as format: "
            + there.getLast());
  }

  private static String named(String name, List<String> extensions) {
    return extensions.stream().map(name::concat).collect(Collectors.joining(" and "));
  }

  /**
   * Returns the file of a trial's pixels, inside {@code data/}, whether it exists or not; null for
   * blank and invalid trials. Trials of one stimulus have equal paths. The first call looks at the
   * folder; files that appear later are not seen.
   *
   * @throws RecordingException where a stimulus name leads out of {@code data/} through a link, or
   *     there are several files, of which neither the trial's {@code format} names one nor is one
   *     the array of a trial that is not {@code encoded}, or the format names one that is not there
   */
  public Path file(int trial) {
    int code = number(nameCodes, trial);
    if (code < 0) {
      return null;
    }
    Path data = screen.resolve("data");
    String name = names.text(code);
    StimulusFiles files = stimuli();
    Path file =
        SafeNames.resolve(
            data,
            name + (files.isAmbiguous(code) ? chosen(trial, name, files) : files.extension(code)));
    if (useStimuliNames) {
      try {
        Path real = file.toRealPath();
        if (!real.startsWith(data.toRealPath())) {
          throw RecordingException.of(
              source,
              key(trial) + ".stimulus_name",
              "'" + name + "', a link to " + real,
              "the name of a file inside data/",
              null);
        }
      } catch (IOException e) {
        return file;
      }
    }
    return file;
  }

  /** Returns the height from {@code image_size}, 0 where there is none. */
  public int height(int trial) {
    return number(heights, trial);
  }

  /** Returns the width from {@code image_size}, 0 where there is none. */
  public int width(int trial) {
    return number(widths, trial);
  }

  /** Returns the third entry of {@code image_size}, 0 where there is none: frames are (H, W). */
  public int channels(int trial) {
    return number(channels, trial);
  }

  /** Returns {@code interleave_value}, NaN where there is none. */
  public double interleaveValue(int trial) {
    return data.getDouble(interleaves + Double.BYTES * Objects.checkIndex(trial, size));
  }

  /**
   * Returns a metadata value: null (also where the key is missing), Boolean, Long, BigInteger of
   * whole numbers beyond 64 bits, Double, String, List or Map.
   */
  public Object metadata(int trial, String key) {
    if (trial < 0 || trial >= size) {
      throw new IndexOutOfBoundsException("trial " + trial + " of " + size);
    }
    for (Column column : columns) {
      if (column.name.equals(key)) {
        int code = column.code(trial);
        return code == 0 ? null : column.pool.value(code - 1);
      }
    }
    return null;
  }

  /** Returns the different values of a metadata key, in order of first occurrence, without null. */
  public List<Object> metadataValues(String key) {
    List<Object> values = new ArrayList<>();
    int at = columnNames.indexOf(key);
    if (at >= 0) {
      Table pool = columns.get(at).pool;
      for (int i = 0; i < pool.count; i++) {
        Object value = pool.value(i);
        if (value != null) {
          values.add(value);
        }
      }
    }
    return values;
  }

  /** Returns all metadata keys of any trial, in order of first occurrence. */
  public List<String> metadataKeys() {
    return columnNames;
  }

  /**
   * Returns which trials meet conditions: OR between maps, AND inside a map, values compared as
   * Python does (1 equals 1.0 and true, letter case counts, a list equals nothing); a trial without
   * the key, or with null, has the value {@code "blank"}. An empty list, and an empty map, match
   * nothing.
   */
  public boolean[] match(List<TrialCondition> conditions) {
    boolean[] result = new boolean[size];
    for (TrialCondition condition : conditions) {
      if (condition.values().isEmpty()) {
        continue;
      }
      boolean[] all = new boolean[size];
      Arrays.fill(all, true);
      condition.values().forEach((key, wanted) -> retain(all, key, wanted));
      for (int i = 0; i < size; i++) {
        result[i] |= all[i];
      }
    }
    return result;
  }

  private void retain(boolean[] all, String key, Object wanted) {
    boolean missing = same("blank", wanted);
    int at = columnNames.indexOf(key);
    if (at < 0) {
      if (!missing) {
        Arrays.fill(all, false);
      }
      return;
    }
    Column column = columns.get(at);
    boolean[] meets = new boolean[column.pool.count + 1];
    meets[0] = missing;
    for (int i = 0; i < column.pool.count; i++) {
      Object value = column.pool.value(i);
      meets[i + 1] = value == null ? missing : same(value, wanted);
    }
    for (int i = 0; i < size; i++) {
      all[i] &= meets[column.code(i)];
    }
  }

  private static boolean same(Object value, Object wanted) {
    Object a = value instanceof Boolean b ? (Object) (b ? 1L : 0L) : value;
    Object b = wanted instanceof Boolean w ? (Object) (w ? 1L : 0L) : wanted;
    if (a instanceof Number x && b instanceof Number y) {
      return integral(x) && integral(y) ? x.longValue() == y.longValue() : same(x, y);
    }
    return a instanceof String && a.equals(b);
  }

  /** Compares numbers exactly: as doubles two whole numbers may be one. */
  private static boolean same(Number x, Number y) {
    double a = x.doubleValue();
    if (a != y.doubleValue()) {
      return false;
    }
    if (Math.abs(a) < 1L << 53) {
      return true;
    }
    if (Double.isInfinite(a)) {
      return x instanceof BigInteger == y instanceof BigInteger
          && (!(x instanceof BigInteger) || x.equals(y));
    }
    return exact(x).compareTo(exact(y)) == 0;
  }

  private static BigDecimal exact(Number number) {
    return switch (number) {
      case BigInteger whole -> new BigDecimal(whole);
      case BigDecimal decimal -> decimal;
      case Double d -> new BigDecimal(d);
      case Float f -> new BigDecimal(f.doubleValue());
      default -> BigDecimal.valueOf(number.longValue());
    };
  }

  private static boolean integral(Number n) {
    return n instanceof Long || n instanceof Integer || n instanceof Short || n instanceof Byte;
  }
}
