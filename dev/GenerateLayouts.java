/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes of the structs that C and Java share, as the headers declare them, the layouts that Java
 * reads and writes them with ({@code Layouts}), and a program that prints what the compiler makes
 * of the same structs ({@code layouts.c}): a test compares the two.
 */
final class GenerateLayouts {
  private static final Path C = Path.of("native-bridge/src/main/c");
  private static final List<String> HEADERS =
      List.of("syncline.h", "error.h", "tensors.h", "table.h");
  private static final String BY =
      "Generated from the headers in src/main/c by dev/GenerateLayouts.java. Do not edit.";

  /** Structs of the headers that only C and Python know. */
  private static final String NOT_JAVAS = "syncline_python";

  /** A layout's constant, its size and its alignment, by the type of C. */
  private record Type(String layout, long size, long alignment) {}

  private static final Map<String, Type> SCALARS =
      Map.ofEntries(
          Map.entry("char", new Type("JAVA_BYTE", 1, 1)),
          Map.entry("uint8_t", new Type("JAVA_BYTE", 1, 1)),
          Map.entry("uint16_t", new Type("JAVA_SHORT", 2, 2)),
          Map.entry("int32_t", new Type("JAVA_INT", 4, 4)),
          Map.entry("uint32_t", new Type("JAVA_INT", 4, 4)),
          Map.entry("DLDeviceType", new Type("JAVA_INT", 4, 4)),
          Map.entry("int64_t", new Type("JAVA_LONG", 8, 8)),
          Map.entry("uint64_t", new Type("JAVA_LONG", 8, 8)));

  private static final Type POINTER = new Type("ADDRESS", 8, 8);

  /** A struct as declared. */
  private record Struct(String name, String header, List<GenerateAbi.Declaration> members) {
    /** Returns the name of its layout: {@code syncline_batch_info}, BATCH_INFO. */
    String constant() {
      return GenerateAbi.upper(
          name.replace("DLPack", "DLPACK_")
              .replaceAll("^DL(?=[A-Z][a-z])", "DL_")
              .replaceAll("^syncline_", "")
              .replaceAll("(?<=[a-z])(?=[A-Z])", "_"));
    }
  }

  private GenerateLayouts() {}

  static Map<Path, String> files(Path root) throws Exception {
    Map<String, Long> numbers = new LinkedHashMap<>();
    List<Struct> structs = new ArrayList<>();
    for (String header : HEADERS) {
      String code = GenerateAbi.code(Files.readString(root.resolve(C).resolve(header)));
      Pattern.compile("#define (SYNCLINE_\\w+) (\\d+)\n")
          .matcher(code)
          .results()
          .forEach(m -> numbers.put(m.group(1), Long.valueOf(m.group(2))));
      for (MatchResult m : GenerateAbi.STRUCT.matcher(code).results().toList()) {
        if (!m.group(2).startsWith(NOT_JAVAS)) {
          structs.add(new Struct(m.group(2), header, members(m.group(1))));
        }
      }
    }
    String codes = GenerateAbi.code(Files.readString(root.resolve(C).resolve("syncline.h")));
    Map<Path, String> files = new LinkedHashMap<>();
    files.put(
        Path.of("native-bridge/src/main/java/org/syncline/bridge/Layouts.java"),
        layouts(structs, numbers, GenerateAbi.typeCodes(codes)));
    files.put(Path.of("native-bridge/src/test/c/layouts.c"), program(structs));
    return files;
  }

  private static List<GenerateAbi.Declaration> members(String text) {
    List<GenerateAbi.Declaration> members = new ArrayList<>();
    for (String member : text.split(";")) {
      // what follows a struct without a length of its own has none in the layout either
      if (!member.isBlank() && !member.strip().endsWith("[]")) {
        members.add(GenerateAbi.Declaration.parse(member));
      }
    }
    return members;
  }

