package spintronic

import "mho/device"

var (
	slonczewski1996 = device.Reference{
		Key: "Slonczewski1996", Authors: "J. C. Slonczewski", Title: "Current-driven excitation of magnetic multilayers",
		Journal: "Journal of Magnetism and Magnetic Materials", Volume: "159", Pages: "L1", Year: 1996, DOI: "10.1016/0304-8853(96)00062-5",
	}
	gilbert2004 = device.Reference{
		Key: "Gilbert2004", Authors: "T. L. Gilbert", Title: "A phenomenological theory of damping in ferromagnetic materials",
		Journal: "IEEE Transactions on Magnetics", Volume: "40", Pages: "3443", Year: 2004, DOI: "10.1109/TMAG.2004.836740",
	}
	brown1963 = device.Reference{
		Key: "Brown1963", Authors: "W. F. Brown", Title: "Thermal fluctuations of a single-domain particle",
		Journal: "Physical Review", Volume: "130", Pages: "1677", Year: 1963, DOI: "10.1103/PhysRev.130.1677",
	}
	vansteenkiste2014 = device.Reference{
		Key: "Vansteenkiste2014", Authors: "A. Vansteenkiste and J. Leliaert and M. Dvornik and M. Helsen and F. Garcia-Sanchez and B. Van Waeyenberge",
		Title: "The design and verification of MuMax3", Journal: "AIP Advances", Volume: "4", Pages: "107133", Year: 2014, DOI: "10.1063/1.4899186",
	}
	garcia2021 = device.Reference{
		Key: "GarciaRedondo2021", Authors: "F. García-Redondo and P. Prabhat and M. Bhargava and C. Dray",
		Title: "A compact model for scalable MTJ simulation", Journal: "arXiv:2106.04976", Year: 2021, URL: "https://arxiv.org/abs/2106.04976",
	}
	zhang2020 = device.Reference{
		Key: "Zhang2020", Authors: "K. Zhang and D. Zhang and C. Wang and L. Zeng and Y. Wang and W. Zhao",
		Title: "Compact modeling and analysis of voltage-gated spin-orbit torque magnetic tunnel junction", Journal: "IEEE Access", Volume: "8", Pages: "50792", Year: 2020, DOI: "10.1109/ACCESS.2020.2980073",
	}
	liu2022 = device.Reference{
		Key: "Liu2022", Authors: "S. Liu and J. Kwon and P. W. Bessler and S. G. Cardwell and C. Schuman and J. D. Smith and J. B. Aimone and S. Misra and J. A. C. Incorvia",
		Title:   "Random bitstream generation using voltage-controlled magnetic anisotropy and spin orbit torque magnetic tunnel junctions",
		Journal: "IEEE Journal on Exploratory Solid-State Computational Devices and Circuits", Volume: "8", Pages: "194", Year: 2022, URL: "https://arxiv.org/abs/2211.16588",
	}
	butler2012 = device.Reference{
		Key: "Butler2012", Authors: "W. H. Butler and T. Mewes and C. K. A. Mewes and P. B. Visscher and W. H. Rippard and S. E. Russek and R. Heindl",
		Title: "Switching distributions for perpendicular spin-torque devices within the macrospin approximation", Journal: "IEEE Transactions on Magnetics", Volume: "48", Pages: "4684", Year: 2012, DOI: "10.1109/TMAG.2012.2209122",
	}
	tzoufras2018 = device.Reference{
		Key: "Tzoufras2018", Authors: "M. Tzoufras", Title: "Switching probability of all-perpendicular spin valve nanopillars",
		Journal: "AIP Advances", Volume: "8", Pages: "056002", Year: 2018, DOI: "10.1063/1.5003832",
	}
	koch2004 = device.Reference{
		Key: "Koch2004", Authors: "R. H. Koch and J. A. Katine and J. Z. Sun", Title: "Time-resolved reversal of spin-transfer switching in a nanomagnet",
		Journal: "Physical Review Letters", Volume: "92", Pages: "088302", Year: 2004, DOI: "10.1103/PhysRevLett.92.088302",
	}
	sun2000 = device.Reference{
		Key: "Sun2000", Authors: "J. Z. Sun", Title: "Spin-current interaction with a monodomain magnetic body: a model study",
		Journal: "Physical Review B", Volume: "62", Pages: "570", Year: 2000, DOI: "10.1103/PhysRevB.62.570",
	}
	julliere1975 = device.Reference{
		Key: "Julliere1975", Authors: "M. Julliere", Title: "Tunneling between ferromagnetic films",
		Journal: "Physics Letters A", Volume: "54", Pages: "225", Year: 1975, DOI: "10.1016/0375-9601(75)90174-7",
	}
	lee2013 = device.Reference{
		Key: "Lee2013", Authors: "K.-S. Lee and S.-W. Lee and B.-C. Min and K.-J. Lee",
		Title: "Threshold current for switching of a perpendicular magnetic layer induced by spin Hall effect", Journal: "Applied Physics Letters", Volume: "102", Pages: "112410", Year: 2013, DOI: "10.1063/1.4798288",
	}
	schryer1974 = device.Reference{
		Key: "Schryer1974", Authors: "N. L. Schryer and L. R. Walker", Title: "The motion of 180° domain walls in uniform dc magnetic fields",
		Journal: "Journal of Applied Physics", Volume: "45", Pages: "5406", Year: 1974, DOI: "10.1063/1.1663252",
	}
	thiaville2005 = device.Reference{
		Key: "Thiaville2005", Authors: "A. Thiaville and Y. Nakatani and J. Miltat and Y. Suzuki",
		Title: "Micromagnetic understanding of current-driven domain wall motion in patterned nanowires", Journal: "Europhysics Letters", Volume: "69", Pages: "990", Year: 2005, DOI: "10.1209/epl/i2004-10452-6",
	}
	thiaville2012 = device.Reference{
		Key: "Thiaville2012", Authors: "A. Thiaville and S. Rohart and É. Jué and V. Cros and A. Fert",
		Title: "Dynamics of Dzyaloshinskii domain walls in ultrathin magnetic films", Journal: "Europhysics Letters", Volume: "100", Pages: "57002", Year: 2012, DOI: "10.1209/0295-5075/100/57002",
	}
	emori2013 = device.Reference{
		Key: "Emori2013", Authors: "S. Emori and U. Bauer and S.-M. Ahn and E. Martinez and G. S. D. Beach",
		Title: "Current-driven dynamics of chiral ferromagnetic domain walls", Journal: "Nature Materials", Volume: "12", Pages: "611", Year: 2013, DOI: "10.1038/nmat3675",
	}
	martinez2007 = device.Reference{
		Key: "Martinez2007", Authors: "E. Martinez and L. Lopez-Diaz and L. Torres and C. Tristan and O. Alejos",
		Title: "Thermal effects in domain wall motion: micromagnetic simulations and analytical model", Journal: "Physical Review B", Volume: "75", Pages: "174409", Year: 2007, DOI: "10.1103/PhysRevB.75.174409",
	}
	lifson1962 = device.Reference{
		Key: "Lifson1962", Authors: "S. Lifson and J. L. Jackson", Title: "On the self-diffusion of ions in a polyelectrolyte solution",
		Journal: "Journal of Chemical Physics", Volume: "36", Pages: "2410", Year: 1962, DOI: "10.1063/1.1732899",
	}
	cmtj = device.Reference{
		Key: "CMTJ", Authors: "J. Mojsiejuk and S. Ziętek and K. Grochot and W. Skowroński and T. Stobiecki",
		Title: "CMTJ: simulation package for analysis of multilayer spintronic devices, defaults of its domain-wall model", Journal: "npj Computational Materials", Year: 2023, URL: "https://github.com/LemurPwned/cmtj",
	}
	lequeux2016 = device.Reference{
		Key: "Lequeux2016", Authors: "S. Lequeux and J. Sampaio and V. Cros and K. Yakushiji and A. Fukushima and R. Matsumoto and H. Kubota and S. Yuasa and J. Grollier",
		Title: "A magnetic synapse: multilevel spin-torque memristor with perpendicular anisotropy", Journal: "Scientific Reports", Volume: "6", Pages: "31510", Year: 2016, DOI: "10.1038/srep31510",
	}
)
