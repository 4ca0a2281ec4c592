/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the loops of {@code org.syncline.kernel.generated}: one for each combination of what is
 * loaded, computed and stored that has one. {@link LoopWriter} says how its templates are read.
 */
final class GenerateLoops {
  private static final Path FOLDER = Path.of("core/src/main/java/org/syncline/kernel/generated");

  static Map<Path, String> files(Path root) throws IOException, FormatterException {
    Map<Path, String> files = new LinkedHashMap<>();
    for (LoopWriter w :
        List.of(conversions(), normalizations(), blends(), shifts(), sums(), replacements())) {
      files.put(FOLDER.resolve(w.name() + ".java"), w.text());
    }
    try (Stream<Path> present = Files.list(root.resolve(FOLDER))) {
      for (Path file : present.map(root::relativize).toList()) {
        if (!files.containsKey(file)) {
          throw new IllegalStateException(file + ": no longer written by dev/GenerateLoops.java");
        }
      }
    }
    return files;
  }

  // ---- frames: how a row is walked ----

  private static final String STEPS =
      """
      int i = 0;
      int bound = n & -($step);
      for (; i != bound; i += $step) {
        $addresses(i)
        $vectors
      }
      """;

  /** Vector by vector, the last of which ends with the row and overlaps the one before. */
  private static final String OVERLAPPING_REST =
      """
      while (i < n) {
        int k = Math.min(i, n - $lanes);
        $addresses(k)
        $vector
        i = k + $lanes;
      }
      """;

  private static final String OVERLAPPING = STEPS + OVERLAPPING_REST;

  /** As {@link #OVERLAPPING}, the rest without variables for its addresses. */
  private static final String OVERLAPPING_INLINE =
      STEPS
          + """
          while (i < n) {
            int k = Math.min(i, n - $lanes);
            $vector(k)
            i = k + $lanes;
          }
          """;

  /** What precedes a loop with one mean and one standard deviation. */
  private static final String BROADCAST =
      """
      $Number means = $Number.broadcast($N, mean);
      $Number stds = $Number.broadcast($N, std);
      """;

  /** A vector at the start, so that the stores of the steps are aligned. */
  private static final String ALIGNED_STEPS =
      """
      $alignment
      if (i > 0) {
        $start
      }
      int bound = i + (n - i & -($step));
      for (; i != bound; i += $step) {
        $addresses(i)
        $vectors
      }
      """;

  /** Aligned steps, and a method for the vector at the start and for those of the rest. */
  private static final String ALIGNED =
      ALIGNED_STEPS
          + """
          for (; i < n; i += $lanes) {
            int k = Math.min(i, n - $lanes);
            $one($at(p, k), $at(q, k));
          }
          """;

  private static final String ALIGNED_INLINE =
      ALIGNED_STEPS
          + """
          // written out: C2 leaves this rare one of two calls a call
          for (; i < n; i += $lanes) {
            int k = Math.min(i, n - $lanes);
            $vector(k)
          }
          """;

  /** A vector a step, and a last one that overlaps the one before. */
  private static final String ONE_BY_ONE =
      """
      int i = 0;
      int bound = n & -$lanes;
      for (; i != bound; i += $lanes) {
        $addresses(i)
        $vector
      }
      if (i < n) {
        int last = n - $lanes;
        $addresses(last)
        $vector
      }
      """;

  /** Adds in place. */
  private static final String REPLACING =
      "int replaced = 0;"
          + STEPS
          + """
          // what is replaced by NaN must not be counted again: no overlap
          for (; i < n; i++) {
            long p = $at(p, i);
            if ($Box.isNaN(ALL.get($layout, p))) {
              ALL.set($layout, p, $scalar);
              replaced++;
            }
          }
          return replaced;
          """;

