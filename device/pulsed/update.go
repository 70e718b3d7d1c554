package pulsed

import (
	"fmt"
	"math"
	"math/bits"

	"mho/device"
	"mho/noise"
)

// Training says how Update makes its pulse trains. Nil and the zero value mean the
// defaults.
type Training struct {
	// Length is the longest train of pulses, from 1 to 64. The default is 31.
	Length int

	// FixedLength makes every train as long as Length. The default shortens trains
	// to what the largest update needs.
	FixedLength bool

	// Unbalanced gives rows and columns the same factor of probability. The default
	// divides it so that the largest probabilities are alike.
	Unbalanced bool

	// Workers is the number of goroutines; it does not change the result. The
	// default is the number of processors.
	Workers int
}

// Update moves each weight by rate rows[i] cols[j] on average, as far as the device
// lets it, by the coincidences of stochastic pulses (T. Gokmen and Y. Vlasov,
// doi:10.3389/fnins.2016.00333) with AIHWKIT's scaling. Row i sends a train of
//
//	BL = min(Length, ceil(rate max|rows| max|cols| / dw_min))
//
// slots with a pulse in each with probability B |rows[i]|, column j one with
// A |cols[j]|, A B = rate/(dw_min BL); where both pulse, the cell makes a step in the
// direction of the product of the signs. B/A is max|cols|/max|rows|, with max|cols|
// reduced by as much as Length cuts BL: then the mean falls short, in the columns
// whose probability would exceed 1.
//
// Each of a cell's steps has noise of its own, but where the law is linear and its
// steps are fine (at least a hundred nominal steps over the range, changing by at
// most 5 % from one to the next) a train's steps are taken at once, with the mean
// and variance of single ones; there the bounds count at the end of the train
// only, which matters to cells whose noise reaches them: of 31 pulses the mean
// loses σ/sqrt(2π) at the bound rather than twice that. Write noise is drawn once
// for a train. The descent of a gradient is a negative rate. The report counts
// coincidences; its energy and time are not known. Key names the update. It
// panics if rows or cols have the wrong length.
func (p *Population) Update(rows, cols []float64, rate float64, t *Training, env device.Env, key noise.Key) (device.Report, error) {
	if len(rows) != p.rows || len(cols) != p.cols {
		panic("pulsed: wrong number of rows or columns")
	}
	if t == nil {
		t = &Training{}
	}
	tr, err := p.newTrains(rows, cols, rate, t, key)
	if err != nil {
		return device.Report{}, fmt.Errorf("%s: %w", p.name, err)
	}
	if tr.length == 0 {
		return device.Report{Converged: 1}, nil
	}
	cycle, write := key.Domain(noise.Cycle), key.Domain(noise.Programming).Fold(foldWrite)
	strength := p.activation(env)
	pulses := make([]int64, p.rows)
	p.eachRow(t.Workers, func(i int, s *scratch) {
		row := tr.rows[i]
		if row == 0 {
			return
		}
		total := 0
		p.chunks(i, func(first, col, n int) {
			count := s.count[:n]
			negative := tr.rowSigns[i]
			some, most := 0, 0
			for j, b := range tr.cols[col:][:n] {
				c := bits.OnesCount64(row & b)
				some += c
				if c > most {
					most = c
				}
				sign := int8(negative ^ tr.colSigns[col+j]) // 0 or -1
				count[j] = (int8(c) ^ sign) - sign
			}
			if some == 0 {
				return
			}
			total += some
			at := noise.At{Row: uint32(i), Col: uint32(col)}
			p.train(first, count, most, strength, cycle, at, s)
			p.write(first, n, func(j int) bool { return count[j] != 0 }, write, at, s)
		})
		pulses[i] = int64(total)
	})
	r := device.Report{Converged: 1}
	for _, n := range pulses {
		r.Pulses += n
	}
	return r, nil
}

// trains are the pulses of all lines, a bit for each slot, and the signs of the
// lines, 0 or -1.
type trains struct {
	length             int
	rows, cols         []uint64
	rowSigns, colSigns []int8
}

func (p *Population) newTrains(rows, cols []float64, rate float64, t *Training, key noise.Key) (*trains, error) {
	most := t.Length
	switch {
	case most == 0:
		most = 31
	case most < 0 || most > 64:
		return nil, fmt.Errorf("trains of %d pulses: must be from 1 to 64", most)
	}
	if math.IsNaN(rate) || math.IsInf(rate, 0) {
		return nil, fmt.Errorf("a rate of %g: must be finite", rate)
	}
	x, err := largest(rows, "row")
	if err != nil {
		return nil, err
	}
	d, err := largest(cols, "column")
	if err != nil {
		return nil, err
	}
	if x == 0 || d == 0 || rate == 0 {
		return &trains{}, nil
	}
	wanted := math.Abs(rate) * x * d / p.dw // pulses at the largest update
	tr := &trains{length: most}
	if !t.FixedLength {
		tr.length = int(math.Min(math.Ceil(wanted), float64(most)))
	}
	scale := math.Sqrt(math.Abs(rate) / (p.dw * float64(tr.length)))
	ratio := 1.0
	if !t.Unbalanced {
		if wanted > float64(most) {
			d *= float64(most) / wanted
		}
		ratio = math.Sqrt(d / x)
	}
	key = key.Domain(noise.Programming)
	tr.rows, tr.rowSigns = bitTrains(rows, scale*ratio, tr.length, rate < 0, key.Fold(foldRows))
	tr.cols, tr.colSigns = bitTrains(cols, scale/ratio, tr.length, false, key.Fold(foldCols))
	return tr, nil
}

// largest returns the largest magnitude.
func largest(v []float64, what string) (float64, error) {
	m := 0.0
	for i, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, fmt.Errorf("%s %d is %g: must be finite", what, i, x)
		}
		m = max(m, math.Abs(x))
	}
	return m, nil
}

// bitTrains sets bit k of line i with probability scale |v[i]|, 32 bits of which
// count.
func bitTrains(v []float64, scale float64, length int, flip bool, key noise.Key) (train []uint64, signs []int8) {
	train, signs = make([]uint64, len(v)), make([]int8, len(v))
	limits := make([]uint64, len(v))
	for i, x := range v {
		limits[i] = uint64(math.Min(1, scale*math.Abs(x)) * (1 << 32))
		if (x < 0) != flip {
			signs[i] = -1
		}
	}
	u := make([]uint32, len(v))
	for k := range length {
		key.Uint32s(u, noise.At{Event: uint64(k)})
		for i, x := range u {
			// The top bit of the difference is set where x is below the limit.
			train[i] |= (uint64(x) - limits[i]) >> 63 << k
		}
	}
	return train, signs
}
