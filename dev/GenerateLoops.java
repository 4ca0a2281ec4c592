/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

import static java.util.stream.Collectors.joining;
import static java.util.stream.IntStream.range;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the loops of {@code org.syncline.kernel.generated}: one for each combination of what is
 * loaded, computed and stored that has one.
 *
 * <p>A loop is a frame, which walks a row, around a template for one vector: the addresses of
 * element {@code i}, then the statements, most of them put together from a {@link Load}, arithmetic
 * and a {@link Store}. Frames and templates are Java with four signs:
 *
 * <ul>
 *   <li>{@code F[p]} is the vector of species {@code F} at address {@code p}, and {@code .into[q]}
 *       stores one: each as many vectors behind the address as its step has had. {@code [q + 16]}
 *       is 16 bytes behind that;
 *   <li>{@code #} is the number of the vector in its step, and nothing outside of steps;
 *   <li>{@code $name} is the part of that name;
 *   <li>in frames {@code $addresses(i)} declares the addresses of element {@code i}, {@code
 *       $vectors} are the statements of a step, {@code $vector} those of one vector at the declared
 *       addresses, {@code $vector(k)} those of one vector at element {@code k}, and {@code $at(p,
 *       k)} is address {@code p} of element {@code k}.
 * </ul>
 */
final class GenerateLoops {
  private static final Path FOLDER = Path.of("core/src/main/java/org/syncline/kernel/generated");

  static Map<Path, String> files(Path root) throws FormatterException {
    Map<Path, String> files = new LinkedHashMap<>();
    for (Source s :
        List.of(conversions(), normalizations(), blends(), shifts(), sums(), replacements())) {
      files.put(FOLDER.resolve(s.name + ".java"), s.text());
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

  /** A vector at the start, after which those of the steps are aligned. */
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

  /** For sums. */
  private static final String WITHOUT_OVERLAP =
      STEPS
          + """
          int rest = n & -$lanes;
          for (; i != rest; i += $lanes) {
            $addresses(i)
            $vector
          }
          // in place, so nothing may be added twice: no overlap
          for (; i < n; i++) {
            double v = ALL.get($layout, $at(p, i));
            if (v == v) {
              $element
            }
          }
          """;

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

  // ---- what is loaded ----

  /**
   * A source: statements that load {@code x#}, and the number that is made of it. A number with a
   * {@code PART} is one of two at 128 bits, where vectors of bytes have twice the lanes.
   */
  private record Load(int bytes, String lanes, String statements, String number) {
    Load(int bytes, String lanes, String expression) {
      this(bytes, lanes, "FloatVector x# = " + expression + ";", "x#");
    }

    /** Returns the type of what is made of the number. */
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

  private static final Load FLOAT_WIDENED =
      new Load(4, "D_LANES", "DoubleVector x# = HALF_F[p]" + F2D + ";", "x#");

  private static final Load DOUBLE = new Load(8, "D_LANES", "DoubleVector x# = D[p];", "x#");

  // ---- what is stored ----

  /** A destination: statements, and what is stored of them or of the {@code NUMBER}. */
  private record Store(int bytes, String statements, String result) {}

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

  private static Source conversions() {
    Source s =
        new Source("RowConversions", "Converts rows from one element type to another.\n\n" + LOOPS);
    s.members(
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
    aligned(s, ALIGNED, "uint8ToFloat", UINT8, 4, AS_FLOAT);
    converting(s, OVERLAPPING, "int8ToFloat", INT8, 4, AS_FLOAT);
    aligned(s, ALIGNED, "int16ToFloat", INT16, 4, AS_FLOAT);
    aligned(s, ALIGNED, "uint16ToFloat", UINT16, 4, AS_FLOAT);
    aligned(s, ALIGNED, "int32ToFloat", INT32, 4, AS_FLOAT);
    s.doc("Exact in float64, then rounded once.");
    converting(s, OVERLAPPING, "uint32ToFloat", UINT32_AS_DOUBLE, 2, DOUBLE_AS_FLOAT);
    converting(s, OVERLAPPING, "uint32ToDouble", UINT32_AS_DOUBLE, 2, AS_DOUBLE);
    converting(s, OVERLAPPING, "int32ToDouble", INT32_AS_DOUBLE, 4, AS_DOUBLE);
    s.doc(
        """
        Exponent and significand of a float16, moved to their places in a float32, are a value 2^112
        times too small, subnormal ones too; the exponent of infinities and NaN becomes that of float32
        first, and the product makes NaN quiet. The Vector API of JDK 25 has no conversion.
        """);
    aligned(s, ALIGNED, "float16ToFloat", FLOAT16, 2, AS_FLOAT);
    converting(s, OVERLAPPING, "bfloat16ToFloat", BFLOAT16, 4, AS_FLOAT);
    s.doc("NaN is found by a comparison of floats, an operation less than one of their bits.");
    aligned(s, ALIGNED_INLINE, "floatToBfloat16", FLOAT, 2, FLOAT_AS_BFLOAT16);
    s.doc("NaN fails the first comparison; the sum with 2^23 rounds to even. Not for 128 bits.");
    converting(s, OVERLAPPING, "floatToUint8", FLOAT, 4, FLOAT_AS_UINT8);
    aligned(s, ALIGNED, "doubleToFloat", DOUBLE, 4, DOUBLE_AS_FLOAT);
    String frame = ALIGNED_STEPS + OVERLAPPING_REST;
    converting(s, frame, "floatToDouble", FLOAT_AS_DOUBLE, 4, AS_DOUBLE)
        .with("start", "$vector()")
        .with(
            "alignment",
            """
            // rows that start between two numbers of their type cannot be aligned
            int i = (b & 7) == 0 ? head(b, n, 8 * D_LANES, 8) : 0;
            """);
    return s;
  }

  private static Loop converting(
      Source s, String frame, String name, Load load, int vectors, Store store) {
    return s.loop("void " + name + "(long a, long b, int n)", frame)
        .from(load)
        .to(store)
        .step(
            vectors,
            """
            long p = at(a + i * $in);
            long q = at(b + i * $out);
            $load
            $store
            """);
  }

  private static void aligned(
      Source s, String frame, String name, Load load, int vectors, Store store) {
    String lanes = load.lanes.replace("B_LANES", "F_LANES");
    converting(s, frame, name, load, vectors, store)
        .with("alignment", "int i = head(b, n, $size * " + lanes + ", $size);")
        .with("size", "" + store.bytes)
        .with("start", "$one($at(p), $at(q));")
        .with("one", name + "At");
    s.helper("void " + name + "At(long p, long q)", "$vector")
        .from(load)
        .to(store)
        .step(1, "$load $store");
  }

  // ---- normalizations ----

  private static Source normalizations() {
    Source s =
        new Source(
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
    masked(s, "uint8s", UINT8);
    masked(s, "int8s", INT8);
    masked(s, "int16s", INT16);
    masked(s, "uint16s", UINT16);
    masked(s, "int32s", INT32);
    shortened(s, "floatsToBfloat16", "IntVector", ".reinterpretAsInts()", BITS_AS_BFLOAT16);
    s.doc("Not for 128 bits.");
    shortened(s, "floatsToUint8", "FloatVector", "", FLOAT_AS_UINT8);
    for (boolean means : List.of(true, false)) {
      byColumn(s, "floats", means, FLOAT, 4, AS_FLOAT);
      byColumn(s, "doubles", means, DOUBLE, 2, AS_DOUBLE);
      byColumn(s, "doublesToFloats", means, DOUBLE, 2, DOUBLE_AS_FLOAT);
    }
    byOne(s, "uint8s", UINT8, AS_FLOAT);
    byOne(s, "int8s", INT8, AS_FLOAT);
    byOne(s, "int16s", INT16, AS_FLOAT);
    byOne(s, "uint16s", UINT16, AS_FLOAT);
    byOne(s, "int32s", INT32, AS_FLOAT);
    byOne(s, "floats", FLOAT, AS_FLOAT);
    byOne(s, "doubles", DOUBLE, AS_DOUBLE);
    byOne(s, "doublesToFloats", DOUBLE, DOUBLE_AS_FLOAT);
    return s;
  }

  private static void masked(Source s, String name, Load load) {
    String upper =
        """
        if (Widths.BITS == 128) {
          FloatVector more# = F[m + 16];
          FloatVector last# = F[s + 16];
          $upperNumber.sub(more#).div(last#).into[q + 16];
        }
        """;
    s.loop(
            "void " + name + "(long a, long b, long means, long meanStep, long stds, int n)",
            OVERLAPPING)
        .from(load)
        .step(
            2,
            """
            long p = at(a + i * $in);
            long q = at(b + i * 4L);
            long c = i * 4L;
            long m = at(means + (c & meanStep));
            long s = at(stds + c);
            $load
            FloatVector mean# = F[m];
            FloatVector std# = F[s];
            $number.sub(mean#).div(std#).into[q];
            $upper
            """)
        .with("number", load.number.replace("PART", "0"))
        .with("upperNumber", load.number.replace("PART", "1"))
        .with("upper", load.halves() ? upper : "");
  }

  private static void shortened(Source s, String name, String type, String as, Store store) {
    s.loop(
            "void $name(long a, long b, long means, long meanStep, long stds, long stdStep, int n)",
            OVERLAPPING)
        .from(FLOAT)
        .to(store)
        .step(
            2,
            """
            long p = at(a + i * 4L);
            long q = at(b + i * $out);
            long c = i * 4L;
            long m = at(means + (c & meanStep));
            long s = at(stds + (c & stdStep));
            FloatVector mean# = F[m];
            FloatVector std# = F[s];
            $type x# = F[p].sub(mean#).div(std#)$as;
            $store
            """)
        .with("name", name)
        .with("type", type)
        .with("as", as);
  }

  private static void byColumn(
      Source s, String name, boolean means, Load load, int vectors, Store store) {
    s.loop("void $name(long a, long b, $means long stds, int n)", OVERLAPPING_INLINE)
        .from(load)
        .to(store)
        .step(
            vectors,
            """
            long p = at(a + i * $in);
            long q = at(b + i * $out);
            $addressOfMean
            long s = at(stds + i * $in);
            $load
            $mean
            $Number std# = $N[s];
            $store
            """)
        .with("name", name)
        .with("means", means ? "long means," : "")
        .with("addressOfMean", means ? "long m = at(means + i * $in);" : "")
        .with("mean", means ? "$Number mean# = $N[m];" : "")
        .with("arithmetic", means ? ".sub(mean#).div(std#)" : ".div(std#)");
  }

  private static void byOne(Source s, String name, Load load, Store store) {
    String arithmetic = ".sub(means).div(stds)";
    boolean expression = load.number.equals("x#");
    s.loop(
            "void " + name + "(long a, long b, $number mean, $number std, int n)",
            """
            $Number means = $Number.broadcast($N, mean);
            $Number stds = $Number.broadcast($N, std);
            """
                + OVERLAPPING)
        .from(load)
        .to(store)
        .step(
            4,
            """
            long p = at(a + i * $in);
            long q = at(b + i * $out);
            $load
            $store
            """)
        .with("load", load.statements.replace(";", expression ? arithmetic + ";" : ";"))
        .with("arithmetic", expression ? "" : arithmetic);
  }

  // ---- blends ----

  private static Source blends() {
    Source s =
        new Source(
            "RowBlends",
            """
            Writes {@code w0*x0 + w1*x1} in float64, two products and one sum, normalised as in {@link
            RowNormalizations}.

            """
                + LOOPS);
    String widened = "Vector<Double> x# = HALF_F[p].convertShape(F2D, D, 0);";
    Load floats = new Load(4, "D_LANES", widened, "x#.reinterpretAsDoubles()");
    blending(s, "floatsToDoubles", floats, AS_DOUBLE, false);
    blending(s, "floatsToFloats", floats, DOUBLE_AS_FLOAT, false);
    blending(s, "doublesToDoubles", DOUBLE, AS_DOUBLE, false);
    blending(s, "doublesToFloats", DOUBLE, DOUBLE_AS_FLOAT, false);
    blending(s, "normalizedFloatsToDoubles", floats, AS_DOUBLE, true);
    blending(s, "normalizedFloatsToFloats", floats, DOUBLE_AS_FLOAT, true);
    blending(s, "normalizedDoublesToDoubles", DOUBLE, AS_DOUBLE, true);
    blending(s, "normalizedDoublesToFloats", DOUBLE, DOUBLE_AS_FLOAT, true);
    return s;
  }

  private static void blending(Source s, String name, Load load, Store store, boolean normalized) {
    String addresses =
        """
        long c = i * 8L;
        long m = at(means + (c & meanStep));
        long s = at(stds + (c & stdStep));
        """;
    String statistics = "DoubleVector mean# = D[m]; DoubleVector std# = D[s];";
    String parameters = "long means, long meanStep, long stds, long stdStep,";
    s.loop(
            "void $name(long a0, long a1, long b, $statistics double w0, double w1, int n)",
            OVERLAPPING)
        .from(load)
        .to(store)
        .step(
            2,
            """
            long p0 = at(a0 + i * $in);
            long p1 = at(a1 + i * $in);
            long q = at(b + i * $out);
            $addressesOfStatistics
            $first
            $second
            $loaded
            DoubleVector z# = $x.mul(w0).add($y.mul(w1))$normalized;
            $result.into[q];
            """)
        .with("name", name)
        .with("first", load.statements.replace("[p]", "[p0]"))
        .with("second", load.statements.replace("[p]", "[p1]").replace("x#", "y#"))
        .with("x", load.number)
        .with("y", load.number.replace("x#", "y#"))
        .with("result", store.result.replace("NUMBER", "z#"))
        .with("addressesOfStatistics", normalized ? addresses : "")
        .with("loaded", normalized ? statistics : "")
        .with("statistics", normalized ? parameters : "")
        .with("normalized", normalized ? ".sub(mean#).div(std#)" : "");
  }

  // ---- shifts ----

  private static Source shifts() {
    Source s =
        new Source(
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
    shifting(s, "nearest4", steps, FLOAT_AS_DOUBLE, floats, AS_FLOAT, nearest4);
    shifting(s, "nearest8", steps, DOUBLE, doubles, AS_DOUBLE, nearest8);
    shifting(s, "linearFloats", times, FLOAT_AS_DOUBLE, widened, AS_DOUBLE, linear);
    shifting(s, "linearDoubles", times, DOUBLE, doubles, AS_DOUBLE, linear);
    return s;
  }

  private static void shifting(
      Source s, String name, String rule, Load load, String row, Store store, String vector) {
    String arrays = "long a0, long a1, long a2, long shifts, long b, ";
    s.loop(
            "void " + name + "(" + arrays + rule + ", double time, double start, double dt, int n)",
            ONE_BY_ONE)
        .from(load)
        .to(store)
        .step(
            1,
            """
            long p0 = at(a0 + i * $in);
            long p1 = at(a1 + i * $in);
            long p2 = at(a2 + i * $in);
            long r = at(shifts + i * 8L);
            long q = at(b + i * $out);
            DoubleVector shift = D[r];
            """
                + vector)
        .with("rows", row.replace("K", "0") + row.replace("K", "1") + row.replace("K", "2"));
  }

  // ---- sums ----

  private static Source sums() {
    Source s =
        new Source(
            "RowSums",
            """
            Looks for NaN, and adds rows to sums of columns with NaN left out.

            <p>Loops over absolute addresses in the form that {@link Addresses} explains. Rows have at
            least a vector. The sums are not for 128 bits: masks of two lanes are boxed.
            """);
    s.members(
        """
        public static boolean shortsExceed(short infinity, long a, int n) {
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
    searching(s, FLOAT, "IntVector", "Integer", "0x7f800000");
    searching(s, DOUBLE, "LongVector", "Long", "0x7ff0000000000000L");
    summing(s, "Floats", FLOAT_WIDENED, "JAVA_FLOAT_UNALIGNED");
    summing(s, "Doubles", DOUBLE, "JAVA_DOUBLE_UNALIGNED");
    return s;
  }

  private static void searching(Source s, Load load, String bits, String box, String infinity) {
    s.loop("boolean " + load.type() + "sHaveNaN(long a, int n)", SEARCHING)
        .from(load)
        .step(
            4,
            """
            long p = at(a + i * $in);
            s# = s#.or(infinity.sub($B[p].and($Box.MAX_VALUE)));
            """)
        .with("Bits", bits)
        .with("B", bits.substring(0, 1))
        .with("Box", box)
        .with("infinity", infinity);
    s.doc("Writes 1 for each row with a NaN and 0 for others; returns how many have one.");
    s.loop(
            "int " + load.type() + "RowsWithNaN(long a, int n, int rows, long any)",
            """
            int found = 0;
            for (int k = 0; k < rows; k++) {
              int has = $has(a + (long) k * n * $size, n) ? 1 : 0;
              ALL.set(JAVA_BYTE, at(any + k), (byte) has);
              found += has;
            }
            return found;
            """)
        .with("has", load.type() + "sHaveNaN")
        .with("size", "" + load.bytes);
  }

  private static void summing(Source s, String name, Load load, String layout) {
    String start =
        """
        $load
        VectorMask<Double> nan# = x#.compare(NE, x#);
        DoubleVector sum# = D[s];
        """;
    s.loop("void add" + name + "(long a, long counts, long sums, int n)", WITHOUT_OVERLAP)
        .from(load)
        .step(
            2,
            """
            long p = at(a + i * $in);
            long s = at(sums + i * 8L);
            long t = at(counts + i * 8L);
            """
                + start
                + """
                sum#.add(x#.blend(0, nan#)).into[s];
                DoubleVector count# = D[t];
                count#.add(DoubleVector.broadcast(D, 1).blend(0, nan#)).into[t];
                """)
        .with("layout", layout)
        .with(
            "element",
            """
            long s = $at(s, i);
            long t = $at(t, i);
            ALL.set(JAVA_DOUBLE_UNALIGNED, s, ALL.get(JAVA_DOUBLE_UNALIGNED, s) + v);
            ALL.set(JAVA_DOUBLE_UNALIGNED, t, ALL.get(JAVA_DOUBLE_UNALIGNED, t) + 1);
            """);
    s.loop("void addSquaresOf" + name + "(long a, long means, long sums, int n)", WITHOUT_OVERLAP)
        .from(load)
        .step(
            2,
            """
            long p = at(a + i * $in);
            long s = at(sums + i * 8L);
            long m = at(means + i * 8L);
            """
                + start
                + """
                DoubleVector d# = x#.sub(D[m]);
                sum#.add(d#.mul(d#).blend(0, nan#)).into[s];
                """)
        .with("layout", layout)
        .with(
            "element",
            """
            long s = $at(s, i);
            double d = v - ALL.get(JAVA_DOUBLE_UNALIGNED, $at(m, i));
            ALL.set(JAVA_DOUBLE_UNALIGNED, s, ALL.get(JAVA_DOUBLE_UNALIGNED, s) + d * d);
            """);
  }

  // ---- replacements ----

  private static Source replacements() {
    Source s =
        new Source(
            "RowReplacements",
            """
            Replaces NaN in place and counts it, without a branch where there is much of it. Loops over
            absolute addresses, see {@link Addresses}; {@link #floats(long, float, int)} for all widths,
            the others not for 128 bits, whose masks of two lanes are boxed.
            """);
    replacing(s, "floats(long a, float value, int n)", 4, FLOAT, "Float");
    replacing(s, "doubles(long a, double value, int n)", 4, DOUBLE, "Double");
    s.doc("Values are float64, one a column.");
    replacing(s, "floatsByColumn(long a, long values, int n)", 2, FLOAT_AS_DOUBLE, "Float")
        .with("values", "long v = at(values + i * 8L);")
        .with("column", "FloatVector value# = D[v]" + D2F + ";")
        .with("value", "value#")
        .with("scalar", "(float) ALL.get(JAVA_DOUBLE_UNALIGNED, at(values + i * 8L))");
    replacing(s, "doublesByColumn(long a, long values, int n)", 2, DOUBLE, "Double")
        .with("values", "long v = at(values + i * 8L);")
        .with("column", "DoubleVector value# = D[v];")
        .with("value", "value#")
        .with("scalar", "ALL.get(JAVA_DOUBLE_UNALIGNED, at(values + i * 8L))");
    return s;
  }

  private static Loop replacing(Source s, String signature, int vectors, Load load, String box) {
    return s.loop("int " + signature, REPLACING)
        .from(load)
        .step(
            vectors,
            """
            long p = at(a + i * $in);
            $values
            $load
            VectorMask<$Box> nan# = x#.compare(NE, x#);
            replaced += nan#.trueCount();
            $column
            x#.blend($value, nan#).into[p];
            """)
        .with("Box", box)
        .with("layout", "JAVA_" + box.toUpperCase(Locale.ROOT) + "_UNALIGNED")
        .with("values", "")
        .with("column", "")
        .with("value", "value")
        .with("scalar", "value");
  }

  // ---- from templates to Java ----

  /** Constants of a class that uses them; the type of a species is that of its vectors. */
  private static final List<String> CONSTANTS =
      List.of(
          "VectorSpecies<Float> F = Widths.FLOAT",
          "VectorSpecies<Double> D = Widths.DOUBLE",
          "VectorSpecies<Integer> I = Widths.INT",
          "VectorSpecies<Long> L = Widths.LONG",
          "VectorSpecies<Short> S = Widths.SHORT",
          "VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT",
          "VectorSpecies<Integer> HALF_I = Widths.HALF_INT",
          "VectorSpecies<Short> HALF_S = Widths.HALF_SHORT",
          "VectorSpecies<Byte> QUARTER_B = Widths.QUARTER_BYTE",
          "int F_LANES = F.length()",
          "int D_LANES = D.length()",
          "int S_LANES = S.length()",
          "int B_LANES = QUARTER_B.length()",
          "ByteOrder ORDER = ByteOrder.nativeOrder()");

  /** Vectors by the last letter of their species. */
  private static final Map<String, String> TYPES =
      Map.of("F", "Float", "D", "Double", "I", "Int", "L", "Long", "S", "Short", "B", "Byte");

  /** Packages of the names that loops use, by the form of the name. */
  private static final Map<String, Pattern> IMPORTS =
      Map.of(
          "java.nio.", Pattern.compile("\\bByteOrder\\b"),
          "org.syncline.kernel.lanes.", Pattern.compile("\\b(Addresses|Widths)\\b"),
          "jdk.incubator.vector.",
              Pattern.compile("\\b[A-Z][a-z]*Vector\\b|\\bVector(Mask|Species)?\\b"),
          "static org.syncline.kernel.lanes.Addresses.", Pattern.compile("\\b(ALL|at(?=\\())"),
          "static java.lang.foreign.ValueLayout.", Pattern.compile("\\bJAVA_\\w+\\b"),
          "static jdk.incubator.vector.VectorOperators.",
              Pattern.compile("\\b((ZERO_EXTEND_)?[A-Z]2[A-Z]|GE|GT|NE|OR|LSHL|LSHR)\\b"));

  private static final Pattern LOADED =
      Pattern.compile("\\b([A-Z_]*([FDILSB]))\\[(\\w+)( \\+ \\d+)?\\]");

  private static final Pattern STORED = Pattern.compile("\\.into\\[(\\w+)( \\+ \\d+)?\\]");

  private static final Pattern PART = Pattern.compile("\\$(\\w+)");
  private static final Pattern DIRECTIVE =
      Pattern.compile("\\$(\\w+)(?:\\((?:(\\w+), )?(\\w*)\\))?");

  private static final Pattern BYTES_OF_ELEMENT = Pattern.compile("i \\* (\\d)L");
  private static final Pattern MASK = Pattern.compile("\\(c( & \\w+)\\)");

  private static final String HEADER =
      """
      /*
       * Copyright 2026 The Syncline Authors
       * SPDX-License-Identifier: Apache-2.0
       */
      // Written by dev/GenerateLoops.java. Do not edit.
      package org.syncline.kernel.generated;

      """;

  private static final Pattern ADDRESS = Pattern.compile("long (\\w+) = (.*);\\s*");

  /** An address of element i, and how many bytes the next element's is behind it. */
  private record Address(String name, String expression, int bytes) {
    /** Returns the address of an element, of the first where there is no index. */
    String of(String index) {
      return index.isEmpty()
          ? expression.replaceFirst(" \\+ i( \\* \\dL)?", "")
          : expression.replaceFirst("\\bi\\b", index).replace(" * 1L", "");
    }

    /** Returns the address so many vectors, and then some bytes, behind the declared one. */
    String behind(int vectors, String lanes, String more) {
      int count = vectors * bytes;
      String distance = count == 0 ? "" : " + " + (count == 1 ? "" : count + " * ") + lanes;
      distance += more == null ? "" : more;
      Matcher masked = MASK.matcher(expression);
      return distance.isEmpty() || !masked.find()
          ? name + distance
          : name + " + (" + distance.substring(3) + masked.group(1) + ")";
    }
  }

  /** A method. */
  private static final class Loop {
    private final String start;
    private final String frame;
    private final Map<String, String> parts = new HashMap<>();
    private final Map<String, Address> addresses = new LinkedHashMap<>();
    private Load load;
    private int vectors;
    private String vector = "";
    private String body;

    Loop(String start, String frame) {
      this.start = start;
      this.frame = frame;
    }

    Loop from(Load load) {
      this.load = load;
      String type = load.type();
      with("in", load.bytes + "L").with("lanes", load.lanes).with("load", load.statements);
      // double, DoubleVector and the constant of its species
      String capital = type.substring(0, 1).toUpperCase(Locale.ROOT);
      return with("number", type)
          .with("Number", capital + type.substring(1) + "Vector")
          .with("N", capital);
    }

    Loop to(Store store) {
      return with("out", store.bytes + "L").with("store", load.into(store)).with("arithmetic", "");
    }

    /** Sets how many vectors a step has, and the template of one. */
    Loop step(int vectors, String vector) {
      this.vectors = vectors;
      this.vector = vector;
      return with("step", vectors + " * $lanes");
    }

    Loop with(String part, String text) {
      parts.put(part, text);
      return this;
    }

    String text() {
      String statements = filled(vector);
      Matcher m = ADDRESS.matcher(statements);
      while (m.lookingAt()) {
        Matcher bytes = BYTES_OF_ELEMENT.matcher(m.group(2));
        int size = bytes.find() ? Integer.parseInt(bytes.group(1)) : addresses.get("c").bytes;
        addresses.put(m.group(1), new Address(m.group(1), m.group(2), size));
        m.region(m.end(), statements.length());
      }
      body = statements.substring(m.regionStart()).replaceAll("\n\\s*\n", "\n");
      return filled(start) + " {\n" + replaced(filled(frame), DIRECTIVE, this::directed) + "}\n";
    }

    /** Returns a template with its parts, and what only frames have as it is. */
    private String filled(String template) {
      return replaced(
          template,
          PART,
          m -> parts.containsKey(m.group(1)) ? filled(parts.get(m.group(1))) : m.group());
    }

    private String directed(MatchResult m) {
      String index = m.group(3);
      return switch (m.group(1)) {
        case "addresses" ->
            addresses.values().stream()
                .map(a -> "long " + a.name + " = " + a.of(index) + ";")
                .collect(joining());
        case "vectors" ->
            range(0, vectors).mapToObj(k -> vector("" + k, k, null)).collect(joining());
        case "first" -> vector("0", 0, index);
        case "vector" -> vector("", 0, index);
        case "at" ->
            m.group(2) == null ? addresses.get(index).of("") : addresses.get(m.group(2)).of(index);
        default -> throw new IllegalArgumentException("no part " + m.group() + " of " + start);
      };
    }

    private String vector(String number, int k, String index) {
      String java =
          replaced(
              body.replace("#", number),
              LOADED,
              m ->
                  TYPES.get(m.group(2))
                      + "Vector.fromMemorySegment("
                      + m.group(1)
                      + ", ALL, "
                      + address(m.group(3), m.group(4), k, index)
                      + ", ORDER)");
      return replaced(
          java,
          STORED,
          m -> ".intoMemorySegment(ALL, " + address(m.group(1), m.group(2), k, index) + ", ORDER)");
    }

    private String address(String name, String more, int k, String index) {
      // a parameter where no address is declared
      Address a = addresses.getOrDefault(name, new Address(name, name, 0));
      return index == null ? a.behind(k, load.lanes, more) : a.of(index);
    }
  }

  /** A class. */
  private static final class Source {
    private final String name;
    private final String doc;
    private final List<Loop> loops = new ArrayList<>();
    private String members = "";
    private String nextDoc = "";

    Source(String name, String doc) {
      this.name = name;
      this.doc = doc;
    }

    void members(String text) {
      members = text;
    }

    void doc(String text) {
      nextDoc = javadoc(text);
    }

    Loop loop(String signature, String frame) {
      return add(nextDoc + "public static " + signature, frame);
    }

    Loop helper(String signature, String frame) {
      return add("private static " + signature, frame);
    }

    private Loop add(String start, String frame) {
      Loop loop = new Loop(start, frame);
      nextDoc = "";
      loops.add(loop);
      return loop;
    }

    String text() throws FormatterException {
      String body = "private " + name + "() {}\n\n" + members;
      body += loops.stream().map(Loop::text).collect(joining("\n"));
      for (String constant : CONSTANTS.reversed()) {
        String[] words = constant.split(" ");
        if (Pattern.compile("\\b" + words[1] + "\\b").matcher(body).find()) {
          body = "private static final " + constant + ";\n" + body;
        }
      }
      String code = javadoc(doc) + "public final class " + name + " {" + body + "}\n";
      Set<String> imports = new TreeSet<>();
      IMPORTS.forEach(
          (in, names) ->
              names
                  .matcher(code)
                  .results()
                  .forEach(m -> imports.add("import " + in + m.group() + ";\n")));
      return new Formatter(JavaFormatterOptions.defaultOptions())
          .formatSource(
              ImportOrderer.reorderImports(
                  HEADER + String.join("", imports) + "\n" + code,
                  JavaFormatterOptions.Style.GOOGLE));
    }
  }

  private static String replaced(
      String text, Pattern pattern, Function<MatchResult, String> replacement) {
    return pattern.matcher(text).replaceAll(m -> Matcher.quoteReplacement(replacement.apply(m)));
  }

  private static String javadoc(String text) {
    return "/**\n" + text.lines().map(line -> " * " + line + "\n").collect(joining()) + " */\n";
  }
}
