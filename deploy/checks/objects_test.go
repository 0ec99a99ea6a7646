package checks

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const chart = "../helm/pgbackrest-plugin"

// object is a Kubernetes object as its YAML says it.
type object map[string]any

func (o object) kind() string { return o["kind"].(string) }

func (o object) metadata() map[string]any { return o["metadata"].(map[string]any) }

// key names an object among those of one installation.
func (o object) key() string { return o.kind() + "/" + o.metadata()["name"].(string) }

// at returns the value below keys, or nil.
func (o object) at(keys ...string) any {
	var value any = map[string]any(o)
	for _, key := range keys {
		fields, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = fields[key]
	}
	return value
}

// objects are those of a YAML stream, by their keys.
type objects map[string]object

func parse(t *testing.T, text string) objects {
	t.Helper()
	found := objects{}
	for _, document := range strings.Split("\n"+text, "\n---\n") {
		var next object
		if err := yaml.Unmarshal([]byte(document), &next); err != nil {
			t.Fatalf("not YAML: %v\n%s", err, document)
		}
		if len(next) == 0 {
			continue
		}
		if _, twice := found[next.key()]; twice {
			t.Fatalf("%s is there twice", next.key())
		}
		found[next.key()] = next
	}
	return found
}

func (o objects) without(kind string) objects {
	others := objects{}
	for key, next := range o {
		if next.kind() != kind {
			others[key] = next
		}
	}
	return others
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func printed(t *testing.T, value any) string {
	t.Helper()
	text, err := yaml.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// helm runs the Helm under test and returns what it printed.
func helm(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	program := os.Getenv("HELM")
	if program == "" {
		t.Fatal("HELM is not set: run tools/deploy-checks")
	}
	output, err := exec.Command(program, arguments...).CombinedOutput()
	return string(output), err
}

// template renders the chart as 'helm install' into the namespace cnpg-system would, without hooks.
func template(t *testing.T, arguments ...string) objects {
	t.Helper()
	return templateWithHooks(t, append(arguments, "--no-hooks")...)
}

func templateWithHooks(t *testing.T, arguments ...string) objects {
	t.Helper()
	output, err := helm(t, append([]string{"template", "pgbackrest", chart, "--namespace", "cnpg-system"}, arguments...)...)
	if err != nil {
		t.Fatalf("helm template failed: %v\n%s", err, output)
	}
	return parse(t, output)
}
