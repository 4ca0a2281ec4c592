/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.events;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.array.Tensor;
import org.syncline.config.ModalityConfig;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolator;
import org.syncline.device.MetaFile;
import org.syncline.device.Problems;
import org.syncline.error.RecordingException;

/** What meta.yml says of a device with marks, and the files that it names. */
record EventsMeta(Path folder, double startTime, double endTime, Map<String, Path> marks)
    implements DeviceMeta {
  @Override
  public String modality() {
    return EventsModality.NAME;
  }

  @Override
  public boolean timesDeclared() {
    return true;
  }

  @Override
  public Interpolator open(ModalityConfig config, boolean cache) {
    Map<String, double[]> times = new LinkedHashMap<>();
    marks.forEach((name, file) -> times.put(name, times(file)));
    return new Events(startTime, endTime, times);
  }

  @Override
  public void check(Problems problems) {
    for (Path file : marks.values()) {
      problems.guarded(
          () -> {
            double[] times = times(file);
            long outside = Arrays.stream(times).filter(t -> t < startTime || t > endTime).count();
            if (outside > 0 && !problems.isBroken("start_time") && !problems.isBroken("end_time")) {
              problems.warning(
                  file,
                  null,
                  outside
                      + " of "
                      + times.length
                      + " marks outside "
                      + startTime
                      + " s to "
                      + endTime
                      + " s",
                  "marks within the device's range",
                  "correct start_time or end_time in meta.yml");
            }
          });
    }
  }

  /** Reads the times of one kind of mark: opening and validation refuse the same files. */
  private static double[] times(Path file) {
    Tensor stored = MetaFile.readNpy(file);
    if (stored.shape().length != 1) {
      throw RecordingException.of(
          file,
          "shape",
          Arrays.toString(stored.shape()),
          "one axis: a time in seconds for each mark",
          null);
    }
    double[] times = stored.data().toArray(java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED);
    for (int i = 0; i < times.length; i++) {
      if (!Double.isFinite(times[i]) || i > 0 && times[i] < times[i - 1]) {
        throw RecordingException.of(
            file,
            "element " + i,
            times[i] + " s",
            "finite times that do not descend",
            "sort the marks");
      }
    }
    return times;
  }
}
