package pulsed

import "mho/device"

var (
	rasch2021 = device.Reference{
		Key: "Rasch2021", Authors: "M. J. Rasch and D. Moreda and T. Gokmen and M. Le Gallo and F. Carta and C. Goldberg and K. El Maghraoui and A. Sebastian and V. Narayanan",
		Title:   "A flexible and fast PyTorch toolkit for simulating training and inference on analog crossbar arrays",
		Journal: "3rd IEEE International Conference on Artificial Intelligence Circuits and Systems (AICAS)", Year: 2021, DOI: "10.1109/AICAS51828.2021.9458494",
	}
	gokmen2016 = device.Reference{
		Key: "Gokmen2016", Authors: "T. Gokmen and Y. Vlasov",
		Title:   "Acceleration of deep neural network training with resistive cross-point devices: design considerations",
		Journal: "Frontiers in Neuroscience", Volume: "10", Pages: "333", Year: 2016, DOI: "10.3389/fnins.2016.00333",
	}
	rasch2020 = device.Reference{
		Key: "Rasch2020", Authors: "M. J. Rasch and T. Gokmen and W. Haensch",
		Title:   "Training large-scale artificial neural networks on simulated resistive crossbar arrays",
		Journal: "IEEE Design & Test", Volume: "37", Pages: "19", Year: 2020, DOI: "10.1109/MDAT.2019.2952341",
	}
	li2018 = device.Reference{
		Key: "Li2018", Authors: "Y. Li et al.",
		Title:   "Capacitor-based cross-point array for analog neural network with record symmetry and linearity",
		Journal: "IEEE Symposium on VLSI Technology", Pages: "25", Year: 2018, DOI: "10.1109/VLSIT.2018.8510648",
	}
	gong2018 = device.Reference{
		Key: "Gong2018", Authors: "N. Gong and T. Idé and S. Kim and I. Boybat and A. Sebastian and V. Narayanan and T. Ando",
		Title:   "Signal and noise extraction from analog memory elements for neuromorphic computing",
		Journal: "Nature Communications", Volume: "9", Pages: "2102", Year: 2018, DOI: "10.1038/s41467-018-04485-1",
	}
	gong2022 = device.Reference{
		Key: "Gong2022", Authors: "N. Gong and M. J. Rasch et al.",
		Title:   "Deep learning acceleration in 14nm CMOS compatible ReRAM array: device, material and algorithm co-optimization",
		Journal: "IEEE International Electron Devices Meeting (IEDM)", Year: 2022, DOI: "10.1109/IEDM45625.2022.10019569",
	}
	nandakumar2020 = device.Reference{
		Key: "Nandakumar2020", Authors: "S. R. Nandakumar and M. Le Gallo and C. Piveteau and V. Joshi and G. Mariani and I. Boybat and G. Karunaratne and R. Khaddam-Aljameh and U. Egger and A. Petropoulos and T. Antonakopoulos and B. Rajendran and A. Sebastian and E. Eleftheriou",
		Title:   "Mixed-precision deep learning based on computational memory",
		Journal: "Frontiers in Neuroscience", Volume: "14", Pages: "406", Year: 2020, DOI: "10.3389/fnins.2020.00406",
	}
	tang2018 = device.Reference{
		Key: "Tang2018", Authors: "J. Tang et al.",
		Title:   "ECRAM as scalable synaptic cell for high-speed, low-power neuromorphic computing",
		Journal: "IEEE International Electron Devices Meeting (IEDM)", Year: 2018, DOI: "10.1109/IEDM.2018.8614551",
	}
	kim2019 = device.Reference{
		Key: "Kim2019", Authors: "S. Kim et al.",
		Title:   "Metal-oxide based, CMOS-compatible ECRAM for deep learning accelerator",
		Journal: "IEEE International Electron Devices Meeting (IEDM)", Year: 2019, DOI: "10.1109/IEDM19573.2019.8993463",
	}
	fusi2007 = device.Reference{
		Key: "Fusi2007", Authors: "S. Fusi and L. F. Abbott",
		Title:   "Limits on the memory storage capacity of bounded synapses",
		Journal: "Nature Neuroscience", Volume: "10", Pages: "485", Year: 2007, DOI: "10.1038/nn1859",
	}
	chen2018 = device.Reference{
		Key: "Chen2018", Authors: "P.-Y. Chen and X. Peng and S. Yu",
		Title:   "NeuroSim: a circuit-level macro model for benchmarking neuro-inspired architectures in online learning",
		Journal: "IEEE Transactions on Computer-Aided Design of Integrated Circuits and Systems", Volume: "37", Pages: "3067", Year: 2018, DOI: "10.1109/TCAD.2018.2789723",
	}
)
