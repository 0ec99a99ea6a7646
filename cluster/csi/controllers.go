package main

import (
	"context"
	"time"

	"github.com/kubernetes-csi/csi-lib-utils/metrics"
	provisioner "github.com/kubernetes-csi/external-provisioner/v5/pkg/controller"
	resizecontroller "github.com/kubernetes-csi/external-resizer/pkg/controller"
	resizercsi "github.com/kubernetes-csi/external-resizer/pkg/csi"
	"github.com/kubernetes-csi/external-resizer/pkg/resizer"
	snapshots "github.com/kubernetes-csi/external-snapshotter/client/v8/clientset/versioned"
	snapshotscheme "github.com/kubernetes-csi/external-snapshotter/client/v8/clientset/versioned/scheme"
	snapshotinformers "github.com/kubernetes-csi/external-snapshotter/client/v8/informers/externalversions"
	commoncontroller "github.com/kubernetes-csi/external-snapshotter/v8/pkg/common-controller"
	snapshotmetrics "github.com/kubernetes-csi/external-snapshotter/v8/pkg/metrics"
	sidecarcontroller "github.com/kubernetes-csi/external-snapshotter/v8/pkg/sidecar-controller"
	"github.com/kubernetes-csi/external-snapshotter/v8/pkg/snapshotter"
	"google.golang.org/grpc"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/csi-translation-lib"
	claimcontroller "sigs.k8s.io/sig-storage-lib-external-provisioner/v11/controller"
)

const (
	callTimeout = 10 * time.Minute // of a copy
	resync      = 15 * time.Minute
	workers     = 2
)

// controllers are what carries wishes from the API server to the driver.
type controllers struct {
	client    kubernetes.Interface
	snapshots snapshots.Interface
	core      informers.SharedInformerFactory
	snapshot  snapshotinformers.SharedInformerFactory
	driver    *grpc.ClientConn
}

// runControllers starts them, until the context ends.
func runControllers(ctx context.Context, config *rest.Config, socket string) error {
	config.QPS, config.Burst = 50, 100
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	snapshotClient, err := snapshots.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := snapshotscheme.AddToScheme(scheme.Scheme); err != nil {
		return err
	}
	driver, err := provisioner.Connect(ctx, socket, metrics.NewCSIMetricsManager(driverName))
	if err != nil {
		return err
	}
	c := &controllers{
		client:    client,
		snapshots: snapshotClient,
		core:      informers.NewSharedInformerFactory(client, resync),
		snapshot:  snapshotinformers.NewSharedInformerFactory(snapshotClient, resync),
		driver:    driver,
	}
	provision, err := c.provisioner(ctx)
	if err != nil {
		return err
	}
	resize, err := c.resizer(ctx, socket)
	if err != nil {
		return err
	}
	common, sidecar := c.snapshotController(), c.snapshotter()
	c.core.Start(ctx.Done())
	c.snapshot.Start(ctx.Done())
	c.core.WaitForCacheSync(ctx.Done())
	go provision.Run(ctx)
	go resize.Run(workers, ctx)
	go common.Run(workers, ctx.Done())
	go sidecar.Run(workers, ctx.Done())
	return nil
}

// provisioner makes a volume for a claim, and removes it.
func (c *controllers) provisioner(ctx context.Context) (*claimcontroller.ProvisionController, error) {
	pluginCapabilities, controllerCapabilities, err := provisioner.GetDriverCapabilities(c.driver, callTimeout)
	if err != nil {
		return nil, err
	}
	provision := provisioner.NewCSIProvisioner(c.client, callTimeout, driverName, "pvc", -1, c.driver, c.snapshots, driverName,
		pluginCapabilities, controllerCapabilities, "", false, true, csitranslation.New(), c.core.Storage().V1().StorageClasses().Lister(), nil, nil,
		c.core.Core().V1().PersistentVolumeClaims().Lister(), nil, nil, false, "", nil, false, false)
	return claimcontroller.NewProvisionController(ctx, c.client, driverName, provision,
		claimcontroller.LeaderElection(false),
		claimcontroller.FailedProvisionThreshold(0),
		claimcontroller.FailedDeleteThreshold(0),
		claimcontroller.RateLimiter(workqueue.NewItemExponentialFailureRateLimiter(time.Second, time.Minute)),
		claimcontroller.Threadiness(workers),
		claimcontroller.ClaimsInformer(c.core.Core().V1().PersistentVolumeClaims().Informer()),
		claimcontroller.AddFinalizer(true),
	), nil
}

// resizer grows a volume when its claim asks for more.
func (c *controllers) resizer(ctx context.Context, socket string) (resizecontroller.ResizeController, error) {
	driver, err := resizercsi.New(ctx, socket, callTimeout, metrics.NewCSIMetricsManager(driverName))
	if err != nil {
		return nil, err
	}
	grow, err := resizer.NewResizerFromClient(driver, callTimeout, c.client, driverName)
	if err != nil {
		return nil, err
	}
	return resizecontroller.NewResizeController(driverName, grow, c.client, resync, c.core, retries(), true, time.Minute), nil
}

// snapshotController binds a VolumeSnapshot to its content.
func (c *controllers) snapshotController() interface{ Run(int, <-chan struct{}) } {
	all := c.snapshot.Snapshot().V1()
	groups := c.snapshot.Groupsnapshot().V1beta1()
	return commoncontroller.NewCSISnapshotCommonController(c.snapshots, c.client,
		all.VolumeSnapshots(), all.VolumeSnapshotContents(), all.VolumeSnapshotClasses(),
		groups.VolumeGroupSnapshots(), groups.VolumeGroupSnapshotContents(), groups.VolumeGroupSnapshotClasses(),
		c.core.Core().V1().PersistentVolumeClaims(), c.core.Core().V1().PersistentVolumes(), nil, snapshotmetrics.NewMetricsManager(), resync,
		retries(), retries(), retries(), retries(), false, false, false)
}

// snapshotter makes and removes the snapshot that a content stands for.
func (c *controllers) snapshotter() interface{ Run(int, <-chan struct{}) } {
	all := c.snapshot.Snapshot().V1()
	groups := c.snapshot.Groupsnapshot().V1beta1()
	return sidecarcontroller.NewCSISnapshotSideCarController(c.snapshots, c.client, driverName,
		all.VolumeSnapshotContents(), all.VolumeSnapshotClasses(), snapshotter.NewSnapshotter(c.driver), nil, callTimeout, resync,
		"snapshot", -1, "groupsnapshot", -1, false, retries(), false,
		groups.VolumeGroupSnapshotContents(), groups.VolumeGroupSnapshotClasses(), retries())
}

// retries soon, since who waits here is a test.
func retries() workqueue.TypedRateLimiter[string] {
	return workqueue.NewTypedItemExponentialFailureRateLimiter[string](100*time.Millisecond, 10*time.Second)
}
