/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.device.Problem;
import org.syncline.device.support.CoarseTimes;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.storage.ArrayFiles;
import org.syncline.storage.Npy;
import org.syncline.storage.RowArray;
import org.syncline.storage.SharedArena;
import org.syncline.write.RecordingWriter;
import org.syncline.write.ScreenWriter;
import org.syncline.write.SequenceWriter;
import org.syncline.write.SpikesWriter;

/** What a recording is made of: files by device. */
final class RecordingPlan {
  /** About as many bytes are copied at a time. */
  private static final long BLOCK = 4 << 20;

  private final String source;
  private final Path base;
  private final Map<String, Object> plan;
  private final Set<String> read = new LinkedHashSet<>();

  /**
   * Describes a recording.
   *
   * @param source of the plan, for messages
   * @param base folder that paths are relative to
   * @param plan {@code devices}, {@code data_key} and {@code meta}
   */
  RecordingPlan(String source, Path base, Map<String, Object> plan) {
    this.source = source;
    this.base = base;
    this.plan = plan;
  }

  /**
   * Writes the recording.
   *
   * @return what is odd, without being wrong
   * @throws ConfigException where the plan is wrong
   * @throws RecordingException where a file is, or the recording is there already
   */
  List<Problem> make(Path recording, boolean replace) {
    Keys top = new Keys(plan, "");
    Object devices = top.take("devices");
    Object key = top.take("data_key");
    Object meta = top.take("meta");
    top.end(Set.of("devices", "data_key", "meta"));
    if (!(devices instanceof Map<?, ?> map) || map.isEmpty()) {
      throw wrong("devices", devices, "a map of devices");
    }
    try (RecordingWriter writer = RecordingWriter.create(recording, replace)) {
      if (meta != null) {
        Map<String, Object> values = new Keys(meta, "meta").left;
        telling("meta", () -> writer.meta(values));
      }
      if (key != null) {
        telling("data_key", () -> writer.meta(Map.of("data_key", key)));
      }
      for (Map.Entry<?, ?> device : map.entrySet()) {
        String name = String.valueOf(device.getKey());
        telling("devices", () -> device(writer, name, new Keys(device.getValue(), name)));
      }
      List<Problem> odd = new ArrayList<>();
      telling("devices", () -> odd.addAll(writer.finish()));
      return odd;
    }
  }

  /** Does what a plan asks for; what the writer refuses is an error of the plan. */
  private void telling(String key, Runnable step) {
    try {
      step.run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ConfigException(source, 0, key, e.getMessage());
    }
  }

  private void device(RecordingWriter writer, String name, Keys keys) {
    List<String> kinds =
        List.of("values", "trials", "spikes", "intervals").stream()
            .filter(keys.left::containsKey)
            .toList();
    if (kinds.size() != 1) {
      throw wrong(name, keys.left.keySet(), "one of values, trials, spikes, intervals");
    }
    switch (kinds.getFirst()) {
      case "values" -> sequence(writer, name, keys);
      case "trials" -> screen(writer, name, keys);
      case "spikes" -> spikes(writer, name, keys);
      default -> intervals(writer, name, keys);
    }
  }

  private Path file(String key, Object path) {
    if (path instanceof String text && !text.isEmpty()) {
      return base.resolve(text);
    }
    throw wrong(key, path, "the path of a file");
  }

