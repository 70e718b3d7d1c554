// Package catalog lists the models of all packages of devices by name.
//
// A name is that of a law, such as vteam, which stands for its documented default
// preset, or of a published parameter set of it, such as vteam/memtorch. New
// makes a fresh model whose parameters may then be changed; whether it is a
// device.Element or a device.CellModel shows by type assertion.
//
// A package of devices enters the catalog by its function Models, listed in All.
package catalog
