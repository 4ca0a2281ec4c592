/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.syncline.error.SynclineException;
import org.syncline.text.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code syncline}: exit status 0 for success, 1 for problems found in the input, 2 for
 * wrong usage.
 */
@Command(
    name = "syncline",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    version = "syncline 0.1.1-SNAPSHOT",
    description = "Loads synchronised, temporally chunked, multi-modal recordings.",
    subcommands = {
      DemoCommand.class,
      InfoCommand.class,
      SampleCommand.class,
      PlotCommand.class,
      ValidateCommand.class,
      ChecksumsCommand.class,
      StatsCommand.class,
      ImportCommand.class,
      MakeCommand.class,
      DecodeCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Callable<Integer> {
  /** Used by picocli. */
  public Main() {}

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(System.out);
    return 0;
  }

  /** Runs the command. */
  public static void main(String[] args) {
    HeldStderr.putBack();
    System.setOut(Output.plain(System.out));
    int status = run(args);
    // a stream of the JDK swallows what went wrong: a full disk must not look like success
    if (System.out.checkError() && status == 0) {
      System.err.println("syncline: not all output could be written");
      status = 1;
    }
    System.exit(status);
  }

  static int run(String... args) {
    // a decimal comma would change what scripts read
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    try {
      return execute(args);
    } catch (OutOfMemoryError e) {
      System.err.println(
          "syncline: out of memory ("
              + e.getMessage()
              + "); choose smaller chunks or batches, or give more: SYNCLINE_JAVA_OPTIONS=-Xmx2g");
      return 1;
    }
  }

  /** Returns the command with its subcommands. */
  static CommandLine commandLine() {
    return new CommandLine(new Main()).setUsageHelpWidth(100);
  }

  private static int execute(String... args) {
    return commandLine()
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(
            result -> {
              result.asCommandLineList().forEach(Main::refuseTwice);
              return new CommandLine.RunLast().execute(result);
            })
        .setParameterExceptionHandler(Main::refuse)
        .setExecutionExceptionHandler(
            (failure, line, result) -> {
              if (isEnding()) {
                // Ctrl-C: files vanish under whoever still writes them
                return 130;
              }
              // what a user can mend is a message; anything else is ours and keeps its trace
              if (failure instanceof SynclineException
                  || failure instanceof IOException
                  || failure instanceof UncheckedIOException) {
                Exception told = failure instanceof UncheckedIOException u ? u.getCause() : failure;
                // the message of these is a file's name alone
                String kind =
                    switch (told) {
                      case NoSuchFileException _ ->
                          ": found no such file, expected one; check the path";
                      case AccessDeniedException _ -> ": found no right to read or write it";
                      case FileSystemException f when f.getReason() == null ->
                          " (" + f.getClass().getSimpleName() + ")";
                      default -> "";
                    };
                line.getErr().println("syncline: " + Printable.message(told.getMessage()) + kind);
                return 1;
              }
              throw failure;
            })
        .execute(asked(args));
  }

  /**
   * Returns {@code import nwb --help} for {@code help import nwb}: picocli's help knows one name.
   */
  private static String[] asked(String... args) {
    if (args.length < 3 || !args[0].equals("help")) {
      return args;
    }
    String[] command = Arrays.copyOfRange(args, 1, args.length + 1);
    command[args.length - 1] = "--help";
    return command;
  }

  /** What picocli says in Java's words, and how people say it. */
  private static final String[][] WORDS = {
    {"is not an int", "is no whole number"},
    {"is not a long", "is no whole number"},
    {"is not a double", "is no number"},
    {"Value for option option ", "Value of "},
    {"should be in KEY=VALUE format but was", "has no =:"},
  };

  /** Says what is wrong, and where help is: all of it here would hide the one line that counts. */
  private static int refuse(ParameterException wrong, String... args) {
    CommandLine line = wrong.getCommandLine();
    PrintWriter err = line.getErr();
    String message = Printable.message(wrong.getMessage());
    for (String[] word : WORDS) {
      message = message.replace(word[0], word[1]);
    }
    err.println("syncline: " + message);
    UnmatchedArgumentException.printSuggestions(wrong, err);
    CommandLine.Help help = line.getHelp();
    err.print("Usage: " + help.synopsis("Usage: ".length()));
    String name = line.getCommandSpec().qualifiedName().replaceFirst("^syncline ?", "");
    err.println(("syncline help " + name).strip() + " has all options");
    return line.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** Refuses two values for one name, of which the last alone would count. */
  private static void refuseTwice(CommandLine line) {
    for (OptionSpec option : line.getParseResult().matchedOptions()) {
      boolean named = Map.class.isAssignableFrom(option.type());
      Set<String> names = new HashSet<>();
      for (String text : named ? option.originalStringValues() : List.<String>of()) {
        String name = text.substring(0, Math.max(0, text.indexOf('=')));
        if (!names.add(name)) {
          throw new ParameterException(
              line, option.longestName() + " " + name + ": found twice, expected one value");
        }
      }
    }
  }

  private static boolean isEnding() {
    Thread none = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(none);
      Runtime.getRuntime().removeShutdownHook(none);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