  private static boolean isText(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".csv") || name.endsWith(".tsv") || name.endsWith(".txt");
  }

  /** Returns what tables were read, for people: which names were found, and how many rows. */
  List<String> read() {
    return List.copyOf(read);
  }

  private TextTable table(Path file) {
    TextTable table = TextTable.read(file);
    read.add(table.summary());
    return table;
  }

  /** Returns the numbers of a file of one column. */
  private double[] numbers(Path file) {
    if (!isText(file)) {
      double[] values = Npy.readDoubles(file).values();
      notRounded(file, values, Npy.header(file).dtype().type());
      return values;
    }
    TextTable table = table(file);
    if (table.width() != 1) {
      throw RecordingException.of(
          file,
          "columns",
          String.valueOf(table.width()),
          "1",
          "write that column alone, without an index, which pandas leaves out with index=False");
    }
    return table.numbers(0);
  }

  /** Returns the times of a file of one column. */
  private double[] seconds(Path file) {
    double[] times = numbers(file);
    notRounded(file, times);
    return times;
  }

  /**
   * Refuses times in a type that has rounded them too far: as float64, which is what is written,
   * nobody can see it any more.
   */
  private static void notRounded(Path file, double[] times) {
    if (isText(file)) {
      return;
    }
    ElementType type = Npy.header(file).dtype().type();
    notRounded(file, times, type);
    double largest = Arrays.stream(times).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    if (CoarseTimes.isTooCoarse(type, largest)) {
      throw RecordingException.of(
          file,
          "dtype",
          CoarseTimes.describe(type, largest),
          "float64",
          "the exact times are lost: make them in float64, or subtract the first one before they"
              + " become smaller");
    }
  }

  /** Refuses whole numbers of 64 bits that doubles do not have, which they are read as. */
  private static void notRounded(Path file, double[] values, ElementType type) {
    if (type != ElementType.INT64 && type != ElementType.UINT64) {
      return;
    }
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(values[i]) >= 1L << 53) {
        throw RecordingException.of(
            file,
            "value " + i,
            "about " + new BigDecimal(values[i]).toPlainString(),
            "whole numbers of at most 2^53 (9007199254740992)",
            "they are read as float64, which rounds larger ones: subtract the first one, or count"
                + " in larger units");
      }
    }
  }

  private void sequence(RecordingWriter writer, String name, Keys keys) {
    Path file = file(name + ".values", keys.take("values"));
    Double rate = keys.number("rate");
    Double start = keys.number("start");
    Object times = keys.take("times");
    Object columns = keys.take("columns");
    Object keep = keys.take("keep");
    Object shifts = keys.take("phase_shifts");
    boolean turned = keys.flag("transpose");
    keys.end(
        Set.of("values", "rate", "start", "times", "columns", "keep", "phase_shifts", "transpose"));
    if ((rate == null) == (times == null)) {
      throw wrong(name, rate == null ? "neither rate nor times" : "rate and times", "one of them");
    }
    if (rate == null && start != null) {
      throw wrong(name + ".start", start, "none beside times");
    }
    SequenceWriter sequence =
        rate == null
            ? writer.irregular(name)
            : writer.sequence(name, rate, start == null ? 0 : start);
    if (shifts != null) {
      sequence.phaseShifts(numbers(file(name + ".phase_shifts", shifts)));
    }
    if (isText(file)) {
      if (turned || keep != null) {
        throw wrong(name, turned ? "transpose" : "keep", "columns, of a table");
      }
      table(sequence, table(file), columns, times, name);
      return;
    }
    if (columns != null) {
      throw wrong(name + ".columns", columns, "none: the columns of .npy files have no names");
    }
    double[] seconds = times == null ? null : seconds(file(name + ".times", times));
    try (Arena arena = new SharedArena()) {
      RowArray array = ArrayFiles.openNpy(file, arena);
      int signals = turned ? Math.toIntExact(array.rows()) : array.columns();
      int[] kept = IntStream.range(0, signals).toArray();
      if (keep != null) {
        kept = kept(file(name + ".keep", keep), signals);
        sequence.unitIds(Arrays.stream(kept).asLongStream().toArray());
      }
      rows(sequence, array, turned, kept, seconds);
    }
  }

  /** Returns the places whose number in the first column of a file is not 0. */
  private int[] kept(Path file, int signals) {
    double[] flags;
    if (isText(file)) {
      flags = table(file).numbers(0);
    } else {
      Npy.Doubles array = Npy.readDoubles(file);
      int width = array.shape().length < 2 ? 1 : Math.toIntExact(array.shape()[1]);
      flags = new double[array.values().length / Math.max(1, width)];
      Arrays.setAll(flags, i -> array.values()[i * width]);
    }
    if (flags.length != signals) {
      throw RecordingException.of(
          file, "length", flags.length + " rows", "one for each of " + signals + " signals", null);
    }
    for (int i = 0; i < signals; i++) {
      if (Double.isNaN(flags[i])) {
        throw RecordingException.of(
            file, "values", "NaN in row " + i, "0, or another number", null);
      }
    }
    int[] kept = IntStream.range(0, signals).filter(i -> flags[i] != 0).toArray();
    if (kept.length == 0) {
      throw RecordingException.of(file, "values", "nothing but 0", "some signals to keep", null);
    }
    return kept;
  }

  private static void rows(
      SequenceWriter sequence, RowArray array, boolean turned, int[] kept, double[] seconds) {
    ElementType type = array.type();
    int bytes = type.bytes();
    long rows = turned ? array.columns() : array.rows();
    if (seconds != null && seconds.length != rows) {
      throw RecordingException.of(
          array.path(),
          "rows",
          String.valueOf(rows),
          seconds.length + ", as there are times",
          turned ? null : "set transpose where signals are the first axis");
    }
    long rowBytes = (long) kept.length * bytes;
    int most = (int) Math.max(1, Math.min(BLOCK / rowBytes, rows));
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment block = scratch.allocate(most * rowBytes, 64);
      for (long first = 0; first < rows; first += most) {
        int n = (int) Math.min(most, rows - first);
        for (int i = 0; i < n; i++) {
          for (int k = 0; k < kept.length; k++) {
            long row = turned ? kept[k] : first + i;
            int column = turned ? (int) (first + i) : kept[k];
            store(block, i * rowBytes + (long) k * bytes, bytes, array.bits(row, column));
          }
        }
        Tensor tensor =
            new Tensor(type, new long[] {n, kept.length}, block.asSlice(0, n * rowBytes));
        if (seconds == null) {
          sequence.append(tensor);
        } else {
          sequence.append(tensor, Arrays.copyOfRange(seconds, (int) first, (int) first + n));
        }
      }
    }
  }

  private static void store(MemorySegment memory, long at, int bytes, long bits) {
    switch (bytes) {
      case 1 -> memory.set(ValueLayout.JAVA_BYTE, at, (byte) bits);
      case 2 -> memory.set(ValueLayout.JAVA_SHORT, at, (short) bits);
      case 4 -> memory.set(ValueLayout.JAVA_INT, at, (int) bits);
      default -> memory.set(ValueLayout.JAVA_LONG, at, bits);
    }
  }

  private void table(
      SequenceWriter sequence, TextTable table, Object columns, Object times, String name) {
    int clock = times instanceof String text ? table.names().indexOf(text) : -1;
    if (clock >= 0) {
      table.column((String) times);
    }
    double[] seconds = times == null || clock >= 0 ? null : timesFile(table, times, name);
    List<Integer> wanted = new ArrayList<>();
    switch (columns) {
      case null -> {
        if (table.names().contains("")) {
          throw RecordingException.of(
              table.file(),
              "line 1",
              "a column without a name",
              "a name for each",
              "name columns, or leave the index out, which pandas wrote: to_csv(index=False)");
        }
        IntStream.range(0, table.width()).filter(i -> i != clock).forEach(wanted::add);
      }
      case String text ->
          Arrays.stream(text.split(",")).forEach(c -> wanted.add(table.column(c.strip())));
      case List<?> list -> list.forEach(c -> wanted.add(table.column(String.valueOf(c))));
      default -> throw wrong(name + ".columns", columns, "names of columns");
    }
    try (Arena scratch = Arena.ofConfined()) {
      TableRows rows = new TableRows(sequence, table, wanted, clock, seconds, scratch);
      table.forEachRow(rows);
      rows.end();
    }
  }

  /** Writes the rows of a table block by block, each with its time where there are times. */
  private static final class TableRows implements TextTable.Line {
    private final SequenceWriter sequence;
    private final TextTable table;
    private final List<Integer> columns;
    private final int clock;
    private final double[] seconds;
    private final int most;
    private final MemorySegment block;
    private final double[] times;
    private long written;
    private int filled;

    /**
     * Begins with no rows.
     *
     * @param clock the column of times, or -1
     * @param seconds times from elsewhere, or null
     */
    TableRows(
        SequenceWriter sequence,
        TextTable table,
        List<Integer> columns,
        int clock,
        double[] seconds,
        Arena scratch) {
      this.sequence = sequence;
      this.table = table;
      this.columns = columns;
      this.clock = clock;
      this.seconds = seconds;
      if (seconds != null && seconds.length != table.rows()) {
        throw RecordingException.of(
            table.file(),
            "rows",
            String.valueOf(table.rows()),
            seconds.length + ", as there are times",
            null);
      }
      long rowBytes = 8L * Math.max(1, columns.size());
      most = (int) Math.max(1, Math.min(BLOCK / rowBytes, Math.max(1, table.rows())));
      block = scratch.allocate(most * rowBytes, 8);
      times = new double[most];
    }

    @Override
    public void take(String[] cells) {
      long row = written + filled;
      for (int k = 0; k < columns.size(); k++) {
        double value = table.number(cells, columns.get(k), row);
        block.setAtIndex(ValueLayout.JAVA_DOUBLE, (long) filled * columns.size() + k, value);
      }
      if (clock >= 0) {
        times[filled] = table.number(cells, clock, row);
      } else if (seconds != null) {
        times[filled] = seconds[Math.toIntExact(row)];
      }
      filled++;
      if (filled == most) {
        flush();
      }
    }

    /** Writes what is left; a table without rows is given as one, for the writer to say so. */
    void end() {
      if (filled > 0 || written == 0) {
        flush();
      }
    }

    private void flush() {
      long[] shape = {filled, columns.size()};
      MemorySegment values = block.asSlice(0, 8 * shape[0] * shape[1]);
      Tensor rows = new Tensor(ElementType.FLOAT64, shape, values);
      if (clock < 0 && seconds == null) {
        sequence.append(rows);
      } else {
        sequence.append(rows, Arrays.copyOf(times, filled));
      }
      written += filled;
      filled = 0;
    }
  }

  private double[] timesFile(TextTable table, Object times, String name) {
    Path file = file(name + ".times", times);
    if (!Files.exists(file)) {
      throw wrong(
          name + ".times",
          "'" + times + "', which is no file",
          "a file, or a column of " + table.summary());
    }
    return seconds(file);
  }

  private void screen(RecordingWriter writer, String name, Keys keys) {
    Object trials = keys.take("trials");
    Double rate = keys.number("frame_rate");
    keys.end(Set.of("trials", "frame_rate"));
    if (!(trials instanceof List<?> list)) {
      throw wrong(name + ".trials", trials, "a list of trials");
    }
    ScreenWriter screen = writer.screen(name);
    if (rate != null) {
      screen.frameRate(rate);
    }
    for (int i = 0; i < list.size(); i++) {
      Keys trial = new Keys(list.get(i), name + ".trials[" + i + "]");
      Object file = trial.take("file");
      Double blank = trial.number("blank");
      Double time = trial.number("time");
      Object times = trial.take("times");
      if ((file == null) == (blank == null) || (time == null) == (times == null)) {
        throw wrong(
            trial.where,
            list.get(i),
            "file or blank, and time or times, the latter a file, beside metadata");
      }
      if (file == null && time == null) {
        throw wrong(trial.where, "times", "time, of a blank");
      }
      if (file == null) {
        screen.blank(blank, time, trial.left);
      } else {
        screen.file(
            file(trial.where + ".file", file),
            time != null ? new double[] {time} : seconds(file(trial.where + ".times", times)),
            trial.left);
      }
    }
  }

  private void spikes(RecordingWriter writer, String name, Keys keys) {
    Path file = file(name + ".spikes", keys.take("spikes"));
    Object clusters = keys.take("clusters");
    Double rate = keys.number("rate");
    double[] range = keys.range();
    keys.end(Set.of("spikes", "clusters", "rate", "start", "end"));
    double[] times = rate == null ? seconds(file) : numbers(file);
    if (rate != null) {
      if (!(rate > 0)) {
        throw wrong(name + ".rate", rate, "a positive number of Hz");
      }
      for (int i = 0; i < times.length; i++) {
        if (times[i] != Math.rint(times[i])) {
          throw RecordingException.of(
              file,
              "spike " + i,
              String.valueOf(times[i]),
              "a sample number, as " + name + " has a rate",
              "leave the rate out for times in seconds");
        }
        times[i] /= rate;
      }
    }
    Map<Long, List<Double>> units = new TreeMap<>();
    double[] of =
        clusters == null ? new double[times.length] : numbers(file(name + ".clusters", clusters));
    if (of.length != times.length) {
      throw RecordingException.of(
          file, "length", times.length + " spikes", of.length + ", as there are clusters", null);
    }
    for (int i = 0; i < times.length; i++) {
      if (of[i] != Math.rint(of[i]) || Math.abs(of[i]) > 1L << 53) {
        throw RecordingException.of(
            file(name + ".clusters", clusters),
            "cluster of spike " + i,
            String.valueOf(of[i]),
            "whole numbers, of a unit for each spike",
            "leave spikes out that belong to no unit");
      }
      units.computeIfAbsent((long) of[i], u -> new ArrayList<>()).add(times[i]);
    }
    SpikesWriter spikes = writer.spikes(name);
    if (range != null) {
      spikes.range(range[0], range[1]);
    }
    for (List<Double> unit : units.values()) {
      // of all units together they may be in any order
      spikes.unit(unit.stream().mapToDouble(t -> t).sorted().toArray());
    }
    spikes.unitIds(units.keySet().stream().mapToLong(u -> u).toArray());
  }

  private void intervals(RecordingWriter writer, String name, Keys keys) {
    Path file = file(name + ".intervals", keys.take("intervals"));
    double[] range = keys.range();
    keys.end(Set.of("intervals", "start", "end"));
    Map<String, List<double[]>> rows = new LinkedHashMap<>();
    if (isText(file)) {
      TextTable table = table(file);
      double[] starts = table.numbers(table.column("start", "start_time"));
      double[] ends = table.numbers(table.column("end", "end_time", "stop", "stop_time"));
      int label = table.names().indexOf("label");
      List<String> labels = label < 0 ? null : table.texts(label);
      for (int i = 0; i < starts.length; i++) {
        rows.computeIfAbsent(labels == null ? name : labels.get(i), l -> new ArrayList<>())
            .add(new double[] {starts[i], ends[i]});
      }
    } else {
      Npy.Doubles array = Npy.readDoubles(file);
      if (array.shape().length != 2 || array.shape()[1] != 2) {
        throw RecordingException.of(
            file, "shape", Arrays.toString(array.shape()), "(n, 2): start and end", null);
      }
      notRounded(file, array.values());
      List<double[]> all = new ArrayList<>();
      for (int i = 0; i < array.values().length; i += 2) {
        all.add(new double[] {array.values()[i], array.values()[i + 1]});
      }
      rows.put(name, all);
    }
    Map<String, double[][]> labels = new LinkedHashMap<>();
    rows.forEach((label, list) -> labels.put(label, list.toArray(double[][]::new)));
    if (range == null) {
      writer.intervals(name, labels);
    } else {
      writer.intervals(name, labels, range[0], range[1]);
    }
  }

  private ConfigException wrong(String key, Object found, String expected) {
    return new ConfigException(
        source, 0, key, "found " + (found == null ? "nothing" : found) + ", expected " + expected);
  }

  /** Keys that are taken one by one. */
  private final class Keys {
    private final String where;
    private final Map<String, Object> left = new LinkedHashMap<>();

    Keys(Object value, String where) {
      this.where = where;
      if (!(value instanceof Map<?, ?> map)) {
        throw wrong(where, value, "a map");
      }
      map.forEach((k, v) -> left.put(String.valueOf(k), v));
    }

    Object take(String key) {
      return left.remove(key);
    }

    Double number(String key) {
      return switch (take(key)) {
        case null -> null;
        case Number n -> exact(key, n);
        case Object other -> throw wrong(where + "." + key, other, "a number");
      };
    }

    private double exact(String key, Number number) {
      double value = number.doubleValue();
      boolean whole = number instanceof Long || number instanceof BigInteger;
      if (whole && new BigDecimal(number.toString()).compareTo(new BigDecimal(value)) != 0) {
        throw wrong(
            where + "." + key, number, "a whole number of at most 2^53, which float64 has exactly");
      }
      return value;
    }

    boolean flag(String key) {
      return switch (take(key)) {
        case null -> false;
        case Boolean b -> b;
        case Object other -> throw wrong(where + "." + key, other, "true or false");
      };
    }

    double[] range() {
      Double start = number("start");
      Double end = number("end");
      if ((start == null) != (end == null)) {
        throw wrong(where, start == null ? "end alone" : "start alone", "both, or neither");
      }
      return start == null ? null : new double[] {start, end};
    }

    void end(Set<String> known) {
      if (!left.isEmpty()) {
        throw wrong(
            where.isEmpty() ? "plan" : where,
            "the key '" + left.keySet().iterator().next() + "'",
            "some of " + new TreeSet<>(known));
      }
    }
  }
}
