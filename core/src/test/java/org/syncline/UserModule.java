/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A module of a user's, compiled against ours. */
final class UserModule {
  /** Its name; its code is in package {@code user}. */
  static final String NAME = "your.module";

  private UserModule() {}

  /** Returns our module and the jars that it needs to run, nothing else of the class path. */
  static String path() {
    List<String> path = new ArrayList<>(List.of(Path.of("target", "classes").toString()));
    String tests =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Stream.of(tests.split(File.pathSeparator))
        .filter(
            entry ->
                entry.matches(
                    ".*(jackson-(core|databind|annotations|dataformat-yaml)|snakeyaml)-[\\d.]+jar"))
        .forEach(path::add);
    return String.join(File.pathSeparator, path);
  }

  /** Compiles a class of it into a folder, where a warning is an error. */
  static void compile(Path sources, Path classes, String name, String code) throws Exception {
    Path module =
        Files.writeString(
            sources.resolve("module-info.java"), "module " + NAME + " { requires org.syncline; }");
    Path file = Files.writeString(sources.resolve(name + ".java"), "package user;\n\n" + code);
    assertEquals(
        "",
        run(
            "javac",
            "-Werror",
            "-Xlint:all,-path,-options",
            "-d",
            classes.toString(),
            "-p",
            path(),
            module.toString(),
            file.toString()));
  }

  /** Runs a tool of the JDK, which has to succeed; returns what it says. */
  static String run(String tool, String... arguments) {
    StringWriter said = new StringWriter();
    PrintWriter to = new PrintWriter(said);
    int status = ToolProvider.findFirst(tool).orElseThrow().run(to, to, arguments);
    assertEquals(0, status, said::toString);
    return said.toString();
  }
}
