package files_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"path/filepath"
	"strings"

	"mho/internal/files"
)

// temp returns a directory for an example and a function that removes it.
func temp() (string, func()) {
	dir, err := os.MkdirTemp("", "files")
	if err != nil {
		log.Fatal(err)
	}
	return dir, func() { os.RemoveAll(dir) }
}

func ExampleReadMatrix() {
	dir, remove := temp()
	defer remove()
	path := filepath.Join(dir, "g.npy")
	g := files.Matrix{Rows: 2, Cols: 2, Data: []float64{1e-6, 2e-6, 3e-6, 4e-6}} // S
	if err := files.WriteMatrix(path, g); err != nil {
		log.Fatal(err)
	}
	back, err := files.ReadMatrix(path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(back.Rows, back.Cols, back.At(1, 0))
	// Output: 2 2 3e-06
}

func ExampleDecodeCSV_errors() {
	_, err := files.DecodeCSV(strings.NewReader("1e-6,2e-6\n3e-6,off\n"), "g.csv")
	fmt.Println(err)
	// Output: g.csv:2: column 2: "off" is not a number: want a plain number such as 2.5e-05
}

func ExampleTable() {
	t := &files.Table{Columns: []files.Column{
		{Name: "t", Unit: "s", Values: []float64{20, 3600}},
		{Name: "mean", Unit: "S", Values: []float64{2.5e-05, 2.31e-05}},
		{Name: "std", Unit: "S", Values: []float64{1.1e-06, math.NaN()}, Optional: true},
		{Name: "device", Text: []string{"pcm-ibm", "pcm-ibm"}},
	}}
	if err := t.WriteCSV(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// t_s,mean_S,std_S,device
	// 20,2.5e-05,1.1e-06,pcm-ibm
	// 3600,2.31e-05,,pcm-ibm
}

func ExampleDecodeTable() {
	t, err := files.DecodeTable(strings.NewReader("t_s,v_V\n0,0\n1e-6,0.5\n"), "wave.csv")
	if err != nil {
		log.Fatal(err)
	}
	v, err := t.Floats("v_V")
	fmt.Println(v, err)
	_, err = t.Floats("i_A")
	fmt.Println(err)
	// Output:
	// [0 0.5] <nil>
	// wave.csv: no column "i_A": have t_s, v_V
}

func ExampleWriteNPZ() {
	dir, remove := temp()
	defer remove()
	path := filepath.Join(dir, "weights.npz")
	err := files.WriteNPZ(path, []files.NamedArray{
		{Name: "fc1.weight", Array: files.Array{Shape: []int{2, 3}, Data: []float32{1, 2, 3, 4, 5, 6}}},
		{Name: "labels", Array: files.Array{Shape: []int{2}, Data: []int64{7, 9}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	arrays, err := files.ReadNPZ(path)
	if err != nil {
		log.Fatal(err)
	}
	w, err := arrays["fc1.weight"].Matrix()
	fmt.Println(w.Row(1), err)
	fmt.Println(arrays["labels"].Data)
	// Output:
	// [4 5 6] <nil>
	// [7 9]
}

func ExampleWriteFile() {
	dir, remove := temp()
	defer remove()
	path := filepath.Join(dir, "manifest.json")
	err := files.WriteFile(path, func(w io.Writer) error {
		fmt.Fprintln(w, `{"seed": 1,`)
		return errors.New("interrupted")
	})
	fmt.Println(strings.TrimPrefix(err.Error(), dir+string(filepath.Separator)))
	_, err = os.Stat(path)
	fmt.Println("half a file is there:", err == nil)
	// Output:
	// manifest.json: cannot write: interrupted
	// half a file is there: false
}
