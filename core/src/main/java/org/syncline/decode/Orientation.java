/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.w3c.dom.NodeList;

/**
 * How a camera held the image, as EXIF numbers it: OpenCV's {@code imread} turns images by it, grey
 * ones too. Loaded with {@link ImageDecoder} alone.
 *
 * @param tag 1 (as stored) to 8
 */
record Orientation(int tag) {
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final String APP1 = "225";

  /** Returns the orientation of a JPEG, PNG or TIFF file; as stored where it says none. */
  static Orientation of(Path file, String format) {
    try (FileImageInputStream in = new FileImageInputStream(file.toFile())) {
      ImageReader reader = ImageIO.getImageReaders(in).next();
      try {
        reader.setInput(in, true, false);
        int tag = tag(reader, format.toLowerCase(Locale.ROOT));
        return new Orientation(tag >= 1 && tag <= 8 ? tag : 1);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // readers throw anything at odd metadata, which no image needs
      return new Orientation(1);
    }
  }

  private static int tag(ImageReader reader, String format) throws IOException {
    return switch (format) {
      case "tif", "tiff" -> tag(reader.getImageMetadata(0));
      case "jpg", "jpeg" -> {
        byte[] exif = object(reader, "javax_imageio_jpeg_image_1.0", "unknown", "MarkerTag", APP1);
        boolean known = exif != null && Arrays.mismatch(exif, EXIF) == EXIF.length;
        yield known ? exif(Arrays.copyOfRange(exif, EXIF.length, exif.length)) : 1;
      }
      case "png" -> {
        byte[] exif = object(reader, "javax_imageio_png_1.0", "UnknownChunk", "type", "eXIf");
        yield exif == null ? 1 : exif(exif);
      }
      default -> 1;
    };
  }

  /** Returns the bytes of the first piece of metadata whose attribute has a value, or null. */
  private static byte[] object(
      ImageReader reader, String tree, String name, String attribute, String value)
      throws IOException {
    IIOMetadataNode root = (IIOMetadataNode) reader.getImageMetadata(0).getAsTree(tree);
    NodeList nodes = root.getElementsByTagName(name);
    for (int i = 0; i < nodes.getLength(); i++) {
      IIOMetadataNode node = (IIOMetadataNode) nodes.item(i);
      if (value.equals(node.getAttribute(attribute))
          && node.getUserObject() instanceof byte[] bytes) {
        return bytes;
      }
    }
    return null;
  }

  /** EXIF is a TIFF file without an image. */
  private static int exif(byte[] bytes) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("tiff").next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, false, false);
      return tag(reader.getImageMetadata(0));
    } finally {
      reader.dispose();
    }
  }

  private static int tag(IIOMetadata metadata) throws IOException {
    TIFFField field =
        TIFFDirectory.createFromMetadata(metadata).getTIFFField(BaselineTIFFTagSet.TAG_ORIENTATION);
    return field == null ? 1 : field.getAsInt(0);
  }

  /** Returns the height of an image that is stored with a size. */
  int height(int height, int width) {
    return tag >= 5 ? width : height;
  }

  /** Returns the width of an image that is stored with a size. */
  int width(int height, int width) {
    return tag >= 5 ? height : width;
  }

  /** Returns pixels of three bytes as they are to be seen. */
  byte[] turned(byte[] stored, int height, int width) {
    if (tag == 1) {
      return stored;
    }
    byte[] turned = new byte[stored.length];
    int rows = height(height, width);
    int columns = width(height, width);
    boolean downwards = tag == 3 || tag == 4 || tag == 6 || tag == 7;
    boolean backwards = tag == 2 || tag == 3 || tag == 7 || tag == 8;
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        int row = tag >= 5 ? x : y;
        int column = tag >= 5 ? y : x;
        int from =
            3
                * ((downwards ? height - 1 - row : row) * width
                    + (backwards ? width - 1 - column : column));
        System.arraycopy(stored, from, turned, 3 * (y * columns + x), 3);
      }
    }
    return turned;
  }
}
