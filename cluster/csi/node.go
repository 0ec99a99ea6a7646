package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	csi "github.com/container-storage-interface/spec/lib/go/csi"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// nodeService shows a volume to the pods that use it.
type nodeService struct {
	csi.UnimplementedNodeServer
	name string
	disk *disk
}

func (n *nodeService) NodeGetInfo(context.Context, *csi.NodeGetInfoRequest) (*csi.NodeGetInfoResponse, error) {
	return &csi.NodeGetInfoResponse{NodeId: n.name}, nil
}

func (*nodeService) NodeGetCapabilities(context.Context, *csi.NodeGetCapabilitiesRequest) (*csi.NodeGetCapabilitiesResponse, error) {
	return &csi.NodeGetCapabilitiesResponse{}, nil
}

// NodePublishVolume mounts the volume's directory. A mount that is there already, from a call whose answer was lost, is made anew.
func (n *nodeService) NodePublishVolume(_ context.Context, request *csi.NodePublishVolumeRequest) (*csi.NodePublishVolumeResponse, error) {
	target := request.GetTargetPath()
	if err := errors.Join(mountable(request.GetVolumeCapability()), absolute(target)); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	if _, err := read(n.disk.volumes, request.GetVolumeId()); err != nil {
		return nil, err
	}
	if err := errors.Join(unmount(target), os.MkdirAll(target, 0o750)); err != nil {
		return nil, err
	}
	if err := unix.Mount(data(n.disk.volumes, request.GetVolumeId()), target, "", unix.MS_BIND, ""); err != nil {
		return nil, &fs.PathError{Op: "mount", Path: target, Err: err}
	}
	if request.GetReadonly() {
		if err := unix.Mount("", target, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
			return nil, &fs.PathError{Op: "remount", Path: target, Err: err}
		}
	}
	return &csi.NodePublishVolumeResponse{}, nil
}

func (*nodeService) NodeUnpublishVolume(_ context.Context, request *csi.NodeUnpublishVolumeRequest) (*csi.NodeUnpublishVolumeResponse, error) {
	if err := errors.Join(plain(request.GetVolumeId()), absolute(request.GetTargetPath())); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return &csi.NodeUnpublishVolumeResponse{}, unmount(request.GetTargetPath())
}

func absolute(path string) error {
	if !filepath.IsAbs(path) {
		return fmt.Errorf("'%s' is no place to mount a volume at", path)
	}
	return nil
}

// unmount undoes every mount at a path and removes the path, as far as there is something. It removes no files.
func unmount(target string) error {
	for {
		err := unix.Unmount(target, 0)
		switch {
		case err == nil:
			continue
		case errors.Is(err, syscall.EINVAL), errors.Is(err, fs.ErrNotExist):
			if err := os.Remove(target); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			return nil
		default:
			return &fs.PathError{Op: "unmount", Path: target, Err: err}
		}
	}
}
