/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.syncline.Validator;
import org.syncline.device.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description =
        "Says everything that is wrong with a recording. Exit status: 0 without errors, 1 with errors.")
final class ValidateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PATH", arity = "1..*", description = "folders of recordings")
  private List<Path> paths;

  @Option(names = "--strict", description = "warnings count as errors")
  private boolean strict;

  @Override
  public Integer call() {
    int failed = 0;
    for (Path path : paths) {
      List<Problem> problems = Validator.validate(path);
      long errors = problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).count();
      problems.forEach(p -> System.out.println(p));
      System.out.printf(
          "%s: %s, %s%n",
          path,
          Sessions.count(errors, "error"),
          Sessions.count(problems.size() - errors, "warning"));
      if (errors > 0 || (strict && !problems.isEmpty())) {
        failed = 1;
      }
    }
    return failed;
  }
}
