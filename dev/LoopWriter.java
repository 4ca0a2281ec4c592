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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a class of loops from templates.
 *
 * <p>A loop is a frame, which walks a row, around the template of one vector: the addresses of
 * element {@code i}, then statements. Both are Java with four signs:
 *
 * <ul>
 *   <li>{@code F[p]} is the vector of species {@code F} at address {@code p}, and {@code .into[q]}
 *       stores one: each as many vectors behind the address as its step has had. {@code [q + 16]}
 *       is 16 bytes behind that;
 *   <li>{@code #} is the number of the vector in its step, and nothing outside of steps;
 *   <li>{@code $name} is the part of that name;
 *   <li>in frames {@code $addresses(i)} declares the addresses of element {@code i}, {@code
 *       $vectors} are the statements of a step, {@code $vector} those of one vector at the declared
 *       addresses, {@code $vector(k)} those of one vector at element {@code k} ({@code $first(k)}
 *       with the number 0), and {@code $at(p, k)} is address {@code p} of element {@code k}.
 * </ul>
 */
final class LoopWriter {
  private static final String HEADER =
      """
      /*
       * Copyright 2026 The Syncline Authors
       * SPDX-License-Identifier: Apache-2.0
       */
      // Written by dev/GenerateLoops.java. Do not edit.
      package org.syncline.kernel.generated;

      """;

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

  private static final Pattern ADDRESS = Pattern.compile("long (\\w+) = (.*);\\s*");
  private static final Pattern BYTES_OF_ELEMENT = Pattern.compile("i \\* (\\d)L");
  private static final Pattern MASK = Pattern.compile("\\(c( & \\w+)\\)");

  private final String name;
  private final String doc;
  private final List<Loop> loops = new ArrayList<>();
  private String members = "";
  private String nextDoc = "";

  LoopWriter(String name, String doc) {
    this.name = name;
    this.doc = doc;
  }

  String name() {
    return name;
  }

  /** Sets members that are no loops. */
  void members(String text) {
    members = text;
  }

  /** Sets the documentation of the next loop. */
  void doc(String text) {
    nextDoc = javadoc(text);
  }

  /**
   * Adds a method.
   *
   * @param vectors how many vectors of so many lanes a step has
   * @param method its start, and the template of one vector
   */
  Loop loop(String frame, int vectors, String lanes, String method) {
    int start = method.indexOf('{') + 1;
    String vector = method.substring(start, method.lastIndexOf('}')).strip();
    Loop loop = new Loop(nextDoc + method.substring(0, start), frame, vectors, vector);
    nextDoc = "";
    loops.add(loop);
    return loop.with("lanes", lanes).with("step", vectors + " * " + lanes);
  }

  String text() throws FormatterException {
    String body = "private " + name + "() {}\n\n" + members;
    body += loops.stream().map(Loop::text).collect(joining("\n"));
    for (String constant : CONSTANTS.reversed()) {
      String word = constant.split(" ")[1];
      if (Pattern.compile("\\b" + word + "\\b").matcher(body).find()) {
        body = "private static final " + constant + ";\n" + body;
      }
    }
    String code = javadoc(doc) + "public final class " + name + " {" + body + "}\n";
    Set<String> imports = new TreeSet<>();
    for (Map.Entry<String, Pattern> e : IMPORTS.entrySet()) {
      Matcher m = e.getValue().matcher(code);
      while (m.find()) {
        imports.add("import " + e.getKey() + m.group() + ";\n");
      }
    }
    String java = HEADER + String.join("", imports) + "\n" + code;
    return new Formatter(JavaFormatterOptions.defaultOptions())
        .formatSource(ImportOrderer.reorderImports(java, JavaFormatterOptions.Style.GOOGLE));
  }

  private static String replaced(
      String text, Pattern pattern, Function<MatchResult, String> replacement) {
    return pattern.matcher(text).replaceAll(m -> Matcher.quoteReplacement(replacement.apply(m)));
  }

  private static String javadoc(String text) {
    return "/**\n" + text.lines().map(line -> " * " + line + "\n").collect(joining()) + " */\n";
  }

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
  static final class Loop {
    private final String start;
    private final String frame;
    private final int vectors;
    private final String vector;
    private final Map<String, String> parts = new HashMap<>();
    private final Map<String, Address> addresses = new LinkedHashMap<>();
    private String body;

    Loop(String start, String frame, int vectors, String vector) {
      this.start = start;
      this.frame = frame;
      this.vectors = vectors;
      this.vector = vector;
    }

    Loop with(String part, String text) {
      parts.put(part, text);
      return this;
    }

    String text() {
      String statements = filled(vector).strip();
      Matcher m = ADDRESS.matcher(statements);
      while (m.lookingAt()) {
        Matcher bytes = BYTES_OF_ELEMENT.matcher(m.group(2));
        int size = bytes.find() ? Integer.parseInt(bytes.group(1)) : addresses.get("c").bytes;
        addresses.put(m.group(1), new Address(m.group(1), m.group(2), size));
        m.region(m.end(), statements.length());
      }
      body = statements.substring(m.regionStart()).replaceAll("\n\\s*\n", "\n");
      String loop = replaced(filled(frame), DIRECTIVE, this::directed);
      String mark = loop.contains(".fromMemorySegment(") ? "Addresses.mayFault();\n" : "";
      return filled(start) + "\n" + mark + loop + "}\n";
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
      return index == null ? a.behind(k, parts.get("lanes"), more) : a.of(index);
    }
  }
}
