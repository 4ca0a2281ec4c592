/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.syncline.device.Modality;

/**
 * The rules of the house, asked of the compiled classes. The order of packages is the one that the
 * table in docs/architecture.md draws, so that the two cannot disagree.
 *
 * <p>The JDK reads its own class files in half a second; ArchUnit takes six for the same questions,
 * at each of the four widths at which this suite runs.
 */
@Tag("any-width")
class ArchitectureTest {
  private static final String ROOT = "org.syncline";

  /**
   * How many types there may be by who meets them; a change that needs more says why here. Of those
   * of users, four write recordings: the whole, and a modality each; two say what samples are like.
   */
  private static final Map<String, Integer> MOST_TYPES =
      Map.of("to users", 47, "to extensions", 23);

  /** A row of the table: the names of packages, and whether they are exported. */
  private static final Pattern ROW =
      Pattern.compile("\\| ((?:`[a-z.]+`(?:, )?)+) \\|.*\\| (to users|to extensions|no) \\|");

  /** Names of our classes in constants, descriptors and generic signatures. */
  private static final Pattern NAME = Pattern.compile("(?:^|L)(org/syncline/[\\w/$]+)");

  /** The place of each package in the table; those of one row have one place. */
  private static final Map<String, Integer> PLACES = new TreeMap<>();

  /** The packages that every module may use, and for whom they are, as the table says. */
  private static final Map<String, String> EXPORTED = new TreeMap<>();

  /** The names of classes that each class refers to, both as {@link Class#getName}. */
  private static final Map<String, Set<String>> REFERENCES = new TreeMap<>();

  /** Methods that load vectors from memory, and whether each says that the loads may fault. */
  private static final Map<String, Boolean> VECTOR_LOADS = new TreeMap<>();

  private static ModuleDescriptor module;

  @BeforeAll
  static void read() throws IOException, URISyntaxException {
    readTable(Path.of("../docs/architecture.md"));
    Path compiled =
        Path.of(Chunk.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (InputStream in = Files.newInputStream(compiled.resolve("module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }
    try (Stream<Path> files = Files.walk(compiled)) {
      for (Path file :
          files
              .filter(f -> f.toString().endsWith(".class") && f.startsWith(compiled.resolve("org")))
              .toList()) {
        readClass(ClassFile.of().parse(file));
      }
    }
  }

  private static void readTable(Path file) throws IOException {
    int place = 0;
    boolean inside = false;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("#")) {
        inside = line.equals("## Packages of core");
      }
      Matcher row = ROW.matcher(line);
      if (inside && row.matches()) {
        for (String cell : row.group(1).split(", ")) {
          String name = cell.replace("`", "");
          name = name.equals(ROOT) ? ROOT : ROOT + "." + name;
          assertNull(PLACES.put(name, place), name + " stands in the table twice");
          if (!row.group(2).equals("no")) {
            EXPORTED.put(name, row.group(2));
          }
        }
        place++;
      }
    }
  }

  private static void readClass(ClassModel type) {
    Set<String> names = new TreeSet<>();
    for (PoolEntry entry : type.constantPool()) {
      String text =
          switch (entry) {
            case ClassEntry c -> c.asInternalName();
            // descriptors, signatures, annotations
            case Utf8Entry u when u.stringValue().contains("L" + ROOT.replace('.', '/')) ->
                u.stringValue();
            default -> "";
          };
      Matcher name = NAME.matcher(text);
      while (name.find()) {
        names.add(name.group(1).replace('/', '.'));
      }
    }
    String self = type.thisClass().asInternalName().replace('/', '.');
    REFERENCES.put(self, names);
    for (MethodModel method : type.methods()) {
      Set<String> calls = new TreeSet<>();
      method
          .code()
          .ifPresent(
              code -> {
                for (CodeElement element : code) {
                  if (element instanceof InvokeInstruction call) {
                    calls.add(call.name().stringValue());
                  }
                }
              });
      if (calls.contains("fromMemorySegment")) {
        VECTOR_LOADS.put(
            self + "." + method.methodName().stringValue() + method.methodType().stringValue(),
            calls.contains("mayFault"));
      }
    }
  }

  private static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('.'));
  }

