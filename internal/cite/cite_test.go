package cite

import "testing"

func TestBibTeX(t *testing.T) {
	a := Ref{Key: "B2", Authors: "B. Bäcker and C. Doe", Title: "X & Y", Journal: "J. Z", Volume: "3", Pages: "14", Year: 2009, DOI: "10.1/x"}
	b := Ref{Key: "A1", Authors: "A. A", Title: "T", Year: 2001, URL: "https://example.org"}
	c := Ref{Key: "C3", Authors: "A. A, B. B and C. C et al.", Title: "T", Journal: "IEEE International Electron Devices Meeting (IEDM)", Year: 2012}
	got := BibTeX([]Ref{a, c, b, a})
	want := `@misc{A1,
  author    = {A. A},
  title     = {{T}},
  year      = {2001},
  url       = {https://example.org},
}

@article{B2,
  author    = {B. B{\"a}cker and C. Doe},
  title     = {{X \& Y}},
  journal   = {J. Z},
  volume    = {3},
  pages     = {14},
  year      = {2009},
  doi       = {10.1/x},
}

@inproceedings{C3,
  author    = {A. A and B. B and C. C and others},
  title     = {{T}},
  booktitle = {IEEE International Electron Devices Meeting (IEDM)},
  year      = {2012},
}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s := a.String(); s != `B. Bäcker and C. Doe, "X & Y", J. Z 3, 14 (2009), doi:10.1/x` {
		t.Error(s)
	}
}