  private static final String SEARCHING =
      """
      // infinity minus the magnitude is negative for NaN alone: no masks, which are boxed where they
      // have two lanes
      $Bits infinity = $Bits.broadcast($B, $infinity);
      $Bits s0 = $Bits.zero($B);
      $Bits s1 = $Bits.zero($B);
      $Bits s2 = $Bits.zero($B);
      $Bits s3 = $Bits.zero($B);
      """
          + STEPS
          + """
          while (i < n) {
            int k = Math.min(i, n - $lanes);
            $first(k)
            i = k + $lanes;
          }
          return s0.or(s1).or(s2.or(s3)).reduceLanes(OR) < 0;
          """;

  private static final String SEARCHING_ROWS =
      """
      int found = 0;
      for (int k = 0; k < rows; k++) {
        int has = $has(a + (long) k * n * $size, n) ? 1 : 0;
        ALL.set(JAVA_BYTE, at(any + k), (byte) has);
        found += has;
      }
      return found;
      """;

  // ---- what is loaded ----

  /**
   * A source: statements that load {@code x#}, and the number that is made of it. A number with a
   * {@code PART} is one of two at 128 bits, where vectors of bytes have twice the lanes.
   */
  private record Load(int bytes, String lanes, String statements, String number) {
    Load(int bytes, String lanes, String expression) {
      this(bytes, lanes, "FloatVector x# = " + expression + ";", "x#");
    }

    /** Returns the type of the arithmetic. */
    String type() {
      return lanes.equals("D_LANES") ? "double" : "float";
    }

    boolean halves() {
      return number.contains("PART");
    }

    /** Returns the statements that store the number after {@code $arithmetic}. */
    String into(Store store) {
      String result = store.result.replace("NUMBER", number + "$arithmetic");
      String upper = "if (Widths.BITS == 128) {" + result + ".into[q + 16]; }";
      return store.statements
          + result.replace("PART", "0")
          + ".into[q];"
          + (halves() ? upper.replace("PART", "1") : "");
    }
  }

  /** A destination: statements, and what is stored of them or of the {@code NUMBER}. */
  private record Store(int bytes, String statements, String result) {}

  private static final String BYTES = "ByteVector x# = QUARTER_B[p];";
  private static final String I2F = ".convertShape(I2F, F, 0).reinterpretAsFloats()";
  private static final String F2D = ".convertShape(F2D, D, 0).reinterpretAsDoubles()";
  private static final String D2F = ".convertShape(D2F, HALF_F, 0).reinterpretAsFloats()";

  private static final Load UINT8 =
      new Load(1, "B_LANES", BYTES, "x#.convertShape(ZERO_EXTEND_B2I, I, PART)" + I2F);

  private static final Load INT8 =
      new Load(1, "B_LANES", BYTES, "x#.convertShape(B2F, F, PART).reinterpretAsFloats()");

  private static final Load INT16 =
      new Load(2, "F_LANES", "HALF_S[p].convertShape(S2F, F, 0).reinterpretAsFloats()");

  private static final Load UINT16 =
      new Load(2, "F_LANES", "HALF_S[p].convertShape(ZERO_EXTEND_S2I, I, 0)" + I2F);

  private static final Load INT32 = new Load(4, "F_LANES", "I[p]" + I2F);

  private static final Load INT32_AS_DOUBLE =
      new Load(
          4,
          "D_LANES",
          "IntVector x# = HALF_I[p];",
          "x#.convertShape(I2D, D, 0).reinterpretAsDoubles()");

  private static final Load UINT32_AS_DOUBLE =
      new Load(
          4,
          "D_LANES",
          """
          Vector<Long> x# = HALF_I[p].convertShape(ZERO_EXTEND_I2L, L, 0);
          DoubleVector d# = x#.reinterpretAsLongs().or(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
          """,
          "d#");

  private static final Load FLOAT16 =
      new Load(
          2,
          "F_LANES",
          """
          IntVector x# = HALF_S[p].convertShape(S2I, I, 0).reinterpretAsInts();
          IntVector small# = x#.lanewise(LSHL, 13).and(0x0fffe000);
          IntVector size# = small#.lanewise(OR, 0x7f800000, small#.compare(GT, 0x0f7fffff));
          IntVector y# = size#.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
          """,
          "y#.or(x#.and(0x80000000))");

