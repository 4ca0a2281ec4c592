/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.document.ScalarNode;
import org.syncline.file.Links;
import org.syncline.storage.Pointers;

/** Names a recording: from its meta.json, else from its path. */
public final class DataKey {
  private DataKey() {}

  /** Returns the name of a recording; what is odd on the way goes to the log as a warning. */
  public static String of(Path root) {
    // the logger is looked up when there is something to say: that costs 30 ms of a cold start
    return of(
        root, text -> System.getLogger("org.syncline").log(System.Logger.Level.WARNING, text));
  }

  /**
   * Returns the name of a recording: {@code data_key} of meta.json; else its complete {@code
   * scan_key} as {@code animal-session-scan}; else, where meta.json exists and has neither, from
   * the path; else the folder's name.
   *
   * @param warnings gets a text where meta.json is broken or its scan_key incomplete
   * @throws org.syncline.error.RecordingException where meta.json is a link that leaves the
   *     recording, and those are refused
   */
  public static String of(Path root, Consumer<String> warnings) {
    Path file = root.resolve("meta.json");
    Path named = root.toAbsolutePath().normalize().getFileName();
    String folder = named == null ? "" : named.toString();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return folder;
    }
    Links.check(root, file);
    MapNode meta;
    try {
      Node node = Documents.json(file);
      if (!(node instanceof MapNode map)) {
        warnings.accept(
            file
                + ": found "
                + node.kind()
                + ", expected a map; the folder's name '"
                + folder
                + "' is used");
        return folder;
      }
      meta = map;
    } catch (DocumentException e) {
      String advice = Pointers.advice(file, null);
      warnings.accept(
          e.getMessage()
              + (advice == null ? "" : ": " + advice)
              + "; the folder's name '"
              + folder
              + "' is used");
      return folder;
    } catch (IOException e) {
      warnings.accept(
          Fields.unreadable(file, e).getMessage() + "; the folder's name '" + folder + "' is used");
      return folder;
    }
    String key = text(meta.get("data_key"));
    if (key != null) {
      return key;
    }
    if (meta.get("scan_key") != null) {
      if (meta.get("scan_key") instanceof MapNode scan) {
        String animal = text(scan.get("animal_id"));
        String session = text(scan.get("session"));
        String index = text(scan.get("scan_idx"));
        if (animal != null && session != null && index != null) {
          return animal + "-" + session + "-" + index;
        }
      }
      warnings.accept(
          file
              + ": scan_key: found no complete animal_id, session and scan_idx; the folder's name '"
              + folder
              + "' is used");
      return folder;
    }
    return fromPath(root.toString(), folder);
  }

  /** Names that recordings of older collections carry in their path. */
  static String fromPath(String path, String folder) {
    int dynamic = path.indexOf("dynamic");
    if (dynamic >= 0) {
      String rest = path.substring(dynamic + "dynamic".length());
      int next = rest.indexOf("dynamic");
      rest = next >= 0 ? rest.substring(0, next) : rest;
      int video = rest.indexOf("-Video");
      String key = video >= 0 ? rest.substring(0, video) : rest;
      return key.isEmpty() ? folder : key;
    }
    int gaze = path.indexOf("_gaze");
    if (gaze >= 0) {
      String[] parts = path.substring(0, gaze).split("datasets/", -1);
      return parts.length > 1 && !parts[1].isEmpty() ? parts[1] : folder;
    }
    return folder;
  }

  private static String text(Node node) {
    if (node instanceof ScalarNode s && s.value() != null && !s.value().toString().isEmpty()) {
      return s.value().toString();
    }
    return null;
  }
}
