// Package stats holds the statistics of device studies: estimates with
// confidence intervals, distributions fitted to measured populations, and what
// they say about cells that were not measured.
//
// An Estimate is a number with its standard error and a two-sided confidence
// interval. Mean, StdDev, Quantile, CoefficientOfVariation, Proportion and
// Correlation give those of a sample in closed form; Bootstrap those of any
// other statistic.
//
//	FitNormal, FitLognormal, FitWeibull, FitExponential   maximum likelihood, also of censored data
//	FitPowerLaw                                            drift, G = a (t/t0)^-nu
//	KolmogorovSmirnov, AndersonDarling, ChiSquare          goodness of fit
//	Decompose                                              device-to-device and cycle-to-cycle variance
//	ProbabilityPoints, Probit, WeibullScale                probability plots with bands
//	Fit.Tail, FitExcess, RareEvent, DesignPoint            rare failures
//	Sobol, Tornado                                         what a result depends on
//
// Data are plain slices in whatever unit the caller has; results are in the same.
// Every function refuses an empty sample, NaN and infinities, and names the entry
// by its number, counted from 0. What is random is keyed by a noise.Key: the same
// key gives the same bits for any number of workers.
package stats
