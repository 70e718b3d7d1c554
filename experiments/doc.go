// Package experiments runs studies: from a TOML file through device, array and
// tile to a result table and figures.
//
// An Experiment is one kind of study, in one file of this package, with an
// embedded TOML in configs/ that a user copies and edits. Its Study computes
// one point of the sweep; its Draw turns all points into figures. The runner
// does the rest: it decodes and checks every point before any work starts,
// computes points in parallel, keeps each finished one on disk so that an
// interrupted run resumes, and writes data.csv, a CSV per panel, the figures in
// each format, references.bib, manifest.json and the report index.html.
//
// Results do not depend on the number of workers, on shards or on restarts: a
// point's random numbers come from the seed and its repeat alone, so points of
// one repeat also share their devices, and differences along an axis are not
// blurred by fresh draws.
package experiments
