/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.syncline.error.ClosedException;
import org.syncline.error.SynclineException;

/**
 * Decodes videos by ffmpeg, a process of its own, whose frames come over a pipe as PPM images: each
 * says its size. Files come from strangers, so that the program may open this file and no other,
 * reads the known containers alone, and writes no more than the metadata of the trial allow.
 *
 * <p>Frames come in the order in which they are presented, none twice and none left out. Any error
 * that the program reports counts: a frame that a decoder has made up for a damaged one is no frame
 * of the recording.
 */
final class VideoDecoder {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int BUFFER = 1 << 18;
  private static final Pattern SIZE = Pattern.compile("#dimensions 0: ([0-9]{1,9})x([0-9]{1,9})");
  private static final int KILLED = 128 + 9;
  private static final int ENDED = 128 + 15;

  /** What ffmpeg returns when it was interrupted: Ctrl-C reaches all programs of a terminal. */
  private static final int INTERRUPTED = 255;

  private static final int TRIES = 3;

  /** Option that neither repeats nor drops frames; its older name where the program has that. */
  private static volatile boolean isOld;

  private final Path program;
  private final Stimulus stimulus;
  private final BooleanSupplier cancelled;
  private final long patienceNanos;

  VideoDecoder(Path program, Stimulus stimulus, BooleanSupplier cancelled) {
    this(program, stimulus, cancelled, PATIENCE_NANOS);
  }

  VideoDecoder(Path program, Stimulus stimulus, BooleanSupplier cancelled, long patienceNanos) {
    this.program = program;
    this.stimulus = stimulus;
    this.cancelled = cancelled;
    this.patienceNanos = patienceNanos;
  }

  /** Opens a sink for another try from the beginning. */
  interface Sinks {
    FrameSink open() throws IOException;
  }

  /**
   * Decodes the file into a sink, which then holds all frames.
   *
   * @throws org.syncline.error.RecordingException where the file is damaged or does not have the
   *     frames that its trial has
   * @throws DecodingException where the program cannot be run
   * @throws ClosedException where the frames are no longer wanted
   */
  FrameSink decode(Sinks sinks) throws IOException {
    for (int tries = 1; ; tries++) {
      FrameSink sink = sinks.open();
      if (attempt(sink, tries == TRIES)) {
        return sink;
      }
    }
  }

