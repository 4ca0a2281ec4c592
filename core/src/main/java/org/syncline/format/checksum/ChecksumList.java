/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.checksum;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.file.Links;
import org.syncline.file.RegularFiles;
import org.syncline.format.Fields;
import org.syncline.text.Printable;

/**
 * The SHA-256 sums of a recording's files, as GNU {@code sha256sum} writes and checks them: 64
 * hexadecimal digits, two blanks and a name a line. A name with a line end or a backslash has these
 * as {@code \n}, {@code \r} and {@code \\}, and a backslash before the digits. Immutable.
 */
public final class ChecksumList {
  private static final int DIGITS = 64;

  /** The longest path of Linux with each character escaped, digits and blanks. */
  private static final int LONGEST_LINE = 2 * 4096 + DIGITS + 8;

  private static final long LARGEST = 1L << 30;

  private static final int BUFFER = 1 << 16;

  private final List<ListedFile> files;
  private final long wrongLines;
  private final long firstWrong;
  private final String wrong;

  private ChecksumList(List<ListedFile> files, long wrongLines, long firstWrong, String wrong) {
    this.files = files;
    this.wrongLines = wrongLines;
    this.firstWrong = firstWrong;
    this.wrong = wrong;
  }

  /** Returns the files by name. */
  public List<ListedFile> files() {
    return files;
  }

  /** Returns how many lines cannot be read. */
  long wrongLines() {
    return wrongLines;
  }

  /** Returns the number of the first line that cannot be read, from 1; 0 for none. */
  long firstWrong() {
    return firstWrong;
  }

  /** Returns what is wrong with that line. */
  String wrong() {
    return wrong;
  }

  /**
   * Hashes the files of a recording.
   *
   * @param left is told of what is left out, for it is no regular file
   * @throws RecordingException where one cannot be read, is a link to nothing, or changes meanwhile
   * @throws SynclineException where the thread is interrupted
   */
  public static ChecksumList of(Path root, Consumer<Path> left) {
    if (!Files.isDirectory(root)) {
      throw RecordingException.of(
          root, null, Files.exists(root) ? "a file" : "nothing", "a recording's folder", null);
    }
    List<Found> found = new ArrayList<>();
    try {
      RecordingFiles.visit(
          root,
          new RecordingFiles.Seen() {
            @Override
            public void file(Path file, BasicFileAttributes attributes) {
              found.add(new Found(file, attributes));
            }

            @Override
            public void other(Path file, boolean isLinkToNothing) throws IOException {
              if (isLinkToNothing) {
                throw RecordingException.of(
                    file,
                    null,
                    "a link to " + Files.readSymbolicLink(file) + ", where nothing is",
                    "a link to a file or folder",
                    "get the file that it leads to, or remove the link");
              }
              left.accept(file);
            }
          });
    } catch (IOException e) {
      throw Fields.unreadable(named(e, root), e);
    }
    ListedFile[] listed = hashed(root, found);
    Arrays.sort(listed);
    return new ChecksumList(List.of(listed), 0, 0, null);
  }

  private static ListedFile[] hashed(Path root, List<Found> found) {
    // large ones first, so that no thread has one left in the end
    found.sort((a, b) -> Long.compare(b.size, a.size));
    ListedFile[] listed = new ListedFile[found.size()];
    IOException[] failures = new IOException[found.size()];
    Hashing.all(
        root,
        found.size(),
        i -> found.get(i).path,
        (i, sum, failure) -> {
          failures[i] = failure;
          if (failure == null) {
            listed[i] = new ListedFile(NameBytes.of(root.relativize(found.get(i).path)), sum);
          }
        });
    for (int i = 0; i < listed.length; i++) {
      if (failures[i] != null) {
        throw Fields.unreadable(found.get(i).path, failures[i]);
      }
      found.get(i).checkUnchanged();
    }
    return listed;
  }

  /** Returns the file that an exception names, or else the one given. */
  static Path named(IOException e, Path otherwise) {
    return e instanceof FileSystemException f && f.getFile() != null
        ? Path.of(f.getFile())
        : otherwise;
  }

  /** A file before it is hashed. */
  private static final class Found {
    final Path path;
    final long size;
    final long modified;

    Found(Path path, BasicFileAttributes attributes) {
      this.path = path;
      size = attributes.size();
      modified = attributes.lastModifiedTime().toMillis();
    }

