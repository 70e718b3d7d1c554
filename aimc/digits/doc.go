// Package digits draws a data set of printed digits, so that networks can be
// trained and evaluated with nothing downloaded.
//
// An image has 28 x 28 pixels from 0 (paper) to 1 (ink), as in MNIST. A digit is the
// outline of a font's glyph, slanted, turned, stretched and shifted at random, bent
// by an elastic distortion (P. Y. Simard, D. Steinkraus and J. C. Platt, ICDAR 2003,
// doi:10.1109/ICDAR.2003.1227801), drawn with random contrast on an uneven ground, struck
// through by a line now and then, and covered with noise. The faces are those of the
// Liberation and the Go fonts; Train and Test have none in common, so a classifier
// is tested on shapes that it has not seen.
//
// Image i of a key is the same whatever else is drawn.
package digits
