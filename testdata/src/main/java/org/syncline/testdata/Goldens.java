/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Inputs and outputs of the original package, packed as one zip a case; goldens/README.md beside
 * them says what is what.
 */
public final class Goldens {
  private Goldens() {}

  /**
   * One unpacked case.
   *
   * @param name name of the case
   * @param folder where it lies
   * @param note what it shows
   * @param calls its calls, parsed
   */
  public record Golden(String name, Path folder, String note, List<Map<String, Object>> calls) {
    public Golden {
      calls = List.copyOf(calls);
    }

    /** Returns the recording of the case. */
    public Path experiment() {
      return folder.resolve("experiment");
    }

    /** Loads an array that a call names, for instance {@code "004.npy"}. */
    public NpyFile array(Object file) {
      return NpyFile.read(folder.resolve((String) file));
    }
  }

  /** Returns the names of all cases. */
  public static List<String> cases() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(open("index.txt"), StandardCharsets.UTF_8))) {
      return in.lines().filter(s -> !s.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Unpacks a case into a new folder of its name.
   *
   * @param parent an existing folder, a test's temporary one
   */
  public static Golden unpack(String name, Path parent) {
    try (ZipInputStream zip = new ZipInputStream(open(name + ".zip"))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = parent.resolve(entry.getName()).normalize();
        if (!file.startsWith(parent)) {
          throw new IOException("entry outside the folder: " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path folder = parent.resolve(name);
    Map<String, Object> parsed = Json.object(folder.resolve("case.json"));
    List<Map<String, Object>> calls = new ArrayList<>();
    for (Object call : Json.list(parsed.get("calls"))) {
      calls.add(Json.object(call));
    }
    return new Golden(name, folder, (String) parsed.get("note"), calls);
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = Goldens.class.getResourceAsStream("/goldens/" + name);
    if (in == null) {
      throw new IOException("no resource goldens/" + name);
    }
    return in;
  }
}
