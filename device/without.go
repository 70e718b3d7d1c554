package device

import (
	"fmt"
	"reflect"
)

// Without returns a copy of m in which the switches of these names, parameters that are true or
// false, are false; if none of them is true it returns m itself. A model that has no such parameter has no such process. m is
// only read, so that several goroutines may share it. The error tells that m is no pointer to a
// struct that holds its switches itself.
func Without(m CellModel, switches ...string) (CellModel, error) {
	off := map[string]bool{}
	for _, name := range switches {
		off[name] = true
	}
	var on []int
	params := m.Params()
	for i, p := range params {
		if v, ok := p.Value.(*bool); ok && off[p.Name] && *v {
			on = append(on, i)
		}
	}
	if len(on) == 0 {
		return m, nil
	}
	name := m.Info().Name
	from := reflect.ValueOf(m)
	if from.Kind() != reflect.Pointer || from.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("device %s: %s cannot be switched off: the model is no pointer to a struct", name, params[on[0]].Name)
	}
	to := reflect.New(from.Elem().Type())
	to.Elem().Set(from.Elem())
	own := to.Interface().(CellModel)
	copied := own.Params()
	for _, i := range on {
		v := copied[i].Value.(*bool)
		if v == params[i].Value.(*bool) {
			return nil, fmt.Errorf("device %s: %s cannot be switched off: a copy of the model shares it", name, copied[i].Name)
		}
		*v = false
	}
	return own, nil
}
