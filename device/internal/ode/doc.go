// Package ode integrates the state equations of a device,
//
//	dy/dt = f(t, y),              y(t0) = y0            (Solver)
//	dy = a(t, y) dt + b(t, y) ∘ dW  in Stratonovich's sense (Heun)
//
// with y a vector of n states in their own SI units and t in seconds.
//
// # Methods
//
// DormandPrince is the explicit pair of order 5(4) with a continuous extension
// of order 4, for equations that are not stiff. Rodas5P is a linearly implicit
// (Rosenbrock-Wanner) method of order 5(4), L-stable and stiffly accurate, also
// with a continuous extension of order 4, for stiff equations. Both control the
// local error of each component: a step is taken when every component's
// estimate is at most AbsTol + RelTol |y|. The largest component counts, not a
// mean, so the accuracy of one device does not depend on how many are solved
// beside it.
//
// # What a device asks of an integrator
//
// Drives are pulses. A step ends exactly on each of Settings.Breakpoints, where
// f jumps, and starts anew on the other side, so a pulse is never stepped over
// however short it is. At Settings.Kinks, where f is continuous but its slope is
// not, a step also ends, but step size and derivative are carried over: a
// piecewise linear waveform costs as little as one step of six evaluations per
// sample. A Segmented system is told which stretch it is on and needs no search.
//
// States live between bounds. A state that reaches a bound with its derivative
// pointing outward is held on the bound, exactly, and let go at the time its
// derivative turns inward. Both times are located; the state is never integrated
// beyond the bound and so never has to come back (no wind-up, no terminal lock).
// In the language of dynamical systems this is the projected equation
//
//	dy/dt = P_T(y)(f(t, y)),
//
// with P the projection on the tangent cone of the box; see Nagurney and Zhang,
// Projected Dynamical Systems and Variational Inequalities, Springer (1996),
// doi:10.1007/978-1-4615-2301-7. f is never called outside the box: trial states
// are clamped to it.
//
// # Validity
//
// Tolerances below about 1e-13 are refused. A drive that changes faster than the
// steps and is not announced by Breakpoints, Kinks or MaxStep can be missed, as
// with every adaptive method. Rodas5P uses a dense Jacobian and is meant for some
// tens of states.
//
// # References
//
// Dormand and Prince, J. Comput. Appl. Math. 6, 19 (1980),
// doi:10.1016/0771-050X(80)90013-3. Steinebach, BIT Numer. Math. 63, 27 (2023),
// doi:10.1007/s10543-023-00967-x. Hairer, Nørsett and Wanner, Solving Ordinary
// Differential Equations I, 2nd ed., Springer (1993),
// doi:10.1007/978-3-540-78862-1; Hairer and Wanner, volume II, 2nd ed. (1996),
// doi:10.1007/978-3-642-05221-7. Rümelin, SIAM J. Numer. Anal. 19, 604 (1982),
// doi:10.1137/0719041.
package ode
