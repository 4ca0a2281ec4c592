/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.FileImageInputStream;

/**
 * Reads images with the JDK's readers. Loaded when there is an image alone: the module java.desktop
 * may lack.
 *
 * <p>Samples are taken as they are stored, 16 bits by their upper 8, palettes by their colours;
 * alpha and colour profiles have no effect. Images are turned as their EXIF orientation says.
 */
final class ImageDecoder {
  private ImageDecoder() {}

  /** Decodes a file of one image into the sink. */
  static void decode(FrameSink sink) throws IOException {
    Stimulus stimulus = sink.stimulus();
    try (FileImageInputStream in = new FileImageInputStream(stimulus.file().toFile())) {
      ImageReader reader = reader(stimulus, in);
      try {
        Orientation orientation = orientation(stimulus, reader);
        BufferedImage image = image(stimulus, reader, orientation);
        byte[] stored = rgb(stimulus, image);
        sink.write(orientation.turned(stored, image.getHeight(), image.getWidth()));
      } finally {
        reader.dispose();
      }
    }
  }

  /** Checks size and number of the images of a file by its headers. */
  static void check(Stimulus stimulus) throws IOException {
    try (FileImageInputStream in = new FileImageInputStream(stimulus.file().toFile())) {
      ImageReader reader = reader(stimulus, in);
      try {
        checkHeader(stimulus, reader, orientation(stimulus, reader));
      } finally {
        reader.dispose();
      }
    }
  }

  private static ImageReader reader(Stimulus stimulus, FileImageInputStream in) {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw stimulus.fault(
          in.length() == 0 ? "an empty file" : "no image that Java can read",
          "a PNG, JPEG, TIFF, BMP or GIF image",
          "the file is damaged, or of another format",
          null);
    }
    ImageReader reader = readers.next();
    try {
      reader.setInput(in, false, !isTiff(reader));
    } catch (IOException e) {
      throw unreadable(stimulus, e);
    }
    return reader;
  }

  private static Orientation orientation(Stimulus stimulus, ImageReader reader) throws IOException {
    return Orientation.of(stimulus.file(), reader.getFormatName());
  }

  private static void checkHeader(Stimulus stimulus, ImageReader reader, Orientation orientation)
      throws IOException {
    try {
      // before the pixels are read: their number is bounded by the metadata
      int height = reader.getHeight(0);
      int width = reader.getWidth(0);
      stimulus.checkSize(orientation.height(height, width), orientation.width(height, width));
      if (reader.getFormatName().equalsIgnoreCase("gif") && stimulus.height() < 5) {
        // the JDK's reader mixes the rows of interlaced ones, and does not say that they are
        throw stimulus.fault(
            "a GIF of " + stimulus.height() + " rows",
            "five rows at least",
            "store it as PNG",
            null);
      }
      Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
      if (types.hasNext()) {
        checkColours(stimulus, types.next().getColorModel().getColorSpace().getType());
      }
      // of Lab without a profile the JDK's reader makes red, green and blue of another brightness
      if (isTiff(reader) && isLab(reader.getImageMetadata(0))) {
        checkColours(stimulus, ColorSpace.TYPE_Lab);
      }
      int images = reader.getNumImages(true);
      if (images > 1) {
        throw stimulus.fault(
            images + " images", "one image", "store a video as a video file, or as .npy", null);
      }
      stimulus.checkCount(1, false);
    } catch (IOException | RuntimeException e) {
      throw unreadable(stimulus, e);
    }
  }

  private static boolean isTiff(ImageReader reader) throws IOException {
    return reader.getFormatName().toLowerCase(Locale.ROOT).startsWith("tif");
  }

  private static boolean isLab(IIOMetadata metadata) throws IOException {
    TIFFField field =
        TIFFDirectory.createFromMetadata(metadata)
            .getTIFFField(BaselineTIFFTagSet.TAG_PHOTOMETRIC_INTERPRETATION);
    return field != null
        && switch (field.getAsInt(0)) {
          case BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_CIELAB,
              BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_ICCLAB ->
              true;
          default -> false;
        };
  }

  private static void checkColours(Stimulus stimulus, int type) {
    if (type != ColorSpace.TYPE_RGB && type != ColorSpace.TYPE_GRAY) {
      String name =
          switch (type) {
            case ColorSpace.TYPE_CMYK -> "CMYK";
            case ColorSpace.TYPE_Lab -> "Lab";
            default -> "Java's kind " + type;
          };
      throw stimulus.fault(
          "colours of " + name,
          "grey, or red, green and blue",
          "convert it: PIL's Image.open(FILE).convert('RGB').save('FILE.png')",
          null);
    }
  }

  private static BufferedImage image(Stimulus stimulus, ImageReader reader, Orientation orientation)
      throws IOException {
    checkHeader(stimulus, reader, orientation);
    try {
      BufferedImage image = reader.read(0);
      if (image == null) {
        throw new IOException("no pixels");
      }
      int height = image.getHeight();
      int width = image.getWidth();
      stimulus.checkSize(orientation.height(height, width), orientation.width(height, width));
      return image;
    } catch (IOException | RuntimeException e) {
      throw unreadable(stimulus, e);
    }
  }

  /** Readers throw anything at damaged files: runtime exceptions of every kind, too. */
  private static RuntimeException unreadable(Stimulus stimulus, Exception e) {
    if (e instanceof org.syncline.error.SynclineException known) {
      return known;
    }
    return stimulus.fault(
        e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(),
        "an image that Java's reader can decode",
        "the file is damaged or truncated, or of a kind that it does not know",
        e);
  }

  /** Returns red, green and blue of each pixel. */
  private static byte[] rgb(Stimulus stimulus, BufferedImage image) {
    Raster raster = image.getRaster();
    int height = image.getHeight();
    int width = image.getWidth();
    ColorModel colours = image.getColorModel();
    checkColours(stimulus, colours.getColorSpace().getType());
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(height, width))];
    if (colours instanceof IndexColorModel palette) {
      for (int i = 0; i < rgb.length; i += 3) {
        int colour = palette.getRGB(raster.getSample(i / 3 % width, i / 3 / width, 0));
        rgb[i] = (byte) (colour >> 16);
        rgb[i + 1] = (byte) (colour >> 8);
        rgb[i + 2] = (byte) colour;
      }
      return rgb;
    }
    int type = raster.getSampleModel().getDataType();
    int bits = raster.getSampleModel().getSampleSize(0);
    if (bits != 8 && bits != 16 || type == DataBuffer.TYPE_SHORT || type == DataBuffer.TYPE_FLOAT) {
      throw stimulus.fault(
          "samples of " + bits + " bits",
          "8 or 16 bits, unsigned",
          "store it as PNG, or as .npy",
          null);
    }
    // grey, grey and alpha, red green blue, red green blue and alpha
    int bands = raster.getNumBands();
    int shift = bits - 8;
    int[] row = new int[width];
    for (int band = 0; band < 3; band++) {
      for (int y = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, bands < 3 ? 0 : band, row);
        for (int x = 0; x < width; x++) {
          rgb[3 * (y * width + x) + band] = (byte) (row[x] >> shift);
        }
      }
    }
    return rgb;
  }
}
