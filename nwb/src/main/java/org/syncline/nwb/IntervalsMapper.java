/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.syncline.format.writing.DeviceFiles;

/**
 * Things that last from a start to an end: tables of time intervals, epochs of NWB 1, observed
 * times of units, interval series.
 */
record IntervalsMapper(H5Node node, Source source) implements Mapper {
  /** More labels than this are no labels but a list of rows. */
  private static final int MOST_LABELS = 1000;

  private static final List<String> BOUNDS = List.of("start_time", "stop_time");

  private static final String NOT_FINITE = " rows without a finite start and stop are left out";

  /** Where the intervals stand. */
  enum Source {
    /** A table with start_time and stop_time. */
    TABLE,
    /** Groups with start_time and stop_time each. */
    EPOCHS,
    /** Of a table of units. */
    OBSERVED,
    /** A series of 1 where something begins and -1 where it ends. */
    SERIES,
    /** A table with timestamp and duration. */
    EVENTS,
    /** Of a series, whose samples have a number each that is described. */
    CONTROL
  }

  @Override
  public String modality() {
    return "time_interval";
  }

  @Override
  public long size() {
    return 0;
  }

  @Override
  public String write(Path folder, Job job) throws IOException {
    Map<String, List<double[]>> labels =
        switch (source) {
          case TABLE -> table(times("start_time", job), times("stop_time", job), BOUNDS, job);
          case EPOCHS -> epochs(job);
          case OBSERVED -> observed(job);
          case SERIES -> series(job);
          case EVENTS -> events(job);
          case CONTROL -> control(job);
        };
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    for (List<double[]> rows : labels.values()) {
      for (double[] row : rows) {
        first = Math.min(first, row[0]);
        last = Math.max(last, row[1]);
      }
    }
    if (first > last) {
      throw node.error(null, "no interval", "at least one", null);
    }
    DeviceFiles.intervals(folder, labels, first, last);
    int count = labels.values().stream().mapToInt(List::size).sum();
    String some =
        labels.size() > 8 ? labels.size() + " labels" : String.join(", ", labels.keySet());
    return String.format(
        Locale.ROOT, "%d intervals of %s, %.6g to %.6g s", count, some, first, last);
  }

  private void add(Map<String, List<double[]>> labels, String label, double start, double end) {
    labels
        .computeIfAbsent(label.isEmpty() ? "empty" : label, k -> new ArrayList<>())
        .add(new double[] {start, end});
    if (labels.size() > MOST_LABELS) {
      throw node.error(
          null,
          "more than " + MOST_LABELS + " different values in the column of labels",
          "a column with few values",
          "choose another column for the labels");
    }
  }

  /** Returns the seconds of a column. */
  private double[] times(String column, Job job) {
    H5Node data = node.dataset(column);
    Seconds.check(data, job.notes());
    double[] values = data.doubles();
    Seconds.notCoarse(data, Seconds.largest(values), job.repairs(), job.notes());
    return values;
  }

  private Map<String, List<double[]>> events(Job job) {
    double[] starts = times("timestamp", job);
    double[] stops = times("duration", job);
    int moments = 0;
    for (int i = 0; i < stops.length && i < starts.length; i++) {
      moments += stops[i] > 0 ? 0 : 1;
      stops[i] = stops[i] > 0 ? starts[i] + stops[i] : Double.NaN;
    }
    int said = job.notes().size();
    Map<String, List<double[]>> labels =
        table(starts, stops, List.of("timestamp", "duration"), job);
    if (moments > 0) {
      job.notes().subList(said, job.notes().size()).removeIf(note -> note.contains(NOT_FINITE));
      job.notes().add(moments + " events without a duration are left out");
    }
    return labels;
  }

