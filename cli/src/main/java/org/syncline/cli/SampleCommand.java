/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.syncline.Chunk;
import org.syncline.ChunkDataset;
import org.syncline.array.Tensor;
import org.syncline.array.TensorSpec;
import org.syncline.error.RecordingException;
import org.syncline.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "sample",
    description = {
      "Writes one chunk of a recording as .npz: an array for each entry, by the names that "
          + "info shows.",
      "Exit status: 0; 1 where it cannot be read or written, or there is no chunk."
    })
final class SampleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "folder of the recording")
  private Path path;

  @Mixin private ConfigChoice config;

  @Mixin private ChunkChoice choice;

  @Option(
      names = {"-o", "--to"},
      paramLabel = "FILE",
      defaultValue = "sample.npz",
      description = "where it goes; what is there is replaced (default: ${DEFAULT-VALUE})")
  private Path to;

  @Option(
      names = {"-j", "--json"},
      description = "print what was written as JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    OutputFile file = OutputFile.of(spec, "--to", to, ".npz");
    try (ChunkDataset dataset = ChunkDataset.open(path, config.of(path))) {
      if (dataset.length() == 0) {
        throw RecordingException.of(
            path, "chunks", "none: " + dataset.explain().summary(), "one at least", null);
      }
      int index = choice.of(dataset, spec, 0);
      double start = dataset.startTimes()[index];
      try (Chunk chunk = dataset.item(index)) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        for (TensorSpec entry : dataset.layout()) {
          arrays.put(
              Sessions.name(entry),
              (entry.timestamps() ? chunk.timestamps() : chunk.values()).get(entry.key()));
        }
        NpzFile.write(file, arrays);
      }
      Map<String, List<String>> categories = dataset.categories(dataset.layout());
      if (json) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("file", to.toString());
        all.put("data_key", dataset.dataKey());
        all.put("index", index);
        all.put("start_time", start);
        all.put("entries", Sessions.entryMaps(dataset.layout()));
        all.put("categories", categories);
        Output.json(all);
      } else {
        file.beside()
            .printf("chunk %d of %d, from %.3f s, in %s:%n", index, dataset.length(), start, to);
        file.beside().print(Sessions.entries(dataset.layout(), 0));
        categories.forEach(
            (entry, texts) ->
                file.beside()
                    .println(
                        Printable.value(entry)
                            + " counts from 0: "
                            + texts.stream()
                                .map(SampleCommand::shown)
                                .collect(Collectors.joining(", "))));
      }
    }
    return 0;
  }

  /** Returns a text as one of a list, in quotation marks where its end could not be told. */
  private static String shown(String text) {
    boolean plain = !text.isBlank() && text.equals(text.strip()) && text.indexOf(',') < 0;
    return plain ? Printable.value(text) : "'" + Printable.value(text) + "'";
  }
}
