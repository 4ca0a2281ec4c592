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
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes of {@code syncline.h}, the one list of the C functions, statuses and structs, what else
 * names them: the numbers of the functions that Java answers ({@code exports.h}), the class that
 * Java answers them with ({@code Export}), the statuses ({@code Status}), and constants, structs
 * and signatures for Python's ctypes ({@code abi.py}).
 *
 * <p>A function declared with {@code SYNCLINE_JAVA} is answered by Java: {@code
 * syncline_dataset_length} by {@code Datasets.length(words)}, those of no class below by {@code
 * Library}. The method returns what the function's last parameter says: a text, a handle or a
 * number, else nothing (tensors are put into a view), and a status where the function has a
 * timeout.
 */
final class GenerateAbi {
  private static final String SOURCE = "native-bridge/src/main/c/syncline.h";
  private static final String BY =
      "Generated from " + SOURCE + " by dev/GenerateAbi.java. Do not edit.";

  /** The function that C calls on its own: owners whose last tensor was deleted go back to Java. */
  private static final String RETURNED = "returned";

  /** The class of the functions that begin with a word. */
  private static final Map<String, String> CLASSES =
      Map.of(
          "interpolator", "Interpolators",
          "experiment", "Experiments",
          "dataset", "Datasets",
          "transforms", "Transforms",
          "loader", "Loaders",
          "writer", "Writers");

  /** What ctypes calls a type of C. */
  private static final Map<String, String> SCALARS =
      Map.ofEntries(
          Map.entry("int32_t", "c_int32"),
          Map.entry("int64_t", "c_int64"),
          Map.entry("uint8_t", "c_uint8"),
          Map.entry("uint16_t", "c_uint16"),
          Map.entry("uint32_t", "c_uint32"),
          Map.entry("uint64_t", "c_uint64"),
          Map.entry("double", "c_double"),
          Map.entry("syncline_status", "c_int32"),
          Map.entry("syncline_handle", "c_uint64"),
          Map.entry("DLDeviceType", "c_int32"));

  /** A parameter or a member: {@code const char *name[size]}. */
  record Declaration(
      boolean constant, String type, int stars, String name, String size, boolean function) {
    private static final Pattern FUNCTION = Pattern.compile(".*?\\(\\*(\\w*)\\)\\s*\\(.*");
    private static final Pattern PLAIN =
        Pattern.compile("(const )?(?:struct )?(\\w+) ?(\\**) ?(\\w+)(?:\\[(\\w+)])?");

    static Declaration parse(String text) {
      String line = text.strip().replaceAll("\\s+", " ");
      Matcher function = FUNCTION.matcher(line);
      if (function.matches()) {
        return new Declaration(false, "", 0, function.group(1), null, true);
      }
      Matcher m = PLAIN.matcher(line);
      if (!m.matches()) {
        throw new IllegalArgumentException(
            SOURCE + ": found '" + line + "', expected a type and a name");
      }
      return new Declaration(
          m.group(1) != null, m.group(2), m.group(3).length(), m.group(4), m.group(5), false);
    }

    /** Returns the type of a struct's member for ctypes. */
    String member() {
      if (function || stars > 0 && !type.equals("int64_t")) {
        return array("c_void_p");
      }
      return stars > 0 ? "POINTER(c_int64)" : array(SCALARS.getOrDefault(type, python(type)));
    }

    private String array(String element) {
      return size == null ? element : element + " * " + size.replace("SYNCLINE_", "");
    }

    /** Returns the type of a parameter for ctypes; addresses of data are given as numbers. */
    String parameter() {
      if (type.equals("syncline_memory_hook")) {
        return "MemoryHook";
      }
      if (type.equals("char") && stars == 1) {
        return "c_char_p";
      }
      if (stars == 2) {
        return "POINTER(c_void_p)";
      }
      if (function || constant || size != null || type.startsWith("DL") || type.equals("void")) {
        return "c_void_p";
      }
      String value = SCALARS.getOrDefault(type, python(type));
      return stars == 1 ? "POINTER(" + value + ")" : value;
    }
  }

