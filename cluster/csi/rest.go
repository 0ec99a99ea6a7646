package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// atRest does something while every process in a container that has the volume mounted is stopped: what storage with snapshots does at once, a copy does not.
// The volume is named by how its directory ends.
func atRest(volume string, action func() error) error {
	stopped := map[int]bool{}
	defer func() {
		for process := range stopped {
			_ = syscall.Kill(process, syscall.SIGCONT)
		}
	}()
	for end := time.Now().Add(10 * time.Second); ; {
		more, err := users(volume)
		if err != nil {
			return err
		}
		news := false
		for _, process := range more {
			if !stopped[process] && syscall.Kill(process, syscall.SIGSTOP) == nil {
				stopped[process], news = true, true
			}
		}
		if !news {
			return action()
		}
		// One that still runs may yet start another.
		for process := range stopped {
			for !isStopped(process) {
				if time.Now().After(end) {
					return fmt.Errorf("process %d, which uses volume '%s', does not stop", process, volume)
				}
				time.Sleep(time.Millisecond)
			}
		}
	}
}

// resumeAll undoes what one that was killed while it copied left behind.
func resumeAll(volumes string) error {
	entries, err := os.ReadDir(volumes)
	for _, entry := range entries {
		err = errors.Join(err, atRest(data(filepath.Base(volumes), entry.Name()), func() error { return nil }))
	}
	return err
}

// users are the processes of other mount namespaces than this one's that have the volume mounted.
func users(volume string) ([]int, error) {
	own, err := os.Readlink("/proc/self/ns/mnt")
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var found []int
	for _, entry := range entries {
		process, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		// A process that ends meanwhile uses nothing.
		namespace, err := os.Readlink(filepath.Join("/proc", entry.Name(), "ns/mnt"))
		if err != nil || namespace == own {
			continue
		}
		mounts, _ := os.ReadFile(filepath.Join("/proc", entry.Name(), "mountinfo"))
		for mount := range strings.Lines(string(mounts)) {
			if fields := strings.Fields(mount); strings.HasSuffix(fields[3], "/"+volume) {
				found = append(found, process)
				break
			}
		}
	}
	return found, nil
}

// isStopped says whether no thread of a process runs; one that has ended does not run.
func isStopped(process int) bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", process))
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if err != nil {
			continue
		}
		// The state follows the name, which is in brackets and may hold any.
		state := string(stat[strings.LastIndex(string(stat), ")")+1:])
		if !strings.Contains("TtZX", strings.Fields(state)[0]) {
			return false
		}
	}
	return true
}
