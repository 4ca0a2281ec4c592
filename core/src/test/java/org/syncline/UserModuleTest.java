/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module of a user's, compiled against ours. */
@Tag("any-width")
class UserModuleTest {
  @TempDir Path folder;

  @Test
  void compilesWithoutAWarning() throws Exception {
    Path module =
        Files.writeString(
            folder.resolve("module-info.java"), "module user { requires org.syncline; }");
    Path code =
        Files.writeString(
            folder.resolve("Reader.java"),
            "package user; final class Reader { org.syncline.ChunkDataset dataset; }");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    // ours first, as Maven would name it; of the rest of the class path what it requires
    String path = Path.of("target", "classes") + ":" + System.getProperty("java.class.path");
    List<String> options =
        List.of("-Werror", "-Xlint:all,-path,-options", "-d", folder.toString(), "-p", path);
    boolean fine =
        compiler
            .getTask(
                said,
                null,
                null,
                options,
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(module, code))
            .call();
    assertEquals("", said.toString());
    assertEquals(true, fine);
  }
}
