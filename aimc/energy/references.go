package energy

import (
	"strings"

	"mho/internal/cite"
)

// references are the publications that the sources in the data name, by DOI or, where
// there is none, by address.
var references = []cite.Ref{
	{Key: "Shafiee2016", Authors: "A. Shafiee, A. Nag, N. Muralimanohar, R. Balasubramonian, J. P. Strachan, M. Hu, R. S. Williams, and V. Srikumar", Title: "ISAAC: A Convolutional Neural Network Accelerator with In-Situ Analog Arithmetic in Crossbars", Journal: "International Symposium on Computer Architecture (ISCA)", Year: 2016, DOI: "10.1109/ISCA.2016.12"},
	{Key: "Ankit2019", Authors: "A. Ankit et al.", Title: "PUMA: A Programmable Ultra-efficient Memristor-based Accelerator for Machine Learning Inference", Journal: "International Conference on Architectural Support for Programming Languages and Operating Systems (ASPLOS)", Year: 2019, DOI: "10.1145/3297858.3304049"},
	{Key: "KhaddamAljameh2022", Authors: "R. Khaddam-Aljameh et al.", Title: "HERMES-Core: A 1.59-TOPS/mm2 PCM on 14-nm CMOS In-Memory Compute Core Using 300-ps/LSB Linearized CCO-Based ADCs", Journal: "IEEE J. Solid-State Circuits", Volume: "57", Pages: "1027", Year: 2022, DOI: "10.1109/JSSC.2022.3140414"},
	{Key: "LeGallo2023", Authors: "M. Le Gallo et al.", Title: "A 64-core mixed-signal in-memory compute chip based on phase-change memory for deep neural network inference", Journal: "Nat. Electron.", Volume: "6", Pages: "680", Year: 2023, DOI: "10.1038/s41928-023-01010-1"},
	{Key: "Ambrogio2023", Authors: "S. Ambrogio et al.", Title: "An analog-AI chip for energy-efficient speech recognition and transcription", Journal: "Nature", Volume: "620", Pages: "768", Year: 2023, DOI: "10.1038/s41586-023-06337-5"},
	{Key: "Wan2022", Authors: "W. Wan et al.", Title: "A compute-in-memory chip based on resistive random-access memory", Journal: "Nature", Volume: "608", Pages: "504", Year: 2022, DOI: "10.1038/s41586-022-04992-8"},
	{Key: "Shiflett2021", Authors: "K. Shiflett, A. Karanth, R. Bunescu, and A. Louri", Title: "Albireo: Energy-Efficient Acceleration of Convolutional Neural Networks via Silicon Photonics", Journal: "International Symposium on Computer Architecture (ISCA)", Year: 2021, DOI: "10.1109/ISCA52012.2021.00072"},
	{Key: "Jung2022", Authors: "S. Jung et al.", Title: "A crossbar array of magnetoresistive memory devices for in-memory computing", Journal: "Nature", Volume: "601", Pages: "211", Year: 2022, DOI: "10.1038/s41586-021-04196-6"},
	{Key: "Feldmann2021", Authors: "J. Feldmann et al.", Title: "Parallel convolutional processing using an integrated photonic tensor core", Journal: "Nature", Volume: "589", Pages: "52", Year: 2021, DOI: "10.1038/s41586-020-03070-1"},
	{Key: "Sun2023", Authors: "J. Sun, P. Houshmand, and M. Verhelst", Title: "Analog or Digital In-memory Computing? Benchmarking through Quantitative Modeling", Journal: "International Conference on Computer-Aided Design (ICCAD), arXiv:2405.14978", Year: 2023, URL: "https://arxiv.org/abs/2405.14978"},
	{Key: "Horowitz2014", Authors: "M. Horowitz", Title: "Computing's energy problem (and what we can do about it)", Journal: "International Solid-State Circuits Conference (ISSCC)", Pages: "10", Year: 2014, DOI: "10.1109/ISSCC.2014.6757323"},
	{Key: "Stillmaker2017", Authors: "A. Stillmaker and B. Baas", Title: "Scaling equations for the accurate prediction of CMOS device performance from 180 nm to 7 nm", Journal: "Integration", Volume: "58", Pages: "74", Year: 2017, DOI: "10.1016/j.vlsi.2017.02.002"},
	{Key: "Murmann2025", Authors: "B. Murmann", Title: "ADC Performance Survey 1997-2025", Year: 2025, URL: "https://github.com/bmurmann/ADC-survey"},
	{Key: "Aguirre2024", Authors: "F. Aguirre et al.", Title: "Hardware implementation of memristor-based artificial neural networks", Journal: "Nat. Commun.", Volume: "15", Pages: "1974", Year: 2024, DOI: "10.1038/s41467-024-45670-9"},
	{Key: "Koesters2023", Authors: "D. J. Koesters et al.", Title: "Benchmarking energy consumption and latency for neuromorphic computing in condensed matter and particle physics", Journal: "APL Mach. Learn.", Volume: "1", Pages: "016101", Year: 2023, DOI: "10.1063/5.0116699"},
	{Key: "Abreu2025", Authors: "S. Abreu, S. B. Shrestha, R.-J. Zhu, and J. Eshraghian", Title: "Neuromorphic Principles for Efficient Large Language Models on Intel Loihi 2", Journal: "arXiv:2503.18002", Year: 2025, URL: "https://arxiv.org/abs/2503.18002"},
	{Key: "Zhu2024", Authors: "R.-J. Zhu et al.", Title: "Scalable MatMul-free Language Modeling", Journal: "arXiv:2406.02528", Year: 2024, URL: "https://arxiv.org/abs/2406.02528"},
	{Key: "Merolla2014", Authors: "P. A. Merolla et al.", Title: "A million spiking-neuron integrated circuit with a scalable communication network and interface", Journal: "Science", Volume: "345", Pages: "668", Year: 2014, DOI: "10.1126/science.1254642"},
	{Key: "He2016", Authors: "K. He, X. Zhang, S. Ren, and J. Sun", Title: "Deep Residual Learning for Image Recognition", Journal: "Conference on Computer Vision and Pattern Recognition (CVPR)", Pages: "770", Year: 2016, DOI: "10.1109/CVPR.2016.90"},
	{Key: "LeCun1998", Authors: "Y. LeCun, L. Bottou, Y. Bengio, and P. Haffner", Title: "Gradient-based learning applied to document recognition", Journal: "Proc. IEEE", Volume: "86", Pages: "2278", Year: 1998, DOI: "10.1109/5.726791"},
	{Key: "Devlin2019", Authors: "J. Devlin, M.-W. Chang, K. Lee, and K. Toutanova", Title: "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding", Journal: "Conference of the North American Chapter of the ACL (NAACL)", Pages: "4171", Year: 2019, DOI: "10.18653/v1/N19-1423"},
	{Key: "Carleo2017", Authors: "G. Carleo and M. Troyer", Title: "Solving the quantum many-body problem with artificial neural networks", Journal: "Science", Volume: "355", Pages: "602", Year: 2017, DOI: "10.1126/science.aag2302"},
	{Key: "Govorkova2022", Authors: "E. Govorkova et al.", Title: "Autoencoders on field-programmable gate arrays for real-time, unsupervised new physics detection at 40 MHz at the Large Hadron Collider", Journal: "Nat. Mach. Intell.", Volume: "4", Pages: "154", Year: 2022, DOI: "10.1038/s42256-022-00441-3"},
}

// References returns the publications whose DOI, arXiv number or address occurs in
// any of the texts, such as the source of an architecture.
func References(texts ...string) []cite.Ref {
	var out []cite.Ref
	all := strings.Join(texts, "\n")
	for _, r := range references {
		name := r.DOI
		if name == "" {
			_, name, _ = strings.Cut(r.URL, ".org/abs/")
		}
		if name == "" {
			_, name, _ = strings.Cut(r.URL, "github.com/")
		}
		if strings.Contains(all, name) {
			out = append(out, r)
		}
	}
	return out
}
