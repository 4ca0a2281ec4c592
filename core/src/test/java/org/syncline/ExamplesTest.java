/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.testdata.Recordings;

/** Runs the examples in Java that need nothing but this library, as a user starts them. */
@Tag("any-width")
class ExamplesTest {
  @TempDir Path folder;

  @Test
  void aClosedLoopAllocatesTheObjectsOfItsBatchesAlone() throws Exception {
    Recordings.defaultConfig(folder, 5).seconds(40).write();
    int ticks = 500;
    String out =
        FreshJvm.succeeds(
            FreshJvm.of(
                List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
                Path.of("../examples/java/ClosedLoop.java"),
                folder.toString(),
                String.valueOf(ticks)));
    Matcher said =
        Pattern.compile(
                ticks
                    + " ticks, (\\d+) misses, p50 ([\\d.]+) us, p99 ([\\d.]+) us, p99.9 ([\\d.]+)"
                    + " us\\R([\\d.]+) bytes allocated a tick\\R"
                    + "error of the speed: [\\d.]+ at first, [\\d.]+ at last")
            .matcher(out);
    assertTrue(said.find(), out);
    assertTrue(Double.parseDouble(said.group(2)) <= Double.parseDouble(said.group(3)), out);
    assertTrue(Double.parseDouble(said.group(3)) <= Double.parseDouble(said.group(4)), out);
    // the batch is one object of 64 bytes; a miss is an exception, and each epoch has an end
    double most = 72 + 2_000.0 * Integer.parseInt(said.group(1)) / ticks;
    assertTrue(Double.parseDouble(said.group(5)) <= most, out);
  }
}
