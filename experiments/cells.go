package experiments

import (
	"fmt"

	"gonum.org/v1/gonum/stat"

	"mho/device"
	"mho/internal/quantity"
	"mho/noise"
)

// targets takes the device of a study whose cells are programmed to targets, with the processes that
// [noise] asks for, and returns the range of its targets in S. Those of the slots about are there
// unless [noise] switches them off.
func (c *Config) targets(about ...string) (m device.CellModel, min, max float64, err error) {
	if m, err = c.Cells(); err != nil {
		return nil, 0, 0, err
	}
	pop, err := m.NewPopulation(1, 1, c.Env, noise.Key{})
	if err != nil {
		return nil, 0, 0, c.Errorf("device", "%v", err)
	}
	if _, ok := pop.(device.Target); !ok {
		return nil, 0, 0, c.Errorf("device.model", "%s cannot be programmed to a target: must be a model with closed-loop programming", m.Info().Name)
	}
	min, max = pop.Range()
	m, err = c.processes(m, nil, about...)
	return m, min, max, err
}

// states checks a list of targets, or makes one of n levels with even distances, the last at the end
// of the range and the first a step above its beginning.
func (c *Config) states(path string, g []float64, n int, min, max float64) ([]float64, error) {
	if len(g) == 0 {
		for i := range n {
			g = append(g, min+(max-min)*float64(i+1)/float64(n))
		}
		return g, nil
	}
	for i, x := range g {
		if x < min || x > max {
			return nil, c.Errorf(path, "entry %d, %s, is out of range: must be from %s to %s, as the device", i+1, quantity.Format(x, "S"), quantity.Format(min, "S"), quantity.Format(max, "S"))
		}
		if i > 0 && x <= g[i-1] {
			return nil, c.Errorf(path, "entry %d, %s, is not above the one before: must increase", i+1, quantity.Format(x, "S"))
		}
	}
	return g, nil
}

// state checks a target in S, or sets one of 0 to usual.
func (c *Config) state(path string, g *float64, usual, min, max float64) error {
	if *g == 0 {
		*g = usual
	}
	if *g < min || *g > max {
		return c.Errorf(path, "%s is out of range: must be from %s to %s, as the device", quantity.Format(*g, "S"), quantity.Format(min, "S"), quantity.Format(max, "S"))
	}
	return nil
}

// programAll programs each cell to one target.
func programAll(p device.Population, target float64, env device.Env, key noise.Key) error {
	rows, cols := p.Dims()
	g := make([]float64, rows*cols)
	for i := range g {
		g[i] = target
	}
	_, err := p.(device.Target).ProgramTo(g, env, key)
	return err
}

// relativeStd returns standard deviation over mean, 0 for a mean of 0.
func relativeStd(x []float64) float64 {
	mean, std := stat.MeanStdDev(x, nil)
	if mean == 0 {
		return 0
	}
	return std / mean
}

// stateName names a state in results, counted from 1.
func stateName(i int) string { return fmt.Sprintf("state%d", i+1) }
