package experiments

import (
	"mho/crossbar"
	"mho/device"
	"mho/internal/quantity"
)

// curveConfig is the law of an array's devices, in the table [array].
type curveConfig struct {
	law      string
	v0       float64 // V
	selector crossbar.Selector
}

// laws are the names of array.iv.
var laws = []string{"ohmic", "sinh", "poole-frenkel", "selector"}

// newCurveConfig returns ohmic devices, with a selector of round numbers for
// those who ask for one.
func newCurveConfig() curveConfig {
	return curveConfig{law: "ohmic", v0: 0.25, selector: crossbar.Selector{GOff: 1e-9, ROn: 1e3, VTh: 0.6, VHold: 0.3}}
}

func (c *curveConfig) params() []device.Param {
	params := []device.Param{
		{Name: "iv", Value: &c.law, Options: laws, Meaning: "current-voltage law of the devices; selector puts a threshold switch in series with each", Source: "assumption"},
		{Name: "v0", Value: &c.v0, Unit: "V", Range: quantity.Positive(), Meaning: "voltage scale of the laws sinh and poole-frenkel", Source: "assumption"},
	}
	for _, p := range c.selector.Params() {
		p.Name = "selector." + p.Name
		params = append(params, p)
	}
	return params
}

// validate reports a wrong selector.
func (c *curveConfig) validate(cfg *Config) error {
	if c.law != "selector" {
		return nil
	}
	if err := c.selector.Validate(); err != nil {
		return cfg.Errorf("array.selector", "%v", err)
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
