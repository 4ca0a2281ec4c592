/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.checksum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.FreshJvm;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;

/** Lists of sums are what GNU sha256sum writes and checks, and hostile ones are bounded. */
@Tag("any-width")
class ChecksumListTest {
  /** Of FIPS 180-2: nothing, and "abc". */
  private static final String NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void make() throws IOException {
    root = Files.createDirectory(folder.resolve("rec"));
  }

  private void write(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private String list() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ChecksumList.of(root, left -> {}).write(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ChecksumList parse(String text) {
    return ChecksumList.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> names(ChecksumList list) {
    return list.files().stream().map(ListedFile::name).toList();
  }

  @Test
  void aListHasEachFileOnceByTheBytesOfItsName() throws IOException {
    write("responses/data.mem", "abc");
    write("responses/meta.yml", "");
    write("responses/meta/means.npy", "abc");
    write("responses-2", "");
    write("Z", "abc");
    write("ä", "abc");
    write("SHA256SUMS", "which the shell has opened already");
    write("responses/SHA256SUMS", "abc");
    write(".git/objects/ab", "what version control keeps");
    write("responses/.DS_Store", "what a file browser leaves");
    assertEquals(
        ABC
            + "  Z\n"
            + NOTHING
            + "  responses-2\n"
            + ABC
            + "  responses/SHA256SUMS\n"
            + ABC
            + "  responses/data.mem\n"
            + NOTHING
            + "  responses/meta.yml\n"
            + ABC
            + "  responses/meta/means.npy\n"
            + ABC
            + "  ä\n",
        list());
  }

  @Test
  void namesAreEscapedAsGnuDoes() throws IOException {
    write("a\nb", "abc");
    write("c\\d", "abc");
    write("e\rf", "abc");
    write("g h", "abc");
    write("*i", "abc");
    write("- j", "abc");
    String list = list();
    assertEquals(
        ABC
            + "  *i\n"
            + ABC
            + "  - j\n"
            + "\\"
            + ABC
            + "  a\\nb\n"
            + "\\"
            + ABC
            + "  c\\\\d\n"
            + "\\"
            + ABC
            + "  e\\rf\n"
            + ABC
            + "  g h\n",
        list);
    assertEquals(List.of("*i", "- j", "a\nb", "c\\d", "e\rf", "g h"), names(parse(list)));
    assertEquals(0, parse(list).wrongLines());
  }

  @Test
  void namesThatAreNoTextAreKeptByteForByte() throws IOException {
    Path odd = root.resolve(Path.of(URI.create("file:///a%FF%C3b")).getFileName());
    Files.writeString(odd, "abc");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ChecksumList.of(root, left -> {}).write(out);
    assertEquals(ABC + "  a\u00ff\u00c3b\n", out.toString(StandardCharsets.ISO_8859_1));
    Files.write(root.resolve(Checksums.NAME), out.toByteArray());
    assertEquals(List.of(), Checksums.compare(root));
    Files.writeString(odd, "abd");
    assertEquals(1, Checksums.compare(root).size());
  }

  @Test
  void sha256sumAgreesWithWhatIsWrittenAndReadsTheSame() throws Exception {
    Path program = Path.of("/usr/bin/sha256sum");
    assumeTrue(Files.isExecutable(program), "no GNU sha256sum here");
    List<String> names = List.of("plain", "with blank", "a\nb", "c\\d", "ä", "*star", "sub/x\\y");
    for (String name : names) {
      write(name, name.repeat(100_000));
    }
    Checksums.write(root);
    assertEquals(0, run(program, "-c", "--quiet", "--strict", Checksums.NAME));
    write("c\\d", "changed");
    assertEquals(1, run(program, "-c", "--quiet", Checksums.NAME));
    Path other = folder.resolve("other");
    List<String> command = new ArrayList<>(List.of("--"));
    command.addAll(names);
    assertEquals(0, run(program, other, command.toArray(String[]::new)));
    Files.move(
        other, root.resolve(Checksums.NAME), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(List.of(), Checksums.compare(root));
  }

  private int run(Path program, String... arguments) throws Exception {
    return run(program, folder.resolve("out"), arguments);
  }

  private int run(Path program, Path out, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return process.exitValue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ABC + "  a/b",
        ABC + " *a/b",
        ABC + " a/b",
        ABC + "  ./a/b",
        ABC + "  a//./b",
        ABC + "  a/b\r",
        "  " + ABC + "  a/b",
        "# made by hand\n\n" + ABC + "  a/b\n\r\n",
        ABC + "  a/b\n" + ABC + " *./a/b",
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD  a/b",
        ABC + "  a/b\n" + NOTHING + "  ./SHA256SUMS"
      })
  void whatOtherProgramsWriteIsRead(String text) {
    ChecksumList list = parse(text);
    assertEquals(0, list.wrongLines(), list.wrong());
    assertEquals(List.of("a/b"), names(list));
    assertEquals(ABC, list.files().getFirst().sum());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SHA256 (a) = ABC | a line in BSD's format, SHA256 (a) =",
        "ABC  /etc/passwd | a name that is an absolute path: /etc/passwd",
        "ABC  a/../../b | a name that leaves the folder: a/../../b",
        "ABC  .. | a name that leaves the folder: ..",
        "ABC  . | a name that is the folder's",
        "ABC  a\u0000b | a name that has a NUL: a\\u0000b",
        "\\ABC  a\\tb | a name with a backslash before another letter",
        "\\ABC  a\\ | a name with a backslash before another letter",
        "d41d8cd98f00b204e9800998ecf8427e  a | an MD5 sum",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709  a | a SHA-1 sum",
        "<html><body>Not found | <html><body>Not found",
        "ABC | ABC",
        "0ABC  a | 0ABC  a",
        "ABC  a~NOTHING  a | two sums of a",
        "ABC  | a name that is empty",
      },
      ignoreLeadingAndTrailingWhitespace = false)
  void linesThatAreNoneAreSaid(String text, String wrong) {
    String line =
        text.substring(0, text.length() - 1)
            .replace("ABC", ABC)
            .replace("NOTHING", NOTHING)
            .replace('~', '\n');
    if (text.startsWith("ABC  |") || text.equals("ABC  ")) {
      line = ABC + "  ";
    }
    ChecksumList list = parse("# first\n" + line + "\n" + ABC + "  sound\n");
    assertEquals(1, list.wrongLines(), line);
    String expected = wrong.strip().replace("ABC", ABC);
    assertTrue(
        list.wrong().startsWith(expected.substring(0, Math.min(60, expected.length()))),
        list.wrong());
    assertTrue(list.firstWrong() >= 2, () -> "line " + list.firstWrong());
    assertTrue(names(list).contains("sound"));
  }

  @Test
  void longLinesAreSkippedWithoutBeingKept() {
    String text = ABC + "  " + "x".repeat(10_000_000) + "\n" + ABC + "  a\n";
    ChecksumList list = parse(text);
    assertEquals(1, list.wrongLines());
    assertEquals(1, list.firstWrong());
    assertTrue(list.wrong().startsWith("a line of more than "), list.wrong());
    assertEquals(List.of("a"), names(list));
    String longest = "n".repeat(4096);
    assertEquals(List.of(longest), names(parse(ABC + "  " + longest)));
  }

  @Test
  void aMillionLinesTakeSeconds() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1_000_000; i++) {
      text.append(ABC).append("  screen/data/").append(1_000_000 - i).append(".npy\n");
    }
    write(Checksums.NAME, text.toString());
    assertTimeout(
        Duration.ofSeconds(180),
        () -> {
          List<RecordingException> found = Checksums.compare(root);
          assertEquals(1, found.size());
          assertEquals(
              "1000000 files that are missing: screen/data/1.npy, screen/data/10.npy,"
                  + " screen/data/100.npy, screen/data/1000.npy, screen/data/10000.npy and 999995"
                  + " more",
              found.getFirst().found());
        });
  }

