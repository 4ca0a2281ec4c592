/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.syncline.config.Target;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.Names;
import org.syncline.device.Interpolator;
import org.syncline.device.support.Answers;
import org.syncline.error.ConfigException;
import org.syncline.filter.Filter;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;
import org.syncline.text.Printable;

/**
 * Keeps what lies in the intervals of a label, or what does not: valid are the label's half-open
 * intervals, each shrunk by a margin at both ends; inverted, the complement in the labelled
 * device's range of the intervals grown by it.
 */
public final class LabelFilter implements Filter {
  private static final ConfigKey DEVICE =
      ConfigKey.text(
              "device",
              "The device whose label it is, one of the configuration; it may be another than that of the filter.")
          .required()
          .example("behavior");
  private static final ConfigKey LABEL =
      ConfigKey.text("label", "The label's name.").required().example("running");
  private static final ConfigKey INVERT =
      ConfigKey.flag(
              "invert",
              false,
              "Whether what lies outside of the intervals is valid, not what lies in.")
          .example("true");
  private static final ConfigKey MARGIN =
      ConfigKey.number(
              "margin",
              "seconds",
              0,
              ConfigKey.ANY,
              0.0,
              "Cut from both ends of each interval; with `invert` kept away from them.")
          .example("0.5");

  /** The filter as configurations name it. */
  public static final FilterType TYPE =
      new FilterType(
          "label_filter",
          "Keeps what lies in the intervals `[start, end)` of a label, or with `invert` what lies outside of them in the range of their device.",
          LabelFilter::new,
          DEVICE,
          LABEL,
          INVERT,
          MARGIN);

  private final Target target;
  private final String device;
  private final String label;
  private final boolean invert;
  private final double margin;

  private LabelFilter(FilterType.Arguments arguments) {
    target = arguments.target();
    device = arguments.text(DEVICE);
    label = arguments.text(LABEL);
    invert = arguments.flag(INVERT);
    margin = arguments.number(MARGIN);
  }

  /**
   * {@inheritDoc}
   *
   * @param labelled the device whose label it is
   * @throws ConfigException where the device has no such label, with the nearest one
   */
  @Override
  public List<TimeInterval> validIntervals(Interpolator labelled) {
    Map<String, List<TimeInterval>> labels =
        Answers.optional(labelled.labelledIntervals(), labelled, "labelledIntervals")
            .orElseThrow(
                () ->
                    target.error(
                        DEVICE.name(),
                        "is '"
                            + device
                            + "', which has no labelled intervals, expected a device of modality time_interval"));
    List<TimeInterval> intervals = labels.get(label);
    if (intervals == null) {
      throw target.error(
          LABEL.name(),
          "is '"
              + label
              + "', expected a label of "
              + device
              + "; "
              + Names.advice(label, labels.keySet()));
    }
    return valid(intervals, invert, margin, labelled.startTime(), labelled.endTime());
  }

  @Override
  public List<TimeInterval> validIntervals(
      Interpolator filtered, Map<String, Interpolator> devices) {
    Interpolator labelled = devices.get(device);
    if (labelled == null) {
      throw target.error(
          DEVICE.name(),
          "is '"
              + device
              + "', expected a device of the configuration that the recording has; "
              + Names.advice(device, devices.keySet()));
    }
    return validIntervals(labelled);
  }

  /** Returns what is valid of intervals of a device with a range. */
  static List<TimeInterval> valid(
      List<TimeInterval> intervals, boolean invert, double margin, double start, double end) {
    List<TimeInterval> changed = new ArrayList<>();
    for (TimeInterval interval : intervals) {
      double from = interval.start() + (invert ? -margin : margin);
      double to = interval.end() + (invert ? margin : -margin);
      if (from < to) {
        changed.add(new TimeInterval(from, to));
      }
    }
    return invert ? Intervals.complement(changed, start, end) : changed;
  }

  @Override
  public String toString() {
    return "LabelFilter("
        + (invert ? "outside of " : "")
        + Printable.message(label)
        + " of "
        + Printable.message(device)
        + ", margin "
        + margin
        + " s)";
  }
}
