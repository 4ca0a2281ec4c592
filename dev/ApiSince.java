/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

import com.sun.source.doctree.SinceTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.lang.model.element.Modifier;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Asks whether each public type, method and field that came after the latest release says so by
 * {@code @since}: {@code java dev/ApiSince.java BASELINE VERSION}, where dev/api-baseline.sh has
 * left in the folder BASELINE which commit that release is. What it had is read from there, so that
 * nobody keeps a list. A member of a type that is new itself need not repeat it, nor does one that
 * overrides another.
 */
final class ApiSince {
  private static final List<String> ROOTS = List.of("core/src/main/java", "nwb/src/main/java");

  /** What the API of a release has at the least: fewer were not read. */
  private static final int LEAST = 500;

  /** What each public member says since when it is there, or its type does; empty: nothing. */
  private final Map<String, String> members = new TreeMap<>();

  private record Source(String path, String text) {}

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(Source source) {
      super(URI.create("string:///" + source.path), Kind.SOURCE);
      text = source.text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private ApiSince(List<Source> sources) throws IOException {
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, null, null, sources.stream().map(Text::new).toList());
    DocTrees docs = DocTrees.instance(task);
    List<CompilationUnitTree> units = new ArrayList<>();
    task.parse().forEach(units::add);
    Set<String> exported = new HashSet<>();
    for (CompilationUnitTree unit : units) {
      if (unit.getModule() != null) {
        unit.getModule().getDirectives().stream()
            .filter(d -> d instanceof ExportsTree e && e.getModuleNames() == null)
            .forEach(d -> exported.add(((ExportsTree) d).getPackageName().toString()));
      }
    }
    units.removeIf(u -> u.getPackage() == null || !exported.contains(packageOf(u)));
    // what a hidden superclass has is the public type's
    Set<String> above = new HashSet<>();
    units.forEach(
        unit ->
            classes(unit)
                .filter(c -> c.getExtendsClause() != null && isShown(c.getModifiers(), false))
                .forEach(c -> above.add(plain(c.getExtendsClause()).replaceAll("<.*", ""))));
    for (CompilationUnitTree unit : units) {
      classes(unit)
          .filter(
              c -> isShown(c.getModifiers(), false) || above.contains(c.getSimpleName().toString()))
          .forEach(c -> add(docs, new TreePath(new TreePath(unit), c), packageOf(unit), ""));
    }
  }

  private static Stream<ClassTree> classes(CompilationUnitTree unit) {
    return unit.getTypeDecls().stream()
        .filter(ClassTree.class::isInstance)
        .map(ClassTree.class::cast);
  }

  private static String packageOf(CompilationUnitTree unit) {
    return unit.getPackage().getPackageName().toString();
  }

  /** Adds a type with what it shows. */
  private void add(DocTrees docs, TreePath path, String around, String since) {
    ClassTree type = (ClassTree) path.getLeaf();
    String name = around + "." + type.getSimpleName();
    String own = since(docs, path, since);
    members.put(name, own);
    boolean open =
        type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
    for (Tree member : type.getMembers()) {
      TreePath at = new TreePath(path, member);
      switch (member) {
        case ClassTree c when isShown(c.getModifiers(), open) -> add(docs, at, name, own);
        case MethodTree m when isShown(m.getModifiers(), open) && !overrides(m) -> {
          String types =
              m.getParameters().stream()
                  .map(p -> plain(p.getType()))
                  .collect(Collectors.joining(", "));
          members.put(name + "." + m.getName() + "(" + types + ")", since(docs, at, own));
        }
        case VariableTree v when isShown(v.getModifiers(), open) ->
            members.put(name + "." + v.getName(), since(docs, at, own));
        default -> {}
      }
    }
  }

  private static boolean isShown(ModifiersTree modifiers, boolean open) {
    Set<Modifier> flags = modifiers.getFlags();
    return flags.contains(Modifier.PUBLIC)
        || flags.contains(Modifier.PROTECTED)
        || open && !flags.contains(Modifier.PRIVATE);
  }

  private static boolean overrides(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .map(AnnotationTree::getAnnotationType)
        .anyMatch(type -> type.toString().equals("Override"));
  }

  /** Returns a type as written, without annotations. */
  private static String plain(Tree type) {
    return type.toString().replaceAll("@\\w+(\\(\\))? ?", "");
  }

  private static String since(DocTrees docs, TreePath path, String otherwise) {
    var comment = docs.getDocCommentTree(path);
    return comment == null
        ? otherwise
        : comment.getBlockTags().stream()
            .filter(SinceTree.class::isInstance)
            .map(tag -> ((SinceTree) tag).getBody().toString())
            .findFirst()
            .orElse(otherwise);
  }

  private static List<Source> here() throws IOException {
    List<Source> found = new ArrayList<>();
    for (String root : ROOTS) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          found.add(new Source(file.toString(), Files.readString(file)));
        }
      }
    }
    return found;
  }

  private static List<Source> at(String commit) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "archive", "--format=zip", commit, "--"));
    command.addAll(ROOTS);
    Process git =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<Source> found = new ArrayList<>();
    byte[] archive = git.getInputStream().readAllBytes();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().endsWith(".java")) {
          found.add(
              new Source(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
      }
    }
    if (git.waitFor() != 0) {
      throw new IOException(command + " failed");
    }
    return found;
  }

  public static void main(String[] args) throws Exception {
    Path baseline = Path.of(args[0], "commit");
    if (Files.notExists(baseline)) {
      System.out.println("[syncline] no release to compare with: nobody asks for @since");
      return;
    }
    Map<String, String> before = new ApiSince(at(Files.readString(baseline).strip())).members;
    if (before.size() < LEAST) {
      throw new IllegalStateException(before.size() + " members of the release's public API");
    }
    String expected = args[1].replace("-SNAPSHOT", "");
    List<String> wrong = new ArrayList<>();
    int[] added = {0};
    new ApiSince(here())
        .members.forEach(
            (name, since) -> {
              if (!before.containsKey(name)) {
                added[0]++;
                if (!since.equals(expected)) {
                  wrong.add(name + ": found " + (since.isEmpty() ? "none" : since));
                }
              }
            });
    System.out.println(
        "[syncline] public API: " + before.size() + " members, " + added[0] + " came since");
    if (!wrong.isEmpty()) {
      System.err.println(
          "What came after the latest release says so in its javadoc, expected @since "
              + expected
              + ":\n"
              + String.join("\n", wrong));
      System.exit(1);
    }
  }
}
