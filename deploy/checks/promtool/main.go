// Command promtool is the part of Prometheus' promtool that deploy/checks needs: its 'test rules', and the relabelling of a
// target. The whole promtool takes three times as long to build, because it has the client of Kubernetes in it.
// tools/promtool adds the file unittest.go of promtool itself.
//
//	promtool test rules FILE...
//	promtool relabel FILE   prints the labels of the targets that 'relabel_configs' of FILE keeps of its 'targets'
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v2"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/relabel"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
)

const (
	successExitCode = 0
	failureExitCode = 1
)

func main() {
	arguments := os.Args[1:]
	switch {
	case len(arguments) > 2 && arguments[0] == "test" && arguments[1] == "rules":
		options := promqltest.LazyLoaderOpts{EnableAtModifier: true, EnableNegativeOffset: true}
		os.Exit(RulesUnitTest(options, parser.NewParser(parser.Options{}), nil, false, false, false, arguments[2:]...))
	case len(arguments) == 2 && arguments[0] == "relabel":
		if err := relabelTargets(arguments[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(failureExitCode)
		}
	default:
		fmt.Fprintln(os.Stderr, "usage: promtool test rules FILE... | relabel FILE")
		os.Exit(2)
	}
}

// parseTime reads the field 'start_timestamp' of a test, which unittest.go leaves to the file that it usually stands beside.
func parseTime(text string) (time.Time, error) { return time.Parse(time.RFC3339Nano, text) }

func relabelTargets(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var file struct {
		Configs []*relabel.Config   `yaml:"relabel_configs"`
		Targets []map[string]string `yaml:"targets"`
	}
	if err := yaml.UnmarshalStrict(text, &file); err != nil {
		return err
	}
	for _, config := range file.Configs {
		if err := config.Validate(model.UTF8Validation); err != nil {
			return err
		}
	}
	kept := []map[string]string{}
	for _, target := range file.Targets {
		builder := labels.NewBuilder(labels.FromMap(target))
		if relabel.ProcessBuilder(builder, file.Configs...) {
			kept = append(kept, builder.Labels().Map())
		}
	}
	printed, err := yaml.Marshal(kept)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(printed)
	return err
}