  /** A function: its name without the prefix. */
  private record Function(boolean java, String result, String name, List<Declaration> parameters) {
    /** Returns the type of its result for ctypes. */
    String python() {
      return switch (result) {
        case "void" -> "None";
        case "const char *" -> "c_char_p";
        default -> result.endsWith("*") ? "c_void_p" : SCALARS.get(result);
      };
    }

    /** Returns the statement that answers it. */
    String answer() {
      int end = name.indexOf('_');
      String type = CLASSES.get(end < 0 ? name : name.substring(0, end));
      String method = camel(type == null ? name : name.substring(end + 1));
      String call = (type == null ? "Library" : type) + "." + method + "(words)";
      if (parameters.stream().anyMatch(p -> p.name.equals("timeout_ms"))) {
        return "{ return " + call + "; }";
      }
      Declaration last = parameters.isEmpty() ? null : parameters.getLast();
      if (last != null && last.type.equals("char") && last.stars == 2) {
        return "Memory.setText(words, " + call + ");";
      }
      if (last != null
          && last.stars == 1
          && !last.constant
          && (last.type.equals("syncline_handle") || last.type.equals("int64_t"))) {
        return "Memory.setWord(words, 0, " + call + ");";
      }
      return call + ";";
    }
  }

  /** A struct: its members, and its name. */
  static final Pattern STRUCT =
      Pattern.compile("typedef struct\\s*\\w*\\s*\\{(.*?)\\}\\s*(\\w+);", Pattern.DOTALL);

  private GenerateAbi() {}

  static Map<Path, String> files(Path root) throws Exception {
    // comments explain to people
    String written = Files.readString(root.resolve(SOURCE));
    String header = code(written);
    List<Function> functions = functions(header);
    List<String> exports =
        new ArrayList<>(functions.stream().filter(Function::java).map(Function::name).toList());
    exports.add(RETURNED);
    Map<Path, String> files = new LinkedHashMap<>();
    files.put(Path.of("native-bridge/src/main/c/exports.h"), exportsHeader(exports));
    files.put(
        Path.of("native-bridge/src/main/java/org/syncline/bridge/Export.java"),
        exportClass(header, functions.stream().filter(Function::java).toList(), exports));
    files.put(
        Path.of("native-bridge/src/main/java/org/syncline/bridge/Status.java"), statuses(written));
    files.put(
        Path.of("native-bridge/src/main/python/syncline/_native/abi.py"),
        python(header, functions));
    return files;
  }

