/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.syncline.format.checksum.ChecksumList;
import org.syncline.format.checksum.Checksums;
import org.syncline.format.checksum.ListedFile;
import org.syncline.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "checksums",
    description = {
      "Prints the SHA-256 sum of each file of a recording, as sha256sum does. With > RECORDING/"
          + Checksums.NAME
          + " behind it they lie in the recording, where validate and sha256sum -c compare them.",
      "Exit status: 0; 1 where a file cannot be read."
    })
final class ChecksumsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RECORDING", description = "folder of the recording")
  private Path recording;

  @Option(
      names = {"-j", "--json"},
      description = "print them as JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    List<Path> left = new ArrayList<>();
    ChecksumList list = ChecksumList.of(recording, left::add);
    for (Path file : left) {
      System.err.println(
          "syncline: "
              + Printable.value(file.toString())
              + ": found a FIFO, a socket or a device, expected a regular file; it is left out");
    }
    if (json) {
      List<Object> files = new ArrayList<>();
      for (ListedFile file : list.files()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", file.name());
        one.put("sha256", file.sum());
        files.add(one);
      }
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("recording", recording.toString());
      all.put("files", files);
      Output.json(all);
    } else {
      // names are bytes, which a terminal's character set may not have
      OutputStream lines = new BufferedOutputStream(System.out);
      list.write(lines);
      lines.flush();
    }
    return 0;
  }
}
