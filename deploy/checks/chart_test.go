package checks

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write the golden files anew")

const keep = "helm.sh/resource-policy"

func TestWithDefaultsTheChartHasTheObjectsOfTheManifest(t *testing.T) {
	manifest := parse(t, read(t, "../manifest.yaml"))
	same(t, manifest, withoutKeep(t, template(t)))
}

func TestWithCertManagerTheChartHasTheObjectsOfTheOverlay(t *testing.T) {
	overlay := parse(t, read(t, chart+"/files/operator-cert-manager.yaml"))
	rendered := template(t, "--set", "certificates.certManager.enabled=true", "--set", "crds.create=false")
	same(t, overlay, rendered)
}

func TestEveryCRDStaysWhenTheReleaseIsRemoved(t *testing.T) {
	found := 0
	for key, next := range template(t, "--set", "commonAnnotations.team=dba") {
		if next.kind() != "CustomResourceDefinition" {
			continue
		}
		found++
		if next.at("metadata", "annotations", keep) != "keep" {
			t.Errorf("%s would be deleted by 'helm uninstall'", key)
		}
	}
	if found != 5 {
		t.Errorf("%d CRDs instead of 5", found)
	}
}

// The Role has the names of what the operator creates: its certificates and its Lease.
func TestTheReleaseIsRemovedWithAllThatTheOperatorCreates(t *testing.T) {
	rendered := templateWithHooks(t)
	found := 0
	for _, next := range rendered["Role/pgbackrest-controller"]["rules"].([]any) {
		rule := next.(map[string]any)
		kind := map[string]string{"secrets": "Secret", "leases": "Lease"}[rule["resources"].([]any)[0].(string)]
		names, _ := rule["resourceNames"].([]any)
		for _, name := range names {
			if kind == "" {
				continue
			}
			found++
			hook := rendered[kind+"/"+name.(string)]
			if hook.at("metadata", "annotations", "helm.sh/hook") != "post-delete" ||
				hook.at("metadata", "annotations", "helm.sh/hook-delete-policy") != "before-hook-creation,hook-succeeded" {
				t.Errorf("%s %s would stay: %v", kind, name, hook)
			}
		}
	}
	if found != 3 {
		t.Errorf("%d objects instead of 3", found)
	}
}

func TestTheChartHasNoFaultThatHelmFinds(t *testing.T) {
	if output, err := helm(t, "lint", "--strict", chart); err != nil {
		t.Errorf("helm lint: %v\n%s", err, output)
	}
}

func TestValuesThatAreNotThereAreRefused(t *testing.T) {
	for setting, message := range map[string]string{
		"replicas=3":                            "additional properties 'replicas' not allowed",
		"image.name=pgbackrest":                 "additional properties 'name' not allowed",
		"image.repository=":                     "'/image/repository'",
		"monitoring.podMonitor.enabled=si":      "'/monitoring/podMonitor/enabled'",
		"certificates.certManager.duration=90d": "'/certificates/certManager/duration'",
		"service.name=-pgbackrest":              "'/service/name'",
	} {
		output, err := helm(t, "template", "pgbackrest", chart, "--set", setting)
		if err == nil || !strings.Contains(output, message) {
			t.Errorf("with %s: %v, want a message with %q\n%s", setting, err, message, output)
		}
	}
}

func TestAKubernetesWithoutNativeSidecarsIsRefused(t *testing.T) {
	output, err := helm(t, "template", "pgbackrest", chart, "--kube-version", "1.28.9")
	if err == nil || !strings.Contains(output, "incompatible with Kubernetes v1.28.9") {
		t.Errorf("%v\n%s", err, output)
	}
}

// Helm 3 prints notes only of what it installs, so here they become an object of a copy of the chart.
func TestTheNotesNameTheNextThreeCommands(t *testing.T) {
	directory := t.TempDir()
	if err := os.CopyFS(directory, os.DirFS(chart)); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(directory+"/templates/NOTES.txt", directory+"/notes.txt"); err != nil {
		t.Fatal(err)
	}
	configMap := `{apiVersion: v1, kind: ConfigMap, metadata: {name: notes}, data: {notes: {{ tpl (.Files.Get "notes.txt") . | toJson }}}}`
	if err := os.WriteFile(directory+"/templates/notes.yaml", []byte(configMap), 0o644); err != nil {
		t.Fatal(err)
	}
	output, err := helm(t, "template", "pgbackrest", directory, "--namespace", "operators")
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	notes := parse(t, output)["ConfigMap/notes"].at("data", "notes").(string)
	for _, command := range []string{
		"kubectl --namespace operators rollout status deployment/pgbackrest-controller",
		"kubectl apply --filename stanza.yaml",
		"kubectl get stanzas --all-namespaces",
	} {
		if !strings.Contains(notes, command) {
			t.Errorf("no %q in the notes:\n%s", command, notes)
		}
	}
}

