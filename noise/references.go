package noise

var (
	refJoshi = Reference{
		Key: "Joshi2020", Authors: "V. Joshi and M. Le Gallo and S. Haefeli and I. Boybat and S. R. Nandakumar and C. Piveteau and M. Dazzi and B. Rajendran and A. Sebastian and E. Eleftheriou",
		Title: "Accurate deep neural network inference using computational phase-change memory", Journal: "Nature Communications", Volume: "11", Pages: "2473", Year: 2020, DOI: "10.1038/s41467-020-16108-9",
	}
	refIelmini = Reference{
		Key: "Ielmini2007", Authors: "D. Ielmini and A. L. Lacaita and D. Mantegazza",
		Title: "Recovery and drift dynamics of resistance and threshold voltages in phase-change memories", Journal: "IEEE Transactions on Electron Devices", Volume: "54", Pages: "308", Year: 2007, DOI: "10.1109/TED.2006.888752",
	}
	refNandakumar = Reference{
		Key: "Nandakumar2018", Authors: "S. R. Nandakumar and M. Le Gallo and I. Boybat and B. Rajendran and A. Sebastian and E. Eleftheriou",
		Title: "A phase-change memory model for neuromorphic computing", Journal: "Journal of Applied Physics", Volume: "124", Pages: "152135", Year: 2018, DOI: "10.1063/1.5042408",
	}
	refFalcone = Reference{
		Key: "Falcone2025", Authors: "D. F. Falcone and others",
		Title: "All-in-one analog AI hardware: on-chip training and inference with conductive-metal-oxide/HfOx ReRAM devices", Journal: "arXiv", Pages: "2502.04524", Year: 2025, DOI: "10.48550/arXiv.2502.04524",
	}
	refNyquist = Reference{
		Key: "Nyquist1928", Authors: "H. Nyquist",
		Title: "Thermal agitation of electric charge in conductors", Journal: "Physical Review", Volume: "32", Pages: "110", Year: 1928, DOI: "10.1103/PhysRev.32.110",
	}
	refSchottky = Reference{
		Key: "Schottky1918", Authors: "W. Schottky",
		Title: "Über spontane Stromschwankungen in verschiedenen Elektrizitätsleitern", Journal: "Annalen der Physik", Volume: "362", Pages: "541", Year: 1918, DOI: "10.1002/andp.19183622304",
	}
	refDutta = Reference{
		Key: "Dutta1981", Authors: "P. Dutta and P. M. Horn",
		Title: "Low-frequency fluctuations in solids: 1/f noise", Journal: "Reviews of Modern Physics", Volume: "53", Pages: "497", Year: 1981, DOI: "10.1103/RevModPhys.53.497",
	}
	refTimmer = Reference{
		Key: "Timmer1995", Authors: "J. Timmer and M. König",
		Title: "On generating power law noise", Journal: "Astronomy and Astrophysics", Volume: "300", Pages: "707", Year: 1995, URL: "https://ui.adsabs.harvard.edu/abs/1995A%26A...300..707T",
	}
	refMachlup = Reference{
		Key: "Machlup1954", Authors: "S. Machlup",
		Title: "Noise in semiconductors: spectrum of a two-parameter random signal", Journal: "Journal of Applied Physics", Volume: "25", Pages: "341", Year: 1954, DOI: "10.1063/1.1721637",
	}
	refKirton = Reference{
		Key: "Kirton1989", Authors: "M. J. Kirton and M. J. Uren",
		Title: "Noise in solid-state microstructures: a new perspective on individual defects, interface states and low-frequency (1/f) noise", Journal: "Advances in Physics", Volume: "38", Pages: "367", Year: 1989, DOI: "10.1080/00018738900101122",
	}
	refWilliams = Reference{
		Key: "Williams1970", Authors: "G. Williams and D. C. Watts",
		Title: "Non-symmetrical dielectric relaxation behaviour arising from a simple empirical decay function", Journal: "Transactions of the Faraday Society", Volume: "66", Pages: "80", Year: 1970, DOI: "10.1039/TF9706600080",
	}
	refWeibull = Reference{
		Key: "Weibull1951", Authors: "W. Weibull",
		Title: "A statistical distribution function of wide applicability", Journal: "Journal of Applied Mechanics", Volume: "18", Pages: "293", Year: 1951, DOI: "10.1115/1.4010337",
	}
	refLanza = Reference{
		Key: "Lanza2019", Authors: "M. Lanza and others",
		Title: "Recommended methods to study resistive switching devices", Journal: "Advanced Electronic Materials", Volume: "5", Pages: "1800143", Year: 2019, DOI: "10.1002/aelm.201800143",
	}
	refRoadmap = Reference{
		Key: "Christensen2022", Authors: "D. V. Christensen and others",
		Title: "2022 roadmap on neuromorphic computing and engineering", Journal: "Neuromorphic Computing and Engineering", Volume: "2", Pages: "022501", Year: 2022, DOI: "10.1088/2634-4386/ac4a83",
	}
	refChen = Reference{
		Key: "Chen2015", Authors: "C.-Y. Chen and H.-C. Shih and C.-W. Wu and C.-H. Lin and P.-F. Chiu and S.-S. Sheu and F. T. Chen",
		Title: "RRAM defect modeling and failure analysis based on march test and a novel squeeze-search scheme", Journal: "IEEE Transactions on Computers", Volume: "64", Pages: "180", Year: 2015, DOI: "10.1109/TC.2014.12",
	}
	refAitchison = Reference{
		Key: "Aitchison1957", Authors: "J. Aitchison and J. A. C. Brown",
		Title: "The lognormal distribution", Journal: "Cambridge University Press", Year: 1957, URL: "https://archive.org/details/lognormaldistrib0000jait",
	}
)

var refHyndman = Reference{
	Key: "Hyndman1996", Authors: "R. J. Hyndman and Y. Fan",
	Title: "Sample quantiles in statistical packages", Journal: "The American Statistician", Volume: "50", Pages: "361", Year: 1996, DOI: "10.1080/00031305.1996.10473566",
}

var refHorowitz = Reference{
	Key: "Horowitz2015", Authors: "P. Horowitz and W. Hill",
	Title: "The art of electronics", Journal: "Cambridge University Press, 3rd edition", Year: 2015, URL: "https://artofelectronics.net",
}

var refMeena = Reference{
	Key: "Meena2014", Authors: "J. S. Meena and S. M. Sze and U. Chand and T.-Y. Tseng",
	Title: "Overview of emerging nonvolatile memory technologies", Journal: "Nanoscale Research Letters", Volume: "9", Pages: "526", Year: 2014, DOI: "10.1186/1556-276X-9-526",
}