    void checkUnchanged() {
      try {
        Found now = new Found(path, Files.readAttributes(path, BasicFileAttributes.class));
        if (now.size == size && now.modified == modified) {
          return;
        }
      } catch (IOException e) {
        throw Fields.unreadable(path, e);
      }
      throw RecordingException.of(
          path,
          null,
          "a file that changed while it was hashed",
          "one that nobody writes to",
          "make the list once the recording is whole");
    }
  }

  /** Returns the list with the sums that some files have now. */
  ChecksumList with(Path root, List<Path> changed) {
    TreeMap<ListedFile, ListedFile> all = new TreeMap<>();
    files.forEach(file -> all.put(file, file));
    for (ListedFile file : hashed(root, found(changed))) {
      all.put(file, file);
    }
    return new ChecksumList(List.copyOf(all.values()), 0, 0, null);
  }

  private static List<Found> found(List<Path> files) {
    List<Found> found = new ArrayList<>();
    for (Path file : files) {
      try {
        found.add(new Found(file, Files.readAttributes(file, BasicFileAttributes.class)));
      } catch (IOException e) {
        throw Fields.unreadable(file, e);
      }
    }
    return found;
  }

  /** Writes the list as {@code sha256sum} does. */
  public void write(OutputStream out) throws IOException {
    for (ListedFile file : files) {
      ByteArrayOutputStream name = new ByteArrayOutputStream(file.nameBytes().length + 8);
      boolean escaped = false;
      for (byte b : file.nameBytes()) {
        int escape = b == '\\' ? '\\' : b == '\n' ? 'n' : b == '\r' ? 'r' : 0;
        if (escape != 0) {
          name.write('\\');
          escaped = true;
        }
        name.write(escape == 0 ? b : escape);
      }
      if (escaped) {
        out.write('\\');
      }
      out.write(file.sum().getBytes(StandardCharsets.ISO_8859_1));
      out.write(' ');
      out.write(' ');
      name.writeTo(out);
      out.write('\n');
    }
  }

