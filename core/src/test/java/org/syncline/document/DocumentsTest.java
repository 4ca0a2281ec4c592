/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.error.SynclineException;

@Tag("any-width")
class DocumentsTest {
  private static Object yaml(String text) {
    return Documents.yaml(text, "t.yaml").value();
  }

  @Test
  void scalarsHavePyYamlsTypes() {
    Map<String, Object> expected = new LinkedHashMap<>();
    for (String text : new String[] {"~", "null", "Null", "NULL", ""}) {
      expected.put(text, null);
    }
    for (String text :
        new String[] {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"}) {
      expected.put(text, true);
    }
    for (String text :
        new String[] {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"}) {
      expected.put(text, false);
    }
    expected.put("5", 5L);
    expected.put("-2", -2L);
    expected.put("+3", 3L);
    expected.put("0x1F", 31L);
    expected.put("0b101", 5L);
    expected.put("010", 8L);
    expected.put("00012", 10L);
    expected.put("1_000", 1000L);
    expected.put("1:30", 90L);
    expected.put("9223372036854775807", Long.MAX_VALUE);
    expected.put("-9223372036854775808", Long.MIN_VALUE);
    expected.put("9223372036854775808", new BigInteger("9223372036854775808"));
    expected.put("1.5", 1.5);
    expected.put("1.", 1.0);
    expected.put(".5", 0.5);
    expected.put("1e-3", 1e-3);
    expected.put("1e3", 1e3);
    expected.put("-1.5E+2", -150.0);
    expected.put("1:30.5", 90.5);
    expected.put(".nan", Double.NaN);
    expected.put(".inf", Double.POSITIVE_INFINITY);
    expected.put("-.inf", Double.NEGATIVE_INFINITY);
    for (String text :
        new String[] {
          "09",
          "NaN",
          "nan",
          "inf",
          "-.5",
          "y",
          "n",
          "nO",
          "2020-01-01",
          "1.2.3",
          "1e",
          "e5",
          "0x",
          "+",
          "1:99",
          "tRue"
        }) {
      expected.put(text, text);
    }
    expected.forEach(
        (text, value) -> {
          assertEquals(value, YamlScalars.resolve(text), () -> "'" + text + "'");
          if (!text.isEmpty()) {
            assertEquals(
                value,
                FullParsers.yaml("k: " + text, "s").value() instanceof Map<?, ?> m
                    ? m.get("k")
                    : "",
                text);
          }
        });
  }

  @Test
  void longNumbersAndTextsTakeTimeInProportion() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          String digits = "7".repeat(1_000_000);
          assertEquals(Double.POSITIVE_INFINITY, Documents.yaml(digits, "t").value());
          assertEquals(Double.NEGATIVE_INFINITY, Documents.yaml("-" + digits, "t").value());
          assertEquals(
              new BigInteger("15" + "0".repeat(307)),
              Documents.yaml("15" + "0".repeat(307), "t").value());
          assertEquals(7L, Documents.yaml("0x" + "0".repeat(1_000_000) + "7", "t").value());
          assertEquals(
              Double.POSITIVE_INFINITY, Documents.yaml("0b1" + "_0".repeat(400_000), "t").value());
          String plain = "x".repeat(10 << 20);
          assertEquals(Map.of("a", plain), Documents.yaml("a: '" + plain + "'", "t").value());
          DocumentException e =
              assertThrows(
                  DocumentException.class,
                  () -> Documents.yaml("a: 1\nb: \"\u00e4" + plain + "\"", "t"));
          assertEquals(2, e.line());
          assertTrue(e.detail().contains("expected at most 1048576"), e.detail());
        });
  }

  @Test
  void onlyRegularFilesOfABoundedSizeAreRead(@TempDir Path folder) throws Exception {
    Path device = Files.createSymbolicLink(folder.resolve("zero.yml"), Path.of("/dev/zero"));
    Path fifo = folder.resolve("fifo.yml");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    Path socket = folder.resolve("socket.yml");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    Path large = folder.resolve("large.yml");
    try (FileChannel channel =
        FileChannel.open(large, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {'a'}), Documents.MAX_BYTES);
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          for (Path file : List.of(device, fifo, socket)) {
            IOException e = assertThrows(IOException.class, () -> Documents.yaml(file));
            assertTrue(e.getMessage().contains("is a FIFO, a socket or a device"), e.getMessage());
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
          }
          DocumentException e = assertThrows(DocumentException.class, () -> Documents.yaml(large));
          assertTrue(e.getMessage().contains("an eighth of the memory"), e.getMessage());
          String line = "# " + "x".repeat(1021) + "\n";
          Path whole = folder.resolve("whole.yml");
          String text = "a: 1 ".concat(line.repeat((int) (Documents.MAX_BYTES / 1024)));
          Files.writeString(whole, text.substring(0, (int) Documents.MAX_BYTES));
          assertEquals(Map.of("a", 1L), Documents.yaml(whole).value());
          Files.writeString(whole, "x", StandardOpenOption.APPEND);
          assertThrows(DocumentException.class, () -> Documents.yaml(whole));
        });
  }

  @Test
  void quotedScalarsStayText() {
    assertEquals(
        Map.of("a", "5", "b", "true", "c", "12\n", "d", "1 2", "e", "null"),
        yaml("a: '5'\nb: \"true\"\nc: |\n  12\nd: \"1\n  2\"\ne: !!str null\n"));
  }

  @Test
  void quotesAreFoundBehindAnchorsAndBeyondTheBasicPlane() {
    assertEquals(
        Arrays.asList("😀", 5L, "6", "7", 8L, "7"), yaml("[\"😀\", 5, '6', &x '7', &y 8, *x]"));
  }

  @Test
  void listsGoOverLines() {
    assertEquals(Map.of("a", List.of(1L, 2L, List.of(3L))), yaml("a: [1,\n  2,\n  [3]\n  ]\n"));
    assertEquals(Map.of("a", List.of(1L, Map.of("b", 2L))), yaml("a:\n- 1\n- b: 2\n"));
  }

  @Test
  void aliasesAndMergeKeysAreResolved() {
    Object value =
        yaml(
            "base: &b {p: 1, q: &q 2}\nmine:\n  <<: *b\n  q: 3\nall: {<<: [*b, {r: 4, p: 5}]}\nq: *q\n");
    assertEquals(
        Map.of(
            "base", Map.of("p", 1L, "q", 2L),
            "mine", Map.of("p", 1L, "q", 3L),
            "all", Map.of("p", 1L, "q", 2L, "r", 4L),
            "q", 2L),
        value);
    assertThrows(DocumentException.class, () -> yaml("<<: 3"));
    assertThrows(DocumentException.class, () -> yaml("a: *nowhere"));
    assertThrows(DocumentException.class, () -> yaml("a: &a [*a]"));
  }

  @Test
  void aliasBombsAreRefused() {
    StringBuilder text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 20; i++) {
      text.append("a").append(i).append(": &a").append(i).append(" [");
      text.append(("*a" + (i - 1) + ",").repeat(9)).append("*a").append(i - 1).append("]\n");
    }
    DocumentException e = assertThrows(DocumentException.class, () -> yaml(text.toString()));
    assertTrue(e.getMessage().contains("aliases"), e.getMessage());
  }

  @Test
  void depthIsBounded() {
    for (String text :
        new String[] {
          "[".repeat(100_000), "{\"a\":".repeat(100_000), "[".repeat(500) + "]".repeat(500)
        }) {
      assertThrows(DocumentException.class, () -> yaml(text));
      assertThrows(DocumentException.class, () -> Documents.json(text, "t.json"));
    }
    StringBuilder blocks = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      blocks.append(" ".repeat(i)).append("k:\n");
    }
    assertThrows(DocumentException.class, () -> yaml(blocks.toString()));
  }

  @Test
  void placesAreKnown() {
    for (boolean full : new boolean[] {false, true}) {
      String text = "# head\na: 1\nb:\n  c: [2, 3]\n  d: x\n";
      MapNode root =
          (MapNode) (full ? FullParsers.yaml(text, "f.yml") : PlainParser.yaml(text, "f.yml"));
      assertEquals("f.yml", root.source());
      assertEquals(2, root.line());
      assertEquals(3, root.keyLine("b"));
      MapNode b = (MapNode) root.get("b");
      assertEquals(4, b.line());
      assertEquals(3, b.column());
      ListNode c = (ListNode) b.get("c");
      assertEquals(4, c.line());
      assertEquals(6, c.column());
      assertEquals(10, c.items().get(1).column());
      assertEquals(5, b.get("d").line());
    }
  }

  @Test
  void duplicateKeysNameTheirLines() {
    DocumentException e = assertThrows(DocumentException.class, () -> yaml("a: 1\nb: 2\na: 3\n"));
    assertEquals(3, e.line());
    assertEquals("t.yaml:3: key 'a' occurs a second time, first on line 1", e.getMessage());
    assertThrows(DocumentException.class, () -> Documents.json("{\"a\": 1, \"a\": 1}", "t"));
  }

  @Test
  void oneDocumentOnly() {
    assertThrows(DocumentException.class, () -> yaml("a: 1\n---\nb: 2\n"));
    assertThrows(DocumentException.class, () -> Documents.json("1 2", "t"));
    assertThrows(DocumentException.class, () -> Documents.json("", "t"));
    assertNull(yaml(""));
    assertNull(yaml("# nothing\n"));
    assertEquals(Map.of("a", 1L), yaml("---\na: 1\n...\n"));
  }

  @Test
  void unknownTagsAreRefused() {
    assertThrows(
        DocumentException.class,
        () -> yaml("a: !!python/object/apply:os.system ['ls']").toString());
    assertThrows(DocumentException.class, () -> yaml("a: !!python/name:os.system x"));
    assertThrows(DocumentException.class, () -> yaml("a: !!int x"));
    assertEquals(Map.of("a", 3.0), yaml("a: !!float 3"));
  }

  @Test
  void jsonHasPythonsNumbers() {
    Object value =
        Documents.json(
                "{\"a\": [NaN, Infinity, -Infinity, 1e-05, 12, 1.0, \"\\u00e9\", null, true]}", "t")
            .value();
    assertEquals(
        Map.of(
            "a",
            Arrays.asList(
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                1e-5,
                12L,
                1.0,
                "é",
                null,
                true)),
        value);
    assertEquals(
        BigInteger.TEN.pow(30), Documents.json("1000000000000000000000000000000", "t").value());
  }

  @Test
  void writesWhatItReads(@TempDir Path folder) throws IOException {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("a", Arrays.asList(1L, 2.5, null, true, "x\"y\\\u0001é😀"));
    value.put("b", Map.of("n", Double.NaN, "i", Double.NEGATIVE_INFINITY));
    value.put("c", 1e-300);
    assertEquals(value, Documents.json(Documents.toJson(value), "t").value());
    assertEquals(
        "{\"d\":[1.0,NaN],\"e\":[1,2]}",
        Documents.toJson(map("d", new double[] {1, Double.NaN}, "e", new int[] {1, 2})));
    Path file = folder.resolve("state.json");
    Documents.writeJson(file, value);
    Documents.writeJson(file, value);
    assertEquals(value, Documents.json(file).value());
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
    assertThrows(IllegalArgumentException.class, () -> Documents.toJson(new Object()));
  }

  /** Hashes of these texts are in saved states: not a character may change. */
  @Test
  void writesJsonAsJacksonDoes() throws IOException {
    Random random = new Random(11);
    for (int round = 0; round < 2_000; round++) {
      Object value = anything(random, 0);
      assertEquals(jackson(value, false), Documents.toJson(value));
      assertEquals(jackson(value, true), Documents.toPrettyJson(value));
    }
    Object deep = 1;
    for (int level = 0; level < TreeBuilder.MAX_DEPTH; level++) {
      deep = List.of(deep);
    }
    assertEquals(jackson(deep, false), Documents.toJson(deep));
    List<Object> deeper = List.of(deep);
    assertThrows(IllegalArgumentException.class, () -> Documents.toJson(deeper));
  }

  private static Object anything(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 12 : 18)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong() >> random.nextInt(64);
      case 3 -> random.nextInt();
      case 4 -> Double.longBitsToDouble(random.nextLong());
      case 5 -> List.of(0.0, -0.0, Double.NaN, 1e7, 1e-3, 123456.0).get(random.nextInt(6));
      case 6 -> Float.intBitsToFloat(random.nextInt());
      case 7 -> new BigInteger(100, random).negate();
      case 8 -> new BigDecimal(new BigInteger(70, random), random.nextInt(-40, 40));
      case 9 -> Thread.State.values()[random.nextInt(6)];
      case 10, 11 -> text(random);
      case 12 -> random.doubles(random.nextInt(4)).toArray();
      case 13 -> random.ints(random.nextInt(4)).toArray();
      case 14, 15 -> {
        List<Object> items = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          items.add(anything(random, depth + 1));
        }
        yield random.nextBoolean() ? items : items.toArray();
      }
      default -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          map.put(random.nextBoolean() ? text(random) : n, anything(random, depth + 1));
        }
        yield map;
      }
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(6); n > 0; n--) {
      switch (random.nextInt(3)) {
        case 0 -> text.append((char) random.nextInt(128));
        case 1 -> text.append((char) random.nextInt(1 << 16));
        default -> text.appendCodePoint(random.nextInt(0x1_0000, 0x11_0000));
      }
    }
    return text.toString();
  }

  private static String jackson(Object value, boolean pretty) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      out.configure(JsonWriteFeature.WRITE_NAN_AS_STRINGS.mappedFeature(), false);
      if (pretty) {
        out.setPrettyPrinter(new DefaultPrettyPrinter());
      }
      jackson(out, value);
    }
    return text.toString();
  }

  private static void jackson(JsonGenerator out, Object value) throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case Boolean b -> out.writeBoolean(b);
      case Double d -> out.writeNumber(d);
      case Float f -> out.writeNumber(f);
      case BigInteger b -> out.writeNumber(b);
      case BigDecimal b -> out.writeNumber(b);
      case Number n -> out.writeNumber(n.longValue());
      case String s -> out.writeString(s);
      case Enum<?> e -> out.writeString(e.name());
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.writeFieldName(String.valueOf(entry.getKey()));
          jackson(out, entry.getValue());
        }
        out.writeEndObject();
      }
      case Iterable<?> items -> {
        out.writeStartArray();
        for (Object item : items) {
          jackson(out, item);
        }
        out.writeEndArray();
      }
      default -> {
        out.writeStartArray();
        for (int i = 0; i < Array.getLength(value); i++) {
          jackson(out, Array.get(value, i));
        }
        out.writeEndArray();
      }
    }
  }

  @Test
  void filesMustBeText(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.yml");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    assertThrows(DocumentException.class, () -> Documents.yaml(file));
    Files.write(file, "\uFEFFa: é".getBytes(StandardCharsets.UTF_8));
    assertEquals(Map.of("a", "é"), Documents.yaml(file).value());
    assertThrows(IOException.class, () -> Documents.yaml(folder.resolve("none.yml")));
  }

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static final String[] SEEDS = {
    "modality: sequence\nsampling_rate: 8.0\nstart_time: 1600000000.0\nn_signals: 23\nis_mem_mapped: true\ndtype: '<f4'\n",
    "spike_indices:\n- 0\n- 119\n- -3\nlabels:\n  test: test.npy\n  train: train.npy # c\nend: null\n",
    "screen:\n  transforms:\n    normalization: normalize\n    Resize: {_target_: a.b.Resize, size: [144, 256]}\n  f: [a, 'b c', \"d\"]\n",
    "a: &x {p: 1, q: \"s\"}\nb: {<<: *x, r: .5e-3}\nc: |\n  text\n  more\nd: [1,\n  2]\ne: >-\n  folded\n",
    "- tier: train\n  modality: video\n- [1, [2, {a: 3}]]\n- ~\n- no\n",
    "{\"00000\": {\"first_frame_idx\": 0, \"image_size\": [18, 24], \"valid\": true, \"x\": -1.5e-3, \"n\": null}}\n",
    "k-1: a b  c # comment\nk.2: http://x/y#z\n'q': (1, 2)\nu: +1_000\nt: 1:30:00\nz:\n\ny: ''\n",
  };
  private static final String PIECES = "abn019.-+_:#,[]{}'\"|>&*!%@`?~ \n\n  \t\r\\éeE😀";

  static String mutate(Random random, String[] seeds) {
    StringBuilder text = new StringBuilder(seeds[random.nextInt(seeds.length)]);
    int changes = random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(5)) {
        case 0 -> text.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
        case 2 -> {
          String other = seeds[random.nextInt(seeds.length)];
          int from = random.nextInt(other.length());
          text.insert(at, other, from, Math.min(other.length(), from + random.nextInt(20)));
        }
        case 3 -> text.setLength(at);
        default -> {
          if (at < text.length()) {
            text.setCharAt(at, PIECES.charAt(random.nextInt(PIECES.length())));
          }
        }
      }
    }
    return text.toString();
  }

  @Test
  void onlyOurExceptionsComeOutAndBothParsersAgree() {
    long seed = Long.getLong("syncline.seed", 20261122);
    System.out.println("DocumentsTest seed " + seed);
    Random random = new Random(seed);
    int plainYaml = 0;
    int plainJson = 0;
    int rounds = Integer.getInteger("syncline.fuzz.rounds", 30_000);
    for (int i = 0; i < rounds; i++) {
      String text = mutate(random, SEEDS);
      try {
        plainYaml += agree(text, PlainParser.yaml(text, "t"), () -> FullParsers.yaml(text, "t"));
        plainJson += agree(text, PlainParser.json(text, "t"), () -> FullParsers.json(text, "t"));
      } catch (SynclineException e) {
        fail(
            "the plain parser accepts what the full one does not: " + e.getMessage() + "\n" + text);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("for\n" + text, e);
      }
    }
    assertTrue(plainYaml > rounds / 20, "plain YAML " + plainYaml);
    assertTrue(plainJson > rounds / 200, "plain JSON " + plainJson);
  }

  private interface Parse {
    Node get();
  }

  private static int agree(String text, Node plain, Parse full) {
    if (plain != null) {
      Node expected = full.get();
      assertEquals(expected, plain, text);
      assertEquals(expected.value(), plain.value());
      return 1;
    }
    try {
      assertNotNull(full.get());
    } catch (SynclineException e) {
      assertInstanceOf(DocumentException.class, e);
      assertNotNull(e.getMessage());
    }
    return 0;
  }

  @Test
  void metadataAndConfigurationsArePlain() {
    List<String> plain = new ArrayList<>(List.of(SEEDS).subList(0, 3));
    for (String text : plain) {
      assertNotNull(PlainParser.yaml(text, "t"), text);
    }
    assertNotNull(PlainParser.json(SEEDS[5], "t"));
  }
}
