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

  private static byte[] shorts(LongSupplier next) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * N).order(ByteOrder.nativeOrder());
    LongStream.generate(next).limit(N).forEach(v -> bytes.putShort((short) v));
    return bytes.array();
  }

  private static long swapped(long value) {
    return Short.reverseBytes((short) value);
  }

  /** Declares what was written as another type. */
  private static Path declare(Path recording, String from, String to) throws IOException {
    Path meta = recording.resolve("a/meta.yml");
    String text = Files.readString(meta);
    Files.writeString(meta, text.replace("dtype: " + from, "dtype: " + to));
    return recording;
  }

  @ParameterizedTest
  @ValueSource(strings = {"500 +- 80", "0 +- 300", "300 to 400", "1000 to 1400, unsigned"})
  void twoBytesInTheOtherOrderAreAnError(String name) {
    Random random = new Random(3);
    LongSupplier next =
        () ->
            switch (name) {
              case "500 +- 80" -> Math.round(500 + 80 * random.nextGaussian());
              case "0 +- 300" -> Math.round(300 * random.nextGaussian());
              case "300 to 400" -> random.nextInt(300, 400);
              default -> random.nextInt(1000, 1400);
            };
    ElementType type = name.endsWith("unsigned") ? ElementType.UINT16 : ElementType.INT16;
    Path recording = write(type, shorts(() -> swapped(next.getAsLong())));
    String n = type.numpyName();
    assertEquals(
        List.of(
            "error: a/meta.yml: dtype: found %s, as which the values make no sense, expected %s in the other byte order,"
                    .formatted(n, n)
                + " as which they do; correct dtype, or swap the bytes of the file; all values read would be wrong"),
        said(recording));
    folder = folder.resolve("sound");
    assertEquals(List.of(), said(write(type, shorts(next))));
  }

  @Test
  void eightBitsInTheUpperByteAreAWarning() {
    Random random = new Random(3);
    Path recording = write(ElementType.INT16, shorts(() -> random.nextInt(-128, 128) << 8));
    assertEquals(
        List.of(
            "warning: a/meta.yml: dtype: found int16 whose lower bytes are zero, expected numbers that use them, or int16"
                + " in the other byte order; where another machine wrote the file, swap its bytes; else nothing is to be"
                + " done"),
        said(recording));
  }

  @Test
  void theOtherSignRuleIsAnError() throws IOException {
    Random random = new Random(3);
    Path recording = write(ElementType.INT16, shorts(() -> Math.round(80 * random.nextGaussian())));
    assertEquals(List.of(), said(recording));
    String wrong =
        "error: a/meta.yml: dtype: found %s with values at both ends of its range alone, expected %s, as which they lie"
            + " next to each other; correct dtype; about half of the values read would be wrong";
    assertEquals(
        List.of(wrong.formatted("uint16", "int16")), said(declare(recording, "int16", "uint16")));
    folder = folder.resolve("wide");
    recording = write(ElementType.INT32, ints(() -> Math.round(80 * random.nextGaussian())));
    assertEquals(List.of(), said(recording));
    assertEquals(
        List.of(wrong.formatted("uint32", "int32")), said(declare(recording, "int32", "uint32")));
    folder = folder.resolve("offset");
    recording =
        write(ElementType.UINT16, shorts(() -> Math.round(32768 + 800 * random.nextGaussian())));
    assertEquals(List.of(), said(recording));
    assertEquals(
        List.of(wrong.formatted("int16", "uint16")), said(declare(recording, "uint16", "int16")));
  }

  /** Sound numbers of two bytes, of every kind that was thought of. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "full range",
        "12 bits on top",
        "10 bits on top",
        "counter",
        "counter by 256",
        "rails",
        "noisy rails",
        "flags",
        "upper flags",
        "zeros",
        "constant",
        "repeated bytes",
        "thousands",
        "counts",
        "trigger words",
        "sine"
      })
  void soundNumbersOfTwoBytesAreNotAccused(String name) {
    for (boolean signed : new boolean[] {true, false}) {
      Random random = new Random(3);
      long[] i = {0};
      LongSupplier next =
          () -> {
            long k = i[0]++ / 2;
            return switch (name) {
              case "full range" -> random.nextInt(1 << 16);
              case "12 bits on top" -> random.nextInt(1 << 12) << 4;
              case "10 bits on top" -> random.nextInt(1 << 10) << 6;
              case "counter" -> k;
              case "counter by 256" -> 3 + 256 * k;
              case "rails" -> k / 50 % 2 == 0 ? 0 : 65535;
              case "noisy rails" -> {
                long v = Math.round((k / 50 % 2) * 65535 + 12 * random.nextGaussian());
                yield Math.clamp(v, 0, 65535);
              }
              case "flags" -> random.nextInt(4);
              case "upper flags" -> random.nextInt(4) << 14;
              case "zeros" -> 0;
              case "constant" -> 700;
              case "repeated bytes" -> random.nextInt(256) * 257;
              case "thousands" -> 1000 * random.nextInt(-30, 30);
              case "counts" -> random.nextInt(10) == 0 ? random.nextInt(5) : 0;
              case "trigger words" -> random.nextInt(20) == 0 ? random.nextInt(256) : 0;
              default -> Math.round(30_000 * Math.sin(k / 40.0));
            };
          };
      folder = folder.resolve("s");
      Path recording = write(signed ? ElementType.INT16 : ElementType.UINT16, shorts(next));
      assertEquals(List.of(), said(recording), name + (signed ? " signed" : " unsigned"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "microseconds",
        "late microseconds",
        "microseconds of 256",
        "offset",
        "wide offset",
        "flag",
        "two flags",
        "slow microseconds",
        "jittered microseconds"
      })
  void wholeNumbersAboutPowersOfTwoAreNotAccused(String name) {
    Random random = new Random(3);
    long[] i = {0};
    byte[] values =
        ints(
            () -> {
              long k = i[0]++ / 2;
              return switch (name) {
                case "microseconds" -> 900_000_000 + 10_000 * k;
                case "late microseconds" -> 2_950_000_000L + 10_000 * k;
                case "microseconds of 256" -> 900_000_064 + 256 * k;
                case "offset" -> (1 << 30) + Math.round(100_000 * random.nextGaussian());
                case "wide offset" -> (1 << 30) + Math.round(3e7 * random.nextGaussian());
                case "flag" -> (long) random.nextInt(2) << 30;
                case "two flags" -> (long) random.nextInt(4) << 29;
                case "slow microseconds" -> 740_000_000 + 300_000 * k;
                default -> 900_000_000 + 10_000 * k + random.nextInt(3000);
              };
            });
    for (ElementType type : new ElementType[] {ElementType.INT32, ElementType.UINT32}) {
      folder = folder.resolve("s");
      assertEquals(List.of(), said(write(type, values)), name + type);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"normal", "uniform", "sizes", "counts", "exponential", "sine"})
  void floatsThatAreDeclaredWholeAreAnError(String name) throws IOException {
    Random random = new Random(3);
    int[] i = {0};
    Path recording =
        write(
            ElementType.FLOAT32,
            floats(
                () ->
                    switch (name) {
                      case "normal" -> random.nextGaussian();
                      case "uniform" -> random.nextDouble();
                      case "sizes" -> Math.abs(random.nextGaussian());
                      case "counts" -> random.nextInt(30);
                      case "exponential" -> -Math.log(random.nextDouble());
                      default -> 30 * Math.sin(i[0]++ / 9.0);
                    }));
    assertEquals(List.of(), said(recording));
    assertEquals(
        List.of(
            "error: a/meta.yml: dtype: found int32, as which the values make no sense, expected float32, as which they do;"
                + " correct dtype; all values read would be wrong"),
        said(declare(recording, "float32", "int32")));
  }
}