  private static final Load BFLOAT16 =
      new Load(
          2,
          "F_LANES",
          "Vector<Integer> x# = HALF_S[p].convertShape(ZERO_EXTEND_S2I, I, 0);",
          "x#.reinterpretAsInts().lanewise(LSHL, 16)");

  private static final Load FLOAT = new Load(4, "F_LANES", "F[p]");

  private static final Load FLOAT_AS_DOUBLE =
      new Load(4, "D_LANES", "FloatVector x# = HALF_F[p];", "x#" + F2D);

  private static final Load DOUBLE = new Load(8, "D_LANES", "DoubleVector x# = D[p];", "x#");

  // ---- what is stored ----

  private static final Store AS_FLOAT = new Store(4, "", "NUMBER");
  private static final Store AS_DOUBLE = new Store(8, "", "NUMBER");
  private static final Store DOUBLE_AS_FLOAT = new Store(4, "", "NUMBER" + D2F);

  private static final Store FLOAT_AS_BFLOAT16 =
      new Store(
          2,
          """
          IntVector bits# = x#.reinterpretAsInts();
          IntVector high# = bits#.lanewise(LSHR, 16);
          IntVector near# = bits#.add(high#.and(1)).add(0x7fff).lanewise(LSHR, 16);
          FloatVector quiet# = high#.or(0x40).reinterpretAsFloats();
          FloatVector y# = near#.reinterpretAsFloats().blend(quiet#, x#.compare(NE, x#));
          """,
          "y#.reinterpretAsInts().convertShape(I2S, HALF_S, 0).reinterpretAsShorts()");

  private static final Store BITS_AS_BFLOAT16 =
      new Store(
          2,
          """
          IntVector high# = x#.lanewise(LSHR, 16);
          IntVector near# = x#.add(high#.and(1)).add(0x7fff).lanewise(LSHR, 16);
          VectorMask<Integer> nan# = x#.and(0x7fffffff).compare(GT, 0x7f800000);
          IntVector y# = near#.blend(high#.or(0x40), nan#);
          """,
          "y#.convertShape(I2S, HALF_S, 0).reinterpretAsShorts()");

  private static final Store FLOAT_AS_UINT8 =
      new Store(
          1,
          """
          FloatVector low# = FloatVector.zero(F).blend(x#, x#.compare(GT, 0));
          IntVector y# = low#.blend(255, low#.compare(GT, 255)).add(0x1p23f).reinterpretAsInts();
          """,
          "y#.convertShape(I2B, QUARTER_B, 0).reinterpretAsBytes()");

  // ---- conversions ----

  private static final String LOOPS =
      """
      <p>Loops over absolute addresses in the form that {@link Addresses} explains: two or four
      vectors a step, then the rest vector by vector, the last of which ends with the row and
      overlaps the one before (sources are never the destination). Rows have at least {@code
      Widths.QUARTER_BYTE.length()} elements.
      """;

  /** Adds a method, and sets the parts that are made of its source and its destination. */
  private static LoopWriter.Loop loop(
      LoopWriter w, String frame, Load load, Store store, int vectors, String method) {
    String number = load.type().substring(0, 1).toUpperCase(Locale.ROOT);
    return w.loop(frame, vectors, load.lanes, method)
        .with("in", load.bytes + "L")
        .with("out", store.bytes + "L")
        .with("load", load.statements)
        .with("store", load.into(store))
        .with("arithmetic", "")
        .with("number", load.type())
        .with("Number", number + load.type().substring(1) + "Vector")
        .with("N", number);
  }

