/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.syncline.file.RegularFiles;
import org.syncline.setting.Setting;

/**
 * Keeps what was derived from files of a recording outside of it, in {@code $SYNCLINE_CACHE}, else
 * {@code $XDG_CACHE_HOME/syncline}, else {@code ~/.cache/syncline}. An entry belongs to a namespace
 * and the files it was derived from, and is found only while their absolute paths, sizes,
 * modification and change times and inodes are what they were; files changed within the last two
 * seconds are neither stored nor trusted. Each entry carries a hash over all that with a key of the
 * user's, which lies in the folder. Entries that do not have it count as missing, and so do those
 * of other users, or that others may write; nothing here ever fails: a cache that cannot be written
 * is a slow one. Safe for concurrent use by threads and processes.
 */
public final class DiskCache {
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long DAY = TimeUnit.DAYS.toMillis(1);
  private static final long KEPT_UNUSED = TimeUnit.DAYS.toMillis(30);

  /** Size in bytes beyond which the longest unused entries are deleted. */
  private static final long MOST_BYTES = 1L << 30;

  private static final int MAGIC = 0x53594e46;
  private static final int HEADER = 4 + 16 + 8 + 8;

  /** Entries from this size on are read into memory off the heap. */
  private static final int LARGE = 1 << 20;

  private static final boolean UNIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  /** Bits of a file's mode: group and all others may write. */
  private static final int OTHERS_WRITE = 0022;

  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

