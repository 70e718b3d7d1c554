package pcm_test

import (
	"fmt"
	"log"

	"mho/device"
	"mho/device/pcm"
	"mho/noise"
)

func Example() {
	m := pcm.NewIBM()
	p, err := m.New(1, 10000)
	if err != nil {
		log.Fatal(err)
	}
	target := make([]float64, 10000)
	for i := range target {
		target[i] = 10e-6
	}
	key := noise.NewKey(1)
	if _, err := p.ProgramTo(target, device.Room(), key); err != nil {
		log.Fatal(err)
	}
	g := make([]float64, 10000)
	for event, t := range []float64{20, 3600, 86400} {
		p.Advance(t-p.Age(), device.Room(), key)
		p.Read(g, device.Room(), uint64(event), key)
		var sum float64
		for _, x := range g {
			sum += x
		}
		fmt.Printf("%.0f s: %.2f µS\n", t, sum/1e4*1e6)
	}
	// Output:
	// 20 s: 10.02 µS
	// 3600 s: 7.78 µS
	// 86400 s: 6.65 µS
}

func ExampleIBM() {
	m := pcm.NewIBM()
	m.GMax = 10e-6
	m.ReadNoise = false
	for _, p := range m.Params()[:3] {
		fmt.Printf("%s = %s\n", p.Name, p.Text())
	}
	m.NuMeanMin = 0.2
	fmt.Println(m.Validate())
	// Output:
	// g_max = "10uS"
	// t0 = "20s"
	// prog_coefficients = ["263.48nS", "1.965uS", "-1.1731uS"]
	// nu_mean_min is 0.2: must be at most nu_mean_max, 0.1
}
