# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes poisson.onnx: one step of gradient descent of a Poisson regression, as TrainOnnx.java takes it.

    pip install onnx==1.23.2 && python examples/java/make_poisson.py examples/java/poisson.onnx

x (B, T) is the mean brightness of each frame, y (B, N) the mean response; rates are exp(x W). The gradient of
mean(rate - y log rate) is written out, for ONNX Runtime's Java package has no training.
"""

import sys

from onnx import TensorProto, checker, helper, save

RATE = 0.1


def number(name, value):
    return helper.make_tensor(name, TensorProto.FLOAT, [], [value])


def axes(name, *values):
    return helper.make_tensor(name, TensorProto.INT64, [len(values)], values)


node = helper.make_node
graph = helper.make_graph(
    [
        node("ReduceMean", ["screen", "pixels"], ["x"], keepdims=0),
        node("ReduceMean", ["responses", "times"], ["y"], keepdims=0),
        node("MatMul", ["x", "weights"], ["log_rate"]),
        node("Exp", ["log_rate"], ["rate"]),
        node("Mul", ["y", "log_rate"], ["likely"]),
        node("Sub", ["rate", "likely"], ["losses"]),
        node("ReduceMean", ["losses"], ["loss"], keepdims=0),
        node("Sub", ["rate", "y"], ["error"]),
        node("Transpose", ["x"], ["xt"], perm=[1, 0]),
        node("MatMul", ["xt", "error"], ["sum"]),
        node("Size", ["y"], ["count"]),
        node("Cast", ["count"], ["n"], to=TensorProto.FLOAT),
        node("Div", ["sum", "n"], ["gradient"]),
        node("Mul", ["gradient", "learning_rate"], ["step"]),
        node("Sub", ["weights", "step"], ["new_weights"]),
    ],
    "poisson",
    [
        helper.make_tensor_value_info("screen", TensorProto.FLOAT, ["B", 1, "T", "H", "W"]),
        helper.make_tensor_value_info("responses", TensorProto.FLOAT, ["B", "R", "N"]),
        helper.make_tensor_value_info("weights", TensorProto.FLOAT, ["T", "N"]),
    ],
    [
        helper.make_tensor_value_info("loss", TensorProto.FLOAT, []),
        helper.make_tensor_value_info("new_weights", TensorProto.FLOAT, ["T", "N"]),
    ],
    [axes("pixels", 1, 3, 4), axes("times", 1), number("learning_rate", RATE)],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8, producer_name="syncline")
checker.check_model(model, full_check=True)
save(model, sys.argv[1])