  private static String layouts(
      List<Struct> structs, Map<String, Long> numbers, Map<String, String> codes) throws Exception {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        /*
         * Copyright 2026 The Syncline Authors
         * SPDX-License-Identifier: Apache-2.0
         */
        // %s
        package org.syncline.bridge;

        import static java.lang.foreign.ValueLayout.ADDRESS;
        import static java.lang.foreign.ValueLayout.JAVA_BYTE;
        import static java.lang.foreign.ValueLayout.JAVA_INT;
        import static java.lang.foreign.ValueLayout.JAVA_LONG;
        import static java.lang.foreign.ValueLayout.JAVA_SHORT;

        import java.lang.foreign.MemoryLayout;
        import java.lang.foreign.MemoryLayout.PathElement;
        import java.lang.foreign.StructLayout;
        import java.util.List;

        /** The structs that C and Java share, and DLPack's codes of the kinds of numbers. */
        final class Layouts {
        """
            .formatted(BY));
    codes.forEach((name, code) -> text.append("static final int %s = %s;\n".formatted(name, code)));
    Map<String, Type> types = new LinkedHashMap<>(SCALARS);
    List<String> constants = new ArrayList<>();
    for (Struct s : structs) {
      List<String> members = new ArrayList<>();
      long size = 0;
      long alignment = 1;
      for (GenerateAbi.Declaration d : s.members) {
        Type type = d.function() || d.stars() > 0 ? POINTER : types.get(d.type());
        if (type == null) {
          throw new IllegalArgumentException(s.name + ": found the type " + d.type());
        }
        size = pad(members, size, type.alignment);
        alignment = Math.max(alignment, type.alignment);
        String layout = type.layout;
        long count = 1;
        if (d.size() != null) {
          count = numbers.containsKey(d.size()) ? numbers.get(d.size()) : Long.parseLong(d.size());
          layout = "MemoryLayout.sequenceLayout(" + count + ", " + layout + ")";
        }
        members.add(layout + ".withName(\"" + d.name() + "\")");
        size += count * type.size;
      }
      size = pad(members, size, alignment);
      types.put(s.name, new Type(s.constant(), size, alignment));
      constants.add(s.constant());
      text.append("\n/** {@code ").append(s.name).append("} of ").append(s.header).append(". */\n");
      text.append("static final StructLayout ").append(s.constant());
      text.append(" = MemoryLayout.structLayout(").append(String.join(", ", members));
      text.append(").withName(\"").append(s.name).append("\");\n");
    }
    text.append(
        """

          /** All of them. */
          static final List<StructLayout> ALL = List.of(%s);

          private Layouts() {}

          /** Returns the byte offset of a member. */
          static long offset(StructLayout struct, String member) {
            return struct.byteOffset(PathElement.groupElement(member));
          }
        }
        """
            .formatted(String.join(", ", constants)));
    return new Formatter().formatSource(text.toString());
  }

  private static long pad(List<String> members, long size, long alignment) {
    long gap = -size & alignment - 1;
    if (gap > 0) {
      members.add("MemoryLayout.paddingLayout(" + gap + ")");
    }
    return size + gap;
  }

  private static String program(List<Struct> structs) {
    StringBuilder text =
        new StringBuilder(
            """
            /*
             * Copyright 2026 The Syncline Authors
             * SPDX-License-Identifier: Apache-2.0
             *
             * %s
             *
             * Prints size and offsets of every struct that C and Java share.
             */
            #include <stdio.h>

            """
                .formatted(BY));
    for (String header : HEADERS) {
      text.append("#include \"").append(header).append("\"\n");
    }
    text.append(
        """

        #define S(type) printf(#type " size %zu\\n", sizeof(type))
        #define M(type, member) printf(#type " " #member " %zu\\n", offsetof(type, member))

        int main(void) {
        """);
    for (Struct s : structs) {
      text.append("  S(").append(s.name).append(");\n");
      for (GenerateAbi.Declaration d : s.members) {
        text.append("  M(").append(s.name).append(", ").append(d.name()).append(");\n");
      }
    }
    return text.append("  return 0;\n}\n").toString();
  }
}
