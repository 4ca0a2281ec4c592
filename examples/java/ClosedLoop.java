/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.syncline.ChunkDataset;
import org.syncline.DefaultConfigs;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;

/**
 * A decoder in a closed loop: each tick takes one chunk, decodes the animal's speed from responses,
 * and learns from the speed that was measured. A chunk that is not there in time is a miss, and the
 * loop goes on.
 *
 * <pre>
 *   java --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp … \
 *       examples/java/ClosedLoop.java RECORDING [TICKS [TICKS_PER_SECOND]]
 * </pre>
 *
 * The recording has responses and a treadmill. In steady state a tick allocates the object of its
 * batch and nothing else, so that no collection of garbage comes between two ticks.
 */
public final class ClosedLoop {
  private static final Duration IN_TIME = Duration.ofMillis(5);
  private static final int WARM_UP = 3_000;

  public static void main(String[] args) throws Exception {
    Path recording = Path.of(args[0]);
    int ticks = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    long period = 1_000_000_000L / (args.length > 2 ? Integer.parseInt(args[2]) : 500);
    var types = Map.of("responses", ElementType.FLOAT32, "treadmill", ElementType.FLOAT32);
    try (var dataset = ChunkDataset.open(recording, DefaultConfigs.forRecording(recording));
        var loader = ChunkLoader.builder().dataset(dataset).types(types).latencyMode().build()) {
      if (!dataset.awaitSteady(Duration.ofSeconds(60))) {
        System.out.println("the kernels are still being compiled: the first ticks will be slower");
      }
      Decoder decoder = new Decoder();
      long[] nanos = new long[ticks];
      int misses = 0;
      int done = 0;
      long allocated = 0;
      var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long due = System.nanoTime();
      for (int tick = -WARM_UP; done < ticks; tick++) {
        if (tick == 0) { // the loop itself is compiled now
          due = System.nanoTime();
          allocated = -threads.getCurrentThreadAllocatedBytes();
        }
        if (tick >= 0) {
          due += period;
          for (long left; (left = due - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
          }
        }
        long begin = System.nanoTime();
        try (Batch chunk = loader.next(IN_TIME)) {
          if (chunk == null) {
            continue; // an epoch has ended, and the next call begins another
          }
          decoder.decode(chunk);
          if (tick >= 0) {
            nanos[done++] = System.nanoTime() - begin;
          }
        } catch (TimeoutException e) {
          misses++;
        }
      }
      allocated += threads.getCurrentThreadAllocatedBytes();
      Arrays.sort(nanos);
      System.out.printf(
          "%d ticks, %d misses, p50 %.1f us, p99 %.1f us, p99.9 %.1f us%n",
          ticks, misses, at(nanos, 0.5), at(nanos, 0.99), at(nanos, 0.999));
      System.out.printf("%.1f bytes allocated a tick%n", allocated / (double) ticks);
      System.out.printf(
          "error of the speed: %.3f at first, %.3f at last%n",
          decoder.firstError, decoder.lastError);
    }
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) (share * (sorted.length - 1))] / 1e3;
  }

  /** Least mean squares, normalised: a weight for each neuron, corrected a little each tick. */
  private static final class Decoder {
    private static final float RATE = 0.05f;

    private float[] weights;
    private float[] input;
    private int responses;
    private int treadmill;
    private int seen;
    double firstError;
    double lastError;

    /** Returns the speed that the responses of a chunk tell of. */
    float decode(Batch chunk) {
      if (weights == null) {
        responses = chunk.index("responses");
        treadmill = chunk.index("treadmill");
        weights = new float[(int) chunk.tensor(responses).size(2)];
        input = new float[weights.length];
      }
      mean(chunk.tensor(responses), input);
      float power = 1e-6f;
      float speed = 0;
      for (int n = 0; n < input.length; n++) {
        speed += weights[n] * input[n];
        power += input[n] * input[n];
      }
      float error = last(chunk.tensor(treadmill)) - speed;
      float step = Float.isNaN(error) ? 0 : RATE * error / power;
      for (int n = 0; n < input.length; n++) {
        weights[n] += step * input[n];
      }
      if (!Float.isNaN(error)) {
        lastError = seen == 0 ? Math.abs(error) : lastError + 0.01 * (Math.abs(error) - lastError);
        firstError = seen++ == 100 ? lastError : firstError;
      }
      return speed;
    }

    /** Averages (1, T, N) over T; a neuron with NaN counts as silent. */
    private static void mean(Tensor tensor, float[] into) {
      MemorySegment data = tensor.data();
      int times = (int) tensor.size(1);
      for (int n = 0; n < into.length; n++) {
        float sum = 0;
        for (int t = 0; t < times; t++) {
          sum += data.getAtIndex(ValueLayout.JAVA_FLOAT, (long) t * into.length + n);
        }
        into[n] = Float.isNaN(sum) ? 0 : sum / times;
      }
    }

    /** Returns the first signal's last value of (1, T, N). */
    private static float last(Tensor tensor) {
      return tensor
          .data()
          .getAtIndex(ValueLayout.JAVA_FLOAT, (tensor.size(1) - 1) * tensor.size(2));
    }
  }
}