  /** Returns when the samples of a series had each of the numbers that its file describes. */
  private Map<String, List<double[]>> control(Job job) {
    double[] marks = node.dataset("control").wholes();
    long[] shape = node.dataset("data").shape();
    if (LongStream.of(shape).noneMatch(length -> length == marks.length)) {
      throw node.error(
          "control",
          marks.length + " numbers",
          "one for each sample of data, of shape " + Arrays.toString(shape),
          null);
    }
    int said = job.notes().size();
    Clock clock = job.clock(node, marks.length);
    job.notes().subList(said, job.notes().size()).clear();
    double[] kept = clock.inOrder(marks);
    H5Node described = node.dataset("control_description");
    List<String> texts = described == null ? List.of() : described.texts();
    Map<String, List<double[]>> labels = new LinkedHashMap<>();
    int n = kept.length;
    double step =
        clock.isRegular()
            ? 1 / clock.rate()
            : n > 1 ? clock.timeOf(n - 1) - clock.timeOf(n - 2) : 0;
    int unnamed = 0;
    for (int from = 0, to; from < n; from = to) {
      to = from + 1;
      while (to < n && kept[to] == kept[from]) {
        to++;
      }
      boolean named = kept[from] >= 0 && kept[from] < texts.size();
      unnamed += named ? 0 : to - from;
      double end = to < n ? clock.timeOf(to) : clock.timeOf(n - 1) + step;
      String label = named ? texts.get((int) kept[from]) : "control_" + (long) kept[from];
      add(labels, label, clock.timeOf(from), end);
    }
    if (unnamed > 0) {
      job.notes().add(unnamed + " samples have a number that control_description does not name");
    }
    return labels;
  }

  private Map<String, List<double[]>> table(
      double[] starts, double[] stops, List<String> times, Job job) {
    Table table = new Table(node);
    if (starts.length != stops.length) {
      throw node.error(
          null,
          starts.length + " " + times.getFirst() + " and " + stops.length + " " + times.getLast(),
          "as many of both",
          null);
    }
    List<List<String>> texts = job.labels() == null ? null : table.texts(job.labels(), job.notes());
    if (texts != null && texts.size() != starts.length) {
      throw node.error(
          job.labels(), texts.size() + " rows", starts.length + ", as start_time", null);
    }
    Map<String, List<double[]>> labels = new LinkedHashMap<>();
    int odd = 0;
    int inverted = 0;
    int unnamed = 0;
    for (int i = 0; i < starts.length; i++) {
      if (!Double.isFinite(starts[i]) || !Double.isFinite(stops[i])) {
        odd++;
      } else if (stops[i] < starts[i]) {
        inverted++;
      } else {
        unnamed += texts != null && texts.get(i).isEmpty() ? 1 : 0;
        for (String label : texts == null ? List.of(node.name()) : texts.get(i)) {
          add(labels, label, starts[i], stops[i]);
        }
      }
    }
    leftOut(odd, inverted, job);
    if (unnamed > 0) {
      job.notes().add(unnamed + " rows without a value of " + job.labels() + " are left out");
    }
    List<String> others = new ArrayList<>(table.columns());
    others.removeAll(times);
    others.remove(job.labels());
    if (texts == null) {
      others.remove("timeseries");
    }
    if (!others.isEmpty()) {
      job.notes()
          .add(
              (texts == null
                      ? "one label; labels may be the values of one of "
                      : "columns that no device has: ")
                  + String.join(", ", others));
    }
    return labels;
  }

  private static void leftOut(int odd, int inverted, Job job) {
    if (odd > 0) {
      job.notes().add(odd + NOT_FINITE);
    }
    if (inverted > 0) {
      job.notes().add(inverted + " rows that stop before they start are left out");
    }
  }

  private Map<String, List<double[]>> epochs(Job job) {
    Map<String, List<double[]>> labels = new LinkedHashMap<>();
    int odd = 0;
    int inverted = 0;
    for (H5Node epoch : node.children().values()) {
      if (!epoch.isGroup() || epoch.dataset("start_time") == null) {
        continue;
      }
      double start = epoch.dataset("start_time").doubles()[0];
      H5Node stop = epoch.dataset("stop_time");
      double end = stop == null ? Double.NaN : stop.doubles()[0];
      if (!Double.isFinite(start) || !Double.isFinite(end)) {
        odd++;
      } else if (end < start) {
        inverted++;
      } else {
        for (String label : labelsOf(epoch, job.labels())) {
          add(labels, label, start, end);
        }
      }
    }
    leftOut(odd, inverted, job);
    return labels;
  }

