package checks

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// entry is a file in a tar archive.
type entry struct {
	name, content string
	at            int64
}

func TestTwoBuildsOfARelease(t *testing.T) {
	layer := func(content string) entry { return entry{"1.tar", archive(t, entry{"opt/app.jar", content, 7}), 7} }
	image := func(id, jar string) string {
		return gzipped(t, archive(t, layer(jar),
			entry{id + ".json", `{"created": "` + id + `", "config": {"User": "26"}}`, 7},
			entry{"manifest.json", `[{"Config": "` + id + `.json", "RepoTags": ["a:1"], "Layers": ["1.tar"]}]`, 7}))
	}
	for name, test := range map[string]struct {
		first, second map[string]string
		said          string
		differs       bool
	}{
		"that are the same": {
			first:  map[string]string{"a.yaml": "a", "b.tgz": "b"},
			second: map[string]string{"a.yaml": "a", "b.tgz": "b"},
			said:   "2 files are the same\n",
		},
		"in which text differs": {
			first:   map[string]string{"a.yaml": "kind: A", "b.tgz": "b"},
			second:  map[string]string{"a.yaml": "kind: B", "b.tgz": "b"},
			said:    "differs: a.yaml\n  differs from byte 6 on (7 and 7 bytes)\n1 files are the same\n",
			differs: true,
		},
		"in which a field differs": {
			first:   map[string]string{"a.cdx.json": `{"components": [{"name": "a", "version": "1"}]}`},
			second:  map[string]string{"a.cdx.json": `{"components": [{"name": "a", "version": "2"}]}`},
			said:    "differs: a.cdx.json\n  components[0].version: \"1\", \"2\"\n0 files are the same\n",
			differs: true,
		},
		"in which files of an archive differ": {
			first:  map[string]string{"a.tgz": gzipped(t, archive(t, entry{"same", "a", 7}, entry{"content", "a", 7}, entry{"time", "a", 7}, entry{"gone", "a", 7}))},
			second: map[string]string{"a.tgz": gzipped(t, archive(t, entry{"same", "a", 7}, entry{"content", "b", 7}, entry{"time", "a", 8}, entry{"new", "a", 7}))},
			said: `differs: a.tgz
  content: differs from byte 0 on (1 and 1 bytes)
  gone: only in the first
  new: only in the second
  time: time, mode, owner or kind differ: (7, '0o644', 0, 0, b'0', ''), (8, '0o644', 0, 0, b'0', '')
0 files are the same
`,
			differs: true,
		},
		"in which the order in an archive differs": {
			first:   map[string]string{"a.tgz": gzipped(t, archive(t, entry{"a", "a", 7}, entry{"b", "b", 7}))},
			second:  map[string]string{"a.tgz": gzipped(t, archive(t, entry{"b", "b", 7}, entry{"a", "a", 7}))},
			said:    "differs: a.tgz\n  the same files, packed differently\n0 files are the same\n",
			differs: true,
		},
		"in which a file of a layer differs": {
			first:  map[string]string{"a-image-1-amd64.tar.gz": image("aa", "one")},
			second: map[string]string{"a-image-1-amd64.tar.gz": image("bb", "two")},
			said: `differs: a-image-1-amd64.tar.gz
  configuration: created: "aa", "bb"
  layer 1 > opt/app.jar: differs from byte 0 on (3 and 3 bytes)
0 files are the same
`,
			differs: true,
		},
		"in which a file is missing": {
			first:   map[string]string{"a.yaml": "a", "b.yaml": "b"},
			second:  map[string]string{"a.yaml": "a", "c.yaml": "b"},
			said:    "only in the first: b.yaml\nonly in the second: c.yaml\n1 files are the same\n",
			differs: true,
		},
		"of which one has another architecture too": {
			first:  map[string]string{"a-image-1-amd64.tar.gz": "a", "a-image-1-arm64.tar.gz": "a", "a-build-1-amd64.json": "1", "a-build-1-arm64.json": "1"},
			second: map[string]string{"a-image-1-amd64.tar.gz": "a", "a-build-1-amd64.json": "1"},
			said: `not compared, only one release has arm64: a-build-1-arm64.json
not compared, only one release has arm64: a-image-1-arm64.tar.gz
2 files are the same
`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			said, err := run("../../tools/release", "--compare", release(t, test.first), release(t, test.second))
			if said != test.said {
				t.Errorf("the comparison said\n%s\nnot\n%s", said, test.said)
			}
			if (err != nil) != test.differs {
				t.Errorf("the comparison ended with '%v'", err)
			}
		})
	}
}

