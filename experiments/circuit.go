package experiments

import (
	"mho/device"
	"mho/internal/quantity"
)

// circuit is what stands between the source and an element, in the table [study].
type circuit struct {
	series     float64           // ohm
	compliance float64           // A; 0 is none
	transistor device.Transistor // none if its gate is at 0 V
}

// newCircuit returns a circuit of nothing, with a transistor of round numbers for
// those who give it a gate voltage.
func newCircuit() circuit {
	return circuit{transistor: roundTransistor()}
}

// roundTransistor is a square-law transistor of round numbers.
func roundTransistor() device.Transistor {
	return device.Transistor{VTh: 0.5, B: 200e-6, Alpha: 2, K: 1}
}

func (c *circuit) params() []device.Param {
	params := []device.Param{
		{Name: "series", Value: &c.series, Unit: "ohm", Range: quantity.NonNegative(), Meaning: "resistance in series with the element"},
		{Name: "compliance", Value: &c.compliance, Unit: "A", Range: quantity.NonNegative(), Meaning: "largest current of the source; 0 is no limit"},
	}
	return append(params, prefixed("transistor", c.transistor.Params(), "; 0 V is no transistor")...)
}

// prefixed puts the name of a table before parameters and a remark behind the
// meaning of the first.
func prefixed(table string, params []device.Param, remark string) []device.Param {
	for i := range params {
		params[i].Name = table + "." + params[i].Name
	}
	params[0].Meaning += remark
	return params
}

// validate reports a wrong transistor.
func (c *circuit) validate(cfg *Config) error {
	if err := c.transistor.Validate(); err != nil {
		return cfg.Errorf("study.transistor", "%v", err)
	}
	return nil
}

// around puts the circuit around an element.
func (c *circuit) around(el device.Element) device.Element {
	if c.series > 0 {
		el = device.WithSeries(el, c.series)
	}
	if c.transistor.VGate != 0 {
		el = device.WithTransistor(el, c.transistor)
	}
	if c.compliance > 0 {
		el = device.WithCompliance(el, c.compliance)
	}
	return el
}