  private static LoopWriter conversions() {
    LoopWriter w =
        new LoopWriter(
            "RowConversions", "Converts rows from one element type to another.\n\n" + LOOPS);
    w.members(
        """
        /** 2^52: an integer in the low 32 bits of its significand is this double plus that integer. */
        private static final long MAGIC_BITS = 0x4330000000000000L;

        private static final double MAGIC = 0x1p52;

        /** Elements from which on a row does not stay in the caches. */
        private static final int BEYOND_CACHE = 1 << 20;

        /**
         * Returns how many elements precede the first whole vector of the destination, less than it
         * has: a vector at the start and then aligned ones take a fifth to a third less time than
         * stores that cross cache lines. None for a row that goes to memory, where loads cross them
         * in any case and aligned stores took 5 % longer.
         */
        private static int head(long b, int n, int vectorBytes, int elementBytes) {
          return n >= BEYOND_CACHE ? 0 : (int) (-b & vectorBytes - 1) / elementBytes;
        }
        """);
    aligned(w, ALIGNED, "uint8ToFloat", UINT8, 4, AS_FLOAT);
    converting(w, OVERLAPPING, "int8ToFloat", INT8, 4, AS_FLOAT);
    aligned(w, ALIGNED, "int16ToFloat", INT16, 4, AS_FLOAT);
    aligned(w, ALIGNED, "uint16ToFloat", UINT16, 4, AS_FLOAT);
    aligned(w, ALIGNED, "int32ToFloat", INT32, 4, AS_FLOAT);
    w.doc("Exact in float64, then rounded once.");
    converting(w, OVERLAPPING, "uint32ToFloat", UINT32_AS_DOUBLE, 2, DOUBLE_AS_FLOAT);
    converting(w, OVERLAPPING, "uint32ToDouble", UINT32_AS_DOUBLE, 2, AS_DOUBLE);
    converting(w, OVERLAPPING, "int32ToDouble", INT32_AS_DOUBLE, 4, AS_DOUBLE);
    w.doc(
        """
        Exponent and significand of a float16, moved to their places in a float32, are a value 2^112
        times too small, subnormal ones too; the exponent of infinities and NaN becomes that of float32
        first, and the product makes NaN quiet. The Vector API of JDK 25 has no conversion.
        """);
    aligned(w, ALIGNED, "float16ToFloat", FLOAT16, 2, AS_FLOAT);
    converting(w, OVERLAPPING, "bfloat16ToFloat", BFLOAT16, 4, AS_FLOAT);
    w.doc("NaN is found by a comparison of floats, an operation less than one of their bits.");
    aligned(w, ALIGNED_INLINE, "floatToBfloat16", FLOAT, 2, FLOAT_AS_BFLOAT16);
    w.doc("NaN fails the first comparison; the sum with 2^23 rounds to even. Not for 128 bits.");
    converting(w, OVERLAPPING, "floatToUint8", FLOAT, 4, FLOAT_AS_UINT8);
    aligned(w, ALIGNED, "doubleToFloat", DOUBLE, 4, DOUBLE_AS_FLOAT);
    String frame = ALIGNED_STEPS + OVERLAPPING_REST;
    converting(w, frame, "floatToDouble", FLOAT_AS_DOUBLE, 4, AS_DOUBLE)
        .with("start", "$vector()")
        .with(
            "alignment",
            """
            // rows that start between two numbers of their type cannot be aligned
            int i = (b & 7) == 0 ? head(b, n, 8 * D_LANES, 8) : 0;
            """);
    return w;
  }

  private static LoopWriter.Loop converting(
      LoopWriter w, String frame, String name, Load load, int vectors, Store store) {
    String method =
        """
        public static void $name(long a, long b, int n) {
          long p = at(a + i * $in);
          long q = at(b + i * $out);
          $load
          $store
        }
        """;
    return loop(w, frame, load, store, vectors, method).with("name", name);
  }

  private static void aligned(
      LoopWriter w, String frame, String name, Load load, int vectors, Store store) {
    String lanes = load.lanes.replace("B_LANES", "F_LANES");
    converting(w, frame, name, load, vectors, store)
        .with("alignment", "int i = head(b, n, $size * " + lanes + ", $size);")
        .with("size", "" + store.bytes)
        .with("start", "$one($at(p), $at(q));")
        .with("one", name + "At");
    String one = "private static void $one(long p, long q) { $load $store }";
    loop(w, "$vector", load, store, 1, one).with("one", name + "At");
  }

