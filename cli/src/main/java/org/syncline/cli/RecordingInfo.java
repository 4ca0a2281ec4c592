/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.syncline.ChunkDataset;
import org.syncline.Explanation;
import org.syncline.array.TensorSpec;
import org.syncline.device.Interpolator;
import org.syncline.device.Trials;
import org.syncline.interval.TimeInterval;
import org.syncline.text.Printable;

/**
 * What {@code syncline info} says of a recording, as text and as a map for JSON.
 *
 * @param opening seconds that opening took
 * @param nans shares of NaN by device; null where nobody asked
 */
record RecordingInfo(
    ChunkDataset dataset, double opening, int batchSize, Map<String, Double> nans) {
  private static final String TIER = "tier";
  private static final String NO_TIER = "none";

  /**
   * Trials of one kind and tier.
   *
   * @param tier as the metadata have it; null where a trial has none
   */
  private record Group(String kind, Object tier) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int kinds = kind.compareTo(other.kind);
      return kinds != 0 ? kinds : shown().compareTo(other.shown());
    }

    /** Returns the tier for people: no other value looks the same. */
    String shown() {
      return Output.cell(tier, NO_TIER);
    }
  }

  private long chunkBytes() {
    return dataset.layout().stream().mapToLong(TensorSpec::bytes).sum();
  }

  /** Returns the folders of devices that the configuration does not name, in order. */
  private List<String> leftOut() {
    try (Stream<Path> all = Files.list(dataset.root())) {
      return all.filter(folder -> Files.isRegularFile(folder.resolve("meta.yml")))
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !dataset.deviceNames().contains(name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<Group, Integer> groups(Trials trials) {
    Map<Group, Integer> groups = new TreeMap<>();
    for (int k = 0; k < trials.count(); k++) {
      Object tier = trials.metadataValue(k, TIER);
      Object kind = trials.describe(k).get("modality");
      groups.merge(new Group(String.valueOf(kind), tier), 1, Integer::sum);
    }
    return groups;
  }

  private static String contents(Interpolator device) {
    if (!device.contents().isEmpty()) {
      return device.contents();
    }
    Map<String, Object> properties = device.properties();
    if (properties.get("labels") instanceof List<?> labels) {
      return "labels " + String.join(", ", labels.stream().map(String::valueOf).toList());
    }
    Object signals = properties.get("n_signals");
    return signals == null ? "" : signals + " units";
  }

  private static Object modality(Interpolator device) {
    return device.properties().get("modality");
  }

  /** Returns all of it by name. */
  Map<String, Object> toMap() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("data_key", dataset.dataKey());
    all.put("opening_seconds", opening);
    all.put("start_time", dataset.startTime());
    all.put("end_time", dataset.endTime());
    all.put("lead", dataset.lead());
    all.put("chunks", dataset.length());
    all.put("chunk_bytes", chunkBytes());
    all.put("batch_size", batchSize);
    all.put("batch_bytes", chunkBytes() * batchSize);
    Map<String, Object> devices = new LinkedHashMap<>();
    Map<String, Object> trials = new LinkedHashMap<>();
    for (String name : dataset.deviceNames()) {
      Interpolator device = dataset.experiment().device(name);
      TimeInterval valid = device.validInterval();
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("modality", modality(device));
      each.put("contents", contents(device));
      each.put("stored_rate", device.storedRate());
      each.put("start_time", device.startTime());
      each.put("end_time", device.endTime());
      each.put("valid_interval", List.of(valid.start(), valid.end()));
      each.put("sampling_rate", dataset.samplingRates().get(name));
      each.put("chunk_size", dataset.chunkSizes().get(name));
      each.put("offset", dataset.config().modalities().get(name).offset());
      if (nans != null) {
        each.put("nan_share", nans.get(name));
      }
      devices.put(name, each);
      device
          .trials()
          .ifPresent(
              found -> {
                List<Object> groups = new ArrayList<>();
                groups(found)
                    .forEach(
                        (group, count) -> {
                          Map<String, Object> one = new LinkedHashMap<>();
                          one.put("kind", group.kind);
                          one.put("tier", group.tier);
                          one.put("count", count);
                          groups.add(one);
                        });
                trials.put(name, groups);
              });
    }
    all.put("devices", devices);
    all.put("left_out", leftOut());
    all.put("trials", trials);
    all.put("entries", Sessions.entryMaps(dataset.layout()));
    List<Object> funnel = new ArrayList<>();
    Explanation explanation = dataset.explain();
    long before = -1;
    for (Explanation.Step step : explanation.steps()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("step", step.name());
      each.put("left", step.left());
      each.put("removed", before < 0 ? 0 : before - step.left());
      each.put("note", step.note());
      funnel.add(each);
      before = step.left();
    }
    all.put("funnel", funnel);
    all.put("advice", explanation.advice());
    List<Object> valid = new ArrayList<>();
    dataset
        .validIntervalsFromFilters()
        .forEach(interval -> valid.add(List.of(interval.start(), interval.end())));
    all.put("valid_intervals", valid);
    all.put("encoded", DecodeCommand.encoded(dataset.root()));
    return all;
  }

  /** Returns the cells of a line among those of other recordings. */
  List<String> row() {
    return List.of(
        Printable.value(dataset.dataKey()),
        String.format("%.1f", dataset.endTime() - dataset.startTime()),
        Integer.toString(dataset.length()),
        Integer.toString(dataset.trialCount()),
        Output.bytes(chunkBytes()),
        String.join(", ", dataset.deviceNames()));
  }

  /** The heading over {@link #row}. */
  static final List<String> HEADING =
      List.of("recording", "seconds", "chunks", "trials", "a chunk", "devices");

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "recording   %s (%s), opened in %.1f ms%n",
            Printable.value(dataset.dataKey()), dataset.root(), opening * 1e3));
    text.append(
        String.format(
            "range       %.3f s … %.3f s: where all devices have values%n",
            dataset.startTime(), dataset.endTime()));
    text.append(
        String.format(
            "chunks      %d led by %s; one has %s, a batch of %d has %s%n",
            dataset.length(),
            dataset.lead(),
            Output.bytes(chunkBytes()),
            batchSize,
            Output.bytes(chunkBytes() * batchSize)));
    if (!leftOut().isEmpty()) {
      text.append("left out    ")
          .append(Printable.value(String.join(", ", leftOut())))
          .append(": the configuration does not name them, or they have no times")
          .append(System.lineSeparator());
    }
    text.append(System.lineSeparator()).append(devices());
    trials(text);
    text.append(System.lineSeparator()).append(Sessions.entries(dataset.layout(), batchSize));
    List<List<String>> steps = new ArrayList<>();
    steps.add(List.of("what each step leaves", "left", "removed", ""));
    long before = -1;
    for (Explanation.Step step : dataset.explain().steps()) {
      steps.add(
          List.of(
              step.name(),
              Long.toString(step.left()),
              before < 0 ? "-" : Long.toString(before - step.left()),
              step.note()));
      before = step.left();
    }
    text.append(System.lineSeparator()).append(Output.table(steps));
    dataset.explain().advice().forEach(a -> text.append(a).append(System.lineSeparator()));
    text.append(System.lineSeparator()).append(dataset.intervalStatistics());
    return text.toString();
  }

  private String devices() {
    List<List<String>> rows = new ArrayList<>();
    List<String> heading =
        new ArrayList<>(
            List.of("device", "modality", "stored", "Hz", "from s", "to s", "read at Hz"));
    if (nans != null) {
      heading.add("NaN");
    }
    rows.add(heading);
    for (String name : dataset.deviceNames()) {
      Interpolator device = dataset.experiment().device(name);
      List<String> row =
          new ArrayList<>(
              Arrays.asList(
                  Printable.value(name),
                  String.valueOf(modality(device)),
                  Printable.value(contents(device)),
                  device.storedRate() > 0 ? Sessions.number(device.storedRate()) : "-",
                  String.format("%.3f", device.validInterval().start()),
                  String.format("%.3f", device.validInterval().end()),
                  Sessions.number(dataset.samplingRates().get(name))));
      if (nans != null) {
        Double share = nans.get(name);
        row.add(share == null ? "-" : String.format("%.3g%%", 100 * share));
      }
      rows.add(row);
    }
    return Output.table(rows);
  }

  private void trials(StringBuilder text) {
    for (String name : dataset.deviceNames()) {
      dataset
          .experiment()
          .device(name)
          .trials()
          .ifPresent(
              trials -> {
                List<List<String>> rows = new ArrayList<>();
                rows.add(List.of("trials of " + Printable.value(name), TIER, "count"));
                groups(trials)
                    .forEach(
                        (group, count) ->
                            rows.add(List.of(group.kind, group.shown(), Integer.toString(count))));
                text.append(System.lineSeparator()).append(Output.table(rows));
              });
    }
  }
}
