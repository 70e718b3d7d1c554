package device

import (
	"fmt"
	"slices"
	"strings"

	"mho/noise"
)

// Slots are the keys of [noise] under which a population has its random processes.
var slots = []struct{ name, own, usual, what string }{
	{"d2d", "d2d", "variability", "devices differ"},
	{"programming", "programming_noise", "variability", "programming misses its targets"},
	{"drift", "drift", "power-law-drift", "conductances drift"},
	{"read", "read_noise", "flicker", "reads are noisy"},
	{"rtn", "rtn", "rtn", "reads have random telegraph noise besides"},
	{"thermal", "thermal_noise", "thermal", "reads have thermal noise besides"},
	{"shot", "shot_noise", "shot", "reads have shot noise besides"},
	{"circuit", "circuit_noise", "circuit", "reads have the noise of an amplifier besides"},
	{"retention", "retention", "retention", "cells lose what they store"},
	{"endurance", "endurance", "endurance", "cells wear out"},
	{"faults", "faults", "faults", "cells are faulty"},
	{"disturb", "disturb", "read-disturb", "cells are disturbed"},
}

// A Slot is a key of [noise].
type Slot struct {
	Name    string // key
	Switch  string // parameter, true or false, by which a model has a process of its own in the slot
	Process string // name of the process that an Overlay usually has there
	Meaning string // one line, without a full stop
}

// Slots lists the keys of [noise] under which populations have random processes.
func Slots() []Slot {
	var out []Slot
	for _, s := range slots {
		out = append(out, Slot{s.name, s.own, s.usual, s.what})
	}
	return out
}

// A Carried tells of a random process that a population has.
type Carried struct {
	Slot    string // key of [noise] by which it is switched off or replaced
	On      bool   // it is in force
	Meaning string // one line
	Process string // name of the noise.Process, "" if the law is the model's own
	Source  string // keys of its references, or "assumption"
}

// Carries lists the random processes that a model carries: its own, which are those of its
// parameters that are true or false and named as Slot.Switch, and those that WithProcesses
// gave it.
func Carries(m Model) []Carried {
	var overlay map[string]noise.Process
	if l, ok := m.(*Layered); ok {
		overlay = l.overlay.processes()
		m = l.CellModel
	}
	var out []Carried
	for _, s := range slots {
		for _, p := range m.Params() {
			if on, ok := p.Value.(*bool); ok && p.Name == s.own {
				out = append(out, Carried{s.name, *on, p.Meaning, "", sources(m, p)})
			}
		}
		if p := overlay[s.name]; p != nil {
			info := p.Info()
			var keys []string
			for _, q := range p.Params() {
				if !slices.Contains(keys, q.Source) {
					keys = append(keys, q.Source)
				}
			}
			out = append(out, Carried{s.name, true, info.Title, info.Name, strings.Join(keys, ", ")})
		}
	}
	return out
}

// sources names where the numbers of a model's own process come from: a switch itself has no source.
func sources(m Model, p Param) string {
	if p.Source != "assumption" {
		return p.Source
	}
	var keys []string
	for _, r := range m.Info().References {
		keys = append(keys, r.Key)
	}
	return strings.Join(keys, ", ")
}

// An Overlay is a set of processes to lay over a population of any model. Nil means
// none. They compose with what the model has of its own in this order: the model is programmed;
// D2D and then Cycle spread what it stores; Wear closes the window and breaks cells;
// Drift, Retention and Disturb age it; Faults replace it; Read is added to what a
// read gives.
type Overlay struct {
	D2D       noise.Spread               // differences between devices, one draw for each cell
	Cycle     noise.Spread               // differences from programming to programming
	Drift     noise.Ageing               // with time
	Retention noise.Ageing               // with time
	Disturb   noise.Ageing               // with events in time
	Wear      *noise.Wear                // with cycles of programming
	Faults    *noise.Defects             // stuck, shorted and unconnected cells
	Read      map[string]noise.ReadNoise // by slot: "read", "rtn", "thermal", "shot", "circuit"
}

// readSlots are the slots of Overlay.Read.
var readSlots = []string{"read", "rtn", "thermal", "shot", "circuit"}

