package checks

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const bundle = "../olm/bundle"

func clusterServiceVersion(t *testing.T) object {
	t.Helper()
	text := read(t, bundle+"/manifests/pgbackrest-plugin.clusterserviceversion.yaml")
	for _, next := range parse(t, text) {
		return next
	}
	t.Fatal("there is no ClusterServiceVersion")
	return nil
}

// bundled are the objects beside the ClusterServiceVersion.
func bundled(t *testing.T) objects {
	t.Helper()
	files, err := filepath.Glob(bundle + "/manifests/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in the bundle: %v", len(files), err)
	}
	found := objects{}
	for _, file := range files {
		for key, next := range parse(t, read(t, file)) {
			found[key] = next
		}
	}
	return found.without("ClusterServiceVersion")
}

func TestTheBundleHasEveryObjectOfTheManifestOnce(t *testing.T) {
	ofTheVersion := map[string]bool{
		"ServiceAccount/pgbackrest-controller":     true,
		"Role/pgbackrest-controller":               true,
		"RoleBinding/pgbackrest-controller":        true,
		"ClusterRole/pgbackrest-controller":        true,
		"ClusterRoleBinding/pgbackrest-controller": true,
		"Deployment/pgbackrest-controller":         true,
	}
	want := objects{}
	for key, next := range parse(t, read(t, "../manifest.yaml")) {
		if !ofTheVersion[key] {
			delete(next.metadata(), "namespace")
			want[key] = next
		}
	}
	same(t, want, bundled(t))
}

func TestTheVersionRunsTheDeploymentWithTheRightsOfTheManifest(t *testing.T) {
	manifest := parse(t, read(t, "../manifest.yaml"))
	deployment := manifest["Deployment/pgbackrest-controller"]
	install := clusterServiceVersion(t).at("spec", "install", "spec").(map[string]any)
	want := map[string]any{
		"deployments": []any{map[string]any{
			"name":  "pgbackrest-controller",
			"label": deployment.at("metadata", "labels"),
			"spec":  deployment["spec"],
		}},
		"permissions": []any{map[string]any{
			"serviceAccountName": deployment.at("spec", "template", "spec", "serviceAccountName"),
			"rules":              manifest["Role/pgbackrest-controller"]["rules"],
		}},
		"clusterPermissions": []any{map[string]any{
			"serviceAccountName": deployment.at("spec", "template", "spec", "serviceAccountName"),
			"rules":              manifest["ClusterRole/pgbackrest-controller"]["rules"],
		}},
	}
	if !reflect.DeepEqual(want, install) {
		t.Errorf("the version installs\n%s\ninstead of\n%s", printed(t, install), printed(t, want))
	}
}

func TestTheVersionOwnsEveryCRDAndHasAnExampleOfEach(t *testing.T) {
	version := clusterServiceVersion(t)
	var examples []object
	if err := json.Unmarshal([]byte(version.at("metadata", "annotations", "alm-examples").(string)), &examples); err != nil {
		t.Fatal(err)
	}
	owned := version.at("spec", "customresourcedefinitions", "owned").([]any)
	for _, next := range owned {
		kind := object(next.(map[string]any))
		crd := bundled(t)["CustomResourceDefinition/"+kind["name"].(string)]
		if crd == nil {
			t.Fatalf("there is no CRD '%s'", kind["name"])
		}
		served := crd.at("spec", "versions").([]any)[0].(map[string]any)["name"]
		if kind["kind"] != crd.at("spec", "names", "kind") || kind["version"] != served || kind["description"] == "" || kind["displayName"] == "" {
			t.Errorf("not what the CRD says: %s", printed(t, kind))
		}
		shown := 0
		for _, example := range examples {
			if example["kind"] == kind["kind"] && example["apiVersion"] == crd.at("spec", "group").(string)+"/"+served.(string) {
				shown++
			}
		}
		wanted := 1
		if strings.Contains(version.at("metadata", "annotations", "operators.operatorframework.io/internal-objects").(string), kind["name"].(string)) {
			wanted = 0
		}
		if shown != wanted {
			t.Errorf("%d examples of %s", shown, kind["kind"])
		}
	}
	if len(owned) != 5 {
		t.Errorf("%d CRDs instead of 5", len(owned))
	}
}