func TestRulesAndDashboardAreThoseOfTheMonitoringFolder(t *testing.T) {
	rendered := template(t, "--values", "testdata/monitoring/values.yaml")
	rules := parse(t, read(t, "../monitoring/prometheus-rule.yaml"))["PrometheusRule/pgbackrest"]
	if !reflect.DeepEqual(rules["spec"], rendered["PrometheusRule/pgbackrest"]["spec"]) {
		t.Error("the rules of the chart are others than those of deploy/monitoring")
	}
	dashboard := read(t, "../monitoring/grafana-dashboard.json")
	if dashboard != rendered["ConfigMap/pgbackrest-dashboard"].at("data", "pgbackrest.json") {
		t.Error("the dashboard of the chart is another than that of deploy/monitoring")
	}
}

func TestEachAlertLinksToItsRunbookWhereTheSiteIsPublished(t *testing.T) {
	rendered := template(t, "--set", "monitoring.rules.enabled=true,monitoring.rules.runbookBaseUrl=https://docs.example.com/")
	found := 0
	for _, group := range rendered["PrometheusRule/pgbackrest"].at("spec", "groups").([]any) {
		for _, next := range group.(map[string]any)["rules"].([]any) {
			alert := object(next.(map[string]any))
			want := "https://docs.example.com/docs/reference/alerts#" + strings.ToLower(alert["alert"].(string))
			if url := alert.at("annotations", "runbook_url"); url != want {
				t.Errorf("%v instead of %s", url, want)
			}
			found++
		}
	}
	if found < 10 {
		t.Errorf("only %d alerts", found)
	}
}

func TestArtifactHubShowsEveryCRD(t *testing.T) {
	description := parse(t, "kind: Chart\nmetadata: {name: chart}\n"+read(t, chart+"/Chart.yaml"))["Chart/chart"]
	var shown []struct{ Kind, Name, Version, DisplayName, Description string }
	if err := yaml.Unmarshal([]byte(description.at("annotations", "artifacthub.io/crds").(string)), &shown); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, each := range shown {
		if each.Version == "" || each.DisplayName == "" || each.Description == "" {
			t.Errorf("%s has no version, name or description", each.Kind)
		}
		names[each.Name] = each.Kind
	}
	for _, crd := range parse(t, read(t, chart+"/files/crds.yaml")) {
		name := crd.metadata()["name"].(string)
		if kind := crd.at("spec", "names", "kind"); names[name] != kind {
			t.Errorf("artifacthub.io/crds in Chart.yaml does not have %s '%s'", kind, name)
		}
		delete(names, name)
	}
	for name := range names {
		t.Errorf("artifacthub.io/crds in Chart.yaml has '%s', which the chart does not", name)
	}
}

// Each folder of testdata has values and what they change: the objects that are not those of the manifest.
func TestEverySetOfValuesRendersItsGoldenFile(t *testing.T) {
	manifest := parse(t, read(t, "../manifest.yaml"))
	folders, err := filepath.Glob("testdata/*")
	if err != nil || len(folders) < 10 {
		t.Fatalf("%d folders in testdata: %v", len(folders), err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			rendered := withoutKeep(t, template(t, "--values", filepath.Join(folder, "values.yaml")))
			golden := filepath.Join(folder, "changes.yaml")
			got := changes(t, manifest, rendered)
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := read(t, golden); got != want {
				t.Errorf("not what %s says (tools/deploy-checks -update writes it anew):\n%s", golden, got)
			}
		})
	}
}

// withoutKeep removes the one annotation that only the chart has.
func withoutKeep(t *testing.T, rendered objects) objects {
	t.Helper()
	for _, next := range rendered {
		if annotations, ok := next.metadata()["annotations"].(map[string]any); ok {
			delete(annotations, keep)
			if len(annotations) == 0 {
				delete(next.metadata(), "annotations")
			}
		}
	}
	return rendered
}

func same(t *testing.T, want, got objects) {
	t.Helper()
	if reflect.DeepEqual(want, got) {
		return
	}
	t.Errorf("the objects differ:\n%s", changes(t, want, got))
}

// changes lists what is in one set of objects and not, or not so, in the other.
func changes(t *testing.T, from, to objects) string {
	t.Helper()
	keys := map[string]bool{}
	for key := range from {
		keys[key] = true
	}
	for key := range to {
		keys[key] = true
	}
	sorted := make([]string, 0, len(keys))
	for key := range keys {
		sorted = append(sorted, key)
	}
	sort.Strings(sorted)
	var text strings.Builder
	for _, key := range sorted {
		if next, there := to[key]; !there {
			text.WriteString("# no " + key + "\n")
		} else if !reflect.DeepEqual(from[key], next) {
			text.WriteString("---\n" + printed(t, abridged(next)))
		}
	}
	return text.String()
}

// abridged leaves out what TestRulesAndDashboardAreThoseOfTheMonitoringFolder compares.
func abridged(next object) object {
	shorter := object{}
	for field, value := range next {
		if next.kind() == "PrometheusRule" && field == "spec" || next.kind() == "ConfigMap" && field == "data" {
			value = "of deploy/monitoring"
		}
		shorter[field] = value
	}
	return shorter
}