  @Test
  void theTableNamesEveryPackage() {
    assertEquals(
        PLACES.keySet(),
        REFERENCES.keySet().stream()
            .map(ArchitectureTest::packageOf)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void packagesReferOnlyToThoseAboveThem() {
    // so there are no circles either: a circle has an arrow that points down
    List<String> wrong = new ArrayList<>();
    int arrows = 0;
    for (Map.Entry<String, Set<String>> type : REFERENCES.entrySet()) {
      String from = packageOf(type.getKey());
      for (String other : type.getValue()) {
        String to = packageOf(other);
        if (!from.equals(to)) {
          arrows++;
          if (!(PLACES.getOrDefault(to, Integer.MAX_VALUE) < PLACES.getOrDefault(from, -1))) {
            wrong.add(type.getKey() + " refers to " + other);
          }
        }
      }
    }
    assertNone(wrong);
    assertTrue(arrows > 500, "only " + arrows + " references were found");
  }

  @Test
  void theTableSaysWhatIsExported() {
    assertEquals(
        EXPORTED.keySet(),
        module.exports().stream()
            .filter(e -> !e.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void releasesAreComparedInWhatIsExported() throws IOException {
    Set<String> compared = new TreeSet<>();
    Matcher include =
        Pattern.compile("<include>(.*)</include>").matcher(Files.readString(Path.of("pom.xml")));
    while (include.find()) {
      compared.add(include.group(1));
    }
    assertEquals(EXPORTED.keySet(), compared);
  }

  @Test
  void theModuleSaysSinceWhenItIsThereAndNobodyRepeatsIt() throws IOException {
    Path main = Path.of("src/main/java");
    Pattern since = Pattern.compile("@since (\\S+)");
    Matcher first = since.matcher(Files.readString(main.resolve("module-info.java")));
    assertTrue(first.find());
    List<String> wrong = new ArrayList<>();
    try (Stream<Path> sources = Files.walk(main)) {
      for (Path file : sources.filter(f -> f.toString().endsWith(".java")).toList()) {
        Matcher said = since.matcher(Files.readString(file));
        while (said.find() && !file.endsWith("module-info.java")) {
          // what came with the first version is said once; what comes later is a later version's
          if (said.group(1).equals(first.group(1))) {
            wrong.add(file + ": " + said.group());
          }
        }
      }
    }
    assertNone(wrong);
  }

  @Test
  void nobodyKnowsAModalityButTheLineThatRegistersIt() {
    Map<String, List<String>> known = new TreeMap<>();
    for (String name : REFERENCES.keySet()) {
      Class<?> type = name.startsWith(ROOT + ".device.") ? load(name) : Modality.class;
      if (type != Modality.class && Modality.class.isAssignableFrom(type)) {
        known.put(type.getPackageName(), new ArrayList<>());
      }
    }
    assertTrue(known.size() >= 4, "modalities: " + known.keySet());
    REFERENCES.forEach(
        (type, others) -> {
          for (String other : others) {
            List<String> users = known.get(packageOf(other));
            if (users != null && !packageOf(type).equals(packageOf(other))) {
              users.add(type + " refers to " + other);
            }
          }
        });
    known.values().removeIf(users -> users.size() == 1);
    assertEquals(Map.of(), known);
  }

  /**
   * A method that loads vectors and does not say so ends the process where a file was truncated.
   */
  @Test
  void whatLoadsVectorsSurvivesUnreadablePages() {
    assertTrue(VECTOR_LOADS.size() > 90, () -> "only " + VECTOR_LOADS.size() + " methods found");
    assertNone(
        VECTOR_LOADS.entrySet().stream()
            .filter(method -> !method.getValue())
            .map(method -> method.getKey() + " does not call Addresses.mayFault")
            .toList());
  }

  /** Closing any other shared arena takes compiled code from under kernels that run. */
  @Test
  void sharedArenasAreOpenedInOnePlace() throws IOException {
    List<String> found = new ArrayList<>();
    int files = 0;
    for (String module : List.of("core", "native-bridge", "nwb", "cli", "bench")) {
      try (Stream<Path> sources = Files.walk(Path.of("..", module, "src/main/java"))) {
        for (Path source : sources.filter(f -> f.toString().endsWith(".java")).toList()) {
          files++;
          if (Files.readString(source).contains("Arena.ofShared()")) {
            found.add(source.getFileName().toString());
          }
        }
      }
    }
    assertEquals(List.of("SharedArena.java"), found);
    assertTrue(files > 300, "only " + files + " sources were found");
  }

  @Test
  void thePublicApiShowsPublicTypesAlone() {
    List<String> wrong = new ArrayList<>();
    for (Class<?> type : publicTypes()) {
      checkMembers(type, wrong);
      Class<?> above = type.getSuperclass();
      // what a hidden superclass has is the type's own
      while (above != null && above.getPackageName().startsWith(ROOT) && !isPublic(above)) {
        checkMembers(above, wrong);
        above = above.getSuperclass();
      }
    }
    assertNone(wrong);
  }

  private static void checkMembers(Class<?> type, List<String> wrong) {
    for (Type shown : type.getGenericInterfaces()) {
      check(type.getName(), shown, wrong);
    }
    for (Field field : type.getDeclaredFields()) {
      if (isShown(field)) {
        check(type.getName() + "." + field.getName(), field.getGenericType(), wrong);
      }
    }
    for (Executable member : members(type)) {
      String where = type.getName() + "." + member.getName();
      check(where, member.getAnnotatedReturnType().getType(), wrong);
      for (Type shown : member.getGenericParameterTypes()) {
        check(where, shown, wrong);
      }
      for (Type shown : member.getGenericExceptionTypes()) {
        check(where, shown, wrong);
      }
    }
  }

  private static List<Executable> members(Class<?> type) {
    return Stream.<Executable>concat(
            Stream.of(type.getDeclaredMethods()), Stream.of(type.getDeclaredConstructors()))
        .filter(m -> isShown(m) && !m.isSynthetic())
        .toList();
  }

  private static void check(String where, Type shown, List<String> wrong) {
    // a type's text names all that it is made of: arguments, bounds, elements
    Matcher name = Pattern.compile("org\\.syncline[\\w.$]*").matcher(shown.getTypeName());
    while (name.find()) {
      if (!isPublic(load(name.group()))) {
        wrong.add(where + " shows " + name.group());
      }
    }
  }

  /**
   * What a program gets hold of says in print what it is; {@code ShownTest} looks at some of the
   * lines. What lives for one read has a type inside of another and need not.
   */
  @Test
  void whatProgramsHoldShowsItself() throws NoSuchMethodException {
    List<Class<?>> held =
        publicTypes().stream()
            .filter(type -> !(type.isMemberClass() && type.isInterface()))
            .toList();
    List<String> wrong = new ArrayList<>();
    int shown = 0;
    for (String name : REFERENCES.keySet()) {
      Class<?> type = load(name);
      if (!Modifier.isAbstract(type.getModifiers())
          && held.stream().anyMatch(one -> one.isAssignableFrom(type))
          && hasMethodsOfInstances(type)) {
        if (type.getMethod("toString").getDeclaringClass() == Object.class) {
          wrong.add(name);
        }
        shown++;
      }
    }
    assertNone(wrong);
    assertTrue(shown > 80, shown + " types were looked at");
  }

  private static boolean hasMethodsOfInstances(Class<?> type) {
    return Stream.of(type.getMethods())
        .anyMatch(
            m -> !Modifier.isStatic(m.getModifiers()) && m.getDeclaringClass() != Object.class);
  }

  @Test
  void callersCannotChangeWhatPublicObjectsHold() {
    List<String> wrong = new ArrayList<>();
    for (Class<?> type : publicTypes()) {
      for (Field field : type.getDeclaredFields()) {
        boolean constant =
            Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers());
        boolean array = field.getType().isArray();
        if (isShown(field) && !(constant && !array) || type.isRecord() && array && !constant) {
          wrong.add(type.getName() + "." + field.getName());
        }
      }
    }
    assertNone(wrong);
  }

  @Test
  void thePublicApiStaysSmall() {
    Map<String, List<String>> types =
        publicTypes().stream()
            .filter(type -> !type.isMemberClass())
            .collect(
                Collectors.groupingBy(
                    type -> EXPORTED.get(type.getPackageName()),
                    Collectors.mapping(Class::getName, Collectors.toList())));
    assertEquals(MOST_TYPES.keySet(), types.keySet());
    types.forEach(
        (who, names) ->
            assertTrue(
                names.size() <= MOST_TYPES.get(who),
                () -> names.size() + " types are exported " + who + ": " + names));
  }

  private static List<Class<?>> publicTypes() {
    List<Class<?>> types = new ArrayList<>();
    for (String name : REFERENCES.keySet()) {
      if (isExported(packageOf(name)) && !name.endsWith("package-info")) {
        Class<?> type = load(name);
        if (isPublic(type)) {
          types.add(type);
        }
      }
    }
    return types;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ArchitectureTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Returns whether every module can name a type: it and all around it are public, and exported.
   */
  private static boolean isPublic(Class<?> type) {
    for (Class<?> around = type; around != null; around = around.getEnclosingClass()) {
      if (!Modifier.isPublic(around.getModifiers())
          && !Modifier.isProtected(around.getModifiers())) {
        return false;
      }
    }
    return isExported(type.getPackageName());
  }

  private static boolean isExported(String name) {
    return module.exports().stream().anyMatch(e -> !e.isQualified() && e.source().equals(name));
  }

  private static boolean isShown(Member member) {
    return Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
  }

  private static void assertNone(List<String> wrong) {
    assertTrue(wrong.isEmpty(), () -> wrong.size() + " found:\n" + String.join("\n", wrong));
  }
}
