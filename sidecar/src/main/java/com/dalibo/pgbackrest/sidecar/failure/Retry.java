package com.dalibo.pgbackrest.sidecar.failure;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.IntFunction;

/// How something is tried again whose failure may pass, and how long it waits in between.
///
/// @param pause before the next attempt, by the number of the last one
public record Retry(IntFunction<Duration> pause) {

  /// What is tried.
  ///
  /// @param <X> how it fails
  public interface Attempt<T, X extends Exception> {
    T call() throws X, InterruptedException;
  }

  /// What is tried, where it has no result.
  ///
  /// @param <X> how it fails
  public interface Action<X extends Exception> {
    void run() throws X, InterruptedException;
  }

  /// An attempt that has failed.
  ///
  /// @param number 1 for the first
  /// @param waited since the first one began
  public record Failed(int number, Duration waited) {}

  /// With the same pause each time.
  public static Retry every(Duration pause) {
    return new Retry(_ -> pause);
  }

  /// Whether trying again may help without anybody changing anything.
  public static boolean mayPass(Exception failure) {
    return switch (failure) {
      case UnavailableException _ -> true;
      case RepositoriesException repositories -> repositories.mayPass();
      case ProgramFailedException program -> program.failure().isTransient();
      case PgBackRestException program -> program.isTransient();
      default -> false;
    };
  }

  /// Returns after the first attempt that succeeds, as [#call] does.
  public <X extends Exception> void run(
      Class<X> type, BiPredicate<X, Failed> again, BiConsumer<X, Failed> report, Action<X> action)
      throws X, InterruptedException {
    var _ =
        call(
            type,
            again,
            report,
            () -> {
              action.run();
              return true;
            });
  }

  /// The result of the first attempt that succeeds, or the failure after which no other is made.
  ///
  /// @param type the failures that are judged; any other ends it
  /// @param again whether another attempt is made
  /// @param report is called before the pause
  public <T, X extends Exception> T call(
      Class<X> type,
      BiPredicate<X, Failed> again,
      BiConsumer<X, Failed> report,
      Attempt<T, X> attempt)
      throws X, InterruptedException {
    var begin = System.nanoTime();
    for (var number = 1; ; number++) {
      try {
        return attempt.call();
      } catch (InterruptedException stopped) {
        throw stopped;
      } catch (Exception failure) {
        var failed = new Failed(number, Duration.ofNanos(System.nanoTime() - begin));
        if (!type.isInstance(failure) || !again.test(type.cast(failure), failed)) {
          throw failure;
        }
        report.accept(type.cast(failure), failed);
        Thread.sleep(pause.apply(number));
      }
    }
  }
}
