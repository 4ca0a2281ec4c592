/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.config.DatasetConfig;
import org.syncline.config.TrialCondition;
import org.syncline.config.schema.Choice;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.ConfigSection;
import org.syncline.document.Documents;
import org.syncline.stats.DeviceStatistics;
import org.syncline.stats.RecordingStatistics;

/** What {@code syncline_statistics} is asked for. */
final class StatisticsRequest {
  private static final double[] SHARES = {0.05, 0.5, 0.95};

  private static final ConfigKey DEVICES = ConfigKey.texts("devices", "These devices alone.");
  private static final ConfigKey CONDITIONS =
      mixed("conditions", "a map of trial metadata, or a list of maps of which one must hold");
  private static final ConfigKey CONFIG = mixed("config", "a configuration");
  private static final ConfigKey QUANTILES = mixed("quantiles", "a list of shares from 0 to 1");
  private static final ConfigKey THREADS =
      ConfigKey.whole("threads", 0, 1024, 0L, "Threads that read; 0: all processors.");
  private static final ConfigKey FILTERS = flag("filters");
  private static final ConfigKey MOMENTS = flag("moments");
  private static final ConfigKey PER_PIXEL = flag("per_pixel");
  private static final ConfigKey WRITE = flag("write");
  private static final ConfigKey REPLACE = flag("replace");
  private static final ConfigKey POOLED_WITH =
      ConfigKey.texts("pooled_with", "Folders of other recordings.");
  private static final ConfigSection ALL =
      new ConfigSection(
          "syncline_statistics",
          "Options of statistics.",
          DEVICES,
          CONDITIONS,
          FILTERS,
          CONFIG,
          QUANTILES,
          MOMENTS,
          PER_PIXEL,
          THREADS,
          WRITE,
          REPLACE,
          POOLED_WITH);

  private StatisticsRequest() {}

  private static ConfigKey flag(String name) {
    return ConfigKey.flag(name, false, name);
  }

  private static ConfigKey mixed(String name, String form) {
    return ConfigKey.mixed(name, form, Choice.NONE, null, name);
  }

  /** Computes the statistics, writes them where that is asked for, and returns them by device. */
  static Map<String, Object> run(Path path, String json) {
    Options options = Options.parse(json, "options", ALL);
    List<Path> recordings = new ArrayList<>(List.of(path));
    List<String> others = options.texts(POOLED_WITH);
    if (others != null) {
      others.forEach(other -> recordings.add(Path.of(other)));
    }
    double[] shares = shares(options);
    boolean write = options.flag(WRITE);
    boolean replace = options.flag(REPLACE);
    if (replace && !write) {
      throw options.wrong(REPLACE.name(), true, "false without write");
    }
    Object quantiles = options.get(QUANTILES);
    if (quantiles != null && shares.length > 0 && options.flag(MOMENTS)) {
      throw options.wrong(QUANTILES.name(), quantiles, "none beside moments");
    }
    if (options.get(CONFIG) != null && options.get(CONDITIONS) == null && !options.flag(FILTERS)) {
      throw options.wrong(CONFIG.name(), "one", "none without conditions or filters");
    }
    Map<Path, Map<String, DeviceStatistics>> each = new LinkedHashMap<>();
    for (Path recording : recordings) {
      if (each.put(
              recording, compute(recording, options, shares.length > 0 && !options.flag(MOMENTS)))
          != null) {
        throw options.wrong(POOLED_WITH.name(), recording, "each recording once");
      }
    }
    Map<String, DeviceStatistics> found =
        others == null ? each.get(path) : RecordingStatistics.pool(each, StatisticsRequest::warn);
    if (write) {
      each.forEach(
          (recording, own) -> {
            Map<String, DeviceStatistics> written = new LinkedHashMap<>(found);
            written.keySet().retainAll(own.keySet());
            RecordingStatistics.write(recording, written, replace);
          });
    }
    Map<String, Object> all = new LinkedHashMap<>();
    found.forEach((device, statistics) -> all.put(device, statistics.toMap(shares)));
    return all;
  }

  private static void warn(String warning) {
    System.getLogger("org.syncline").log(Level.WARNING, warning);
  }

  private static Map<String, DeviceStatistics> compute(
      Path path, Options options, boolean quantiles) {
    RecordingStatistics job = RecordingStatistics.of(path);
    List<String> devices = options.texts(DEVICES);
    if (devices != null) {
      if (devices.isEmpty()) {
        throw options.wrong(DEVICES.name(), devices, "one at least, or null for all");
      }
      job.devices(devices.toArray(String[]::new));
    }
    if (options.get(CONDITIONS) != null) {
      job.condition(conditions(options));
    }
    Object config = options.get(CONFIG);
    if (config != null) {
      String text = config instanceof String s ? s : Documents.toJson(config);
      job.config(DatasetConfig.parse(text, "configuration"));
    }
    int threads = options.whole(THREADS);
    if (threads > 0) {
      job.threads(threads);
    }
    return job.filters(options.flag(FILTERS))
        .momentsOnly(options.flag(MOMENTS))
        .perPixel(options.flag(PER_PIXEL))
        .quantiles(quantiles)
        .compute();
  }

  private static List<TrialCondition> conditions(Options options) {
    Object given = options.get(CONDITIONS);
    List<TrialCondition> any = new ArrayList<>();
    for (Object one : given instanceof List<?> list ? list : List.of(given)) {
      if (!(one instanceof Map)) {
        throw options.wrong(CONDITIONS.name(), one, CONDITIONS.expected());
      }
      any.add(TrialCondition.of(Options.parse(Documents.toJson(one), "conditions").rest()));
    }
    return any;
  }

  private static double[] shares(Options options) {
    if (options.get(QUANTILES) == null) {
      return SHARES;
    }
    List<?> list = options.list(QUANTILES);
    double[] shares = new double[list.size()];
    for (int i = 0; i < shares.length; i++) {
      boolean share =
          list.get(i) instanceof Number n && n.doubleValue() >= 0 && n.doubleValue() <= 1;
      if (!share) {
        throw options.wrong(QUANTILES.name(), list.get(i), "shares from 0 to 1");
      }
      shares[i] = ((Number) list.get(i)).doubleValue();
    }
    return shares;
  }
}
