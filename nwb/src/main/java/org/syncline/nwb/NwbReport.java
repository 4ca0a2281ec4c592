/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.document.Documents;

/**
 * What an import wrote and what it left out.
 *
 * @param file the NWB file
 * @param recording the folder written
 * @param mapped the devices
 * @param left what is in the file and not in the recording
 * @param notes what is said of the recording as a whole
 */
public record NwbReport(
    Path file, Path recording, List<Mapped> mapped, List<Left> left, List<String> notes) {
  /** Keeps copies of the lists. */
  public NwbReport {
    mapped = List.copyOf(mapped);
    left = List.copyOf(left);
    notes = List.copyOf(notes);
  }

  /**
   * A device that was written.
   *
   * @param device its name
   * @param path in the file
   * @param type its neurodata_type
   * @param modality sequence, spikes, time_interval or screen
   * @param what shape, element type and clock, for people
   * @param notes what was found and done on the way: repairs, conversions, assumptions
   */
  public record Mapped(
      String device, String path, String type, String modality, String what, List<String> notes) {
    /** Keeps a copy of the list. */
    public Mapped {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Something that was not written.
   *
   * @param path in the file
   * @param type its neurodata_type
   * @param reason why
   * @param faulty whether it should have been: what the file says of it is wrong or not readable
   */
  public record Left(String path, String type, String reason, boolean faulty) {}

  /** Returns whether something is missing that should have been written. */
  public boolean isFaulty() {
    return left.stream().anyMatch(Left::faulty);
  }

  /** Returns the report for people, lines with ends. */
  public String toText() {
    StringBuilder out = new StringBuilder();
    out.append(file).append(" -> ").append(recording).append('\n');
    int wide = mapped.stream().mapToInt(m -> m.device().length()).max().orElse(0);
    for (Mapped each : mapped) {
      out.append(String.format("  %-" + Math.max(1, wide) + "s  ", each.device()))
          .append(String.format("%-13s  %s  (%s)%n", each.modality(), each.what(), each.path()));
      each.notes().forEach(note -> out.append("      ").append(note).append('\n'));
    }
    for (boolean faulty : new boolean[] {true, false}) {
      List<Left> some = left.stream().filter(l -> l.faulty() == faulty).toList();
      if (!some.isEmpty()) {
        out.append(faulty ? "not mapped, for it is faulty:\n" : "not mapped:\n");
        some.forEach(
            l ->
                out.append(l.path().isEmpty() ? "  /" : "  " + l.path())
                    .append(" (" + l.type() + "): ")
                    .append(l.reason())
                    .append('\n'));
      }
    }
    notes.forEach(note -> out.append(note).append('\n'));
    return out.toString();
  }

  /** Returns a list of what is in a file as JSON. */
  public static String json(Path file, List<NwbItem> items) {
    return Documents.toPrettyJson(toMap(file, items));
  }

  /** Returns a list of what is in a file as maps, with the names of the components as keys. */
  static Map<String, Object> toMap(Path file, List<NwbItem> items) {
    List<Object> all = new ArrayList<>();
    for (NwbItem item : items) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("path", item.path());
      each.put("type", item.type());
      each.put("shape", item.shape());
      each.put("modality", item.modality());
      each.put("device", item.device());
      each.put("on_request", item.onRequest());
      each.put("reason", item.reason());
      all.add(each);
    }
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("file", file.toString());
    whole.put("items", all);
    return whole;
  }

  /** Returns the report as JSON. */
  public String toJson() {
    return Documents.toPrettyJson(toMap());
  }

  /** Returns the report as maps, lists and texts, with the names of the components as keys. */
  public Map<String, Object> toMap() {
    List<Object> devices = new ArrayList<>();
    for (Mapped each : mapped) {
      Map<String, Object> device = new LinkedHashMap<>();
      device.put("device", each.device());
      device.put("path", each.path());
      device.put("type", each.type());
      device.put("modality", each.modality());
      device.put("what", each.what());
      device.put("notes", each.notes());
      devices.add(device);
    }
    List<Object> others = new ArrayList<>();
    for (Left each : left) {
      Map<String, Object> other = new LinkedHashMap<>();
      other.put("path", each.path());
      other.put("type", each.type());
      other.put("reason", each.reason());
      other.put("faulty", each.faulty());
      others.add(other);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("file", file.toString());
    all.put("recording", recording.toString());
    all.put("mapped", devices);
    all.put("left", others);
    all.put("notes", notes);
    return all;
  }
}
