/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.checksum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.syncline.error.RecordingException;
import org.syncline.file.Links;
import org.syncline.format.DeviceFolders;
import org.syncline.format.Fields;
import org.syncline.setting.Setting;

/**
 * A recording's files beside the list of their sums. First they are looked at, which costs some
 * microseconds a file, then hashed. For one thread.
 */
final class Comparison {
  /** As many names as a message has of files of one fate. */
  private static final int MOST_NAMES = 5;

  /** A file that was written less than that ago may be written again with the same times. */
  private static final long SETTLED_NANOS = 2_000_000_000L;

  private static final boolean UNIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private final Path root;
  private final ChecksumList list;
  private final long[] sizes;
  private final Names changed = new Names();
  private final Names missing = new Names();
  private final Names unreadable = new Names();
  private final Names extra = new Names();
  private final MessageDigest stamps = Hashing.sha256();
  private final long now = FileTime.fromMillis(System.currentTimeMillis()).to(TimeUnit.NANOSECONDS);
  private boolean settled = true;

  /** Names of files, of which the first few are kept. */
  private static final class Names {
    private final TreeSet<String> first = new TreeSet<>();
    private long count;

    synchronized void add(String name) {
      count++;
      first.add(name);
      if (first.size() > MOST_NAMES) {
        first.pollLast();
      }
    }

    /** Returns for instance {@code 7 files that are missing (a, b, c, d, e and 2 more)}. */
    String say(String one, String several) {
      long more = count - first.size();
      return (count == 1 ? "a file " + one : count + " files " + several)
          + ": "
          + String.join(", ", first)
          + (more == 0 ? "" : " and " + more + " more");
    }
  }