  private List<String> labelsOf(H5Node epoch, String column) {
    if (column == null) {
      return List.of(node.name());
    }
    if (column.equals("name")) {
      return List.of(epoch.name());
    }
    H5Node data = epoch.dataset(column);
    if (data == null && epoch.attribute(column) == null) {
      throw epoch.error(
          null,
          "no '" + column + "'",
          "name, or one of " + String.join(", ", epoch.children().keySet()),
          null);
    }
    return data == null ? epoch.texts(column) : data.texts();
  }

  /**
   * Returns when all units were observed, and, where they differ, when each was.
   *
   * <p>All is a time without a spike of a unit that may be taken for silence.
   */
  private Map<String, List<double[]>> observed(Job job) {
    Table table = new Table(node);
    double[] all = node.dataset("obs_intervals").doubles();
    long[] ends = table.ends("obs_intervals", all.length / 2);
    if (ends == null) {
      throw node.error(
          null, "obs_intervals without obs_intervals_index", "the end of each unit's", null);
    }
    long[] ids = table.ids(ends.length);
    Map<String, List<double[]>> labels = new LinkedHashMap<>();
    List<List<double[]>> units = new ArrayList<>();
    int from = 0;
    for (long end : ends) {
      List<double[]> unit = new ArrayList<>();
      for (int i = from; i < end; i++) {
        if (all[2 * i] <= all[2 * i + 1]) {
          unit.add(new double[] {all[2 * i], all[2 * i + 1]});
        }
      }
      unit.sort((a, b) -> Double.compare(a[0], b[0]));
      units.add(unit);
      from = (int) end;
    }
    List<double[]> common = units.isEmpty() ? new ArrayList<>() : new ArrayList<>(units.get(0));
    boolean same = true;
    for (List<double[]> unit : units) {
      same &= Arrays.deepEquals(unit.toArray(), units.get(0).toArray());
      common = intersection(common, unit);
    }
    labels.put("observed", common);
    if (!same) {
      for (int i = 0; i < ids.length && ids.length < MOST_LABELS; i++) {
        labels.put("unit_" + ids[i], units.get(i));
      }
      job.notes()
          .add(
              "observed is when all units were; they differ"
                  + (ids.length < MOST_LABELS ? ", so each has a label unit_ID too" : ""));
    }
    return labels;
  }

  private static List<double[]> intersection(List<double[]> a, List<double[]> b) {
    List<double[]> both = new ArrayList<>();
    int i = 0;
    int k = 0;
    while (i < a.size() && k < b.size()) {
      double start = Math.max(a.get(i)[0], b.get(k)[0]);
      double end = Math.min(a.get(i)[1], b.get(k)[1]);
      if (start < end) {
        both.add(new double[] {start, end});
      }
      if (a.get(i)[1] < b.get(k)[1]) {
        i++;
      } else {
        k++;
      }
    }
    return both;
  }

  private Map<String, List<double[]>> series(Job job) {
    double[] data = node.dataset("data").wholes();
    Rest.of(node, job);
    int said = job.notes().size();
    Clock clock = job.clock(node, data.length);
    // events come when they come
    job.notes().subList(said, job.notes().size()).removeIf(n -> n.startsWith("not regular"));
    Map<Long, Double> open = new TreeMap<>();
    Map<String, List<double[]>> labels = new LinkedHashMap<>();
    int lost = 0;
    double[] marks = clock.inOrder(data);
    for (int i = 0; i < marks.length; i++) {
      long kind = Math.abs((long) marks[i]);
      double time = clock.timeOf(i);
      String label = kind == 1 ? node.name() : node.name() + "_" + kind;
      if (marks[i] > 0) {
        lost += open.put(kind, time) == null ? 0 : 1;
      } else if (open.containsKey(kind)) {
        add(labels, label, open.remove(kind), time);
      } else {
        lost++;
      }
    }
    if (lost + open.size() > 0) {
      job.notes().add(lost + open.size() + " starts or ends without the other are left out");
    }
    return labels;
  }
}
