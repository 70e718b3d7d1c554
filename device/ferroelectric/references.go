package ferroelectric

import "mho/device"

var (
	alessandri2019 = device.Reference{
		Key: "Alessandri2019", Authors: "C. Alessandri and P. Pandey and A. Abusleme and A. Seabaugh",
		Title:   "Monte Carlo simulation of switching dynamics in polycrystalline ferroelectric capacitors",
		Journal: "IEEE Transactions on Electron Devices", Volume: "66", Pages: "3527", Year: 2019, DOI: "10.1109/TED.2019.2922268",
	}
	deng2020 = device.Reference{
		Key: "Deng2020", Authors: "S. Deng and others",
		Title:   "A comprehensive model for ferroelectric FET capturing the key behaviors: scalability, variation, stochasticity, and accumulation",
		Journal: "IEEE Symposium on VLSI Technology", Year: 2020, DOI: "10.1109/VLSITechnology18217.2020.9265014",
	}
	fefetModel = device.Reference{
		Key: "FeFETModel", Authors: "boltma", Title: "Scalable-FeFET: FeFET model", Journal: "GitHub repository", Year: 2021, URL: "https://github.com/boltma/Scalable-FeFET",
	}
	tagantsev2002 = device.Reference{
		Key: "Tagantsev2002", Authors: "A. K. Tagantsev and I. Stolichnov and N. Setter and J. S. Cross and M. Tsukada",
		Title:   "Non-Kolmogorov-Avrami switching kinetics in ferroelectric thin films",
		Journal: "Physical Review B", Volume: "66", Pages: "214109", Year: 2002, DOI: "10.1103/PhysRevB.66.214109",
	}
	merz1954 = device.Reference{
		Key: "Merz1954", Authors: "W. J. Merz", Title: "Domain formation and domain wall motions in ferroelectric BaTiO3 single crystals",
		Journal: "Physical Review", Volume: "95", Pages: "690", Year: 1954, DOI: "10.1103/PhysRev.95.690",
	}
	stadler1958 = device.Reference{
		Key: "Stadler1958", Authors: "H. L. Stadler", Title: "Ferroelectric switching time of BaTiO3 crystals at high voltages",
		Journal: "Journal of Applied Physics", Volume: "29", Pages: "1485", Year: 1958, URL: "https://synapsesocial.com/papers/6a1d7764ba65f5ee325e7149",
	}
	enz1995 = device.Reference{
		Key: "Enz1995", Authors: "C. C. Enz and F. Krummenacher and E. A. Vittoz",
		Title:   "An analytical MOS transistor model valid in all regions of operation and dedicated to low-voltage and low-current applications",
		Journal: "Analog Integrated Circuits and Signal Processing", Volume: "8", Pages: "83", Year: 1995, DOI: "10.1007/BF01239381",
	}
	boyn2017 = device.Reference{
		Key: "Boyn2017", Authors: "S. Boyn and J. Grollier and G. Lecerf and B. Xu and N. Locatelli and S. Fusil and S. Girod and C. Carrétéro and K. Garcia and S. Xavier and J. Tomas and L. Bellaiche and M. Bibes and A. Barthélémy and S. Saïghi and V. Garcia",
		Title:   "Learning through ferroelectric domain dynamics in solid-state synapses",
		Journal: "Nature Communications", Volume: "8", Pages: "14736", Year: 2017, DOI: "10.1038/ncomms14736",
	}
	chanthbouala2012 = device.Reference{
		Key: "Chanthbouala2012", Authors: "A. Chanthbouala and V. Garcia and R. O. Cherifi and K. Bouzehouane and S. Fusil and X. Moya and S. Xavier and H. Yamada and C. Deranlot and N. D. Mathur and M. Bibes and A. Barthélémy and J. Grollier",
		Title: "A ferroelectric memristor", Journal: "Nature Materials", Volume: "11", Pages: "860", Year: 2012, DOI: "10.1038/nmat3415",
	}
)
