/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import static org.syncline.testdata.Recording.map;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.syncline.testdata.Recording.Trial;

/**
 * Writes complete recordings in the experiment folder format: same seed and settings, same bytes.
 * Settings return this builder; {@link #write} makes the files. Nothing here uses core, so that the
 * two can check each other.
 */
public final class Recordings {
  /** What the screen shows. */
  public enum Content {
    /** Videos with a blank after every eighth. */
    VIDEOS,
    /** One-frame images, each held, with blanks between. */
    IMAGES,
    /** Videos, images, blanks and invalid trials in random order. */
    MIXED
  }

  private static final int BLOCK_BYTES = 1 << 20;
  private static final int TABLE = 1 << 12;
  private static final byte[] WAVE = new byte[TABLE];

  static {
    for (int i = 0; i < TABLE; i++) {
      WAVE[i] = (byte) Math.round(112 + 80 * StrictMath.sin(2 * Math.PI * i / TABLE));
    }
  }

  private final Path folder;
  private final long seed;
  private final Map<String, SequencePlan> sequences = new LinkedHashMap<>();
  private double start = 1.6e9;
  private double seconds = 60;
  private boolean screen;
  private Content content = Content.VIDEOS;
  private double frameRate = 30;
  private double jitter;
  private double screenOffset = -0.4;
  private int trialFrames = 300;
  private double imageSeconds = 0.5;
  private double blankSeconds = 0.5;
  private int height = 36;
  private int width = 64;
  private int outHeight;
  private int outWidth;
  private boolean colour;
  private String pixels = "|u1";
  private boolean rescale = true;
  private boolean combinedMeta = true;
  private boolean singleMeta = true;
  private boolean stimulusNames;
  private int distinct;
  private boolean sparse;
  private int tierBlock = 1;
  private double testShare = 0.2;
  private int units;
  private long spikes;
  private boolean spikesMapped;
  private int labels;
  private String dataKey;
  private double spikeWindow = 0.3;
  private double smoothSeconds;
  private final Map<String, Path> written = new HashMap<>();

  private Recordings(Path folder, long seed) {
    this.folder = folder;
    this.seed = seed;
  }

  /** Starts a recording without any device. */
  public static Recordings empty(Path folder, long seed) {
    return new Recordings(folder, seed);
  }

  /**
   * Starts a recording with the devices of the default configuration at small sizes: screen of
   * 36×64 in videos of 300 frames, 23 responses at 8 Hz (float32, data.mem), eye tracker 20 Hz × 4
   * and treadmill 100 Hz × 1 in float64 with stretches of NaN, a minute from Unix time 1.6e9.
   */
  public static Recordings defaultConfig(Path folder, long seed) {
    return empty(folder, seed)
        .screen(Content.VIDEOS)
        .sequence(SequencePlan.of("responses", 8, 23).descr("<f4").mem())
        .sequence(SequencePlan.of("eye_tracker", 20, 4).offsets(-1.3, 0.7).nans(2))
        .sequence(SequencePlan.of("treadmill", 100, 1).offsets(-0.7, 2.3).mem().nans(1));
  }

  /**
   * Starts a recording of one of the shapes that benchmarks use, at full size: M, M8, S, B, I, E or
   * P; for X, which is many recordings, see {@link #collection}. Settings may still be changed.
   */
  public static Recordings shape(String name, Path folder, long seed) {
    Recordings m = defaultConfig(folder, seed).frames(144, 256).seconds(300).neurons(7863);
    return switch (name) {
      case "M", "M8" -> m;
      case "S" -> m.frames(36, 64).outputFrames(144, 256);
      case "B" -> m.frames(480, 640).outputFrames(144, 256).distinctStimuli(8);
      case "I" -> {
        m.screen(Content.IMAGES).seconds(21_000 * 0.6).tiers(100, 0.2).distinctStimuli(2_000);
        m.imageSeconds = 0.5;
        m.blankSeconds = 0.1;
        yield m;
      }
      case "P" -> {
        m.neurons(10_770);
        yield m.sequence(m.sequences.get("responses").shifted());
      }
      case "E" ->
          empty(folder, seed)
              .seconds(732.518)
              .start(0)
              .sequence(SequencePlan.of("lfp", 1000, 40).descr("<f4").mem())
              .spikes(500, 10_000_000)
              .spikeWindow(0.02);
      default ->
          throw new IllegalArgumentException(
              "found shape " + name + ", expected M, M8, S, B, I, E or P");
    };
  }

