package com.dalibo.pgbackrest.cnpgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UnaryCallTest {
  private final UnaryCall unary =
      new UnaryCall(failure -> Status.INTERNAL.withDescription(failure.toString()));
  private final Answer answer = new Answer();

  @Test
  void aResultEndsTheCall() {
    unary.answer(answer, () -> "archived");

    assertThat(answer.events).containsExactly("archived", "completed");
  }

  @Test
  void anErrorIsTranslatedAsAnExceptionIs() {
    unary.answer(
        answer,
        () -> {
          throw new StackOverflowError("too deep");
        });

    assertThat(answer.events).containsExactly("INTERNAL: java.lang.StackOverflowError: too deep");
  }

  @Test
  void whatACancelledCallThrowsIsItsCancellation() {
    var context = Context.current().withCancellation();

    context.run(
        () ->
            unary.answer(
                answer,
                () -> {
                  context.cancel(null);
                  throw new IllegalStateException("child process was ended");
                }));

    assertThat(answer.events).containsExactly("CANCELLED: the caller has gone");
  }

  @Test
  void anInterruptEndsWithTheCallItWasMeantFor() {
    var context = Context.current().withCancellation();

    context.run(
        () ->
            unary.answer(
                answer,
                () -> {
                  context.cancel(null);
                  return "not noticed";
                }));

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(answer.events).containsExactly("not noticed", "completed");
  }

  @Test
  void aCancellationAfterTheCallInterruptsNobody() {
    var context = Context.current().withCancellation();
    context.run(() -> unary.answer(answer, () -> "done"));

    context.cancel(null);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aCallThatWaitsIsWokenByItsCancellation() throws Exception {
    var context = Context.current().withCancellation();
    var waiting = new CountDownLatch(1);
    var call =
        Thread.startVirtualThread(
            context.wrap(
                () ->
                    unary.answer(
                        answer,
                        () -> {
                          waiting.countDown();
                          new CountDownLatch(1).await();
                          return "never";
                        })));
    waiting.await();

    context.cancel(null);
    call.join();

    assertThat(answer.events).containsExactly("CANCELLED: the caller has gone");
  }

  private static final class Answer implements StreamObserver<String> {
    private final List<String> events = new ArrayList<>();

    @Override
    public void onNext(String value) {
      events.add(value);
    }

    @Override
    public void onError(Throwable error) {
      events.add(
          Status.fromThrowable(error).getCode()
              + ": "
              + Status.fromThrowable(error).getDescription());
    }

    @Override
    public void onCompleted() {
      events.add("completed");
    }
  }
}