func TestAFolderThatIsNoReleaseIsNotCompared(t *testing.T) {
	folder := t.TempDir()
	said, err := run("../../tools/release", "--compare", folder, release(t, nil))
	if want := fmt.Sprintf("release-compare: '%s' is no release, it has no SHA256SUMS: 'release --dry-run' makes one\n", folder); err == nil || said != want {
		t.Errorf("%v: %s", err, said)
	}
}

func TestTheArchiveOfAnImageIsTheSameForTheSameFiles(t *testing.T) {
	image := func(id, hash, key string, at int64, entries ...entry) string {
		return archive(t, entry{hash + ".tar", archive(t, entries...), at},
			entry{id + ".json", `{"created": "` + id + `", "architecture": "amd64", "os": "linux", "config": {"Hostname": "` + key + `", "User": "26", "Labels": {"io.buildah.version": "` + key + `"}},
			  "history": [{"created": "` + id + `", "created_by": "COPY file:` + strings.Repeat(key, 64) + ` in /opt", "comment": "FROM ` + key + `"}]}`, at},
			entry{"manifest.json", `[{"Config": "` + id + `.json", "RepoTags": ["a:1"], "Layers": ["` + hash + `.tar"]}]`, at})
	}
	first := rewritten(t, image("made-first", "11", "a", 5, entry{"opt/a", "a", 5}, entry{"opt/app.jar", "jar", 100}))
	second := rewritten(t, image("made-second", "22", "b", 6, entry{"opt/app.jar", "jar", 100}, entry{"opt/a", "a", 6}))
	if !bytes.Equal(first, second) {
		t.Error("the archives differ")
	}
	for _, left := range []string{"made-first", "Hostname", "buildah", "FROM"} {
		if bytes.Contains(first, []byte(left)) {
			t.Errorf("the archive names the build: '%s'", left)
		}
	}
	if !bytes.Contains(first, []byte(`"created": "1970-01-01T00:01:40Z"`)) {
		t.Error("the archive does not have the time that was given")
	}
	file := filepath.Join(t.TempDir(), "image.tar")
	writeFile(t, file, string(first))
	if said, err := run("../../tools/image-archive", file, "--file", "/opt/a"); err != nil || said != "a" {
		t.Errorf("the file is '%s', not 'a': %v", said, err)
	}
	if said, err := run("../../tools/image-archive", file, "--file", "/opt/b"); err == nil || said != fmt.Sprintf("image-archive: '%s' has no file '/opt/b'\n", file) {
		t.Errorf("%v: %s", err, said)
	}
}

func TestAnImageThatShouldNotBePublishedIsRefused(t *testing.T) {
	for said, refused := range map[string]entry{
		"'opt/app.jar' has the time 99, not 100: the start cache of the image knows it by its time, and would not be used": {"opt/app.jar", "jar", 99},
		"'etc/server.key' is a private key: remove it from the image, everybody could read it":                             {"etc/server.key", "-----BEGIN PRIVATE KEY-----\nMII\n", 100},
	} {
		file := filepath.Join(t.TempDir(), "image.tar")
		writeFile(t, file, archive(t, entry{"1.tar", archive(t, refused), 7},
			entry{"c.json", `{}`, 7}, entry{"manifest.json", `[{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["1.tar"]}]`, 7}))
		command := exec.Command("../../tools/image-archive", file, "100")
		var output strings.Builder
		command.Stderr = &output
		if err := command.Run(); err == nil || output.String() != "image-archive: "+said+"\n" {
			t.Errorf("%v: %s", err, output.String())
		}
	}
}

func rewritten(t *testing.T, image string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "image.tar")
	writeFile(t, file, image)
	made, err := exec.Command("../../tools/image-archive", file, "100").Output()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// release makes a folder with these files and their checksums.
func release(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		writeFile(t, filepath.Join(folder, name), content)
	}
	writeFile(t, filepath.Join(folder, "SHA256SUMS"), "of this build\n")
	return folder
}

func archive(t *testing.T, entries ...entry) string {
	t.Helper()
	var made bytes.Buffer
	writer := tar.NewWriter(&made)
	for _, each := range entries {
		header := tar.Header{Name: each.name, Size: int64(len(each.content)), Mode: 0o644, ModTime: time.Unix(each.at, 0), Typeflag: tar.TypeReg}
		if err := writer.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
		if _, err := writer.Write([]byte(each.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return made.String()
}

func gzipped(t *testing.T, content string) string {
	t.Helper()
	var made bytes.Buffer
	writer := gzip.NewWriter(&made)
	if _, err := writer.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return made.String()
}

func writeFile(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(command string, arguments ...string) (string, error) {
	said, err := exec.Command(command, arguments...).CombinedOutput()
	return string(said), err
}
