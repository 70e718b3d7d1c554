package memristor

import "mho/device"

var (
	strukov2008 = device.Reference{
		Key: "Strukov2008", Authors: "D. B. Strukov and G. S. Snider and D. R. Stewart and R. S. Williams",
		Title: "The missing memristor found", Journal: "Nature", Volume: "453", Pages: "80", Year: 2008, DOI: "10.1038/nature06932",
	}
	joglekar2009 = device.Reference{
		Key: "Joglekar2009", Authors: "Y. N. Joglekar and S. J. Wolf",
		Title: "The elusive memristor: properties of basic electrical circuits", Journal: "European Journal of Physics", Volume: "30", Pages: "661", Year: 2009, DOI: "10.1088/0143-0807/30/4/001",
	}
	biolek2009 = device.Reference{
		Key: "Biolek2009", Authors: "Z. Biolek and D. Biolek and V. Biolkova",
		Title: "SPICE model of memristor with nonlinear dopant drift", Journal: "Radioengineering", Volume: "18", Pages: "210", Year: 2009,
		URL: "https://www.radioeng.cz/fulltexts/2009/09_02_210_214.pdf",
	}
	prodromakis2011 = device.Reference{
		Key: "Prodromakis2011", Authors: "T. Prodromakis and B. P. Peh and C. Papavassiliou and C. Toumazou",
		Title: "A versatile memristor model with nonlinear dopant kinetics", Journal: "IEEE Transactions on Electron Devices", Volume: "58", Pages: "3099", Year: 2011, DOI: "10.1109/TED.2011.2158004",
	}
	kvatinsky2013 = device.Reference{
		Key: "Kvatinsky2013", Authors: "S. Kvatinsky and E. G. Friedman and A. Kolodny and U. C. Weiser",
		Title: "TEAM: ThrEshold Adaptive Memristor model", Journal: "IEEE Transactions on Circuits and Systems I", Volume: "60", Pages: "211", Year: 2013, DOI: "10.1109/TCSI.2012.2215714",
	}
	kvatinsky2015 = device.Reference{
		Key: "Kvatinsky2015", Authors: "S. Kvatinsky and M. Ramadan and E. G. Friedman and A. Kolodny",
		Title: "VTEAM: A general model for voltage-controlled memristors", Journal: "IEEE Transactions on Circuits and Systems II", Volume: "62", Pages: "786", Year: 2015, DOI: "10.1109/TCSII.2015.2433536",
	}
	biolek2021 = device.Reference{
		Key: "Biolek2021", Authors: "D. Biolek and Z. Kolka and V. Biolkova and Z. Biolek and S. Kvatinsky",
		Title: "(V)TEAM for SPICE simulation of memristive devices with improved numerical performance", Journal: "IEEE Access", Volume: "9", Pages: "30242", Year: 2021, DOI: "10.1109/ACCESS.2021.3059241",
	}
	memtorch = device.Reference{
		Key: "Lammie2022", Authors: "C. Lammie and W. Xiang and B. Linares-Barranco and M. Rahimi Azghadi",
		Title: "MemTorch: An open-source simulation framework for memristive deep learning systems", Journal: "Neurocomputing", Volume: "485", Pages: "124", Year: 2022, DOI: "10.1016/j.neucom.2022.02.043",
	}
	magicDeck = device.Reference{
		Key: "MAGICDeck", Authors: "MahirDhrubo",
		Title: "3D_Crossbar_Mapping: circuit validation, SET and RESET deck with the VTEAM parameters of MAGIC", Journal: "GitHub repository, commit 531512f, as read in", Year: 2026,
		URL: "https://github.com/MahirDhrubo/3D_Crossbar_Mapping",
	}
	technion = device.Reference{
		Key: "TechnionModels", Authors: "ASIC2 research group, Technion",
		Title: "Memristor models, MATLAB demonstration", Year: 2015, URL: "https://asic2.group/tools/memristor-models/",
	}
	knowm = device.Reference{
		Key: "KnowmModels", Authors: "Knowm Inc.",
		Title: "memristor-models-4-all: linear resistance switches for LTspice", Year: 2017, URL: "https://github.com/knowm/memristor-models-4-all",
	}
	yang2008 = device.Reference{
		Key: "Yang2008", Authors: "J. J. Yang and M. D. Pickett and X. Li and D. A. A. Ohlberg and D. R. Stewart and R. S. Williams",
		Title: "Memristive switching mechanism for metal/oxide/metal nanodevices", Journal: "Nature Nanotechnology", Volume: "3", Pages: "429", Year: 2008, DOI: "10.1038/nnano.2008.160",
	}
	lehtonen2010 = device.Reference{
		Key: "Lehtonen2010", Authors: "E. Lehtonen and M. Laiho",
		Title: "CNN using memristors for neighborhood connections", Journal: "12th International Workshop on Cellular Nanoscale Networks and their Applications", Pages: "1", Year: 2010, DOI: "10.1109/CNNA.2010.5430304",
	}
	mladenov2021 = device.Reference{
		Key: "Mladenov2021", Authors: "V. Mladenov",
		Title: "A unified and open LTSPICE memristor model library", Journal: "Electronics", Volume: "10", Pages: "1594", Year: 2021, DOI: "10.3390/electronics10131594",
	}
	pickett2009 = device.Reference{
		Key: "Pickett2009", Authors: "M. D. Pickett and D. B. Strukov and J. L. Borghetti and J. J. Yang and G. S. Snider and D. R. Stewart and R. S. Williams",
		Title: "Switching dynamics in titanium dioxide memristive devices", Journal: "Journal of Applied Physics", Volume: "106", Pages: "074508", Year: 2009, DOI: "10.1063/1.3236506",
	}
	simmons1963 = device.Reference{
		Key: "Simmons1963", Authors: "J. G. Simmons",
		Title: "Generalized formula for the electric tunnel effect between similar electrodes separated by a thin insulating film", Journal: "Journal of Applied Physics", Volume: "34", Pages: "1793", Year: 1963, DOI: "10.1063/1.1702682",
	}
	yakopcic2011 = device.Reference{
		Key: "Yakopcic2011", Authors: "C. Yakopcic and T. M. Taha and G. Subramanyam and R. E. Pino and S. Rogers",
		Title: "A memristor device model", Journal: "IEEE Electron Device Letters", Volume: "32", Pages: "1436", Year: 2011, DOI: "10.1109/LED.2011.2163292",
	}
	yakopcic2013 = device.Reference{
		Key: "Yakopcic2013", Authors: "C. Yakopcic and T. M. Taha and G. Subramanyam and R. E. Pino",
		Title: "Generalized memristive device SPICE model and its application in circuit design", Journal: "IEEE Transactions on Computer-Aided Design of Integrated Circuits and Systems", Volume: "32", Pages: "1201", Year: 2013, DOI: "10.1109/TCAD.2013.2252057",
	}
	messaris2018 = device.Reference{
		Key: "Messaris2018", Authors: "I. Messaris and A. Serb and S. Stathopoulos and A. Khiat and S. Nikolaidis and T. Prodromakis",
		Title: "A data-driven Verilog-A ReRAM model", Journal: "IEEE Transactions on Computer-Aided Design of Integrated Circuits and Systems", Volume: "37", Pages: "3151", Year: 2018, DOI: "10.1109/TCAD.2018.2791468",
	}
	maf = device.Reference{
		Key: "MAF", Authors: "F. García Redondo",
		Title: "MAF: memristor analysis framework, class MemristorSimmons", Journal: "GitHub repository, commit 4596ce5", Year: 2014, URL: "https://github.com/fgr1986/maf",
	}
	strachan2013 = device.Reference{
		Key: "Strachan2013", Authors: "J. P. Strachan and A. C. Torrezan and F. Miao and M. D. Pickett and J. J. Yang and W. Yi and G. Medeiros-Ribeiro and R. S. Williams",
		Title: "State dynamics and modeling of tantalum oxide memristors", Journal: "IEEE Transactions on Electron Devices", Volume: "60", Pages: "2194", Year: 2013, DOI: "10.1109/TED.2013.2264476",
	}
	ascoli2015 = device.Reference{
		Key: "Ascoli2015", Authors: "A. Ascoli and R. Tetzlaff and L. O. Chua",
		Title: "Robust simulation of a TaO memristor model", Journal: "Radioengineering", Volume: "24", Pages: "384", Year: 2015, DOI: "10.13164/re.2015.0384",
	}
	tiotto = device.Reference{
		Key: "TiottoModels", Authors: "T. F. Tiotto",
		Title: "Memristor-Models: HP Labs ion drift and Yakopcic memristor models in Python", Journal: "GitHub repository, as read in", Year: 2026, URL: "https://github.com/thomastiotto/Memristor-Models",
	}
)

