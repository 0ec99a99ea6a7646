package com.dalibo.pgbackrest.cnpgi;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Callable;
import java.util.function.Function;

/// The step from a blocking method to the answer of a unary call.
///
/// The method runs on the thread of the call, which a client that goes away interrupts. What it
/// throws becomes the status that the given translation finds for it.
public final class UnaryCall {
  private final Function<Throwable, Status> failures;

  public UnaryCall(Function<Throwable, Status> failures) {
    this.failures = failures;
  }

  public <R> void answer(StreamObserver<R> response, Callable<R> call) {
    var context = Context.current();
    var running = new Running(Thread.currentThread());
    R result;
    context.addListener(running, Runnable::run);
    try {
      result = call.call();
    } catch (Throwable e) {
      running.finish();
      response.onError(status(context, e).asRuntimeException());
      return;
    } finally {
      context.removeListener(running);
      running.finish();
    }
    response.onNext(result);
    response.onCompleted();
  }

  private Status status(Context context, Throwable failure) {
    // Nobody reads it, and what the interrupt broke is not a failure of ours.
    return context.isCancelled()
        ? Status.CANCELLED.withDescription("the caller has gone").withCause(failure)
        : failures.apply(failure);
  }

  /// The thread of a call for as long as it is in the method.
  private static final class Running implements Context.CancellationListener {
    private final Thread thread;
    private boolean finished;

    Running(Thread thread) {
      this.thread = thread;
    }

    @Override
    public synchronized void cancelled(Context context) {
      if (!finished) {
        thread.interrupt();
      }
    }

    // The thread goes on to other work of gRPC, which an interrupt would break.
    synchronized void finish() {
      if (!finished) {
        finished = true;
        Thread.interrupted();
      }
    }
  }
}