  /**
   * Reads a list. Lines that cannot be read are counted, and what they are about is not in the
   * list.
   *
   * @throws RecordingException where the file is missing, no regular file or too large, or cannot
   *     be read
   */
  static ChecksumList read(Path root) {
    Path file = root.resolve(Checksums.NAME);
    Links.check(root, file);
    try {
      if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw RecordingException.of(
            file, null, "no such file", "a list of checksums", Checksums.making(root));
      }
      long size = RegularFiles.size(file);
      if (Files.isDirectory(file)) {
        throw RecordingException.of(file, null, "a folder", "a list of checksums", null);
      }
      // names and sums take about as much memory as the list itself
      long most = Math.min(LARGEST, Runtime.getRuntime().maxMemory() / 2);
      if (size > most) {
        throw RecordingException.of(
            file,
            null,
            size + " bytes",
            "a list of at most " + most,
            "a list of another kind may have this name; a longer one needs more memory (-Xmx)");
      }
      Reading reading = new Reading();
      try (InputStream in = Files.newInputStream(file)) {
        reading.read(in, most);
      }
      return reading.list();
    } catch (IOException e) {
      throw Fields.unreadable(file, e);
    }
  }

  /** Reads a list from memory. */
  static ChecksumList parse(byte[] text) {
    Reading reading = new Reading();
    for (byte b : text) {
      reading.take(b);
    }
    return reading.list();
  }

  private static final class Reading {
    private final List<ListedFile> files = new ArrayList<>();
    private byte[] line = new byte[256];
    private int length;
    private boolean tooLong;
    private long number;
    private long wrongLines;
    private long firstWrong;
    private String wrong;

    void read(InputStream in, long most) throws IOException {
      byte[] buffer = new byte[BUFFER];
      long left = most;
      for (int n = in.read(buffer); n >= 0 && left >= 0; n = in.read(buffer)) {
        left -= n;
        for (int i = 0; i < n; i++) {
          take(buffer[i]);
        }
      }
    }

    void take(byte b) {
      if (b == '\n') {
        end();
      } else if (length == LONGEST_LINE) {
        tooLong = true;
      } else {
        if (length == line.length) {
          line = Arrays.copyOf(line, Math.min(2 * length, LONGEST_LINE));
        }
        line[length++] = b;
      }
    }

    ChecksumList list() {
      if (length > 0) {
        end();
      }
      files.sort(null);
      List<ListedFile> distinct = new ArrayList<>(files.size());
      for (ListedFile file : files) {
        ListedFile last = distinct.isEmpty() ? null : distinct.getLast();
        if (last == null || last.compareTo(file) != 0) {
          distinct.add(file);
        } else if (!last.hasSumOf(file)) {
          wrong("two sums of " + NameBytes.shown(file.nameBytes()));
        }
      }
      return new ChecksumList(distinct, wrongLines, firstWrong, wrong);
    }

    private void wrong(String what) {
      if (wrongLines == 0) {
        firstWrong = number;
        wrong = what;
      }
      wrongLines++;
    }

    private void end() {
      number++;
      if (tooLong) {
        wrong("a line of more than " + LONGEST_LINE + " bytes");
      } else {
        String fault = add();
        if (fault != null) {
          wrong(fault);
        }
      }
      length = 0;
      tooLong = false;
    }

    /** Adds what the line says; returns what is wrong with it, or null. */
    private String add() {
      int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
      int at = 0;
      while (at < end && (line[at] == ' ' || line[at] == '\t')) {
        at++;
      }
      if (at == end || line[at] == '#') {
        return null;
      }
      boolean escaped = line[at] == '\\';
      if (escaped) {
        at++;
      }
      int digits = 0;
      while (at + digits < end && HexFormat.isHexDigit(line[at + digits] & 0xFF)) {
        digits++;
      }
      int name = at + digits;
      if (digits != DIGITS || name >= end || line[name] != ' ') {
        return unlike(at, end, digits, name);
      }
      name++;
      // binary or text, which are the same on Linux; some programs write one blank alone
      if (name < end && (line[name] == ' ' || line[name] == '*')) {
        name++;
      }
      byte[] sum = HexFormat.of().parseHex(latin(at, at + DIGITS));
      byte[] path = escaped ? unescaped(name, end) : Arrays.copyOfRange(line, name, end);
      if (path == null) {
        return "a name with a backslash before another letter than \\, n and r";
      }
      String fault = fault(path);
      if (fault != null) {
        return "a name that " + fault + ": " + NameBytes.shown(path);
      }
      byte[] plain = plain(path);
      if (plain.length == 0) {
        return "a name that is the folder's";
      }
      // a list that was made of all files by another program may have itself, which nothing matches
      if (!Arrays.equals(plain, Checksums.NAME.getBytes(StandardCharsets.ISO_8859_1))) {
        files.add(new ListedFile(plain, sum));
      }
      return null;
    }

    private String latin(int from, int to) {
      return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Says what a line is that is none of a list. */
    private String unlike(int at, int end, int digits, int name) {
      String text = latin(at, Math.min(end, at + 32));
      if (text.matches("(?i)(SHA|MD5|BLAKE|SM3|RMD)[-\\w/]* ?\\(.*")) {
        return "a line in BSD's format, "
            + Printable.value(latin(at, Math.min(end, at + 60)))
            + ", which sha256sum --tag and sha256 write";
      }
      boolean isSum = name < end && line[name] == ' ';
      return switch (isSum ? digits : 0) {
        case 32 -> "an MD5 sum";
        case 40 -> "a SHA-1 sum";
        case 56, 96, 128 -> "a sum of " + digits + " digits";
        default ->
            Printable.value(
                new String(line, at, Math.min(end - at, 4 * DIGITS), StandardCharsets.UTF_8));
      };
    }

    private byte[] unescaped(int from, int to) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(to - from);
      for (int i = from; i < to; i++) {
        if (line[i] != '\\') {
          bytes.write(line[i]);
          continue;
        }
        i++;
        int meant = i == to ? 0 : line[i];
        if (meant != '\\' && meant != 'n' && meant != 'r') {
          return null;
        }
        bytes.write(meant == 'n' ? '\n' : meant == 'r' ? '\r' : '\\');
      }
      return bytes.toByteArray();
    }

    private static String fault(byte[] name) {
      if (name.length == 0) {
        return "is empty";
      }
      if (name[0] == '/') {
        return "is an absolute path";
      }
      for (byte b : name) {
        if (b == 0) {
          return "has a NUL";
        }
      }
      for (String part : new String(name, StandardCharsets.ISO_8859_1).split("/", -1)) {
        if (part.equals("..")) {
          return "leaves the folder";
        }
      }
      return NameBytes.path(name) == null ? "no file can have" : null;
    }

    /** Returns a name without the parts that lead nowhere, as {@code find .} writes them. */
    private static byte[] plain(byte[] name) {
      String text = new String(name, StandardCharsets.ISO_8859_1);
      if (!("/" + text + "/").contains("/./") && !(text + "/").contains("//")) {
        return name;
      }
      StringBuilder plain = new StringBuilder();
      for (String part : text.split("/")) {
        if (!part.isEmpty() && !part.equals(".")) {
          plain.append(plain.isEmpty() ? "" : "/").append(part);
        }
      }
      return plain.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
  }
}