  /** Returns a file without its comments. */
  static String code(String text) {
    return Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL).matcher(text).replaceAll("");
  }

  private static List<Function> functions(String header) {
    Pattern declaration =
        Pattern.compile(
            "^SYNCLINE_(API|JAVA)\\s+((?:const )?\\w+ ?\\**)\\s*syncline_(\\w+)\\(((?:[^()]|\\([^()]*\\))*)\\);",
            Pattern.MULTILINE);
    List<Function> functions = new ArrayList<>();
    for (MatchResult m : declaration.matcher(header).results().toList()) {
      List<Declaration> parameters = new ArrayList<>();
      if (!m.group(4).strip().equals("void")) {
        for (String parameter : m.group(4).split(",(?![^()]*\\))")) {
          parameters.add(Declaration.parse(parameter));
        }
      }
      functions.add(
          new Function(m.group(1).equals("JAVA"), m.group(2).strip(), m.group(3), parameters));
    }
    long marked =
        Pattern.compile("^SYNCLINE_(API|JAVA) ", Pattern.MULTILINE)
            .matcher(header)
            .results()
            .count();
    if (functions.size() != marked) {
      throw new IllegalArgumentException(
          SOURCE + ": understood " + functions.size() + " of " + marked + " declarations");
    }
    return functions;
  }

  private static String exportsHeader(List<String> names) {
    StringBuilder text =
        new StringBuilder(
            """
            /*
             * Copyright 2026 The Syncline Authors
             * SPDX-License-Identifier: Apache-2.0
             *
             * %s
             *
             * The functions that Java answers, in the order of its table; Java refuses to start when its names differ.
             */
            #ifndef SYNCLINE_EXPORTS_H_
            #define SYNCLINE_EXPORTS_H_

            enum syncline_export {
            """
                .formatted(BY));
    names.forEach(n -> text.append("  EXPORT_").append(n).append(",\n"));
    text.append("  EXPORT_COUNT\n};\n\n#define SYNCLINE_EXPORT_NAMES");
    names.forEach(n -> text.append(" \\\n  \"").append(n).append(",\""));
    return text.append("\n\n#endif\n").toString();
  }

  private static String exportClass(String header, List<Function> functions, List<String> names)
      throws Exception {
    StringBuilder constants = new StringBuilder();
    names.forEach(n -> constants.append(constants.isEmpty() ? "" : ", ").append(upper(n)));
    StringBuilder cases = new StringBuilder();
    for (Function f : functions) {
      cases.append("case ").append(upper(f.name)).append(" -> ").append(f.answer()).append('\n');
    }
    cases.append("case RETURNED -> Library.returned(words);\n");
    String text =
        """
        /*
         * Copyright 2026 The Syncline Authors
         * SPDX-License-Identifier: Apache-2.0
         */
        // %s
        package org.syncline.bridge;

        /**
         * The functions that C calls, in the order of its table. All have one shape: an error buffer, an array of words
         * with the arguments, in which the results come back, and a status. No exception leaves {@link #call}.
         */
        enum Export {
          %s;

          /** {@code SYNCLINE_ABI_VERSION}. */
          static final int ABI_VERSION = %s;

          /** Most axes of a tensor: {@code SYNCLINE_MAX_DIMS}. */
          static final int MAX_DIMS = %s;

          /** A flag of experiments: {@code SYNCLINE_CACHE}. */
          static final int CACHE = %s;

          private static final Export[] ALL = values();

          /**
           * Runs a function.
           *
           * @param function place in this enumeration
           * @param error address of the calling thread's {@code syncline_error}
           * @param words address of the arguments
           * @return a status of syncline.h
           */
          static int call(int function, long error, long words) {
            // by a part of the program's own in a call before: nothing outside Java clears it
            Thread.interrupted();
            try {
              int status = run(ALL[function], words);
              Errors.warnings(error, Warnings.count());
              return status;
            } catch (Throwable t) {
              int status = Errors.report(error, t);
              Errors.warnings(error, Warnings.count());
              return status;
            }
          }

          private static int run(Export function, long words) throws Exception {
            switch (function) {
              %s
            }
            return Status.OK;
          }
        }
        """
            .formatted(
                BY,
                constants,
                constant(header, "ABI_VERSION"),
                constant(header, "MAX_DIMS"),
                constant(header, "CACHE"),
                cases);
    return new Formatter().formatSource(text);
  }

  private static String statuses(String written) throws Exception {
    StringBuilder constants = new StringBuilder();
    Matcher list =
        Pattern.compile("typedef int32_t syncline_status;\\s*enum \\{(.*?)\\n};", Pattern.DOTALL)
            .matcher(written);
    if (!list.find()) {
      throw new IllegalArgumentException(SOURCE + ": no enum of statuses");
    }
    Pattern line = Pattern.compile("^  SYNCLINE_(?:E_)?(\\w+) = (-?\\d+),?(?: +/\\* (.*) \\*/)?$");
    for (String each : list.group(1).lines().filter(l -> !l.isBlank()).toList()) {
      Matcher m = line.matcher(each);
      if (!m.matches()) {
        throw new IllegalArgumentException(SOURCE + ": found '" + each + "', expected a status");
      }
      if (m.group(3) != null) {
        String sentence =
            m.group(3).substring(0, 1).toUpperCase(Locale.ROOT) + m.group(3).substring(1);
        constants.append("/** ").append(sentence).append(". */\n");
      }
      constants.append("static final int %s = %s;\n\n".formatted(m.group(1), m.group(2)));
    }
    return new Formatter()
        .formatSource(
            """
            /*
             * Copyright 2026 The Syncline Authors
             * SPDX-License-Identifier: Apache-2.0
             */
            // %s
            package org.syncline.bridge;

            /** What a function returns: the statuses of syncline.h. */
            final class Status {
              %s

              private Status() {}
            }
            """
                .formatted(BY, constants));
  }

  private static String constant(String header, String name) {
    Matcher m = Pattern.compile("#define SYNCLINE_" + name + " (\\d+)").matcher(header);
    if (!m.find()) {
      throw new IllegalArgumentException(SOURCE + ": no SYNCLINE_" + name);
    }
    return m.group(1);
  }

  private static String python(String header, List<Function> functions) {
    StringBuilder text = new StringBuilder();
    text.append("# Copyright 2026 The Syncline Authors\n# SPDX-License-Identifier: Apache-2.0\n# ");
    text.append(BY)
        .append("\n\"\"\"Constants, structs and functions of ``syncline.h`` for ctypes.\"\"\"\n\n");
    text.append("from __future__ import annotations\n\nimport ctypes\n");
    text.append(
        "from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_uint8, c_uint16, ");
    text.append("c_uint32, c_uint64, c_void_p\nfrom typing import Any\n\n");
    Pattern constant = Pattern.compile("(?:#define )?SYNCLINE_(\\w+) (?:= )?(-?\\d+)(?=[,\\s])");
    for (MatchResult m : constant.matcher(header).results().toList()) {
      text.append(m.group(1)).append(" = ").append(m.group(2)).append('\n');
    }
    typeCodes(header)
        .forEach((name, code) -> text.append(name).append(" = ").append(code).append('\n'));
    for (MatchResult m : STRUCT.matcher(header).results().toList()) {
      text.append("\n\nclass ")
          .append(python(m.group(2)))
          .append("(ctypes.Structure):\n    \"\"\"``");
      text.append(m.group(2)).append("``.\"\"\"\n\n    _fields_ = [\n");
      for (String member : m.group(1).split(";")) {
        if (!member.isBlank()) {
          Declaration d = Declaration.parse(member);
          text.append("        (\"%s\", %s),\n".formatted(d.name, d.member()));
        }
      }
      text.append("    ]\n");
    }
    Matcher hook =
        Pattern.compile("typedef void \\(\\*syncline_memory_hook\\)\\(([^)]*)\\);").matcher(header);
    if (!hook.find()) {
      throw new IllegalArgumentException(SOURCE + ": no syncline_memory_hook");
    }
    text.append("\n\nMemoryHook = ctypes.CFUNCTYPE(None");
    for (String parameter : hook.group(1).split(",")) {
      text.append(", ").append(Declaration.parse(parameter).parameter());
    }
    text.append(
        ")\n\n#: Function without its prefix → type of its result, types of its arguments.\n");
    text.append("FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {\n");
    for (Function f : functions) {
      List<String> types = f.parameters.stream().map(Declaration::parameter).toList();
      text.append(
          "    \"%s\": (%s, [%s]),\n".formatted(f.name, f.python(), String.join(", ", types)));
    }
    return text.append("}\n").toString();
  }

  /** Returns DLPack's kinds of numbers, {@code DL_INT} for {@code kDLInt}, with their codes. */
  static Map<String, String> typeCodes(String header) {
    Matcher list = Pattern.compile("typedef enum \\{([^}]*)} DLDataTypeCode;").matcher(header);
    if (!list.find()) {
      throw new IllegalArgumentException(SOURCE + ": no DLDataTypeCode");
    }
    Map<String, String> codes = new LinkedHashMap<>();
    for (String each : list.group(1).split(",")) {
      Matcher m = Pattern.compile("\\s*kDL(\\w+) = (\\d+)U\\s*").matcher(each);
      if (!m.matches()) {
        throw new IllegalArgumentException(SOURCE + ": found '" + each + "' in DLDataTypeCode");
      }
      codes.put("DL_" + upper(m.group(1)), m.group(2));
    }
    return codes;
  }

  /** Returns the name of a struct's class in Python: {@code syncline_batch_info}, BatchInfo. */
  private static String python(String type) {
    if (!type.startsWith("syncline_")) {
      return type;
    }
    String name = camel(type.substring("syncline_".length()));
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  private static String camel(String name) {
    return Pattern.compile("_(\\w)").matcher(name).replaceAll(m -> upper(m.group(1)));
  }
}