  /**
   * Looks at the files.
   *
   * @throws RecordingException where the list cannot be read
   */
  Comparison(Path root) {
    this.root = root;
    list = ChecksumList.read(root);
    List<ListedFile> files = list.files();
    sizes = new long[files.size()];
    stamp(Checksums.NAME, root.resolve(Checksums.NAME), null);
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = look(files.get(i));
    }
    if (list.wrongLines() == 0 && !files.isEmpty()) {
      try {
        lookForOthers();
      } catch (IOException e) {
        throw Fields.unreadable(ChecksumList.named(e, root), e);
      }
    }
  }

  private Path path(ListedFile file) {
    return root.resolve(NameBytes.path(file.nameBytes()));
  }

  /** Returns the size of a file that is to be hashed; -1 where it cannot be. */
  private long look(ListedFile file) {
    Path path = path(file);
    Links.check(root, path);
    String name = NameBytes.shown(file.nameBytes());
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isRegularFile()) {
        stamp(name, path, attributes);
        return attributes.size();
      }
      changed.add(name + " (no regular file)");
    } catch (NoSuchFileException | NotDirectoryException _) {
      missing.add(name);
    } catch (IOException e) {
      unreadable.add(name + reason(path, e));
    }
    stamp(name, null, null);
    return -1;
  }

  private static String reason(Path path, IOException e) {
    return " (" + Fields.unreadable(path, e).found() + ")";
  }

  /** Adds what shows whether a file is the same as at another time. */
  private void stamp(String name, Path path, BasicFileAttributes known) {
    if (!Setting.verifiesChecksums()) {
      return; // nobody asks
    }
    stamps.update(name.getBytes(StandardCharsets.UTF_8));
    ByteBuffer words = ByteBuffer.allocate(5 * Long.BYTES);
    try {
      if (path == null) {
        words.putLong(-1);
      } else if (UNIX) {
        Map<String, Object> a =
            Files.readAttributes(path, "unix:size,lastModifiedTime,ctime,ino,dev");
        long modified = ((FileTime) a.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS);
        long changedAt = ((FileTime) a.get("ctime")).to(TimeUnit.NANOSECONDS);
        words.putLong((Long) a.get("size")).putLong(modified).putLong(changedAt);
        words.putLong((Long) a.get("ino")).putLong((Long) a.get("dev"));
        settled &= now - modified >= SETTLED_NANOS && now - changedAt >= SETTLED_NANOS;
      } else {
        BasicFileAttributes a =
            known == null ? Files.readAttributes(path, BasicFileAttributes.class) : known;
        long modified = a.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        words.putLong(a.size()).putLong(modified);
        settled &= now - modified >= SETTLED_NANOS;
      }
    } catch (IOException e) {
      settled = false; // it has gone meanwhile, or was never there
    }
    stamps.update(words.array());
  }

  /** Looks for files of devices that the list does not have. */
  private void lookForOthers() throws IOException {
    Map<Path, Boolean> devices = new HashMap<>();
    RecordingFiles.visit(
        root,
        new RecordingFiles.Seen() {
          @Override
          public void file(Path file, BasicFileAttributes attributes) {
            Path inside = root.relativize(file);
            boolean read =
                inside.getNameCount() == 1
                    ? inside.toString().equals("meta.json")
                    : devices.computeIfAbsent(
                        root.resolve(inside.getName(0)), DeviceFolders::isDevice);
            byte[] name = NameBytes.of(inside);
            if (read && !isListed(name)) {
              extra.add(NameBytes.shown(name));
            }
          }

          @Override
          public void other(Path file, boolean isLinkToNothing) {
            // whoever reads it says so
          }

          @Override
          public boolean enters(Path folder) {
            Path inside = root.relativize(folder);
            // a folder that nobody may look at and of which the list knows nothing is no device's
            return inside.getNameCount() > 1
                || Files.isExecutable(folder) && DeviceFolders.isDevice(folder)
                || isListedIn(NameBytes.of(inside));
          }

          @Override
          public void unreadable(Path path, IOException e) throws IOException {
            if (path.equals(root)) {
              throw e;
            }
            settled = false;
            unreadable.add(NameBytes.shown(NameBytes.of(root.relativize(path))) + reason(path, e));
          }
        });
    if (Setting.verifiesChecksums()) {
      stamps.update(ByteBuffer.allocate(Long.BYTES).putLong(extra.count).array());
    }
  }

  private boolean isListed(byte[] name) {
    return Collections.binarySearch(list.files(), new ListedFile(name, new byte[32])) >= 0;
  }

  private boolean isListedIn(byte[] folder) {
    byte[] prefix = Arrays.copyOf(folder, folder.length + 1);
    prefix[folder.length] = '/';
    List<ListedFile> files = list.files();
    int at = Collections.binarySearch(files, new ListedFile(prefix, new byte[32]));
    byte[] next = at < 0 && ~at < files.size() ? files.get(~at).nameBytes() : prefix;
    return next.length > prefix.length
        && Arrays.equals(next, 0, prefix.length, prefix, 0, prefix.length);
  }

  /**
   * Returns what shows whether files and list are those of another time; null where they may be
   * young.
   */
  byte[] stamp() {
    return settled ? stamps.digest() : null;
  }

  /**
   * Hashes the files.
   *
   * @return what differs, an exception each, which nobody has thrown; empty where nothing does
   */
  List<RecordingException> hash() {
    List<ListedFile> files = list.files();
    // large ones first, so that no thread has one left in the end
    Integer[] order = new Integer[sizes.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong(i -> -sizes[i]));
    Hashing.all(
        root,
        order.length,
        i -> sizes[order[i]] < 0 ? null : path(files.get(order[i])),
        (i, sum, failure) -> {
          ListedFile file = files.get(order[i]);
          String name = NameBytes.shown(file.nameBytes());
          if (failure instanceof NoSuchFileException) {
            missing.add(name);
          } else if (failure != null) {
            unreadable.add(name + reason(path(file), failure));
          } else if (!file.hasSum(sum)) {
            changed.add(name);
          }
        });
    return differences();
  }

  private List<RecordingException> differences() {
    Path file = root.resolve(Checksums.NAME);
    List<RecordingException> all = new ArrayList<>();
    if (list.wrongLines() > 0) {
      long more = list.wrongLines() - 1;
      all.add(
          RecordingException.of(
              file,
              "line " + list.firstWrong(),
              list.wrong() + (more == 0 ? "" : ", and " + more + " more lines like that"),
              "lines of 64 hexadecimal digits, two blanks and a path inside the recording",
              Checksums.renewal(root)));
    } else if (list.files().isEmpty()) {
      all.add(
          RecordingException.of(
              file, null, "an empty list", "the sums of all files", Checksums.renewal(root)));
    }
    String meant =
        "restore what was there then; if the change is meant, " + Checksums.renewal(root);
    if (changed.count > 0) {
      all.add(
          RecordingException.of(
              file,
              null,
              changed.say(
                  "that changed since the list was made", "that changed since the list was made"),
              "files with the sums of the list",
              meant));
    }
    if (missing.count > 0) {
      all.add(
          RecordingException.of(
              file,
              null,
              missing.say("that is missing", "that are missing"),
              "all files of the list",
              meant));
    }
    if (unreadable.count > 0) {
      all.add(
          RecordingException.of(
              file,
              null,
              unreadable.say("that cannot be read", "that cannot be read"),
              "readable files",
              "change their permissions or run as their owner"));
    }
    if (extra.count > 0) {
      all.add(
          RecordingException.of(
              file,
              null,
              extra.say("that is not in the list", "that are not in the list"),
              "devices with the files of the list alone",
              "remove what came since then; if it is meant, " + Checksums.renewal(root)));
    }
    return all;
  }
}
