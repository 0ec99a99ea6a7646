package checks

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// alertCase has series, each with its values, and what an alert makes of them.
type alertCase struct {
	When    string            `json:"when"`
	Every   string            `json:"every"`
	Series  []string          `json:"series"`
	After   string            `json:"after"`
	Labels  map[string]string `json:"labels"`
	Summary string            `json:"summary"`
}

// alertCases are those of one alert.
type alertCases struct {
	Fires  []alertCase `json:"fires"`
	Silent []alertCase `json:"silent"`
}

type rule struct {
	Alert       string            `json:"alert"`
	Expr        string            `json:"expr"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

var (
	metricName = regexp.MustCompile(`pgbackrest_[a-z_]+`)
	label      = regexp.MustCompile(`([a-z_]+)="([^"]*)"`)
)

func TestEveryAlertHasSeriesWithWhichItFiresAndOthersWithWhichItDoesNot(t *testing.T) {
	cases := readAlertCases(t)
	for _, rule := range rules(t) {
		of := cases[rule.Alert]
		delete(cases, rule.Alert)
		if len(of.Fires) == 0 || len(of.Silent) == 0 {
			t.Errorf("%s has %d cases with which it fires and %d with which it does not in alerts.yaml; write one at least of each", rule.Alert, len(of.Fires), len(of.Silent))
		}
		for _, silent := range of.Silent {
			for _, metric := range metricName.FindAllString(rule.Expr, -1) {
				if !slices.ContainsFunc(silent.Series, func(series string) bool { return strings.HasPrefix(series, metric+"{") }) {
					t.Errorf("%s could not fire when %s: there is no %s", rule.Alert, silent.When, metric)
				}
			}
		}
	}
	for alert := range cases {
		t.Errorf("there is no alert %s", alert)
	}
}

func TestEveryAlertHasItsSectionAmongTheRunbooks(t *testing.T) {
	sections := []string{}
	for _, line := range strings.Split(read(t, "../../docs/reference/alerts.md"), "\n") {
		if title, is := strings.CutPrefix(line, "## "); is {
			sections = append(sections, title)
		}
	}
	alerts := []string{}
	for _, rule := range rules(t) {
		alerts = append(alerts, rule.Alert)
		if want := "docs/reference/alerts.md#" + strings.ToLower(rule.Alert); rule.Annotations["runbook"] != want {
			t.Errorf("the runbook of %s is %q instead of %q", rule.Alert, rule.Annotations["runbook"], want)
		}
	}
	if !slices.Equal(sections, alerts) {
		t.Errorf("docs/reference/alerts.md has the sections %v, the alerts are %v", sections, alerts)
	}
}

func TestTheAlertsAreThoseThatPromtoolExpects(t *testing.T) {
	directory := t.TempDir()
	write(t, directory+"/rules.yaml", map[string]any{"groups": ruleGroups(t)})
	cases := readAlertCases(t)
	tests := map[string][]any{}
	for _, rule := range rules(t) {
		for _, next := range cases[rule.Alert].Fires {
			expected := map[string]any{"exp_labels": next.expectedLabels(rule), "exp_annotations": next.expectedAnnotations(rule)}
			tests[next.interval()] = append(tests[next.interval()], next.test(rule.Alert, []any{expected}))
		}
		for _, next := range cases[rule.Alert].Silent {
			tests[next.interval()] = append(tests[next.interval()], next.test(rule.Alert, []any{}))
		}
	}
	for interval, of := range tests {
		path := directory + "/" + interval + ".yaml"
		write(t, path, map[string]any{"rule_files": []string{"rules.yaml"}, "evaluation_interval": interval, "tests": of})
		if output, err := promtool(t, "test", "rules", path); err != nil {
			t.Errorf("promtool test rules: %v\n%s", err, output)
		}
	}
}