func TestTheVersionSaysWhatOperatorHubAsksFor(t *testing.T) {
	version := clusterServiceVersion(t)
	for _, path := range []string{
		"metadata.annotations.capabilities", "metadata.annotations.categories", "metadata.annotations.containerImage",
		"metadata.annotations.description", "metadata.annotations.support", "spec.displayName", "spec.description", "spec.keywords",
		"spec.links", "spec.maturity", "spec.provider.name", "spec.version",
	} {
		if value := version.at(strings.Split(path, ".")...); value == nil || value == "" {
			t.Errorf("%s is missing", path)
		}
	}
	for _, feature := range []string{"cnf", "cni", "csi", "disconnected", "fips-compliant", "proxy-aware", "tls-profiles", "token-auth-aws", "token-auth-azure", "token-auth-gcp"} {
		value := version.at("metadata", "annotations", "features.operators.openshift.io/"+feature)
		if value != "true" && value != "false" {
			t.Errorf("feature '%s' is %v", feature, value)
		}
	}
	modes := version.at("spec", "installModes").([]any)
	for _, next := range modes {
		mode := next.(map[string]any)
		if mode["supported"] != (mode["type"] == "AllNamespaces") {
			t.Errorf("install mode %v", mode)
		}
	}
	if len(modes) != 4 {
		t.Errorf("%d install modes instead of 4", len(modes))
	}
	icon := version.at("spec", "icon").([]any)[0].(map[string]any)
	drawing, err := base64.StdEncoding.DecodeString(icon["base64data"].(string))
	if err != nil || icon["mediatype"] != "image/svg+xml" || xml.Unmarshal(drawing, new(struct{})) != nil {
		t.Errorf("the icon is no SVG: %v", err)
	}
}

func TestChartAndBundleAreOfOneVersionAndAskForOneKubernetes(t *testing.T) {
	description := parse(t, "kind: Chart\nmetadata: {name: chart}\n"+read(t, chart+"/Chart.yaml"))["Chart/chart"]
	version := clusterServiceVersion(t)
	if description["version"] != version.at("spec", "version") || description["appVersion"] != description["version"] {
		t.Errorf("the chart is of version %v for %v, the bundle of %v", description["version"], description["appVersion"], version.at("spec", "version"))
	}
	if want := ">=" + version.at("spec", "minKubeVersion").(string) + "-0"; description["kubeVersion"] != want {
		t.Errorf("the chart asks for Kubernetes %v instead of %s", description["kubeVersion"], want)
	}
	if name := version.at("metadata", "name"); name != "pgbackrest-plugin.v"+version.at("spec", "version").(string) {
		t.Errorf("the name is %v", name)
	}
}

func TestTheLabelsOfTheBundleImageAreItsAnnotations(t *testing.T) {
	annotations := parse(t, "kind: Annotations\nmetadata: {name: bundle}\n"+read(t, bundle+"/metadata/annotations.yaml"))["Annotations/bundle"]
	labels := map[string]any{}
	for _, line := range strings.Split(read(t, "../olm/bundle.Containerfile"), "\n") {
		if label, ok := strings.CutPrefix(line, "LABEL "); ok {
			name, value, _ := strings.Cut(label, "=")
			labels[name] = value
		}
	}
	if !reflect.DeepEqual(labels, annotations["annotations"]) {
		t.Errorf("labels %v, annotations %v", labels, annotations["annotations"])
	}
}

func TestTheCatalogueHasTheVersionInItsDefaultChannel(t *testing.T) {
	version := clusterServiceVersion(t)
	entries := map[string]object{}
	for _, document := range strings.Split(read(t, "../olm/catalog/pgbackrest-plugin/catalog.yaml"), "\n---\n")[1:] {
		next := parse(t, "kind: Entry\nmetadata: {name: entry}\n"+document)["Entry/entry"]
		entries[next["schema"].(string)] = next
	}
	name := version.at("metadata", "name")
	channel := entries["olm.channel"]
	if channel["name"] != entries["olm.package"]["defaultChannel"] || channel["entries"].([]any)[0].(map[string]any)["name"] != name {
		t.Errorf("the channel is %v", channel)
	}
	if entries["olm.bundle"]["name"] != name || len(entries) != 3 {
		t.Errorf("the catalogue has %v", entries)
	}
}