  // ---- normalizations ----

  private static LoopWriter normalizations() {
    LoopWriter w =
        new LoopWriter(
            "RowNormalizations",
            """
            Writes {@code (x - mean) / std}, converted in the same pass.

            <p>Where a step is given it masks the byte offset of a column: all ones for statistics per
            column, zero for one vector of equal numbers; a mean of zero changes no value. Masks take
            registers, and addresses went to the stack for them, so floating point has kernels of its own
            for columns with means and without. The overloads with one mean and one standard deviation
            keep them in registers.

            """
                + LOOPS);
    masked(w, "uint8s", UINT8);
    masked(w, "int8s", INT8);
    masked(w, "int16s", INT16);
    masked(w, "uint16s", UINT16);
    masked(w, "int32s", INT32);
    shortened(w, "floatsToBfloat16", "IntVector", ".reinterpretAsInts()", BITS_AS_BFLOAT16);
    w.doc("Not for 128 bits.");
    shortened(w, "floatsToUint8", "FloatVector", "", FLOAT_AS_UINT8);
    for (boolean means : List.of(true, false)) {
      byColumn(w, "floats", means, FLOAT, 4, AS_FLOAT);
      byColumn(w, "doubles", means, DOUBLE, 2, AS_DOUBLE);
      byColumn(w, "doublesToFloats", means, DOUBLE, 2, DOUBLE_AS_FLOAT);
    }
    byOne(w, "uint8s", UINT8, AS_FLOAT);
    byOne(w, "int8s", INT8, AS_FLOAT);
    byOne(w, "int16s", INT16, AS_FLOAT);
    byOne(w, "uint16s", UINT16, AS_FLOAT);
    byOne(w, "int32s", INT32, AS_FLOAT);
    byOne(w, "floats", FLOAT, AS_FLOAT);
    byOne(w, "doubles", DOUBLE, AS_DOUBLE);
    byOne(w, "doublesToFloats", DOUBLE, DOUBLE_AS_FLOAT);
    return w;
  }

  /** From integers to float32. */
  private static void masked(LoopWriter w, String name, Load load) {
    String method =
        """
        public static void $name(
            long a, long b, long means, long meanStep, long stds, int n) {
          long p = at(a + i * $in);
          long q = at(b + i * 4L);
          long c = i * 4L;
          long m = at(means + (c & meanStep));
          long s = at(stds + c);
          $load
          FloatVector mean# = F[m];
          FloatVector std# = F[s];
          $lower.sub(mean#).div(std#).into[q];
          $second
        }
        """;
    String second =
        """
        if (Widths.BITS == 128) {
          FloatVector more# = F[m + 16];
          FloatVector last# = F[s + 16];
          $upper.sub(more#).div(last#).into[q + 16];
        }
        """;
    loop(w, OVERLAPPING, load, AS_FLOAT, 2, method)
        .with("name", name)
        .with("lower", load.number.replace("PART", "0"))
        .with("upper", load.number.replace("PART", "1"))
        .with("second", load.halves() ? second : "");
  }

  /** From float32 to shorter types. */
  private static void shortened(LoopWriter w, String name, String type, String as, Store store) {
    String method =
        """
        public static void $name(
            long a, long b, long means, long meanStep, long stds, long stdStep, int n) {
          long p = at(a + i * 4L);
          long q = at(b + i * $out);
          long c = i * 4L;
          long m = at(means + (c & meanStep));
          long s = at(stds + (c & stdStep));
          FloatVector mean# = F[m];
          FloatVector std# = F[s];
          $type x# = F[p].sub(mean#).div(std#)$as;
          $store
        }
        """;
    loop(w, OVERLAPPING, FLOAT, store, 2, method)
        .with("name", name)
        .with("type", type)
        .with("as", as);
  }

