package checks

import (
	"strings"
	"testing"
)

// What the manifests of other plugins install into CNPG's namespace or the whole cluster, as of August 2026: plugin-barman-cloud 0.14.0, and
// cnpg-plugin-pgbackrest 0.7.0 of Opera. What replaces the Go plugin has its names, so that is not among them.
var others = []string{
	"ClusterRole/archive-editor-role",
	"ClusterRole/archive-viewer-role",
	"ClusterRole/barman-plugin-metrics-auth-role",
	"ClusterRole/barman-plugin-metrics-reader",
	"ClusterRole/barman-plugin-objectstore-editor-role",
	"ClusterRole/barman-plugin-objectstore-viewer-role",
	"ClusterRole/metrics-auth-role",
	"ClusterRole/metrics-reader",
	"ClusterRole/plugin-barman-cloud",
	"ClusterRole/plugin-pgbackrest",
	"ClusterRoleBinding/barman-plugin-metrics-auth-rolebinding",
	"ClusterRoleBinding/metrics-auth-rolebinding",
	"ClusterRoleBinding/plugin-barman-cloud-binding",
	"ClusterRoleBinding/plugin-pgbackrest-binding",
	"CustomResourceDefinition/archives.pgbackrest.cnpg.opera.com",
	"CustomResourceDefinition/objectstores.barmancloud.cnpg.io",
	"Certificate/barman-cloud-client",
	"Certificate/barman-cloud-server",
	"Certificate/pgbackrest-client",
	"Certificate/pgbackrest-server",
	"Deployment/barman-cloud",
	"Deployment/pgbackrest",
	"Issuer/selfsigned-issuer",
	"Role/barman-plugin-leader-election-role",
	"Role/leader-election-role",
	"RoleBinding/barman-plugin-leader-election-rolebinding",
	"RoleBinding/leader-election-rolebinding",
	"Service/barman-cloud",
	"Service/pgbackrest",
	"ServiceAccount/plugin-barman-cloud",
	"ServiceAccount/plugin-pgbackrest",
}

const sharedService = "Service/pgbackrest"

// The Go plugin has that Service too, which is replaced in place.
func TestOnlyTheServiceHasTheNameOfAnotherPluginsObject(t *testing.T) {
	for name, installed := range map[string]objects{
		"manifest":     parse(t, read(t, "../manifest.yaml")),
		"cert-manager": parse(t, read(t, chart+"/files/operator-cert-manager.yaml")),
		"drills":       parse(t, read(t, chart+"/files/drills.yaml")),
	} {
		meets(t, name, installed, sharedService)
	}
}

func TestWithANameOfItsOwnTheServiceMeetsNoneEither(t *testing.T) {
	rendered := template(t, "--set", "service.name=pgbackrest-dalibo", "--set", "certificates.certManager.enabled=true",
		"--set", "drills.enabled=true", "--set", "monitoring.podMonitor.enabled=true", "--set", "monitoring.rules.enabled=true",
		"--set", "monitoring.dashboard.enabled=true")
	meets(t, "chart", rendered, "")
}

func meets(t *testing.T, name string, installed objects, known string) {
	t.Helper()
	if len(installed) == 0 {
		t.Errorf("%s: no objects", name)
	}
	for _, other := range others {
		if _, there := installed[other]; there && other != known {
			t.Errorf("%s: another plugin has %s too", name, other)
		}
	}
	for key := range installed {
		if !strings.Contains(key, "pgbackrest") {
			t.Errorf("%s: %s does not say whose it is", name, key)
		}
	}
}
