package experiments

import (
	"slices"
	"strings"

	"mho/device"
	"mho/noise"
)

// processes takes the table [noise]: the study's own keys, and the random processes of the
// cells. A process that a device carries is switched off by false and replaced by a table,
//
//	[noise]
//	drift = false
//	[noise.read]
//	process = "rtn"
//	amplitude = 0.05
//
// and one that it does not carry is added by a table, or with its defaults by true. Those that the study
// is about, named by their slots, are there unless they are switched off. It returns the model as
// [noise] wants it.
func (c *Config) processes(m device.CellModel, own []device.Param, about ...string) (device.CellModel, error) {
	carried := map[string]bool{}
	for _, p := range device.Carries(m) {
		carried[p.Slot] = true
	}
	params := slices.Clone(own)
	values := map[string]*bool{}
	tables := map[string]noise.Process{}
	for _, s := range device.Slots() {
		at := slices.IndexFunc(params, func(p device.Param) bool { return p.Name == s.Name })
		if !c.doc.IsTable("noise." + s.Name) {
			if at < 0 {
				on := carried[s.Name] || slices.Contains(about, s.Name)
				values[s.Name] = &on
				params = append(params, device.Param{Name: s.Name, Value: &on, Meaning: meaning(s, on)})
			}
			continue
		}
		p, more, err := c.process(s)
		if err != nil {
			return nil, err
		}
		tables[s.Name] = p
		if at >= 0 {
			params = slices.Delete(params, at, at+1)
		}
		params = append(params, more...)
	}
	if err := c.Section("noise", params); err != nil {
		return nil, err
	}
	var o device.Overlay
	var off []string
	for _, s := range device.Slots() {
		path := "noise." + s.Name
		p := tables[s.Name]
		if on := values[s.Name]; on != nil {
			switch {
			case !*on:
				off = append(off, s.Switch)
			case !carried[s.Name] && slices.Contains([]string{"programming", "drift", "read"}, s.Name):
				return nil, c.Errorf(path, "%s has none of its own: must be false, or a table [%s] with a process", m.Info().Name, path)
			case !carried[s.Name]:
				var err error
				if p, err = noise.NewProcess(s.Process); err != nil {
					return nil, err
				}
			}
		}
		if p == nil {
			continue
		}
		off = append(off, s.Switch)
		if err := noise.CheckProcess(p); err != nil {
			return nil, c.Errorf(path, "%s", strings.TrimPrefix(err.Error(), p.Info().Name+": "))
		}
		if err := o.Set(s.Name, p); err != nil {
			return nil, c.Errorf(path+".process", "%v", err)
		}
		c.Cite(p.Info().References...)
	}
	m, err := device.Without(m, off...)
	if err != nil || !slices.ContainsFunc(device.Slots(), func(s device.Slot) bool {
		return tables[s.Name] != nil || values[s.Name] != nil && *values[s.Name] && !carried[s.Name]
	}) {
		return m, err
	}
	l, err := device.WithProcesses(m, o)
	if err != nil {
		return nil, c.Errorf("noise", "%v", err)
	}
	return l, nil
}

// meaning tells of a slot without a table.
func meaning(s device.Slot, carried bool) string {
	if carried {
		return s.Meaning + " as the device has it; false leaves it out, a table with a process replaces it"
	}
	switch s.Name {
	case "programming", "drift", "read":
		return s.Meaning + ": not of the device's own; a table with a process adds it"
	}
	return s.Meaning + ": true adds the process " + s.Process + " with its defaults, a table any"
}

// process makes the process that a table asks for, and its parameters under the table's name.
func (c *Config) process(s device.Slot) (noise.Process, []device.Param, error) {
	path := "noise." + s.Name + ".process"
	name, ok := c.doc.Text(path)
	if !ok {
		name = s.Process
	}
	p, err := noise.NewProcess(name)
	if err != nil {
		return nil, nil, c.Errorf(path, "%v", err)
	}
	params := []device.Param{{Name: s.Name + ".process", Value: &name, Meaning: "a process, see mho list noise"}}
	for _, q := range p.Params() {
		q.Name = s.Name + "." + q.Name
		for i, a := range q.Aliases {
			q.Aliases[i] = s.Name + "." + a
		}
		params = append(params, q)
	}
	return p, params, nil
}
