package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeapWatchTest {
  private static final MemoryPoolMXBean OLD =
      ManagementFactory.getPlatformMXBeans(MemoryPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("Tenured Gen"))
          .findFirst()
          .orElseThrow();

  private final LinkedBlockingQueue<MemoryUsage> reports = new LinkedBlockingQueue<>();
  private final PrintStream standardError = System.err;

  @AfterEach
  void end() {
    System.setErr(standardError);
    OLD.setCollectionUsageThreshold(0);
  }

  @Test
  void whatACollectionLeavesAboveTheBoundIsReported() throws InterruptedException {
    new HeapWatch(1e-9, reports::add).start();

    System.gc();

    var used = reports.poll(30, TimeUnit.SECONDS);
    assertThat(used).isNotNull();
    assertThat(used.getUsed()).isPositive().isLessThan(used.getMax());
  }

  @Test
  void aHeapOfTheOperatorThatIs85PercentFullIsReportedWithTheRemedy() throws Exception {
    var inventory = new Inventory();
    inventory.putCluster(
        new ObjectKey("default", "demo"),
        Cluster.parse("{\"metadata\": {\"name\": \"demo\"}}".getBytes(StandardCharsets.UTF_8)));
    var lines = lines();
    HeapWatch.of(inventory).start();
    assertThat((double) OLD.getCollectionUsageThreshold() / OLD.getUsage().getMax())
        .isCloseTo(0.85, Offset.offset(0.001));
    // What the heap of this test leaves is enough.
    OLD.setCollectionUsageThreshold(1);

    System.gc();

    var report = report(lines);
    assertThat(report.get("level").getAsString()).isEqualTo("warning");
    assertThat(report.get("msg").getAsString())
        .isEqualTo(
            "the memory of the operator is almost used up, and it becomes slow; raise resources.limits.memory of the Deployment");
    assertThat(report.get("clusters").getAsInt()).isOne();
    assertThat(report.get("heapMiB").getAsLong()).isEqualTo(OLD.getUsage().getMax() >> 20);
    assertThat(report.get("usedMiB").getAsLong())
        .isPositive()
        .isLessThan(report.get("heapMiB").getAsLong());
  }

  /// What is logged from now on.
  private static LinkedBlockingQueue<String> lines() {
    var lines = new LinkedBlockingQueue<String>();
    System.setErr(
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            lines.add(line);
          }
        });
    return lines;
  }

  private static JsonObject report(LinkedBlockingQueue<String> lines) throws InterruptedException {
    while (true) {
      var line = lines.poll(30, TimeUnit.SECONDS);
      assertThat(line).as("a line of the log").isNotNull();
      if (line.contains("\"logger\":\"HeapWatch\"")) {
        return JsonParser.parseString(line).getAsJsonObject();
      }
    }
  }
}
