package com.dalibo.pgbackrest.testbed;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.shaded.org.eclipse.jetty.http.HttpHeader;
import org.gaul.shaded.org.eclipse.jetty.io.Content;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Response;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.gaul.shaded.org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// What goes wrong in an S3 server, and what it was asked. Faults add up; [#heal()] ends all.
public final class S3Faults {
  private final Set<String> brokenBuckets = ConcurrentHashMap.newKeySet();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Duration latency = Duration.ZERO;
  private volatile Predicate<String> unavailable = request -> false;
  private double rate;
  private @Nullable Random random;

  private S3Faults() {}

  /// Answers this share of the requests with 503; the seed makes a run repeatable as far as the
  /// order of the requests is.
  public synchronized void failAtRandom(double share, long seed) {
    rate = share;
    random = new Random(seed);
  }

  /// Answers every request for this bucket with 503.
  public void breakBucket(String bucket) {
    brokenBuckets.add(bucket);
  }

  /// Answers 503 where the request, such as `GET /bucket/key`, matches.
  public void failWhere(Predicate<String> request) {
    unavailable = request;
  }

  /// Waits before every answer.
  public void delay(Duration value) {
    latency = value;
  }

  public synchronized void heal() {
    rate = 0;
    random = null;
    brokenBuckets.clear();
    unavailable = request -> false;
    latency = Duration.ZERO;
  }

  /// Every request so far, as `METHOD /bucket/key?query`.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  public void forgetRequests() {
    requests.clear();
  }

  private synchronized boolean unlucky() {
    return random != null && random.nextDouble() < rate;
  }

  private boolean fails(String request, String path) {
    String bucket = path.split("/", 3)[1];
    return brokenBuckets.contains(bucket) || unavailable.test(request) || unlucky();
  }

  /// S3Proxy keeps its HTTP server to itself, and faults have to come before S3 sees a request.
  static Server jettyOf(S3Proxy proxy) throws ReflectiveOperationException {
    Field field = S3Proxy.class.getDeclaredField("server");
    field.setAccessible(true);
    return (Server) field.get(proxy);
  }

  /// Puts faults, none yet, before the server's handler.
  static S3Faults before(Server jetty) {
    S3Faults faults = new S3Faults();
    jetty.setHandler(faults.new Gate(jetty.getHandler()));
    return faults;
  }

  private final class Gate extends Handler.Wrapper {
    Gate(Handler next) {
      super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      String path = request.getHttpURI().getPath();
      String line = request.getMethod() + " " + request.getHttpURI().getPathQuery();
      requests.add(line);
      if (latency.isPositive()) {
        Thread.sleep(latency);
      }
      if (!fails(line, path)) {
        return super.handle(request, response, callback);
      }
      response.setStatus(503);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/xml");
      // A body that nobody read would be taken for the next request.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      Content.Sink.write(
          response,
          true,
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SlowDown</Code>"
              + "<Message>Please reduce your request rate.</Message></Error>",
          callback);
      return true;
    }
  }
}
