/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.syncline.decode.EncodedScreen.HEIGHT;
import static org.syncline.decode.EncodedScreen.WIDTH;
import static org.syncline.decode.EncodedScreen.colour;
import static org.syncline.decode.EncodedScreen.grey;
import static org.syncline.decode.EncodedScreen.ppm;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.ChunkDataset;
import org.syncline.FreshJvm;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.config.InterpolationConfig;
import org.syncline.device.MetaFile;
import org.syncline.device.Problems;
import org.syncline.device.Sampler;
import org.syncline.device.screen.ScreenDecoding;
import org.syncline.device.screen.ScreenInterpolator;
import org.syncline.device.screen.ScreenModality;
import org.syncline.device.support.LogCapture;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.loader.ChunkLoader;

/**
 * Screens whose trials lie in encoded files. Videos are "decoded" by a shell script, so that every
 * way in which a program can fail is at hand; what real codecs give is tested from Python.
 */
@Tag("any-width")
class EncodedStimuliTest {
  @TempDir static Path shared;
  private static Path program;
  private static Path videos;
  private static Path images;
  private static Path faults;
  private static Path slow;
  private static Path replaced;
  private static Path mixed;
  private static Path coloured;
  private static Path unused;
  private static Path late;
  private static Path turned;
  private static Path many;
  private static Path foreign;

  @TempDir Path temp;
  private String cacheBefore;

  @BeforeAll
  static void write() throws Exception {
    program = EncodedScreen.program(shared);
    videos =
        new EncodedScreen(shared.resolve("videos/screen"))
            .video(5)
            .trial("blank", 1, null, ", \"interleave_value\": 7")
            .file("encoded_video", 9, ".MKV", ppm(2, 9, HEIGHT, WIDTH))
            .write();
    EncodedScreen trials = new EncodedScreen(shared.resolve("many/screen"));
    for (int k = 0; k < 8; k++) {
      trials.video(4);
    }
    many = trials.video(5).write();
    writeImages();
    writeFaults();
    slow =
        new EncodedScreen(shared.resolve("slow/screen"))
            .script(3, "sleep 60 & echo $$ $! > $0.pid; wait")
            .write();
    replaced = new EncodedScreen(shared.resolve("replaced/screen")).video(3).write();
    mixed = new EncodedScreen(shared.resolve("mixed/screen")).video(4).write();
    Files.write(mixed.resolve("data/00000.npy"), new byte[100]);
    EncodedScreen colours = new EncodedScreen(shared.resolve("coloured/screen"));
    Files.write(colours.folder.resolve("data/00000.mp4"), ppm(0, 2, HEIGHT, WIDTH));
    coloured = colours.trial("video", 2, "[6, 8, 3]", "").write();
    unused = new EncodedScreen(shared.resolve("unused/screen")).video(3).write();
    Files.write(shared.resolve("late.ppm"), ppm(0, 3, HEIGHT, WIDTH));
    // the first that decodes it never ends
    late =
        new EncodedScreen(shared.resolve("late/screen"))
            .script(
                3,
                "if mkdir '"
                    + shared
                    + "/late.begun' 2>/dev/null; then sleep 60; fi; cat '"
                    + shared
                    + "/late.ppm'")
            .write();
    writeTurned();
    foreign = writeForeign();
    // files that are younger than two seconds are waited for, once for all of them
    Thread.sleep(2100);
  }

