package photonic

import "mho/device"

var (
	clements2016 = device.Reference{
		Key: "Clements2016", Authors: "W. R. Clements and P. C. Humphreys and B. J. Metcalf and W. S. Kolthammer and I. A. Walmsley",
		Title: "Optimal design for universal multiport interferometers", Journal: "Optica", Volume: "3", Pages: "1460", Year: 2016, DOI: "10.1364/OPTICA.3.001460",
	}
	reck1994 = device.Reference{
		Key: "Reck1994", Authors: "M. Reck and A. Zeilinger and H. J. Bernstein and P. Bertani",
		Title: "Experimental realization of any discrete unitary operator", Journal: "Physical Review Letters", Volume: "73", Pages: "58", Year: 1994, DOI: "10.1103/PhysRevLett.73.58",
	}
	shen2017 = device.Reference{
		Key: "Shen2017", Authors: "Y. Shen and N. C. Harris and S. Skirlo and M. Prabhu and T. Baehr-Jones and M. Hochberg and X. Sun and S. Zhao and H. Larochelle and D. Englund and M. Soljacic",
		Title: "Deep learning with coherent nanophotonic circuits", Journal: "Nature Photonics", Volume: "11", Pages: "441", Year: 2017, DOI: "10.1038/nphoton.2017.93",
	}
	bandyopadhyay2021 = device.Reference{
		Key: "Bandyopadhyay2021", Authors: "S. Bandyopadhyay and R. Hamerly and D. Englund",
		Title: "Hardware error correction for programmable photonics", Journal: "Optica", Volume: "8", Pages: "1247", Year: 2021, URL: "https://arxiv.org/abs/2103.04993",
	}
	hughes2018 = device.Reference{
		Key: "Hughes2018", Authors: "T. W. Hughes and M. Minkov and Y. Shi and S. Fan",
		Title: "Training of photonic neural networks through in situ backpropagation and gradient measurement", Journal: "Optica", Volume: "5", Pages: "864", Year: 2018, DOI: "10.1364/OPTICA.5.000864",
	}
	bogaerts2012 = device.Reference{
		Key: "Bogaerts2012", Authors: "W. Bogaerts and P. De Heyn and T. Van Vaerenbergh and K. De Vos and S. Kumar Selvaraja and T. Claes and P. Dumon and P. Bienstman and D. Van Thourhout and R. Baets",
		Title: "Silicon microring resonators", Journal: "Laser & Photonics Reviews", Volume: "6", Pages: "47", Year: 2012, DOI: "10.1002/lpor.201100017",
	}
	tait2017 = device.Reference{
		Key: "Tait2017", Authors: "A. N. Tait and T. Ferreira de Lima and E. Zhou and A. X. Wu and M. A. Nahmias and B. J. Shastri and P. R. Prucnal",
		Title: "Neuromorphic photonic networks using silicon photonic weight banks", Journal: "Scientific Reports", Volume: "7", Pages: "7430", Year: 2017, DOI: "10.1038/s41598-017-07754-z",
	}
	zhang2022 = device.Reference{
		Key: "Zhang2022", Authors: "W. Zhang and C. Huang and H.-T. Peng and S. Bilodeau and A. Jha and E. Blow and T. Ferreira de Lima and B. J. Shastri and P. R. Prucnal",
		Title: "Silicon microring synapses enable photonic deep learning beyond 9-bit precision", Journal: "Optica", Volume: "9", Pages: "579", Year: 2022, DOI: "10.1364/OPTICA.446100",
	}
	rios2019 = device.Reference{
		Key: "Rios2019", Authors: "C. Rios and N. Youngblood and Z. Cheng and M. Le Gallo and W. H. P. Pernice and C. D. Wright and A. Sebastian and H. Bhaskaran",
		Title: "In-memory computing on a photonic platform", Journal: "Science Advances", Volume: "5", Pages: "eaau5759", Year: 2019, DOI: "10.1126/sciadv.aau5759",
	}
	feldmann2021 = device.Reference{
		Key: "Feldmann2021", Authors: "J. Feldmann and N. Youngblood and M. Karpov and H. Gehring and X. Li and M. Stappers and M. Le Gallo and X. Fu and A. Lukashchuk and A. S. Raja and J. Liu and C. D. Wright and A. Sebastian and T. J. Kippenberg and W. H. P. Pernice and H. Bhaskaran",
		Title: "Parallel convolutional processing using an integrated photonic tensor core", Journal: "Nature", Volume: "589", Pages: "52", Year: 2021, DOI: "10.1038/s41586-020-03070-1",
	}
	spagnolo2022 = device.Reference{
		Key: "Spagnolo2022", Authors: "M. Spagnolo and J. Morris and S. Piacentini and M. Antesberger and F. Massa and A. Crespi and F. Ceccarelli and R. Osellame and P. Walther",
		Title: "Experimental photonic quantum memristor", Journal: "Nature Photonics", Volume: "16", Pages: "318", Year: 2022, DOI: "10.1038/s41566-022-00973-5",
	}
)
