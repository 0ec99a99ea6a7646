package com.dalibo.pgbackrest.testbed.program;

/// What is done when this JVM exits, unless it is withdrawn before.
public final class ExitHook {
  private final Thread thread;

  private ExitHook(Runnable action) {
    thread = new Thread(action);
  }

  public static ExitHook register(Runnable action) {
    ExitHook hook = new ExitHook(action);
    Runtime.getRuntime().addShutdownHook(hook.thread);
    return hook;
  }

  public void withdraw() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException shuttingDown) {
      // The hook itself is what runs.
      return;
    }
  }
}
