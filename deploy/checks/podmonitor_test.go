package checks

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const injection = "../../operator/src/test/resources/injection"

func TestThePodMonitorFindsOneTargetInEveryInstanceWithTheSidecar(t *testing.T) {
	pods, err := filepath.Glob(injection + "/instance*/patched.json")
	if err != nil || len(pods) < 5 {
		t.Fatalf("%d pods: %v", len(pods), err)
	}
	for _, path := range pods {
		for ip, address := range map[string]string{"10.244.0.7": "10.244.0.7:9854", "fd00::7": "[fd00::7]:9854"} {
			pod := readPod(t, path)
			want := []map[string]string{{
				"__address__": address,
				"container":   "pgbackrest-plugin",
				"endpoint":    "pgbackrest",
				"job":         "cnpg-system/pgbackrest",
				"namespace":   pod.Metadata.Namespace,
				"pod":         pod.Metadata.Name,
			}}
			if got := scrapedTargets(t, pod, ip); !reflect.DeepEqual(want, got) {
				t.Errorf("%s at %s: %v instead of %v", path, ip, got, want)
			}
		}
	}
}

func TestThePodMonitorFindsNoTargetInOtherPods(t *testing.T) {
	withoutPlugin := readPod(t, injection+"/instance-of-a-cluster-without-the-plugin/object.json")
	job := readPod(t, injection+"/instance/patched.json")
	delete(job.Metadata.Labels, "cnpg.io/podRole")
	for name, pod := range map[string]pod{"an instance without the plugin": withoutPlugin, "a pod that is no instance": job} {
		if got := scrapedTargets(t, pod, "10.244.0.7"); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

type container struct {
	Name  string `json:"name"`
	Ports []struct {
		ContainerPort int `json:"containerPort"`
	} `json:"ports"`
}

type pod struct {
	Metadata struct {
		Name      string            `json:"name"`
		Namespace string            `json:"namespace"`
		Labels    map[string]string `json:"labels"`
	} `json:"metadata"`
	Spec struct {
		Containers     []container `json:"containers"`
		InitContainers []container `json:"initContainers"`
	} `json:"spec"`
}

func readPod(t *testing.T, path string) pod {
	t.Helper()
	var found pod
	if err := json.Unmarshal([]byte(read(t, path)), &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// scrapedTargets are the labels of those targets of a pod that are left after the relabelling, without the meta labels that Prometheus then drops.
func scrapedTargets(t *testing.T, pod pod, ip string) []map[string]string {
	t.Helper()
	path := t.TempDir() + "/relabel.yaml"
	write(t, path, map[string]any{"relabel_configs": relabelConfigs(t), "targets": discovered(pod, ip)})
	output, err := promtool(t, "relabel", path)
	if err != nil {
		t.Fatalf("promtool relabel: %v\n%s", err, output)
	}
	var kept []map[string]string
	if err := yaml.Unmarshal([]byte(output), &kept); err != nil {
		t.Fatal(err)
	}
	for _, target := range kept {
		maps.DeleteFunc(target, func(name, _ string) bool { return strings.HasPrefix(name, "__") && name != "__address__" })
	}
	return kept
}

// discovered are the targets of a pod, as Prometheus' discovery/kubernetes makes them: one for each port, and one at the address of the pod for each
// container without ports.
func discovered(pod pod, ip string) []map[string]string {
	ofPod := map[string]string{
		"__meta_kubernetes_namespace": pod.Metadata.Namespace,
		"__meta_kubernetes_pod_name":  pod.Metadata.Name,
		"__meta_kubernetes_pod_ip":    ip,
		"__meta_kubernetes_pod_phase": "Running",
	}
	for name, value := range pod.Metadata.Labels {
		ofPod["__meta_kubernetes_pod_label_"+sanitized(name)] = value
		ofPod["__meta_kubernetes_pod_labelpresent_"+sanitized(name)] = "true"
	}
	targets := []map[string]string{}
	for _, container := range append(pod.Spec.Containers, pod.Spec.InitContainers...) {
		target := maps.Clone(ofPod)
		target["__meta_kubernetes_pod_container_name"] = container.Name
		target["__address__"] = ip
		if len(container.Ports) == 0 {
			targets = append(targets, target)
		}
		for _, port := range container.Ports {
			ofPort := maps.Clone(target)
			ofPort["__meta_kubernetes_pod_container_port_number"] = strconv.Itoa(port.ContainerPort)
			targets = append(targets, ofPort)
		}
	}
	return targets
}

// relabelConfigs are those that the Prometheus Operator generates from the PodMonitor.
func relabelConfigs(t *testing.T) []any {
	t.Helper()
	monitor := parse(t, read(t, "../monitoring/pod-monitor.yaml"))["PodMonitor/pgbackrest"]
	endpoint := monitor.at("spec", "podMetricsEndpoints").([]any)[0].(map[string]any)
	for _, field := range []string{"port", "portNumber", "targetPort"} {
		if endpoint[field] != nil {
			t.Errorf("%s selects a port that no container declares", field)
		}
	}
	configs := []any{
		map[string]any{"action": "drop", "source_labels": []string{"__meta_kubernetes_pod_phase"}, "regex": "(Failed|Succeeded)"},
	}
	for name, value := range monitor.at("spec", "selector", "matchLabels").(map[string]any) {
		of := sanitized(name)
		configs = append(configs, map[string]any{
			"action":        "keep",
			"source_labels": []string{"__meta_kubernetes_pod_label_" + of, "__meta_kubernetes_pod_labelpresent_" + of},
			"regex":         "(" + value.(string) + ");true",
		})
	}
	for _, name := range []string{"namespace", "pod_container_name", "pod_name"} {
		target := map[string]string{"namespace": "namespace", "pod_container_name": "container", "pod_name": "pod"}[name]
		configs = append(configs, map[string]any{"source_labels": []string{"__meta_kubernetes_" + name}, "target_label": target})
	}
	configs = append(configs, map[string]any{"target_label": "job", "replacement": "cnpg-system/pgbackrest"})
	for _, own := range endpoint["relabelings"].([]any) {
		config := map[string]any{}
		for name, value := range own.(map[string]any) {
			config[map[string]string{"sourceLabels": "source_labels", "targetLabel": "target_label", "action": "action", "regex": "regex", "replacement": "replacement"}[name]] = value
		}
		configs = append(configs, config)
	}
	return configs
}

func sanitized(label string) string {
	return strings.NewReplacer(".", "_", "/", "_", "-", "_").Replace(label)
}