  /** With means, or without where all are zero. */
  private static void byColumn(
      LoopWriter w, String name, boolean means, Load load, int vectors, Store store) {
    String method =
        """
        public static void $name(long a, long b, $means long stds, int n) {
          long p = at(a + i * $in);
          long q = at(b + i * $out);
          $addressOfMean
          long s = at(stds + i * $in);
          $load
          $mean
          $Number std# = $N[s];
          $store
        }
        """;
    loop(w, OVERLAPPING_INLINE, load, store, vectors, method)
        .with("name", name)
        .with("means", means ? "long means," : "")
        .with("addressOfMean", means ? "long m = at(means + i * $in);" : "")
        .with("mean", means ? "$Number mean# = $N[m];" : "")
        .with("arithmetic", means ? ".sub(mean#).div(std#)" : ".div(std#)");
  }

  /** With one mean and one standard deviation. */
  private static void byOne(LoopWriter w, String name, Load load, Store store) {
    String method =
        """
        public static void $name(long a, long b, $number mean, $number std, int n) {
          long p = at(a + i * $in);
          long q = at(b + i * $out);
          $load
          $store
        }
        """;
    String arithmetic = ".sub(means).div(stds)";
    boolean expression = load.number.equals("x#");
    loop(w, BROADCAST + OVERLAPPING, load, store, 4, method)
        .with("name", name)
        .with("load", load.statements.replace(";", expression ? arithmetic + ";" : ";"))
        .with("arithmetic", expression ? "" : arithmetic);
  }

  // ---- blends ----

  private static LoopWriter blends() {
    LoopWriter w =
        new LoopWriter(
            "RowBlends",
            """
            Writes {@code w0*x0 + w1*x1} in float64, two products and one sum, normalised as in {@link
            RowNormalizations}.

            """
                + LOOPS);
    String widened = "Vector<Double> x# = HALF_F[p].convertShape(F2D, D, 0);";
    Load floats = new Load(4, "D_LANES", widened, "x#.reinterpretAsDoubles()");
    blending(w, "floatsToDoubles", floats, AS_DOUBLE, false);
    blending(w, "floatsToFloats", floats, DOUBLE_AS_FLOAT, false);
    blending(w, "doublesToDoubles", DOUBLE, AS_DOUBLE, false);
    blending(w, "doublesToFloats", DOUBLE, DOUBLE_AS_FLOAT, false);
    blending(w, "normalizedFloatsToDoubles", floats, AS_DOUBLE, true);
    blending(w, "normalizedFloatsToFloats", floats, DOUBLE_AS_FLOAT, true);
    blending(w, "normalizedDoublesToDoubles", DOUBLE, AS_DOUBLE, true);
    blending(w, "normalizedDoublesToFloats", DOUBLE, DOUBLE_AS_FLOAT, true);
    return w;
  }

  private static void blending(
      LoopWriter w, String name, Load load, Store store, boolean normalized) {
    String method =
        """
        public static void $name(
            long a0, long a1, long b, $statistics double w0, double w1, int n) {
          long p0 = at(a0 + i * $in);
          long p1 = at(a1 + i * $in);
          long q = at(b + i * $out);
          $addressesOfStatistics
          $first
          $second
          $loadedStatistics
          DoubleVector z# = $x.mul(w0).add($y.mul(w1))$normalize;
          $result.into[q];
        }
        """;
    String addresses =
        """
        long c = i * 8L;
        long m = at(means + (c & meanStep));
        long s = at(stds + (c & stdStep));
        """;
    String loaded = "DoubleVector mean# = D[m]; DoubleVector std# = D[s];";
    String parameters = "long means, long meanStep, long stds, long stdStep,";
    loop(w, OVERLAPPING, load, store, 2, method)
        .with("name", name)
        .with("first", load.statements.replace("[p]", "[p0]"))
        .with("second", load.statements.replace("[p]", "[p1]").replace("x#", "y#"))
        .with("x", load.number)
        .with("y", load.number.replace("x#", "y#"))
        .with("result", store.result.replace("NUMBER", "z#"))
        .with("statistics", normalized ? parameters : "")
        .with("addressesOfStatistics", normalized ? addresses : "")
        .with("loadedStatistics", normalized ? loaded : "")
        .with("normalize", normalized ? ".sub(mean#).div(std#)" : "");
  }

