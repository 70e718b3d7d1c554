package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"mho/aimc/network"
	"mho/device"
	"mho/device/catalog"
	"mho/experiments"
	"mho/internal/claims"
	"mho/internal/config"
	"mho/noise"
)

const referencePath = "../../docs/reference.md"

// TestReference holds docs/reference.md against the commands, keys and models
// as they are.
func TestReference(t *testing.T) {
	want := reference(t)
	if claims.Update() {
		if err := os.WriteFile(referencePath, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(referencePath)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is stale: rewrite it with MHO_UPDATE=1 go test ./experiments/cli", referencePath)
	}
}

func reference(t *testing.T) string {
	var b strings.Builder
	b.WriteString(`# Reference

Every command, key and model, made from the code by ` + "`MHO_UPDATE=1 go test ./experiments/cli`" + `.

- [Commands](#commands)
- [Keys in TOML](#keys-in-toml)
- [Models](#models)
- [Processes](#processes)

## Commands
`)
	root := newRoot(&app{io.Discard, io.Discard})
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" && c.Name() != "completion" {
			command(&b, c)
		}
	}
	b.WriteString("\n## Keys in TOML\n\nEvery study has the keys above the first table and the tables `[environment]` and\n`[figure]`; `[sweep]` takes any key (see [study.md](study.md)). Keys of `[device]` are\nthe parameters of its model.\n")
	common := map[string]bool{}
	for i, e := range experiments.All() {
		keys, err := e.Keys()
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			b.WriteString("\n### every study\n")
			var first []config.Resolved
			for _, k := range keys {
				if !strings.Contains(k.Path, ".") || strings.HasPrefix(k.Path, "environment.") || strings.HasPrefix(k.Path, "figure.") {
					common[k.Path] = true
					first = append(first, k)
				}
			}
			table(&b, first)
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s.\n", e.Name, e.Summary)
		var own []config.Resolved
		for _, k := range keys {
			if !common[k.Path] {
				own = append(own, k)
			}
		}
		table(&b, own)
	}
	keys, err := experiments.TileKeys("pcm-ibm")
	if err != nil {
		t.Fatal(err)
	}
	b.WriteString("\n### the tile of mho mvm\n")
	table(&b, keys)
	keys, err = experiments.NetworkKeys()
	if err != nil {
		t.Fatal(err)
	}
	b.WriteString("\n### the network of mho evaluate\n\nBeside the tables of the tile.\n")
	table(&b, keys)
	kinds, layers := experiments.LayerKeys()
	b.WriteString("\nEvery `[[layer]]` has `kind`, and `name` if its arrays or another layer need one. The kinds are " + strings.Join(append(network.Activations(), kinds...), ", ") + ".\n")
	for i, kind := range kinds {
		if len(layers[i]) > 0 {
			fmt.Fprintf(&b, "\nKeys of a layer of kind `%s`:\n", kind)
			table(&b, layers[i])
		}
	}
	b.WriteString("\n## Models\n")
	for _, e := range catalog.All() {
		model(&b, e.New())
	}
	b.WriteString("\n## Processes\n\nAny of these goes under `[noise]`, see [noise.md](noise.md).\n")
	for _, e := range noise.Processes() {
		process(&b, e.New())
	}
	return b.String()
}

func command(b *strings.Builder, c *cobra.Command) {
	fmt.Fprintf(b, "\n### mho %s\n\n    mho %s\n\n", c.Name(), c.Use)
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	b.WriteString(text + "\n")
	if flags := c.LocalFlags().FlagUsages(); flags != "" {
		fmt.Fprintf(b, "\n```\n%s```\n", flags)
	}
	if c.Example != "" {
		fmt.Fprintf(b, "\n```\n%s\n```\n", c.Example)
	}
}

func table(b *strings.Builder, keys []config.Resolved) {
	b.WriteString("\n| key | default | allowed | meaning |\n|---|---|---|---|\n")
	for _, k := range keys {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", k.Path, pipe(strings.ReplaceAll(k.Text(), `"`, "")), pipe(k.Allowed()), pipe(k.Meaning))
	}
}

func model(b *strings.Builder, m device.Model) {
	info := m.Info()
	fmt.Fprintf(b, "\n### %s\n\n%s.\n\n", info.Name, info.Title)
	for _, e := range info.Equations {
		fmt.Fprintf(b, "    %s\n", e)
	}
	if el, ok := m.(device.Element); ok {
		b.WriteString("\nDrives: ")
		for i, d := range el.Drives() {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(b, "`%s` (%s)", d.Header(), d.Meaning)
		}
		b.WriteString(". States: ")
		for i, s := range el.States() {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(b, "`%s` (%s)", s.Header(), s.Meaning)
		}
		b.WriteString(".\n")
	}
	facts(b, m.Params(), info.Notes, info.References)
}

func process(b *strings.Builder, p noise.Process) {
	info := p.Info()
	fmt.Fprintf(b, "\n### %s\n\n%s (%s).\n\n", info.Name, info.Title, info.Kind)
	for _, e := range info.Equations {
		fmt.Fprintf(b, "    %s\n", e)
	}
	facts(b, p.Params(), info.Notes, info.References)
}

func facts(b *strings.Builder, params []device.Param, notes []string, refs []device.Reference) {
	b.WriteString("\n| parameter | default | allowed | meaning | source |\n|---|---|---|---|---|\n")
	for _, p := range params {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", p.Name, pipe(strings.ReplaceAll(p.Text(), `"`, "")), pipe(p.Allowed()), pipe(p.Meaning), p.Source)
	}
	b.WriteString("\n")
	for _, n := range notes {
		fmt.Fprintf(b, "- %s\n", n)
	}
	for _, r := range refs {
		fmt.Fprintf(b, "- %s: %s\n", r.Key, r)
	}
}

func pipe(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
