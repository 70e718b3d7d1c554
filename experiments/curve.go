package experiments

import (
	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
)

// curveConfig is the law of an array's devices, in the table [array].
type curveConfig struct {
	law        string
	v0         float64 // V
	selector   crossbar.Selector
	transistor crossbar.Transistor
	schottky   crossbar.Schottky
}

// laws are the names of array.iv.
var laws = []string{"ohmic", "sinh", "poole-frenkel", "schottky", "selector", "transistor"}

// newCurveConfig returns ohmic devices, with a selector, a transistor and a Schottky
// contact of round numbers for those who ask for one.
func newCurveConfig() curveConfig {
	c := curveConfig{
		law: "ohmic", v0: 0.25,
		selector:   crossbar.Selector{GOff: 1e-9, ROn: 1e3, VTh: 0.6, VHold: 0.3},
		transistor: crossbar.Transistor(roundTransistor()),
		schottky:   crossbar.Schottky{IS: 1e-9, N: 1.5, VT: 0.02585},
	}
	c.transistor.VGate = 1.5
	return c
}

func (c *curveConfig) params() []device.Param {
	params := []device.Param{
		{Name: "iv", Value: &c.law, Options: laws, Meaning: "current-voltage law of the devices; schottky, selector and transistor put a contact, a threshold switch or a transistor in series with each", Source: "assumption"},
		{Name: "v0", Value: &c.v0, Unit: "V", Range: quantity.Positive(), Meaning: "voltage scale of the laws sinh and poole-frenkel", Source: "assumption"},
	}
	params = append(params, prefixed("selector", c.selector.Params(), "")...)
	params = append(params, prefixed("transistor", c.transistor.Params(), "")...)
	return append(params, prefixed("schottky", c.schottky.Params(), "")...)
}

// validate reports a wrong law.
func (c *curveConfig) validate(cfg *Config) error {
	if v, ok := c.curve().(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			return cfg.Errorf("array."+c.law, "%v", err)
		}
	}
	return nil
}

// curve returns the law. A selector starts with all switches off.
func (c *curveConfig) curve() crossbar.IVCurve {
	switch c.law {
	case "sinh":
		return crossbar.Sinh{V0: c.v0}
	case "poole-frenkel":
		return crossbar.PooleFrenkel{V0: c.v0}
	case "schottky":
		return c.schottky
	case "transistor":
		return c.transistor
	case "selector":
		s := c.selector
		s.On = nil
		return &s
	}
	return crossbar.Ohmic{}
}

// schemeNames are the names of study.scheme.
func schemeNames() []string {
	var names []string
	for _, s := range crossbar.Schemes {
		names = append(names, string(s))
	}
	return names
}
