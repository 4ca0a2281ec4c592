/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.syncline.Validator;
import org.syncline.device.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "validate",
    description = {
      "Says everything that is wrong with recordings.",
      "Exit status: 0 without errors, 1 with errors."
    })
final class ValidateCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "recordings, or folders of recordings")
  private List<Path> paths;

  @Option(
      names = {"-s", "--strict"},
      description = "warnings count as errors")
  private boolean strict;

  @Option(
      names = {"-j", "--json"},
      description = "print all of it as JSON")
  private boolean json;

  @Option(
      names = "--no-checksums",
      description =
          "do not compare the files with the recording's SHA256SUMS, for which all are hashed")
  private boolean withoutChecksums;

  @Override
  public Integer call() {
    int failed = 0;
    Map<String, Object> all = new LinkedHashMap<>();
    for (Path path : Sessions.recordings(paths)) {
      List<Problem> problems =
          withoutChecksums ? Validator.withoutChecksums(path) : Validator.validate(path);
      long errors = problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).count();
      if (json) {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("errors", errors);
        found.put("warnings", problems.size() - errors);
        found.put("problems", problems.stream().map(ValidateCommand::toMap).toList());
        all.put(path.toString(), found);
      } else {
        problems.forEach(p -> System.out.println(p));
        System.out.printf(
            "%s: %s, %s%n",
            path,
            Sessions.count(errors, "error"),
            Sessions.count(problems.size() - errors, "warning"));
      }
      if (errors > 0 || (strict && !problems.isEmpty())) {
        failed = 1;
      }
    }
    if (json) {
      Output.json(all);
    }
    return failed;
  }

  static Map<String, Object> toMap(Problem problem) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
    one.put("file", String.valueOf(problem.file()));
    one.put("key", problem.key());
    one.put("found", problem.found());
    one.put("expected", problem.expected());
    one.put("advice", problem.advice());
    return one;
  }
}
