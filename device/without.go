package device

import (
	"fmt"
	"reflect"
)

// Copy returns a model of its own with the parameters of m, which is only read, so
// that several goroutines may share it. The error tells that m is no pointer to a
// struct that holds its parameters itself.
func Copy[M Model](m M) (M, error) {
	var none M
	from := reflect.ValueOf(m)
	if from.Kind() != reflect.Pointer || from.Elem().Kind() != reflect.Struct {
		return none, fmt.Errorf("device %s: cannot be copied: the model is no pointer to a struct", m.Info().Name)
	}
	to := reflect.New(from.Elem().Type())
	to.Elem().Set(from.Elem())
	own := to.Interface().(M)
	params := m.Params()
	for i, p := range own.Params() {
		if p.Value == params[i].Value {
			return none, fmt.Errorf("device %s: cannot be copied: a copy of the model shares %s", m.Info().Name, p.Name)
		}
	}
	return own, nil
}

// Without returns a copy of m in which the switches of these names, parameters that are true or
// false, are false; if none of them is true it returns m itself. A model that has no such parameter has no such process. M is
// only read. The errors are those of Copy.
func Without(m CellModel, switches ...string) (CellModel, error) {
	if l, ok := m.(*Layered); ok {
		return l.without(switches)
	}
	off := map[string]bool{}
	for _, name := range switches {
		off[name] = true
	}
	var on []int
	for i, p := range m.Params() {
		if v, ok := p.Value.(*bool); ok && off[p.Name] && *v {
			on = append(on, i)
		}
	}
	if len(on) == 0 {
		return m, nil
	}
	own, err := Copy(m)
	if err != nil {
		return nil, err
	}
	params := own.Params()
	for _, i := range on {
		*params[i].Value.(*bool) = false
	}
	return own, nil
}
