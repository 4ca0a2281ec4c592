/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.syncline.ChunkDataset;
import org.syncline.DefaultConfigs;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;

/**
 * Trains with ONNX Runtime on memory of the loader, without a copy: a Poisson regression of
 * responses on the brightness of the video, whose every step is one run of poisson.onnx.
 *
 * <pre>
 *   java --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp … \
 *       examples/java/TrainOnnx.java RECORDING examples/java/poisson.onnx [EPOCHS]
 * </pre>
 *
 * On the class path: Syncline, and com.microsoft.onnxruntime:onnxruntime.
 */
public final class TrainOnnx {
  public static void main(String[] args) throws Exception {
    Path recording = Path.of(args[0]);
    int epochs = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    var types = Map.of("screen", ElementType.FLOAT32, "responses", ElementType.FLOAT32);
    var environment = OrtEnvironment.getEnvironment();
    try (var dataset = ChunkDataset.open(recording, DefaultConfigs.forRecording(recording));
        var loader =
            ChunkLoader.builder().dataset(dataset).types(types).batchSize(4).seed(1L).build();
        var session = environment.createSession(args[1])) {
      FloatBuffer weights = null;
      boolean copied = false;
      for (int epoch = 0; epoch < epochs; epoch++) {
        double sum = 0;
        int steps = 0;
        for (Batch batch : loader.remaining()) {
          // closed in reverse order: the batch lives until ONNX Runtime is done with its memory
          try (batch;
              OnnxTensor screen = share(environment, batch.tensor("screen"));
              OnnxTensor responses = share(environment, batch.tensor("responses"))) {
            copied |= isCopy(screen, batch.tensor("screen"));
            copied |= isCopy(responses, batch.tensor("responses"));
            if (weights == null) {
              weights = zeros(batch.tensor("screen").size(2), batch.tensor("responses").size(2));
            }
            sum += step(environment, session, screen, responses, weights);
            steps++;
          }
        }
        System.out.printf("epoch %d: loss %.4f%n", epoch, sum / steps);
      }
      System.out.println(copied ? "memory was copied" : "no memory was copied");
    }
  }

  /** Shows a tensor to ONNX Runtime, which takes the address of a direct buffer in native order. */
  private static OnnxTensor share(OrtEnvironment environment, Tensor tensor) throws Exception {
    return OnnxTensor.createTensor(
        environment, tensor.asByteBuffer().asFloatBuffer(), tensor.shape());
  }

  /** Returns whether ONNX Runtime made a buffer of its own for a tensor. */
  private static boolean isCopy(OnnxTensor shown, Tensor tensor) {
    return shown.ownsBuffer()
        || MemorySegment.ofBuffer(shown.getBufferRef().orElseThrow()).address()
            != tensor.data().address();
  }

  /** Takes one step of gradient descent and returns the loss before it. */
  private static double step(
      OrtEnvironment environment,
      OrtSession session,
      OnnxTensor screen,
      OnnxTensor responses,
      FloatBuffer weights)
      throws Exception {
    long neurons = responses.getInfo().getShape()[2];
    long[] shape = {weights.capacity() / neurons, neurons};
    try (OnnxTensor before = OnnxTensor.createTensor(environment, weights, shape);
        OrtSession.Result result =
            session.run(Map.of("screen", screen, "responses", responses, "weights", before))) {
      weights.put(
          0,
          ((OnnxTensor) result.get("new_weights").orElseThrow()).getFloatBuffer(),
          0,
          weights.capacity());
      return ((OnnxTensor) result.get("loss").orElseThrow()).getFloatBuffer().get(0);
    }
  }

  private static FloatBuffer zeros(long times, long neurons) {
    int bytes = Math.toIntExact(times * neurons * Float.BYTES);
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
