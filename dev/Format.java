/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats the Java sources with google-java-format, or checks that they are formatted and carry the
 * licence header.
 *
 * <p>Runs on the build's JDK 25 (the formatter parses with the JDK's own compiler, and Maven may
 * itself run on 17, which does not know the language of our sources; that is why spotless cannot do
 * this).
 */
public final class Format {
  private static final String HEADER =
      "/*\n * Copyright 2026 The Syncline Authors\n * SPDX-License-Identifier: Apache-2.0\n */\n";

  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    List<Path> files;
    try (Stream<Path> tree = Files.walk(Path.of(args[1]))) {
      files =
          tree.filter(p -> p.toString().endsWith(".java"))
              .filter(p -> !p.toString().contains("/target/") && !p.toString().contains("/."))
              .sorted()
              .toList();
    }
    List<String> wrong = new ArrayList<>();
    for (Path file : files) {
      String text = Files.readString(file);
      String formatted =
          formatter.formatSource(
              RemoveUnusedImports.removeUnusedImports(
                  ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.GOOGLE)));
      if (!text.startsWith(HEADER)) {
        wrong.add(file + ": no licence header");
      }
      if (!formatted.equals(text)) {
        if (apply) {
          Files.writeString(file, formatted);
        } else {
          wrong.add(file + ": not formatted");
        }
      }
    }
    wrong.forEach(System.err::println);
    if (!wrong.isEmpty()) {
      System.err.println("To format: mvn -N -Pformat process-sources");
      System.exit(1);
    }
    System.out.println(files.size() + " Java files formatted");
  }
}