  private static void writeImages() throws IOException {
    EncodedScreen screen = new EncodedScreen(shared.resolve("images/screen"));
    for (String extension :
        new String[] {".png", ".bmp", ".tif", ".tiff", ".gif", ".jpg", ".jpeg"}) {
      BufferedImage image =
          extension.equals(".gif")
              ? new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_INDEXED, greys())
              : new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < HEIGHT * WIDTH; i++) {
        if (extension.equals(".gif")) {
          image.getRaster().setSample(i % WIDTH, i / WIDTH, 0, grey(screen.trials(), 0, i));
        } else {
          int red = colour(screen.trials(), 0, i, 0);
          int green = colour(screen.trials(), 0, i, 1);
          image.setRGB(
              i % WIDTH, i / WIDTH, red << 16 | green << 8 | colour(screen.trials(), 0, i, 2));
        }
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      String format = extension.startsWith(".tif") ? "tiff" : extension.substring(1);
      assertTrue(ImageIO.write(image, format, bytes), extension);
      screen.file("image", 1, extension, bytes.toByteArray());
    }
    images = screen.write();
  }

  /** Images of one colour, 200 50 50, which PIL wrote as CMYK and Lab. */
  private static Path writeForeign() throws IOException {
    String jpeg =
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBE"
            + "V0U3OFBtUVdfYmdoZz5NcXlwZHhcZWdj/8AAFAgABgAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAA"
            + "AAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNC"
            + "scEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6"
            + "g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq"
            + "8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwDpK5iuYr0Cv//Z";
    String tiff =
        "SUkqADYAAACADdms0AQKCQaCwOEweFQiHQ2IQyJQuKQ+JxaKxGMxeNRiPR2QRyRRuSR+CQEACgAAAQMAAQAA"
            + "AAgAAAABAQMAAQAAAAYAAAACAQMABAAAALQAAAADAQMAAQAAAAUAAAAGAQMAAQAAAAUAAAARAQQAAQAAAAgA"
            + "AAAVAQMAAQAAAAQAAAAWAQMAAQAAAAYAAAAXAQQAAQAAAC0AAAAcAQMAAQAAAAEAAAAAAAAACAAIAAgACAA=";
    String lab =
        "SUkqACoAAACAHYdiaBQSBwWEQeFQaGQmGwuHRGIROHxWJRaKReNRmKQECgAAAQMAAQAAAAgAAAABAQMAAQAA"
            + "AAYAAAACAQMAAwAAAKgAAAADAQMAAQAAAAUAAAAGAQMAAQAAAAgAAAARAQQAAQAAAAgAAAAVAQMAAQAAAAMA"
            + "AAAWAQMAAQAAAAYAAAAXAQQAAQAAACIAAAAcAQMAAQAAAAEAAAAAAAAACAAIAAgA";
    Base64.Decoder decoder = Base64.getDecoder();
    return new EncodedScreen(shared.resolve("foreign/screen"))
        .file("image", 1, ".jpg", decoder.decode(jpeg))
        .file("image", 1, ".tif", decoder.decode(tiff))
        .file("image", 1, ".tif", decoder.decode(lab))
        .write();
  }

  /** An image that a camera held in each of eight ways: what is to be seen is the same in all. */
  private static void writeTurned() throws IOException {
    EncodedScreen screen = new EncodedScreen(shared.resolve("turned/screen"));
    for (int tag = 1; tag <= 8; tag++) {
      boolean across = tag >= 5;
      BufferedImage image =
          new BufferedImage(
              across ? HEIGHT : WIDTH, across ? WIDTH : HEIGHT, BufferedImage.TYPE_INT_RGB);
      for (int row = 0; row < image.getHeight(); row++) {
        for (int column = 0; column < image.getWidth(); column++) {
          // EXIF says at which side of what is seen the first row and the first column lie
          int x =
              switch (tag) {
                case 1, 4 -> column;
                case 2, 3 -> WIDTH - 1 - column;
                case 5, 8 -> row;
                default -> WIDTH - 1 - row;
              };
          int y =
              switch (tag) {
                case 1, 2 -> row;
                case 3, 4 -> HEIGHT - 1 - row;
                case 5, 6 -> column;
                default -> HEIGHT - 1 - column;
              };
          int i = y * WIDTH + x;
          int red = colour(screen.trials(), 0, i, 0);
          int green = colour(screen.trials(), 0, i, 1);
          image.setRGB(column, row, red << 16 | green << 8 | colour(screen.trials(), 0, i, 2));
        }
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, "png", bytes);
      screen.file("image", 1, ".png", withExif(bytes.toByteArray(), tag));
    }
    turned = screen.write();
  }

  /** Returns a TIFF of one field, as EXIF is one. */
  private static byte[] exif(int tag) {
    return ByteBuffer.allocate(26)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {'I', 'I', 42, 0})
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x112)
        .putShort((short) 3)
        .putInt(1)
        .putInt(tag)
        .putInt(0)
        .array();
  }

  /** Returns a grey TIFF of one pixel. */
  private static byte[] tiff(int tag) {
    int[][] fields = {
      {256, 1},
      {257, 1},
      {258, 8},
      {259, 1},
      {262, 1},
      {273, 134},
      {274, tag},
      {277, 1},
      {278, 1},
      {279, 1}
    };
    ByteBuffer all = ByteBuffer.allocate(135).order(ByteOrder.LITTLE_ENDIAN);
    all.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) fields.length);
    for (int[] field : fields) {
      all.putShort((short) field[0]).putShort((short) 3).putInt(1).putInt(field[1]);
    }
    return all.array();
  }

  /** Puts a chunk behind the header of a PNG, or a segment behind the beginning of a JPEG. */
  private static byte[] withExif(byte[] image, int tag) {
    byte[] exif = exif(tag);
    ByteBuffer all = ByteBuffer.allocate(image.length + exif.length + 12);
    if (image[0] == (byte) 0xff) {
      byte[] name = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
      // behind the JFIF segment, which must be the first
      int first = 4 + (image[4] << 8 | image[5] & 255);
      all.put(image, 0, first).putShort((short) 0xffe1).putShort((short) (8 + exif.length));
      all.put(name).put(exif).put(image, first, image.length - first);
      return Arrays.copyOf(all.array(), all.position());
    }
    all.put(image, 0, 33).putInt(exif.length);
    int from = all.position();
    all.put("eXIf".getBytes(StandardCharsets.US_ASCII)).put(exif);
    CRC32 sum = new CRC32();
    sum.update(all.array(), from, 4 + exif.length);
    return all.putInt((int) sum.getValue()).put(image, 33, image.length - 33).array();
  }

  @Test
  void imagesAreTurnedAsOpenCvTurnsThem() throws Exception {
    try (ScreenInterpolator screen = open(turned)) {
      int[][] all = read(screen, 0, 1, 2, 3, 4, 5, 6, 7);
      for (int k = 0; k < all.length; k++) {
        check(all[k], k, 0, 0);
      }
    }
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int tag = 1; tag <= 8; tag++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, "jpg", bytes);
      Path jpeg = temp.resolve(tag + ".jpg");
      Files.write(jpeg, withExif(bytes.toByteArray(), tag));
      assertEquals(tag, Orientation.of(jpeg, "JPEG").tag());
      Path tiff = temp.resolve(tag + ".tif");
      Files.write(tiff, tiff(tag));
      assertEquals(tag, Orientation.of(tiff, "tif").tag());
    }
    byte[] damaged = withExif(Files.readAllBytes(temp.resolve("1.jpg")), 77);
    Files.write(temp.resolve("1.jpg"), damaged);
    assertEquals(1, Orientation.of(temp.resolve("1.jpg"), "JPEG").tag());
  }

  /** Reads a frame of a screen, in a process of its own. */
  public static final class Reads {
    private Reads() {}

    /** Runs with the folder of the screen. */
    public static void main(String[] arguments) {
      try (ScreenInterpolator screen = open(Path.of(arguments[0]))) {
        check(read(screen, 0)[0], 0, 0, 0);
      }
    }

    static ProcessBuilder process(Path screen) {
      List<String> options =
          FreshJvm.asThisOne(
              "-Xmx64m",
              "-Dsyncline.cache=" + System.getProperty("syncline.cache"),
              "-Dsyncline.ffmpeg=" + System.getProperty("syncline.ffmpeg"));
      return FreshJvm.of(options, Reads.class, screen.toString());
    }
  }

  @Test
  void processesWaitForTheOneThatDecodesAndGoOnWhereItDies() throws Exception {
    Process first = Reads.process(late).redirectErrorStream(true).start();
    try (ScreenInterpolator screen = open(late);
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      while (!Files.exists(shared.resolve("late.begun"))) {
        assertTrue(first.isAlive(), () -> text(first));
        Thread.sleep(10);
      }
      Future<int[]> second = thread.submit(() -> read(screen, 1)[0]);
      Thread.sleep(400);
      assertFalse(second.isDone());
      assertEquals(1, runCount());
      first.descendants().forEach(ProcessHandle::destroyForcibly);
      first.destroyForcibly();
      check(second.get(60, TimeUnit.SECONDS), 0, 1, 0);
      assertEquals(2, runCount());
    } finally {
      first.destroyForcibly();
    }
    FreshJvm.succeeds(Reads.process(late));
    assertEquals(2, runCount());
  }

  private static String text(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static IndexColorModel greys() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    return new IndexColorModel(8, all.length, all, all, all);
  }

  private static final String[][] FAULTS = {
    {"found 3 frames, expected 4 frames", ""},
    {"found more than 4 frames", ""},
    {"found frames of 8 x 6, expected 6 x 8, as image_size says", ""},
    {"broken slice (after 0 frames)", "echo broken slice >&2"},
    {"exit status 3 (after 0 frames)", "exit 3"},
    {"found no such file", null},
    {"no PPM image", "echo hello"},
    {"found 0 frames", "exit 0"},
    {"image that Java", null},
    {"found no image_size", null}
  };

  private static void writeFaults() throws IOException {
    EncodedScreen screen = new EncodedScreen(shared.resolve("faults/screen"));
    screen.file("video", 4, ".mp4", ppm(0, 3, HEIGHT, WIDTH));
    screen.file("video", 4, ".mov", ppm(1, 5, HEIGHT, WIDTH));
    screen.file("video", 4, ".avi", ppm(2, 4, WIDTH, HEIGHT));
    for (int k = 3; k < 5; k++) {
      screen.script(4, FAULTS[k][1]);
    }
    screen.trial("video", 4, "[6, 8]", "");
    for (int k = 6; k < 8; k++) {
      screen.script(4, FAULTS[k][1]);
    }
    screen.file("image", 1, ".png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0});
    screen.file("video", 4, ".webm", ppm(9, 4, HEIGHT, WIDTH));
    faults = screen.write();
    Path meta = faults.resolve("combined_meta.json");
    String text = Files.readString(meta);
    int at = text.lastIndexOf(", \"image_size\"");
    Files.writeString(meta, text.substring(0, at) + "}}");
  }

  @BeforeEach
  void useOwnCache() throws IOException {
    cacheBefore = System.setProperty("syncline.cache", temp.resolve("cache").toString());
    System.setProperty("syncline.ffmpeg", program.toString());
    Files.deleteIfExists(runs());
    Files.deleteIfExists(pids());
  }

  /** Where the program that never ends leaves its number and that of a process of its own. */
  private static Path pids() {
    return Path.of(program + ".pid");
  }

  private static void begun() throws Exception {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(pids()) || !Files.readString(pids()).endsWith("\n")) {
      assertTrue(System.nanoTime() < limit, "nothing is decoded");
      Thread.sleep(10);
    }
  }

  private static void assertEnded() throws IOException {
    for (String pid : Files.readString(pids()).strip().split(" ")) {
      // killed is not yet gone: the system takes its time
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      while (ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false)) {
        assertTrue(System.nanoTime() < limit, "process " + pid + " goes on");
      }
    }
  }

  @AfterEach
  void useOthers() {
    System.clearProperty("syncline.ffmpeg");
    System.clearProperty("syncline.decoded");
    if (cacheBefore == null) {
      System.clearProperty("syncline.cache");
    } else {
      System.setProperty("syncline.cache", cacheBefore);
    }
  }

  private static Path runs() {
    return program.resolveSibling("ffmpeg.runs");
  }

  private static int runCount() throws IOException {
    return Files.exists(runs()) ? Files.readAllLines(runs()).size() : 0;
  }

  private static ScreenInterpolator open(Path folder) {
    return ScreenInterpolator.open(folder, null, false);
  }

  /** Returns frames by their number; pixels as whole numbers. */
  private static int[][] read(ScreenInterpolator screen, int... frames) {
    double[] times = IntStream.of(frames).mapToDouble(f -> 100 + f / 10.0).toArray();
    Tensor values = screen.interpolate(times).values();
    int pixels = (int) (values.elements() / frames.length);
    int[][] read = new int[frames.length][pixels];
    for (int i = 0; i < frames.length * pixels; i++) {
      read[i / pixels][i % pixels] = (int) values.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    return read;
  }

  private static void check(int[] pixels, int trial, int frame, int tolerance) {
    for (int i = 0; i < pixels.length; i++) {
      int want = grey(trial, frame, i);
      assertTrue(
          Math.abs(want - pixels[i]) <= tolerance,
          trial + ":" + frame + ":" + i + " is " + pixels[i] + ", expected " + want);
    }
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(suffix)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            // renamed or deleted meanwhile, by what decodes
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(null);
    return found;
  }

  @Test
  void everyTimeShowsItsFrameAndFilesAreDecodedOnce() throws IOException {
    for (int opening = 0; opening < 2; opening++) {
      try (ScreenInterpolator screen = open(videos)) {
        for (int frame : new int[] {14, 3, 8, 0, 5, 6, 4, 13, 9, 1, 7, 2, 10, 12, 11}) {
          int[] pixels = read(screen, frame)[0];
          if (frame == 5) {
            assertEquals(7, pixels[0]);
          } else {
            check(pixels, frame < 5 ? 0 : 2, frame < 5 ? frame : frame - 6, 0);
          }
        }
      }
    }
    assertEquals(2, runCount(), "each of the two videos once");
    String command = Files.readString(runs());
    assertTrue(command.contains("-protocol_whitelist file,pipe"), command);
    assertTrue(command.contains("-format_whitelist mov,matroska,avi"), command);
    assertEquals(List.of(), files(videos, ".tmp"));
    assertEquals(List.of(), files(temp, ".tmp"));
  }

  @Test
  void imagesOfEveryExtension() {
    try (ScreenInterpolator screen = open(images)) {
      int[][] all = read(screen, 0, 1, 2, 3, 4, 5, 6);
      for (int k = 0; k < all.length; k++) {
        if (k < 5) {
          check(all[k], k, 0, 0);
        } else {
          // JPEG blurs colours of neighbours; its grey stays near
          check(all[k], k, 0, 60);
        }
      }
    }
  }

  @Test
  void coloursStayWhereTheScreenHasThem() {
    try (ScreenInterpolator colours = open(coloured)) {
      int[] frame = read(colours, 1)[0];
      for (int i = 0; i < frame.length; i++) {
        assertEquals(colour(0, 1, i / 3, i % 3), frame[i]);
      }
    }
  }

  @Test
  void coloursThatAreNoRedGreenAndBlueAreRefused() throws IOException {
    Problems found = new Problems();
    new ScreenModality().read(MetaFile.read(foreign)).check(found);
    assertEquals(3, found.list().size(), found.list().toString());
    try (ScreenInterpolator screen = open(foreign)) {
      for (int k = 0; k < 3; k++) {
        int frame = k;
        RecordingException e = assertThrows(RecordingException.class, () -> read(screen, frame));
        String expected =
            "trial %05d: found colours of %s, expected grey, or red, green and blue; convert it"
                .formatted(k, k < 2 ? "CMYK" : "Lab");
        assertTrue(e.getMessage().contains(expected), e.getMessage());
        assertTrue(found.list().get(k).toString().contains(expected), found.list().toString());
      }
    }
  }

  @Test
  void sizesMayDifferFromTheScreensWhereFramesAreResized() {
    InterpolationConfig doubled =
        InterpolationConfig.builder()
            .rescale(true)
            .rescaleSize(new int[] {2 * HEIGHT, 2 * WIDTH})
            .build();
    try (ScreenInterpolator screen = ScreenInterpolator.open(videos, doubled, true)) {
      int[] pixels = read(screen, 3)[0];
      assertEquals(grey(0, 3, WIDTH + 1), pixels[2 * 2 * WIDTH + 2]);
    }
  }

  @Test
  void whatIsWrongWithAFileIsSaidAndItsNeighboursAreRead() throws IOException {
    Problems found = new Problems();
    try (ScreenInterpolator screen = open(faults)) {
      for (int k = 0; k < screen.trialIndex().size(); k++) {
        int frame = screen.trialIndex().firstFrame(k);
        RecordingException e =
            assertThrows(RecordingException.class, () -> read(screen, frame), FAULTS[k][0]);
        assertTrue(e.getMessage().contains(FAULTS[k][0]), k + ": " + e.getMessage());
        assertTrue(e.getMessage().contains("%05d".formatted(k)), e.getMessage());
      }
      int before = runCount();
      assertThrows(RecordingException.class, () -> read(screen, 0));
      assertEquals(before, runCount(), "a damaged file is not decoded again");
    }
    new ScreenModality().read(MetaFile.read(faults)).check(found);
    long errors = found.list().stream().filter(p -> p.toString().startsWith("error")).count();
    assertEquals(FAULTS.length, errors, found.list().toString());
    assertEquals(List.of(), files(temp, ".tmp"));
  }

  @Test
  void threadsThatNeedOneFileDecodeItOnce() throws Exception {
    try (ScreenInterpolator screen = open(videos);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<int[]>> reads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int frame = i % 5;
        reads.add(() -> read(screen, frame)[0]);
      }
      int frame = 0;
      for (Future<int[]> read : threads.invokeAll(reads)) {
        check(read.get(), 0, frame++ % 5, 0);
      }
    }
    assertEquals(1, runCount());
  }

  @Test
  void laterTrialsAreDecodedAheadOfNeed() throws Exception {
    try (ScreenInterpolator screen = open(videos);
        Sampler.Cursor cursor = screen.sampler().cursor(1)) {
      for (int time = 0; time < 2; time++) {
        assertTrue(cursor.willNeed(new double[] {101}, 1) > 0);
      }
      while (files(temp, ".npy").isEmpty()) {
        Thread.sleep(10);
      }
      long waits = FrameStore.waits();
      check(read(screen, 10)[0], 2, 4, 0);
      assertEquals(waits, FrameStore.waits());
      read(screen, 0);
      assertEquals(waits + 1, FrameStore.waits());
    }
    assertEquals(2, runCount());
  }

  @Test
  void recordingsAreDecodedBeforeTheyAreRead() throws IOException {
    try (ScreenDecoding decoding = ScreenDecoding.of(videos.getParent()).getFirst()) {
      assertEquals("{.mkv=1, .mp4=1}", decoding.extensions().toString());
      assertEquals(14L * HEIGHT * WIDTH, decoding.bytes());
      assertEquals(0, decoding.decoded());
      List<Integer> steps = new ArrayList<>();
      assertEquals(List.of(), decoding.run(1, steps::add));
      assertEquals(List.of(1, 2), steps);
      assertEquals(2, decoding.decoded());
      assertEquals(List.of(), decoding.run(2, steps::add));
      assertEquals(2, runCount());
    }
    try (ScreenDecoding decoding = ScreenDecoding.of(faults.getParent()).getFirst()) {
      // all but the missing file, of which nobody knows that it was encoded
      assertEquals(FAULTS.length - 1, decoding.run(2, done -> {}).size());
    }
    System.setProperty("syncline.ffmpeg", temp.resolve("nothing").toString());
    System.setProperty("syncline.cache", temp.resolve("other").toString());
    try (ScreenDecoding decoding = ScreenDecoding.of(videos.getParent()).getFirst()) {
      assertThrows(DecodingException.class, () -> decoding.run(2, done -> {}));
    }
  }

  @Test
  void closingEndsWhatIsBeingDecoded() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      ScreenInterpolator screen = open(slow);
      Future<?> first = threads.submit(() -> read(screen, 0));
      Future<?> second = threads.submit(() -> read(screen, 1));
      begun();
      long begin = System.nanoTime();
      screen.close();
      assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5));
      for (Future<?> read : List.of(first, second)) {
        Exception e = assertThrows(Exception.class, read::get);
        assertInstanceOf(ClosedException.class, e.getCause());
      }
      assertEnded();
    }
    assertEquals(List.of(), files(temp, ".tmp"));
    assertEquals(List.of(), files(temp, ".npy"));
  }

  @Test
  void loadersDecodeTheFilesOfLaterBatches() throws Exception {
    DatasetConfig config =
        DatasetConfig.parse(
            "{safe_interval_threshold: 0, modality_config: {screen: {sampling_rate: 10, chunk_size: 4,"
                + " sample_stride: 4}}}",
            "test");
    try (ChunkDataset dataset = ChunkDataset.open(many.getParent(), config);
        ChunkLoader loader =
            ChunkLoader.builder().dataset(dataset).batchSize(1).threads(1).prefetch(1).build()) {
      for (int k = 0; k < 4; k++) {
        loader.next().close();
      }
      // one or two more are read, and nobody takes them: the others were decoded ahead
      long begin = System.nanoTime();
      while (files(temp, ".npy").size() < 8) {
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(20));
        Thread.sleep(10);
      }
    }
  }

  @Test
  void closingALoaderEndsWhatItsThreadsDecode() throws Exception {
    DatasetConfig config =
        DatasetConfig.parse(
            "{safe_interval_threshold: 0, modality_config: {screen: {sampling_rate: 10, chunk_size: 1}}}",
            "test");
    try (ChunkDataset dataset = ChunkDataset.open(slow.getParent(), config)) {
      long begin;
      try (ChunkLoader loader =
          ChunkLoader.builder().dataset(dataset).batchSize(1).threads(2).build()) {
        assertTrue(loader.batchesPerEpoch() > 0);
        begun();
        begin = System.nanoTime();
      }
      assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5));
    }
    assertEnded();
    assertEquals(List.of(), files(temp, ".tmp"));
  }

  @Test
  void programsThatGiveNothingAreEnded() throws IOException {
    Path file = slow.resolve("data/00000.mp4");
    Stimulus stimulus = new Stimulus(file, "00000", true, 3, HEIGHT, WIDTH, 0);
    VideoDecoder decoder =
        new VideoDecoder(program, stimulus, () -> false, TimeUnit.MILLISECONDS.toNanos(200));
    try (FileChannel out =
        FileChannel.open(
            temp.resolve("out"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      RecordingException e =
          assertThrows(
              RecordingException.class, () -> decoder.decode(() -> new FrameSink(out, stimulus)));
      assertTrue(e.getMessage().contains("no frame for 0 s"), e.getMessage());
    }
    assertEnded();
    assertEquals(List.of(), files(temp, ".tmp"));
  }

  @Test
  void interruptedThreadsSayThatTheFileMayBeHealthy() {
    try (ScreenInterpolator screen = open(slow)) {
      Thread.currentThread().interrupt();
      SynclineException e = assertThrows(SynclineException.class, () -> read(screen, 0));
      assertTrue(Thread.interrupted());
      assertFalse(e instanceof RecordingException, e.getMessage());
      assertTrue(e.getMessage().contains("interrupted"), e.getMessage());
    }
  }

  @Test
  void changedFilesAndDamagedEntriesAreDecodedAnew() throws Exception {
    Path file = replaced.resolve("data/00000.mp4");
    readReplaced(0);
    Path entry = files(temp, ".npy").getFirst();
    byte[] sound = Files.readAllBytes(entry);
    for (int at : new int[] {3, sound.length - 200, sound.length - 60, sound.length - 1}) {
      byte[] damaged = sound.clone();
      damaged[at] ^= 1;
      Files.write(entry, damaged);
      readReplaced(0);
    }
    Files.write(
        entry, ByteBuffer.wrap(sound, 0, sound.length - 10).array(), StandardOpenOption.APPEND);
    readReplaced(0);
    assertEquals(6, runCount());
    Files.write(file, ppm(1, 3, HEIGHT, WIDTH));
    // waits until the file is at rest
    readReplaced(1);
    assertEquals(1, files(temp, ".npy").size(), "an entry replaces the one before it");
  }

  private static void readReplaced(int trial) {
    try (ScreenInterpolator screen = open(replaced)) {
      check(read(screen, 2)[0], trial, 2, 0);
    }
  }

  @Test
  void pointersInThePlaceOfEncodedFilesAreNamed() throws IOException {
    Path pointed = temp.resolve("pointed/screen");
    EncodedScreen screen = new EncodedScreen(pointed);
    // what ffmpeg says of one
    byte[] pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
            .getBytes(StandardCharsets.US_ASCII);
    Files.write(screen.folder.resolve("data/00000.mp4"), pointer);
    screen.trial("video", 2, "[6, 8]", "");
    Files.write(screen.folder.resolve("data/00001.png"), pointer);
    screen.trial("image", 1, "[6, 8]", "").write();
    for (int k : new int[] {0, 2}) {
      try (ScreenInterpolator opened = open(pointed)) {
        RecordingException e = assertThrows(RecordingException.class, () -> read(opened, k));
        assertTrue(e.getMessage().contains("git lfs pull"), e.getMessage());
      }
    }
    Problems found = new Problems();
    new ScreenModality().read(MetaFile.read(pointed)).check(found);
    assertEquals(
        2,
        found.list().stream().filter(p -> p.toString().contains("git lfs pull")).count(),
        found.list().toString());
  }

  @Test
  void leftoversOfKilledProcessesAreDeleted() throws IOException {
    Path folder = new FrameStore(videos.resolve("data")).folder();
    Files.createDirectories(folder);
    Path leftover = Files.write(folder.resolve("1-2-3.tmp"), new byte[10]);
    try (ScreenInterpolator screen = open(videos)) {
      check(read(screen, 0)[0], 0, 0, 0);
    }
    assertFalse(Files.exists(leftover));
  }

  @Test
  void recordingsThatNobodyUsesMakeRoomAndThoseInUseStay() throws IOException {
    long entry = FrameSink.bytes(new Stimulus(temp, "", true, 9, HEIGHT, WIDTH, 0));
    try (ScreenInterpolator screen = open(unused)) {
      check(read(screen, 2)[0], 0, 2, 0);
    }
    Path old = files(temp, ".npy").getFirst();
    Files.setLastModifiedTime(
        old.resolveSibling("in-use"), FileTime.from(Instant.now().minus(2, ChronoUnit.DAYS)));
    try (ScreenInterpolator screen = open(videos)) {
      check(read(screen, 0)[0], 0, 0, 0);
      List<Path> two = files(temp, ".npy");
      assertEquals(2, two.size());
      // both are too much for one more: the recording that nobody uses goes
      System.setProperty("syncline.decoded", Long.toString(2 * entry));
      check(read(screen, 6)[0], 2, 0, 0);
      assertFalse(Files.exists(old));
      try (ScreenInterpolator more = open(images)) {
        DecodingException e = assertThrows(DecodingException.class, () -> read(more, 0));
        assertTrue(e.getMessage().contains("SYNCLINE_DECODED"), e.getMessage());
      }
      check(read(screen, 0)[0], 0, 0, 0);
    }
    System.setProperty("syncline.decoded", "lots");
    try (ScreenInterpolator more = open(images)) {
      DecodingException e = assertThrows(DecodingException.class, () -> read(more, 0));
      assertTrue(e.getMessage().contains("'lots', expected"), e.getMessage());
    }
    assertEquals(3L << 30, FrameQuota.parse("3g"));
  }

  @Test
  void withoutCacheOrProgramTheErrorSaysWhatToDo() {
    System.setProperty("syncline.cache", "off");
    try (ScreenInterpolator screen = open(videos)) {
      DecodingException e = assertThrows(DecodingException.class, () -> read(screen, 0));
      assertTrue(e.getMessage().contains("set SYNCLINE_CACHE to a folder"), e.getMessage());
    }
    System.setProperty("syncline.cache", temp.resolve("cache").toString());
    System.setProperty("syncline.ffmpeg", temp.resolve("nothing").toString());
    try (ScreenInterpolator screen = open(videos)) {
      DecodingException e = assertThrows(DecodingException.class, () -> read(screen, 0));
      assertTrue(e.getMessage().contains("SYNCLINE_FFMPEG is '"), e.getMessage());
      Problems found = new Problems();
      new ScreenModality().read(MetaFile.read(videos)).check(found);
      assertEquals(2, found.list().size(), found.list().toString());
    }
  }

  @Test
  void filesOfAMachineWhoseClockIsAheadAreReadOnceTheyRest() throws Exception {
    EncodedScreen trials = new EncodedScreen(temp.resolve("ahead/screen"));
    Path ahead = trials.video(3).video(3).write();
    FileTime tomorrow = FileTime.from(Instant.now().plus(1, ChronoUnit.DAYS));
    for (Path file : files(ahead, ".mp4")) {
      Files.setLastModifiedTime(file, tomorrow);
    }
    try (LogCapture log = new LogCapture()) {
      for (int opening = 0; opening < 2; opening++) {
        try (ScreenInterpolator screen = open(ahead)) {
          check(read(screen, 1)[0], 0, 1, 0);
          check(read(screen, 4)[0], 1, 1, 0);
        }
      }
      assertEquals(2, runCount(), "each of the two videos once");
      List<String> future =
          log.messages().stream().filter(m -> m.contains("a time in the future")).toList();
      assertEquals(1, future.size(), log.messages()::toString);
      assertTrue(future.getFirst().startsWith(ahead.resolve("data/00000.mp4") + ": last modified"));
    }
  }

  @Test
  void withoutAProgramNoChunkIsSkipped() throws Exception {
    System.setProperty("syncline.ffmpeg", temp.resolve("nothing").toString());
    DatasetConfig config =
        DatasetConfig.parse(
            "{safe_interval_threshold: 0, modality_config: {screen: {sampling_rate: 10, chunk_size: 4,"
                + " sample_stride: 4}}}",
            "test");
    try (ChunkDataset dataset = ChunkDataset.open(many.getParent(), config)) {
      RuntimeException e =
          assertThrows(
              RuntimeException.class,
              () -> {
                try (ChunkLoader loader =
                    ChunkLoader.builder().dataset(dataset).batchSize(1).skipDamaged(true).build()) {
                  assertEquals(dataset.length(), loader.batchesPerEpoch());
                  loader.next();
                }
              });
      assertTrue(e.getMessage().contains("SYNCLINE_FFMPEG is '"), e.getMessage());
    }
  }

  @Test
  void withoutAnyProgramTheErrorNamesEachPlaceThatWasTried() throws Exception {
    ProcessBuilder process =
        FreshJvm.of(
            FreshJvm.asThisOne("-Dsyncline.cache=" + temp.resolve("cache")),
            Reads.class,
            videos.toString());
    process.environment().keySet().removeAll(List.of("SYNCLINE_FFMPEG", "SYNCLINE_IMAGEIO_FFMPEG"));
    process.environment().put("PATH", "");
    Process run = process.redirectErrorStream(true).start();
    String said = text(run);
    assertTrue(run.waitFor() != 0, said);
    for (String place :
        List.of("SYNCLINE_FFMPEG: not set", "ffmpeg: not there", "PATH: no ", "imageio-ffmpeg: ")) {
      assertTrue(said.contains(place), said);
    }
  }

  @Test
  void cachesThatCannotBeWrittenAreErrors() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "no folder", StandardCharsets.UTF_8);
    System.setProperty("syncline.cache", file.resolve("cache").toString());
    try (ScreenInterpolator screen = open(videos)) {
      DecodingException e = assertThrows(DecodingException.class, () -> read(screen, 0));
      assertTrue(e.getMessage().contains("cannot be written"), e.getMessage());
    }
  }

  @Test
  void ofTwoFilesOfATrialItsMetadataChoose() throws IOException {
    Path meta = mixed.resolve("combined_meta.json");
    String text = Files.readString(meta);
    try {
      // an array with a video beside it is read as the original reads it; this one is damaged
      try (ScreenInterpolator screen = open(mixed)) {
        RecordingException e = assertThrows(RecordingException.class, () -> read(screen, 0));
        assertTrue(e.getMessage().contains("00000.npy"), e.getMessage());
        assertFalse(e.getMessage().contains("00000.mp4"), e.getMessage());
      }
      Files.writeString(meta, text.replace("}}", ", \"encoded\": true}}"));
      try (ScreenInterpolator screen = open(mixed)) {
        RecordingException e = assertThrows(RecordingException.class, () -> read(screen, 0));
        assertTrue(
            e.getMessage().contains("found 00000.npy and 00000.mp4, expected"), e.getMessage());
      }
      for (String format : List.of(".mp4", "mp4", ".MP4")) {
        Files.writeString(
            meta, text.replace("}}", ", \"format\": \"" + format + "\", \"encoded\": true}}"));
        try (ScreenInterpolator screen = open(mixed)) {
          check(read(screen, 3)[0], 0, 3, 0);
        }
      }
      // a file that is not there is no reason to take another one; what is no file's is none
      Files.writeString(meta, text.replace("}}", ", \"format\": \".avi\"}}"));
      try (ScreenInterpolator screen = open(mixed)) {
        RecordingException e = assertThrows(RecordingException.class, () -> read(screen, 0));
        assertTrue(e.getMessage().contains("expected 00000.avi, as format"), e.getMessage());
      }
      Files.writeString(meta, text.replace("}}", ", \"format\": \"RGB\"}}"));
      try (ScreenInterpolator screen = open(mixed)) {
        RecordingException e = assertThrows(RecordingException.class, () -> read(screen, 0));
        assertTrue(e.getMessage().contains("00000.npy: "), e.getMessage());
      }
    } finally {
      Files.writeString(meta, text);
    }
  }
}