  /**
   * Writes shape X: recordings of M's kind at the lengths of real ones, everything large without
   * disk blocks.
   *
   * @return the recordings; their folders are {@code rec000}, {@code rec001} …
   */
  public static List<Recording> collection(
      Path parent, long seed, int count, int neurons, double seconds) {
    List<Recording> recordings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      recordings.add(
          defaultConfig(parent.resolve(String.format(Locale.ROOT, "rec%03d", i)), seed + i)
              .frames(144, 256)
              .seconds(seconds)
              .neurons(neurons)
              .distinctStimuli(4)
              .sparse(true)
              .trialMetadata(true, false)
              .dataKey("collection-" + i)
              .write());
    }
    return recordings;
  }

  /** Sets the start of the responses in seconds; default 1.6e9. */
  public Recordings start(double time) {
    this.start = time;
    return this;
  }

  /** Sets the length in seconds. */
  public Recordings seconds(double length) {
    this.seconds = length;
    return this;
  }

  /** Adds a screen, or changes what it shows. */
  public Recordings screen(Content what) {
    this.screen = true;
    this.content = what;
    return this;
  }

  /** Leaves the screen out. */
  public Recordings withoutScreen() {
    this.screen = false;
    return this;
  }

  /** Sets stored height and width of the frames. */
  public Recordings frames(int h, int w) {
    this.height = h;
    this.width = w;
    return this;
  }

  /** Sets height and width that the configuration asks for; default: as stored. */
  public Recordings outputFrames(int h, int w) {
    this.outHeight = h;
    this.outWidth = w;
    return this;
  }

  /** Chooses frames (H, W, 3). */
  public Recordings colour(boolean yes) {
    this.colour = yes;
    return this;
  }

  /** Sets the pixels' descriptor: {@code |u1}, {@code <f4} or {@code <f8}. */
  public Recordings pixels(String descr) {
    this.pixels = descr;
    return this;
  }

  /** Sets the frame rate in Hz and the largest deviation of a frame's time in seconds. */
  public Recordings frameRate(double hertz, double deviation) {
    this.frameRate = hertz;
    this.jitter = deviation;
    return this;
  }

  /** Sets the frames of a video trial; default 300. */
  public Recordings trialFrames(int n) {
    this.trialFrames = n;
    return this;
  }

  /** Sets how long images and blanks are shown, in seconds. */
  public Recordings holds(double image, double blank) {
    this.imageSeconds = image;
    this.blankSeconds = blank;
    return this;
  }

  /**
   * Sets how many trials in a row share a tier, and the share of those that are test or validation.
   */
  public Recordings tiers(int block, double share) {
    this.tierBlock = block;
    this.testShare = share;
    return this;
  }

  /** Sets the number of different stimuli; the others are links to them. 0: all differ. */
  public Recordings distinctStimuli(int n) {
    this.distinct = n;
    return this;
  }

  /** Chooses pixel files named after the stimulus. */
  public Recordings stimulusNames(boolean yes) {
    this.stimulusNames = yes;
    return this;
  }

  /** Chooses which trial metadata are written: combined_meta.json, meta/NNNNN.yml, or both. */
  public Recordings trialMetadata(boolean combined, boolean single) {
    this.combinedMeta = combined;
    this.singleMeta = single;
    return this;
  }

  /** Adds or replaces a sequence. */
  public Recordings sequence(SequencePlan plan) {
    sequences.put(plan.name(), plan);
    return this;
  }

  /**
   * Makes the values of sequences follow each other: a low-pass filter of so many seconds instead
   * of numbers drawn one by one. Pictures then look like a recording.
   */
  public Recordings smooth(double seconds) {
    smoothSeconds = seconds;
    return this;
  }

  /** Leaves a sequence out. */
  public Recordings without(String name) {
    sequences.remove(name);
    return this;
  }

  /** Returns the plan of a sequence, null where there is none. */
  public SequencePlan plan(String name) {
    return sequences.get(name);
  }

  /** Sets the number of responses. */
  public Recordings neurons(int n) {
    return sequence(sequences.get("responses").signals(n));
  }

  /** Sets rate in Hz and element type of the responses. */
  public Recordings responses(double rate, String descr) {
    return sequence(sequences.get("responses").rate(rate).descr(descr));
  }

  /** Adds spikes. */
  public Recordings spikes(int unitCount, long spikeCount) {
    this.units = unitCount;
    this.spikes = spikeCount;
    return this;
  }

  /** Sets the window in seconds that the configuration asks for. */
  public Recordings spikeWindow(double window) {
    this.spikeWindow = window;
    return this;
  }

  /** Chooses spikes.mem rather than spikes.npy. */
  public Recordings spikesMapped(boolean yes) {
    this.spikesMapped = yes;
    return this;
  }

  /** Adds time intervals under so many labels. */
  public Recordings labels(int n) {
    this.labels = n;
    return this;
  }

  /** Sets data_key in meta.json; default: a scan key. */
  public Recordings dataKey(String key) {
    this.dataKey = key;
    return this;
  }

  /** Chooses zeros without disk blocks for pixels and responses. */
  public Recordings sparse(boolean yes) {
    this.sparse = yes;
    return this;
  }

  /**
   * Writes the recording; once a builder.
   *
   * @throws IllegalArgumentException where the folder is not empty
   */
  public Recording write() {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new IllegalArgumentException(folder + " is not empty");
        }
      }
      SplittableRandom random = new SplittableRandom(seed);
      // drawn whether it is needed or not: a key of one's own changes nothing else
      Object scan =
          map(
              "scan_key",
              map(
                  "animal_id",
                  10_000 + random.nextInt(20_000),
                  "session",
                  random.nextInt(1, 30),
                  "scan_idx",
                  random.nextInt(1, 30)));
      Object key = dataKey != null ? map("data_key", dataKey) : scan;
      Files.writeString(folder.resolve("meta.json"), Json.write(key));
      Map<String, Object> modalities = new LinkedHashMap<>();
      List<Trial> trials = List.of();
      if (screen) {
        trials = writeScreen(random.split());
        modalities.put("screen", screenConfig());
      }
      for (SequencePlan plan : sequences.values()) {
        writeSequence(plan, random.split());
        modalities.put(plan.name(), sequenceConfig(plan));
      }
      if (units > 0) {
        writeSpikes(random.split());
        modalities.put(
            "spikes",
            map(
                "sampling_rate", 30,
                "chunk_size", 60,
                "interpolation", map("interpolation_window", spikeWindow)));
      }
      if (labels > 0) {
        writeLabels(random.split());
        modalities.put(
            "labels", map("sampling_rate", 30, "chunk_size", 60, "interpolation", map()));
      }
      return new Recording(folder, start, seconds, trials, map("modality_config", modalities));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> screenConfig() {
    int h = outHeight == 0 ? height : outHeight;
    int w = outWidth == 0 ? width : outWidth;
    List<Integer> size = List.of(h, w);
    return map(
        "keep_nans",
        false,
        "sampling_rate",
        30,
        "chunk_size",
        60,
        "valid_condition",
        map("tier", "train"),
        "offset",
        0,
        "sample_stride",
        1,
        "include_blanks",
        true,
        "transforms",
        map(
            "normalization",
            "normalize",
            "Resize",
            map("_target_", "torchvision.transforms.v2.Resize", "size", size)),
        "interpolation",
        rescale ? map("rescale", true, "rescale_size", size) : map());
  }

  private static Map<String, Object> sequenceConfig(SequencePlan plan) {
    boolean responses = plan.name().equals("responses");
    boolean linear = plan.phaseShifts() || plan.rate() >= 1000;
    Map<String, Object> config =
        map(
            "keep_nans",
            false,
            "sampling_rate",
            responses ? 8 : 30,
            "chunk_size",
            responses ? 16 : 60,
            "offset",
            0,
            "transforms",
            map(),
            "interpolation",
            map("interpolation_mode", linear ? "linear" : "nearest_neighbor"));
    if (plan.statistics() != 0) {
      config.put(
          "transforms", map("normalization", responses ? "normalize_variance_only" : "normalize"));
    }
    // a filter would read the whole of a file that has no NaN and no disk blocks
    if (!plan.sparse()) {
      config.put(
          "filters",
          map(
              "nan_filter",
              map(
                  "__target__",
                  "experanto.filters.common_filters.nan_filter",
                  "__partial__",
                  true,
                  "vicinity",
                  0.05)));
    }
    return config;
  }

  // ---- screen ----

  private record Shown(String kind, int frames, double seconds, String tier) {}

  private List<Trial> writeScreen(SplittableRandom random) throws IOException {
    Path device = Files.createDirectories(folder.resolve("screen"));
    Path data = Files.createDirectories(device.resolve("data"));
    Path meta = Files.createDirectories(device.resolve("meta"));
    List<Shown> plan = plan(random);
    double first = start + screenOffset;
    List<Trial> trials = new ArrayList<>();
    List<Double> clock = new ArrayList<>();
    double time = first;
    StringBuilder combined = new StringBuilder("{");
    for (int i = 0; i < plan.size(); i++) {
      Shown shown = plan.get(i);
      int firstFrame = clock.size();
      trials.add(new Trial(shown.kind(), shown.tier(), firstFrame, shown.frames(), time));
      for (int f = 0; f < shown.frames(); f++) {
        clock.add(time + f * shown.seconds() / shown.frames() + jitter * random.nextDouble());
      }
      time += shown.seconds();
      String key = String.format(Locale.ROOT, "%05d", i);
      // what is shown for testing is never trained on
      int tier = Math.max(0, List.of("train", "test", "validation").indexOf(shown.tier()));
      int stimulus = distinct == 0 ? i : i % distinct + tier * distinct;
      Map<String, Object> trial =
          trialMeta(shown, firstFrame, stimulusName(shown, stimulus), random);
      if (combinedMeta) {
        combined
            .append(i == 0 ? "" : ", ")
            .append('"')
            .append(key)
            .append("\": ")
            .append(Json.write(trial));
      }
      if (singleMeta) {
        Files.writeString(meta.resolve(key + ".yml"), yaml(trial));
      }
      if (shown.kind().equals("video") || shown.kind().equals("image")) {
        writePixels(data, key, shown, stimulus);
      }
    }
    if (combinedMeta) {
      Files.writeString(device.resolve("combined_meta.json"), combined.append('}'));
    }
    Files.writeString(
        device.resolve("meta.yml"),
        yaml(
            stimulusNames
                ? map("modality", "screen", "frame_rate", frameRate, "use_stimuli_names", true)
                : map("modality", "screen", "frame_rate", frameRate)));
    NpyFile.write(
        device.resolve("timestamps.npy"),
        clock.stream().mapToDouble(Double::doubleValue).toArray(),
        clock.size());
    NpyFile.write(meta.resolve("means.npy"), new double[] {112.5 + random.nextInt(10)}, 1);
    NpyFile.write(meta.resolve("stds.npy"), new double[] {57.25 + random.nextInt(10)}, 1);
    return trials;
  }

  private List<Shown> plan(SplittableRandom random) {
    double end = seconds - screenOffset + 0.8;
    List<Shown> plan = new ArrayList<>();
    double at = 0;
    String tier = "train";
    int inBlock = 0;
    for (int i = 0; at < end; i++) {
      String kind =
          switch (content) {
            case VIDEOS -> i % 9 == 8 ? "blank" : "video";
            case IMAGES -> i % 2 == 1 ? "blank" : "image";
            case MIXED -> {
              int r = random.nextInt(20);
              yield r < 10 ? "video" : r < 15 ? "image" : r < 18 ? "blank" : "invalid";
            }
          };
      boolean pictured = kind.equals("video") || kind.equals("image");
      if (pictured && inBlock++ % tierBlock == 0) {
        tier =
            random.nextDouble() >= testShare
                ? "train"
                : random.nextBoolean() ? "test" : "validation";
      }
      boolean video = kind.equals("video");
      // the last video ends where the recording does
      int frames =
          video ? (int) Math.max(1, Math.min(trialFrames, Math.ceil((end - at) * frameRate))) : 1;
      double length =
          video ? frames / frameRate : kind.equals("image") ? imageSeconds : blankSeconds;
      plan.add(
          new Shown(
              kind, frames, length, pictured ? tier : kind.equals("blank") ? "blank" : "none"));
      at += length;
    }
    return plan;
  }

  private Map<String, Object> trialMeta(
      Shown shown, int firstFrame, String name, SplittableRandom random) {
    boolean pictured = shown.kind().equals("video") || shown.kind().equals("image");
    List<Integer> size = colour ? List.of(height, width, 3) : List.of(height, width);
    Map<String, Object> meta =
        map(
            "first_frame_idx",
            firstFrame,
            "image_size",
            size,
            "modality",
            shown.kind(),
            "stim_type",
            shown.kind().equals("video") ? "stimulus.Clip" : "stimulus.Frame",
            "tier",
            shown.tier(),
            "valid_trial",
            !shown.kind().equals("invalid"));
    if (shown.kind().equals("video")) {
      meta.put("num_frames", shown.frames());
    }
    if (pictured) {
      meta.put("stimulus_name", name);
    } else {
      meta.put("interleave_value", 100 + random.nextInt(56));
    }
    return meta;
  }

  private static String stimulusName(Shown shown, int stimulus) {
    return (shown.kind().equals("video") ? "clip_" : "frame_") + stimulus;
  }

  private void writePixels(Path data, String key, Shown shown, int stimulus) throws IOException {
    boolean video = shown.kind().equals("video");
    String name = stimulusNames ? stimulusName(shown, stimulus) : key;
    Path file = data.resolve(name + ".npy");
    // a stimulus that is shown again in full length serves the last, shorter trial too
    int frames = video ? (distinct == 0 ? shown.frames() : trialFrames) : 1;
    Path same = distinct == 0 ? null : written.get(stimulusName(shown, stimulus));
    if (same == null) {
      writeFrames(file, video, frames, stimulus);
      written.put(stimulusName(shown, stimulus), file);
    } else if (!stimulusNames) {
      Files.createLink(file, same);
    }
  }

  private void writeFrames(Path file, boolean video, int frames, int stimulus) throws IOException {
    List<Long> axes = new ArrayList<>();
    if (video) {
      axes.add((long) frames);
    }
    axes.add((long) height);
    axes.add((long) width);
    if (colour) {
      axes.add(3L);
    }
    long[] shape = axes.stream().mapToLong(Long::longValue).toArray();
    if (sparse) {
      NpyFile.writeSparse(file, pixels, shape);
      return;
    }
    SplittableRandom random = new SplittableRandom(seed * 31 + stimulus);
    int kx = random.nextInt(10, 120);
    int ky = random.nextInt(10, 120);
    int speed = random.nextInt(40, 200);
    int channels = colour ? 3 : 1;
    int elementBytes = Integer.parseInt(pixels.substring(2));
    ByteBuffer frame =
        ByteBuffer.allocate(height * width * channels * elementBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    long noise = random.nextLong() | 1;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BLOCK_BYTES)) {
      out.write(NpyFile.header(pixels, false, shape));
      for (int t = 0; t < frames; t++) {
        frame.clear();
        for (int y = 0; y < height; y++) {
          int phase = y * ky + t * speed;
          for (int x = 0; x < width; x++, phase += kx) {
            for (int c = 0; c < channels; c++) {
              noise ^= noise << 13;
              noise ^= noise >>> 7;
              noise ^= noise << 17;
              int value = (WAVE[(phase + c * 1000) & (TABLE - 1)] & 0xff) + (int) (noise & 63);
              switch (elementBytes) {
                case 1 -> frame.put((byte) value);
                case 4 -> frame.putFloat(value + (noise >>> 8 & 255) / 256f);
                default -> frame.putDouble(value + (noise >>> 8 & 65535) / 65536.0);
              }
            }
          }
        }
        out.write(frame.array(), 0, frame.position());
      }
    }
  }

  // ---- sequences ----

  private void writeSequence(SequencePlan plan, SplittableRandom random) throws IOException {
    Path device = Files.createDirectories(folder.resolve(plan.name()));
    double first = start + plan.startOffset();
    double length = seconds + plan.endOffset() - plan.startOffset();
    long rows = (long) Math.floor(length * plan.rate() + 1e-6) + 1;
    int columns = plan.signals();
    double last = first + (rows - 1) / plan.rate();
    boolean zeros = plan.sparse() || sparse && plan.name().equals("responses");
    Map<String, Object> meta =
        map(
            "dtype",
            NumpyTypes.name(plan.descr()),
            "end_time",
            last,
            "is_mem_mapped",
            plan.memoryMapped(),
            "modality",
            "sequence",
            "n_signals",
            columns,
            "n_timestamps",
            rows,
            "phase_shift_per_signal",
            plan.phaseShifts(),
            "sampling_rate",
            plan.rate(),
            "start_time",
            first);
    if (plan.descr().startsWith(">")) {
      meta.put("dtype", plan.descr());
    }
    Path statistics = Files.createDirectories(device.resolve("meta"));
    double[] means = new double[columns];
    double[] stds = new double[columns];
    Path file = device.resolve(plan.memoryMapped() ? "data.mem" : "data.npy");
    if (zeros) {
      writeZeros(plan, file, rows);
      for (int j = 0; j < columns; j++) {
        means[j] = random.nextDouble();
        stds[j] = 0.5 + random.nextDouble();
      }
    } else {
      writeValues(plan, file, rows, random, means, stds);
    }
    if (plan.statistics() != 0) {
      long[] shape =
          switch (plan.statistics()) {
            case 1 -> new long[] {columns};
            case 2 -> new long[] {1, columns};
            default -> new long[] {columns, 1};
          };
      NpyFile.write(statistics.resolve("means.npy"), means, shape);
      NpyFile.write(statistics.resolve("stds.npy"), stds, shape);
    }
    if (plan.phaseShifts()) {
      double[] shifts = new double[columns];
      for (int j = 0; j < columns; j++) {
        shifts[j] = random.nextDouble() / plan.rate();
      }
      NpyFile.write(statistics.resolve("phase_shifts.npy"), shifts, columns);
    }
    if (plan.irregular()) {
      double[] times = new double[Math.toIntExact(rows)];
      for (int i = 0; i < times.length; i++) {
        times[i] =
            first
                + (i + (i == 0 || i == times.length - 1 ? 0 : 0.8 * random.nextDouble() - 0.4))
                    / plan.rate();
      }
      NpyFile.write(device.resolve("timestamps.npy"), times, rows);
    }
    Files.writeString(device.resolve("meta.yml"), yaml(meta));
  }

  private static void writeZeros(SequencePlan plan, Path file, long rows) throws IOException {
    if (!plan.memoryMapped()) {
      NpyFile.writeSparse(file, plan.descr(), rows, plan.signals());
      return;
    }
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(0);
      out.setLength(rows * plan.signals() * NumpyTypes.bytes(plan.descr()));
    }
  }

  private void writeValues(
      SequencePlan plan,
      Path file,
      long rows,
      SplittableRandom random,
      double[] means,
      double[] stds)
      throws IOException {
    int columns = plan.signals();
    boolean floating = plan.descr().charAt(1) == 'f';
    int code = NumpyTypes.code(plan.descr());
    long[] nanFirst = new long[floating ? plan.nanStretches() : 0];
    long[] nanLast = new long[nanFirst.length];
    int[] nanColumn = new int[nanFirst.length];
    for (int k = 0; k < nanFirst.length; k++) {
      nanFirst[k] = random.nextLong(rows);
      nanLast[k] = nanFirst[k] + 1 + random.nextLong(Math.max(1, rows / 100));
      // every second stretch is one signal alone
      nanColumn[k] = k % 2 == 0 ? -1 : random.nextInt(columns);
    }
    double[] scale = new double[columns];
    double[] shift = new double[columns];
    for (int j = 0; j < columns; j++) {
      scale[j] = 0.5 + 2 * random.nextDouble();
      shift[j] = 3 * random.nextDouble();
    }
    double[] sums = new double[columns];
    double[] squares = new double[columns];
    long[] counts = new long[columns];
    long[] state = {random.nextLong() | 1};
    double keep = smoothSeconds > 0 ? StrictMath.exp(-1 / (smoothSeconds * plan.rate())) : 0;
    // what the filter takes of the numbers' spread is given back
    double gain = Math.sqrt((1 + keep) / (1 - keep));
    double[] level = new double[columns];
    for (int j = 0; keep > 0 && j < columns; j++) {
      level[j] = (uniform(state) - 0.5) / gain;
    }
    long fortranBytes =
        plan.fortran() ? Math.multiplyExact(rows * columns, NumpyTypes.bytes(plan.descr())) : 0;
    int bytes = NumpyTypes.bytes(plan.descr());
    ByteOrder order = plan.descr().startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(fortranBytes)).order(order);
    ByteBuffer row = ByteBuffer.allocate(columns * bytes).order(order);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BLOCK_BYTES)) {
      if (!plan.memoryMapped()) {
        out.write(NpyFile.header(plan.descr(), plan.fortran(), rows, columns));
      }
      for (long i = 0; i < rows; i++) {
        row.clear();
        for (int j = 0; j < columns; j++) {
          double u = uniform(state);
          if (keep > 0) {
            level[j] = keep * level[j] + (1 - keep) * (u - 0.5);
            u = Math.clamp(0.5 + gain * level[j], 0, 1);
          }
          // positive, with a long tail, as activity has it
          double value = NumpyTypes.round(code, shift[j] + scale[j] * u * u * u * 10);
          for (int k = 0; k < nanFirst.length; k++) {
            if (i >= nanFirst[k] && i < nanLast[k] && (nanColumn[k] < 0 || nanColumn[k] == j)) {
              value = Double.NaN;
            }
          }
          if (!Double.isNaN(value)) {
            sums[j] += value;
            squares[j] += value * value;
            counts[j]++;
          }
          if (plan.fortran()) {
            whole.position(Math.toIntExact((j * rows + i) * bytes));
            NumpyTypes.put(whole, code, value);
          } else {
            NumpyTypes.put(row, code, value);
          }
        }
        if (!plan.fortran()) {
          out.write(row.array(), 0, row.position());
        }
      }
      if (plan.fortran()) {
        out.write(whole.array());
      }
    }
    for (int j = 0; j < columns; j++) {
      means[j] = counts[j] == 0 ? 0 : sums[j] / counts[j];
      double variance = counts[j] == 0 ? 0 : squares[j] / counts[j] - means[j] * means[j];
      stds[j] = variance > 0 ? Math.sqrt(variance) : 1;
    }
  }

  private static double uniform(long[] state) {
    long s = state[0];
    s ^= s << 13;
    s ^= s >>> 7;
    s ^= s << 17;
    state[0] = s;
    return (s >>> 11) * 0x1p-53;
  }

  // ---- spikes and labels ----

  private void writeSpikes(SplittableRandom random) throws IOException {
    Path device = Files.createDirectories(folder.resolve("spikes"));
    List<Long> indices = new ArrayList<>();
    indices.add(0L);
    long left = spikes;
    Path file = device.resolve(spikesMapped ? "spikes.mem" : "spikes.npy");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BLOCK_BYTES)) {
      if (!spikesMapped) {
        out.write(NpyFile.header("<f8", false, spikes));
      }
      for (int u = 0; u < units; u++) {
        int count =
            u == units - 1
                ? Math.toIntExact(left)
                : (int)
                    Math.min(
                        left,
                        Math.round(left / (double) (units - u) * (0.5 + random.nextDouble())));
        left -= count;
        indices.add(spikes - left);
        out.write(spikeTimes(count, random));
      }
    }
    Files.writeString(
        device.resolve("meta.yml"),
        yaml(
            map(
                "dtype", "float64",
                "end_time", start + seconds,
                "is_mem_mapped", spikesMapped,
                "modality", "spikes",
                "n_signals", units,
                "spike_indices", indices,
                "start_time", start)));
  }

  private byte[] spikeTimes(int count, SplittableRandom random) {
    double[] gaps = new double[count + 1];
    double total = 0;
    for (int i = 0; i <= count; i++) {
      gaps[i] = -StrictMath.log(1 - random.nextDouble());
      total += gaps[i];
    }
    ByteBuffer bytes = ByteBuffer.allocate(count * 8).order(ByteOrder.LITTLE_ENDIAN);
    double at = 0;
    for (int i = 0; i < count; i++) {
      at += gaps[i];
      bytes.putDouble(start + Math.min(1, at / total) * seconds);
    }
    return bytes.array();
  }

  private void writeLabels(SplittableRandom random) throws IOException {
    Path device = Files.createDirectories(folder.resolve("labels"));
    Map<String, Object> names = new LinkedHashMap<>();
    for (int l = 0; l < labels; l++) {
      int count = random.nextInt(1, 20);
      double[] rows = new double[2 * count];
      for (int i = 0; i < count; i++) {
        rows[2 * i] = start + seconds * (i + random.nextDouble() * 0.5) / count;
        rows[2 * i + 1] = rows[2 * i] + seconds * random.nextDouble() / count;
      }
      NpyFile.write(device.resolve("label_" + l + ".npy"), rows, count, 2);
      names.put("label_" + l, "label_" + l + ".npy");
    }
    Files.writeString(
        device.resolve("meta.yml"),
        yaml(
            map(
                "end_time",
                start + seconds,
                "labels",
                names,
                "modality",
                "time_interval",
                "start_time",
                start)));
  }

  /** Writes a map as block YAML with flow style inside. */
  private static String yaml(Map<String, Object> map) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Object> entry : map.entrySet()) {
      text.append(entry.getKey()).append(": ");
      yaml(text, entry.getValue());
      text.append('\n');
    }
    return text.toString();
  }

  private static void yaml(StringBuilder text, Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        text.append('{');
        map.forEach(
            (k, v) -> {
              text.append(text.charAt(text.length() - 1) == '{' ? "" : ", ").append(k).append(": ");
              yaml(text, v);
            });
        text.append('}');
      }
      case Iterable<?> items -> {
        text.append('[');
        for (Object item : items) {
          text.append(text.charAt(text.length() - 1) == '[' ? "" : ", ");
          yaml(text, item);
        }
        text.append(']');
      }
      // PyYAML takes 1.6E9 for a text
      case Double d -> {
        String plain = new BigDecimal(d.toString()).toPlainString();
        text.append(plain).append(plain.contains(".") ? "" : ".0");
      }
      case String string -> text.append(string.matches("[<>|].*") ? "'" + string + "'" : string);
      default -> text.append(value);
    }
  }
}