var (
	guan2012 = device.Reference{
		Key: "Guan2012", Authors: "X. Guan and S. Yu and H.-S. P. Wong",
		Title: "A SPICE compact model of metal oxide resistive switching memory with variations", Journal: "IEEE Electron Device Letters", Volume: "33", Pages: "1405", Year: 2012, DOI: "10.1109/LED.2012.2210856",
	}
	jiang2014 = device.Reference{
		Key: "Jiang2014", Authors: "Z. Jiang and S. Yu and Y. Wu and J. H. Engel and X. Guan and H.-S. P. Wong",
		Title: "Verilog-A compact model for oxide-based resistive random access memory (RRAM)", Journal: "SISPAD 2014", Pages: "41", Year: 2014, DOI: "10.1109/SISPAD.2014.6931558",
	}
	jiang2016 = device.Reference{
		Key: "Jiang2016", Authors: "Z. Jiang and Y. Wu and S. Yu and L. Yang and K. Song and Z. Karim and H.-S. P. Wong",
		Title: "A compact model for metal-oxide resistive random access memory with experiment verification", Journal: "IEEE Transactions on Electron Devices", Volume: "63", Pages: "1884", Year: 2016, DOI: "10.1109/TED.2016.2545412",
	}
	sky130 = device.Reference{
		Key: "SKY130RRAM", Authors: "SkyWater Technology",
		Title: "SKY130 ReRAM: Verilog-A compact model", Journal: "SkyWater PDK libraries, sky130_fd_pr_reram", Year: 2021, URL: "https://github.com/google/skywater-pdk-libs-sky130_fd_pr_reram",
	}
)

