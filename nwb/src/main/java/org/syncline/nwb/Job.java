/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a mapper is told by the user, and what it tells in the end.
 *
 * @param rate Hz that the user gives for this series, or NaN
 * @param labels the column whose values become labels, or null
 * @param done counts bytes written
 * @param arena memory that lives while the device is written
 * @param notes what was found and done
 * @param source what the device's meta/nwb.json says
 */
record Job(
    ValueType type,
    double tolerance,
    Set<Repair> repairs,
    int threads,
    double rate,
    String labels,
    LongAdder done,
    Arena arena,
    List<String> notes,
    Map<String, Object> source) {
  Job(
      ValueType type,
      double tolerance,
      Set<Repair> repairs,
      int threads,
      double rate,
      String labels,
      LongAdder done,
      Arena arena) {
    this(
        type,
        tolerance,
        repairs,
        threads,
        rate,
        labels,
        done,
        arena,
        new ArrayList<>(),
        new LinkedHashMap<>());
  }

  Clock clock(H5Node series, long rows) {
    Clock clock = Clock.of(series, rows, rate, tolerance, repairs, arena);
    notes.addAll(clock.notes());
    return clock;
  }
}
