/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.Registry;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.storage.Dtype;
import org.syncline.testdata.Goldens;
import org.syncline.testdata.Goldens.Golden;
import org.syncline.testdata.NpyFile;

/** Sequences give the original's bits: values, types, indices. */
class SequenceGoldensTest {
  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> sequence() {
    Golden golden = Goldens.unpack("sequence", folder);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < golden.calls().size(); i++) {
      Map<String, Object> call = golden.calls().get(i);
      tests.add(
          dynamicTest(
              i + " " + call.get("device") + " " + call.get("options"), () -> check(golden, call)));
    }
    return tests;
  }

  private static void check(Golden golden, Map<String, Object> call) {
    Map<?, ?> options = (Map<?, ?>) call.get("options");
    Object mode = options.get("interpolation_mode");
    InterpolationConfig interpolation =
        Sequences.interpolation(
            mode == null ? "nearest_neighbor" : (String) mode,
            Boolean.TRUE.equals(options.get("keep_nans")));
    ModalityConfig config = Sequences.config(interpolation);
    boolean cache = Boolean.TRUE.equals(options.get("cache_data"));
    NpyFile values = golden.array(call.get("values"));
    try (Interpolator device =
        Registry.EMPTY.open(
            golden.experiment().resolve((String) call.get("device")), config, cache)) {
      Interpolation got = device.interpolate(golden.array(call.get("times")).doubles());
      double[] valid = golden.array(call.get("valid")).doubles();
      assertEquals(valid.length, got.valid().length, "valid times");
      for (int i = 0; i < valid.length; i++) {
        assertEquals(valid[i], got.valid()[i], "index " + i);
      }
      assertArrayEquals(values.shape(), got.values().shape(), "shape");
      assertEquals(Dtype.parse(values.descr()).type(), got.values().type(), "type");
      byte[] bytes = got.values().data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
      NpyFile mine =
          new NpyFile(
              values.descr(),
              got.values().shape(),
              java.nio.ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
      for (int i = 0; i < values.count(); i++) {
        double want = values.get(i);
        if (!(Double.isNaN(want) && Double.isNaN(mine.get(i)))) {
          int at = i;
          assertEquals(
              values.bits(i),
              mine.bits(i),
              () -> "element " + at + ": " + mine.get(at) + ", expected " + want);
        }
      }
      if (call.containsKey("start_time")) {
        assertEquals(((Number) call.get("start_time")).doubleValue(), device.startTime());
        assertEquals(((Number) call.get("end_time")).doubleValue(), device.endTime());
      }
    }
  }
}
