// Package network runs neural networks whose weight matrices lie on analog tiles.
//
// A Network is a chain of layers with their weights: Dense, Conv, Pool, Activation, BatchNorm,
// LayerNorm, Add (residual connections), Attention, LSTM, Position, Mean, Flatten and Reshape.
// Its products with stored matrices go through a table of matrices; everything else (biases, activations,
// normalisation, the products of attention, the gates of an LSTM) is digital, in float32. So one
// network is evaluated in three ways that differ in the products only:
//
//   - Network.Outputs multiplies in float32: the reference;
//   - an Analog has a tile (aimc.Tile) for every matrix: programmed, ageing, read with noise;
//   - Train multiplies by weights with noise, steps and limits if asked for (hardware-aware training,
//     V. Joshi et al., doi:10.1038/s41467-020-16108-9).
//
// A convolution is mapped as hardware does it: the kernels of one output channel are one column of the
// tile, its rows are channel, kernel row and kernel column, and every position of the
// image is an input vector. Batch normalisation with fixed statistics is folded into the matrix before it
// (FoldBatchNorm), so that it costs nothing on the tile.
//
// Shapes are [features], [steps, features] for sequences and [channels, rows, columns] for
// images. Names and layout of weights are those of PyTorch's state_dict, so that
// a model's arrays saved by numpy.savez load as they are.
//
// Results do not depend on the number of workers, nor on how inputs are divided into batches beyond rounding.
package network
