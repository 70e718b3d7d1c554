package device

// An Ambient element's published parameters hold at a temperature of the
// surroundings of its own.
type Ambient interface {
	// Ambient returns that temperature, K.
	Ambient() float64
}

// RoomOf returns Room at the temperature that el's parameters hold at, 300 K if
// it names none.
func RoomOf(el Element) Env {
	env := Room()
	if a, ok := el.(Ambient); ok {
		env.Temperature = a.Ambient()
	}
	return env
}