  /** Others may not read what was found out about a recording. */
  private static final FileAttribute<?>[] OWNERS =
      UNIX
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];

  private static final DiskCache NONE = new DiskCache(null);

  private final Path folder;

  private DiskCache(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns the user's cache; {@code SYNCLINE_CACHE=off} turns it off. The system property {@code
   * syncline.cache} goes before the variable of that meaning.
   */
  public static DiskCache system() {
    String named = Setting.CACHE.text();
    if (named != null) {
      return named.equalsIgnoreCase("off") ? NONE : in(Path.of(named));
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    if (xdg != null && xdg.startsWith("/")) {
      return in(Path.of(xdg, "syncline"));
    }
    String home = System.getProperty("user.home");
    return home == null || home.isBlank() || home.equals("?")
        ? NONE
        : in(Path.of(home, ".cache", "syncline"));
  }

  /** Returns a cache in a folder, which is created when something is stored. */
  public static DiskCache in(Path folder) {
    return new DiskCache(folder.toAbsolutePath());
  }

  /** Returns the folder of the entries, which may not exist; null where the cache is off. */
  public Path folder() {
    return folder;
  }

  /**
   * Returns a name for what is made of files, whatever becomes of them: 32 letters and digits.
   *
   * @param namespace what is made, with its parameters
   */
  public static String name(String namespace, Collection<Path> files) {
    Mix mix = new Mix();
    mix.add(namespace);
    mix.add(files);
    return mix.hex();
  }

  /**
   * Returns what was stored for a namespace and files, or null.
   *
   * @param namespace letters, digits and dashes; contains the version of the content's layout and
   *     parameters
   * @param files the files and folders it depends on, in the same order as when stored
   * @return a read-only buffer, little-endian, position 0
   */
  public ByteBuffer get(String namespace, Collection<Path> files) {
    return get(identity(namespace, files), namespace, files);
  }

  /**
   * Same as {@link #get(String, Collection)} for an identity taken before; null for a null
   * identity.
   */
  public ByteBuffer get(String identity, String namespace, Collection<Path> files) {
    if (folder == null || identity == null) {
      return null;
    }
    try {
      Path entry = entry(namespace, files);
      RegularFiles.size(entry); // opening anything else may wait for ever
      return isOurs(entry) ? read(entry, identity, namespace) : null;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      return null;
    }
  }

  /**
   * Returns whether nobody but this user can have written a file.
   *
   * @throws IOException where it is missing or cannot be asked
   */
  public static boolean isOurs(Path entry) throws IOException {
    if (!UNIX) {
      return true;
    }
    Map<String, Object> a = Files.readAttributes(entry, "unix:uid,mode");
    return a.get("uid").equals(User.ID) && ((Integer) a.get("mode") & OTHERS_WRITE) == 0;
  }

  /** The user that this process runs as; asked for where an entry is read or written. */
  private static final class User {
    static final Object ID = id();

    private User() {}

    private static Object id() {
      // the owner of what is this process, where the system shows it so
      Path self = Path.of("/proc/self");
      try {
        return Files.getAttribute(
            Files.exists(self) ? self : Path.of(System.getProperty("user.home")), "unix:uid");
      } catch (IOException | RuntimeException e) {
        return -1;
      }
    }
  }

  private ByteBuffer read(Path entry, String identity, String namespace) throws IOException {
    try (FileChannel channel = FileChannel.open(entry, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < HEADER || size > Integer.MAX_VALUE - 16) {
        return null;
      }
      ByteBuffer all =
          size < LARGE
              ? ByteBuffer.allocate((int) size)
              : Arena.ofAuto().allocate(size, Long.BYTES).asByteBuffer();
      all.order(ByteOrder.LITTLE_ENDIAN);
      while (all.hasRemaining() && channel.read(all) > 0) {
        continue;
      }
      if (all.hasRemaining()) {
        return null;
      }
      all.flip();
      byte[] key = new byte[16];
      boolean known = all.getInt() == MAGIC;
      all.get(key);
      long length = all.getLong();
      long sum = all.getLong();
      if (!known || length != all.remaining() || !HexFormat.of().formatHex(key).equals(identity)) {
        return null;
      }
      KeyedHash sealed = key();
      if (sealed == null || sum(sealed, identity, namespace, all) != sum) {
        return null;
      }
      markUsed(entry);
      return all.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /**
   * Returns 64 bits over content and what it belongs to: an entry that was changed, or put in
   * another's place, is not believed.
   */
  private static long sum(KeyedHash key, String identity, String namespace, ByteBuffer content) {
    return key.bound(identity.concat(namespace).getBytes(StandardCharsets.UTF_8)).hash(content);
  }

  /**
   * Returns the key of this user's entries; null where there is none, or one that others may have
   * written.
   */
  private KeyedHash key() throws IOException {
    Path file = keyFile();
    try {
      if (RegularFiles.size(file) != KeyedHash.KEY_BYTES || !isOurs(file)) {
        return null;
      }
    } catch (NoSuchFileException e) {
      return null;
    }
    // by a channel as the entries: another kind of stream is more classes to load
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer key = ByteBuffer.allocate(KeyedHash.KEY_BYTES);
      return channel.read(key) == KeyedHash.KEY_BYTES ? KeyedHash.of(key.array()) : null;
    }
  }

  /** Of a folder that several users share, each has an own key. */
  private Path keyFile() {
    // not by +, which takes a process that has just started some milliseconds
    return folder.resolve("key-".concat(User.ID.toString()));
  }

  /** Returns the key, drawn now where there is none. */
  private KeyedHash keyOrNew() throws IOException {
    KeyedHash known = key();
    if (known != null) {
      return known;
    }
    byte[] key = new byte[KeyedHash.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    move(keyFile(), ByteBuffer.wrap(key));
    // another process may have drawn one meanwhile
    return key();
  }

  /** Writes a file under another name, and gives it its own when it is whole. */
  private void move(Path target, ByteBuffer... parts) throws IOException {
    // not createTempFile: the random part of its name comes from java.security, at 35 ms a process
    Path fresh =
        folder.resolve(
            "new-"
                + Long.toHexString(System.currentTimeMillis())
                + "-"
                + Long.toHexString(System.nanoTime())
                + ".tmp");
    Path temporary = null;
    try {
      try (FileChannel channel = FileChannel.open(fresh, CREATE, OWNERS)) {
        temporary = fresh; // only what was made here may be discarded
        while (parts[parts.length - 1].hasRemaining() || parts[0].hasRemaining()) {
          channel.write(parts);
        }
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      temporary = null;
    } finally {
      discard(temporary);
    }
  }

  /** Gives an entry today's date: many file systems do not keep the time of a read. */
  private static void markUsed(Path entry) {
    try {
      long now = System.currentTimeMillis();
      if (now - Files.getLastModifiedTime(entry).toMillis() > DAY) {
        Files.setLastModifiedTime(entry, FileTime.fromMillis(now));
      }
    } catch (IOException | RuntimeException e) {
      // another user's cache, or a replaced entry: it only looks older than it is
    }
  }

  /** Prunes once a day; the date of an empty file says when that was. */
  private void pruneDaily() throws IOException {
    Path marker = folder.resolve("pruned");
    long now = System.currentTimeMillis();
    if (Files.exists(marker) && now - Files.getLastModifiedTime(marker).toMillis() < DAY) {
      return;
    }
    Files.write(marker, new byte[0]);
    Files.setLastModifiedTime(marker, FileTime.fromMillis(now));
    prune(folder, now, MOST_BYTES);
  }

  /**
   * Deletes the entries that nobody used for thirty days, and, beyond a size, those that nobody
   * used for longest; other files of the folder stay.
   */
  static void prune(Path folder, long now, long mostBytes) throws IOException {
    record Entry(Path file, long used, long bytes) {}
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*-*.{bin,tmp}")) {
      for (Path file : all) {
        try {
          BasicFileAttributes a =
              Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
          if (a.isRegularFile()) {
            entries.add(new Entry(file, a.lastModifiedTime().toMillis(), a.size()));
          }
        } catch (NoSuchFileException e) {
          // another process was faster
        }
      }
    }
    entries.sort(Comparator.comparingLong(Entry::used).reversed());
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.bytes();
      if (now - entry.used() > KEPT_UNUSED || bytes > mostBytes) {
        Files.deleteIfExists(entry.file());
      }
    }
  }

  /**
   * Returns an identity of files as they are now, for {@link #put}: taken before they are read, so
   * that a change while reading makes the entry unusable instead of wrong. Null where one is
   * missing or changed in the last two seconds.
   */
  public String identity(String namespace, Collection<Path> files) {
    return identity(namespace, files, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
  }

  /**
   * Returns the same, whenever the files changed: for who looks by another clock whether they stay
   * as they are.
   */
  public String identityNow(String namespace, Collection<Path> files) {
    return identity(namespace, files, Long.MAX_VALUE / 2);
  }

  private String identity(String namespace, Collection<Path> files, long now) {
    if (folder == null) {
      return null;
    }
    try {
      List<Path> all = List.copyOf(files);
      long[] attributes = new long[4 * all.size()];
      if (all.size() > 500) {
        // thousands of trial files: the system calls are shared among threads
        IntStream indices = IntStream.range(0, all.size()).parallel();
        if (!indices.allMatch(i -> read(all.get(i), now, attributes, 4 * i))) {
          return null;
        }
      } else {
        for (int i = 0; i < all.size(); i++) {
          if (!read(all.get(i), now, attributes, 4 * i)) {
            return null;
          }
        }
      }
      Mix mix = new Mix();
      mix.add(namespace);
      mix.add(all);
      for (long value : attributes) {
        mix.add(value);
      }
      return mix.hex();
    } catch (RuntimeException e) {
      return null;
    }
  }

  /**
   * Reads size, times and inode of a file; false where it is missing or changed in the last two
   * seconds.
   */
  private static boolean read(Path file, long now, long[] attributes, int at) {
    try {
      long modified;
      long changed;
      if (UNIX) {
        Map<String, Object> a = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino");
        modified = ((FileTime) a.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS);
        changed = ((FileTime) a.get("ctime")).to(TimeUnit.NANOSECONDS);
        attributes[at] = (Long) a.get("size");
        attributes[at + 3] = (Long) a.get("ino");
      } else {
        BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
        modified = a.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        changed = a.creationTime().to(TimeUnit.NANOSECONDS);
        attributes[at] = a.size();
      }
      attributes[at + 1] = modified;
      attributes[at + 2] = changed;
      return now - modified >= SETTLED_NANOS && (!UNIX || now - changed >= SETTLED_NANOS);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Stores content under an identity; does nothing for a null identity, and nothing where the files
   * have changed since.
   */
  public void put(String identity, String namespace, Collection<Path> files, ByteBuffer content) {
    if (folder == null || identity == null || !identity.equals(identity(namespace, files))) {
      return;
    }
    try {
      Files.createDirectories(folder);
      KeyedHash key = keyOrNew();
      if (key == null) {
        return;
      }
      ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
      header.putInt(MAGIC).put(HexFormat.of().parseHex(identity)).putLong(content.remaining());
      header.putLong(sum(key, identity, namespace, content)).flip();
      move(entry(namespace, files), header, content.duplicate());
      pruneDaily();
    } catch (IOException | RuntimeException e) {
      // a cache that cannot be written is a slow one, no more
    }
  }

  private static void discard(Path temporary) {
    if (temporary != null) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException | RuntimeException e) {
        // left behind: it is found by no name
      }
    }
  }

  /**
   * One file for each namespace and set of files, so that a changed recording replaces its entry.
   */
  private Path entry(String namespace, Collection<Path> files) {
    Mix mix = new Mix();
    mix.add(files);
    return folder.resolve(namespace + "-" + mix.hex() + ".bin");
  }

  /**
   * 128 bits over numbers and texts; not against adversaries, but without the cost of loading a
   * provider of digests.
   */
  private static final class Mix {
    private long a = 0x9e3779b97f4a7c15L;
    private long b = 0xc2b2ae3d27d4eb4fL;

    void add(long value) {
      a = Long.rotateLeft(a ^ value * 0xbf58476d1ce4e5b9L, 29) * 0x94d049bb133111ebL + b;
      b = Long.rotateLeft(b + value * 0xff51afd7ed558ccdL, 41) * 0xc4ceb9fe1a85ec53L ^ a;
    }

    void add(String text) {
      add((long) text.length());
      for (int i = 0; i < text.length(); i++) {
        add((long) text.charAt(i));
      }
    }

    void add(Collection<Path> files) {
      Path folder = null;
      for (Path file : files) {
        Path parent = file.getParent();
        if (folder == null || !folder.equals(parent)) {
          folder = parent;
          add(file.toAbsolutePath().toString());
        } else {
          add(file.getFileName().toString());
        }
      }
    }

    String hex() {
      add(a ^ b);
      add(a);
      return HexFormat.of().toHexDigits(a) + HexFormat.of().toHexDigits(b);
    }
  }
}