var (
	nugent2014 = device.Reference{
		Key: "Nugent2014", Authors: "M. A. Nugent and T. W. Molter",
		Title: "AHaH computing: from metastable switches to attractors to machine learning", Journal: "PLoS ONE", Volume: "9", Pages: "e85175", Year: 2014, DOI: "10.1371/journal.pone.0085175",
	}
	molter2016 = device.Reference{
		Key: "Molter2016", Authors: "T. W. Molter and M. A. Nugent",
		Title: "The generalized metastable switch memristor model", Journal: "CNNA 2016", Year: 2016, URL: "https://arxiv.org/abs/1608.04659",
	}
)

var (
	bengel2020 = device.Reference{
		Key: "Bengel2020", Authors: "C. Bengel and A. Siemon and F. Cüppers and S. Hoffmann-Eifert and A. Hardtdegen and M. von Witzleben and L. Hellmich and R. Waser and S. Menzel",
		Title: "Variability-aware modeling of filamentary oxide-based bipolar resistive switching cells using SPICE level compact models", Journal: "IEEE Transactions on Circuits and Systems I", Volume: "67", Pages: "4618", Year: 2020, DOI: "10.1109/TCSI.2020.3018502",
	}
	jartDeposit = device.Reference{
		Key: "JARTv1b", Authors: "S. Menzel and C. Bengel",
		Title: "JART VCM v1b and JART VCM v1b var", Journal: "Jülich DATA", Year: 2025, DOI: "10.26165/JUELICH-DATA/FERGKU",
	}
	cuppers2019 = device.Reference{
		Key: "Cuppers2019", Authors: "F. Cüppers and S. Menzel and C. Bengel and A. Hardtdegen and M. von Witzleben and U. Böttger and R. Waser and S. Hoffmann-Eifert",
		Title: "Exploiting the switching dynamics of HfO2-based ReRAM devices for reliable analog memristive behavior", Journal: "APL Materials", Volume: "7", Pages: "091105", Year: 2019, DOI: "10.1063/1.5108654",
	}
)