  // ---- shifts ----

  private static LoopWriter shifts() {
    LoopWriter w =
        new LoopWriter(
            "RowShifts",
            """
            Reads each column at its own time, in one of at most three rows. Not for 128 bits: masks of
            two lanes are boxed.

            <p>Loops over absolute addresses in the form that {@link Addresses} explains: a vector a step,
            the last of which ends with the row and overlaps the one before (sources are never the
            destination). Rows have at least {@code Widths.QUARTER_BYTE.length()} elements.
            """);
    String nearest4 =
        """
        DoubleVector at = DoubleVector.broadcast(D, time).sub(shift).sub(start).div(dt);
        // the row as a number in float lanes: masks of one lane width cannot be used for another
        // without a slow cast
        DoubleVector row =
            DoubleVector.zero(D).blend(1, at.compare(GT, step1)).blend(2, at.compare(GT, step2));
        FloatVector k = row.convertShape(D2F, HALF_F, 0).reinterpretAsFloats();
        $rows
        x0.blend(x1, k.compare(GT, 0.5f)).blend(x2, k.compare(GT, 1.5f)).into[q];
        """;
    String nearest8 =
        """
        DoubleVector at = DoubleVector.broadcast(D, time).sub(shift).sub(start).div(dt);
        $rows
        x0.blend(x1, at.compare(GT, step1)).blend(x2, at.compare(GT, step2)).into[q];
        """;
    String linear =
        """
        DoubleVector t = DoubleVector.broadcast(D, time).sub(shift);
        VectorMask<Double> late = t.sub(start).div(dt).compare(GE, second);
        $rows
        DoubleVector low = DoubleVector.broadcast(D, t0).blend(t1, late);
        DoubleVector high = DoubleVector.broadcast(D, t1).blend(t2, late);
        DoubleVector width = high.sub(low);
        DoubleVector v0 = high.sub(t).div(width).mul(x0.blend(x1, late));
        DoubleVector v1 = t.sub(low).div(width).mul(x1.blend(x2, late));
        v0.add(v1).into[q];
        """;
    String steps = "double step1, double step2";
    String times = "double second, double t0, double t1, double t2";
    String floats = "FloatVector xK = HALF_F[pK];";
    String doubles = "DoubleVector xK = D[pK];";
    String widened = "FloatVector fK = HALF_F[pK]; DoubleVector xK = fK" + F2D + ";";
    shifting(w, "nearest4", steps, FLOAT_AS_DOUBLE, floats, AS_FLOAT, nearest4);
    shifting(w, "nearest8", steps, DOUBLE, doubles, AS_DOUBLE, nearest8);
    shifting(w, "linearFloats", times, FLOAT_AS_DOUBLE, widened, AS_DOUBLE, linear);
    shifting(w, "linearDoubles", times, DOUBLE, doubles, AS_DOUBLE, linear);
    return w;
  }

  private static void shifting(
      LoopWriter w, String name, String rule, Load load, String row, Store store, String vector) {
    String method =
        """
        public static void $name(
            long a0, long a1, long a2, long shifts, long b,
            $rule, double time, double start, double dt, int n) {
          long p0 = at(a0 + i * $in);
          long p1 = at(a1 + i * $in);
          long p2 = at(a2 + i * $in);
          long r = at(shifts + i * 8L);
          long q = at(b + i * $out);
          DoubleVector shift = D[r];
          $shifted
        }
        """;
    loop(w, ONE_BY_ONE, load, store, 1, method)
        .with("name", name)
        .with("rule", rule)
        .with("shifted", vector)
        .with("rows", row.replace("K", "0") + row.replace("K", "1") + row.replace("K", "2"));
  }

  // ---- sums ----

