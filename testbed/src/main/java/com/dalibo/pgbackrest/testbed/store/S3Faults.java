package com.dalibo.pgbackrest.testbed.store;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.shaded.org.eclipse.jetty.http.HttpHeader;
import org.gaul.shaded.org.eclipse.jetty.io.Content;
import org.gaul.shaded.org.eclipse.jetty.io.EofException;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Response;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.gaul.shaded.org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// What goes wrong in an S3 server, and what it was asked. Faults add up; [#heal()] ends all.
public final class S3Faults {
  /// How a request fails.
  private enum Trouble {
    NONE,
    /// The server answers 503.
    REFUSED,
    /// The connection ends without an answer.
    DROPPED,
    /// The answer begins well and ends in the middle.
    BROKEN_OFF
  }

  private static final List<Trouble> ALL_TROUBLE =
      List.of(Trouble.REFUSED, Trouble.DROPPED, Trouble.BROKEN_OFF);

  /// A server of a cluster runs for hours, and nobody asks it.
  private static final int MOST_REQUESTS = 100_000;

  private final AtomicInteger remembered = new AtomicInteger();
  private final Set<String> brokenBuckets = ConcurrentHashMap.newKeySet();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private volatile Duration latency = Duration.ZERO;
  private volatile Predicate<String> unavailable = request -> false;
  private volatile Hold hold = new Hold(request -> false);
  private List<Trouble> kinds = List.of();
  private double rate;
  private @Nullable Random random;

  private S3Faults() {}

  /// Answers this share of the requests with 503; the seed makes a run repeatable as far as the
  /// order of the requests is.
  public synchronized void failAtRandom(double share, long seed) {
    failAtRandom(share, seed, List.of(Trouble.REFUSED));
  }

  /// Lets this share of the requests fail in every way: with 503, with a connection that ends
  /// before the answer, or in the middle of it.
  public synchronized void troubleAtRandom(double share, long seed) {
    failAtRandom(share, seed, ALL_TROUBLE);
  }

  private void failAtRandom(double share, long seed, List<Trouble> ways) {
    rate = share;
    kinds = ways;
    random = new Random(seed);
  }

  /// Keeps the requests that match waiting for their answer until [#heal()].
  public void holdWhere(Predicate<String> request) {
    hold.release();
    hold = new Hold(request);
  }

  /// How many requests have been kept waiting since [#holdWhere].
  public int held() {
    return hold.arrived.get();
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
    hold.release();
    brokenBuckets.clear();
    unavailable = request -> false;
    latency = Duration.ZERO;
  }

  /// The latest 100,000 requests, as `METHOD /bucket/key?query`.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  public void forgetRequests() {
    while (requests.poll() != null) {
      remembered.decrementAndGet();
    }
  }

  private void remember(String request) {
    requests.add(request);
    if (remembered.incrementAndGet() > MOST_REQUESTS && requests.poll() != null) {
      remembered.decrementAndGet();
    }
  }

  private synchronized Trouble luck() {
    return random != null && random.nextDouble() < rate
        ? kinds.get(random.nextInt(kinds.size()))
        : Trouble.NONE;
  }

  private Trouble trouble(String request, String path) {
    String bucket = path.split("/", 3)[1];
    if (brokenBuckets.contains(bucket) || unavailable.test(request)) {
      return Trouble.REFUSED;
    }
    Trouble trouble = luck();
    // Only the answer to a GET has a middle; that to a PUT would say that the object is there.
    return trouble == Trouble.BROKEN_OFF && !request.startsWith("GET ") ? Trouble.DROPPED : trouble;
  }

  private static final class Hold {
    private final Predicate<String> request;
    private final AtomicInteger arrived = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);

    Hold(Predicate<String> request) {
      this.request = request;
    }

    void pass(String line) throws InterruptedException {
      if (request.test(line)) {
        arrived.incrementAndGet();
        released.await();
      }
    }

    void release() {
      released.countDown();
    }
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
      remember(line);
      if (latency.isPositive()) {
        Thread.sleep(latency);
      }
      hold.pass(line);
      switch (trouble(line, path)) {
        case NONE -> {
          return super.handle(request, response, callback);
        }
        case REFUSED -> refuse(response, callback);
        case DROPPED -> drop(request, callback);
        case BROKEN_OFF -> breakOff(request, response, callback);
      }
      return true;
    }

    private static void refuse(Response response, Callback callback) {
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
    }

    private static void drop(Request request, Callback callback) {
      request.getConnectionMetaData().getConnection().getEndPoint().close();
      callback.failed(new EofException("dropped"));
    }

    private static void breakOff(Request request, Response response, Callback callback) {
      response.setStatus(200);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 1 << 20);
      response.write(
          false,
          ByteBuffer.wrap(new byte[1 << 10]),
          Callback.from(() -> drop(request, callback), failure -> drop(request, callback)));
    }
  }
}
