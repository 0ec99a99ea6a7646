package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// disk keeps volumes and snapshots, each a directory: its files in `data`, what is known of it in `facts`. Whatever has a name is complete.
type disk struct {
	mutex     sync.Mutex // one change at a time; a call repeated while the first one copies waits for it
	volumes   string
	snapshots string
}

// facts of a volume or a snapshot.
type facts struct {
	Capacity int64     `json:"capacity"`
	Volume   string    `json:"volume,omitempty"` // of which this is a snapshot
	Created  time.Time `json:"created"`
}

func openDisk(directory string) (*disk, error) {
	d := &disk{volumes: filepath.Join(directory, "volumes"), snapshots: filepath.Join(directory, "snapshots")}
	return d, errors.Join(os.MkdirAll(d.volumes, 0o711), os.MkdirAll(d.snapshots, 0o711), resumeAll(d.volumes))
}

// createVolume makes a volume, with the files of a snapshot unless that has no name.
func (d *disk) createVolume(id string, capacity int64, snapshot string) (facts, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if known, err := read(d.volumes, id); status.Code(err) != codes.NotFound {
		if err == nil && known.Capacity != capacity {
			return facts{}, status.Errorf(codes.AlreadyExists, "volume '%s' has %d bytes and not %d", id, known.Capacity, capacity)
		}
		return known, err
	}
	source := ""
	if snapshot != "" {
		from, err := read(d.snapshots, snapshot)
		if err != nil {
			return facts{}, err
		}
		if capacity < from.Capacity {
			return facts{}, status.Errorf(codes.OutOfRange, "snapshot '%s' needs a volume of %d bytes, not %d", snapshot, from.Capacity, capacity)
		}
		source = data(d.snapshots, snapshot)
	}
	return create(d.volumes, id, facts{Capacity: capacity, Created: time.Now()}, source)
}

// createSnapshot makes a copy of a volume as it is at one moment.
func (d *disk) createSnapshot(id, volume string) (facts, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if known, err := read(d.snapshots, id); status.Code(err) != codes.NotFound {
		if err == nil && known.Volume != volume {
			return facts{}, status.Errorf(codes.AlreadyExists, "snapshot '%s' is one of volume '%s'", id, known.Volume)
		}
		return known, err
	}
	of, err := read(d.volumes, volume)
	if err != nil {
		return facts{}, err
	}
	var known facts
	err = atRest(data("volumes", volume), func() error {
		known, err = create(d.snapshots, id, facts{Capacity: of.Capacity, Volume: volume, Created: time.Now()}, data(d.volumes, volume))
		return err
	})
	return known, err
}

// expand gives a volume at least this capacity. It is a number only: a directory takes what its file system has.
func (d *disk) expand(id string, capacity int64) (facts, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	known, err := read(d.volumes, id)
	if err != nil || known.Capacity >= capacity {
		return known, err
	}
	known.Capacity = capacity
	return known, write(filepath.Join(d.volumes, id), known)
}

// remove makes a volume or a snapshot disappear; one that is not there is removed.
func (d *disk) remove(parent, id string) error {
	if err := plain(id); err != nil {
		return err
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	gone := filepath.Join(parent, "removed."+id)
	if err := os.Rename(filepath.Join(parent, id), gone); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.RemoveAll(gone)
}

func data(parent, id string) string { return filepath.Join(parent, id, "data") }

// plain refuses what is not the name of a directory.
func plain(id string) error {
	if !regexp.MustCompile(`^[a-zA-Z0-9][-a-zA-Z0-9]*$`).MatchString(id) {
		return status.Errorf(codes.InvalidArgument, "'%s' is no name of a volume or a snapshot", id)
	}
	return nil
}

func read(parent, id string) (facts, error) {
	var known facts
	if err := plain(id); err != nil {
		return known, err
	}
	text, err := os.ReadFile(filepath.Join(parent, id, "facts"))
	if errors.Is(err, fs.ErrNotExist) {
		return known, status.Errorf(codes.NotFound, "there is no '%s' in '%s'", id, parent)
	}
	if err != nil {
		return known, err
	}
	return known, json.Unmarshal(text, &known)
}

func write(directory string, known facts) error {
	text, err := json.Marshal(known)
	if err != nil {
		return err
	}
	file := filepath.Join(directory, "facts")
	if err := os.WriteFile(file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// create copies the source, if there is one, and gives the result its name when it is complete.
func create(parent, id string, known facts, source string) (facts, error) {
	unfinished := filepath.Join(parent, "unfinished."+id)
	if err := os.RemoveAll(unfinished); err != nil {
		return known, err
	}
	if err := os.MkdirAll(filepath.Join(unfinished, "data"), 0o711); err != nil {
		return known, err
	}
	if err := os.Chmod(filepath.Join(unfinished, "data"), 0o777); err != nil {
		return known, err
	}
	if source != "" {
		if err := copyFiles(source, filepath.Join(unfinished, "data")); err != nil {
			return known, err
		}
	}
	if err := write(unfinished, known); err != nil {
		return known, err
	}
	return known, os.Rename(unfinished, filepath.Join(parent, id))
}

// copyFiles copies what is in a directory.
func copyFiles(from, to string) error {
	if output, err := exec.Command("cp", "--archive", "--reflink=auto", from+"/.", to).CombinedOutput(); err != nil {
		return fmt.Errorf("cannot copy '%s': %w: %s", from, err, output)
	}
	return nil
}
