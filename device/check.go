package device

import "fmt"

// Check returns an error if a parameter of m is outside its range or m is not
// valid. The error names the parameter, its value and what is allowed.
func Check(m Model) error {
	for _, p := range m.Params() {
		if err := p.Check(); err != nil {
			return fmt.Errorf("%s: %w", m.Info().Name, err)
		}
	}
	if err := m.Validate(); err != nil {
		return fmt.Errorf("%s: %w", m.Info().Name, err)
	}
	return nil
}