  private static LoopWriter sums() {
    LoopWriter w =
        new LoopWriter(
            "RowSums",
            """
            Looks for NaN.

            <p>Loops over absolute addresses in the form that {@link Addresses} explains. Rows have at
            least a vector.
            """);
    w.members(
        """
        public static boolean shortsExceed(short infinity, long a, int n) {
          Addresses.mayFault();
          for (int i = 0; i < n; i += S_LANES) {
            // magnitudes above that of infinity are NaN
            ShortVector v =
                ShortVector.fromMemorySegment(S, ALL, at(a + Math.min(i, n - S_LANES) * 2L), ORDER);
            if (v.and((short) 0x7fff).compare(GT, infinity).anyTrue()) {
              return true;
            }
          }
          return false;
        }
        """);
    searching(w, FLOAT, "IntVector", "Integer", "0x7f800000");
    searching(w, DOUBLE, "LongVector", "Long", "0x7ff0000000000000L");
    return w;
  }

  private static void searching(LoopWriter w, Load load, String bits, String box, String infinity) {
    String method =
        """
        public static boolean $has(long a, int n) {
          long p = at(a + i * $in);
          s# = Widths.$CLASS.cast(s#).or(infinity.sub($B[p].and($Box.MAX_VALUE)));
        }
        """;
    loop(w, SEARCHING, load, AS_FLOAT, 4, method)
        .with("has", load.type() + "sHaveNaN")
        .with("Bits", bits)
        .with("B", bits.substring(0, 1))
        .with("CLASS", load == FLOAT ? "INT_CLASS" : "LONG_CLASS")
        .with("Box", box)
        .with("infinity", infinity);
    String rows = "public static int $name(long a, int n, int rows, long any) {}";
    w.doc("Writes 1 for each row with a NaN and 0 for others; returns how many have one.");
    loop(w, SEARCHING_ROWS, load, AS_FLOAT, 1, rows)
        .with("name", load.type() + "RowsWithNaN")
        .with("has", load.type() + "sHaveNaN")
        .with("size", "" + load.bytes);
  }

  // ---- replacements ----

  private static LoopWriter replacements() {
    LoopWriter w =
        new LoopWriter(
            "RowReplacements",
            """
            Replaces NaN in place and counts it, without a branch where there is much of it. Loops over
            absolute addresses, see {@link Addresses}; {@link #floats(long, float, int)} for all widths,
            the others not for 128 bits, whose masks of two lanes are boxed.
            """);
    replacing(w, "floats", "float value", 4, FLOAT, "Float");
    replacing(w, "doubles", "double value", 4, DOUBLE, "Double");
    w.doc("Values are float64, one a column.");
    replacing(w, "floatsByColumn", "long values", 2, FLOAT_AS_DOUBLE, "Float")
        .with("address", "long v = at(values + i * 8L);")
        .with("column", "FloatVector value# = D[v]" + D2F + ";")
        .with("value", "value#")
        .with("scalar", "(float) ALL.get(JAVA_DOUBLE_UNALIGNED, at(values + i * 8L))");
    replacing(w, "doublesByColumn", "long values", 2, DOUBLE, "Double")
        .with("address", "long v = at(values + i * 8L);")
        .with("column", "DoubleVector value# = D[v];")
        .with("value", "value#")
        .with("scalar", "ALL.get(JAVA_DOUBLE_UNALIGNED, at(values + i * 8L))");
    return w;
  }

  private static LoopWriter.Loop replacing(
      LoopWriter w, String name, String parameter, int vectors, Load load, String box) {
    String method =
        """
        public static int $name(long a, $parameter, int n) {
          long p = at(a + i * $in);
          $address
          $load
          VectorMask<$Box> nan# = x#.compare(NE, x#);
          replaced += nan#.trueCount();
          $column
          x#.blend($value, nan#).into[p];
        }
        """;
    return loop(w, REPLACING, load, AS_FLOAT, vectors, method)
        .with("name", name)
        .with("parameter", parameter)
        .with("Box", box)
        .with("layout", "JAVA_" + box.toUpperCase(Locale.ROOT) + "_UNALIGNED")
        .with("address", "")
        .with("column", "")
        .with("value", "value")
        .with("scalar", "value");
  }
}
