/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYDataImageAnnotation;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYItemRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.renderer.xy.XYStepRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.syncline.Chunk;
import org.syncline.ChunkDataset;
import org.syncline.ReadOptions;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.device.Layout;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;

/**
 * Draws one chunk: frames, rasters and traces on one time axis, trial boundaries as lines,
 * stretches that a filter calls invalid as red bands.
 */
final class ChunkPicture {
  /** Signals up to which a device is drawn as traces; above, as a raster. */
  private static final int MAX_TRACES = 8;

  private static final int WIDTH = 1280;

  /** What the axes' labels take of the width, about. */
  private static final int LABELS = 75;

  private static final int MAX_FRAMES = 10;

  /** Pixels that a frame is high at most: fewer frames are shown rather than higher ones. */
  private static final int MAX_FRAME_HEIGHT = 120;

  /** Shares of a frame's slot in time and of its panel's height that the frame fills. */
  private static final double FRAME_WIDTH = 0.96;

  private static final double FRAME_HEIGHT = 0.88;
  private static final int GAP = 12;
  private static final int MAX_RASTER_ROWS = 400;

  /** Wide enough that a level line between two rows of pixels keeps its colour. */
  private static final BasicStroke TRACE = new BasicStroke(1.6f);

  private static final Color INVALID = new Color(220, 60, 60, 70);
  private static final Color TRIAL = new Color(30, 90, 200);