func TestPrometheusParsesTheExpressionsOfTheDashboard(t *testing.T) {
	var dashboard struct {
		Panels []struct {
			Title   string `json:"title"`
			Targets []struct {
				Expr string `json:"expr"`
			} `json:"targets"`
		} `json:"panels"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "../monitoring/grafana-dashboard.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	recorded := []any{}
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			expression := regexp.MustCompile(`\$(cluster|namespace|namespaces|repository)\b`).ReplaceAllString(target.Expr, "demo")
			recorded = append(recorded, map[string]any{"record": "dashboard", "expr": expression, "labels": map[string]string{"panel": panel.Title}})
		}
	}
	if len(recorded) < 20 {
		t.Fatalf("%d expressions", len(recorded))
	}
	directory := t.TempDir()
	write(t, directory+"/rules.yaml", map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": recorded}}})
	write(t, directory+"/tests.yaml", map[string]any{"rule_files": []string{"rules.yaml"}, "tests": []any{map[string]any{"input_series": []any{}}}})
	if output, err := promtool(t, "test", "rules", directory+"/tests.yaml"); err != nil {
		t.Errorf("promtool test rules: %v\n%s", err, output)
	}
}

func (c alertCase) interval() string {
	if c.Every == "" {
		return "1m"
	}
	return c.Every
}

func (c alertCase) test(alert string, expected []any) map[string]any {
	series := []any{}
	for _, next := range c.Series {
		series = append(series, scraped(next))
	}
	return map[string]any{
		"name":            alert + " when " + c.When,
		"interval":        c.interval(),
		"input_series":    series,
		"alert_rule_test": []any{map[string]any{"alertname": alert, "eval_time": c.After, "exp_alerts": expected}},
	}
}

func (c alertCase) expectedLabels(rule rule) map[string]string {
	expected := map[string]string{}
	if c.Labels == nil {
		for _, pair := range label.FindAllStringSubmatch(scraped(c.Series[0])["series"], -1) {
			if pair[2] != "" {
				expected[pair[1]] = pair[2]
			}
		}
	}
	for name, value := range c.Labels {
		expected[name] = value
	}
	for name, value := range rule.Labels {
		expected[name] = value
	}
	return expected
}

func (c alertCase) expectedAnnotations(rule rule) map[string]string {
	expected := map[string]string{}
	for name, text := range rule.Annotations {
		expected[name] = text
	}
	expected["summary"] = c.Summary
	return expected
}

// scraped adds to a series of a pod the labels that a PodMonitor adds; those of drills are the operator's, with the namespace of the drill.
func scraped(series string) map[string]string {
	labels, values, _ := strings.Cut(series, "} ")
	if strings.HasPrefix(series, "pgbackrest_dalibo_com_drill_") {
		added := `,namespace="shop",container="pgbackrest-controller",endpoint="health",instance="10.0.0.9:8081",job="cnpg-system/pgbackrest-controller",pod="pgbackrest-controller-1"}`
		return map[string]string{"series": labels + added, "values": values}
	}
	number := regexp.MustCompile(`pod="[^"]*-([0-9]+)"`).FindStringSubmatch(labels)[1]
	added := `,namespace="shop",container="pgbackrest-plugin",endpoint="pgbackrest",instance="10.0.0.` + number + `:9854",job="cnpg-system/pgbackrest"}`
	return map[string]string{"series": labels + added, "values": values}
}

func ruleGroups(t *testing.T) any {
	t.Helper()
	return parse(t, read(t, "../monitoring/prometheus-rule.yaml"))["PrometheusRule/pgbackrest"].at("spec", "groups")
}

func rules(t *testing.T) []rule {
	t.Helper()
	var groups []struct {
		Rules []rule `json:"rules"`
	}
	if err := yaml.Unmarshal([]byte(printed(t, ruleGroups(t))), &groups); err != nil {
		t.Fatal(err)
	}
	found := []rule{}
	for _, group := range groups {
		found = append(found, group.Rules...)
	}
	if len(found) < 10 {
		t.Fatalf("%d alerts", len(found))
	}
	return found
}

func readAlertCases(t *testing.T) map[string]alertCases {
	t.Helper()
	cases := map[string]alertCases{}
	if err := yaml.UnmarshalStrict([]byte(read(t, "alerts.yaml")), &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func write(t *testing.T, path string, value any) {
	t.Helper()
	if err := os.WriteFile(filepath.FromSlash(path), []byte(printed(t, value)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func promtool(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	program := os.Getenv("PROMTOOL")
	if program == "" {
		t.Fatal("PROMTOOL is not set: run tools/deploy-checks")
	}
	output, err := exec.Command(program, arguments...).CombinedOutput()
	return string(output), err
}
