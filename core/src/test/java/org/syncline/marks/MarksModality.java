/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.marks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.ModalityConfig;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.MetaFile;
import org.syncline.device.MissingSamples;
import org.syncline.device.Modality;
import org.syncline.device.Problems;
import org.syncline.error.ClosedException;
import org.syncline.interval.TimeInterval;
import org.syncline.transform.Normalization;

/**
 * A kind of device that the library has never heard of, written with its public types alone: the
 * values of the last mark at each time, marks at times of their own.
 */
public final class MarksModality implements Modality {
  @Override
  public String name() {
    return "marks";
  }

  @Override
  public Map<String, Object> placeholders() {
    return Map.of("start_time", 0.0, "end_time", 0.0);
  }

  @Override
  public DeviceMeta read(MetaFile file) {
    return new Meta(
        file.folder(),
        file.number("start_time"),
        file.number("end_time"),
        file.file("times"),
        file.file("values"));
  }

  private record Meta(Path folder, double startTime, double endTime, Path times, Path values)
      implements DeviceMeta {
    @Override
    public String modality() {
      return "marks";
    }

    @Override
    public boolean timesDeclared() {
      return true;
    }

    @Override
    public Interpolator open(ModalityConfig config, boolean cache) {
      return new Marks(this, doubles(MetaFile.readNpy(times)), MetaFile.readNpy(values));
    }

    @Override
    public void check(Problems problems) {
      double[] all = doubles(MetaFile.readNpy(times));
      for (int i = 1; i < all.length; i++) {
        if (!(all[i] > all[i - 1])) {
          problems.error(times, "element " + i, all[i] + "", "a time after " + all[i - 1], null);
        }
      }
    }

    @Override
    public double defaultRate() {
      return 4;
    }
  }

  private static double[] doubles(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_DOUBLE);
  }

  private static final class Marks implements Interpolator {
    private final Meta meta;
    private final double[] times;
    private final double[] values;
    private final int columns;
    private volatile boolean closed;

    Marks(Meta meta, double[] times, Tensor values) {
      this.meta = meta;
      this.times = times;
      this.values = doubles(values);
      columns = (int) values.shape()[1];
    }

    @Override
    public double startTime() {
      return meta.startTime();
    }

    @Override
    public double endTime() {
      return meta.endTime();
    }

    @Override
    public TimeInterval validInterval() {
      return new TimeInterval(times[0], meta.endTime());
    }

    @Override
    public Interpolation interpolate(double[] asked) {
      if (closed) {
        throw new ClosedException("marks of " + meta.folder());
      }
      int[] valid = validInterval().intersect(asked);
      long bytes = 8L * valid.length * columns;
      MemorySegment out = Arena.ofAuto().allocate(Math.max(8, bytes), 8).asSlice(0, bytes);
      for (int i = 0; i < valid.length; i++) {
        int mark = 0;
        while (mark + 1 < times.length && times[mark + 1] <= asked[valid[i]]) {
          mark++;
        }
        for (int j = 0; j < columns; j++) {
          out.setAtIndex(
              ValueLayout.JAVA_DOUBLE, (long) i * columns + j, values[mark * columns + j]);
        }
      }
      return new Interpolation(
          new Tensor(ElementType.FLOAT64, new long[] {valid.length, columns}, out), valid);
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public Optional<MissingSamples> missingSamples() {
      return Optional.of(
          action -> {
            for (int i = 0; i < times.length; i++) {
              for (int j = 0; j < columns; j++) {
                if (Double.isNaN(values[i * columns + j])) {
                  action.accept(times[i]);
                  break;
                }
              }
            }
          });
    }

    @Override
    public Optional<Normalization> computeStatistics() {
      double[] means = new double[columns];
      double[] stds = new double[columns];
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        double squares = 0;
        int n = 0;
        for (int i = j; i < values.length; i += columns) {
          if (!Double.isNaN(values[i])) {
            sum += values[i];
            squares += values[i] * values[i];
            n++;
          }
        }
        means[j] = sum / n;
        stds[j] = Math.sqrt(squares / n - means[j] * means[j]);
      }
      return Optional.of(new Normalization(means, stds));
    }

    @Override
    public String contents() {
      return times.length + " marks";
    }
  }
}
