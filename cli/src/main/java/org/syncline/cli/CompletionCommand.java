/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
    name = "completion",
    description =
        "Prints a script that completes commands, options and paths in bash and zsh: source <(syncline completion)")
final class CompletionCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.out.println(AutoComplete.bash("syncline", Main.commandLine()));
    return 0;
  }
}