  List<String> command(boolean old) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("-nostdin", "-hide_banner", "-loglevel", "error", "-xerror"));
    command.addAll(inputOptions());
    command.addAll(List.of("-err_detect", "explode", "-noautorotate"));
    // a coded frame is larger than its picture by some lines; what is far larger is no such video
    long pixels = (long) stimulus.height() * stimulus.width();
    command.addAll(List.of("-max_pixels", Long.toString(16 * pixels + (1 << 20))));
    command.addAll(List.of("-i", input()));
    command.addAll(List.of("-map", "0:V:0"));
    command.addAll(old ? List.of("-vsync", "0") : List.of("-fps_mode", "passthrough"));
    command.addAll(List.of("-noautoscale", "-pix_fmt", "rgb24", "-c:v", "ppm"));
    command.addAll(List.of("-f", "image2pipe", "pipe:1"));
    return command;
  }

  /** Playlists and scripts name other files: containers that do are not opened. */
  static List<String> inputOptions() {
    return List.of("-protocol_whitelist", "file,pipe", "-format_whitelist", "mov,matroska,avi");
  }

  String input() {
    return "file:" + stimulus.file().toAbsolutePath();
  }

  private static Process start(Path program, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    // it would write a log into the current folder
    builder.environment().remove("FFREPORT");
    builder.environment().remove("AV_LOG_FORCE_COLOR");
    try {
      return builder.start();
    } catch (IOException e) {
      throw new DecodingException(
          program
              + " could not be started ("
              + e.getMessage()
              + "); set SYNCLINE_FFMPEG to an ffmpeg of version 4.4 or newer that runs on this machine",
          e);
    }
  }

  /** Returns false where another try is to be made. */
  private boolean attempt(FrameSink sink, boolean last) throws IOException {
    boolean old = isOld;
    Process process = start(program, command(old));
    Watch watch = new Watch(process, cancelled, patienceNanos);
    Messages messages = new Messages(process.getErrorStream());
    RuntimeException fault = null;
    try (InputStream in = new BufferedInputStream(process.getInputStream(), BUFFER)) {
      watch.start();
      messages.start();
      try {
        frames(in, sink, watch);
      } catch (Malformed e) {
        fault =
            stimulus.fault(
                "output of " + program + " that is no PPM image (" + e.getMessage() + ")",
                "frames",
                "set SYNCLINE_FFMPEG to another ffmpeg",
                e);
      } catch (SynclineException e) {
        fault = e;
      }
      if (fault != null) {
        // nothing that follows changes that
        Watch.end(process);
      }
      int status = join(process, messages, watch);
      return fault == null ? judge(sink, status, messages.text(), watch, old, last) : fail(fault);
    } finally {
      watch.over();
      Watch.end(process);
    }
  }

  private boolean fail(RuntimeException fault) {
    check();
    throw fault;
  }

  /** Checks whether the frames are wanted still. */
  private void check() {
    if (cancelled.getAsBoolean()) {
      throw new ClosedException("what decodes " + stimulus.file());
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new SynclineException(
          stimulus.file() + ": the thread was interrupted while it decoded this file", null);
    }
  }

  private int join(Process process, Messages messages, Watch watch) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          int status = process.waitFor();
          messages.join(TimeUnit.SECONDS.toMillis(5));
          return status;
        } catch (InterruptedException e) {
          interrupted = true;
          Watch.end(process);
          watch.progressed();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean judge(
      FrameSink sink, int status, String said, Watch watch, boolean old, boolean last) {
    check();
    if (watch.stalled()) {
      throw stimulus.fault(
          "no frame for " + TimeUnit.NANOSECONDS.toSeconds(patienceNanos) + " s",
          "frames",
          "the file may be damaged; try " + program + " -i on it",
          null);
    }
    if (said.contains("nrecognized option 'fps_mode'") && !old) {
      isOld = true;
      return false;
    }
    if (status == INTERRUPTED && said.isEmpty() && !last) {
      return false;
    }
    String quoted = said.isEmpty() ? "exit status " + status : said;
    if (status == KILLED || status == ENDED || status == INTERRUPTED && said.isEmpty()) {
      throw new DecodingException(
          program
              + " was ended from outside while it decoded "
              + stimulus.file()
              + " ("
              + quoted
              + "); was there too little memory?",
          null);
    }
    String text = said.toLowerCase(Locale.ROOT);
    if (text.contains("nrecognized option")
        || text.contains("option not found")
        || text.contains("decoder not found")
        || text.contains("unknown encoder")
        || text.contains("no decoder")
        || text.contains("error while loading shared libraries")) {
      throw new DecodingException(
          program
              + " cannot decode "
              + stimulus.file()
              + " ("
              + quoted
              + "); set SYNCLINE_FFMPEG to an ffmpeg of version 4.4 or newer that knows its codec",
          null);
    }
    if (status != 0 || !said.isEmpty()) {
      throw stimulus.fault(
          quoted + " (after " + sink.frames() + " frames)",
          stimulus.frames() + " frames that ffmpeg decodes without an error",
          "the file is damaged or truncated, or no video of a known container",
          null);
    }
    stimulus.checkCount(sink.frames(), false);
    return true;
  }

  /**
   * Returns whether the file has as many frames of the size as there must be, as far as its
   * container says: nothing is decoded. What is doubtful is false.
   */
  boolean looksWhole() throws IOException {
    VideoListing found = listing();
    return found.height() == stimulus.height()
        && found.width() == stimulus.width()
        && found.frames() == stimulus.frames()
        && found.messages().isEmpty();
  }

  /** Returns what the container says of its frames, of which one more than wanted are counted. */
  VideoListing listing() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("-nostdin", "-hide_banner", "-loglevel", "error"));
    command.addAll(inputOptions());
    command.addAll(List.of("-i", input(), "-map", "0:V:0", "-c", "copy"));
    command.addAll(List.of("-f", "framecrc", "pipe:1"));
    Process process = start(program, command);
    Watch watch = new Watch(process, cancelled, patienceNanos);
    Messages messages = new Messages(process.getErrorStream());
    long frames = 0;
    int height = 0;
    int width = 0;
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      watch.start();
      messages.start();
      for (String line; (line = in.readLine()) != null && frames <= stimulus.frames(); ) {
        watch.progressed();
        Matcher size = SIZE.matcher(line);
        if (size.matches()) {
          width = Integer.parseInt(size.group(1));
          height = Integer.parseInt(size.group(2));
        }
        frames += line.startsWith("#") ? 0 : 1;
      }
      if (frames > stimulus.frames()) {
        return new VideoListing(height, width, frames, "");
      }
      int status = join(process, messages, watch);
      check();
      String said = messages.text();
      return new VideoListing(
          height, width, frames, status != 0 && said.isEmpty() ? "exit status " + status : said);
    } finally {
      watch.over();
      Watch.end(process);
    }
  }

  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message);
    }
  }

  private void frames(InputStream in, FrameSink sink, Watch watch) throws IOException {
    byte[] rgb = null;
    for (int first; (first = in.read()) >= 0; ) {
      if (first != 'P' || in.read() != '6') {
        throw new Malformed("no P6");
      }
      long width = number(in);
      long height = number(in);
      if (number(in) != 255) {
        throw new Malformed("no 8 bits");
      }
      // before anything of that size is allocated
      stimulus.checkSize(height, width);
      if (sink.frames() == stimulus.frames()) {
        stimulus.checkCount(sink.frames() + 1L, true);
      }
      if (rgb == null) {
        rgb = new byte[Math.toIntExact(3 * width * height)];
      }
      if (in.readNBytes(rgb, 0, rgb.length) < rgb.length) {
        // the status and messages say why; the count says that it is missing
        return;
      }
      sink.write(rgb);
      watch.progressed();
    }
  }

  /** Reads a number and the one byte of white space behind it. */
  private static long number(InputStream in) throws IOException {
    int c = in.read();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      c = in.read();
    }
    long value = 0;
    int digits = 0;
    while (c >= '0' && c <= '9' && digits < 10) {
      value = 10 * value + c - '0';
      digits++;
      c = in.read();
    }
    if (digits == 0 || c != ' ' && c != '\n' && c != '\r' && c != '\t') {
      throw new Malformed("no header");
    }
    return value;
  }
}
