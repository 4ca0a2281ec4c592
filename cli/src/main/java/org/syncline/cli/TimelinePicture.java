/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import org.syncline.ChunkDataset;
import org.syncline.device.Interpolator;
import org.syncline.device.Trials;
import org.syncline.device.support.UsualSteps;
import org.syncline.interval.TimeInterval;
import org.syncline.text.Printable;

/**
 * A recording from its beginning to its end: trials in the colour of their tier; where each device
 * has values, and which share of them is NaN; what the filters leave; the chunks.
 */
final class TimelinePicture {
  static final int LEFT = 170;
  static final int PLOT = Canvas.WIDTH - LEFT - 30;
  static final int TOP = 44;
  static final int LANE = 30;
  static final int GAP = 12;

  private final ChunkDataset dataset;
  private final Canvas canvas;
  private final double first;
  private final double last;
  private final Map<String, Color> tiers = new LinkedHashMap<>();
  private int y = TOP;

  private TimelinePicture(ChunkDataset dataset, int lanes) {
    this.dataset = dataset;
    canvas = new Canvas(TOP + lanes * (LANE + GAP) + 70);
    first = dataset.experiment().startTime();
    last = Math.max(dataset.experiment().endTime(), first + 1e-3);
  }

  /** Returns the column at which a time is drawn. */
  static int column(double time, double first, double last) {
    return LEFT + (int) Math.round(Math.clamp((time - first) / (last - first), 0, 1) * PLOT);
  }

  /** Returns the height at which a lane begins. */
  static int top(int lane) {
    return TOP + lane * (LANE + GAP);
  }

  static BufferedImage draw(ChunkDataset dataset) {
    List<String> devices = dataset.deviceNames();
    List<String> withTrials =
        devices.stream()
            .filter(name -> dataset.experiment().device(name).trials().isPresent())
            .toList();
    TimelinePicture picture = new TimelinePicture(dataset, withTrials.size() + devices.size() + 2);
    picture.canvas.title(Printable.value(dataset.dataKey()) + " from beginning to end");
    withTrials.forEach(
        name -> picture.trials(name, dataset.experiment().device(name).trials().orElseThrow()));
    devices.forEach(picture::device);
    picture.filters();
    picture.chunks();
    picture.axis();
    return picture.canvas.image;
  }

  private void lane(String name) {
    canvas.text(Printable.value(name), LEFT - 10, y + LANE / 2, true);
    canvas.box(LEFT, y, PLOT, LANE, Canvas.PALE);
  }

  private void next() {
    y += LANE + GAP;
  }

  private void stretch(double from, double to, Color colour) {
    int x = column(from, first, last);
    canvas.box(x, y, Math.max(1, column(to, first, last) - x), LANE, colour);
  }

  private void trials(String device, Trials trials) {
    lane("trials of " + device);
    List<String> names = new ArrayList<>();
    for (int k = 0; k < trials.count(); k++) {
      Object tier = trials.metadataValue(k, "tier");
      names.add(Output.cell(tier, "no tier"));
    }
    for (String name : new TreeSet<>(names)) {
      tiers.putIfAbsent(name, Canvas.COLOURS[tiers.size() % Canvas.COLOURS.length]);
    }
    double end = dataset.experiment().device(device).endTime();
    for (int k = 0; k < trials.count(); k++) {
      if (trials.start(k) <= end) {
        stretch(
            trials.start(k),
            k + 1 < trials.count() ? Math.min(trials.start(k + 1), end) : end,
            tiers.get(names.get(k)));
      }
    }
    canvas.pen.setColor(Color.WHITE);
    if (trials.count() < PLOT / 4) {
      // lines between more would leave nothing of them
      for (int k = 1; k < trials.count(); k++) {
        int x = column(trials.start(k), first, last);
        canvas.pen.drawLine(x, y, x, y + LANE - 1);
      }
    }
    next();
  }

  private void device(String name) {
    lane(name);
    Interpolator device = dataset.experiment().device(name);
    TimeInterval valid = device.validInterval();
    stretch(valid.start(), valid.end(), Canvas.VALID);
    DoubleBinaryOperator finite = device.finiteShare().orElse(null);
    if (finite != null) {
      int from = column(valid.start(), first, last);
      int to = column(valid.end(), first, last);
      double period = (last - first) / PLOT;
      for (int x = from; x < to; x++) {
        double begin = first + (x - LEFT) * period;
        int high = (int) Math.ceil((1 - finite.applyAsDouble(begin, begin + period)) * LANE - 1e-9);
        canvas.box(x, y, 1, high, Canvas.INVALID);
      }
      if (!device.isOnGrid()) {
        gaps(device.storedTimes(valid.start(), Math.nextUp(valid.end())).orElse(new double[0]));
      }
    }
    next();
  }

  /** Leaves stretches without a sample empty, though values are held or blended across them. */
  private void gaps(double[] times) {
    double least = UsualSteps.leastGap(times.length, i -> times[i]);
    for (int i = 1; i < times.length; i++) {
      if (times[i] - times[i - 1] > least) {
        stretch(times[i - 1], times[i], Canvas.PALE);
      }
    }
  }

  private void filters() {
    lane("filters leave");
    dataset
        .validIntervalsFromFilters()
        .forEach(left -> stretch(left.start(), left.end(), Canvas.VALID));
    next();
  }

  private void chunks() {
    lane("chunks (" + dataset.length() + ")");
    String lead = dataset.lead();
    double length = dataset.chunkSizes().get(lead) / dataset.samplingRates().get(lead);
    double[] starts = dataset.startTimes();
    for (int i = 0; i < starts.length; i++) {
      stretch(starts[i], starts[i] + length, i % 2 == 0 ? Canvas.INK : Color.GRAY);
    }
    next();
  }

  private void axis() {
    canvas.ticks(LEFT, y, PLOT, 0, last - first, 0);
    canvas.text(
        "seconds, of which 0 is " + Sessions.number(first) + " on the recording's clock",
        LEFT + PLOT,
        y + 44,
        true);
    int x = LEFT;
    int at = y + 44;
    Map<String, Color> legend = new LinkedHashMap<>(tiers);
    legend.put("has values", Canvas.VALID);
    legend.put("share of NaN", Canvas.INVALID);
    for (Map.Entry<String, Color> entry : legend.entrySet()) {
      String text = Printable.value(entry.getKey());
      canvas.box(x, at - 7, 14, 14, entry.getValue());
      canvas.text(text, x + 20, at, false);
      x += 40 + canvas.pen.getFontMetrics().stringWidth(text);
    }
  }
}