  @Test
  void whatIsNoListIsSaid() throws IOException {
    Path file = root.resolve(Checksums.NAME);
    assertEquals("no such file", Checksums.compare(root).getFirst().found());
    Files.createFile(file);
    assertEquals("an empty list", Checksums.compare(root).getFirst().found());
    Files.write(file, new byte[100_000]);
    RecordingException zeros = Checksums.compare(root).getFirst();
    assertTrue(zeros.found().startsWith("a line of more than"), zeros.found());
    Files.delete(file);
    Files.createDirectory(file);
    assertEquals("a folder", Checksums.compare(root).getFirst().found());
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("nowhere"));
    assertEquals("no such file", Checksums.compare(root).getFirst().found());
  }

  @Test
  void whatIsNoRegularFileIsNeverOpened() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo here");
    write("responses/meta.yml", "");
    assertEquals(0, run(Path.of("/usr/bin/mkfifo"), "responses/fifo"));
    List<Path> left = new ArrayList<>();
    ChecksumList list = ChecksumList.of(root, left::add);
    assertEquals(List.of("responses/meta.yml"), names(list));
    assertEquals(List.of(root.resolve("responses/fifo")), left);
    write(Checksums.NAME, ABC + "  responses/fifo\n" + NOTHING + "  responses/meta.yml\n");
    assertEquals(
        "a file that changed since the list was made: responses/fifo (no regular file)",
        Checksums.compare(root).getFirst().found());
    Files.delete(root.resolve(Checksums.NAME));
    assertEquals(0, run(Path.of("/usr/bin/mkfifo"), Checksums.NAME));
    assertTrue(Checksums.compare(root).getFirst().found().contains("FIFO"));
  }

  @Test
  void linksAreFollowedAndFoldersOfSeveralNamesAreSeenOnce() throws IOException {
    write("responses/meta.yml", "");
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.writeString(outside.resolve("data"), "abc");
    Files.createSymbolicLink(root.resolve("responses/data.mem"), outside.resolve("data"));
    Files.createSymbolicLink(root.resolve("responses/round"), root);
    Files.createSymbolicLink(root.resolve("alias"), root.resolve("responses"));
    Files.createSymbolicLink(root.resolve("store"), outside);
    assertEquals(
        ABC
            + "  responses/data.mem\n"
            + NOTHING
            + "  responses/meta.yml\n"
            + ABC
            + "  store/data\n",
        list());
    System.setProperty("syncline.links", "refuse");
    try {
      RecordingException refused = assertThrows(RecordingException.class, this::list);
      assertTrue(refused.getMessage().contains("SYNCLINE_LINKS=refuse is set"));
      write(Checksums.NAME, ABC + "  store/data\n");
      assertTrue(Checksums.compare(root).getFirst().found().startsWith("a link to " + outside));
    } finally {
      System.clearProperty("syncline.links");
    }
    Files.createSymbolicLink(root.resolve("responses/gone"), Path.of("nothing"));
    RecordingException gone = assertThrows(RecordingException.class, this::list);
    assertEquals("a link to nothing, where nothing is", gone.found());
  }

  @Test
  void whatMayNotBeReadIsSaid() throws Exception {
    write("responses/meta.yml", "");
    write("responses/data.mem", "abc");
    Checksums.write(root);
    Path file = root.resolve("responses/data.mem");
    unreadable(file);
    unprivileged(file, "a file that cannot be read: responses/data.mem (no permission to read it)");
  }

  /** Which files it has nobody knows, so that there may be more than the list has. */
  @Test
  void aFolderOfADeviceThatMayNotBeReadIsSaid() throws Exception {
    write("responses/meta.yml", "");
    Checksums.write(root);
    Path data = Files.createDirectory(root.resolve("responses/data"));
    unreadable(data);
    unprivileged(data, "a file that cannot be read: responses/data (no permission to read it)");
  }

  /** As {@code lost+found} at the root of a disk. */
  @Test
  void aFolderOfNoDeviceNeedNotBeReadable() throws Exception {
    write("responses/meta.yml", "");
    write("notes/day.txt", "abc");
    Checksums.write(root);
    Path lost = Files.createDirectory(root.resolve("lost+found"));
    unreadable(lost);
    unprivileged(lost, "");
    write("responses/more.npy", "abc");
    unprivileged(lost, "a file that is not in the list: responses/more.npy");
  }

  private static void unreadable(Path file) {
    assertTrue(file.toFile().setReadable(false, false));
    assertTrue(file.toFile().setExecutable(false, false));
  }

  /** Compares, and makes a list, as a user who may not do everything. */
  private void unprivileged(Path unreadable, String found) throws Exception {
    if (!Files.isReadable(unreadable)) {
      Unprivileged.main(root.toString(), unreadable.toString(), found);
      return;
    }
    // root reads everything: a process without its capabilities does not
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv here");
    List<String> line =
        new ArrayList<>(
            List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"));
    line.addAll(
        FreshJvm.of(
                FreshJvm.asThisOne("-Xmx64m"),
                Unprivileged.class,
                root.toString(),
                unreadable.toString(),
                found)
            .command());
    FreshJvm.succeeds(new ProcessBuilder(line));
  }

  static final class Unprivileged {
    private Unprivileged() {}

    public static void main(String... args) {
      Path root = Path.of(args[0]);
      RecordingException refused =
          assertThrows(RecordingException.class, () -> ChecksumList.of(root, _ -> {}));
      assertEquals(args[1], refused.file());
      assertEquals("no permission to read it", refused.found());
      assertEquals(
          args[2].isEmpty() ? List.of() : List.of(args[2]),
          Checksums.compare(root).stream().map(RecordingException::found).toList());
    }
  }

  @Test
  void anInterruptedThreadSaysSoAndStaysInterrupted() throws IOException {
    write("a", "abc");
    write("b", "abc");
    Thread.currentThread().interrupt();
    try {
      SynclineException e = assertThrows(SynclineException.class, this::list);
      assertTrue(e.getMessage().contains("interrupted"), e.getMessage());
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(ABC + "  a\n" + ABC + "  b\n", list());
  }
}