// Set puts a process in the slot of [noise] named. The error tells that there is no such slot, or
// that the process is of a kind that does not go there.
func (o *Overlay) Set(slot string, p noise.Process) error {
	fits := false
	switch slot {
	case "d2d":
		o.D2D, fits = p.(noise.Spread)
	case "programming":
		o.Cycle, fits = p.(noise.Spread)
	case "drift":
		o.Drift, fits = p.(noise.Ageing)
	case "retention":
		o.Retention, fits = p.(noise.Ageing)
	case "disturb":
		o.Disturb, fits = p.(noise.Ageing)
	case "endurance":
		o.Wear, fits = p.(*noise.Wear)
	case "faults":
		o.Faults, fits = p.(*noise.Defects)
	default:
		if !slices.Contains(readSlots, slot) {
			return fmt.Errorf("unknown slot %q of a process: must be a key of [noise]", slot)
		}
		var r noise.ReadNoise
		if r, fits = p.(noise.ReadNoise); fits {
			if o.Read == nil {
				o.Read = map[string]noise.ReadNoise{}
			}
			o.Read[slot] = r
		}
	}
	if !fits {
		return fmt.Errorf("process %s is %s: must be one that goes under noise.%s, such as %s", p.Info().Name, p.Info().Kind, slot, usual(slot))
	}
	return nil
}

func usual(slot string) string {
	for _, s := range slots {
		if s.name == slot {
			return s.usual
		}
	}
	return ""
}

// processes returns the processes by slot.
func (o *Overlay) processes() map[string]noise.Process {
	m := map[string]noise.Process{}
	put := func(slot string, p noise.Process, there bool) {
		if there {
			m[slot] = p
		}
	}
	put("d2d", o.D2D, o.D2D != nil)
	put("programming", o.Cycle, o.Cycle != nil)
	put("drift", o.Drift, o.Drift != nil)
	put("retention", o.Retention, o.Retention != nil)
	put("disturb", o.Disturb, o.Disturb != nil)
	put("endurance", o.Wear, o.Wear != nil)
	put("faults", o.Faults, o.Faults != nil)
	for slot, p := range o.Read {
		put(slot, p, p != nil)
	}
	return m
}

// Layered is a model of cells under an Overlay; WithProcesses makes it. Its parameters are those
// of the model within.
type Layered struct {
	CellModel
	overlay Overlay
}

// WithProcesses lays processes over the populations of a model. The processes must not be
// changed afterwards. The error names a process that is not valid, or whose file cannot be read.
//
// Random numbers are the overlay's own: the model within draws what it draws alone.
func WithProcesses(m CellModel, o Overlay) (*Layered, error) {
	own := o.processes()
	for _, s := range slots {
		p := own[s.name]
		if p == nil {
			continue
		}
		if err := noise.CheckProcess(p); err != nil {
			return nil, fmt.Errorf("noise.%s: %w", s.name, err)
		}
		if l, ok := p.(noise.Loader); ok {
			if err := l.Load(); err != nil {
				return nil, fmt.Errorf("noise.%s: %w", s.name, err)
			}
		}
	}
	return &Layered{m, o}, nil
}

// Info describes the model within, with the sources of the overlay besides.
func (l *Layered) Info() Info {
	info := l.CellModel.Info()
	info.References = slices.Clone(info.References)
	own := l.overlay.processes()
	for _, s := range slots {
		p := own[s.name]
		if p == nil {
			continue
		}
		for _, r := range p.Info().References {
			if !slices.ContainsFunc(info.References, func(have Reference) bool { return have.Key == r.Key }) {
				info.References = append(info.References, r)
			}
		}
	}
	return info
}

// without returns a copy that lacks the overlay's processes and the model's own of the switches.
func (l *Layered) without(switches []string) (CellModel, error) {
	inner, err := Without(l.CellModel, switches...)
	if err != nil {
		return nil, err
	}
	var o Overlay
	own := l.overlay.processes()
	for _, s := range slots {
		if p := own[s.name]; p != nil && !slices.Contains(switches, s.own) {
			if err := o.Set(s.name, p); err != nil {
				return nil, err
			}
		}
	}
	if len(o.processes()) == len(own) && inner == l.CellModel {
		return l, nil
	}
	return &Layered{inner, o}, nil
}
