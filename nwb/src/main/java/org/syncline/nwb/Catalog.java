/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.syncline.document.Documents;
import org.syncline.document.ListNode;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.document.ScalarNode;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;

/**
 * Walks through the parts of a file that hold data in time, and says of each thing what becomes of
 * it. Types are told by neurodata_type, in files of NWB 1 by the last of ancestry; a type of an
 * extension counts as the nearest one that it extends, which the file's own copy of the
 * specification says.
 */
final class Catalog {
  private static final int DEEPEST = 24;

  private static final List<String> PARTS =
      List.of(
          "acquisition",
          "processing",
          "analysis",
          "stimulus",
          "intervals",
          "epochs",
          "units",
          "events",
          "scratch");

  /** Parts of a file that say what it is and how it was made. */
  private static final Set<String> ABOUT = Set.of("general", "specifications");

  private static final Set<String> SEQUENCES =
      Set.of(
          "TimeSeries",
          "RoiResponseSeries",
          "ElectricalSeries",
          "SpatialSeries",
          "AbstractFeatureSeries",
          "PatchClampSeries",
          "CurrentClampSeries",
          "IZeroClampSeries",
          "CurrentClampStimulusSeries",
          "VoltageClampSeries",
          "VoltageClampStimulusSeries",
          "OptogeneticSeries",
          "DecompositionSeries");

  private static final Set<String> VIDEOS = Set.of("ImageSeries", "OpticalSeries");

