// Command csi is a CSI driver whose volumes are directories and whose snapshots are copies, and in the same process what Kubernetes keeps beside such a
// driver: its registration with the kubelet, the provisioner, the resizer, the snapshotter and the snapshot controller.
package main

import (
	"context"
	"flag"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	csi "github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

const driverName = "csi.local"

func main() {
	directory := flag.String("directory", "", "where volumes and snapshots are kept")
	plugins := flag.String("plugins", "", "where the kubelet looks for sockets of plugins")
	node := flag.String("node", "", "name of the node")
	kubeconfig := flag.String("kubeconfig", "", "how to reach the API server")
	klog.InitFlags(nil)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	must(err)
	disk, err := openDisk(*directory)
	must(err)
	socket := filepath.Join(*directory, "csi.sock")
	serve(socket, func(server *grpc.Server) {
		csi.RegisterIdentityServer(server, identity{})
		csi.RegisterControllerServer(server, &controller{disk: disk})
		csi.RegisterNodeServer(server, &nodeService{name: *node, disk: disk})
	})
	must(runControllers(ctx, config, socket))
	serve(filepath.Join(*plugins, driverName+"-reg.sock"), func(server *grpc.Server) {
		registration.RegisterRegistrationServer(server, kubeletRegistration{socket: socket})
	})
	<-ctx.Done()
}

// serve answers on a Unix socket, whoever left one there.
func serve(socket string, register func(*grpc.Server)) {
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		must(err)
	}
	listener, err := net.Listen("unix", socket)
	must(err)
	server := grpc.NewServer(grpc.UnaryInterceptor(logged))
	register(server)
	go func() { must(server.Serve(listener)) }()
}

// logged writes what changes something, and what failed.
func logged(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	response, err := handler(ctx, request)
	if err != nil {
		klog.ErrorS(err, "failed", "call", info.FullMethod, "request", request)
	} else {
		klog.V(2).InfoS("done", "call", info.FullMethod, "request", request, "response", response)
	}
	return response, err
}

func must(err error) {
	if err != nil {
		klog.Fatal(err)
	}
}
