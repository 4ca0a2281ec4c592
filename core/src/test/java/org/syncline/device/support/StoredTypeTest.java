/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.Validator;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.write.RecordingWriter;

/** Values that look like those of another type. */
@Tag("any-width")
class StoredTypeTest {
  private static final int N = 4000;

  @TempDir Path folder;

  /** Writes rows of two signals; the writer takes all of them. */
  private Path write(ElementType type, byte[] values) {
    Path recording = folder.resolve("r");
    try (RecordingWriter writer = RecordingWriter.create(recording);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(values.length, 8);
      MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_BYTE, 0, values.length);
      writer.sequence("a", 100, 0).append(new Tensor(type, new long[] {N / 2, 2}, memory));
      writer.finish();
    }
    return recording;
  }

  private static byte[] floats(DoubleSupplier next) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * N).order(ByteOrder.nativeOrder());
    DoubleStream.generate(next).limit(N).forEach(v -> bytes.putFloat((float) v));
    return bytes.array();
  }

  private static byte[] ints(LongSupplier next) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * N).order(ByteOrder.nativeOrder());
    LongStream.generate(next).limit(N).forEach(v -> bytes.putInt((int) v));
    return bytes.array();
  }

  private static byte[] longs(LongSupplier next) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * N).order(ByteOrder.nativeOrder());
    LongStream.generate(next).limit(N).forEach(bytes::putLong);
    return bytes.array();
  }

  /** What validate says of the type. */
  private List<String> said(Path recording) {
    return Validator.validate(recording).stream()
        .filter(p -> "dtype".equals(p.key()))
        .map(p -> p.toString().replace(recording + "/", ""))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mostly infinite", "largest", "signs of infinity", "all infinite"})
  void floatsWithoutALimitAreWhatTheyAre(String name) {
    Random random = new Random(3);
    byte[] values =
        floats(
            () ->
                switch (name) {
                  case "mostly infinite" ->
                      random.nextDouble() < 0.8 ? Double.POSITIVE_INFINITY : 1;
                  case "largest" -> random.nextDouble() < 0.3 ? Float.MAX_VALUE : random.nextInt(2);
                  case "signs of infinity" ->
                      random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
                  default -> Double.POSITIVE_INFINITY;
                });
    assertEquals(List.of(), said(write(ElementType.FLOAT32, values)));
  }

  @Test
  void numbersInUpperBytesAreAWarning() {
    Random random = new Random(3);
    String said =
        "warning: a/meta.yml: dtype: found %s whose lower bytes are zero, expected numbers that use them, or %s in the"
            + " other byte order; where another machine wrote the file, swap its bytes; else nothing is to be done";
    assertEquals(
        List.of(said.formatted("int32", "int32")),
        said(write(ElementType.INT32, ints(() -> random.nextInt(-128, 128) << 24))));
    folder = folder.resolve("flags");
    assertEquals(
        List.of(said.formatted("uint32", "int32")),
        said(write(ElementType.UINT32, ints(() -> 1L << random.nextInt(24, 32)))));
    folder = folder.resolve("long");
    assertEquals(
        List.of(said.formatted("int64", "int64")),
        said(write(ElementType.INT64, longs(() -> (long) random.nextInt(100) << 56))));
  }

  @Test
  void aTypeThatIsDeclaredWronglyIsAnError() throws IOException {
    Random random = new Random(3);
    // denormal numbers, which the writer takes, are what small whole numbers are as floats
    Path recording = write(ElementType.FLOAT32, ints(() -> random.nextInt(1, 200)));
    String wrong = "error: a/meta.yml: dtype: found float32, as which the values make no sense, ";
    String all = "; all values read would be wrong";
    assertEquals(
        List.of(wrong + "expected int32, as which they do; correct dtype" + all), said(recording));
    folder = folder.resolve("order");
    recording = write(ElementType.FLOAT32, floats(random::nextGaussian));
    assertEquals(List.of(), said(recording));
    Path data = recording.resolve("a/data.mem");
    byte[] bytes = Files.readAllBytes(data);
    ByteBuffer swapped = ByteBuffer.allocate(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
    while (from.hasRemaining()) {
      swapped.putInt(from.getInt());
    }
    Files.write(data, swapped.array());
    assertEquals(
        List.of(
            wrong
                + "expected float32 in the other byte order, as which they do; correct dtype, or swap the bytes of the"
                + " file"
                + all),
        said(recording));
  }
}