  private static final Set<String> RAW_IMAGING =
      Set.of("TwoPhotonSeries", "OnePhotonSeries", "ImageMaskSeries");

  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("AnnotationSeries", "text at times; nothing in a recording holds that"),
          Map.entry(
              "SpikeEventSeries", "waveforms around events, which have no clock of their own"),
          Map.entry("PlaneSegmentation", "where regions lie; it has no time"),
          Map.entry("ImageSegmentation", "where regions lie; it has no time"),
          Map.entry("Images", "images without times; an IndexSeries shows them"),
          Map.entry("DynamicTable", "a table without start_time and stop_time"),
          Map.entry("VectorData", "a column of a table"),
          Map.entry("ElectrodeGroup", "it has no time"),
          Map.entry("FeatureExtraction", "features of events, which have no clock of their own"),
          Map.entry("EventDetection", "events without values"),
          Map.entry("EventWaveform", "waveforms around events"),
          Map.entry("ClusterWaveforms", "it has no time"),
          Map.entry("Clustering", "superseded by Units; write it as a table of units"),
          Map.entry("MotionCorrection", "corrected frames of microscopy; import its regions"),
          Map.entry("ImagingRetinotopy", "maps of the cortex; they have no time"));

  private final Hdf file;
  private final List<Found> found = new ArrayList<>();
  private final Map<List<Object>, String> seen = new HashMap<>();
  private final Map<String, String> parents = new HashMap<>();

  private Catalog(Hdf file) {
    this.file = file;
  }

  /**
   * Lists what is in a file.
   *
   * @throws RecordingException where it is no NWB file
   */
  static List<Found> of(Hdf file) {
    H5Node root = file.root();
    if (root.attribute("nwb_version") == null && root.child("nwb_version") == null) {
      throw RecordingException.of(
          file.path(),
          "nwb_version",
          "nothing",
          "the version of NWB",
          "this is an HDF5 file of another kind");
    }
    Catalog catalog = new Catalog(file);
    catalog.specifications();
    for (String part : PARTS) {
      H5Node node = root.child(part);
      if (node != null) {
        catalog.guarded(node, 0);
      }
    }
    for (H5Node other : root.children().values()) {
      if (!PARTS.contains(other.name()) && !ABOUT.contains(other.name()) && !other.isDataset()) {
        catalog.guarded(other, 0);
      }
    }
    return catalog.found;
  }

  /** Reads which type extends which, where the file holds specifications. */
  private void specifications() {
    H5Node root = file.root().child("specifications");
    if (root == null || !root.isGroup()) {
      return;
    }
    for (H5Node namespace : root.children().values()) {
      if (namespace.name().equals("core") || !namespace.isGroup()) {
        continue;
      }
      for (H5Node version : namespace.children().values()) {
        for (H5Node text : version.children().values()) {
          try {
            for (String json : text.isDataset() ? text.texts() : List.<String>of()) {
              types(Documents.json(json, text.path()));
            }
          } catch (SynclineException ignored) {
            // types of this extension stay unknown, which the report says of each
          }
        }
      }
    }
  }

  private void types(Node node) {
    if (node instanceof ListNode list) {
      list.items().forEach(this::types);
    } else if (node instanceof MapNode map) {
      String name = scalar(map.get("neurodata_type_def"), map.get("data_type_def"));
      String base = scalar(map.get("neurodata_type_inc"), map.get("data_type_inc"));
      if (name != null && base != null) {
        parents.put(name, base);
      }
      map.entries().values().forEach(this::types);
    }
  }

  private static String scalar(Node first, Node second) {
    Node node = first == null ? second : first;
    return node instanceof ScalarNode s && s.value() != null ? s.value().toString() : null;
  }

  /** Returns the type of a node, or an empty text where the file says none. */
  private static String typeOf(H5Node node) {
    List<String> ancestry = node.texts("ancestry");
    String type = ancestry.isEmpty() ? node.text("neurodata_type") : ancestry.getLast();
    return type == null ? "" : type;
  }

  /** Returns the nearest type that is known here, or the type itself. */
  private String known(String type) {
    String at = type;
    for (int i = 0; i < DEEPEST && at != null; i++) {
      if (SEQUENCES.contains(at)
          || VIDEOS.contains(at)
          || RAW_IMAGING.contains(at)
          || REASONS.containsKey(at)
          || at.equals("TimeIntervals")
          || at.equals("IndexSeries")
          || at.equals("IntervalSeries")
          || at.equals("EventsTable")
          || at.equals("Units")) {
        return at;
      }
      at = parents.get(at);
    }
    return type;
  }

  private void guarded(H5Node node, int depth) {
    String type = "";
    try {
      if (node.isBroken()) {
        found.add(Found.faulty(node, "link", "a link to " + node.link() + ", where nothing is"));
        return;
      }
      type = typeOf(node);
      visit(node, type, depth);
    } catch (RecordingException e) {
      found.add(Found.faulty(node, type.isEmpty() ? "group" : type, Found.reason(node, e)));
    }
  }

  private void visit(H5Node node, String type, int depth) {
    String known = known(type);
    if (node.isDataset()) {
      if (!type.isEmpty()) {
        found.add(Found.left(node, type, REASONS.getOrDefault(known, "data without times")));
      }
      return;
    }
    String before =
        seen.putIfAbsent(List.of(node.file().path(), node.node().getAddress()), node.path());
    if (before != null && !type.isEmpty()) {
      found.add(Found.left(node, type, "the same as " + before));
      return;
    }
    boolean hasClock = node.child("timestamps") != null || node.child("starting_time") != null;
    boolean isSeries = node.child("data") != null && hasClock;
    boolean inTemplates = node.path().startsWith("stimulus/templates/");
    if (known.equals("IndexSeries")) {
      found.add(Found.mapped(node, type, shape(node), new ImagesMapper(node)));
    } else if (VIDEOS.contains(known)) {
      video(node, type, inTemplates);
    } else if (RAW_IMAGING.contains(known)) {
      raw(node, type);
    } else if (known.equals("IntervalSeries")) {
      intervals(node, type, IntervalsMapper.Source.SERIES);
    } else if (SEQUENCES.contains(known)) {
      sequence(node, type, inTemplates);
    } else if (known.equals("Units") || node.path().equals("units")) {
      units(node, type.isEmpty() ? "Units" : type);
    } else if (node.child("unit_list") != null) {
      found.add(
          Found.mapped(node, type.isEmpty() ? "UnitTimes" : type, "", new SpikesMapper(node)));
    } else if (node.child("start_time") != null && node.child("stop_time") != null) {
      intervals(node, type, IntervalsMapper.Source.TABLE);
    } else if (known.equals("EventsTable")) {
      events(node, type);
    } else if (known.equals("TimeIntervals")) {
      String missing = node.child("start_time") == null ? "start_time" : "stop_time";
      found.add(Found.faulty(node, type, "intervals without " + missing));
    } else if (node.path().equals("epochs")) {
      if (node.children().values().stream().anyMatch(H5Node::isGroup)) {
        intervals(node, type.isEmpty() ? "Epochs" : type, IntervalsMapper.Source.EPOCHS);
      }
    } else if (REASONS.containsKey(known)) {
      found.add(Found.left(node, type, REASONS.get(known)));
    } else if (isSeries) {
      H5Node data = node.dataset("data");
      if (data == null || Numbers.of(data) == null) {
        found.add(Found.left(node, type, "values that are no numbers"));
      } else {
        found.add(
            Found.asked(
                node,
                type.isEmpty() ? "group" : type,
                shape(node),
                new SequenceMapper(node),
                "its type is not known here; named, it becomes a sequence"));
      }
    } else if (depth < DEEPEST) {
      // a thing has its own name, not that of a link to it
      for (boolean links : new boolean[] {false, true}) {
        for (H5Node child : node.children().values()) {
          if (links == (child.link() != null)) {
            guarded(child, depth + 1);
          }
        }
      }
    }
    control(node, type);
  }

  /** Lists the numbers of samples that a series may have, as a device of its own. */
  private void control(H5Node node, String type) {
    Found series = found.isEmpty() ? null : found.getLast();
    if (series == null || !series.node().path().equals(node.path()) || !series.isMappable()) {
      return;
    }
    H5Node control = node.dataset("control");
    if (control == null || node.dataset("data") == null) {
      return;
    }
    H5Node place = new H5Node(node.file(), node.node(), node.path() + "/control", node.link());
    Mapper mapper = new IntervalsMapper(node, IntervalsMapper.Source.CONTROL);
    String shape = Arrays.toString(control.shape());
    String of = "control of " + type;
    found.add(
        series.onRequest()
            ? Found.asked(place, of, shape, mapper, "its series is not imported unless named")
            : Found.mapped(place, of, shape, mapper));
  }

  private void events(H5Node node, String type) {
    H5Node times = node.dataset("timestamp");
    H5Node durations = node.dataset("duration");
    if (times == null) {
      found.add(Found.faulty(node, type, "events without timestamp"));
      return;
    }
    long rows = SequenceMapper.product(times.shape(), 0);
    String shape = rows + " rows: " + String.join(", ", new Table(node).columns());
    if (rows == 0) {
      found.add(Found.left(node, type, "no rows"));
    } else if (durations != null && DoubleStream.of(durations.doubles()).anyMatch(d -> d > 0)) {
      Mapper mapper = new IntervalsMapper(node, IntervalsMapper.Source.EVENTS);
      found.add(Found.mapped(node, type, shape, mapper));
    } else {
      found.add(
          Found.asked(
              node,
              type,
              shape,
              new SpikesMapper(node),
              "moments without a duration; named, they become the spikes of one unit"));
    }
  }

  private static String shape(H5Node series) {
    H5Node data = series.dataset("data");
    if (data == null) {
      return "";
    }
    Numbers numbers = Numbers.of(data);
    return Arrays.toString(data.shape())
        + " "
        + (numbers == null ? "no numbers" : numbers.type().numpyName());
  }

  private void sequence(H5Node node, String type, boolean template) {
    H5Node data = node.dataset("data");
    if (data == null) {
      found.add(Found.faulty(node, type, "no data"));
    } else if (Numbers.of(data) == null) {
      found.add(Found.left(node, type, "values that are no numbers"));
    } else if (SequenceMapper.product(data.shape(), 0) == 0) {
      found.add(Found.left(node, type, "no samples: shape " + Arrays.toString(data.shape())));
    } else if (template) {
      found.add(
          Found.asked(
              node,
              type,
              shape(node),
              new SequenceMapper(node),
              "a template, which says nothing of when it was shown"));
    } else {
      found.add(Found.mapped(node, type, shape(node), new SequenceMapper(node)));
    }
  }

  private void video(H5Node node, String type, boolean template) {
    H5Node external = node.child("external_file");
    H5Node data = node.child("data");
    boolean inside =
        data != null && data.isDataset() && SequenceMapper.product(data.shape(), 0) > 0;
    if (!inside && external != null) {
      List<String> files = external.isDataset() ? external.texts() : List.of();
      ExternalVideos videos = ExternalVideos.of(node, files);
      if (videos != null) {
        String shape = files.size() + (files.size() == 1 ? " file" : " files");
        found.add(
            template
                ? Found.asked(
                    node,
                    type,
                    shape,
                    videos,
                    "a template, which says nothing of when it was shown")
                : Found.mapped(node, type, shape, videos));
        return;
      }
      found.add(
          Found.left(
              node,
              type,
              "its frames are in other files ("
                  + String.join(", ", files.subList(0, Math.min(3, files.size())))
                  + (files.size() > 3 ? ", …" : "")
                  + "), which are not there; put them beside the NWB file, at these paths or names"));
    } else if (!inside) {
      found.add(Found.left(node, type, "no frames"));
    } else if (template) {
      found.add(
          Found.asked(
              node,
              type,
              shape(node),
              new VideoMapper(node),
              "a template, which says nothing of when it was shown"));
    } else {
      found.add(Found.mapped(node, type, shape(node), new VideoMapper(node)));
    }
  }

  private void raw(H5Node node, String type) {
    H5Node data = node.child("data");
    boolean inside =
        data != null && data.isDataset() && SequenceMapper.product(data.shape(), 0) > 0;
    if (inside) {
      found.add(
          Found.asked(
              node,
              type,
              shape(node),
              new VideoMapper(node),
              "raw frames of microscopy; named, they become a screen of one video"));
    } else {
      found.add(Found.left(node, type, "its frames are in other files, or it has none"));
    }
  }

  private void intervals(H5Node node, String type, IntervalsMapper.Source source) {
    String shape = "";
    if (source == IntervalsMapper.Source.TABLE) {
      H5Node start = node.dataset("start_time");
      H5Node stop = node.dataset("stop_time");
      if (start == null || stop == null) {
        found.add(Found.faulty(node, type, "start_time or stop_time is no dataset"));
        return;
      }
      long rows = SequenceMapper.product(start.shape(), 0);
      if (rows == 0) {
        found.add(Found.left(node, type, "no rows"));
        return;
      }
      shape = rows + " rows: " + String.join(", ", new Table(node).columns());
    }
    found.add(
        Found.mapped(
            node,
            type.isEmpty() ? "TimeIntervals" : type,
            shape,
            new IntervalsMapper(node, source)));
  }

  private void units(H5Node node, String type) {
    H5Node times = node.dataset("spike_times");
    H5Node observed = node.dataset("obs_intervals");
    boolean seen = observed != null && SequenceMapper.product(observed.shape(), 0) > 0;
    if (times == null) {
      found.add(Found.left(node, type, "units without spike_times"));
    } else if (!seen && SequenceMapper.product(times.shape(), 0) == 0) {
      found.add(Found.left(node, type, "units without a spike, and without obs_intervals"));
    } else {
      found.add(
          Found.mapped(
              node, type, Arrays.toString(times.shape()) + " spike times", new SpikesMapper(node)));
    }
    if (seen) {
      H5Node place =
          new H5Node(node.file(), node.node(), node.path() + "/obs_intervals", node.link());
      found.add(
          Found.mapped(
              place,
              "obs_intervals of " + type,
              Arrays.toString(observed.shape()),
              new IntervalsMapper(node, IntervalsMapper.Source.OBSERVED)));
    }
  }
}