  /** Told apart by colour-blind readers too (Okabe and Ito). */
  private static final Color[] COLOURS = {
    new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7),
    new Color(0x56B4E9), new Color(0xE69F00), new Color(0x000000), new Color(0x999900)
  };

  private ChunkPicture() {}

  /** A line at a time with a short text. */
  record Mark(double time, String text) {}

  /** Returns the seconds that are shown before and after a chunk of so many. */
  static double margin(double length) {
    return Math.min(1, length / 20);
  }

  /** Returns where the filters leave nothing. */
  static List<TimeInterval> gaps(ChunkDataset dataset) {
    return Intervals.complement(
        dataset.validIntervalsFromFilters(), dataset.startTime(), dataset.endTime());
  }

  /** Draws a dataset's chunk. */
  static BufferedImage draw(ChunkDataset dataset, int index) {
    double start = dataset.startTimes()[index];
    double margin =
        margin(
            dataset.chunkSizes().get(dataset.lead()) / dataset.samplingRates().get(dataset.lead()));
    Map<String, double[]> times = new LinkedHashMap<>();
    double last = start;
    for (String device : dataset.deviceNames()) {
      double[] at = dataset.chunkTimes(device, start);
      times.put(device, at);
      last = at.length == 0 ? last : Math.max(last, at[at.length - 1]);
    }
    double[] trials = dataset.trialStarts();
    List<Mark> marks = new ArrayList<>();
    for (int i = 0; i < trials.length; i++) {
      if (trials[i] >= start - margin && trials[i] <= last + margin) {
        marks.add(new Mark(trials[i], "trial " + i));
      }
    }
    TimeInterval shown = new TimeInterval(start - margin, last + margin);
    Map<String, Double> steps = new LinkedHashMap<>();
    dataset.samplingRates().forEach((device, rate) -> steps.put(device, 1 / rate));
    try (Chunk chunk = dataset.item(index)) {
      return draw(
          dataset.dataKey() + ", chunk " + index,
          chunk.values(),
          behaviour(dataset),
          times,
          steps,
          start,
          marks,
          Intervals.intersection(gaps(dataset), List.of(shown)),
          margin);
    }
  }

  /** Returns how many channels of behaviour lie behind those of frames, by screen. */
  private static Map<String, Integer> behaviour(ChunkDataset dataset) {
    if (!dataset.config().addBehaviorAsChannels()) {
      return Map.of();
    }
    List<String> names = dataset.deviceNames();
    List<String> added = new ArrayList<>(List.of("eye_tracker", "treadmill"));
    added.retainAll(names);
    long channels =
        added.isEmpty()
            ? 0
            : dataset.layout(ReadOptions.builder().outKeys(added).build()).stream()
                .filter(spec -> !spec.timestamps())
                .mapToLong(spec -> spec.shape()[spec.shape().length - 1])
                .sum();
    String screen =
        names.stream()
            .filter(name -> dataset.experiment().device(name).layout() == Layout.FRAMES)
            .min(Comparator.comparing(name -> !name.equals("screen")))
            .orElse("");
    return Map.of(screen, (int) channels);
  }

  /**
   * Draws the picture.
   *
   * @param title the headline
   * @param values a chunk's values
   * @param behaviour channels of these that are no part of the frames, by screen
   * @param times seconds on the recording's clock by device, one per sample
   * @param steps seconds for which a sample of a device stands
   * @param origin seconds that the axis calls 0
   * @param trials trial starts
   * @param invalid stretches that the filters leave out
   * @param margin seconds shown before and after the chunk, in which only marks and stretches are
   *     drawn
   */
  private static BufferedImage draw(
      String title,
      Map<String, Tensor> values,
      Map<String, Integer> behaviour,
      Map<String, double[]> times,
      Map<String, Double> steps,
      double origin,
      List<Mark> trials,
      List<TimeInterval> invalid,
      double margin) {
    NumberAxis axis = new NumberAxis("seconds since the chunk's start");
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    for (Map.Entry<String, double[]> entry : times.entrySet()) {
      double[] t = entry.getValue();
      if (t.length > 0) {
        first = Math.min(first, t[0] - origin);
        last = Math.max(last, t[t.length - 1] - origin + steps.get(entry.getKey()));
      }
    }
    last = Math.max(last, first + 1e-3);
    axis.setRange(first - margin, last + margin);
    double pixelsPerSecond = (WIDTH - LABELS) / (last - first + 2 * margin);
    CombinedDomainXYPlot all = new CombinedDomainXYPlot(axis);
    all.setGap(GAP);
    int height = 100;
    for (Map.Entry<String, Tensor> entry : values.entrySet()) {
      String device = entry.getKey();
      Tensor tensor = entry.getValue();
      double[] at = times.get(device);
      if (at == null || at.length == 0 || tensor.elements() == 0) {
        continue;
      }
      XYPlot panel;
      int weight;
      if (tensor.rank() == 4) {
        double aspect = (double) tensor.size(2) / tensor.size(3);
        double seconds = at[at.length - 1] - at[0] + steps.get(device);
        int shown =
            (int)
                Math.clamp(
                    Math.ceil(seconds * pixelsPerSecond * aspect / MAX_FRAME_HEIGHT),
                    1,
                    Math.min(MAX_FRAMES, tensor.size(1)));
        double slot = seconds / shown;
        panel = frames(device, tensor, behaviour.getOrDefault(device, 0), at, origin, slot, shown);
        // the panel is as high as the frames at their own aspect are
        weight =
            Math.clamp(
                Math.round(slot * FRAME_WIDTH * pixelsPerSecond * aspect / FRAME_HEIGHT),
                40,
                MAX_FRAME_HEIGHT * 2);
      } else if (tensor.size(1) > MAX_TRACES) {
        panel = raster(device, tensor, at, origin, steps.get(device));
        weight = 300;
      } else {
        panel = traces(device, tensor, at, origin);
        weight = 150;
      }
      for (TimeInterval bad : invalid) {
        panel.addDomainMarker(
            new IntervalMarker(bad.start() - origin, bad.end() - origin, INVALID),
            Layer.FOREGROUND);
      }
      for (Mark trial : trials) {
        ValueMarker line = new ValueMarker(trial.time() - origin, TRIAL, new BasicStroke(1.4f));
        panel.addDomainMarker(line, Layer.FOREGROUND);
        if (all.getSubplots().isEmpty()) {
          XYTextAnnotation name =
              new XYTextAnnotation(
                  " " + trial.text(), trial.time() - origin, panel.getRangeAxis().getUpperBound());
          name.setTextAnchor(TextAnchor.TOP_LEFT);
          name.setPaint(TRIAL);
          panel.addAnnotation(name);
        }
      }
      all.add(panel, weight);
      height += weight + GAP;
    }
    JFreeChart chart = new JFreeChart(title, new Font(Font.SANS_SERIF, Font.BOLD, 16), all, false);
    chart.setBackgroundPaint(Color.WHITE);
    return chart.createBufferedImage(WIDTH, height);
  }

  private static XYPlot panel(String device, XYSeriesCollection data, double low, double high) {
    NumberAxis range = new NumberAxis(device);
    range.setRange(low, high > low ? high : low + 1);
    XYPlot plot = new XYPlot(data, null, range, new StandardXYItemRenderer());
    plot.setBackgroundPaint(new Color(250, 250, 250));
    colour(plot);
    return plot;
  }

  private static void colour(XYPlot plot) {
    for (int i = 0; i < plot.getSeriesCount(); i++) {
      plot.getRenderer().setSeriesPaint(i, COLOURS[i % COLOURS.length]);
      plot.getRenderer().setSeriesStroke(i, TRACE);
    }
  }

  private static XYPlot frames(
      String device,
      Tensor tensor,
      int behaviour,
      double[] at,
      double origin,
      double slot,
      int shown) {
    int channels = (int) tensor.size(0);
    int samples = (int) tensor.size(1);
    int h = (int) tensor.size(2);
    int w = (int) tensor.size(3);
    boolean colour = channels - behaviour == 3;
    int drawn = colour ? 3 : 1;
    String which =
        channels == drawn
            ? ""
            : ", the first "
                + (colour ? "3 of " : "of ")
                + channels
                + " channels"
                + (behaviour > 0 ? ", " + behaviour + " of them behaviour" : "");
    XYPlot plot = panel(device + " " + h + "×" + w + which, new XYSeriesCollection(), 0, 1);
    plot.getRangeAxis().setTickLabelsVisible(false);
    long frame = (long) h * w;
    double[] span = finiteRange(tensor, 0, drawn * samples * frame);
    for (int i = 0; i < shown; i++) {
      int sample = (int) ((long) i * samples / shown);
      BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          long pixel = sample * frame + (long) y * w + x;
          int rgb = grey(value(tensor, pixel), span);
          if (colour) {
            int green = grey(value(tensor, samples * frame + pixel), span);
            int blue = grey(value(tensor, 2 * samples * frame + pixel), span);
            rgb = rgb & 0xFF0000 | green & 0xFF00 | blue & 0xFF;
          }
          image.setRGB(x, y, rgb);
        }
      }
      plot.addAnnotation(
          new XYDataImageAnnotation(
              image,
              at[sample] - origin,
              (1 - FRAME_HEIGHT) / 2,
              slot * FRAME_WIDTH,
              FRAME_HEIGHT));
    }
    return plot;
  }

  private static XYPlot raster(
      String device, Tensor tensor, double[] at, double origin, double step) {
    int samples = (int) tensor.size(0);
    int signals = (int) tensor.size(1);
    int rows = Math.min(MAX_RASTER_ROWS, signals);
    BufferedImage image = new BufferedImage(samples, rows, BufferedImage.TYPE_INT_RGB);
    for (int r = 0; r < rows; r++) {
      int signal = (int) ((long) r * signals / rows);
      // each signal on its own scale, or the strongest ones would blacken all others
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int s = 0; s < samples; s++) {
        double v = value(tensor, (long) s * signals + signal);
        if (Double.isFinite(v)) {
          low = Math.min(low, v);
          high = Math.max(high, v);
        }
      }
      for (int s = 0; s < samples; s++) {
        image.setRGB(s, rows - 1 - r, dark(value(tensor, (long) s * signals + signal), low, high));
      }
    }
    XYPlot plot =
        panel(device + " (" + signals + " signals)", new XYSeriesCollection(), 0, signals);
    plot.addAnnotation(
        new XYDataImageAnnotation(image, at[0] - origin, 0, samples * step, signals));
    return plot;
  }

  private static XYPlot traces(String device, Tensor tensor, double[] at, double origin) {
    int samples = (int) tensor.size(0);
    int signals = (int) tensor.size(1);
    XYSeriesCollection data = new XYSeriesCollection();
    XYSeriesCollection alone = new XYSeriesCollection();
    for (int n = 0; n < signals; n++) {
      XYSeries series = new XYSeries(device + " " + n, false);
      XYSeries points = new XYSeries(device + " " + n, false);
      boolean before = false;
      for (int s = 0; s < samples; s++) {
        double v = value(tensor, (long) s * signals + n);
        boolean there = Double.isFinite(v);
        series.add(at[s] - origin, there ? (Number) v : null);
        if (there
            && !before
            && !(s + 1 < samples && Double.isFinite(value(tensor, (s + 1L) * signals + n)))) {
          points.add(at[s] - origin, v);
        }
        before = there;
      }
      data.addSeries(series);
      alone.addSeries(points);
    }
    double[] span = finiteRange(tensor, 0, tensor.elements());
    double margin = span[1] > span[0] ? (span[1] - span[0]) * 0.05 : 0.5;
    XYPlot plot = panel(device, data, span[0] - margin, span[1] + margin);
    if (tensor.type() == ElementType.BOOL) {
      plot.setRenderer(new XYStepRenderer());
      colour(plot);
    }
    // lines join samples: one without neighbours would not be seen
    XYLineAndShapeRenderer dots = new XYLineAndShapeRenderer(false, true);
    for (int n = 0; n < signals; n++) {
      dots.setSeriesPaint(n, COLOURS[n % COLOURS.length]);
      dots.setSeriesShape(n, new Ellipse2D.Double(-2.5, -2.5, 5, 5));
    }
    plot.setDataset(1, alone);
    plot.setRenderer(1, dots);
    if (span[0] == 0
        && span[1] == 0
        && tensor.type().isFloating()
        && Double.isNaN(value(tensor, 0))) {
      plot.addAnnotation(new XYTextAnnotation("all NaN", at[samples / 2] - origin, 0));
    }
    return plot;
  }

  private static double[] finiteRange(Tensor tensor, long from, long to) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (long i = from; i < to; i++) {
      double v = value(tensor, i);
      if (Double.isFinite(v)) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    return low <= high ? new double[] {low, high} : new double[] {0, 0};
  }

  private static int grey(double v, double[] span) {
    if (!Double.isFinite(v)) {
      return 0xF0C0C0;
    }
    int level =
        span[1] > span[0] ? (int) Math.round(255 * (v - span[0]) / (span[1] - span[0])) : 128;
    return level << 16 | level << 8 | level;
  }

  private static int dark(double v, double low, double high) {
    if (!Double.isFinite(v)) {
      return 0xF0C0C0;
    }
    int level = high > low ? 255 - (int) Math.round(230 * (v - low) / (high - low)) : 255;
    return level << 16 | level << 8 | level;
  }

  private static double unsigned(long v) {
    return v >= 0 ? v : ((v >>> 1) | (v & 1)) * 2.0;
  }

  /** Returns element {@code i} of any type as a double. */
  static double value(Tensor tensor, long i) {
    MemorySegment data = tensor.data();
    return switch (tensor.type()) {
      case BOOL, UINT8 -> data.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
      case INT8 -> data.get(ValueLayout.JAVA_BYTE, i);
      case INT16 -> data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i);
      case UINT16 -> data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i) & 0xFFFF;
      case INT32 -> data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
      case UINT32 -> data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i) & 0xFFFFFFFFL;
      case INT64 -> data.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i);
      case UINT64 -> unsigned(data.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i));
      case FLOAT16 -> Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
      case BFLOAT16 ->
          Float.intBitsToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i) << 16);
      case FLOAT32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
      case FLOAT64 -> data.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
    };
  }
}
